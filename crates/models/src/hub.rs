//! A hub of models as a client sees it: which commit a name stands for, which files it has, and their bytes. Speaks the
//! API of the Hugging Face hub, which its mirrors speak as well.

use std::fmt::Display;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, StatusCode, Url, header};
use serde::Deserialize;

use crate::checksum::Checksum;
use crate::{Error, ModelName, Revision};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// A hub that sends nothing for so long is gone.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// A hub or a mirror of one.
#[derive(Debug)]
pub struct Hub {
    http: Client,
    base: Url,
}

/// A file that a model has on the hub.
#[derive(Clone, Debug)]
pub(crate) struct HubFile {
    pub(crate) path: String,
    pub(crate) size: u64,
    pub(crate) checksum: Checksum,
}

#[derive(Deserialize)]
struct RevisionInfo {
    sha: String,
}

#[derive(Deserialize)]
struct TreeEntry {
    r#type: String,
    path: String,
    size: u64,
    oid: String,
    lfs: Option<LargeFile>,
}

#[derive(Deserialize)]
struct LargeFile {
    oid: String,
    size: u64,
}

impl Hub {
    /// The hub at `address`, such as `https://huggingface.co`. The usual variables for proxies count.
    pub fn new(address: &str) -> Result<Self, Error> {
        let base =
            Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let base = base.ok_or_else(|| Error::HubAddress(address.to_owned()))?;
        let http = Client::builder()
            .user_agent(concat!("unlimited/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .build()
            .map_err(|error| Error::Unreachable { hub: base.to_string(), reason: chain(&error) })?;
        Ok(Self { http, base })
    }

    /// Its address as messages and manifests have it: without a slash at the end, a user name or a password.
    pub fn address(&self) -> String {
        let mut url = self.base.clone();
        // fails only for addresses without a host, which were refused
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        url.as_str().trim_end_matches('/').to_owned()
    }

    /// The commit at which a revision stands: a branch moves, a commit does not.
    pub(crate) async fn commit(&self, name: &ModelName, revision: &Revision) -> Result<String, Error> {
        let url = self.url(&["api", "models", name.owner(), name.folder(), "revision", revision.as_str()]);
        let response = self.send(self.http.get(url)).await?;
        if is_refused(response.status()) {
            return Err(self.unknown(name, revision, &response));
        }
        let info: RevisionInfo = self.json(response, "a revision").await?;
        if info.sha.len() == 40 && info.sha.chars().all(|digit| digit.is_ascii_hexdigit()) {
            Ok(info.sha)
        } else {
            Err(self.answer("a revision", "no commit"))
        }
    }

    /// The files at a commit, without those in folders.
    pub(crate) async fn files(&self, name: &ModelName, commit: &str) -> Result<Vec<HubFile>, Error> {
        let url = self.url(&["api", "models", name.owner(), name.folder(), "tree", commit]);
        let entries: Vec<TreeEntry> =
            self.json(self.send(self.http.get(url)).await?, "the list of files").await?;
        let file = |entry: TreeEntry| match entry.lfs {
            Some(large) => {
                HubFile { path: entry.path, size: large.size, checksum: Checksum::Sha256(large.oid) }
            }
            None => HubFile { path: entry.path, size: entry.size, checksum: Checksum::GitSha1(entry.oid) },
        };
        Ok(entries.into_iter().filter(|entry| entry.r#type == "file").map(file).collect())
    }

    /// The bytes of a file from `start` on, if the hub can begin there; the status tells.
    pub(crate) async fn open(
        &self,
        name: &ModelName,
        commit: &str,
        path: &str,
        start: u64,
    ) -> Result<Response, Error> {
        let mut get = self.http.get(self.url(&[name.owner(), name.folder(), "resolve", commit, path]));
        if start > 0 {
            get = get.header(header::RANGE, format!("bytes={start}-"));
        }
        self.send(get).await
    }

    /// What a failure on the way is called.
    pub(crate) fn unreachable(&self, error: &reqwest::Error) -> Error {
        Error::Unreachable { hub: self.address(), reason: chain(error) }
    }

    /// An answer that was not expected.
    pub(crate) fn answer(&self, what: &str, answer: impl Display) -> Error {
        Error::Answer { hub: self.address(), what: what.to_owned(), answer: answer.to_string() }
    }

    /// Each segment is escaped, so that one with a slash stays one.
    fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        url.path_segments_mut().expect("it was checked to have a host").pop_if_empty().extend(segments);
        url
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        request.send().await.map_err(|error| self.unreachable(&error))
    }

    async fn json<T: for<'a> Deserialize<'a>>(&self, response: Response, what: &str) -> Result<T, Error> {
        if !response.status().is_success() {
            return Err(self.answer(what, response.status()));
        }
        let body = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        serde_json::from_slice(&body).map_err(|_| self.answer(what, "something else"))
    }

    fn unknown(&self, name: &ModelName, revision: &Revision, response: &Response) -> Error {
        let (hub, name) = (self.address(), name.to_string());
        match response.headers().get("x-error-code").map(header::HeaderValue::as_bytes) {
            Some(b"RevisionNotFound") => Error::UnknownRevision { hub, name, revision: revision.to_string() },
            _ => Error::UnknownModel { hub, name },
        }
    }
}

/// The hub answers 401 for a model that is not there: it might be a secret one.
fn is_refused(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

/// An error and its sources on one line, without the address, which is told anyway.
fn chain(error: &dyn std::error::Error) -> String {
    let mut parts: Vec<String> =
        std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect();
    if parts.len() > 1 {
        parts.remove(0);
    }
    parts.dedup();
    parts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_a_path_and_shows_no_password() {
        let hub = Hub::new("http://me:secret@mirror.example/hub/").unwrap();
        assert_eq!(hub.address(), "http://mirror.example/hub");
        let url = hub.url(&["api", "models", "a", "b", "revision", "refs/pr/1"]);
        assert_eq!(url.path(), "/hub/api/models/a/b/revision/refs%2Fpr%2F1");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for address in ["", "huggingface.co", "ftp://x", "file:///models", "http://"] {
            assert!(matches!(Hub::new(address), Err(Error::HubAddress(_))), "{address:?}");
        }
    }
}
