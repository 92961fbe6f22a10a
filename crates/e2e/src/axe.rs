//! axe-core, which finds barriers for people who do not see, hear or move as most do: rules of WCAG 2.2 up to AA, and
//! what its makers hold to be good practice.

use std::fmt;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::Browser;

/// Where `cargo xtask test` puts it.
const FILE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/e2e/axe/axe_playwright_python/axe.min.js");

const RULES: &str = "return axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'tag', values: \
                     ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } })";

#[derive(Deserialize)]
struct Results {
    passes: Vec<serde_json::Value>,
    violations: Vec<Violation>,
}

/// A rule that the page breaks.
#[derive(Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<Node>,
}

/// Where it does so.
#[derive(Deserialize)]
struct Node {
    html: String,
    #[serde(rename = "failureSummary")]
    summary: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(to, "{}: {}", self.id, self.help)?;
        for Node { html, summary } in &self.nodes {
            writeln!(to, "  {html}\n    {}", summary.replace('\n', "\n    "))?;
        }
        Ok(())
    }
}

/// Fails with every violation of the page as it is shown now, called `state`.
pub async fn check(browser: &Browser, state: &str) -> Result<()> {
    let source = std::fs::read_to_string(Path::new(FILE))
        .context("axe-core is missing; `cargo xtask test --only browser` fetches it and runs these tests")?;
    // injected by WebDriver, which the page's Content-Security-Policy does not bind
    let results: Results = browser.run(&format!("{source};\n{RULES}"), Vec::new()).await?;
    if results.passes.is_empty() {
        bail!("axe-core checked nothing on: {state}");
    }
    if !results.violations.is_empty() {
        let violations: String = results.violations.iter().map(ToString::to_string).collect();
        bail!("{state} has barriers:\n{violations}");
    }
    Ok(())
}
