//! The fields of a posted form: the text, the file and the languages. Strict: bytes that are no UTF-8 are found, not silently replaced, as they
//! mean that a program sent another encoding and the visitor would otherwise get nonsense translated.

use std::borrow::Cow;

use axum::http::{HeaderMap, header::CONTENT_TYPE};
use bytes::Bytes;
use percent_encoding::percent_decode;

use crate::files::Upload;
use crate::text::Place;

const TEXT: &str = "text";
const SOURCE: &str = "source";
const TARGET: &str = "target";
const GLOSSARY: &str = "glossary";
const FILE: &str = "file";
/// What is to be translated: of a button beside the file, `file`.
const WHAT: &str = "what";
/// Of a form with more fields the first ones count: of tiny ones a body has millions, each of which takes far more memory
/// than its bytes.
const MAX_FIELDS: usize = 100;
/// No code of a language is longer.
const MAX_CODE: usize = 35;
/// No word or address is longer, in bytes.
const MAX_FIELD: usize = 2000;
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
    /// The file that was chosen, if one was.
    pub(crate) file: Option<Upload>,
    /// Whether the file is to be translated, and not the text.
    pub(crate) wants_file: bool,
    /// The language that was chosen, if one was.
    pub(crate) source: Option<String>,
    /// Likewise.
    pub(crate) target: Option<String>,
    /// All other fields.
    fields: Vec<Field>,
}

impl Default for Posted {
    /// A form with nothing in it.
    fn default() -> Self {
        Self {
            text: Ok(String::new()),
            file: None,
            wants_file: false,
            source: None,
            target: None,
            fields: Vec::new(),
        }
    }
}

impl Posted {
    /// A field with a word or an address in it.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let value = value(&self.fields, name)?;
        (value.len() <= MAX_FIELD).then(|| String::from_utf8_lossy(value).trim().to_owned())
    }

    /// The terms as they were typed.
    pub(crate) fn glossary(&self) -> String {
        String::from_utf8_lossy(value(&self.fields, GLOSSARY).unwrap_or_default()).replace("\r\n", "\n")
    }

    /// A field with whatever was typed into it; what is no UTF-8 is replaced.
    pub(crate) fn typed(&self, name: &str) -> Option<String> {
        value(&self.fields, name).map(|value| String::from_utf8_lossy(value).into_owned())
    }

    /// Whether it is for a file: one was asked for, or there is one and no text.
    pub(crate) fn is_file(&self) -> bool {
        let no_text = self.text.as_ref().is_ok_and(|text| text.trim().is_empty())
            || matches!(self.text, Err(FormError::MissingField | FormError::Malformed));
        self.wants_file || self.file.is_some() && no_text
    }
}

#[derive(Debug, Default)]
struct Field {
    name: String,
    file_name: Option<String>,
    value: Bytes,
}

/// The fields of a form of either encoding, those before its fault if it has one. Of several with the same name the
/// first counts.
pub(crate) async fn read(headers: &HeaderMap, body: Bytes) -> Posted {
    let (fields, fault) = fields(headers, body).await;
    let value = |name| value(&fields, name);
    let files = fields.iter().filter(|field| field.name == FILE);
    let mut uploads = files.filter_map(|field| {
        // browsers send a field without a name where nothing was chosen
        let name = field.file_name.as_deref().filter(|name| !name.is_empty())?;
        Some(Upload::new(name, field.value.clone()))
    });
    Posted {
        text: match fault {
            Some(fault) => Err(fault),
            None => value(TEXT).ok_or(FormError::MissingField).and_then(decode_text),
        },
        file: uploads.next(),
        wants_file: value(WHAT).is_some_and(|what| what == FILE.as_bytes()),
        source: value(SOURCE).and_then(code),
        target: value(TARGET).and_then(code),
        fields,
    }
}

async fn fields(headers: &HeaderMap, body: Bytes) -> (Vec<Field>, Option<FormError>) {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case(URLENCODED) {
        (urlencoded(&body), None)
    } else if media_type.eq_ignore_ascii_case(MULTIPART) {
        let mut fields = Vec::new();
        let fault = multipart(content_type, body, &mut fields).await.err();
        (fields, fault)
    } else {
        (Vec::new(), Some(FormError::NotAForm))
    }
}

fn value<'a>(fields: &'a [Field], name: &str) -> Option<&'a [u8]> {
    fields.iter().find(|field| field.name == name).map(|field| field.value.as_ref())
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

/// Likewise of any field; what is no UTF-8 is replaced.
pub(crate) fn field_in_query(query: &str, name: &str) -> Option<String> {
    value(&urlencoded(query.as_bytes()), name).map(|value| String::from_utf8_lossy(value).into_owned())
}

fn urlencoded(body: &[u8]) -> Vec<Field> {
    let pairs = body.split(|&byte| byte == b'&').filter_map(|pair| {
        let end = pair.iter().position(|&byte| byte == b'=')?;
        let name = String::from_utf8_lossy(&decode(&pair[..end])).into_owned();
        let value = decode(&pair[end + 1..]).into_owned().into();
        Some(Field { name, file_name: None, value })
    });
    pairs.take(MAX_FIELDS).collect()
}

fn decode(encoded: &[u8]) -> Cow<'_, [u8]> {
    if !encoded.contains(&b'+') {
        return percent_decode(encoded).into();
    }
    let spaced: Vec<u8> = encoded.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    Cow::Owned(percent_decode(&spaced).collect())
}

async fn multipart(content_type: &str, body: Bytes, fields: &mut Vec<Field>) -> Result<(), FormError> {
    let boundary = multer::parse_boundary(content_type).map_err(|_| FormError::NotAForm)?;
    let body = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(body)]);
    let mut form = multer::Multipart::new(body, boundary);
    while fields.len() < MAX_FIELDS
        && let Some(field) = form.next_field().await.map_err(|_| FormError::Malformed)?
    {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let value = field.bytes().await;
        let whole = value.is_ok();
        // of a file that did not arrive, the name is still of use
        fields.push(Field { name, file_name, value: value.unwrap_or_default() });
        if !whole {
            return Err(FormError::Malformed);
        }
    }
    Ok(())
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
    async fn a_file_comes_with_its_name_and_without_one_was_not_chosen() {
        let file = |name: &str| {
            format!(
                "--b\r\nContent-Disposition: form-data; name=\"target\"\r\n\r\nfr\r\n--b\r\nContent-Disposition: form-data; \
                 name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n\0a\r\n\r\n--b\r\nContent-Disposition: \
                 form-data; name=\"what\"\r\n\r\nfile\r\n--b--\r\n"
            )
        };
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "multipart/form-data; boundary=b".parse().unwrap());
        let posted = read(&headers, file("Müll.txt").into()).await;
        assert_eq!(posted.file, Some(Upload::new("Müll.txt", Bytes::from_static(b"\0a\r\n"))));
        assert!(posted.wants_file && posted.text == Err(FormError::MissingField));
        assert_eq!(read(&headers, file("").into()).await.file, None);

        let cut = Bytes::from(file("a.docx")).slice(..160);
        let posted = read(&headers, cut).await;
        assert_eq!((posted.target.as_deref(), posted.text), (Some("fr"), Err(FormError::Malformed)));
        assert_eq!(posted.file.unwrap().name, "a.docx");
    }

    #[tokio::test]
    async fn of_a_form_with_more_fields_than_any_of_ours_the_first_count() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, URLENCODED.parse().unwrap());
        let posted = read(&headers, format!("text=a{}", "&a=".repeat(1_000_000)).into()).await;
        assert_eq!((posted.text.as_deref(), posted.fields.len()), (Ok("a"), MAX_FIELDS));
        headers.insert(CONTENT_TYPE, "multipart/form-data; boundary=b".parse().unwrap());
        let part = "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na\r\n";
        let posted = read(&headers, format!("{}--b--\r\n", part.repeat(1000)).into()).await;
        assert_eq!((posted.text.as_deref(), posted.fields.len()), (Ok("a"), MAX_FIELDS));
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
