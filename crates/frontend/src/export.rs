//! A history as a file to take along, one entry after the other so that it may have any size: CSV, JSON Lines, or TMX,
//! the format in which translation programs exchange sentence pairs.

use std::collections::VecDeque;

use futures_util::{Stream, StreamExt as _, stream};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::store::{
    Cursor, Filter, Owner, Position, Query, SentenceKey, Store, StoreError, Translation, Unit,
};

/// Sentences that are read together.
const UNITS_AT_ONCE: u32 = 500;

/// How a history is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// RFC 4180 in UTF-8, with a head line.
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// TMX 1.4, a unit for each sentence.
    Tmx,
}

impl Format {
    /// The format that an address names.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "csv" => Some(Self::Csv),
            "jsonl" => Some(Self::JsonLines),
            "tmx" => Some(Self::Tmx),
            _ => None,
        }
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/jsonl",
            Self::Tmx => "application/x-tmx+xml",
        }
    }

    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::Csv => "translations.csv",
            Self::JsonLines => "translations.jsonl",
            Self::Tmx => "translations.tmx",
        }
    }

    fn head(self) -> &'static str {
        match self {
            Self::Csv => "id,created_at,source_language,target_language,model,source_text,target_text\r\n",
            Self::JsonLines => "",
            Self::Tmx => concat!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tmx version=\"1.4\">\n<header creationtool=\"unlimited\" \
                 creationtoolversion=\"",
                env!("CARGO_PKG_VERSION"),
                "\" segtype=\"sentence\" o-tmf=\"unlimited\" adminlang=\"en\" srclang=\"*all*\" datatype=\"plaintext\"/>\n\
                 <body>\n"
            ),
        }
    }

    fn entry(self, translation: &Translation) -> String {
        match self {
            Self::Csv => csv(translation),
            Self::JsonLines => json_line(translation),
            Self::Tmx => tmx(translation),
        }
    }

    fn tail(self) -> &'static str {
        if self == Self::Tmx { "</body>\n</tmx>\n" } else { "" }
    }
}

/// The part of a history that the filter lets through and the query finds, newest first.
pub(crate) fn export(
    store: Store,
    filter: Filter,
    query: Query,
    format: Format,
) -> impl Stream<Item = Result<String, StoreError>> + Send {
    // what was brought along has no time of its own here and is in no list, so it goes with the whole history alone
    let all = format == Format::Tmx && query.is_empty() && filter == Filter::from(filter.owner);
    let units = all.then(|| units(store.clone(), filter.owner));
    let units = stream::iter(units).flatten();
    let entries = translations(store, filter, query).map(move |translation| Ok(format.entry(&translation?)));
    let head = stream::iter([Ok(format.head().to_owned())]);
    head.chain(entries).chain(units).chain(stream::iter([Ok(format.tail().to_owned())]))
}

/// Where an export stands: what is still to be read of a page, and where the next one begins.
struct Reader {
    store: Store,
    filter: Filter,
    query: Query,
    ids: VecDeque<Uuid>,
    next: Option<Position>,
}

impl Reader {
    async fn next(mut self) -> Result<Option<(Translation, Self)>, StoreError> {
        loop {
            while let Some(id) = self.ids.pop_front() {
                // one that was deleted meanwhile is left out
                if let Some(translation) = self.store.get(id).await? {
                    return Ok(Some((translation, self)));
                }
            }
            let Some(position) = self.next else { return Ok(None) };
            let older;
            (self.ids, older) = self.page(position).await?;
            self.next = older.map(Position::Before);
        }
    }
}

impl Reader {
    /// Some of the entries, and where to go on.
    async fn page(&self, position: Position) -> Result<(VecDeque<Uuid>, Option<Cursor>), StoreError> {
        if self.query.is_empty() {
            let page = self.store.page(self.filter.clone(), position).await?;
            return Ok((page.entries.into_iter().map(|entry| entry.id).collect(), page.older));
        }
        let before = if let Position::Before(cursor) = position { Some(cursor) } else { None };
        let found = self.store.search(&self.filter, self.query.clone(), before).await?;
        Ok((found.hits.into_iter().map(|hit| hit.summary.id).collect(), found.older))
    }
}

fn translations(
    store: Store,
    filter: Filter,
    query: Query,
) -> impl Stream<Item = Result<Translation, StoreError>> + Send {
    let reader = Reader { store, filter, query, ids: VecDeque::new(), next: Some(Position::Newest) };
    stream::try_unfold(reader, Reader::next)
}

/// The sentences that an owner brought along, as parts of a TMX file.
fn units(store: Store, owner: Owner) -> impl Stream<Item = Result<String, StoreError>> + Send {
    stream::try_unfold((store, SentenceKey::default()), move |(store, after)| async move {
        let units = store.units(owner, after, UNITS_AT_ONCE).await?;
        let Some(last) = units.last().map(|unit| unit.key) else { return Ok(None) };
        let text = units.iter().map(|unit| {
            let Unit { source_language, target_language, source, target, changed, .. } = unit;
            tmx_unit(*changed, [source_language, target_language], [source, target])
        });
        Ok(Some((text.collect::<String>(), (store, last))))
    })
}

fn csv(translation: &Translation) -> String {
    let Translation {
        id, created_at, source_language, target_language, model, source_text, target_text, ..
    } = translation;
    let texts = [source_language, target_language, model, source_text, target_text];
    let quoted = texts.map(|text| format!("\"{}\"", text.replace('"', "\"\"")));
    format!("{id},{created_at},{}\r\n", quoted.join(","))
}

fn json_line(translation: &Translation) -> String {
    let mut line = json!({
        "id": translation.id,
        "created_at": translation.created_at.to_string(),
        "source_language": translation.source_language,
        "target_language": translation.target_language,
        "model": translation.model,
        "source_text": translation.source_text,
        "target_text": translation.target_text,
    })
    .to_string();
    line.push('\n');
    line
}

/// A unit for each sentence; one for the whole text if its sentences are not known.
fn tmx(translation: &Translation) -> String {
    let Translation { source_language, target_language, created_at, .. } = translation;
    let unit = |(source, target): (&str, &str)| {
        tmx_unit(*created_at, [source_language, target_language], [source, target])
    };
    match translation.sentences() {
        Some(sentences) => sentences.into_iter().map(unit).collect(),
        None => unit((&translation.source_text, &translation.target_text)),
    }
}

fn tmx_unit(changed: Timestamp, languages: [&str; 2], texts: [&str; 2]) -> String {
    let [source, target] = languages.map(xml);
    let [text, translation] = texts.map(xml);
    format!(
        "<tu creationdate=\"{}\" srclang=\"{source}\"><tuv xml:lang=\"{source}\"><seg>{text}</seg></tuv>\
         <tuv xml:lang=\"{target}\"><seg>{translation}</seg></tuv></tu>\n",
        changed.strftime("%Y%m%dT%H%M%SZ")
    )
}

/// A text in XML: escaped, and without the characters that no XML may hold.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => {
                escaped.push(c);
            }
            _ => {}
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translation(source: &str, target: &str, alignment: Option<&str>) -> Translation {
        Translation {
            id: Uuid::nil(),
            owner: Owner::EVERYBODY,
            source_language: "de".into(),
            target_language: "en".into(),
            source_text: source.into(),
            target_text: target.into(),
            alignment: alignment.map(|alignment| alignment.to_owned().into()),
            model: "fake".into(),
            created_at: Timestamp::from_second(1_795_196_640).unwrap(),
            duration_ms: 1,
            detected: None,
        }
    }

    #[test]
    fn csv_keeps_quotes_commas_and_line_breaks() {
        let line = csv(&translation("Er sagte: \"Ja,\nja.\"", "x", None));
        assert_eq!(
            line,
            "00000000-0000-0000-0000-000000000000,2026-11-20T17:44:00Z,\"de\",\"en\",\"fake\",\
             \"Er sagte: \"\"Ja,\nja.\"\"\",\"x\"\r\n"
        );
    }

    #[test]
    fn tmx_has_a_unit_for_each_sentence_and_nothing_that_xml_forbids() {
        let units = tmx(&translation("A & B.\n<b>\u{1}Ü", "C & D.\n\"E\"", Some("0,6,6;1,6,3;")));
        assert_eq!(units.matches("<tu ").count(), 2, "{units}");
        assert!(units.contains("<tuv xml:lang=\"de\"><seg>A &amp; B.</seg></tuv>"), "{units}");
        assert!(
            units.contains("<seg>&lt;b&gt;Ü</seg>") && units.contains("<seg>&quot;E&quot;</seg>"),
            "{units}"
        );
        let whole = tmx(&translation("A.\nB.", "C.\nD.", None));
        assert_eq!(whole.matches("<tu ").count(), 1, "{whole}");
        let misfit = tmx(&translation("A.", "C.", Some("0,99,1;")));
        assert_eq!(misfit.matches("<seg>A.</seg>").count(), 1, "{misfit}");
    }
}
