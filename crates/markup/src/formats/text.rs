//! Plain text: every line is a text, or every paragraph where lines are joined.

use std::ops::Range;

use crate::builder::Builder;
use crate::segment::{Skeleton, Slot};
use crate::style::Style;

/// A shorter line ends a paragraph even where lines are joined.
const SHORT_LINE: usize = 40;

pub(crate) fn parse(source: String, join: bool) -> Skeleton {
    let mut slots = Vec::new();
    let mut paragraph: Range<usize> = 0..0;
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        if !(join && goes_on(&source[paragraph.clone()], line)) {
            slots.extend(joined(&source, paragraph));
            paragraph = range.start..range.start;
        }
        paragraph.end = range.end;
        if !join {
            slots.extend(Slot::plain(&source, paragraph));
            paragraph = range.end..range.end;
        }
    }
    slots.extend(joined(&source, paragraph));
    Skeleton::new(source, slots)
}

/// Whether a paragraph goes on in the next line.
fn goes_on(paragraph: &str, next: &str) -> bool {
    let last = paragraph.lines().next_back().unwrap_or_default();
    let marker = |line: &str| {
        let line = line.trim_start();
        line.starts_with(['-', '*', '•', '#', '>', '|', '+', '–'])
            || line.split_once(['.', ')']).is_some_and(|(number, rest)| {
                number.len() <= 3 && rest.starts_with(' ') && number.bytes().all(|byte| byte.is_ascii_digit())
            })
    };
    last.chars().count() >= SHORT_LINE
        && !next.trim().is_empty()
        && !marker(next)
        && !next.contains(['\t', '|'])
}

fn joined(source: &str, paragraph: Range<usize>) -> Option<Slot> {
    let mut builder = Builder::new(Style::Plain);
    builder.literal(source, paragraph);
    builder.finish()
}
