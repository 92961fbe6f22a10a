//! Writes a document with its translations.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::place::{Role, Tag, place};
use crate::segment::{Content, Mark, Raw, Segment, Skeleton};
use crate::style::Style;
use crate::{Languages, Link, Translated};

/// Appends the document to `out`, with one translation for each of its texts.
pub(crate) fn render(skeleton: &Skeleton, translations: &[Translated], languages: &Languages) -> String {
    let out = String::with_capacity(skeleton.source.len() * 5 / 4);
    let mut renderer = Renderer { skeleton, translations, languages, out };
    renderer.copy(0..skeleton.source.len(), 0);
    renderer.out
}

struct Renderer<'t> {
    skeleton: &'t Skeleton,
    translations: &'t [Translated],
    languages: &'t Languages,
    out: String,
}

impl<'t> Renderer<'t> {
    /// Copies a range of the source, with the slots in it replaced, `first` and later ones.
    fn copy(&mut self, range: Range<usize>, first: usize) {
        let skeleton = self.skeleton;
        let mut at = range.start;
        let mut next = first + skeleton.slots[first..].partition_point(|slot| slot.range.start < range.start);
        while let Some(slot) = skeleton.slots.get(next).filter(|slot| slot.range.end <= range.end) {
            self.out.push_str(&skeleton.source[at..slot.range.start]);
            self.slot(next);
            at = slot.range.end;
            // those inside the slot are written with it
            next += 1;
            next += skeleton.slots[next..].partition_point(|inner| inner.range.start < at);
        }
        self.out.push_str(&skeleton.source[at..range.end]);
    }

    fn slot(&mut self, index: usize) {
        let slot = &self.skeleton.slots[index];
        let written = &self.skeleton.source[slot.range.clone()];
        match &slot.content {
            Content::Text(segment) => self.segment(segment, index),
            Content::Note(note) => self.out.push_str(note),
            Content::Language => self.out.push_str(self.languages.retag(written)),
            Content::Country(language) if self.languages.retag(language) != language => {
                self.out.push_str("none");
            }
            Content::Country(_) => self.out.push_str(written),
        }
    }

    fn segment(&mut self, segment: &'t Segment, index: usize) {
        let translated = &self.translations[segment.ordinal];
        let generated = matches!(segment.style, Style::Catalogue { .. });
        let trimmed = translated.text.trim();
        // what the engine left alone stays as it was to the byte; what it lost stays in the source language
        if !generated && (trimmed.is_empty() || trimmed == segment.text.trim()) {
            self.copy(self.skeleton.slots[index].range.clone(), index + 1);
            return;
        }
        // blanks that do not break a line may be anywhere
        let start = segment.text.len() - segment.text.trim_start().len();
        let end = segment.text.trim_end().len();
        let words = if trimmed.is_empty() { segment.text.trim() } else { trimmed };
        let target = [&segment.text[..start], words, &segment.text[end..]].concat();
        let cut = translated.text.len() - translated.text.trim_start().len();
        let shifted = |at: usize| at.saturating_add(start).saturating_sub(cut);
        let links: Vec<_> = (translated.alignment.iter())
            .map(|Link { source, target }| Link {
                source: source.clone(),
                target: shifted(target.start)..shifted(target.end),
            })
            .collect();
        Writer::new(self, segment, &target, index).write(&links);
    }
}

struct Writer<'r, 't> {
    renderer: &'r mut Renderer<'t>,
    segment: &'t Segment,
    target: &'r str,
    slot: usize,
    /// Stand-ins found in the translation, and their marks.
    found: Vec<(Range<usize>, usize)>,
    /// Blanks of the translation that become line ends, and how these are written.
    wraps: Vec<(usize, Range<usize>)>,
    /// The character formats that are open, and their marks.
    formats: Vec<(usize, usize)>,
}

impl<'r, 't> Writer<'r, 't> {
    fn new(renderer: &'r mut Renderer<'t>, segment: &'t Segment, target: &'r str, slot: usize) -> Self {
        let found = stand_ins(segment, target);
        let wraps = wraps(segment, target);
        Self { renderer, segment, target, slot, found, wraps, formats: Vec::new() }
    }

    fn write(&mut self, links: &[Link]) {
        let marks = &self.segment.marks;
        let (tags, indices) = self.tags();
        let atoms: Vec<_> = marks.iter().filter_map(|mark| mark.stand_in.clone()).collect();
        let found: Vec<_> = self.found.iter().map(|(range, _)| range.clone()).collect();
        let placed = place(&tags, (&self.segment.text, &atoms), (self.target, &found), links);
        let placed = self.without_empty_emphasis(placed, &indices);
        let before = self.renderer.out.len();
        if let Style::Catalogue { around, .. } = &self.segment.style {
            self.renderer.out.push_str(&around.0);
        }
        let mut written = 0;
        for (at, tag) in placed {
            let mark = &marks[indices[tag]];
            let separator = mark.tag.role == Role::Separator;
            let mut piece = written.min(at)..at;
            if separator {
                piece.end = piece.start + self.target[piece.clone()].trim_end().len();
            }
            self.text(piece);
            written = written.max(at);
            self.mark(indices[tag], mark);
            if separator {
                let rest = &self.target[written..];
                written += rest.len() - rest.trim_start().len();
            }
        }
        self.text(written..self.target.len());
        if let Style::Catalogue { around, wrapped, line_end } = &self.segment.style {
            let text = self.renderer.out.split_off(before) + &around.1;
            self.renderer.out.push_str(&crate::po::quoted(&text, *wrapped, line_end));
        }
    }

    /// In Markdown, emphasis around nothing would be just signs.
    fn without_empty_emphasis(&self, placed: Vec<(usize, usize)>, indices: &[usize]) -> Vec<(usize, usize)> {
        if !matches!(self.segment.style, Style::Markdown { .. }) {
            return placed;
        }
        let source = &self.renderer.skeleton.source;
        let mut kept: Vec<(usize, usize)> = Vec::with_capacity(placed.len());
        for (at, tag) in placed {
            let close = indices[tag];
            let empty = kept.last().is_some_and(|&(start, open)| {
                let open = &self.segment.marks[indices[open]];
                let emphasis = source[open.raw.range.clone()].starts_with(['*', '_', '~']);
                emphasis && start == at && open.tag.role == Role::Open(close)
            });
            if empty {
                kept.pop();
            } else {
                kept.push((at, tag));
            }
        }
        kept
    }

    /// The tags to place, all but those whose stand-ins were found, and which marks they are.
    fn tags(&self) -> (Vec<Tag>, Vec<usize>) {
        let marks = &self.segment.marks;
        let found: HashSet<_> = self.found.iter().map(|(_, mark)| *mark).collect();
        let placed: Vec<_> = (0..marks.len()).filter(|mark| !found.contains(mark)).collect();
        let tag = |&mark: &usize| {
            let tag = marks[mark].tag;
            match tag.role {
                Role::Open(close) => {
                    Tag { role: Role::Open(placed.partition_point(|&mark| mark < close)), ..tag }
                }
                _ => tag,
            }
        };
        (placed.iter().map(tag).collect(), placed)
    }

    fn mark(&mut self, index: usize, mark: &Mark) {
        if let Some(format) = mark.format {
            self.formats.push((format, index));
        } else if mark.tag.role == Role::Close {
            let opens = |&(_, open): &(usize, usize)| self.segment.marks[open].tag.role == Role::Open(index);
            if self.formats.last().is_some_and(opens) {
                self.formats.pop();
            }
        }
        self.raw(&mark.raw);
    }

    fn raw(&mut self, raw: &Raw) {
        self.renderer.out.push_str(&raw.before);
        self.renderer.copy(raw.range.clone(), self.slot + 1);
        self.renderer.out.push_str(&raw.after);
    }

    /// Writes a stretch of the translation, with what the stand-ins in it stand for.
    fn text(&mut self, range: Range<usize>) {
        let segment = self.segment;
        let mut at = range.start;
        let first = self.found.partition_point(|(found, _)| found.start < range.start);
        for next in first..self.found.len() {
            let (stand_in, mark) = self.found[next].clone();
            if stand_in.end > range.end {
                break;
            }
            self.run(at..stand_in.start);
            self.raw(&segment.marks[mark].raw);
            at = stand_in.end;
        }
        self.run(at..range.end.max(at));
    }

    /// Writes text without stand-ins; in formats that have text in runs, a run.
    fn run(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let Style::Runs { formats, base } = &self.segment.style else {
            self.characters(range);
            return;
        };
        let format = self.formats.last().map_or(*base, |(format, _)| *format);
        let properties = &formats[format];
        let out = &mut self.renderer.out;
        out.push_str("<w:r>");
        out.push_str(properties);
        out.push_str("<w:t xml:space=\"preserve\">");
        self.characters(range);
        self.renderer.out.push_str("</w:t></w:r>");
    }

    fn characters(&mut self, range: Range<usize>) {
        let source = &self.renderer.skeleton.source;
        for (at, character) in self.target[range.clone()].char_indices() {
            let at = range.start + at;
            if character == ' '
                && let Ok(wrap) = self.wraps.binary_search_by_key(&at, |(at, _)| *at)
            {
                self.renderer.out.push_str(&source[self.wraps[wrap].1.clone()]);
                continue;
            }
            let (before, after) = (&self.target[..at], &self.target[at + character.len_utf8()..]);
            match self.segment.spellings.get(&character) {
                Some(spelling) if self.segment.style.may_stay(spelling, before, after) => {
                    self.renderer.out.push_str(spelling);
                }
                _ => self.segment.style.push(&mut self.renderer.out, character, before, after),
            }
        }
    }
}

/// Where the translation has the stand-ins of the segment, in order, and their marks.
fn stand_ins(segment: &Segment, target: &str) -> Vec<(Range<usize>, usize)> {
    let marks = segment.marks.iter().enumerate();
    let mut names: HashMap<&str, usize> =
        marks.filter_map(|(index, mark)| Some((&segment.text[mark.stand_in.clone()?], index))).collect();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = target[from..].find("{{").filter(|_| !names.is_empty()) {
        let start = from + start;
        from = start + 1;
        let digits = target[start + 2..].bytes().take_while(u8::is_ascii_digit).count();
        let range = start..start + 2 + digits + 2;
        if let Some(mark) = target.get(range.clone()).and_then(|name| names.remove(name)) {
            from = range.end;
            found.push((range, mark));
        }
    }
    found
}

/// Wraps the translation at about the places where the source is wrapped.
fn wraps(segment: &Segment, target: &str) -> Vec<(usize, Range<usize>)> {
    let mut wraps: Vec<(usize, Range<usize>)> = Vec::new();
    for (at, written) in &segment.wraps {
        let ideal = at * target.len() / segment.text.len().max(1);
        let free = wraps.last().map_or(0, |(last, _)| last + 1);
        let allowed = |at: &usize| *at >= free && segment.style.may_start_line(&target[at + 1..]);
        let mut split = ideal.max(free).min(target.len());
        while !target.is_char_boundary(split) {
            split -= 1;
        }
        let before = target[..split].rmatch_indices(' ').map(|(at, _)| at).take(8).find(allowed);
        let after = target[split..].match_indices(' ').map(|(at, _)| split + at).take(8).find(allowed);
        let nearest = before.into_iter().chain(after).min_by_key(|at| at.abs_diff(ideal));
        wraps.extend(nearest.map(|at| (at, written.clone())));
    }
    wraps
}
