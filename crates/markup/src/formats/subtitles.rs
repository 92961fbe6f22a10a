//! Subtitles: `SubRip` and `WebVTT`.
//!
//! The lines of a cue are one text, wrapped again in the translation. A sentence that goes on in the next cue is
//! translated in one, and the time code between is placed where the fewest links run across it, so the words of a cue
//! may be heard a moment before or after they are read.

use std::ops::Range;

use super::tags::push_characters;
use crate::builder::Builder;
use crate::segment::{Skeleton, Slot};
use crate::style::Style;

/// How many cues a text may go through.
const MOST_CUES: usize = 4;

/// The payload of a cue, line by line.
struct Cue {
    lines: Vec<Range<usize>>,
}

pub(crate) fn parse(source: String, vtt: bool) -> Skeleton {
    let cues = cues(&source);
    let style = || if vtt { Style::Markup } else { Style::Plain };
    let mut slots: Vec<Slot> = Vec::new();
    let mut builder = Builder::new(style());
    let mut joined = 0;
    for (index, cue) in cues.iter().enumerate() {
        for (line, range) in cue.lines.iter().enumerate() {
            if line > 0 {
                let before = cue.lines[line - 1].end..range.start;
                if dialogue(&source[range.clone()]) {
                    builder.separator(before.clone(), before);
                } else {
                    builder.literal(&source, before);
                }
            }
            push_line(&mut builder, &source, range.clone(), vtt);
        }
        joined += 1;
        let next = cues.get(index + 1).filter(|next| joined < MOST_CUES && goes_on(&source, cue, next));
        if let (Some(next), 0) = (next, builder.depth()) {
            let between = cue.lines[cue.lines.len() - 1].end..next.lines[0].start;
            builder.separator(between.clone(), between);
        } else {
            slots.extend(std::mem::replace(&mut builder, Builder::new(style())).finish());
            joined = 0;
        }
    }
    Skeleton::new(source, slots)
}

/// The cues with text. A cue is a block of lines with a time code; other blocks are notes, styles and the like.
fn cues(source: &str) -> Vec<Cue> {
    let mut cues = Vec::new();
    let mut cue: Option<Cue> = None;
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let range = at..at + content.len();
        at += line.len();
        if content.contains("-->") {
            // some files lack the blank line: then the number before the time code is not text
            if let Some(mut last) = cue.replace(Cue { lines: Vec::new() }) {
                let number = |range: &Range<usize>| {
                    source[range.clone()].trim().bytes().all(|byte| byte.is_ascii_digit())
                };
                if last.lines.last().is_some_and(number) {
                    last.lines.pop();
                }
                cues.push(last);
            }
        } else if content.trim().is_empty() {
            cues.extend(cue.take());
        } else if let Some(cue) = &mut cue {
            cue.lines.push(range);
        }
    }
    cues.extend(cue);
    cues.retain(|cue| !cue.lines.is_empty());
    cues
}

/// Whether a line starts what another person says.
fn dialogue(line: &str) -> bool {
    let line = line
        .trim_start_matches(|sign: char| sign.is_whitespace() || sign == '<' || sign == 'i' || sign == '>');
    line.starts_with(['-', '–', '—', '♪'])
}

/// Whether the sentence goes on in the next cue: the one does not end and the other starts small.
fn goes_on(source: &str, cue: &Cue, next: &Cue) -> bool {
    let last = &source[cue.lines[cue.lines.len() - 1].clone()];
    let first = &source[next.lines[0].clone()];
    let ended = last.trim_end().ends_with(|end: char| !(end.is_alphanumeric() || end == ','));
    !ended && first.starts_with(char::is_lowercase)
}

/// A line of a cue: text, tags such as `<i>` and positions such as `{\an8}`.
fn push_line(builder: &mut Builder, source: &str, line: Range<usize>, vtt: bool) {
    let mut at = line.start;
    while at < line.end {
        let rest = &source[at..line.end];
        let markup = if rest.starts_with('<') {
            rest.find('>').map(|end| end + 1).filter(|_| !rest[1..].starts_with(char::is_whitespace))
        } else if rest.starts_with("{\\") {
            rest.find('}').map(|end| end + 1)
        } else {
            None
        };
        if let Some(length) = markup {
            push_markup(builder, source, at..at + length);
            at += length;
            continue;
        }
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let length = rest[first..].find(['<', '{']).map_or(rest.len(), |end| first + end);
        if vtt {
            push_characters(builder, source, at..at + length);
        } else {
            builder.literal(source, at..at + length);
        }
        at += length;
    }
}

fn push_markup(builder: &mut Builder, source: &str, range: Range<usize>) {
    let inner = source[range.clone()].trim_matches(['<', '>']);
    let name = |tag: &str| tag.split(['.', ' ', '\t']).next().unwrap_or_default().to_ascii_lowercase();
    match inner.strip_prefix('/') {
        Some(tag) => builder.close(&name(tag), range.clone(), range),
        None if inner.starts_with(char::is_alphabetic) => builder.open(&name(inner), range.clone(), range),
        // a time inside a cue, or a position
        None => builder.single(range.clone(), range),
    }
}

#[cfg(test)]
mod tests;
