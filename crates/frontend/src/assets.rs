//! Style sheet, script and icon, in the binary. Each address holds a hash of the content, so that browsers keep a
//! file for ever and still get the next version at once.

use std::hash::{DefaultHasher, Hasher as _};
use std::sync::LazyLock;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::error::PageError;

const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub(crate) struct Asset {
    /// File name with the hash, such as `style-0123456789abcdef.css`.
    name: String,
    media_type: &'static str,
    content: &'static [u8],
}

pub(crate) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("style", "css", "text/css; charset=utf-8", include_bytes!("../static/style.css"))
});
pub(crate) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("page", "js", "text/javascript; charset=utf-8", include_bytes!("../static/page.js"))
});
pub(crate) static JOB_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("job", "js", "text/javascript; charset=utf-8", include_bytes!("../static/job.js"))
});
pub(crate) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_bytes!("../static/icon.svg")));

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, content: &'static [u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(content);
        let hash = hasher.finish();
        Self { name: format!("{stem}-{hash:016x}.{extension}"), media_type, content }
    }

    /// Where the file is found.
    pub(crate) fn address(&self) -> String {
        format!("/assets/{}", self.name)
    }
}

/// `GET /assets/{name}`.
pub(crate) async fn show_asset(name: Result<Path<String>, PathRejection>) -> Result<Response, PageError> {
    let Ok(Path(name)) = name else { return Err(PageError::NotFound) };
    let asset = [&STYLE, &SCRIPT, &JOB_SCRIPT, &ICON].into_iter().find(|asset| asset.name == name);
    let asset = asset.ok_or(PageError::NotFound)?;
    Ok(([(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, FOR_EVER)], asset.content).into_response())
}
