//! How a visitor wants to read the pages. What was typed into the form when its language was switched comes back in
//! the new one.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Redirect, Response};
use uuid::Uuid;

use super::{App, sql, translate};
use crate::form::Posted;
use crate::locale::Locale;
use crate::visit::{self, Theme, Visit};

/// `POST /settings`: the fields `language` and `theme`, each if it is to change, and `to`, the page to come back to.
/// With a field `text` the answer is the form with that text, and with `query` the SQL page with that.
pub(super) async fn change_settings(State(app): State<Arc<App>>, request: Request) -> Response {
    let headers = request.headers().clone();
    let (posted, _) = translate::posted(&app, request).await;
    let field = |name| posted.field(name).unwrap_or_default();
    let to = field("to");
    let mut visit = Visit { address: visit::within(&to).to_owned(), ..Visit::current() };
    let mut cookies = Vec::new();
    if let Some(locale) = Locale::named(&field("language")) {
        visit.locale = locale;
        cookies.extend(visit.keep_language(&headers));
    }
    if let Some(theme) = Theme::named(&field("theme")) {
        visit.theme = theme;
        cookies.extend(visit.keep_theme(&headers));
    }
    let query = posted.typed("query").filter(|_| app.reader.is_some());
    let mut answer = if let Some(query) = query {
        let visit = Visit { address: "/sql".to_owned(), ..visit };
        visit.scope(async { sql::show_again(query) }).await.into_response()
    } else if posted.text.as_ref().is_ok_and(|text| !text.is_empty())
        && !is_stored(&app, &visit.address, &posted).await
    {
        visit.scope(translate::show_again(&app, posted)).await.into_response()
    } else {
        Redirect::to(&visit.address).into_response()
    };
    for cookie in cookies {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    answer
}

/// Whether the page to come back to is that of a translation of the very text that is in the form.
async fn is_stored(app: &App, address: &str, posted: &Posted) -> bool {
    let id = address.strip_prefix("/translations/").and_then(|id| Uuid::try_parse(id).ok());
    let (Some(id), Ok(text)) = (id, &posted.text) else { return false };
    let stored = app.archive.get(id).await.ok().flatten();
    stored.is_some_and(|(translation, _)| translation.source_text == text.replace("\r\n", "\n"))
}

/// `GET /settings`: there is nothing to see; whoever comes back to the address gets the form.
pub(super) async fn leave() -> Redirect {
    Redirect::to("/")
}
