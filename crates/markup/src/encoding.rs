//! From bytes to text and back, in the encoding of the document.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How a document is encoded, and whether it says so by a byte order mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Encoded {
    encoding: &'static Encoding,
    mark: bool,
}

/// Decodes a document: by its byte order mark, as UTF-8 if it is that, as `declared`, or by a guess.
/// No byte is lost: what cannot be encoded again to the same bytes is taken for windows-1252.
pub(crate) fn decode(bytes: &[u8], declared: Option<&str>) -> (String, Encoded) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let encoded = Encoded { encoding, mark: true };
        if let Some(text) = exactly(&bytes[length..], encoding) {
            return (text, encoded);
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), Encoded { encoding: UTF_8, mark: false });
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.as_bytes()));
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guessed = detector.guess(None, Utf8Detection::Deny);
    for encoding in declared.into_iter().chain([guessed]) {
        if let Some(text) = exactly(bytes, encoding) {
            return (text, Encoded { encoding, mark: false });
        }
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    (text.into_owned(), Encoded { encoding: WINDOWS_1252, mark: false })
}

/// Decodes if encoding again gives the same bytes.
fn exactly(bytes: &[u8], encoding: &'static Encoding) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned();
    let again = Encoded { encoding, mark: false }.encode(&text)?;
    (again == bytes).then_some(text)
}

impl Encoded {
    /// The bytes of a text in this encoding; `None` if it lacks a character.
    pub(crate) fn encode(self, text: &str) -> Option<Vec<u8>> {
        let with_mark = |mark: &[u8], bytes: &mut dyn Iterator<Item = u8>| {
            let mark = if self.mark { mark } else { &[] };
            mark.iter().copied().chain(bytes).collect()
        };
        if self.encoding == UTF_8 {
            Some(with_mark(b"\xef\xbb\xbf", &mut text.bytes()))
        } else if self.encoding == UTF_16LE {
            Some(with_mark(b"\xff\xfe", &mut text.encode_utf16().flat_map(u16::to_le_bytes)))
        } else if self.encoding == UTF_16BE {
            Some(with_mark(b"\xfe\xff", &mut text.encode_utf16().flat_map(u16::to_be_bytes)))
        } else {
            let (bytes, _, unmappable) = self.encoding.encode(text);
            (!unmappable).then(|| bytes.into_owned())
        }
    }

    /// The same, with numeric character references for what the encoding lacks.
    pub(crate) fn encode_html(self, text: &str) -> Vec<u8> {
        self.encode(text).unwrap_or_else(|| self.encoding.encode(text).0.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn every_encoding_comes_back_to_the_byte() {
        let latin = b"F\xfcr die gr\xf6\xdften \xc4pfel: 5 \x80.";
        let utf16: Vec<u8> =
            [0xfeff].into_iter().chain("Äpfel 🍎".encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], Option<&str>, &str); 5] = [
            (b"\xef\xbb\xbf\xc3\x84pfel", None, "Äpfel"),
            ("Äpfel".as_bytes(), Some("latin1"), "Äpfel"),
            (latin, None, "Für die größten Äpfel: 5 €."),
            (latin, Some("ISO-8859-1"), "Für die größten Äpfel: 5 €."),
            (&utf16, None, "Äpfel 🍎"),
        ];
        for (bytes, declared, text) in cases {
            let (decoded, encoded) = decode(bytes, declared);
            assert_eq!(decoded, text);
            assert_eq!(encoded.encode(&decoded).unwrap(), bytes);
        }
    }

    #[test]
    fn what_an_encoding_lacks_becomes_a_character_reference_in_html() {
        let (_, encoded) = decode(b"gr\xf6\xdfer", Some("windows-1252"));
        assert_eq!(encoded.encode("größer → 東"), None);
        assert_eq!(encoded.encode_html("größer →"), b"gr\xf6\xdfer &#8594;");
    }
}
