//! In which language a text is, among those from which it could be translated.

use std::str::FromStr as _;

use lingua::{IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder};

/// What is looked at of a long text: pieces of so many bytes from its start, its middle and its end.
const PIECE: usize = 1500;

/// Tells languages apart.
pub(crate) struct Detector {
    lingua: Option<LanguageDetector>,
    known: Vec<(String, Language)>,
}

/// A language and how sure it is, from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Guess {
    pub(crate) language: String,
    pub(crate) confidence: f64,
}

impl Detector {
    /// For these languages, as far as they are known.
    pub(crate) fn new(languages: impl IntoIterator<Item = String>) -> Self {
        let mut known: Vec<(String, Language)> = Vec::new();
        for code in languages {
            if let Some(language) = language(&code)
                && !known.iter().any(|(_, other)| *other == language)
            {
                known.push((code, language));
            }
        }
        let languages: Vec<Language> = known.iter().map(|(_, language)| *language).collect();
        // with a single language there is nothing to tell apart
        let lingua =
            (languages.len() > 1).then(|| LanguageDetectorBuilder::from_languages(&languages).build());
        Self { lingua, known }
    }

    /// Whether it can find this language.
    pub(crate) fn knows(&self, code: &str) -> bool {
        self.lingua.is_some() && self.known.iter().any(|(known, _)| known == code)
    }

    /// How likely each of `candidates` is that it knows, the likeliest first; their confidences sum up to 1, or are all
    /// 0 for a text without letters.
    pub(crate) fn guess(&self, text: &str, candidates: &[String]) -> Vec<Guess> {
        let Some(lingua) = &self.lingua else { return Vec::new() };
        let values = lingua.compute_language_confidence_values(sample(text));
        let mut guesses: Vec<Guess> = values
            .into_iter()
            .filter_map(|(language, confidence)| {
                let (code, _) = self.known.iter().find(|(_, known)| *known == language)?;
                candidates.contains(code).then(|| Guess { language: code.clone(), confidence })
            })
            .collect();
        let total: f64 = guesses.iter().map(|guess| guess.confidence).sum();
        if total > 0.0 {
            for guess in &mut guesses {
                guess.confidence /= total;
            }
        }
        guesses.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        guesses
    }
}

/// The language with this code, if it was built in.
fn language(code: &str) -> Option<Language> {
    let code = code.split('-').next().unwrap_or_default();
    let iso = IsoCode639_1::from_str(code).ok()?;
    Some(Language::from_iso_code_639_1(&iso))
}

fn sample(text: &str) -> String {
    if text.len() <= 3 * PIECE {
        return text.to_owned();
    }
    let middle = text.len() / 2;
    let piece = |start: usize| {
        let (start, end) = (text.floor_char_boundary(start), text.floor_char_boundary(start + PIECE));
        &text[start..end]
    };
    [piece(0), piece(middle), piece(text.len() - PIECE)].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(codes: &[&str]) -> Vec<String> {
        codes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn sentences_are_told_apart_and_single_words_are_in_doubt() {
        let detector = Detector::new(codes(&["de", "en", "fr", "xx"]));
        let all = codes(&["de", "en", "fr"]);
        for (text, expected) in [
            ("Wie geht es dir heute?", "de"),
            ("How are you doing today?", "en"),
            ("Comment allez-vous aujourd'hui ?", "fr"),
        ] {
            let best = detector.guess(text, &all).swap_remove(0);
            assert_eq!(best.language, expected);
            assert!(best.confidence > 0.7, "{best:?}");
        }
        let word = detector.guess("Test", &all).swap_remove(0);
        assert!(word.confidence < 0.7, "{word:?}");
        assert!(detector.guess("12345", &all).iter().all(|guess| guess.confidence == 0.0));
        assert!(!detector.knows("xx"));
    }

    #[test]
    fn only_candidates_are_guessed() {
        let detector = Detector::new(codes(&["de", "en", "fr"]));
        let guesses = detector.guess("Comment allez-vous aujourd'hui ?", &codes(&["de", "en"]));
        assert_eq!(guesses.len(), 2);
        assert!((guesses.iter().map(|guess| guess.confidence).sum::<f64>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_long_text_is_judged_by_all_of_its_parts() {
        let text = format!("Title.\n{}", "Ein längerer deutscher Satz über dies und das. ".repeat(10_000));
        let best = Detector::new(codes(&["de", "en"])).guess(&text, &codes(&["de", "en"])).swap_remove(0);
        assert_eq!(best.language, "de");
        assert!(sample(&text).len() < 4 * PIECE);
    }
}
