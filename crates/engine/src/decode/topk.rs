//! The best few of a row of logits.

use crate::math::rows::{for_each_above, log_sum_exp};

/// The best next tokens of one hypothesis.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    /// Tokens and their log-probabilities, best first; of equal ones the lower token first.
    pub(super) best: Vec<(u32, f32)>,
}

/// The `count` best tokens of a row.
pub(super) fn top(logits: &[f32], count: usize) -> Candidates {
    let mut best: Vec<(u32, f32)> = Vec::with_capacity(count + 1);
    for_each_above(logits, f32::NEG_INFINITY, |token, logit| {
        let place = best.partition_point(|(_, other)| *other >= logit);
        best.insert(place, (token as u32, logit));
        best.truncate(count);
        if best.len() == count { best[count - 1].1 } else { f32::NEG_INFINITY }
    });
    let normaliser = log_sum_exp(logits);
    for (_, value) in &mut best {
        *value -= normaliser;
    }
    Candidates { best }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_and_are_log_probabilities() {
        let logits: Vec<f32> = crate::random::uniform(9, 777).map(|value| value * 10.0).collect();
        let mut expected: Vec<(u32, f32)> = logits.iter().enumerate().map(|(i, l)| (i as u32, *l)).collect();
        expected.sort_by(|a, b| b.1.total_cmp(&a.1));
        let total: f64 = logits.iter().map(|l| f64::from(*l).exp()).sum();
        let Candidates { best } = top(&logits, 8);
        assert_eq!(best.len(), 8);
        for ((token, probability), (expected, logit)) in best.iter().zip(&expected) {
            assert_eq!(token, expected);
            assert!((f64::from(*probability) - (f64::from(*logit) - total.ln())).abs() < 1e-4);
        }
    }

    #[test]
    fn fewer_tokens_than_asked_for_are_all_given() {
        assert_eq!(top(&[1.0, f32::NEG_INFINITY, 2.0], 4).best.len(), 2);
    }
}
