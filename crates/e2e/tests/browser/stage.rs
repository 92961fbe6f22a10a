//! A program and a browser in front of it.

use anyhow::Result;
use e2e::{Browser, BrowserOptions, Program, ProgramOptions};
use serde_json::Value;

/// What a test plays on.
pub(crate) struct Stage {
    // ended first
    pub(crate) browser: Browser,
    pub(crate) program: Program,
}

impl Stage {
    /// With everything as usual.
    pub(crate) async fn set() -> Result<Self> {
        Self::with(ProgramOptions::default(), BrowserOptions::default()).await
    }

    /// With this difference.
    pub(crate) async fn with(program: ProgramOptions<'_>, browser: BrowserOptions<'_>) -> Result<Self> {
        let (program, browser) = tokio::try_join!(Program::start(program), Browser::start(browser))?;
        Ok(Self { browser, program })
    }

    /// Shows a page, such as `/history`.
    pub(crate) async fn open(&self, path: &str) -> Result<()> {
        self.browser.open(&self.program.url(path)).await
    }

    /// From now on, notes what the page asks for while its text changes: see [`Self::live`].
    pub(crate) async fn listen(&self) -> Result<()> {
        const LISTEN: &str = "window.live = []; const original = window.fetch; \
            window.fetch = async (address, options) => { \
                const response = await original(address, options); \
                const asked = JSON.parse(options.body); \
                response.clone().text().then((answer) => live.push({ asked, \
                    events: answer.trim().split('\\n').map((line) => JSON.parse(line)) }), () => {}); \
                return response; \
            }; return true";
        let _: bool = self.browser.run(LISTEN, Vec::new()).await?;
        Ok(())
    }

    /// The requests that were answered in full, as `asked` and `events`, and forgets them.
    pub(crate) async fn live(&self) -> Result<Vec<Value>> {
        self.browser.eval("window.live.splice(0)").await
    }
}
