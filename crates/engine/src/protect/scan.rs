//! Finds the spans of a text that must come through, in one pass.

use super::{Kind, Span, number};

/// How far the end of a placeholder, a tag or a piece of code is looked for, in bytes.
const LONGEST: usize = 256;

/// The spans of `text`, in order and apart from one another. `knows` tells whether the model can spell a character.
pub(crate) fn spans(text: &str, knows: impl Fn(char) -> bool) -> Vec<Span> {
    let scanner = Scanner { text, knows };
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        // most words have nothing of interest and are passed as a whole
        let bytes = text.as_bytes();
        at += bytes[at..]
            .iter()
            .zip(at..)
            .position(|(byte, at)| !is_dull(*byte, bytes.get(at + 1)))
            .unwrap_or(text.len() - at);
        let Some(c) = text[at..].chars().next() else { break };
        match scanner.span_at(at, c) {
            Some(mut span) => {
                // an address is known by a mark in its middle, when a part of it may have been taken for something else
                while found.pop_if(|before: &mut Span| before.range.start >= span.range.start).is_some() {}
                let end = found.last().map_or(0, |before| before.range.end);
                span.range.start = span.range.start.max(end);
                at = span.range.end;
                found.push(span);
            }
            None => at += c.len_utf8(),
        }
    }
    found
}

/// Bytes at which no span starts, or is found to have started. A stop within a word may belong to an address.
fn is_dull(byte: u8, next: Option<&u8>) -> bool {
    byte.is_ascii_alphabetic()
        || b" ,;:!?\"'()-".contains(&byte)
        || byte == b'.' && !next.is_some_and(u8::is_ascii_alphanumeric)
}

struct Scanner<'t, F> {
    text: &'t str,
    knows: F,
}

impl<F: Fn(char) -> bool> Scanner<'_, F> {
    fn span_at(&self, at: usize, c: char) -> Option<Span> {
        let rest = &self.text[at..];
        let literal = |len: usize| Some(Span { range: at..at + len, kind: Kind::Literal });
        let placeholder = match c {
            '`' => code(rest),
            '<' => tag(rest),
            '{' => braces(rest),
            '%' => format(rest).filter(|_| !self.text[..at].ends_with(|c: char| c.is_ascii_digit())),
            '$' => variable(rest),
            '&' => entity(rest),
            '#' => hashtag(rest),
            _ => None,
        };
        if let Some(len) = placeholder {
            return literal(len);
        }
        match c {
            '/' | '@' | '.' | '_' | '\\' | '~' | '#' => self.address(at).or_else(|| self.unspelt(at, c)),
            '0'..='9' => Some(self.number(at)),
            _ => self.unspelt(at, c).or_else(|| self.symbol(at, c)),
        }
    }

    /// The web or mail address, path or name with an underscore around `at`.
    fn address(&self, at: usize) -> Option<Span> {
        let (start, end) = self.chunk(at);
        let chunk = &self.text[start..end];
        let is_name = |c: char| c.is_ascii_alphanumeric();
        let is_web = chunk.contains("://") || chunk.starts_with("www.") || chunk.starts_with("mailto:");
        let is_mail = chunk.split_once('@').is_some_and(|(who, host)| {
            who.ends_with(is_name) && host.contains('.') && host.starts_with(is_name)
                || who.is_empty() && host.starts_with(is_name)
        });
        let is_identifier = chunk.contains('_')
            && chunk.starts_with(|c: char| is_name(c) || c == '_')
            && chunk.chars().all(|c| is_name(c) || "_.()-:/".contains(c))
            && chunk.contains(is_name);
        let is_path = chunk.starts_with(['/', '~', '\\']) && chunk[1..].contains(is_name)
            || chunk.get(1..3) == Some(":\\");
        let is_host =
            chunk.split_once('/').is_some_and(|(host, _)| host.contains('.') && host.starts_with(is_name));
        let is_file = is_file(chunk);
        let found = is_file || is_web || is_mail || is_identifier || is_path || is_host;
        found.then_some(Span { range: start..end, kind: Kind::Literal })
    }

    /// What stands around `at` without a blank, and without the punctuation of the sentence.
    fn chunk(&self, at: usize) -> (usize, usize) {
        let is_outside = |c: char| c.is_whitespace() || "<>\"„“”»«`".contains(c);
        let start = self.text[..at].rfind(is_outside).map_or(0, |i| self.text.ceil_char_boundary(i + 1));
        let end = self.text[at..].find(is_outside).map_or(self.text.len(), |i| at + i);
        let chunk = self.text[start..end].trim_start_matches(['(', '[', '\'', '‚', '‘']);
        let start = end - chunk.len();
        let mut chunk = chunk.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '…']);
        for (open, close) in [('(', ')'), ('[', ']')] {
            if chunk.ends_with(close) && chunk.matches(open).count() < chunk.matches(close).count() {
                chunk = chunk[..chunk.len() - 1].trim_end_matches(['.', ',', ';', ':', '!', '?']);
            }
        }
        // the mark at `at` is never punctuation of the sentence
        (start.min(at), (start + chunk.len()).max(at + 1))
    }

    /// A number, or a word with a figure in it, such as `A4`, `B2B`, `www.7er.de`.
    fn number(&self, at: usize) -> Span {
        let before = &self.text[..at];
        let word = before.len() - before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
        if word > 0 {
            let end = self.text[at..].find(|c: char| !c.is_alphanumeric() && c != '_');
            let range = at - word..end.map_or(self.text.len(), |end| at + end);
            return Span { range, kind: Kind::Literal };
        }
        Span { range: at..number::end(self.text, at), kind: Kind::Number }
    }

    /// A run of characters that the model cannot spell: emoji, another script. A word with such a letter as a whole.
    fn unspelt(&self, at: usize, c: char) -> Option<Span> {
        if c.is_ascii()
            || c.is_whitespace()
            || c.is_control()
            || is_mark(c)
            || (self.knows)(c) && !is_pictograph(c)
        {
            return None;
        }
        let belongs = |c: char| {
            !c.is_ascii()
                && !c.is_whitespace()
                && !is_mark(c)
                && (!(self.knows)(c) || is_pictograph(c) || is_joiner(c))
        };
        if !c.is_alphabetic() {
            let end = self.text[at..].find(|c| !belongs(c)).map_or(self.text.len(), |end| at + end);
            let last = self.text[at..end].trim_end_matches(|c: char| c.is_alphabetic());
            return Some(Span { range: at..at + last.len().max(c.len_utf8()), kind: Kind::Symbol });
        }
        let is_word = |c: char| c.is_alphanumeric();
        let start = self.text[..at].trim_end_matches(is_word).len();
        let rest = self.text[at..].trim_start_matches(is_word);
        Some(Span { range: start..self.text.len() - rest.len(), kind: Kind::Literal })
    }

    /// A sign that is no punctuation.
    fn symbol(&self, at: usize, c: char) -> Option<Span> {
        let is_symbol = matches!(c, '%' | '&' | '#' | '+' | '=' | '*' | '^' | '|' | '$')
            || matches!(c, '¢'..='§' | '©' | '¬' | '®'..='³' | 'µ' | '¶' | '¹' | '¼'..='¾' | '×' | '÷')
            || matches!(c, '†' | '‡' | '•' | '‰' | '\u{20a0}'..='\u{20cf}' | '\u{2100}'..='\u{218f}')
            || is_pictograph(c);
        let len = self.text[at..].chars().take_while(|next| *next == c).map(char::len_utf8).sum::<usize>();
        is_symbol.then_some(Span { range: at..at + len, kind: Kind::Symbol })
    }
}

/// Whether `chunk` is the name of a host or file, such as `beispiel.de`; not `z.B.` and not `kam.Sie`.
fn is_file(chunk: &str) -> bool {
    const LONGEST_ENDING: usize = 5;
    let Some((name, ending)) = chunk.rsplit_once('.') else { return false };
    (2..=LONGEST_ENDING).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_lowercase())
        && name.split('.').all(|part| {
            part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

/// Punctuation that is not in every vocabulary and has its counterpart there.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{bf}' if !is_sign(c))
        || matches!(c, '\u{2000}'..='\u{206f}' if !is_joiner(c))
        || matches!(c, '\u{3000}'..='\u{3003}' | '\u{ff00}'..='\u{ffef}' | '\u{feff}')
}

fn is_sign(c: char) -> bool {
    matches!(c, '¢'..='§' | '©' | '¬' | '®'..='³' | 'µ' | '¶' | '¹' | '¼'..='¾')
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}

fn is_pictograph(c: char) -> bool {
    is_joiner(c) || matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

/// `` `code` ``, also with several backticks.
fn code(text: &str) -> Option<usize> {
    let width = text.len() - text.trim_start_matches('`').len();
    let fence = &text[..width];
    let content = head(&text[width..]);
    content.find(fence).filter(|&len| len > 0).map(|len| len + 2 * width)
}

/// `<b>`, `</b>`, `<br/>`, `<a href="…">`, `<!-- … -->`.
fn tag(text: &str) -> Option<usize> {
    let inner =
        text.strip_prefix("</").or_else(|| text.strip_prefix("<!")).or_else(|| text.strip_prefix('<'))?;
    let opens = inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
    let end = head(text).find('>')?;
    let single = !text[1..end].contains('<');
    (opens && single).then_some(end + 1)
}

/// `{name}`, `{{name}}`, `{0:.2f}`.
fn braces(text: &str) -> Option<usize> {
    let width = text.len() - text.trim_start_matches('{').len();
    let end = head(&text[width..]).find('}')?;
    let content = &text[width..width + end];
    let closing = &text[width + end..];
    let closed = closing.len() - closing.trim_start_matches('}').len();
    (!content.contains('{') && !content.trim().is_empty()).then_some(width + end + closed.min(width))
}

/// `%s`, `%1$s`, `%-5.2f`, `%(name)s`, `%VAR%`.
fn format(text: &str) -> Option<usize> {
    let rest = &text[1..];
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = rest.len() - rest.trim_start_matches(is_name).len();
    if name > 1 && rest[name..].starts_with('%') && !rest.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(name + 2);
    }
    let named = if rest.starts_with('(') { head(rest).find(')').map(|end| end + 1)? } else { 0 };
    let flags = rest[named..].trim_start_matches(|c: char| c.is_ascii_digit() || "$-+#.*".contains(c));
    let size = flags.trim_start_matches(['l', 'h', 'z']);
    let conversion = size.chars().next().filter(|c| "sdiufFeEgGxXoc@n".contains(*c))?;
    let after = &size[conversion.len_utf8()..];
    (!after.starts_with(char::is_alphanumeric)).then_some(text.len() - after.len())
}

/// `$VAR`, `${VAR}`; not `$5`.
fn variable(text: &str) -> Option<usize> {
    let rest = &text[1..];
    if rest.starts_with('{') {
        return head(rest).find('}').map(|end| end + 2);
    }
    let named = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let name = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    named.then_some(text.len() - name.len())
}

/// `&nbsp;`, `&#160;`.
fn entity(text: &str) -> Option<usize> {
    let name = text[1..].split_once(';')?.0;
    let is_name = (1..=10).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
    is_name.then_some(name.len() + 2)
}

/// `#hashtag`, `#42`.
fn hashtag(text: &str) -> Option<usize> {
    let rest = text[1..].trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    Some(text.len() - rest.len()).filter(|&len| len > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        spans(text, |c| c.is_ascii() || "äöüßÄÖÜ–„“".contains(c))
            .into_iter()
            .map(|span| &text[span.range])
            .collect()
    }

    #[test]
    fn every_kind_is_found() {
        for (text, expected) in [
            ("Guten Tag, wie geht es Ihnen – „gut“?", vec![]),
            (
                "Siehe https://example.org/a_b?c=1 (www.x.de/y).",
                vec!["https://example.org/a_b?c=1", "www.x.de/y"],
            ),
            ("An: max.muster@firma.de, bitte.", vec!["max.muster@firma.de"]),
            ("Tippe `ls -la` ein.", vec!["`ls -la`"]),
            ("%1$s und %s, %d, %(name)s, 5 % der", vec!["%1$s", "%s", "%d", "%(name)s", "5", "%"]),
            ("{{x}} {name} ${VAR} $VAR 5 $", vec!["{{x}}", "{name}", "${VAR}", "$VAR", "5", "$"]),
            ("<b>fett</b><br/> 3 < 4", vec!["<b>", "</b>", "<br/>", "3", "4"]),
            ("A4, B2B, 14:30, 1.234,56, 12km", vec!["A4", "B2B", "14:30", "1.234,56", "12"]),
            ("Ja 👩‍👩‍👧 nein 😀😀", vec!["👩‍👩‍👧", "😀😀"]),
            ("Die Straße Łódź und 東京.", vec!["Łódź", "東京"]),
            ("Die Datei mein_name.txt in /etc/hosts.", vec!["mein_name.txt", "/etc/hosts"]),
            ("und/oder er/sie, z.B. er kam.Sie ging", vec![]),
            ("auf beispiel.de und www.a-b.org/x.", vec!["beispiel.de", "www.a-b.org/x"]),
            ("Fisch &amp; Fleisch & #tag @name", vec!["&amp;", "&", "#tag", "@name"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn spans_are_in_order_and_on_boundaries(text in "[a-zä0-9 .,@/_%$&{}<>`#😀東\u{200d}:()-]{0,60}") {
            let mut end = 0;
            for span in spans(&text, |c| c != '東') {
                proptest::prop_assert!(span.range.start >= end && span.range.start < span.range.end);
                proptest::prop_assert!(text.get(span.range.clone()).is_some());
                end = span.range.end;
            }
        }
    }
}
