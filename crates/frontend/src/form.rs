//! The fields of a posted form: the text and the languages. Strict: bytes that are no UTF-8 are found, not silently replaced, as they
//! mean that a program sent another encoding and the visitor would otherwise get nonsense translated.

use std::borrow::Cow;

use axum::http::{HeaderMap, header::CONTENT_TYPE};
use bytes::Bytes;
use percent_encoding::percent_decode;

use crate::text::Place;

const TEXT: &str = "text";
const SOURCE: &str = "source";
const TARGET: &str = "target";
/// No code of a language is longer.
const MAX_CODE: usize = 35;
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

/// What a form has.
#[derive(Debug)]
pub(crate) struct Posted {
    pub(crate) text: Result<String, FormError>,
    /// The language that was chosen, if one was.
    pub(crate) source: Option<String>,
    /// Likewise.
    pub(crate) target: Option<String>,
}

type Field = (String, Vec<u8>);

/// The fields of a form of either encoding. Of several with the same name the first counts.
pub(crate) async fn read(headers: &HeaderMap, body: Bytes) -> Posted {
    match fields(headers, body).await {
        Ok(fields) => Posted {
            text: value(&fields, TEXT).ok_or(FormError::MissingField).and_then(decode_text),
            source: value(&fields, SOURCE).and_then(code),
            target: value(&fields, TARGET).and_then(code),
        },
        Err(error) => Posted { text: Err(error), source: None, target: None },
    }
}

async fn fields(headers: &HeaderMap, body: Bytes) -> Result<Vec<Field>, FormError> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case(URLENCODED) {
        Ok(urlencoded(&body))
    } else if media_type.eq_ignore_ascii_case(MULTIPART) {
        multipart(content_type, body).await
    } else {
        Err(FormError::NotAForm)
    }
}

fn value<'a>(fields: &'a [Field], name: &str) -> Option<&'a [u8]> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_slice())
}

fn decode_text(bytes: &[u8]) -> Result<String, FormError> {
    match str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(FormError::InvalidUtf8 {
            place: Place::after(&String::from_utf8_lossy(&bytes[..error.valid_up_to()])),
            lossy: String::from_utf8_lossy(bytes).into_owned(),
        }),
    }
}

/// A chosen language. An empty field is as good as none.
fn code(bytes: &[u8]) -> Option<String> {
    let code: String = String::from_utf8_lossy(bytes).trim().chars().take(MAX_CODE).collect();
    (!code.is_empty()).then_some(code)
}

/// Where a field of these is in the query of an address, its value.
pub(crate) fn in_query(query: &str, name: &str) -> Option<String> {
    value(&urlencoded(query.as_bytes()), name).and_then(code)
}

fn urlencoded(body: &[u8]) -> Vec<Field> {
    let pairs = body.split(|&byte| byte == b'&').filter_map(|pair| {
        let end = pair.iter().position(|&byte| byte == b'=')?;
        let name = String::from_utf8_lossy(&decode(&pair[..end])).into_owned();
        Some((name, decode(&pair[end + 1..]).into_owned()))
    });
    pairs.collect()
}

fn decode(encoded: &[u8]) -> Cow<'_, [u8]> {
    if !encoded.contains(&b'+') {
        return percent_decode(encoded).into();
    }
    let spaced: Vec<u8> = encoded.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    Cow::Owned(percent_decode(&spaced).collect())
}

async fn multipart(content_type: &str, body: Bytes) -> Result<Vec<Field>, FormError> {
    let boundary = multer::parse_boundary(content_type).map_err(|_| FormError::NotAForm)?;
    let body = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(body)]);
    let mut form = multer::Multipart::new(body, boundary);
    let mut fields = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| FormError::Malformed)? {
        let name = field.name().unwrap_or_default().to_owned();
        fields.push((name, field.bytes().await.map_err(|_| FormError::Malformed)?.into()));
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn parse(content_type: &str, body: &[u8]) -> Result<String, FormError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        read(&headers, Bytes::copy_from_slice(body)).await.text
    }

    #[tokio::test]
    async fn the_languages_are_kept_beside_any_text() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, URLENCODED.parse().unwrap());
        let posted = read(&headers, Bytes::from_static(b"source=pt-BR&target=en&text=%FC")).await;
        assert_eq!((posted.source.as_deref(), posted.target.as_deref()), (Some("pt-BR"), Some("en")));
        assert!(posted.text.is_err());
        let posted = read(&headers, Bytes::from_static(b"source=+&text=a")).await;
        assert_eq!((posted.source, posted.target), (None, None));
        assert_eq!(in_query("a=1&target=fr", TARGET).as_deref(), Some("fr"));
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
