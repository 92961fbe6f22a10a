//! The page on which sentences are brought along from other translation programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Alert, Page};
use crate::locale::Locale;
use crate::tmx::Useless;

/// The form, and beside it what came of a file.
#[derive(Debug, Serialize)]
pub(crate) struct ImportPage {
    /// All use them.
    pub(crate) shared: bool,
    pub(crate) max_mb: u32,
    /// How many sentences there are.
    pub(crate) count: i64,
    pub(crate) alert: Option<Alert>,
    pub(crate) report: Option<Report>,
}

impl Page for ImportPage {
    const TEMPLATE: &'static str = "import.html";
}

/// What was taken of a file.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) taken: usize,
    /// Why others were not, and how many.
    pub(crate) left_out: Vec<String>,
}

impl ImportPage {
    /// With what was taken, and what was of no use.
    pub(crate) fn report(self, taken: usize, useless: &BTreeMap<Useless, usize>) -> Self {
        let reason = |(reason, count): (&Useless, &usize)| {
            let name = match reason {
                Useless::NoLanguage => "import-no-language",
                Useless::OneLanguage => "import-one-language",
                Useless::Empty => "import-empty",
                Useless::TooLong => "import-too-long",
                Useless::Repeated => "import-repeated",
            };
            Locale::current().text_with(name, &[("count", (*count).into())])
        };
        Self { report: Some(Report { taken, left_out: useless.iter().map(reason).collect() }), ..self }
    }
}
