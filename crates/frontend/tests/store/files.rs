//! What every store does with files.

use frontend::store::{CHUNK_BYTES, Claim, FileInfo, FileSide, JobKind, NewFile, Owner, Store, StoredFile};
use uuid::Uuid;

use crate::jobs::{add_with, at, claim, progress};

async fn add(store: &Store, owner: Owner, content: &[u8]) -> Uuid {
    let file = NewFile { name: "Bericht für 🦔.de.docx", content };
    add_with(store, owner, &["Eins.\n\n", "Zwei."], 0, Some(file)).await
}

fn english(content: &[u8]) -> NewFile<'_> {
    NewFile { name: "🦔.en.docx", content }
}

/// Translates all of it, up to the writing of the file.
async fn translate(store: &Store, id: Uuid) -> Claim {
    let claim = claim(30);
    store.claim_job(claim, at(1)).await.unwrap().unwrap();
    for piece in store.unfinished_pieces(id, 10).await.unwrap() {
        assert!(store.finish_piece(id, claim, &progress(piece)).await.unwrap());
    }
    claim
}

pub(crate) async fn a_file_stays_with_its_job_and_its_translation(store: &Store) {
    let owner = Owner(Uuid::now_v7());
    let content: Vec<u8> = (0..=255).collect();
    let id = add(store, owner, &content).await;
    assert_eq!(store.job(id).await.unwrap().unwrap().kind, JobKind::File);
    let file = StoredFile {
        id,
        owner,
        source: FileInfo { name: "Bericht für 🦔.de.docx".to_owned(), bytes: 256 },
        target: None,
    };
    assert_eq!(store.file(id).await.unwrap().as_ref(), Some(&file));
    assert_eq!(store.file(Uuid::now_v7()).await.unwrap(), None);
    assert_eq!(store.file_content(id, FileSide::Source).await.unwrap(), content);
    assert!(store.file_content(id, FileSide::Target).await.unwrap().is_empty());

    let claim = claim(30);
    store.claim_job(claim, at(1)).await.unwrap().unwrap();
    for piece in store.unfinished_pieces(id, 10).await.unwrap() {
        let mut progress = progress(piece);
        progress.piece.links = Some("0,4,0,3 4,5,3,4;".to_owned().into());
        assert!(store.finish_piece(id, claim, &progress).await.unwrap());
        assert_eq!(store.finished_pieces(id, progress.piece.index, 1).await.unwrap(), [progress.piece]);
    }
    assert!(store.write_translated(id, claim, english(b"half")).await.unwrap());
    assert!(
        store.write_translated(id, claim, english(b"whole \0\xff")).await.unwrap(),
        "it may be written again"
    );
    assert!(store.finish_job(id, claim).await.unwrap());
    assert_eq!(store.file_content(id, FileSide::Target).await.unwrap(), b"whole \0\xff");
    assert_eq!(store.file_content(id, FileSide::Source).await.unwrap(), content);
    let translated =
        StoredFile { target: Some(FileInfo { name: "🦔.en.docx".to_owned(), bytes: 8 }), ..file };
    assert_eq!(store.files(&[Uuid::now_v7(), id]).await.unwrap(), [(id, translated)].into());
}

async fn assert_gone(store: &Store, id: Uuid) {
    assert_eq!(store.file(id).await.unwrap(), None);
    for side in [FileSide::Source, FileSide::Target] {
        assert_eq!(store.file_chunk(id, side, 0).await.unwrap(), None);
    }
}

pub(crate) async fn a_file_is_deleted_with_its_job_or_its_translation(store: &Store) {
    let (owner, other) = (Owner(Uuid::now_v7()), Owner(Uuid::now_v7()));
    let job = add(store, owner, b"abc").await;
    assert!(!store.delete_job(job, other).await.unwrap());
    assert!(store.file(job).await.unwrap().is_some());
    assert!(store.delete_job(job, owner).await.unwrap());
    assert_gone(store, job).await;

    let id = add(store, owner, b"abc").await;
    let claim = translate(store, id).await;
    assert!(store.write_translated(id, claim, english(b"def")).await.unwrap());
    assert!(store.finish_job(id, claim).await.unwrap());
    assert!(!store.delete(id, other).await.unwrap());
    assert_eq!(store.file_content(id, FileSide::Target).await.unwrap(), b"def");
    assert!(store.delete(id, owner).await.unwrap());
    assert_gone(store, id).await;
}

pub(crate) async fn only_whoever_has_the_claim_writes_the_translation(store: &Store) {
    let owner = Owner(Uuid::now_v7());
    let id = add(store, owner, b"abc").await;
    let ours = translate(store, id).await;
    assert!(!store.write_translated(id, claim(60), english(b"theirs")).await.unwrap());
    assert!(store.file_content(id, FileSide::Target).await.unwrap().is_empty());
    assert!(store.write_translated(id, ours, english(b"ours")).await.unwrap());
    store.cancel_job(id, owner).await.unwrap();
    assert!(!store.write_translated(id, ours, english(b"late")).await.unwrap());
    assert_eq!(store.file_content(id, FileSide::Target).await.unwrap(), b"ours");
    assert_eq!(store.file(id).await.unwrap().unwrap().target.map(|file| file.bytes), Some(4));
}

pub(crate) async fn deleting_everything_deletes_the_files_of_that_owner(store: &Store) {
    let (owner, other) = (Owner(Uuid::now_v7()), Owner(Uuid::now_v7()));
    let finished = add(store, owner, b"abc").await;
    let claim = translate(store, finished).await;
    assert!(store.write_translated(finished, claim, english(b"def")).await.unwrap());
    assert!(store.finish_job(finished, claim).await.unwrap());
    let (running, theirs) = (add(store, owner, b"abc").await, add(store, other, b"abc").await);
    while store.delete_some(owner).await.unwrap() {}
    assert_gone(store, finished).await;
    assert_gone(store, running).await;
    assert_eq!(store.file_content(theirs, FileSide::Source).await.unwrap(), b"abc");
}

pub(crate) async fn a_file_of_33_megabytes_comes_back_to_the_byte(store: &Store) {
    let content: Vec<u8> = (0..33_u32 << 20).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let id = add(store, Owner::EVERYBODY, &content).await;
    assert!(store.file_content(id, FileSide::Source).await.unwrap() == content, "the file changed");
    let last = (content.len() / CHUNK_BYTES) as i64;
    assert_eq!(store.file_chunk(id, FileSide::Source, last).await.unwrap(), None);
    assert!(store.file_chunk(id, FileSide::Source, last - 1).await.unwrap().is_some());
}
