//! Cuts a text into words and signs: the units that tags stand between and never inside.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

/// A word or a sign, such as `don't`, `E-Mail`, `3.5` or `,`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Its bytes in the text.
    pub(crate) range: Range<usize>,
    /// Whether it has a letter or a digit.
    pub(crate) word: bool,
}

/// The tokens of `text`, in order. Each range of `atoms` (in order, not overlapping) is one token, whatever it contains.
pub(crate) fn tokens(text: &str, atoms: &[Range<usize>]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut from = 0;
    for atom in atoms {
        push_tokens(&mut tokens, text, from..atom.start);
        tokens.push(Token { range: atom.clone(), word: true });
        from = atom.end;
    }
    push_tokens(&mut tokens, text, from..text.len());
    tokens
}

fn push_tokens(tokens: &mut Vec<Token>, text: &str, range: Range<usize>) {
    let first = tokens.len();
    let offset = range.start;
    let mut pieces = text[range].split_word_bound_indices().peekable();
    while let Some((at, piece)) = pieces.next() {
        if piece.chars().all(char::is_whitespace) {
            continue;
        }
        let range = offset + at..offset + at + piece.len();
        let joined = is_joiner(piece) && pieces.peek().is_some_and(|(_, next)| is_wordlike(next));
        match tokens[first..].last_mut() {
            Some(last) if joined && last.word && last.range.end == range.start => {
                let length = pieces.next().map_or(0, |(_, next)| next.len());
                last.range.end = range.end + length;
            }
            _ => tokens.push(Token { range, word: is_word(piece) }),
        }
    }
}

fn is_word(piece: &str) -> bool {
    piece.chars().any(char::is_alphanumeric)
}

/// Words that a joiner can join: those of scripts that put blanks between words.
fn is_wordlike(piece: &str) -> bool {
    piece.chars().next().is_some_and(|first| first.is_alphanumeric() && first < '\u{2e80}')
}

/// Signs inside words and addresses.
fn is_joiner(piece: &str) -> bool {
    matches!(
        piece,
        "-" | "\u{2010}" | "\u{2011}" | "'" | "’" | "_" | "." | "@" | "/" | ":" | "&" | "+" | "\u{ad}"
    )
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn words_keep_hyphens_and_apostrophes_and_lose_punctuation() {
        let text = "Die E-Mail (an a.b@c.de), don't: „3,5“ 東京.";
        let found: Vec<_> = tokens(text, &[]).into_iter().map(|token| &text[token.range]).collect();
        assert_eq!(
            found,
            [
                "Die", "E-Mail", "(", "an", "a.b@c.de", ")", ",", "don't", ":", "„", "3,5", "“", "東", "京",
                "."
            ]
        );
    }

    #[test]
    fn an_atom_is_one_token() {
        let text = "see {{1}} now";
        let found: Vec<_> =
            tokens(text, std::slice::from_ref(&(4..9))).into_iter().map(|token| &text[token.range]).collect();
        assert_eq!(found, ["see", "{{1}}", "now"]);
    }
}
