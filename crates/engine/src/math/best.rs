//! The most likely few of a row of logits, found while the logits are made: they are never all in memory.

use super::int8::{Matrix, PANEL, Quantised, Sums};
use super::rows::max;
use super::simd::{LANES, exp, exp_roughly, sum, vectorised};

/// The most likely tokens to come next.
#[derive(Clone, Debug)]
pub(crate) struct Candidates {
    /// Tokens and their log-probabilities, best first; of equal ones the lower token first.
    pub(crate) best: Vec<(u32, f32)>,
}

/// A logit this far below the largest adds nothing to the sum of the exponentials that an f32 could hold.
const NEGLIGIBLE: f32 = 25.0;

/// What is known after some of the logits of a row.
struct Search {
    count: usize,
    /// At most `count` tokens with their logits, best first.
    best: Vec<(u32, f32)>,
    /// A logit has to be above it to be among the best.
    threshold: f32,
    most: f32,
    /// `Σ exp(logit − most)`.
    sum: f32,
}

/// The `count` best tokens of a row of logits.
pub(crate) fn best_of_row(logits: &[f32], count: usize) -> Candidates {
    let mut search = Search::new(count);
    add_row(logits, &mut search);
    search.finish()
}

/// The best tokens for each row of `x`, as many as `counts` says, whose logits are the product with `weights`, plus
/// `bias`. The bias is as long as whole panels, −∞ where there is no token.
pub(crate) fn best_of_product(
    weights: &Matrix,
    bias: &[f32],
    x: &Quantised,
    counts: &[usize],
) -> Vec<Candidates> {
    let mut searches: Vec<Search> = counts.iter().map(|count| Search::new(*count)).collect();
    weights.tiles(x, |panel, first, sums| {
        let bias = bias[panel * PANEL..][..PANEL].try_into().expect("the bias is as long as the panels");
        let rows = first..first + sums.len();
        let (row_scales, searches) = (&x.scales[rows.clone()], &mut searches[rows]);
        add_tile(sums, row_scales, weights.scales(panel), bias, panel * PANEL, searches);
    });
    searches.into_iter().map(Search::finish).collect()
}

impl Search {
    fn new(count: usize) -> Self {
        let lowest = f32::NEG_INFINITY;
        Self { count, best: Vec::with_capacity(count + 1), threshold: lowest, most: lowest, sum: 0.0 }
    }

    /// Goes on with the logits of the tokens from `first` on, `most` being the largest of them.
    #[inline(always)]
    fn add(&mut self, first: usize, logits: &[f32], most: f32) {
        if most > self.most {
            self.sum *= exp(self.most - most);
            self.most = most;
        }
        if most > self.most - NEGLIGIBLE {
            self.sum += exp_sum(logits, self.most);
        }
        if most > self.threshold {
            self.insert(first, logits);
        }
    }

    #[inline(never)]
    fn insert(&mut self, first: usize, logits: &[f32]) {
        for (offset, &logit) in logits.iter().enumerate() {
            if logit > self.threshold {
                let place = self.best.partition_point(|(_, other)| *other >= logit);
                self.best.insert(place, ((first + offset) as u32, logit));
                self.best.truncate(self.count);
                if self.best.len() == self.count {
                    self.threshold = self.best[self.count - 1].1;
                }
            }
        }
    }

    fn finish(mut self) -> Candidates {
        let normaliser = self.most + self.sum.ln();
        for (_, value) in &mut self.best {
            *value -= normaliser;
        }
        Candidates { best: self.best }
    }
}

#[inline(always)]
fn exp_sum(logits: &[f32], most: f32) -> f32 {
    let mut lanes = [0f32; LANES];
    let chunks = logits.chunks_exact(LANES);
    let rest: f32 = chunks.remainder().iter().map(|logit| exp_roughly(logit - most)).sum();
    for chunk in chunks {
        for (lane, logit) in lanes.iter_mut().zip(chunk) {
            *lane += exp_roughly(logit - most);
        }
    }
    sum(lanes) + rest
}

vectorised! {
    fn add_row(logits: &[f32], search: &mut Search) {
        for (panel, logits) in logits.chunks(PANEL).enumerate() {
            search.add(panel * PANEL, logits, max(logits));
        }
    }

    fn add_tile(
        sums: &[Sums], row_scales: &[f32], scales: &[f32; PANEL], bias: &[f32; PANEL], first: usize,
        searches: &mut [Search],
    ) {
        for ((sums, row_scale), search) in sums.iter().zip(row_scales).zip(searches) {
            let mut logits = [0f32; PANEL];
            for i in 0..PANEL {
                logits[i] = sums[i] as f32 * (row_scale * scales[i]) + bias[i];
            }
            search.add(first, &logits, max(&logits));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_as_log_probabilities() {
        for (len, count) in [(1, 4), (5, 8), (64, 1), (100, 2), (777, 8), (20_000, 8)] {
            let logits: Vec<f32> =
                crate::random::uniform(9, len).map(|value| (value * 500.0).round() / 20.0).collect();
            let total: f64 = logits.iter().map(|l| f64::from(*l).exp()).sum();
            let mut expected: Vec<(u32, f32)> =
                logits.iter().enumerate().map(|(i, x)| (i as u32, *x)).collect();
            expected.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let Candidates { best } = best_of_row(&logits, count);
            assert_eq!(best.len(), count.min(len));
            for ((token, probability), (expected, logit)) in best.into_iter().zip(expected) {
                assert_eq!(token, expected, "{count} of {len}");
                assert!((f64::from(probability) - (f64::from(logit) - total.ln())).abs() < 1e-4);
            }
        }
    }

    #[test]
    fn the_best_of_a_product_are_those_of_its_logits() {
        let (inputs, outputs, rows) = (20, 200, 9);
        let mut matrix = Matrix::with_capacity(inputs, outputs);
        let weights: Vec<i8> =
            crate::random::uniform(1, inputs * outputs).map(|v| (v * 255.0 - 127.0) as i8).collect();
        for row in weights.chunks_exact(inputs) {
            matrix.push_quantised(row, 0.01);
        }
        let mut bias = vec![f32::NEG_INFINITY; outputs.next_multiple_of(PANEL)];
        for (bias, value) in bias[..outputs].iter_mut().zip(crate::random::uniform(2, outputs)) {
            *bias = value;
        }
        bias[7] = f32::NEG_INFINITY;
        // integers whose largest is 127 are quantised to themselves
        let x: Vec<f32> =
            crate::random::uniform(3, inputs * rows).map(|v| (v * 255.0 - 127.0).trunc()).collect();
        let mut x = x;
        x.iter_mut().step_by(inputs).for_each(|first| *first = 127.0);
        let mut quantised = Quantised::default();
        quantised.fill(&x, inputs);
        for (row, candidates) in
            x.chunks_exact(inputs).zip(best_of_product(&matrix, &bias, &quantised, &[8; 9]))
        {
            let dot = |w: &[i8]| w.iter().zip(row).map(|(w, x)| f32::from(*w) * x).sum::<f32>() * 0.01;
            let logits: Vec<f32> = weights.chunks_exact(inputs).zip(&bias).map(|(w, b)| dot(w) + b).collect();
            let expected = best_of_row(&logits, 8);
            for ((token, value), (expected, expected_value)) in candidates.best.iter().zip(&expected.best) {
                assert_eq!(token, expected);
                assert!((value - expected_value).abs() < 0.01, "{value} {expected_value}");
            }
            assert!(candidates.best.iter().all(|(token, _)| *token != 7));
        }
    }
}
