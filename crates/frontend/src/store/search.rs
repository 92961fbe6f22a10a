//! Looking for words in an owner's history, newest first. Each word has its translations in order, so that a page is
//! found by walking the rarest word's and asking whether they have the others, too: what is looked at stays small
//! however long the history is. A walk that finds little stops after a while and says how far it came.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use uuid::Uuid;

use super::walk::Walk;
use super::{
    Cursor, EXCERPT_CHARS, LIST_TIMEOUT, Owner, Position, Store, StoreError, Summary, limit, on_either,
};
use crate::search::Query;

/// A walk that takes longer is broken off.
const WALK: Duration = Duration::from_secs(1);
/// Beyond the walk: its last step.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(5);
/// Characters of an excerpt before what was found.
pub(super) const EXCERPT_BEFORE: u32 = 60;
/// Pairs of languages that a choice lists.
const MOST_PAIRS: usize = 100;

/// Which part of a history is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Whose.
    pub owner: Owner,
    /// Source and target language with a blank between.
    pub pair: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

impl From<Owner> for Filter {
    /// All of it.
    fn from(owner: Owner) -> Self {
        Self { owner, pair: None, from: None, until: None }
    }
}

impl Filter {
    /// Without what a place in the history says already: SQLite would look no farther than the first limit.
    pub(super) fn but_for(&self, position: Position) -> Self {
        let Self { from, until, .. } = *self;
        match position {
            Position::Newest => self.clone(),
            Position::Before(place) => {
                Self { until: until.filter(|until| *until <= place.created_at), ..self.clone() }
            }
            Position::After(place) => {
                Self { from: from.filter(|from| *from > place.created_at), ..self.clone() }
            }
        }
    }
}

/// One of the two texts of a translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// What was translated.
    Source,
    /// What became of it.
    Target,
}

/// A translation that was found, its excerpts taken from where it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The translation.
    pub summary: Summary,
    /// Characters before the excerpt of the source text.
    pub source_from: u32,
    /// Whether some follow it.
    pub source_cut: bool,
    /// Characters before the excerpt of the translation.
    pub target_from: u32,
    /// Whether some follow it.
    pub target_cut: bool,
}

impl From<Summary> for Hit {
    /// With the excerpts that the tables keep.
    fn from(summary: Summary) -> Self {
        let cut = |excerpt: &str| excerpt.chars().count() >= EXCERPT_CHARS;
        let (source_cut, target_cut) = (cut(&summary.source_excerpt), cut(&summary.target_excerpt));
        Self { summary, source_from: 0, source_cut, target_from: 0, target_cut }
    }
}

/// What was found, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// At most [`PAGE_SIZE`](super::PAGE_SIZE).
    pub hits: Vec<Hit>,
    /// Where to go on, if there may be more.
    pub older: Option<Cursor>,
    /// It took too long: what is older than `older` was not looked at, even if this page is not full.
    pub broken_off: bool,
    /// What was looked for: some beginnings perhaps only as whole words, for they are too common.
    pub query: Query,
}

/// A word of a translation, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) owner: Owner,
    pub(crate) word: String,
    pub(crate) id: Uuid,
    pub(crate) place: u32,
}

impl Store {
    /// What an owner has that `query` asks for, before a place in the history if one is given.
    pub async fn search(
        &self,
        filter: &Filter,
        query: Query,
        before: Option<Cursor>,
    ) -> Result<Found, StoreError> {
        self.search_within(WALK, filter, query, before).await
    }

    /// Likewise, broken off after so long.
    pub async fn search_within(
        &self,
        walk: Duration,
        filter: &Filter,
        query: Query,
        before: Option<Cursor>,
    ) -> Result<Found, StoreError> {
        let end = before.map_or(Uuid::max(), |cursor| cursor.id);
        let end = filter.until.map_or(end, |until| end.min(first_id(until, 1)));
        let start = filter.from.map_or(Uuid::nil(), |from| first_id(from, -1));
        let walk = Walk { store: self, filter, ids: start..end, until: Instant::now() + walk };
        limit(SEARCH_TIMEOUT, walk.search(query)).await
    }

    /// The pairs of languages in an owner's history, as [`Filter::pair`] has them.
    pub async fn pairs(&self, owner: Owner) -> Result<Vec<String>, StoreError> {
        let all = async {
            let mut pairs: Vec<String> = Vec::new();
            while let Some(next) = {
                let last = pairs.last().map_or("", String::as_str);
                on_either!(self, store => store.next_pair(owner, last)).await?
            } {
                pairs.push(next);
                if pairs.len() == MOST_PAIRS {
                    break;
                }
            }
            Ok(pairs)
        };
        limit(LIST_TIMEOUT, all).await
    }
}

/// The first id of a time, some hours earlier or later: ids are given a moment before translations have their time.
fn first_id(time: Timestamp, hours: i64) -> Uuid {
    let millis = time.as_millisecond().saturating_add(hours * 3_600_000).max(0) as u64;
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
    Uuid::from_bytes(bytes)
}

impl Hit {
    pub(super) fn excerpt(&self, side: Side) -> &str {
        match side {
            Side::Source => &self.summary.source_excerpt,
            Side::Target => &self.summary.target_excerpt,
        }
    }

    /// Has the excerpt of a text begin after so many characters, or a little later with a word.
    pub(super) fn move_to(&mut self, side: Side, from: u32, mut text: String) {
        let (excerpt, start, cut) = match side {
            Side::Source => (&mut self.summary.source_excerpt, &mut self.source_from, &mut self.source_cut),
            Side::Target => (&mut self.summary.target_excerpt, &mut self.target_from, &mut self.target_cut),
        };
        *start = from;
        *cut = text.chars().count() >= EXCERPT_CHARS;
        let blank =
            text.char_indices().take(EXCERPT_BEFORE as usize / 2).position(|(_, c)| c.is_whitespace());
        if let Some(blank) = blank.filter(|_| from > 0) {
            *start += blank as u32 + 1;
            text = text.chars().skip(blank + 1).collect();
        }
        *excerpt = text;
    }
}
