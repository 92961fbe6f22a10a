//! Style sheet, scripts and icon, in the binary. Each address holds a hash of the content, so that browsers keep a
//! file for ever and still get the next version at once. Scripts import each other by these addresses, too: the hash
//! of a script covers those of what it imports.

use std::hash::{DefaultHasher, Hasher as _};
use std::sync::LazyLock;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::error::PageError;

const FOR_EVER: &str = "public, max-age=31536000, immutable";

macro_rules! files {
    ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("../static/", $name)))),*] };
}

/// All files of `static/`. A script stands after those that it imports.
const FILES: &[(&str, &str)] = files![
    "icon.svg",
    "style.css",
    "settings.js",
    "messages.js",
    "dom.js",
    "count.js",
    "glossary.js",
    "languages.js",
    "output.js",
    "progress.js",
    "link.js",
    "request.js",
    "sentences.js",
    "alternatives.js",
    "live.js",
    "files.js",
    "page.js",
    "job.js",
];

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    FILES.iter().fold(Vec::new(), |mut assets, (name, content)| {
        assets.push(Asset::new(name, content, &assets));
        assets
    })
});

struct Asset {
    /// File name in `static/`, such as `style.css`.
    file: &'static str,
    /// With the hash, such as `style-0123456789abcdef.css`.
    name: String,
    content: Bytes,
    /// Addresses of all scripts that this one needs, those that these need among them.
    imports: Vec<String>,
}

impl Asset {
    /// `content` imports nothing but `earlier` ones.
    fn new(file: &'static str, content: &str, earlier: &[Self]) -> Self {
        let mut content = content.to_owned();
        let mut imports = Vec::new();
        for other in earlier {
            let import = format!("from \"./{}\"", other.file);
            if content.contains(&import) {
                content = content.replace(&import, &format!("from \"./{}\"", other.name));
                imports.extend(other.imports.iter().cloned().chain([other.address()]));
            }
        }
        imports.sort_unstable();
        imports.dedup();
        let mut hasher = DefaultHasher::new();
        hasher.write(content.as_bytes());
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        let name = format!("{stem}-{:016x}.{extension}", hasher.finish());
        Self { file, name, content: content.into(), imports }
    }

    fn address(&self) -> String {
        format!("/assets/{}", self.name)
    }

    fn media_type(&self) -> &'static str {
        match self.file.rsplit_once('.') {
            Some((_, "css")) => "text/css; charset=utf-8",
            Some((_, "js")) => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        }
    }
}

/// Where a file of `static/` is found; `None` if there is none of this name.
pub(crate) fn address(file: &str) -> Option<String> {
    ASSETS.iter().find(|asset| asset.file == file).map(Asset::address)
}

/// The tags for a page that runs this script: everything that it imports is fetched at once.
pub(crate) fn script(file: &str) -> Option<String> {
    let asset = ASSETS.iter().find(|asset| asset.file == file)?;
    let imports =
        asset.imports.iter().map(|import| format!("<link rel=\"modulepreload\" href=\"{import}\">\n"));
    let script = format!("<script type=\"module\" src=\"{}\"></script>", asset.address());
    Some(imports.chain([script]).collect())
}

/// `GET /assets/{name}`.
pub(crate) async fn show_asset(name: Result<Path<String>, PathRejection>) -> Result<Response, PageError> {
    let Ok(Path(name)) = name else { return Err(PageError::NotFound) };
    let asset = ASSETS.iter().find(|asset| asset.name == name).ok_or(PageError::NotFound)?;
    let headers = [(CONTENT_TYPE, asset.media_type()), (CACHE_CONTROL, FOR_EVER)];
    Ok((headers, asset.content.clone()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_import_nothing_but_hashed_addresses_that_exist() {
        let mut imported = 0;
        for asset in ASSETS.iter().filter(|asset| asset.media_type().starts_with("text/javascript")) {
            let content = str::from_utf8(&asset.content).unwrap();
            for line in content.lines().filter(|line| line.starts_with("import ")) {
                let (_, module) = line.split_once("from \"./").unwrap();
                let name = module.trim_end_matches("\";");
                assert!(ASSETS.iter().any(|asset| asset.name == name), "{line} in {}", asset.file);
                assert!(asset.imports.contains(&format!("/assets/{name}")));
                imported += 1;
            }
        }
        assert!(imported > 10, "{imported}");
    }

    #[test]
    fn a_script_has_another_address_when_what_it_imports_changes() {
        let of = |content| {
            let inner = Asset::new("a.js", content, &[]);
            let outer = Asset::new("b.js", "import { a } from \"./a.js\";", &[inner]);
            Asset::new("c.js", "import { b } from \"./b.js\";", &[outer])
        };
        let (before, after) = (of("export const a = 1;"), of("export const a = 2;"));
        assert_ne!(before.name, after.name);
        assert_eq!(before.imports.len(), 2, "what it imports and what that does");
        assert_eq!(of("export const a = 1;").name, before.name);
    }
}
