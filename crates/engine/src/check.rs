//! Tells when a model has lost its way: it says the same over and over, or far more or less than the source.

use crate::Doubt;

/// Longest phrase whose repetition is looked for, in tokens.
const LONGEST_PHRASE: usize = 24;

/// So many times in a row, and no sooner, a short phrase counts as a loop.
const SHORT_LOOP: usize = 3;

/// From so many tokens on, a phrase that comes twice in a row is one.
const LONG_PHRASE: usize = 5;

/// What seems wrong with `output`, the translation of `input`, going by tokens and lengths in bytes.
pub(crate) fn doubt(input: (&[u32], &str), output: (&[u32], &str), cut: bool) -> Option<Doubt> {
    let ((input_tokens, input), (output_tokens, output)) = (input, output);
    if loops(input_tokens, output_tokens) {
        Some(Doubt::Repetition)
    } else if cut {
        Some(Doubt::Cut)
    } else if is_absurd(input.len(), output.len()) {
        Some(Doubt::Length)
    } else {
        None
    }
}

/// Whether a translation of `input` bytes to `output` bytes cannot be whole or cannot be true. No pair of languages
/// differs so much in length, not even in bytes of different scripts.
fn is_absurd(input: usize, output: usize) -> bool {
    output == 0 || output > 4 * input + 40 || input >= 60 && output * 10 < input * 3
}

/// Whether `output` repeats itself in a way that `input` does not.
fn loops(input: &[u32], output: &[u32]) -> bool {
    let allowed = |phrase: usize| if phrase >= LONG_PHRASE { 1 } else { (SHORT_LOOP - 1).max(4 / phrase) };
    let mut own = None;
    (1..=LONGEST_PHRASE.min(output.len() / 2)).any(|phrase| {
        let times = repetitions(output, phrase);
        times > allowed(phrase) && times > *own.get_or_insert_with(|| most_repetitions(input))
    })
}

fn most_repetitions(tokens: &[u32]) -> usize {
    (1..=LONGEST_PHRASE.min(tokens.len() / 2)).map(|phrase| repetitions(tokens, phrase)).max().unwrap_or(1)
}

/// How many times in a row a phrase of this length comes at most.
fn repetitions(tokens: &[u32], phrase: usize) -> usize {
    let (mut longest, mut run) = (0, 0);
    for (token, earlier) in tokens[phrase..].iter().zip(tokens) {
        run = if token == earlier { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest / phrase + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_are_found_and_true_repetitions_are_not() {
        let source = [1, 2, 3, 4, 5, 6];
        assert!(loops(&source, &[7, 8, 8, 8, 8, 8]));
        assert!(loops(&source, &[7, 8, 9, 8, 9, 8, 9, 1]));
        assert!(loops(&source, &[1, 2, 3, 4, 5, 1, 2, 3, 4, 5]));
        assert!(!loops(&source, &[1, 2, 1, 2, 3, 4]));
        assert!(!loops(&source, &[7, 7, 7, 1]));
        assert!(!loops(&[3, 3, 3, 3, 3, 3], &[8, 8, 8, 8, 8, 8]));
        assert!(!loops(&source, &[]));
    }

    #[test]
    fn absurd_lengths_are_noticed() {
        for (input, output, expected) in
            [(10, 12, false), (5, 60, false), (5, 61, true), (60, 17, true), (60, 18, false), (3, 0, true)]
        {
            assert_eq!(is_absurd(input, output), expected, "{input} {output}");
        }
    }
}
