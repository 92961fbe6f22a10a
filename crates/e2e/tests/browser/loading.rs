//! What a page loads: little, once, and from nowhere else.

use anyhow::Result;
use serde::Deserialize;

use crate::stage::Stage;

/// The most bytes that a page with all it needs may have on its way.
const HEAVY: u64 = 60_000;

/// Something that was loaded. The browser says 0 bytes for what it had.
#[derive(Debug, Deserialize)]
struct Loaded {
    name: String,
    bytes: u64,
}

async fn loaded(stage: &Stage, path: &str) -> Result<Vec<Loaded>> {
    const LOADED: &str = "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]\
                          .map(({ name, transferSize }) => ({ name, bytes: transferSize }))";
    stage.open(path).await?;
    stage.browser.eval(LOADED).await
}

#[tokio::test]
async fn pages_are_light_keep_what_they_loaded_and_ask_nobody_else() -> Result<()> {
    let stage = Stage::set().await?;
    for path in ["/", "/history"] {
        let all = loaded(&stage, path).await?;
        let bytes: u64 = all.iter().map(|loaded| loaded.bytes).sum();
        assert!(0 < bytes && bytes < HEAVY, "{path}: {all:#?}");
        let elsewhere = all.iter().find(|loaded| !loaded.name.starts_with(&stage.program.url("/")));
        assert!(elsewhere.is_none(), "{path}: {elsewhere:?}");

        let again = loaded(&stage, path).await?;
        assert!(again.len() > 1, "{path} has a style at least");
        for asset in again.iter().filter(|loaded| loaded.name.contains("/assets/")) {
            assert_eq!(asset.bytes, 0, "{asset:?} is loaded again");
        }
    }
    Ok(())
}
