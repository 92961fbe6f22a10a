//! A hub of models on loopback: the API, the files and the redirects of the real one, and its failures on demand.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Files from this size on are large ones: known by their SHA-256, and on another host.
const LARGE: usize = 2048;

/// The path under which a mirror has the hub; it answers there as well.
const MIRROR: &str = "/mirror/of-hub";

/// A running fake hub, stopped with this value.
#[derive(Debug)]
pub struct FakeHub {
    address: SocketAddr,
    shared: Arc<Shared>,
    servers: [JoinHandle<()>; 2],
}

#[derive(Debug)]
struct Shared {
    /// Where large files are.
    cdn: SocketAddr,
    state: Mutex<Published>,
}

#[derive(Debug, Default)]
struct Published {
    models: HashMap<String, Model>,
    /// After so many bytes of the file, the connection breaks, once.
    breaks: HashMap<String, usize>,
    /// Files that are sent with a byte changed.
    corrupted: Vec<String>,
    without_ranges: bool,
    requests: Vec<String>,
}

#[derive(Debug)]
struct Model {
    commit: String,
    files: HashMap<String, Bytes>,
}

impl FakeHub {
    /// One without models.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let cdn = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let cdn_address = cdn.local_addr().expect("a bound socket has an address");
        let shared = Arc::new(Shared { cdn: cdn_address, state: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let servers = [listener, cdn].map(|listener| {
            let router = router.clone();
            tokio::spawn(async move { axum::serve(listener, router).await.expect("never ends") })
        });
        Self { address, shared, servers }
    }

    /// Its address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address at which it answers as a mirror would, with a path.
    pub fn mirror_url(&self) -> String {
        format!("http://{}{MIRROR}/", self.address)
    }

    /// Publishes files as the only ones of a model; returns their commit, which is another for other files.
    pub fn publish(&self, model: &str, files: &[(&str, &[u8])]) -> String {
        let mut digest = Sha1::new();
        for (path, bytes) in files {
            digest.update(path);
            digest.update(bytes);
        }
        let commit = hex(digest);
        let files =
            files.iter().map(|(path, bytes)| ((*path).to_owned(), Bytes::copy_from_slice(bytes))).collect();
        self.state().models.insert(model.to_owned(), Model { commit: commit.clone(), files });
        commit
    }

    /// Breaks the connection, once, after so many bytes of the file.
    pub fn break_after(&self, file: &str, bytes: usize) {
        self.state().breaks.insert(file.to_owned(), bytes);
    }

    /// Sends the file with a byte changed, until it is mended.
    pub fn corrupt(&self, file: &str) {
        self.state().corrupted.push(file.to_owned());
    }

    /// Sends every file as it is again.
    pub fn mend(&self) {
        self.state().corrupted.clear();
    }

    /// Sends files from their start only.
    pub fn forget_ranges(&self) {
        self.state().without_ranges = true;
    }

    /// Every request so far: path and, if there was one, range.
    pub fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, Published> {
        self.shared.state()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, Published> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for FakeHub {
    fn drop(&mut self) {
        for server in &self.servers {
            server.abort();
        }
    }
}

async fn answer(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    let path = uri.path().strip_prefix(MIRROR).unwrap_or(uri.path()).to_owned();
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let mut state = shared.state();
    state.requests.push(range.map_or_else(|| path.clone(), |range| format!("{path} {range}")));
    let segments: Vec<String> = path.split('/').skip(1).map(|segment| segment.replace("%2F", "/")).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["api", "models", owner, name, "revision", revision] => {
            let Some(model) = state.models.get(&format!("{owner}/{name}")) else {
                return refusal(StatusCode::UNAUTHORIZED, "RepoNotFound");
            };
            if *revision == "main" || *revision == "refs/pr/4" || *revision == model.commit {
                Json(json!({ "id": format!("{owner}/{name}"), "sha": model.commit })).into_response()
            } else {
                refusal(StatusCode::NOT_FOUND, "RevisionNotFound")
            }
        }
        ["api", "models", owner, name, "tree", commit] => match state.model(owner, name, commit) {
            Some(model) => Json(model.tree()).into_response(),
            None => refusal(StatusCode::NOT_FOUND, "RevisionNotFound"),
        },
        [owner, name, "resolve", commit, file] => match state.model(owner, name, commit) {
            Some(model) if model.files.get(*file).is_some_and(|bytes| bytes.len() >= LARGE) => {
                let place = format!("http://{}/cdn/{owner}/{name}/{commit}/{file}", shared.cdn);
                (StatusCode::FOUND, [(header::LOCATION, place)]).into_response()
            }
            Some(model) if model.files.contains_key(*file) => {
                // as the real hub has it, relative
                let place = format!("/cdn/{owner}/{name}/{commit}/{file}");
                (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, place)]).into_response()
            }
            _ => refusal(StatusCode::NOT_FOUND, "EntryNotFound"),
        },
        ["cdn", owner, name, commit, file] => {
            let bytes = state.model(owner, name, commit).and_then(|model| model.files.get(*file).cloned());
            match bytes {
                Some(bytes) => state.send(file, bytes, range),
                None => refusal(StatusCode::NOT_FOUND, "EntryNotFound"),
            }
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn refusal(status: StatusCode, code: &'static str) -> Response {
    (status, [("x-error-code", code)]).into_response()
}

impl Published {
    fn model(&self, owner: &str, name: &str, commit: &str) -> Option<&Model> {
        self.models.get(&format!("{owner}/{name}")).filter(|model| model.commit == commit)
    }

    fn send(&mut self, file: &str, bytes: Bytes, range: Option<&str>) -> Response {
        let mut bytes = bytes;
        if self.corrupted.iter().any(|corrupted| corrupted == file) {
            let mut changed = bytes.to_vec();
            changed[0] ^= 1;
            bytes = changed.into();
        }
        let start = range
            .filter(|_| !self.without_ranges)
            .and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
        let total = bytes.len();
        if start.is_some_and(|start| start >= total) {
            return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
        }
        let rest = bytes.slice(start.unwrap_or(0)..);
        let len = rest.len();
        let body = match self.breaks.remove(file) {
            Some(after) => {
                let sent = stream::iter([Ok(rest.slice(..after.min(len)))]);
                let end = stream::once(async {
                    // the server sends what it holds back as soon as there is nothing more for the moment
                    tokio::task::yield_now().await;
                    Err(std::io::Error::other("broken on demand"))
                });
                Body::from_stream(sent.chain(end))
            }
            None => Body::from(rest),
        };
        let headers = [(header::CONTENT_LENGTH, len.to_string())];
        match start {
            Some(start) => {
                let range = [(header::CONTENT_RANGE, format!("bytes {start}-{}/{total}", total - 1))];
                (StatusCode::PARTIAL_CONTENT, headers, range, body).into_response()
            }
            None => (headers, body).into_response(),
        }
    }
}

impl Model {
    fn tree(&self) -> Value {
        let entry = |(path, bytes): (&String, &Bytes)| {
            let header = format!("blob {}\0", bytes.len());
            let oid = hex(Sha1::new_with_prefix(header).chain_update(bytes));
            let mut entry = json!({ "type": "file", "path": path, "size": bytes.len(), "oid": oid });
            if bytes.len() >= LARGE {
                let sha256 = hex(Sha256::new_with_prefix(bytes));
                // the git blob of a large file is only a pointer
                entry["oid"] = "0".repeat(40).into();
                entry["lfs"] = json!({ "oid": sha256, "size": bytes.len(), "pointerSize": 134 });
            }
            entry
        };
        let folder = json!({ "type": "directory", "path": "onnx", "size": 0, "oid": "0".repeat(40) });
        self.files.iter().map(entry).chain([folder]).collect()
    }
}

fn hex(digest: impl Digest) -> String {
    digest.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
