//! What makes a program a service: secrets from files, logs, metrics, health, shutdown, an HTTP server and the
//! layers around its routes. It knows nothing of translation; both services build on it.

mod client;
pub mod health;
pub mod layers;
pub mod metrics;
pub mod request_id;
pub mod secret;
pub mod server;
pub mod shutdown;
pub mod telemetry;

pub use client::http_client;
pub use request_id::RequestId;
pub use shutdown::Shutdown;
