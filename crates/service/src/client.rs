//! Clients of our own services, which speak plain HTTP within one machine or network.

use reqwest::ClientBuilder;

/// A client without proxies and without certificates. A library that looks for the system's would find none in an
/// image, and fail.
pub fn http_client() -> ClientBuilder {
    ClientBuilder::new().no_proxy().tls_certs_only([])
}
