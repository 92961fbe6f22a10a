//! What is in the folder: listed, verified, removed.

use std::fs;

use models::{Command, Error, State};

use crate::support::{NAME, Place};

#[tokio::test]
async fn a_removed_model_is_gone_and_a_missing_one_is_named() {
    let place = Place::new().await;
    place.pull().await.unwrap();
    let error = place.store.remove("opus-mt-en-de").unwrap_err().to_string();
    assert!(error.contains("no model opus-mt-en-de") && error.contains(NAME), "{error}");
    place.store.remove("opus-mt-de-en").unwrap();
    assert!(place.store.list().unwrap().is_empty());
}

#[tokio::test]
async fn nothing_outside_of_the_folder_can_be_removed() {
    let place = Place::new().await;
    let outside = place.folder.path().join("outside");
    place.pull().await.unwrap();
    fs::rename(place.store.folder().join("opus-mt-de-en"), &outside).unwrap();
    for name in ["../outside", "..", ".", "", outside.to_str().unwrap()] {
        assert!(matches!(place.store.remove(name).unwrap_err(), Error::NotThere { .. }), "{name}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, place.store.folder().join("link")).unwrap();
        assert!(matches!(place.store.remove("link").unwrap_err(), Error::NotOurs(_)));
    }
    assert!(outside.join("model.safetensors").exists());
}

#[tokio::test]
async fn damage_is_found_without_a_network() {
    let place = Place::new().await;
    let folder = place.pull().await.unwrap().folder;
    let verify = async |names: &[&str]| {
        let names = names.iter().map(ToString::to_string).collect();
        Command::Verify { names }.run(&place.store).await
    };
    verify(&[]).await.unwrap();
    let weights = folder.join("model.safetensors");
    let mut bytes = fs::read(&weights).unwrap();
    bytes[9000] ^= 1;
    fs::write(&weights, bytes).unwrap();
    assert_eq!(place.store.find(NAME).unwrap().state, State::Complete, "its length is right");
    assert!(verify(&[NAME]).await.is_err());
    fs::write(&weights, "short").unwrap();
    assert!(
        matches!(place.store.find(NAME).unwrap().state, State::Broken(fault) if fault.contains("model.safetensors has 5"))
    );
    fs::remove_file(&weights).unwrap();
    assert!(
        matches!(place.store.find(NAME).unwrap().state, State::Broken(fault) if fault.contains("model.safetensors is missing"))
    );
    assert!(verify(&["opus-mt-de-en"]).await.is_err());
}

#[tokio::test]
async fn a_model_put_there_by_hand_is_listed_and_cannot_be_verified() {
    let place = Place::new().await;
    let folder = place.pull().await.unwrap().folder;
    fs::remove_file(folder.join("manifest.json")).unwrap();
    let model = place.store.find("opus-mt-de-en").unwrap();
    assert_eq!((model.state, model.revision), (State::ByHand, None));
    let names = vec!["opus-mt-de-en".to_owned()];
    assert!(Command::Verify { names }.run(&place.store).await.is_err());
    Command::Verify { names: Vec::new() }.run(&place.store).await.unwrap();
    fs::remove_file(folder.join("vocab.json")).unwrap();
    assert!(matches!(place.store.find("opus-mt-de-en").unwrap().state, State::Broken(_)));
}

#[test]
fn a_store_that_is_not_there_is_empty() {
    assert!(models::Store::new("no/such/folder").list().unwrap().is_empty());
}
