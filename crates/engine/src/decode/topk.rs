//! The best few of a row of logits.

use crate::math::rows;

/// The best next tokens of one hypothesis.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    /// Tokens and their log-probabilities, best first; of equal ones the lower token first.
    pub(super) best: Vec<(u32, f32)>,
}

/// The `count` best tokens of a row.
pub(super) fn top(logits: &[f32], count: usize) -> Candidates {
    let mut best = rows::top(logits, count);
    let normaliser = rows::log_sum_exp(logits);
    for (_, value) in &mut best {
        *value -= normaliser;
    }
    Candidates { best }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_as_log_probabilities() {
        let logits: Vec<f32> = crate::random::uniform(9, 777).map(|value| value * 10.0).collect();
        let total: f64 = logits.iter().map(|l| f64::from(*l).exp()).sum();
        let Candidates { best } = top(&logits, 8);
        assert_eq!(best.len(), 8);
        assert!(best.is_sorted_by(|a, b| a.1 >= b.1));
        for (token, probability) in best {
            let expected = f64::from(logits[token as usize]) - total.ln();
            assert!((f64::from(probability) - expected).abs() < 1e-4);
        }
    }
}
