//! Cookies: what a request brings, and what an answer sets.

use axum::http::{HeaderMap, HeaderValue, header};

/// The longest that browsers keep a cookie.
const MAX_AGE_S: u32 = 400 * 24 * 3600;

/// All that a request brings, by name.
pub(crate) fn all(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// The first with this name.
pub(crate) fn named<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    all(headers).find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// One that is kept for as long as browsers do, hidden from scripts and sent to nobody else. `headers` are those of
/// the request. None if `value` has characters that no header may have.
pub(crate) fn set(headers: &HeaderMap, name: &str, value: &str) -> Option<HeaderValue> {
    // the proxy that ends TLS says so; whoever claims it falsely harms nobody else
    let tls = headers.get("x-forwarded-proto").is_some_and(|protocol| protocol == "https");
    let secure = if tls { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; Max-Age={MAX_AGE_S}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(cookie).ok()
}
