//! Cuts a sentence that is too long for the model where it hurts least.

use std::ops::Range;

use super::chars;

/// Cuts `sentence` into pieces of at most `max_bytes` bytes, of about equal length: at a semicolon, a colon or dash,
/// a comma before a clause, another comma, a conjunction or a blank, in this order, and within a word if there is
/// none of them. Blanks between the pieces belong to none; nothing else is left out.
///
/// A single character longer than `max_bytes` makes a piece of its own.
pub fn clauses(sentence: &str, max_bytes: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let end = sentence.trim_end().len();
    let mut at = skip_blanks(sentence, 0);
    while at < end {
        let piece_end = at + piece_length(&sentence[at..end], max_bytes);
        pieces.push(at..at + sentence[at..piece_end].trim_end().len());
        at = skip_blanks(sentence, piece_end);
    }
    pieces
}

fn skip_blanks(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start().len()
}

/// How much of `rest` makes the next piece. `rest` neither starts nor ends with a blank.
fn piece_length(rest: &str, max_bytes: usize) -> usize {
    if rest.len() <= max_bytes {
        return rest.len();
    }
    let pieces = rest.len().div_ceil(max_bytes.max(1));
    let ideal = rest.len() / pieces;
    // one byte more than fits, as the blank behind a piece does not count
    let window = chars::head(rest, max_bytes.saturating_add(1));
    let best = window
        .char_indices()
        .filter(|&(at, c)| at >= ideal / 2 && at > 0 && c.is_whitespace())
        .map(|(at, _)| (rank(rest, at), at.abs_diff(ideal), at))
        .min();
    best.map_or_else(|| hard_cut(rest, ideal.max(1)), |(_, _, at)| at)
}

/// How bad it is to cut before the blank at `at`.
fn rank(text: &str, at: usize) -> u8 {
    let next = text[at..].trim_start();
    let opens_clause = CLAUSE_OPENERS.binary_search(&first_word(next)).is_ok();
    match text[..at].chars().next_back() {
        Some(';') => 0,
        Some(':' | '–' | '—' | '-') => 1,
        Some(',') if opens_clause => 2,
        Some(',') => 3,
        _ if matches!(first_word(next), "und" | "oder" | "sowie" | "and" | "or") => 4,
        _ => 5,
    }
}

fn first_word(text: &str) -> &str {
    const LONGEST: usize = 16;
    let head = chars::head(text, LONGEST);
    &head[..head.find(|c: char| !c.is_alphabetic()).unwrap_or(head.len())]
}

/// A place to cut within a word, at or before `at` where possible: between characters, and not before a combining
/// mark.
fn hard_cut(text: &str, at: usize) -> usize {
    let joins = |c: char| matches!(c, '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
    let at = text.floor_char_boundary(at);
    let base = text[..at].trim_end_matches(joins).len();
    let starts_joined = text[at..].starts_with(joins);
    let before_base = text[..base].char_indices().next_back().map_or(0, |(i, _)| i);
    let cut = if starts_joined { before_base } else { at };
    // marks without end, or a character longer than allowed, are cut where they come
    let first = text.chars().next().map_or(0, char::len_utf8);
    if cut > 0 { cut } else { at.max(first) }
}

/// Conjunctions, relative pronouns and the like that open a clause after a comma. Sorted.
const CLAUSE_OPENERS: &[&str] = &[
    "aber", "als", "although", "and", "because", "bevor", "but", "da", "damit", "das", "dass", "dem", "den",
    "denen", "denn", "der", "deren", "dessen", "die", "doch", "falls", "if", "indem", "jedoch", "nachdem",
    "ob", "obwohl", "oder", "ohne", "or", "so", "sobald", "sodass", "solange", "sondern", "sowie", "that",
    "um", "und", "warum", "was", "weil", "welche", "welchem", "welchen", "welcher", "welches", "wenn",
    "when", "where", "which", "while", "who", "whose", "wie", "wo", "wobei", "wodurch", "während",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pieces(sentence: &str, max_bytes: usize) -> Vec<&str> {
        clauses(sentence, max_bytes).into_iter().map(|range| &sentence[range]).collect()
    }

    #[test]
    fn words_are_sorted() {
        assert!(CLAUSE_OPENERS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn short_sentences_stay_whole() {
        assert_eq!(pieces(" Er kam, sah und siegte. ", 40), ["Er kam, sah und siegte."]);
        assert!(pieces("", 40).is_empty());
        assert!(pieces(" \n ", 1).is_empty());
    }

    #[test]
    fn a_semicolon_is_better_than_a_comma() {
        let sentence = "Er kam, wie immer, zu spät; sie ging, wie immer, zu früh.";
        assert_eq!(pieces(sentence, 40), ["Er kam, wie immer, zu spät;", "sie ging, wie immer, zu früh."]);
    }

    #[test]
    fn a_colon_and_a_dash_are_better_than_a_comma() {
        assert_eq!(
            pieces("Er sagte, was er wollte: nichts, gar nichts.", 30),
            ["Er sagte, was er wollte:", "nichts, gar nichts."]
        );
        assert_eq!(
            pieces("Er kam, sah sich um – und ging, wie immer.", 30),
            ["Er kam, sah sich um –", "und ging, wie immer."]
        );
    }

    #[test]
    fn a_clause_is_not_torn_apart_at_an_enumeration() {
        assert_eq!(
            pieces("Er kaufte Äpfel, Birnen, weil er Obst, Gemüse und Brot mag.", 45),
            ["Er kaufte Äpfel, Birnen,", "weil er Obst, Gemüse und Brot mag."]
        );
    }

    #[test]
    fn numbers_and_times_are_not_torn_apart() {
        assert_eq!(
            pieces("Es kostet genau 3,5 Millionen 14:30", 20),
            ["Es kostet genau", "3,5 Millionen 14:30"]
        );
    }

    #[test]
    fn a_word_without_end_is_cut_hard_into_equal_pieces() {
        let word = "ä".repeat(5_000);
        let pieces = pieces(&word, 1_001);
        assert_eq!(pieces.concat(), word);
        assert!(pieces.iter().all(|piece| (800..=1_001).contains(&piece.len())), "{:?}", pieces.len());
    }

    #[test]
    fn letters_keep_their_combining_marks() {
        assert_eq!(pieces("aaae\u{301}aaae\u{301}", 4), ["aaa", "e\u{301}", "aaa", "e\u{301}"]);
    }

    proptest! {
        #[test]
        fn pieces_are_short_and_lose_nothing_but_blanks(text in any::<String>(), max_bytes in 0_usize..60) {
            let mut at = 0;
            for piece in clauses(&text, max_bytes) {
                let content = &text[piece.clone()];
                prop_assert!(text[at..piece.start].trim().is_empty());
                prop_assert!(!content.is_empty() && content.trim() == content);
                prop_assert!(content.len() <= max_bytes || content.chars().count() == 1);
                at = piece.end;
            }
            prop_assert!(text[at..].trim().is_empty());
        }

        #[test]
        fn sentences_are_cut_into_few_pieces(words in "([a-zäöü]{1,12}[,;:]? ){0,200}", max_bytes in 30_usize..200) {
            let fewest = words.trim().len().div_ceil(max_bytes);
            prop_assert!(clauses(&words, max_bytes).len() <= 3 * fewest);
        }
    }
}
