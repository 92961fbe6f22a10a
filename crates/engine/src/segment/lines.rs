//! Cuts a text into blocks: the lines, table cells and joined paragraphs that sentences never cross.

use std::ops::Range;

use super::{chars, markers};

/// One line: its content without the line break, and where the next line starts.
#[derive(Clone)]
struct Line {
    content: Range<usize>,
    next: usize,
}

/// Goes through the blocks of a text, which are byte ranges of it.
pub(super) struct Blocks<'t> {
    text: &'t str,
    join: bool,
    /// Where the next line starts.
    at: usize,
    /// What is left of the current line, or of the lines joined to it.
    rest: Range<usize>,
    cells: Cells,
    /// Whether a fence of backticks, and one of tildes, was met that nothing closes: then none ever will be.
    unclosed: [bool; 2],
}

/// How the current line is divided.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cells {
    /// Not at all: lines joined to one.
    None,
    /// At tabs and at free-standing pipes.
    Spaced,
    /// At tabs and at every pipe, as the line starts with one.
    Piped,
}

impl<'t> Blocks<'t> {
    pub(super) fn new(text: &'t str, join: bool) -> Self {
        Self { text, join, at: 0, rest: 0..0, cells: Cells::None, unclosed: [false; 2] }
    }

    /// Takes up the next line, or lines where they are to be joined; false at the end of the text.
    fn advance(&mut self) -> bool {
        if self.at >= self.text.len() {
            return false;
        }
        let mut line = line_at(self.text, self.at);
        if let Some(after) = self.fenced_end(&line) {
            self.at = after;
            return true;
        }
        let start = line.content.start;
        let piped = self.text[line.content.clone()].trim_start().starts_with('|');
        self.cells = if piped { Cells::Piped } else { Cells::Spaced };
        while self.join
            && let Some(next) = joined(self.text, &line)
            && self.fenced_end(&next).is_none()
        {
            self.cells = Cells::None;
            line = next;
        }
        self.rest = start..line.content.end;
        self.at = line.next;
        true
    }

    /// Where the text goes on after the block of code that `line` opens. A fence that nothing closes is just text.
    fn fenced_end(&mut self, line: &Line) -> Option<usize> {
        let fence = fence(self.text[line.content.clone()].trim_start())?;
        let unclosed = &mut self.unclosed[usize::from(fence.starts_with('~'))];
        let mut at = line.next;
        while !*unclosed && at < self.text.len() {
            let line = line_at(self.text, at);
            if closes_fence(&self.text[line.content]).is_some_and(|sign| fence.starts_with(sign)) {
                return Some(line.next);
            }
            at = line.next;
        }
        *unclosed = true;
        None
    }
}

impl Iterator for Blocks<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        while self.rest.is_empty() {
            if !self.advance() {
                return None;
            }
        }
        let start = self.rest.start;
        let border = match self.cells {
            Cells::None => None,
            cells => cell_border(self.text, self.rest.clone(), cells),
        };
        let end = border.unwrap_or(self.rest.end);
        self.rest.start = border.map_or(end, |at| at + 1);
        Some(start..end)
    }
}

fn line_at(text: &str, start: usize) -> Line {
    let bytes = text.as_bytes();
    let after = |at: usize| &bytes[at + 1..];
    for (at, &byte) in (start..).zip(&bytes[start..]) {
        let width = match byte {
            b'\n' | b'\x0b' | b'\x0c' => 1,
            b'\r' => 1 + usize::from(after(at).first() == Some(&b'\n')),
            0xc2 if after(at).first() == Some(&0x85) => 2,
            0xe2 if matches!(after(at), [0x80, 0xa8 | 0xa9, ..]) => 3,
            _ => continue,
        };
        return Line { content: start..at, next: at + width };
    }
    Line { content: start..bytes.len(), next: bytes.len() }
}

/// The backticks or tildes that open a block of code, if `line` starts with them.
fn fence(line: &str) -> Option<&str> {
    let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let rest = line.trim_start_matches(sign);
    let width = line.len() - rest.len();
    let is_code_in_line = sign == '`' && rest.contains('`');
    (width >= 3 && !is_code_in_line).then(|| &line[..width])
}

/// The sign of the fence that `line` closes, if it is one.
fn closes_fence(line: &str) -> Option<char> {
    let line = line.trim_matches(chars::is_gap);
    fence(line).filter(|fence| fence.len() == line.len())?.chars().next()
}

/// The first border between cells in `range`: the place of a tab or a pipe.
fn cell_border(text: &str, range: Range<usize>, cells: Cells) -> Option<usize> {
    let stands_free = |at: usize| {
        let (before, after) = (&text[range.start..at], &text[at + 1..range.end]);
        (before.is_empty() || before.ends_with(chars::is_gap))
            && (after.is_empty() || after.starts_with(chars::is_gap))
    };
    range.clone().find(|&at| match text.as_bytes()[at] {
        b'\t' => true,
        b'|' if cells == Cells::Piped => !text[range.start..at].ends_with('\\'),
        b'|' => stands_free(at),
        _ => false,
    })
}

/// The line after `line`, if both belong to one paragraph of wrapped text.
fn joined(text: &str, line: &Line) -> Option<Line> {
    let line_break = &text[line.content.end..line.next];
    if !matches!(line_break, "\n" | "\r\n" | "\r" | "\u{85}" | "\u{2028}") {
        return None;
    }
    let next = line_at(text, line.next);
    let (first, second) = (&text[line.content.clone()], &text[next.content.clone()]);
    let hard_break = first.ends_with("  ");
    let joins = !hard_break
        && !first.trim_start().starts_with('#')
        && [first, second].into_iter().all(is_running_text)
        && !markers::starts_item(second);
    joins.then_some(next)
}

/// Whether a line is neither blank nor a rule, a row of a table or the border of a code block.
fn is_running_text(line: &str) -> bool {
    let content = line.trim();
    !markers::is_all(content)
        && closes_fence(content).is_none()
        && !content.starts_with('|')
        && cell_border(content, 0..content.len(), Cells::Spaced).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str, join: bool) -> Vec<&str> {
        Blocks::new(text, join).map(|range| &text[range]).collect()
    }

    #[test]
    fn every_kind_of_line_break_ends_a_block() {
        let text = "a\nb\r\nc\rd\u{85}e\u{2028}f\u{2029}g\u{b}h\u{c}i";
        assert_eq!(blocks(text, false), ["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
    }

    #[test]
    fn joined_lines_end_at_blank_lines_pages_and_items() {
        let text = "a\nb\r\nc\n\nd\u{c}e\n- f\n  g\n# h\ni";
        assert_eq!(blocks(text, true), ["a\nb\r\nc", "d", "e", "- f\n  g", "# h", "i"]);
    }

    #[test]
    fn only_closed_fences_hide_their_content() {
        assert_eq!(blocks("a\n```rust\nb\n```\nc", false), ["a", "c"]);
        assert_eq!(blocks("a\n```rust\nb\n~~~\nc", false), ["a", "```rust", "b", "~~~", "c"]);
    }
}
