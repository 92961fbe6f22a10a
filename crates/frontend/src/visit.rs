//! How a visitor reads the pages: in which language, light or dark. Both are kept in cookies of their own, which say
//! nothing else of the visitor.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::cookies;
use crate::locale::Locale;

const LANGUAGE: &str = "language";
const THEME: &str = "theme";

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the browser's system has it.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A request as far as it matters to how a page looks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visit {
    pub(crate) locale: Locale,
    pub(crate) theme: Theme,
    /// The path and query of what is asked for, to come back to.
    pub(crate) address: String,
    /// Whether there is an SQL page.
    pub(crate) sql: bool,
}

tokio::task_local! {
    static CURRENT: Visit;
}

impl Visit {
    /// That of the running handler; the default outside of one, which includes tasks it spawned and streams it
    /// returned.
    pub(crate) fn current() -> Self {
        CURRENT.try_with(Clone::clone).unwrap_or_default()
    }

    fn of(request: &Request, sql: bool) -> Self {
        let headers = request.headers();
        let accepted = || {
            let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
            Locale::accepted(header.unwrap_or_default())
        };
        Self {
            locale: cookies::named(headers, LANGUAGE).and_then(Locale::named).unwrap_or_else(accepted),
            theme: cookies::named(headers, THEME).and_then(Theme::named).unwrap_or_default(),
            address: request.uri().path_and_query().map_or_else(String::new, ToString::to_string),
            sql,
        }
    }

    /// Runs `work` as what answers this visit.
    pub(crate) async fn scope<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }

    /// The cookie that keeps the language.
    pub(crate) fn keep_language(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        cookies::set(headers, LANGUAGE, self.locale.code())
    }

    /// The cookie that keeps light or dark.
    pub(crate) fn keep_theme(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        cookies::set(headers, THEME, self.theme.name())
    }
}

impl Locale {
    /// Of the running handler.
    pub(crate) fn current() -> Self {
        CURRENT.try_with(|visit| visit.locale).unwrap_or_default()
    }
}

/// Has every handler know how its visitor reads and whether there is an SQL page, and tells caches what the answer
/// depends on.
pub(crate) async fn layer(State(sql): State<bool>, request: Request, next: Next) -> Response {
    let asset = request.uri().path().starts_with("/assets/");
    let visit = Visit::of(&request, sql);
    let mut response = visit.scope(next.run(request)).await;
    if !asset {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    }
    response
}

/// The address if it is one of these pages, or else the first page.
pub(crate) fn within(address: &str) -> &str {
    // two slashes begin the name of another host; browsers take a backslash for a slash
    let ours = address.starts_with('/')
        && !address[1..].starts_with(['/', '\\'])
        && address.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
    if ours { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for ours in ["/", "/history?after=1.2", "/translations/x"] {
            assert_eq!(within(ours), ours);
        }
        for theirs in ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "/ä"] {
            assert_eq!(within(theirs), "/", "{theirs}");
        }
    }
}
