//! Documents as files: from an upload to the text that a job translates, and from the pieces of the job to the
//! translated document. Only one document is taken apart or put together at a time, on a thread of its own, within
//! limits: that bounds the memory, whatever visitors send.

mod upload;

use std::sync::Arc;

use markup::{Assembly, Document, Format, Languages, Limits, Link, Options};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::alignment::Entry;
use crate::links::Links;
use crate::store::{FileSide, FinishedPiece, Store, StoreError};
use crate::translator::Direction;
pub(crate) use upload::Upload;

/// Pieces that are read at once: some hundreds of kilobytes.
const PIECES: i64 = 32;

/// With the following, and as much text as a file may have, no document takes more than some 700 MB while it is taken
/// apart or put together.
const UNPACKED: u64 = 128 << 20;
/// Tags or lines: a book of a thousand pages.
const MARKUP: usize = 1_000_000;

/// Why a file is not translated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// It is no document that we can take apart.
    #[error(transparent)]
    Document(#[from] markup::Error),
    /// It is said to be text, but no text has such characters.
    #[error("the file holds NUL characters, so it is no text")]
    NotText,
    /// Nothing in it is for translation.
    #[error("the file has no text to translate")]
    Empty,
    /// It was taken in by a version of this program that takes documents apart in another way.
    #[error("the file is read differently since the program was updated")]
    Changed,
    /// Its thread ended before its time.
    #[error("the document made the program stumble")]
    Panicked,
    /// The database does not give what we need.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A translated document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TranslatedFile {
    /// That of the original, with the language in it.
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
}

/// Takes documents apart and puts them together.
#[derive(Debug)]
pub(crate) struct Files {
    store: Store,
    limits: Limits,
    one_at_a_time: Arc<Semaphore>,
}

impl Files {
    /// For files of at most so many megabytes.
    pub(crate) fn new(store: Store, max_mb: u32) -> Self {
        let usual = Limits::default();
        let file = usual.file.min((max_mb as usize) << 20);
        let limits = Limits { file, unpacked: UNPACKED, markup: MARKUP, text: file, ..usual };
        Self { store, limits, one_at_a_time: Arc::new(Semaphore::new(1)) }
    }

    /// The most megabytes that a file may have.
    pub(crate) fn max_mb(&self) -> usize {
        self.limits.file >> 20
    }

    /// The texts of a document as one text.
    pub(crate) async fn text(&self, upload: &Upload) -> Result<String, FileError> {
        let turn = turn(&self.one_at_a_time).await;
        let (_, assembly) = self.open(&turn, &upload.name, upload.content.to_vec()).await?;
        let text = assembly.text();
        if text.contains('\0') {
            return Err(FileError::NotText);
        }
        if text.trim().is_empty() { Err(FileError::Empty) } else { Ok(text.to_owned()) }
    }

    /// The document of a job with what is translated of it, up to the first piece that is not. If that is to be the
    /// `whole` document, anything less is an error. `None` if there is no such file.
    pub(crate) async fn translated(
        &self,
        id: Uuid,
        direction: &Direction,
        whole: bool,
    ) -> Result<Option<TranslatedFile>, FileError> {
        let Some(file) = self.store.file(id).await? else { return Ok(None) };
        let turn = turn(&self.one_at_a_time).await;
        let content = self.store.file_content(id, FileSide::Source).await?;
        let (document, mut assembly) = self.open(&turn, &file.source.name, content).await?;
        let (mut at, mut next) = (0, 0);
        loop {
            let pieces = self.store.finished_pieces(id, next, PIECES).await?;
            let first = next;
            for (piece, _) in pieces.iter().zip(first..).take_while(|(piece, index)| piece.index == *index) {
                at = add(&mut assembly, at, piece).ok_or(FileError::Changed)?;
                next += 1;
            }
            if next < first + PIECES {
                break;
            }
        }
        if whole && at < assembly.text().len() {
            return Err(FileError::Changed);
        }
        let languages = Languages::new(direction.source.clone(), direction.target.clone());
        let name = languages.rename(&file.source.name);
        apart(&turn, move || {
            let content = document.render(&assembly.finish(), &languages)?;
            Ok(Some(TranslatedFile { name, content }))
        })
        .await
    }

    /// Takes a document apart.
    async fn open(
        &self,
        turn: &Turn,
        name: &str,
        content: Vec<u8>,
    ) -> Result<(Document, Assembly), FileError> {
        let format = Format::from_file_name(name)?;
        let options = Options { limits: self.limits, ..Options::default() };
        apart(turn, move || {
            let document = Document::parse(format, content, &options)?;
            let assembly = Assembly::new(document.texts());
            Ok((document, assembly))
        })
        .await
    }
}

/// Adds a finished piece, which is at `at` in the text of the document, and tells where the next one is. `None` if the
/// text has something else there.
fn add(assembly: &mut Assembly, at: usize, piece: &FinishedPiece) -> Option<usize> {
    let end = at + piece.source.len();
    if assembly.text().get(at..end)? != piece.source {
        return None;
    }
    let mut links = piece.links.iter().flat_map(Links::sentences);
    let (mut source, mut target) = (at, 0);
    for Entry { gap, source: length, target: translated } in piece.alignment.entries() {
        source += gap;
        target += gap;
        if length > 0 {
            let links: Vec<_> = links.next().unwrap_or_default().iter().map(link).collect();
            assembly.push(source..source + length, piece.target.get(target..target + translated)?, &links);
        }
        source += length;
        target += translated;
    }
    Some(end)
}

fn link(api::Link { source, target }: &api::Link) -> Link {
    Link { source: source.start..source.end, target: target.start..target.end }
}

/// The right to work on a document.
type Turn = Arc<OwnedSemaphorePermit>;

async fn turn(one_at_a_time: &Arc<Semaphore>) -> Turn {
    Arc::new(Arc::clone(one_at_a_time).acquire_owned().await.expect("nobody closes it"))
}

/// Runs what takes long on a thread of its own, which ends no sooner when nobody waits for it any more: it is another's
/// turn only then.
async fn apart<T: Send + 'static>(
    turn: &Turn,
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<T, FileError> {
    let turn = Arc::clone(turn);
    let work = move || {
        let result = work();
        drop(turn);
        result
    };
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(FileError::Panicked))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_visitor_who_goes_away_leaves_the_next_one_waiting_for_the_document() {
        let one_at_a_time = Arc::new(Semaphore::new(1));
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (end, ended) = mpsc::channel::<()>();
        let semaphore = Arc::clone(&one_at_a_time);
        let visitor = tokio::spawn(async move {
            let turn = turn(&semaphore).await;
            let work = move || {
                begun.send(()).unwrap();
                ended.recv().unwrap();
                Ok(())
            };
            apart(&turn, work).await
        });
        has_begun.await.unwrap();
        visitor.abort();
        assert!(visitor.await.unwrap_err().is_cancelled());
        assert!(one_at_a_time.try_acquire().is_err());
        end.send(()).unwrap();
        let _next = one_at_a_time.acquire().await.unwrap();
    }
}
