//! The walk of a search: from the newest to older ones, a stride of the rarest word at a time.

use std::collections::HashSet;
use std::ops::Range;

use jiff::Timestamp;
use tokio::time::Instant;
use uuid::Uuid;

use super::search::{EXCERPT_BEFORE, Filter, Found, Hit, Side};
use super::{Cursor, EXCERPT_CHARS, PAGE_SIZE, Store, StoreError, Summary, on_either};
use crate::search::{Query, Term};

/// How many translations of a word are read at once.
const STRIDE: u32 = 256;
/// A beginning that more words of translations have is looked for as a whole word alone.
const PREFIX_MOST: u32 = 10_000;
/// Translations that are looked at together.
const AT_ONCE: usize = 64;
const EXCERPT: u32 = EXCERPT_CHARS as u32;
/// What is found farther behind the start of an excerpt would not be seen.
const NEAR: usize = 100;

/// What has a word, newest first.
struct List {
    ids: Vec<Uuid>,
    /// There are no more.
    complete: bool,
    /// The whole words that it is of, where it is not complete.
    words: Vec<String>,
}

/// A search under way.
pub(super) struct Walk<'a> {
    pub(super) store: &'a Store,
    pub(super) filter: &'a Filter,
    pub(super) ids: Range<Uuid>,
    /// When it is broken off.
    pub(super) until: Instant,
}

impl Walk<'_> {
    pub(super) async fn search(mut self, mut query: Query) -> Result<Found, StoreError> {
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

/// The last of all words that begin so.
fn last_with(beginning: &str) -> String {
    format!("{beginning}{}", char::MAX)
}

fn cursor_at(id: Uuid) -> Cursor {
    let millis = (id.as_u128() >> 80) as i64;
    Cursor { created_at: Timestamp::from_millisecond(millis).unwrap_or_default(), id }
}
