//! Reads the body of a request up to a limit. What lies beyond is left to the service's layers.

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

/// A body of up to so many times the limit is refused but kept, so that its text can be given back.
const KEEP_FACTOR: usize = 2;
/// Of a larger one this much is kept: the fields before a file or a text.
const KEEP_OF_LARGER: usize = 64 << 10;
/// A sender may pause so long.
const PAUSE: Duration = Duration::from_secs(30);

/// Why there is no body to work with.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the body is larger than allowed")]
    TooLarge {
        /// The whole body, or its beginning.
        kept: Bytes,
        /// Whether it is the whole body, which is not all too large then.
        whole: bool,
    },
    #[error("the body did not arrive in time")]
    TimedOut,
    #[error("the connection broke before the body had arrived")]
    BrokenOff,
}

/// The whole body if it has at most `limit` bytes.
pub(crate) async fn read(body: Body, limit: usize) -> Result<Bytes, BodyError> {
    let mut stream = body.into_data_stream();
    let mut kept = BytesMut::new();
    while let Some(chunk) =
        tokio::time::timeout(PAUSE, stream.next()).await.map_err(|_| BodyError::TimedOut)?
    {
        let chunk = chunk.map_err(|_| BodyError::BrokenOff)?;
        if kept.len() + chunk.len() > limit.saturating_mul(KEEP_FACTOR) {
            kept.truncate(KEEP_OF_LARGER);
            return Err(BodyError::TooLarge { kept: kept.freeze(), whole: false });
        }
        kept.extend_from_slice(&chunk);
    }
    let kept = kept.freeze();
    if kept.len() > limit { Err(BodyError::TooLarge { kept, whole: true }) } else { Ok(kept) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(chunks: usize) -> Body {
        let chunks = std::iter::repeat_n(Ok::<_, std::convert::Infallible>("0123456789"), chunks);
        Body::from_stream(futures_util::stream::iter(chunks))
    }

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_is_read() {
        assert_eq!(read(body(3), 30).await.unwrap().len(), 30);
        assert_eq!(read(Body::empty(), 30).await.unwrap().len(), 0);
    }

    #[tokio::test]
    async fn a_body_somewhat_too_large_is_kept() {
        let Err(BodyError::TooLarge { kept, whole: true }) = read(body(6), 30).await else { panic!() };
        assert_eq!(kept.len(), 60);
    }

    #[tokio::test]
    async fn of_a_body_much_too_large_the_beginning_is_kept() {
        for (chunks, limit, expected) in [(7, 30, 60), (1_000_000, 100_000, KEEP_OF_LARGER)] {
            let Err(BodyError::TooLarge { kept, whole: false }) = read(body(chunks), limit).await else {
                panic!()
            };
            assert_eq!(kept.len(), expected);
        }
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_an_error() {
        let stream = futures_util::stream::iter([Ok("text=Gu"), Err(std::io::Error::other("reset"))]);
        assert_eq!(read(Body::from_stream(stream), 30).await, Err(BodyError::BrokenOff));
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_that_pauses_too_long_is_given_up() {
        let stream = futures_util::stream::pending::<Result<Bytes, std::io::Error>>();
        assert_eq!(read(Body::from_stream(stream), 30).await, Err(BodyError::TimedOut));
    }
}
