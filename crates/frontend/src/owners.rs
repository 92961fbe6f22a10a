//! Whose history a browser sees: its own, by a signed cookie that it gets with its first translation, or that of all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use axum::http::{HeaderMap, HeaderValue};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretSlice};
use sha2::Sha256;
use uuid::Uuid;

use crate::cookies;
use crate::store::Owner;

const COOKIE: &str = "history";

/// Who sees which history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum History {
    /// Each browser sees what was translated with it.
    #[default]
    Own,
    /// All see everything.
    Shared,
}

/// Tells owners by their cookies.
#[derive(Debug)]
pub(crate) enum Owners {
    /// Everybody is one.
    Shared,
    /// By cookies signed with this key.
    Own(SecretSlice<u8>),
}

impl Owners {
    /// Whether all see everything.
    pub(crate) fn shared(&self) -> bool {
        matches!(self, Self::Shared)
    }

    /// Whose request it is; `None` if its browser has no history yet.
    pub(crate) fn known(&self, headers: &HeaderMap) -> Option<Owner> {
        let Self::Own(key) = self else { return Some(Owner::EVERYBODY) };
        let mut histories = cookies::all(headers).filter(|(name, _)| *name == COOKIE);
        histories.find_map(|(_, value)| owner(key, value))
    }

    /// Whose request it is, a new owner if need be, and the cookie that the answer must set.
    pub(crate) fn enter(&self, headers: &HeaderMap) -> (Owner, Option<HeaderValue>) {
        let owner = self.known(headers).unwrap_or_else(|| Owner(Uuid::now_v7()));
        let Self::Own(key) = self else { return (owner, None) };
        let signature = hex(&mac(key, owner).finalize().into_bytes());
        // its time begins anew with every translation
        (owner, cookies::set(headers, COOKIE, &format!("{}.{signature}", owner.0.simple())))
    }
}

/// The owner in a cookie that we signed.
fn owner(key: &SecretSlice<u8>, cookie: &str) -> Option<Owner> {
    let (id, signature) = cookie.split_once('.')?;
    let owner = Owner(Uuid::try_parse(id).ok()?);
    mac(key, owner).verify_slice(&unhex(signature)?).ok()?;
    Some(owner)
}

fn mac(key: &SecretSlice<u8>, owner: Owner) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(key.expose_secret());
    mac.expect("a key of any length will do").chain_update(owner.0.as_bytes())
}

/// The key in `file`, made with the file if there is none.
pub(crate) fn kept_key(file: &Path) -> io::Result<SecretSlice<u8>> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(mut new) => new.write_all(hex(&key).as_bytes())?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    Ok(fs::read(file)?.into())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    digits.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    fn headers(cookie: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(cookie).unwrap())])
    }

    fn given(owners: &Owners) -> (Owner, String) {
        let (owner, cookie) = owners.enter(&HeaderMap::new());
        (owner, cookie.unwrap().to_str().unwrap().to_owned())
    }

    #[test]
    fn a_cookie_is_known_again_among_others() {
        let owners = Owners::Own(b"key".to_vec().into());
        let (owner, cookie) = given(&owners);
        assert!(cookie.ends_with("; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax"), "{cookie}");
        let pair = cookie.split(';').next().unwrap();
        for sent in [pair.to_owned(), format!("a=b; {pair}; c"), format!("history=old.00; {pair}")] {
            assert_eq!(owners.known(&headers(&sent)), Some(owner), "{sent}");
        }
        assert_ne!(given(&owners).0, owner);
    }

    #[test]
    fn a_cookie_that_we_did_not_sign_is_nobodys() {
        let owners = Owners::Own(b"key".to_vec().into());
        let (_, cookie) = given(&owners);
        let pair = cookie.split(';').next().unwrap();
        let (_, foreign) = given(&Owners::Own(b"other key".to_vec().into()));
        let changed = pair.replace("history=0", "history=1");
        for sent in [
            "history=",
            "history=x.y",
            "history=0190b0c8f1d27a8c9d3a5b6c7d8e9f00.",
            &changed,
            &foreign,
            &pair[1..],
        ] {
            assert_eq!(owners.known(&headers(sent)), None, "{sent}");
        }
    }

    #[test]
    fn behind_tls_the_cookie_never_leaves_it() {
        let owners = Owners::Own(b"key".to_vec().into());
        let tls =
            HeaderMap::from_iter([("x-forwarded-proto".parse().unwrap(), HeaderValue::from_static("https"))]);
        assert!(owners.enter(&tls).1.unwrap().to_str().unwrap().ends_with("; Secure"));
    }

    #[test]
    fn a_shared_history_needs_no_cookie() {
        assert_eq!(Owners::Shared.known(&HeaderMap::new()), Some(Owner::EVERYBODY));
        assert_eq!(Owners::Shared.enter(&HeaderMap::new()), (Owner::EVERYBODY, None));
    }

    #[test]
    fn the_key_is_made_once_and_for_us_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cookie.key");
        let key = kept_key(&file).unwrap();
        assert_eq!(key.expose_secret().len(), 64);
        assert_eq!(kept_key(&file).unwrap().expose_secret(), key.expose_secret());
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
