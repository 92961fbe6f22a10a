//! Fields that are spread over several runs: begin, instruction, separator, result, end.

use std::ops::Range;

use super::{Paragraph, TooEntangled};
use crate::formats::tags::{Kind, attributes};

/// What starts at a run.
pub(super) enum Field {
    /// A link: its result is text. The pieces up to `separator_end` open it, the run `last_run` closes it.
    Link { separator_end: usize, last_run: usize },
    /// A field with a result that Word calculates, up to `next`.
    Result { next: usize },
    /// The start of a field that goes on in other paragraphs, up to `next`.
    Start { next: usize },
}

impl Paragraph<'_> {
    /// The field that begins in a run, if one does.
    pub(super) fn field(&self, run: usize) -> Result<Option<Field>, TooEntangled> {
        let begins = (run..self.end(run)).any(|piece| self.field_character(piece) == Some("begin"));
        if !begins {
            return Ok(None);
        }
        let mut depth = 0_usize;
        let (mut separator, mut end) = (None, None);
        let mut instruction = String::new();
        for piece in run..self.content.end {
            match self.field_character(piece) {
                Some("begin") => depth += 1,
                Some("separate") if depth == 1 => separator = Some(piece),
                Some("end") => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && self.field_character(piece) == Some("end") {
                end = Some(piece);
                break;
            }
            if separator.is_none() && self.pieces[piece].kind == Kind::Text {
                instruction.push_str(&self.source[self.pieces[piece].range.clone()]);
            }
        }
        let is_link = instruction.trim_start().to_ascii_uppercase().starts_with("HYPERLINK");
        let after = |piece: usize| self.run_around(piece).map(|(_, end)| end + 1).ok_or(TooEntangled);
        let field = match (separator, end) {
            (Some(separator), Some(end)) if is_link => {
                let separator_end = after(separator)?;
                let (last_run, last) = self.run_around(end).ok_or(TooEntangled)?;
                self.check_whole(run..separator_end)?;
                self.check_whole(run..last + 1)?;
                Field::Link { separator_end, last_run }
            }
            (_, Some(end)) => Field::Result { next: after(end)? },
            (Some(separator), None) => Field::Start { next: after(separator)? },
            (None, None) => Field::Start { next: self.content.end },
        };
        if let Field::Result { next } | Field::Start { next } = &field {
            self.check_whole(run..*next)?;
        }
        Ok(Some(field))
    }

    /// The kind of a `w:fldChar` element.
    fn field_character(&self, piece: usize) -> Option<&str> {
        let piece = &self.pieces[piece];
        if piece.name != "w:fldChar" || piece.kind == Kind::Close {
            return None;
        }
        let attributes = attributes(self.source, &piece.range);
        let kind = attributes.iter().find(|attribute| attribute.name == "w:fldchartype")?;
        Some(&self.source[kind.value.clone()])
    }

    /// The start and end tags of the run around a piece.
    fn run_around(&self, piece: usize) -> Option<(usize, usize)> {
        let start = (self.content.start..=piece)
            .rev()
            .find(|&tag| self.pieces[tag].name == "w:r" && self.pieces[tag].kind == Kind::Open)?;
        Some((start, self.ends[start].filter(|end| *end > piece)?))
    }

    /// Whether every element that starts in a stretch ends in it and the other way round.
    fn check_whole(&self, stretch: Range<usize>) -> Result<(), TooEntangled> {
        let mut depth = 0_usize;
        for piece in &self.pieces[stretch] {
            match piece.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth = depth.checked_sub(1).ok_or(TooEntangled)?,
                _ => {}
            }
        }
        if depth == 0 { Ok(()) } else { Err(TooEntangled) }
    }
}
