//! What keeps other sites from acting through a visitor's browser: headers on every answer (the service's layers add `nosniff`), and no posts from
//! elsewhere. Neither HSTS nor `upgrade-insecure-requests`: the service speaks plain HTTP, and only the operator
//! knows whether TLS is in front of it.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::IntoResponse as _;
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::error::PageError;

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    // Tells other sites nothing, like `no-referrer`; but under that one browsers post our own form with
    // `Origin: null`, which over plain HTTP is all that tells it from a form of another site.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Puts the protection around all routes of `router`.
pub(crate) fn apply(router: Router) -> Router {
    let refuse_cross_site =
        CsrfLayer::new().with_rejection_response(|_| PageError::CrossSite.into_response());
    HEADERS.into_iter().fold(router.layer(refuse_cross_site), |router, (name, value)| {
        router.layer(SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value)))
    })
}
