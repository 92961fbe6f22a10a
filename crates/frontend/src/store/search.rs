//! Looking for words in an owner's history, newest first. Each word has its translations in order, so that a page is
//! found by walking the rarest word's and asking whether they have the others, too: what is looked at stays small
//! however long the history is. A walk that finds little stops after a while and says how far it came.

use std::collections::HashSet;
use std::ops::Range;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    Cursor, EXCERPT_CHARS, LIST_TIMEOUT, Owner, PAGE_SIZE, Position, Store, StoreError, Summary, limit,
    on_either,
};
use crate::search::{Query, Term};

/// A walk that takes longer is broken off.
const WALK: Duration = Duration::from_secs(1);
/// Beyond the walk: its last step.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(5);
/// How many translations of a word are read at once.
const STRIDE: u32 = 256;
/// A beginning that more words of translations have is looked for as a whole word alone.
const PREFIX_MOST: u32 = 10_000;
/// Translations that are looked at together.
const AT_ONCE: usize = 64;
const EXCERPT: u32 = EXCERPT_CHARS as u32;
/// What is found farther behind the start of an excerpt would not be seen.
const NEAR: usize = 100;
/// Characters of an excerpt before what was found.
const EXCERPT_BEFORE: u32 = 60;
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
    /// At most [`PAGE_SIZE`].
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

/// What has a word, newest first.
struct List {
    ids: Vec<Uuid>,
    /// There are no more.
    complete: bool,
    /// The whole words that it is of, where it is not complete.
    words: Vec<String>,
}

/// A search under way.
struct Walk<'a> {
    store: &'a Store,
    filter: &'a Filter,
    ids: Range<Uuid>,
    until: Instant,
}

impl Walk<'_> {
    async fn search(mut self, mut query: Query) -> Result<Found, StoreError> {
        let mut lists = Vec::new();
        let wanted = query.terms.iter_mut().chain(query.phrases.iter_mut().flatten());
        for term in wanted {
            lists.push(self.list(term).await?);
        }
        if let Some(pair) = &self.filter.pair {
            lists.push(self.list(&mut Term { forms: vec![pair.clone()], prefix: false }).await?);
        }
        let mut found = Found { query, ..Found::default() };
        // the complete list with the fewest, or else the one whose translations lie farthest apart
        let driver = (0..lists.len()).min_by_key(|&at| {
            let List { ids, complete, .. } = &lists[at];
            (!complete, if *complete { ids.len() as u128 } else { ids.last().map_or(0, Uuid::as_u128) })
        });
        let Some(driver) = driver else { return Ok(found) };
        let mut driver = lists.swap_remove(driver);
        let complete: Vec<HashSet<Uuid>> = lists
            .iter()
            .filter(|list| list.complete)
            .map(|list| list.ids.iter().copied().collect())
            .collect();
        let to_ask: Vec<&[String]> =
            lists.iter().filter(|list| !list.complete).map(|list| list.words.as_slice()).collect();
        loop {
            let last = driver.ids.last().copied();
            driver.ids.retain(|id| complete.iter().all(|list| list.contains(id)));
            for ids in driver.ids.chunks(AT_ONCE) {
                if !self.look_at(ids, &to_ask, &mut found).await? {
                    return self.excerpts(found).await;
                }
            }
            let Some(last) = last.filter(|_| !driver.complete) else { return self.excerpts(found).await };
            if self.too_late(last, &mut found) {
                return self.excerpts(found).await;
            }
            self.ids.end = last;
            driver = self.whole_word(std::mem::take(&mut driver.words)).await?;
        }
    }

    async fn list(&self, term: &mut Term) -> Result<List, StoreError> {
        if term.prefix {
            if let Some(ids) = self.beginning(&term.forms).await? {
                return Ok(List { ids, complete: true, words: Vec::new() });
            }
            term.prefix = false;
        }
        self.whole_word(term.forms.clone()).await
    }

    /// All that has words with one of these beginnings, unless that is too much.
    async fn beginning(&self, forms: &[String]) -> Result<Option<Vec<Uuid>>, StoreError> {
        let (owner, mut ids) = (self.filter.owner, Vec::new());
        for form in forms {
            let last = last_with(form);
            let words = [form.as_str(), &last];
            if on_either!(self.store, store => store.are_common(owner, words, PREFIX_MOST)).await? {
                return Ok(None);
            }
            let some = on_either!(self.store, store => store.with_words_between(owner, words)).await?;
            ids.extend(some.into_iter().filter(|id| self.ids.contains(id)));
        }
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.dedup();
        Ok(Some(ids))
    }

    /// The newest that have one of these words.
    async fn whole_word(&self, words: Vec<String>) -> Result<List, StoreError> {
        let (owner, mut all) = (self.filter.owner, Vec::new());
        // how far all of the words have been read
        let mut read = Uuid::nil();
        for word in &words {
            let ids = self.ids.clone();
            let some = on_either!(self.store, store => store.with_word(owner, word, ids, STRIDE)).await?;
            if some.len() as u32 == STRIDE {
                read = read.max(some.last().copied().unwrap_or_default());
            }
            all.extend(some);
        }
        all.retain(|id| *id >= read);
        all.sort_unstable_by(|a, b| b.cmp(a));
        all.dedup();
        Ok(List { ids: all, complete: read.is_nil(), words })
    }

    /// Adds those of `ids` that have the other words. False if that is enough.
    async fn look_at(
        &self,
        ids: &[Uuid],
        to_ask: &[&[String]],
        found: &mut Found,
    ) -> Result<bool, StoreError> {
        let mut left = ids.to_vec();
        for words in to_ask {
            if left.is_empty() {
                break;
            }
            let owner = self.filter.owner;
            left = on_either!(self.store, store => store.having(owner, words, &left)).await?;
        }
        let mut summaries = if left.is_empty() {
            Vec::new()
        } else {
            on_either!(self.store, store => store.summaries(self.filter, &left)).await?
        };
        summaries.sort_unstable_by_key(|summary| std::cmp::Reverse(summary.id));
        for summary in summaries {
            let id = summary.id;
            if let Some(hit) = self.with_phrases(summary, &found.query).await? {
                if found.hits.len() == usize::from(PAGE_SIZE) {
                    found.older = found.hits.last().map(|hit| hit.summary.cursor());
                    return Ok(false);
                }
                found.hits.push(hit);
            }
            if self.too_late(id, found) {
                return Ok(false);
            }
        }
        Ok(!ids.last().is_some_and(|id| self.too_late(*id, found)))
    }

    fn too_late(&self, id: Uuid, found: &mut Found) -> bool {
        let late = Instant::now() >= self.until;
        if late {
            found.broken_off = true;
            found.older = Some(cursor_at(id));
        }
        late
    }

    /// The hit, if the texts have all phrases.
    async fn with_phrases(&self, summary: Summary, query: &Query) -> Result<Option<Hit>, StoreError> {
        let mut hit = Hit::from(summary);
        if !query.has_phrases() {
            return Ok(Some(hit));
        }
        let Summary { source_excerpt, target_excerpt, .. } = &hit.summary;
        let whole = |excerpt: &str| (excerpt.chars().count() as u32) < EXCERPT;
        if whole(source_excerpt) && whole(target_excerpt) {
            let there = query.phrases_in([source_excerpt, target_excerpt]).is_some();
            return Ok(there.then_some(hit));
        }
        let id = hit.summary.id;
        let Some(translation) = on_either!(self.store, store => store.get(id)).await? else {
            return Ok(None);
        };
        let texts = [translation.source_text.as_str(), translation.target_text.as_str()];
        let Some((side, start)) = query.phrases_in(texts) else { return Ok(None) };
        let chars = texts[side][..start].chars().count() as u32;
        let from = chars.saturating_sub(EXCERPT_BEFORE);
        if chars as usize > NEAR {
            let excerpt = texts[side].chars().skip(from as usize).take(EXCERPT as usize).collect();
            hit.move_to(if side == 0 { Side::Source } else { Side::Target }, from, excerpt);
        }
        Ok(Some(hit))
    }

    /// Takes excerpts from where words were found that are not in the first lines. Where phrases are has been seen to.
    async fn excerpts(&self, mut found: Found) -> Result<Found, StoreError> {
        let Found { hits, query, .. } = &mut found;
        for hit in hits {
            let id = hit.summary.id;
            for side in [Side::Source, Side::Target] {
                let excerpt = hit.excerpt(side);
                let whole = (excerpt.chars().count() as u32) < EXCERPT;
                let marked = query.marks(excerpt).first().map(|mark| excerpt[..mark.start].chars().count());
                let place = match marked {
                    Some(place) if place <= NEAR => continue,
                    Some(place) => Some(place as u32),
                    None if whole => None,
                    None => self.first_place(query, id, side).await?,
                };
                let Some(place) = place else { continue };
                let from = place.saturating_sub(EXCERPT_BEFORE);
                let text = if whole {
                    Some(excerpt.chars().skip(from as usize).collect())
                } else {
                    on_either!(self.store, store => store.window(id, side, from + 1, EXCERPT)).await?
                };
                if let Some(text) = text {
                    hit.move_to(side, from, text);
                }
            }
        }
        Ok(found)
    }

    /// How many characters lie before the first of the words in a text.
    async fn first_place(&self, query: &Query, id: Uuid, side: Side) -> Result<Option<u32>, StoreError> {
        let (owner, mut first) = (self.filter.owner, None);
        for term in query.all() {
            for form in &term.forms {
                let last = if term.prefix { last_with(form) } else { form.clone() };
                let words = [form.as_str(), &last];
                let places = on_either!(self.store, store => store.places(owner, words, id)).await?;
                let ours = places.into_iter().filter(|place| place % 2 == side as u32).map(|place| place / 2);
                first = first.into_iter().chain(ours).min();
            }
        }
        Ok(first)
    }
}

impl Hit {
    fn excerpt(&self, side: Side) -> &str {
        match side {
            Side::Source => &self.summary.source_excerpt,
            Side::Target => &self.summary.target_excerpt,
        }
    }

    /// Has the excerpt of a text begin after so many characters, or a little later with a word.
    fn move_to(&mut self, side: Side, from: u32, mut text: String) {
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

/// The last of all words that begin so.
fn last_with(beginning: &str) -> String {
    format!("{beginning}{}", char::MAX)
}

fn cursor_at(id: Uuid) -> Cursor {
    let millis = (id.as_u128() >> 80) as i64;
    Cursor { created_at: Timestamp::from_millisecond(millis).unwrap_or_default(), id }
}
