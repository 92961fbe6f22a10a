//! Which pairs there are and which model serves each.

use serde::{Deserialize, Serialize};

/// The answer of `GET /languages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguagesResponse {
    /// Every pair that can be asked for.
    pub pairs: Vec<Pair>,
    /// Source languages that are found out where a request says [`AUTO`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auto: Vec<String>,
    /// Models that are there but cannot be used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<BrokenModel>,
}

/// In place of a source language: it is to be found out.
pub const AUTO: &str = "auto";

/// The name of the model where nothing is translated, because the text is in the target language already.
pub const NO_MODEL: &str = "none";

/// A model that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenModel {
    /// Its name.
    pub name: String,
    /// What is wrong with it, for the operator.
    pub fault: String,
}

/// One direction of translation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// Source language, a BCP 47 code such as `de`.
    pub source: String,
    /// Target language, likewise.
    pub target: String,
    /// The model that serves the pair.
    pub model: Model,
    /// For the starter model: [`STARTER_MODEL`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The language in between, where two models translate one after the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
}

/// What whoever gets translations of the starter model should know, and how to get better ones.
pub const STARTER_MODEL: &str = "The starter model translates: it is small and often wrong. \
    For better translations: unlimited model pull Helsinki-NLP/opus-mt-de-en";

/// A translation model as users are told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Its name, such as `starter-de-en` or `Helsinki-NLP/opus-mt-de-en`; of two in a row, both with ` + ` in between.
    pub name: String,
    /// True for the small model that comes with the program: whoever shows a translation says so.
    pub starter: bool,
}
