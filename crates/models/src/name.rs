//! Names of models and revisions, checked so that none can lead out of a folder or into another address.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// Who publishes the OPUS-MT models; a name without an owner is one of theirs.
const OWNER: &str = "Helsinki-NLP";

/// No name on a hub is longer.
const MAX_NAME: usize = 96;

/// The name of a published model, such as `Helsinki-NLP/opus-mt-de-en`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelName {
    owner: String,
    name: String,
}

impl ModelName {
    /// Who publishes it.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The part after the owner, which is also what its folder is called.
    pub fn folder(&self) -> &str {
        &self.name
    }
}

impl FromStr for ModelName {
    type Err = Error;

    /// Reads `OWNER/NAME`; `NAME` alone is one of the Helsinki-NLP group's.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (owner, name) = text.split_once('/').unwrap_or((OWNER, text));
        if [owner, name].into_iter().all(is_word) {
            Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
        } else {
            Err(Error::Name(text.chars().take(MAX_NAME).collect()))
        }
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// Letters, digits, `-`, `_` and `.`, with a letter or a digit at the start: never `..`, a hidden file or a flag.
pub(crate) fn is_word(word: &str) -> bool {
    word.len() <= MAX_NAME
        && word.starts_with(|first: char| first.is_ascii_alphanumeric())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// A branch, a tag, a commit, or a proposed change such as `refs/pr/4`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision(String);

impl Revision {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Revision {
    /// The branch that every model has.
    fn default() -> Self {
        Self("main".to_owned())
    }
}

impl FromStr for Revision {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.split('/').all(is_word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::Revision(text.chars().take(MAX_NAME).collect()))
        }
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_an_owner_or_the_usual_one() {
        let name: ModelName = "opus-mt-de-en".parse().unwrap();
        assert_eq!(name.to_string(), "Helsinki-NLP/opus-mt-de-en");
        let name: ModelName = "some.one/opus-mt-tc-big-de_en".parse().unwrap();
        assert_eq!((name.owner(), name.folder()), ("some.one", "opus-mt-tc-big-de_en"));
    }

    #[test]
    fn nothing_leads_out_of_a_folder_or_into_another_address() {
        for text in [
            "", "/", "a/", "/a", "..", "a/..", "../a", "a/b/c", ".a", "a/.b", "-a", "a b", "a\\b", "ä",
            "a%2f", "a?b", "a\0",
        ] {
            assert!(text.parse::<ModelName>().is_err(), "{text:?}");
        }
        assert!("a".repeat(97).parse::<ModelName>().is_err());
        for text in ["", "a//b", "../main", "refs/../x", "-x", "a b", "main?x"] {
            assert!(text.parse::<Revision>().is_err(), "{text:?}");
        }
        assert!("refs/pr/4".parse::<Revision>().is_ok());
    }
}
