//! The field `text` of a posted form. Strict: bytes that are no UTF-8 are found, not silently replaced, as they
//! mean that a program sent another encoding and the visitor would otherwise get nonsense translated.

use std::borrow::Cow;

use axum::http::{HeaderMap, header::CONTENT_TYPE};
use bytes::Bytes;
use percent_encoding::percent_decode;

use crate::text::Place;

const FIELD: &str = "text";
const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// Why a body is not a form with a text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormError {
    #[error("the body is not a form")]
    NotAForm,
    #[error("the multipart form is broken off or malformed")]
    Malformed,
    #[error("the form has no field named text")]
    MissingField,
    #[error("the text is not valid UTF-8 from {place} on")]
    InvalidUtf8 {
        place: Place,
        /// The text with a replacement character for everything that is not UTF-8.
        lossy: String,
    },
}

/// The text in a form of either encoding. Of several fields `text` the first counts.
pub(crate) async fn text(headers: &HeaderMap, body: Bytes) -> Result<String, FormError> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let bytes = if media_type.eq_ignore_ascii_case(URLENCODED) {
        urlencoded(&body).ok_or(FormError::MissingField)?
    } else if media_type.eq_ignore_ascii_case(MULTIPART) {
        multipart(content_type, body).await?
    } else {
        return Err(FormError::NotAForm);
    };
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        FormError::InvalidUtf8 {
            place: Place::after(&String::from_utf8_lossy(valid)),
            lossy: String::from_utf8_lossy(error.as_bytes()).into_owned(),
        }
    })
}

fn urlencoded(body: &[u8]) -> Option<Vec<u8>> {
    body.split(|&byte| byte == b'&').find_map(|pair| {
        let end = pair.iter().position(|&byte| byte == b'=')?;
        (*decode(&pair[..end]) == *FIELD.as_bytes()).then(|| decode(&pair[end + 1..]).into_owned())
    })
}

fn decode(encoded: &[u8]) -> Cow<'_, [u8]> {
    if !encoded.contains(&b'+') {
        return percent_decode(encoded).into();
    }
    let spaced: Vec<u8> = encoded.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    Cow::Owned(percent_decode(&spaced).collect())
}

async fn multipart(content_type: &str, body: Bytes) -> Result<Vec<u8>, FormError> {
    let boundary = multer::parse_boundary(content_type).map_err(|_| FormError::NotAForm)?;
    let body = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(body)]);
    let mut form = multer::Multipart::new(body, boundary);
    while let Some(field) = form.next_field().await.map_err(|_| FormError::Malformed)? {
        if field.name() == Some(FIELD) {
            return field.bytes().await.map(Vec::from).map_err(|_| FormError::Malformed);
        }
    }
    Err(FormError::MissingField)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn parse(content_type: &str, body: &[u8]) -> Result<String, FormError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        text(&headers, Bytes::copy_from_slice(body)).await
    }

    #[tokio::test]
    async fn an_urlencoded_text_is_decoded() {
        let body = b"other=1&text=Gr%C3%BC%C3%9Fe+an+alle%2B%0D%0A100+%25%26&text=later";
        assert_eq!(parse(URLENCODED, body).await.unwrap(), "Grüße an alle+\r\n100 %&");
        let mixed_case = "Application/X-WWW-Form-Urlencoded; charset=UTF-8";
        assert_eq!(parse(mixed_case, "text=Grüße 100%".as_bytes()).await.unwrap(), "Grüße 100%");
        assert_eq!(parse(URLENCODED, b"%74ext=a=b").await.unwrap(), "a=b");
    }

    #[tokio::test]
    async fn a_multipart_text_is_taken_as_it_is() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--b\r\n\
                    Content-Disposition: form-data; name=\"text\"\r\n\r\nGrüße\r\n+%20\r\n--b--\r\n";
        assert_eq!(parse("multipart/form-data; boundary=b", body.as_bytes()).await.unwrap(), "Grüße\r\n+%20");
    }

    #[tokio::test]
    async fn a_form_without_the_field_is_told_from_an_empty_text() {
        for body in ["", "texts=a", "text", "TEXT=a"] {
            assert_eq!(parse(URLENCODED, body.as_bytes()).await, Err(FormError::MissingField), "{body}");
        }
        assert_eq!(parse(URLENCODED, b"text=").await.unwrap(), "");
        let empty = b"--b--\r\n";
        assert_eq!(parse("multipart/form-data; boundary=b", empty).await, Err(FormError::MissingField));
    }

    #[tokio::test]
    async fn invalid_utf8_is_found_and_placed() {
        let error = parse(URLENCODED, b"text=eins%0D%0AGr%FC%DFe").await.unwrap_err();
        assert_eq!(error.to_string(), "the text is not valid UTF-8 from line 2, character 3 on");
        assert!(
            matches!(error, FormError::InvalidUtf8 { lossy, .. } if lossy == "eins\r\nGr\u{fffd}\u{fffd}e")
        );
    }

    #[tokio::test]
    async fn other_bodies_are_no_forms() {
        assert_eq!(parse("application/json", b"{\"text\":\"a\"}").await, Err(FormError::NotAForm));
        assert_eq!(parse("multipart/form-data", b"").await, Err(FormError::NotAForm));
        assert_eq!(
            parse("multipart/form-data; boundary=b", b"--b\r\nConte").await,
            Err(FormError::Malformed)
        );
    }
}
