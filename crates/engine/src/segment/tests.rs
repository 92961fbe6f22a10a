use std::{fmt::Write, ops::Range};

use proptest::prelude::*;

use super::{Options, sentences, sentences_with};

const CASES: &str = include_str!("cases.txt");
const JOINED: Options = Options { join_wrapped_lines: true };

/// A line of `cases.txt`.
struct Case {
    line: usize,
    text: String,
    expected: Vec<Range<usize>>,
    options: Options,
    fails: bool,
}

impl Case {
    fn parse(line: usize, source: &str) -> Self {
        let (fails, source) = source.strip_prefix("fails: ").map_or((false, source), |rest| (true, rest));
        let (join_wrapped_lines, source) =
            source.strip_prefix("joined: ").map_or((false, source), |rest| (true, rest));
        let (mut text, mut expected, mut open) = (String::new(), Vec::new(), None);
        let mut chars = source.chars();
        while let Some(c) = chars.next() {
            match c {
                '{' => assert!(open.replace(text.len()).is_none(), "line {line}: brace in brace"),
                '}' => expected.push(open.take().expect("a brace is open")..text.len()),
                '\\' => text.push(unescape(&mut chars)),
                c => text.push(c),
            }
        }
        assert!(open.is_none(), "line {line}: brace left open");
        Self { line, text, expected, options: Options { join_wrapped_lines }, fails }
    }

    fn found(&self) -> Vec<Range<usize>> {
        sentences_with(&self.text, self.options).collect()
    }
}

fn unescape(chars: &mut std::str::Chars<'_>) -> char {
    match chars.next().expect("a character follows the backslash") {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let code: String = chars.skip_while(|&c| c == '{').take_while(|&c| c != '}').collect();
            let code = u32::from_str_radix(&code, 16).expect("a hexadecimal number in braces");
            char::from_u32(code).expect("a character's code")
        }
        c => c,
    }
}

fn cases() -> Vec<Case> {
    // the comments at the top end with a blank line; below, "## " and no brace is a title
    let top = CASES.lines().take_while(|line| !line.is_empty()).count();
    let is_case = |line: &str| !line.is_empty() && (line.contains('{') || !line.starts_with("## "));
    let lines = CASES.lines().enumerate().skip(top).filter(|(_, line)| is_case(line));
    lines.map(|(at, line)| Case::parse(at + 1, line)).collect()
}

/// The text with braces around the sentences, as in `cases.txt`.
fn marked(text: &str, ranges: &[Range<usize>]) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for range in ranges {
        write!(out, "{}{{{}}}", &text[at..range.start], &text[range.clone()]).expect("a string takes all");
        at = range.end;
    }
    (out + &text[at..]).escape_debug().to_string()
}

#[test]
fn every_case_is_cut_as_it_says() {
    let cases = cases();
    let (known, rest): (Vec<_>, Vec<_>) = cases.iter().partition(|case| case.fails);
    let wrong: Vec<_> = rest.iter().filter(|case| case.found() != case.expected).collect();
    let mended: Vec<_> = known.iter().filter(|case| case.found() == case.expected).collect();
    for case in &wrong {
        let (found, expected) = (marked(&case.text, &case.found()), marked(&case.text, &case.expected));
        println!("cases.txt:{}\n  expected {expected}\n  found    {found}", case.line);
    }
    for case in &mended {
        println!("cases.txt:{}: passes now and is no failure any more", case.line);
    }
    println!("{} of {} cases right, {} known failures", rest.len() - wrong.len(), cases.len(), known.len());
    assert!(wrong.is_empty() && mended.is_empty(), "{} wrong, {} mended", wrong.len(), mended.len());
    // what is known to fail is marked in cases.txt, with the reason above it
    assert_eq!((rest.len(), cases.len()), (RIGHT, RIGHT + KNOWN_FAILURES));
}

/// How many of the cases are cut as they say.
const RIGHT: usize = 286;
/// How many are not.
const KNOWN_FAILURES: usize = 3;

#[test]
fn a_line_of_a_megabyte_is_read_to_its_end() {
    for word in ["wort ", "Wort, ", "z. B. ", "Dr. (", "... ", "(a ", "🙂", "\"", "1. a", "- - "] {
        let text = format!("Ein {}Ende", word.repeat(1_000_000 / word.len()));
        let last = sentences(&text).last().expect("there is a sentence");
        assert_eq!(last.end, text.len(), "{word:?}");
    }
}

#[test]
fn sentences_come_before_the_text_is_read_to_its_end() {
    let text = "Er kam. Sie ging.\n".repeat(100_000);
    let found: Vec<_> = sentences(&text).take(3).map(|range| &text[range]).collect();
    assert_eq!(found, ["Er kam.", "Sie ging.", "Er kam."]);
}

/// What the rules look at, in any order.
fn tricky_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "Er",
        "kam",
        "z. B.",
        "z.",
        "B.",
        "Dr.",
        "usw.",
        "Nr.",
        "3",
        "3.",
        "19. Jahrhundert",
        "J.",
        "XIV.",
        ".",
        "!",
        "?",
        "...",
        "…",
        "„",
        "“",
        "\"",
        "'",
        "»",
        "«",
        "(",
        ")",
        "[",
        "]",
        "[1]",
        " ",
        " ",
        " ",
        "  ",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "|",
        " | ",
        "- ",
        "– ",
        "1. ",
        "a) ",
        "# ",
        "> ",
        "```",
        "~~~",
        "`",
        "*",
        "_",
        "🙂",
        "👍🏽",
        "e\u{301}",
        "\u{301}",
        "\u{200f}",
        "\u{feff}",
        "\u{0}",
        "\u{85}",
        "\u{2028}",
        "\u{c}",
        "\u{a0}",
        "。",
        "iPhone",
        "www.a.de",
        "a@b.de",
        "ß",
        "Über",
        "Sie",
        "Danach",
        "und",
        ",",
        ";",
        ":",
        "<b>",
        "</b>",
        "\\",
        "kam.Sie",
        "漢字",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), tricky_text()]
}

/// Panics unless the ranges are sound: in order, apart, on boundaries, trimmed and with a letter each.
fn check(text: &str, options: Options) {
    let (mut rebuilt, mut at) = (String::new(), 0);
    for range in sentences_with(text, options) {
        assert!(at <= range.start && range.start < range.end, "{range:?} after {at}");
        let sentence = &text[range.clone()];
        assert_eq!(sentence, sentence.trim());
        assert!(sentence.contains(char::is_alphabetic), "{sentence:?}");
        if !options.join_wrapped_lines {
            assert!(!sentence.contains(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']));
        }
        rebuilt.push_str(&text[at..range.start]);
        rebuilt.push_str(sentence);
        at = range.end;
    }
    assert_eq!(rebuilt + &text[at..], text);
}

/// Panics if a sentence, alone, is cut otherwise than in its text.
fn check_alone(text: &str, options: Options) {
    for range in sentences_with(text, options) {
        let sentence = &text[range];
        let alone: Vec<_> = sentences_with(sentence, options).map(|range| &sentence[range]).collect();
        assert_eq!(alone, [sentence]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn ranges_and_gaps_rebuild_any_text(text in any_text()) {
        check(&text, Options::default());
        check(&text, JOINED);
    }

    #[test]
    fn a_sentence_alone_is_the_same_sentence(text in any_text()) {
        check_alone(&text, Options::default());
        check_alone(&text, JOINED);
    }

    #[test]
    fn letters_outside_of_sentences_belong_to_markers_and_addresses(words in "([A-Za-zäöü]{2,8}( |, |\\. |! |\\? )){0,20}") {
        let found: usize = sentences(&words).map(|range| words[range].matches(char::is_alphabetic).count()).sum();
        prop_assert_eq!(found, words.matches(char::is_alphabetic).count());
    }
}
