//! The id that finds a request in the logs of every service it passed.

use std::fmt;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// `x-request-id`, in requests and in every answer.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longer ids are not taken over.
const MAX_LENGTH: usize = 64;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// Finds a request in the logs. At most 64 characters of `A-Za-z0-9._-`, thus safe in headers, logs and pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The request that the running handler answers; `None` outside of one, which includes tasks it spawned and
    /// streams it returned.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// The id a request brought, if it is short and harmless, or else a new one.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        headers
            .get(HEADER)
            .and_then(|value| value.to_str().ok())
            .filter(|id| is_harmless(id))
            .map_or_else(|| Self(Uuid::now_v7().simple().to_string()), |id| Self(id.to_owned()))
    }

    /// Runs `handler` as what answers this request.
    pub(crate) async fn scope<F: Future>(self, handler: F) -> F::Output {
        CURRENT.scope(self, handler).await
    }

    /// As the value of a header.
    pub fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("its characters are all allowed in headers")
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_harmless(id: &str) -> bool {
    (1..=MAX_LENGTH).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: &[u8]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, HeaderValue::from_bytes(id).unwrap());
        RequestId::of(&headers).to_string()
    }

    #[test]
    fn a_short_harmless_id_is_kept() {
        assert_eq!(of(b"Web-1.2_3"), "Web-1.2_3");
        assert_eq!(of(&[b'a'; 64]), "a".repeat(64));
    }

    #[test]
    fn any_other_is_replaced() {
        for id in [&b""[..], &[b'a'; 65], b"a b", b"a\"b", b"<b>", "ä".as_bytes(), b"\xff"] {
            let new = of(id);
            assert!(is_harmless(&new) && new.as_bytes() != id, "{id:?} became {new}");
        }
    }

    #[tokio::test]
    async fn it_is_current_only_within_its_scope() {
        assert_eq!(RequestId::current(), None);
        let id = RequestId("abc".into());
        assert_eq!(id.clone().scope(async { RequestId::current() }).await, Some(id));
    }
}
