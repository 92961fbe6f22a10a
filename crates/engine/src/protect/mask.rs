//! Stand-ins: short words that models copy well, put in the place of what they do not.

use std::ops::Range;

use super::{Kind, Locale, Span, number};
use crate::mapped::Mapped;

/// How many families of stand-ins there are, to be tried in order.
pub(crate) const FAMILIES: usize = 2;

/// Models copy codes and names well, and short numbers where a number stood.
const NUMBERS: [&str; 12] = ["25", "48", "37", "62", "84", "53", "76", "91", "29", "68", "43", "57"];
const NAMES: [&str; 12] = [
    "Zeta", "Omega", "Sigma", "Delta", "Gamma", "Kappa", "Lambda", "Theta", "Alpha", "Beta", "Epsilon",
    "Omikron",
];

/// A text with stand-ins for some of its spans.
#[derive(Clone, Debug)]
pub(crate) struct Masked {
    /// The text with the stand-ins, and where they are.
    pub(crate) input: Mapped,
    stand_ins: Vec<StandIn>,
}

#[derive(Clone, Debug)]
struct StandIn {
    name: String,
    rendered: String,
    /// Whether a blank was put before and after it that the text does not have.
    padded: (bool, bool),
}

impl Masked {
    /// `text` with stand-ins of `family` for all of its spans.
    pub(crate) fn new(text: &str, spans: &[Span], family: usize, locale: Locale) -> Self {
        let mut input = Mapped::default();
        let mut stand_ins: Vec<StandIn> = Vec::with_capacity(spans.len());
        let mut copied = 0;
        for span in spans {
            let name = name(text, span, family, &stand_ins);
            let (before, after) = (&text[..span.range.start], &text[span.range.end..]);
            input.copy(&text[copied..span.range.start]);
            let touched = before.ends_with(char::is_alphanumeric) || copied == span.range.start && copied > 0;
            let padded = (touched && !input.text.ends_with(' '), after.starts_with(char::is_alphanumeric));
            let shown =
                format!("{}{name}{}", if padded.0 { " " } else { "" }, if padded.1 { " " } else { "" });
            input.replace(span.range.len(), &shown);
            stand_ins.push(StandIn { name, rendered: span.rendered(text, locale).into_owned(), padded });
            copied = span.range.end;
        }
        input.copy(&text[copied..]);
        Self { input, stand_ins }
    }

    /// The translation of the text with what the stand-ins stand for, and what is between them as `as_is` gives it;
    /// `None` if one is missing or comes twice.
    pub(crate) fn restored(&self, translation: &str, as_is: impl Fn(&str) -> String) -> Option<Mapped> {
        let mut places = Vec::with_capacity(self.stand_ins.len());
        for stand_in in &self.stand_ins {
            places.push((only_place(translation, &stand_in.name)?, stand_in));
        }
        places.sort_by_key(|(range, _)| range.start);
        let mut output = Mapped::default();
        let mut copied = 0;
        for (range, StandIn { rendered, padded, .. }) in places {
            let blank = |is: bool| usize::from(is);
            let start = range.start - blank(padded.0 && translation[..range.start].ends_with(' '));
            let end = range.end + blank(padded.1 && translation[range.end..].starts_with(' '));
            output.copy(&as_is(&translation[copied..start.max(copied)]));
            output.replace(end - start.max(copied), rendered);
            copied = end;
        }
        output.copy(&as_is(&translation[copied..]));
        Some(output)
    }
}

/// A stand-in that is neither in the text nor used yet.
fn name(text: &str, span: &Span, family: usize, used: &[StandIn]) -> String {
    let is_free =
        |name: &String| !text.contains(name.as_str()) && used.iter().all(|other| other.name != *name);
    let of = |words: [&'static str; 12]| words.into_iter().map(ToOwned::to_owned);
    let codes = (1..).map(|number| format!("X{number}"));
    let name = match (family, &span.kind) {
        (0, Kind::Number) => of(NUMBERS).chain(codes).find(is_free),
        (0, _) => codes.into_iter().find(is_free),
        _ => of(NAMES).chain(codes).find(is_free),
    };
    name.expect("there is no end of codes")
}

/// Where `name` stands as a whole word, if it does so exactly once.
fn only_place(text: &str, name: &str) -> Option<Range<usize>> {
    let is_number = name.starts_with(|c: char| c.is_ascii_digit());
    let mut places = text.match_indices(name).map(|(at, _)| at..at + name.len()).filter(|range| {
        let (before, after) = (&text[..range.start], &text[range.end..]);
        let inside = before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
        !inside && (!is_number || number::find(text).any(|number| number == *range))
    });
    let first = places.next()?;
    places.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protect::spans;

    #[test]
    fn stand_ins_come_and_go() {
        let text = "Wert <b>%s</b> um 14:30 in X1.";
        let found = spans(text, |_| true);
        let masked = Masked::new(text, &found, 0, Locale::default());
        assert_eq!(masked.input.text, "Wert X2 X3 X4 um 25 in X5.");
        assert_eq!(
            masked.restored("X5 at 25: value X2 X3 X4.", str::to_owned).unwrap().text,
            "X1 at 14:30: value <b>%s</b>."
        );
        assert!(masked.restored("X5 at 25: value X2 X3.", str::to_owned).is_none());
        assert!(masked.restored("X5 at 25: value X2 X3 X3 X4.", str::to_owned).is_none());
        assert!(masked.restored("X5 at 250: value X2 X3 X4.", str::to_owned).is_none());
    }
}
