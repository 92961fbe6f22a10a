//! The whole system and a browser in front of it, for tests, measurements and pictures of the page.
//!
//! [`Program`] is frontend, backend and engine with the starter model and an SQLite file, as `unlimited` runs them;
//! [`Browser`] is headless Chromium, driven by WebDriver; [`axe`] looks for barriers in what it shows; [`text`] has
//! long texts. The scenarios
//! themselves are in `tests/browser`.

pub mod axe;
mod browser;
mod program;
pub mod text;

pub use browser::{Browser, BrowserOptions};
pub use program::{Program, ProgramOptions};
