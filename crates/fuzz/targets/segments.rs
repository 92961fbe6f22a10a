//! Any text is cut into sentences, and these into clauses, without losing a byte of it.
#![no_main]

use std::ops::Range;

use engine::segment::{self, Options};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for join_wrapped_lines in [false, true] {
        let sentences: Vec<_> = segment::sentences_with(text, Options { join_wrapped_lines }).collect();
        check(text, &sentences);
        for sentence in sentences {
            let sentence = &text[sentence];
            for max_bytes in [8, 100] {
                let clauses = segment::clauses(sentence, max_bytes);
                check(sentence, &clauses);
                let fits = |clause: &&Range<usize>| {
                    clause.len() <= max_bytes || sentence[(*clause).clone()].chars().count() == 1
                };
                assert_eq!(clauses.iter().filter(fits).count(), clauses.len(), "{clauses:?} of {sentence:?}");
                let left_out: String = between(sentence, &clauses).collect();
                assert!(left_out.chars().all(char::is_whitespace), "{left_out:?} of {sentence:?}");
            }
        }
    }
});

/// The pieces are not empty and put together with what lies between them give the text.
fn check(text: &str, pieces: &[Range<usize>]) {
    let mut joined = String::new();
    for (separator, piece) in between(text, pieces).zip(pieces) {
        let piece = &text[piece.clone()];
        assert!(!piece.is_empty() && piece.trim() == piece, "{piece:?} of {text:?}");
        joined.extend([separator, piece]);
    }
    joined.extend(between(text, pieces).last());
    assert_eq!(joined, text);
}

/// What lies before each piece and after the last.
fn between<'t>(text: &'t str, pieces: &[Range<usize>]) -> impl Iterator<Item = &'t str> {
    let starts = [0].into_iter().chain(pieces.iter().map(|piece| piece.end));
    let ends = pieces.iter().map(|piece| piece.start).chain([text.len()]);
    starts.zip(ends).map(|(start, end)| &text[start..end])
}
