//! Models come from a hub whole, checked and resumable, or not at all.

use std::fs;

use models::{Error, State};
use testkit::backend::ClosedPort;

use crate::support::{ARCHIVE, NAME, Place, SAFETENSORS, files};

#[tokio::test]
async fn a_model_is_pulled_at_the_commit_of_its_branch() {
    let place = Place::new().await;
    let pulled = place.pull().await.unwrap();
    assert!(!pulled.was_there);
    assert!(pulled.folder.ends_with("opus-mt-de-en"));
    assert_eq!(fs::read(pulled.folder.join("model.safetensors")).unwrap(), SAFETENSORS);
    assert!(pulled.folder.join("README.md").exists(), "it has the licence");
    assert!(!pulled.folder.join("tf_model.h5").exists());
    let commit = pulled.manifest.revision;
    assert!(place.fetched("config.json").iter().all(|request| request.contains(&commit)));
    let models = place.store.list().unwrap();
    assert_eq!(models.len(), 1, "nothing else is left");
    let model = &models[0];
    assert_eq!((model.name.as_str(), &model.state), (NAME, &State::Complete));
    assert_eq!(model.revision.as_ref(), Some(&commit));
    let pair = &model.pairs[0].pair;
    assert_eq!((pair.source.as_str(), pair.target.as_str()), ("de", "en"));
}

#[tokio::test]
async fn a_model_that_is_there_is_not_fetched_again_and_a_damaged_one_is() {
    let place = Place::new().await;
    let pulled = place.pull().await.unwrap();
    assert!(place.pull().await.unwrap().was_there);
    assert_eq!(place.fetched("model.safetensors").len(), 1);
    let weights = pulled.folder.join("model.safetensors");
    let mut bytes = fs::read(&weights).unwrap();
    bytes[9000] ^= 1;
    fs::write(&weights, bytes).unwrap();
    assert!(!place.pull().await.unwrap().was_there);
    assert_eq!(fs::read(&weights).unwrap(), SAFETENSORS);
}

#[tokio::test]
async fn a_new_revision_takes_the_place_of_the_old() {
    let place = Place::new().await;
    let old = place.pull().await.unwrap().manifest.revision;
    let mut newer = files("model.safetensors", SAFETENSORS);
    newer[0].1 = br#"{"model_type": "marian", "newer": true}"#;
    newer.retain(|(path, _)| *path != "target.spm");
    place.hub.publish(NAME, &newer);
    let pulled = place.pull().await.unwrap();
    assert_ne!(pulled.manifest.revision, old);
    assert!(!pulled.folder.join("target.spm").exists());
    assert_eq!(place.store.list().unwrap().len(), 1);
}

#[tokio::test]
async fn a_broken_connection_is_resumed_where_it_broke() {
    let place = Place::new().await;
    place.hub.break_after("model.safetensors", 5000);
    let pulled = place.pull().await.unwrap();
    assert_eq!(fs::read(pulled.folder.join("model.safetensors")).unwrap(), SAFETENSORS);
    let fetched = place.fetched("model.safetensors");
    assert_eq!(fetched.len(), 2);
    assert!(fetched[1].ends_with(" bytes=5000-"), "{fetched:?}");
}

#[tokio::test]
async fn a_hub_that_cannot_resume_sends_the_file_again() {
    let place = Place::new().await;
    place.hub.forget_ranges();
    place.hub.break_after("model.safetensors", 5000);
    let pulled = place.pull().await.unwrap();
    assert_eq!(fs::read(pulled.folder.join("model.safetensors")).unwrap(), SAFETENSORS);
}

#[tokio::test]
async fn an_interrupted_pull_goes_on_with_what_it_has() {
    let place = Place::new().await;
    let staging = place.store.folder().join(".opus-mt-de-en.part");
    fs::create_dir_all(&staging).unwrap();
    fs::write(staging.join("model.safetensors.part"), &SAFETENSORS[..3000]).unwrap();
    assert_eq!(place.store.list().unwrap()[0].state, State::Interrupted);
    let pulled = place.pull().await.unwrap();
    assert_eq!(fs::read(pulled.folder.join("model.safetensors")).unwrap(), SAFETENSORS);
    let fetched = place.fetched("model.safetensors");
    assert!(fetched.len() == 1 && fetched[0].ends_with(" bytes=3000-"), "{fetched:?}");
    assert_eq!(place.store.list().unwrap().len(), 1);
}

#[tokio::test]
async fn what_another_revision_left_is_noticed_and_fetched_anew() {
    let place = Place::new().await;
    let staging = place.store.folder().join(".opus-mt-de-en.part");
    fs::create_dir_all(&staging).unwrap();
    for left in [vec![0; 3000], vec![0; SAFETENSORS.len()], vec![0; SAFETENSORS.len() + 1]] {
        fs::create_dir_all(&staging).unwrap();
        fs::write(staging.join("model.safetensors.part"), left).unwrap();
        let pulled = place.pull().await.unwrap();
        assert_eq!(fs::read(pulled.folder.join("model.safetensors")).unwrap(), SAFETENSORS);
        place.store.remove(NAME).unwrap();
    }
}

#[tokio::test]
async fn a_file_with_a_wrong_checksum_is_named_and_not_kept() {
    for file in ["model.safetensors", "vocab.json"] {
        let place = Place::new().await;
        place.hub.corrupt(file);
        let error = place.pull().await.unwrap_err();
        assert!(matches!(&error, Error::Checksum { file: named, .. } if named == file), "{error}");
        assert!(!place.store.folder().join("opus-mt-de-en").exists());
        assert_eq!(place.store.list().unwrap()[0].state, State::Interrupted);
        place.hub.mend();
        place.pull().await.unwrap();
    }
}

#[tokio::test]
async fn a_failed_pull_leaves_the_present_model_as_it_is() {
    let place = Place::new().await;
    let old = place.pull().await.unwrap();
    let mut newer = files("model.safetensors", SAFETENSORS);
    newer[2].1 = br#"{"newer": 1}"#;
    place.hub.publish(NAME, &newer);
    place.hub.corrupt("vocab.json");
    place.pull().await.unwrap_err();
    let model = place.store.find(NAME).unwrap();
    assert_eq!((model.revision, model.state), (Some(old.manifest.revision), State::Complete));
}

#[tokio::test]
async fn pytorchs_weights_are_converted() {
    let place = Place::new().await;
    place.hub.publish(NAME, &files("pytorch_model.bin", ARCHIVE));
    let pulled = place.pull().await.unwrap();
    assert_eq!(pulled.manifest.converted_from.unwrap().path, "pytorch_model.bin");
    assert!(!pulled.folder.join("pytorch_model.bin").exists());
    let converted = fs::read(pulled.folder.join("model.safetensors")).unwrap();
    assert!(safetensors::SafeTensors::deserialize(&converted).is_ok());
    assert!(place.pull().await.unwrap().was_there);
}

#[tokio::test]
async fn a_mirror_may_have_a_path() {
    let place = Place::new().await;
    let pulled = place.pull_from(&place.hub.mirror_url(), NAME, "refs/pr/4").await.unwrap();
    assert_eq!(pulled.manifest.hub, place.hub.mirror_url().trim_end_matches('/'));
}

#[tokio::test]
async fn what_is_unknown_is_named() {
    let place = Place::new().await;
    let error = place.pull_from(&place.hub.url(), "Helsinki-NLP/opus-mt-xx-yy", "main").await.unwrap_err();
    assert!(
        matches!(error, Error::UnknownModel { .. }) && error.to_string().contains("opus-mt-xx-yy"),
        "{error}"
    );
    let error = place.pull_from(&place.hub.url(), NAME, "v9").await.unwrap_err();
    assert!(matches!(error, Error::UnknownRevision { .. }) && error.to_string().contains("v9"), "{error}");
}

#[tokio::test]
async fn models_of_another_kind_are_refused_before_their_weights_are_fetched() {
    let place = Place::new().await;
    for (at, content, part) in [
        (0, &br#"{"model_type": "t5"}"#[..], "`t5`"),
        (0, b"{", "config.json"),
        (1, br#"{"source_lang": "ROMANCE", "target_lang": "en"}"#, "group of languages `ROMANCE`"),
    ] {
        let mut other = files("model.safetensors", SAFETENSORS);
        other[at].1 = content;
        place.hub.publish(NAME, &other);
        let error = place.pull().await.unwrap_err();
        assert!(matches!(error, Error::Unsupported { .. }) && error.to_string().contains(part), "{error}");
    }
    let mut other = files("model.safetensors", SAFETENSORS);
    other.retain(|(path, _)| *path != "source.spm");
    place.hub.publish(NAME, &other);
    let error = place.pull().await.unwrap_err().to_string();
    assert!(error.contains("no source.spm"), "{error}");
    assert!(place.fetched("model.safetensors").is_empty());
}

#[tokio::test]
async fn without_a_network_the_error_says_what_to_do() {
    let place = Place::new().await;
    let nobody = ClosedPort::take();
    let error =
        place.pull_from(&format!("http://{}", nobody.address()), NAME, "main").await.unwrap_err().to_string();
    assert!(error.contains("cannot reach http://127.0.0.1") && error.contains("HTTPS_PROXY"), "{error}");
    assert!(error.contains("Connection refused"), "{error}");
}

#[tokio::test]
async fn an_answer_that_is_no_hubs_is_told_as_such() {
    let place = Place::new().await;
    let error = place.pull_from(&format!("{}/elsewhere", place.hub.url()), NAME, "main").await.unwrap_err();
    assert!(matches!(error, Error::UnknownModel { .. }), "{error}");
}

#[tokio::test]
async fn a_folder_of_someone_else_is_left_alone() {
    let place = Place::new().await;
    let folder = place.store.folder().join("opus-mt-de-en");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("mine.txt"), "mine").unwrap();
    assert!(matches!(place.pull().await.unwrap_err(), Error::NotOurs(_)));
    assert!(matches!(place.store.remove("opus-mt-de-en").unwrap_err(), Error::NotOurs(_)));
    assert!(folder.join("mine.txt").exists());
}

#[tokio::test]
async fn two_models_do_not_share_a_folder() {
    let place = Place::new().await;
    place.pull().await.unwrap();
    place.hub.publish("other/opus-mt-de-en", &files("model.safetensors", SAFETENSORS));
    let error = place.pull_from(&place.hub.url(), "other/opus-mt-de-en", "main").await.unwrap_err();
    assert!(matches!(error, Error::Taken { .. }), "{error}");
}
