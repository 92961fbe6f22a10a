//! What every store does with long texts under way and with remembered sentences.

use frontend::store::{
    Claim, FinishedPiece, JobKind, JobState, NewFile, NewJob, Owner, Piece, Position, Progress, Remembered,
    Store,
};
use jiff::Timestamp;
use uuid::Uuid;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

pub(crate) fn claim(until: i64) -> Claim {
    Claim { by: Uuid::now_v7(), until: at(until) }
}

async fn add(store: &Store, owner: Owner, pieces: &[&str], created: i64) -> Uuid {
    add_with(store, owner, pieces, created, None).await
}

/// Adds a job that translates a file, if there is one.
pub(crate) async fn add_with(
    store: &Store,
    owner: Owner,
    pieces: &[&str],
    created: i64,
    file: Option<NewFile<'_>>,
) -> Uuid {
    let id = Uuid::now_v7();
    let job = NewJob {
        id,
        owner,
        source_language: "de",
        target_language: "en",
        pieces: pieces.to_vec(),
        detected: Some(426),
        file,
        glossary: "Vertrag = agreement\nBundestag\n",
        created_at: at(created),
    };
    store.create_job(&job).await.unwrap();
    id
}

pub(crate) fn progress(piece: Piece) -> Progress {
    let target = piece.source.to_uppercase();
    let alignment = format!("0,{},{};", piece.source.len(), target.len()).into();
    Progress {
        piece: FinishedPiece { index: piece.index, source: piece.source, target, alignment, links: None },
        sentences: 2,
        reused: 1,
        model: "fake-de-en".to_owned(),
        duration: std::time::Duration::from_millis(500),
    }
}

pub(crate) async fn a_job_becomes_a_translation_piece_by_piece(store: &Store) {
    let owner = Owner(Uuid::now_v7());
    let id = add(store, owner, &["Grüße!\n", "Zwei.\n", "Drei 🦔."], 0).await;
    let claim = claim(30);
    let job = store.claim_job(claim, at(1)).await.unwrap().unwrap();
    assert_eq!((job.id, job.owner, job.state, job.done_bytes), (id, owner, JobState::Open, 0));
    assert_eq!(job.kind, JobKind::Text);
    assert_eq!((job.source_chars, job.source_bytes), (20, 25));
    assert_eq!((job.source_excerpt.as_str(), job.time_left()), ("Grüße!\nZwei.\nDrei 🦔.", None));
    assert_eq!(store.jobs_of(owner).await.unwrap(), std::slice::from_ref(&job));
    assert!(!store.finish_job(id, claim).await.unwrap(), "nothing is finished yet");

    let pieces = store.unfinished_pieces(id, 2).await.unwrap();
    assert_eq!(pieces.iter().map(|piece| piece.source.as_str()).collect::<Vec<_>>(), ["Grüße!\n", "Zwei.\n"]);
    for piece in pieces.clone() {
        assert!(store.finish_piece(id, claim, &progress(piece)).await.unwrap());
    }
    assert!(!store.finish_piece(id, claim, &progress(pieces[0].clone())).await.unwrap(), "it is finished");
    let job = store.job(id).await.unwrap().unwrap();
    assert_eq!((job.done_bytes, job.sentences, job.reused, job.duration_ms), (15, 4, 2, 1000));
    assert!(job.time_left().unwrap().as_millis().abs_diff(1000 * 10 / 15) <= 1);
    let finished = store.finished_pieces(id, 1, 10).await.unwrap();
    assert_eq!(finished, [progress(pieces[1].clone()).piece]);

    let rest = store.unfinished_pieces(id, 10).await.unwrap();
    assert_eq!(rest, [Piece { index: 2, source: "Drei 🦔.".to_owned() }]);
    assert!(store.finish_piece(id, claim, &progress(rest[0].clone())).await.unwrap());
    assert!(store.finish_job(id, claim).await.unwrap());
    assert!(!store.finish_job(id, claim).await.unwrap());
    assert_eq!(store.job(id).await.unwrap(), None);
    assert!(store.finished_pieces(id, 0, 10).await.unwrap().is_empty());

    assert!(store.has_translation(id).await.unwrap());
    let translation = store.get(id).await.unwrap().unwrap();
    assert_eq!(translation.source_text, "Grüße!\nZwei.\nDrei 🦔.");
    assert_eq!(translation.target_text, "GRÜSSE!\nZWEI.\nDREI 🦔.");
    assert_eq!(translation.alignment, Some("0,9,9;0,6,6;0,10,10;".to_owned().into()));
    assert_eq!((translation.owner, translation.created_at, translation.duration_ms), (owner, at(0), 1500));
    assert_eq!((translation.model.as_str(), translation.detected), ("fake-de-en", Some(426)));
    assert_eq!(store.page(owner, Position::Newest).await.unwrap().entries[0].source_chars, 20);
}

pub(crate) async fn a_claim_keeps_others_away_until_it_runs_out(store: &Store) {
    let id = add(store, Owner::EVERYBODY, &["Eins."], 0).await;
    let (first, second) = (claim(30), claim(60));
    assert!(store.claim_job(first, at(1)).await.unwrap().is_some());
    assert_eq!(store.claim_job(second, at(29)).await.unwrap(), None);
    assert!(store.renew_claim(id, Claim { until: at(40), ..first }).await.unwrap());
    assert_eq!(store.claim_job(second, at(39)).await.unwrap(), None);
    assert!(!store.renew_claim(id, second).await.unwrap());

    assert_eq!(store.claim_job(second, at(40)).await.unwrap().unwrap().id, id);
    assert!(!store.renew_claim(id, first).await.unwrap());
    let piece = store.unfinished_pieces(id, 1).await.unwrap().remove(0);
    assert!(!store.finish_piece(id, first, &progress(piece.clone())).await.unwrap());
    assert_eq!(store.job(id).await.unwrap().unwrap().done_bytes, 0);
    assert!(!store.fail_job(id, first, "no").await.unwrap());
    assert!(store.finish_piece(id, second, &progress(piece)).await.unwrap());
    assert!(!store.finish_job(id, first).await.unwrap());
    assert!(store.finish_job(id, second).await.unwrap());
}

pub(crate) async fn owners_with_little_under_way_come_first(store: &Store) {
    let (busy, other) = (Owner(Uuid::now_v7()), Owner(Uuid::now_v7()));
    let first = add(store, busy, &["a"], 0).await;
    let second = add(store, busy, &["b"], 1).await;
    let late = add(store, other, &["c"], 2).await;
    let mut order = Vec::new();
    while let Some(job) = store.claim_job(claim(30), at(10)).await.unwrap() {
        order.push(job.id);
    }
    assert_eq!(order, [first, late, second]);
}

pub(crate) async fn cancelled_and_failed_jobs_go_on_when_they_are_resumed(store: &Store) {
    let owner = Owner(Uuid::now_v7());
    let id = add(store, owner, &["Eins.", "Zwei."], 0).await;
    let first = claim(30);
    store.claim_job(first, at(1)).await.unwrap().unwrap();
    let piece = store.unfinished_pieces(id, 1).await.unwrap().remove(0);
    assert!(store.finish_piece(id, first, &progress(piece)).await.unwrap());
    assert!(store.cancel_job(id, owner).await.unwrap());
    assert!(!store.cancel_job(id, owner).await.unwrap());
    assert!(!store.renew_claim(id, first).await.unwrap());
    assert_eq!(store.claim_job(claim(30), at(100)).await.unwrap(), None);
    let job = store.job(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.done_bytes), (JobState::Cancelled, 5));

    assert!(store.resume_job(id, owner).await.unwrap());
    assert!(!store.resume_job(id, owner).await.unwrap());
    let second = claim(30);
    store.claim_job(second, at(2)).await.unwrap().expect("it need not wait for the first claim");
    assert_eq!(
        (store.count_fault(id, second).await.unwrap(), store.count_fault(id, second).await.unwrap()),
        (1, 2)
    );
    assert!(store.fail_job(id, second, "Nicht dieser Text.").await.unwrap());
    let job = store.job(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.failure.as_deref()), (JobState::Failed, Some("Nicht dieser Text.")));

    assert!(store.resume_job(id, owner).await.unwrap());
    let job = store.job(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.failure, job.faults), (JobState::Open, None, 0));
}

pub(crate) async fn others_cannot_touch_a_job(store: &Store) {
    let (owner, other) = (Owner(Uuid::now_v7()), Owner(Uuid::now_v7()));
    let id = add(store, owner, &["Eins."], 0).await;
    assert!(!store.cancel_job(id, other).await.unwrap());
    assert!(!store.delete_job(id, other).await.unwrap());
    store.cancel_job(id, owner).await.unwrap();
    assert!(!store.resume_job(id, other).await.unwrap());
    assert!(store.jobs_of(other).await.unwrap().is_empty());
    assert_eq!(store.job(id).await.unwrap().unwrap().state, JobState::Cancelled);
}

pub(crate) async fn a_job_is_deleted_with_its_text(store: &Store) {
    let owner = Owner(Uuid::now_v7());
    let id = add(store, owner, &["Eins.", "Zwei."], 0).await;
    assert!(store.delete_job(id, owner).await.unwrap());
    assert_eq!(store.job(id).await.unwrap(), None);
    assert!(store.unfinished_pieces(id, 10).await.unwrap().is_empty());
    assert!(!store.has_translation(id).await.unwrap());
}

pub(crate) async fn sentences_are_remembered_once(store: &Store) {
    let key = |number: u16| {
        let mut key = [7; 32];
        key[..2].copy_from_slice(&number.to_le_bytes());
        key
    };
    // two names of one sentence, as if it had been translated under other terms
    let name = |number: u16| [number as u8; 32];
    let sentence = |number: u16| Remembered {
        key: key(number),
        sentence: name(number / 2),
        target: format!("Satz {number} 🦔"),
        links: None,
    };
    let many: Vec<_> = (0..1234).map(sentence).collect();
    store.remember(Owner::EVERYBODY, &many, at(0)).await.unwrap();
    let again = Remembered { target: "anders".to_owned(), ..sentence(5) };
    store.remember(Owner::EVERYBODY, &[again.clone(), again], at(1)).await.unwrap();
    store.remember(Owner::EVERYBODY, &[], at(1)).await.unwrap();
    let keys: Vec<_> = (0..1300).map(key).collect();
    let recalled = store.recall(&keys).await.unwrap();
    assert_eq!(recalled.len(), 1234);
    assert_eq!((&recalled[&key(5)], &recalled[&key(1233)]), (&sentence(5), &sentence(1233)));

    // links that are known only now come with their translation; what has links stays
    let links = |target: &str, links: &str| Remembered {
        target: target.to_owned(),
        links: Some(links.to_owned().into()),
        ..sentence(5)
    };
    for again in [links("mit Wörtern", "0,4,0,3;"), links("anders", ""), sentence(5)] {
        store.remember(Owner::EVERYBODY, &[again], at(2)).await.unwrap();
        assert_eq!(store.recall(&[key(5)]).await.unwrap()[&key(5)], links("mit Wörtern", "0,4,0,3;"));
    }
    assert!(store.recall(&[]).await.unwrap().is_empty());

    store.forget(&[key(9), name(3)]).await.unwrap();
    let kept = store.recall(&[5, 6, 7, 8, 9].map(key)).await.unwrap();
    assert_eq!(kept.len(), 2, "by its own name and by that of its sentence");
    assert!(kept.contains_key(&key(5)) && kept.contains_key(&key(8)));
}

/// Together they are more than a MySQL server joins by default, and than it takes in one packet.
pub(crate) async fn a_job_of_20_megabytes_is_joined_in_the_database(store: &Store) {
    let text = "Ein Satz, den es oft gibt, mit Grüßen.\n".repeat(200);
    let pieces = vec![text.as_str(); (20 << 20) / text.len()];
    let id = add(store, Owner::EVERYBODY, &pieces, 0).await;
    let claim = claim(30);
    store.claim_job(claim, at(1)).await.unwrap().unwrap();
    loop {
        let pieces = store.unfinished_pieces(id, 500).await.unwrap();
        if pieces.is_empty() {
            break;
        }
        for piece in pieces {
            assert!(store.finish_piece(id, claim, &progress(piece)).await.unwrap());
        }
    }
    assert!(store.finish_job(id, claim).await.unwrap());
    let translation = store.get(id).await.unwrap().unwrap();
    let source = pieces.concat();
    assert!(translation.source_text == source, "the source changed");
    assert!(translation.target_text == source.to_uppercase(), "the translation changed");
}
