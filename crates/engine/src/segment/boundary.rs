//! Finds the end of a sentence: looks at each stop, at the word before it and at what follows.

use super::{
    abbreviations::{abbreviated, is_label, is_lettered, is_unit, shouted, single_letters},
    chars::{self, leading_word},
    ordinals,
    stops::{Force, Next, StopGroup},
    words::{self, Stop},
};

/// How far a word or address is followed, in bytes. Looking around a stop is bounded, so that the time stays
/// proportional to the text.
const LONGEST_WORD: usize = 64;

/// How far the end of a bracket or of a piece of code is looked for, in bytes.
const LONGEST_ASIDE: usize = 160;

/// The end of the sentence that starts at `start` of `block`, which has no sentence going on behind it.
pub(super) fn sentence_end(block: &str, start: usize) -> usize {
    let mut scan = Scan {
        block,
        start,
        brackets: 0,
        outer_brackets: 0,
        code: false,
        lettered: start,
        has_letter: false,
    };
    let mut at = start;
    while let Some(found) = next_mark(block.as_bytes(), at) {
        let Some(mark) = block[found..].chars().next() else { break };
        at = found + mark.len_utf8();
        if chars::is_stop(mark) {
            let group = StopGroup::read(block, found);
            if scan.ends_at(&group) {
                return group.end;
            }
            scan.close_brackets(group.closed_brackets);
            scan.code ^= group.backticks % 2 == 1;
            at = group.end;
        } else if chars::is_opening_bracket(mark) {
            scan.brackets += 1;
            scan.outer_brackets |= usize::from(found == start);
        } else if chars::is_closing_bracket(mark) {
            scan.close_brackets(1);
        } else if mark == '`' {
            scan.code = !scan.code;
        }
    }
    block.len()
}

/// The place of the next byte, from `at` on, that may start a stop or a bracket.
fn next_mark(bytes: &[u8], at: usize) -> Option<usize> {
    const MARKS: [bool; 256] = {
        let mut marks = [false; 256];
        // the last six start … and ‼, 。, ！, ؟, ۔ and ।
        let bytes =
            [b'.', b'!', b'?', b'(', b')', b'[', b']', b'}', b'`', 0xe2, 0xe3, 0xef, 0xd8, 0xdb, 0xe0];
        let mut i = 0;
        while i < bytes.len() {
            marks[bytes[i] as usize] = true;
            i += 1;
        }
        marks
    };
    let found = bytes[at..].iter().position(|&byte| MARKS[usize::from(byte)])?;
    Some(at + found)
}

/// A sentence whose end is looked for.
struct Scan<'t> {
    block: &'t str,
    start: usize,
    /// Brackets that are open.
    brackets: usize,
    /// One, while the bracket that the sentence starts with is open.
    outer_brackets: usize,
    /// Whether a backtick opened a piece of code.
    code: bool,
    /// How far letters were looked for, and whether one was found.
    lettered: usize,
    has_letter: bool,
}

impl Scan<'_> {
    fn ends_at(&mut self, stop: &StopGroup) -> bool {
        if !self.letter_before(stop.start) {
            return false;
        }
        let rest = &self.block[stop.end..];
        if rest.is_empty() {
            return true;
        }
        if self.in_brackets(stop) || self.in_code(stop) {
            return false;
        }
        if stop.force == Force::Wide {
            return true;
        }
        if !rest.starts_with(chars::is_gap) {
            return stop.bare && self.lacks_blank(stop);
        }
        let next = Next::read(rest);
        if next.first.is_lowercase() && !chars::is_brand(next.word) {
            return self.is_casual()
                && stop.bare
                && stop.force != Force::Ellipsis
                && !next.dash
                && self.ends_casually(stop);
        }
        if ".…,;:)]}!?%/=&".contains(next.first) {
            return false;
        }
        match stop.force {
            Force::FullStop => self.full_stop_ends(stop, &next),
            _ => !self.is_part_of_name(stop) || words::is_starter(next.word),
        }
    }

    fn close_brackets(&mut self, count: usize) {
        self.brackets = self.brackets.saturating_sub(count);
        self.outer_brackets = self.outer_brackets.min(self.brackets);
    }

    /// Whether the sentence has a letter before `at`. Looks at each byte once.
    fn letter_before(&mut self, at: usize) -> bool {
        if !self.has_letter {
            self.has_letter = self.block[self.lettered..at].contains(char::is_alphabetic);
            self.lettered = at;
        }
        self.has_letter
    }

    /// Whether the stop stands in brackets that were opened in the middle of the sentence: "Er kam (spät!) an."
    fn in_brackets(&self, stop: &StopGroup) -> bool {
        if self.brackets == self.outer_brackets || stop.closed_brackets > 0 {
            return self.brackets > self.outer_brackets && !self.closes_sentence(stop);
        }
        chars::head(&self.block[stop.end..], LONGEST_ASIDE).contains(chars::is_closing_bracket)
    }

    /// Whether the stop and the bracket behind it end a sentence, and another starts: "Er kam (Das war im Mai.) Dann …"
    fn closes_sentence(&self, stop: &StopGroup) -> bool {
        let starts = |word: &str| chars::is_capitalised(word) && words::is_starter(word);
        let aside = chars::tail(&self.block[self.start..stop.start], LONGEST_ASIDE);
        let inner = aside.rsplit(chars::is_opening_bracket).next().filter(|inner| inner.len() < aside.len());
        self.brackets - self.outer_brackets <= stop.closed_brackets
            && inner.is_some_and(|inner| starts(leading_word(inner)))
            && starts(Next::read(&self.block[stop.end..]).word)
    }

    /// Whether the stop belongs to a name: "Yahoo! Deutschland".
    fn is_part_of_name(&self, stop: &StopGroup) -> bool {
        &self.block[stop.start..stop.end] == "!" && words::is_exclaimed(self.word_before(stop.start))
    }

    /// Whether the stop stands in code between backticks.
    fn in_code(&self, stop: &StopGroup) -> bool {
        self.code != (stop.backticks % 2 == 1)
            && chars::head(&self.block[stop.end..], LONGEST_ASIDE).contains('`')
    }

    /// Whether the writer sets no capitals, as in chats: the sentence itself starts with a lower-case word.
    fn is_casual(&self) -> bool {
        let head = chars::head(&self.block[self.start..], LONGEST_WORD).trim_start_matches(chars::is_opener);
        let word = leading_word(head);
        word.starts_with(char::is_lowercase) && !chars::is_brand(word)
    }

    /// Whether a stop ends a sentence although a lower-case word follows.
    fn ends_casually(&self, stop: &StopGroup) -> bool {
        let word = self.word_before(stop.start);
        let is_plain = word.len() > 1 && word.chars().all(char::is_lowercase);
        stop.force == Force::Strong || is_plain && abbreviated(word, false).is_none()
    }

    /// What stands before `at` without a blank, quote or bracket between.
    fn word_before(&self, at: usize) -> &str {
        let tail = chars::tail(&self.block[self.start..at], LONGEST_WORD);
        let is_outside = |c: char| c.is_whitespace() || chars::is_closing_bracket(c) || is_outer_mark(c);
        let word = &tail[tail.rfind(is_outside).map_or(0, |i| tail.ceil_char_boundary(i + 1))..];
        word.trim_start_matches(chars::is_opener)
    }

    /// Whether the blank after the end of a sentence was forgotten: "Er kam.Sie ging."
    fn lacks_blank(&self, stop: &StopGroup) -> bool {
        let before = chars::tail(&self.block[self.start..stop.start], LONGEST_WORD);
        let before =
            before.rsplit(chars::is_gap).next().unwrap_or(before).trim_start_matches(chars::is_quote);
        let after = chars::head(&self.block[stop.end..], LONGEST_WORD);
        let after = after.split(|c| chars::is_gap(c) || chars::is_wide_stop(c)).next().unwrap_or(after);
        let word = leading_word(after);
        let is_word = before.chars().count() > 1
            && before.chars().all(char::is_alphabetic)
            && before.ends_with(char::is_lowercase)
            && abbreviated(before, false).is_none();
        let alone = after[word.len()..]
            .chars()
            .all(|c| chars::is_closer(c) || chars::is_stop(c) || ",;:".contains(c));
        if !is_word || !alone || !chars::is_capitalised(word) || words::is_suffix(word) {
            return false;
        }
        stop.force == Force::Strong || words::is_starter(word) || before.starts_with(char::is_lowercase)
    }

    /// Whether a single full stop ends the sentence, with a blank and no lower-case word behind it.
    fn full_stop_ends(&self, stop: &StopGroup, next: &Next<'_>) -> bool {
        let word = self.word_before(stop.start);
        let before = &self.block[self.start..stop.start - word.len()];
        if chars::is_address(word) {
            return true;
        }
        if word.ends_with(|c: char| c.is_ascii_digit()) && !word.contains(|c: char| c.is_alphabetic()) {
            let closed = stop.closed_quotes + stop.closed_brackets > 0;
            return closed || ordinals::number_ends(word, before, next);
        }
        let is_first = chars::is_prelude(before);
        let kind = match single_letters(&self.block[self.start..stop.start]) {
            Some(_) if is_unit(word, before) || is_lettered(word, before) => None,
            Some(chain) if words::is_inner_chain(&chain) => Some(Stop::Inner),
            Some(_) if is_first => Some(Stop::Inner),
            Some(_) => Some(Stop::Either),
            None => abbreviated(word, is_first).or_else(|| shouted(word, next)),
        };
        match kind {
            None | Some(Stop::Closing) => true,
            Some(Stop::Inner) => false,
            Some(Stop::Numbering) => !next.first.is_ascii_digit(),
            Some(Stop::Counting) => !next.first.is_ascii_digit() && !is_label(next.word),
            Some(Stop::Either) => words::is_starter(next.word),
        }
    }
}

/// Marks that a word does not reach across, unlike the apostrophe.
fn is_outer_mark(c: char) -> bool {
    "([{*`\"„“”‚‘»«›‹…!?–—;=".contains(c)
}
