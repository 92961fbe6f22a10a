//! The characters of a file: by its byte order mark, else by what its first line says, else UTF-8.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{Fault, TmxError};

/// Within so many bytes the declaration ends.
const HEAD: usize = 200;

pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, TmxError> {
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None => (declared(bytes)?, 0),
    };
    let (text, faulty) = encoding.decode_without_bom_handling(&bytes[mark..]);
    if faulty {
        let replaced = text.find('\u{fffd}').unwrap_or_default();
        let line = 1 + text[..replaced].matches('\n').count();
        return Err(TmxError { fault: Fault::Encoding(encoding.name()), line });
    }
    Ok(text)
}

fn declared(bytes: &[u8]) -> Result<&'static Encoding, TmxError> {
    // in UTF-16 each character of the declaration has a zero beside it
    match bytes {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let declaration = head.split("?>").next().filter(|head| head.starts_with("<?xml"));
    let name = declaration.and_then(|declaration| declaration.split_once("encoding"));
    let Some((_, name)) = name else { return Ok(UTF_8) };
    let name = name.split(['"', '\'']).nth(1).unwrap_or_default();
    // without a mark it cannot be UTF-16, whatever it says
    match Encoding::for_label(name.as_bytes()) {
        Some(encoding) if encoding != UTF_16LE && encoding != UTF_16BE => Ok(encoding),
        Some(_) => Ok(UTF_8),
        None => {
            let name = name.chars().take(40).collect();
            Err(TmxError { fault: Fault::UnknownEncoding(name), line: 1 })
        }
    }
}
