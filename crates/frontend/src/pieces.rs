//! Cuts a long text into the pieces it is stored and translated in. Nothing is lost: the pieces together are the text.

/// A piece is rarely larger.
const USUAL_BYTES: usize = 8 << 10;
/// No piece is larger; only texts without line breaks are cut by this one.
const MAX_BYTES: usize = 64 << 10;

/// The pieces of `text`. Sentences end with their line, so they are cut after line breaks; a line of more than
/// [`MAX_BYTES`] after what looks most like the end of a sentence.
pub(crate) fn pieces(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        if text.is_empty() {
            return None;
        }
        let (piece, rest) = text.split_at(end_of_first(text));
        text = rest;
        Some(piece)
    })
}

fn end_of_first(text: &str) -> usize {
    if text.len() <= USUAL_BYTES {
        return text.len();
    }
    let usual = &text[..text.floor_char_boundary(USUAL_BYTES)];
    if let Some(line_break) = usual.rfind('\n') {
        return line_break + 1;
    }
    let most = &text[..text.floor_char_boundary(MAX_BYTES)];
    if let Some(line_break) = most.find('\n') {
        return line_break + 1;
    }
    if most.len() == text.len() {
        return text.len();
    }
    let sentence =
        [". ", "! ", "? ", "。", "！", "？"].iter().filter_map(|end| Some(most.rfind(end)? + end.len()));
    let blank =
        || most.char_indices().rev().find(|(_, c)| c.is_whitespace()).map(|(at, c)| at + c.len_utf8());
    sentence.max().or_else(blank).unwrap_or(most.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_one_piece_and_an_empty_one_none() {
        assert_eq!(pieces("Eins.\nZwei.").collect::<Vec<_>>(), ["Eins.\nZwei."]);
        assert_eq!(pieces("").count(), 0);
    }

    #[test]
    fn lines_stay_whole() {
        let text = "Das ist eine Zeile, und zwar über vieles.\r\n".repeat(5000);
        let cut: Vec<_> = pieces(&text).collect();
        assert_eq!(cut.concat(), text);
        assert!(
            cut.len() > 20 && cut.iter().all(|piece| piece.ends_with('\n') && piece.len() <= USUAL_BYTES)
        );

        let long_line = format!("{}\nkurz", "a ".repeat(USUAL_BYTES));
        assert_eq!(pieces(&long_line).map(str::len).collect::<Vec<_>>(), [2 * USUAL_BYTES + 1, 4]);
    }

    #[test]
    fn endless_lines_are_cut_after_sentences_or_blanks_or_anywhere() {
        for (unit, end) in
            [("Ein Satz mit 3.5 Wörtern. ", ". "), ("wort ", " "), ("長い。", "。"), ("ü", "ü")]
        {
            let text = unit.repeat(3 * MAX_BYTES / unit.len());
            let cut: Vec<_> = pieces(&text).collect();
            assert_eq!(cut.concat(), text);
            assert!(cut.len() >= 3, "{}", cut.len());
            assert!(cut.iter().all(|piece| piece.ends_with(end) && piece.len() <= MAX_BYTES), "{unit}");
        }
    }
}
