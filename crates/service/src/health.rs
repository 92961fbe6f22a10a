//! Liveness, readiness, and the client that asks for it where an image has no shell.

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use tokio::sync::watch;

use crate::http_client;

/// Longest wait of [`healthcheck`]; below the limits that orchestrators set by default.
const HEALTHCHECK_TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Status {
    Ready,
    NotReady(Cow<'static, str>),
    Closed(Cow<'static, str>),
}

/// Whether the service can do its work now. Clones share one state.
#[derive(Clone, Debug)]
pub struct Readiness(Arc<watch::Sender<Status>>);

impl Readiness {
    /// Not ready, for `reason`: a few words such as `loading the model`.
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(watch::Sender::new(Status::NotReady(reason.into()))))
    }

    /// Ready, unless closed.
    pub fn ready(&self) {
        self.change(Status::Ready);
    }

    /// Not ready for the time being, unless closed.
    pub fn not_ready(&self, reason: impl Into<Cow<'static, str>>) {
        self.change(Status::NotReady(reason.into()));
    }

    /// Never ready again: it stops, or is broken. The first reason stays.
    pub fn close(&self, reason: impl Into<Cow<'static, str>>) {
        self.change(Status::Closed(reason.into()));
    }

    fn change(&self, next: Status) {
        self.0.send_if_modified(|state| {
            let changes = !matches!(state, Status::Closed(_)) && *state != next;
            if changes {
                *state = next;
            }
            changes
        });
    }

    /// `Err` with the reason if not ready.
    pub fn check(&self) -> Result<(), Cow<'static, str>> {
        match &*self.0.borrow() {
            Status::Ready => Ok(()),
            Status::NotReady(reason) | Status::Closed(reason) => Err(reason.clone()),
        }
    }
}

/// `GET /livez`: 200 as long as the process answers at all. `GET /readyz`: 200, or 503 with the reason.
pub fn routes(readiness: Readiness) -> Router {
    Router::new()
        .route("/livez", get(async || "live\n"))
        .route("/readyz", get(show_readiness))
        .with_state(readiness)
}

async fn show_readiness(State(readiness): State<Readiness>) -> (StatusCode, String) {
    match readiness.check() {
        Ok(()) => (StatusCode::OK, "ready\n".to_owned()),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {reason}\n")),
    }
}

/// Why a service counts as unhealthy.
#[derive(Debug, thiserror::Error)]
pub enum HealthcheckError {
    /// Nobody answered within three seconds.
    #[error("{url} does not answer")]
    NoAnswer {
        /// What was asked for.
        url: String,
        /// What failed.
        source: reqwest::Error,
    },
    /// The answer was not 200.
    #[error("{url} answers {status}: {body}")]
    Unhealthy {
        /// What was asked for.
        url: String,
        /// The status.
        status: StatusCode,
        /// The reason.
        body: String,
    },
}

/// Where a service that listens on `listen` answers for its readiness on this machine.
pub fn ready_url(listen: SocketAddr) -> String {
    let ip = match listen.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}/readyz", SocketAddr::new(ip, listen.port()))
}

/// Asks `url` (plain `http://`), as the subcommand `healthcheck` of a service does: `Ok` if it answers 200 within
/// three seconds.
pub async fn healthcheck(url: &str) -> Result<(), HealthcheckError> {
    let no_answer = |source| HealthcheckError::NoAnswer { url: url.to_owned(), source };
    let client = http_client().timeout(HEALTHCHECK_TIMEOUT).build().map_err(no_answer)?;
    let response = client.get(url).send().await.map_err(no_answer)?;
    let status = response.status();
    if status == StatusCode::OK {
        return Ok(());
    }
    let body = response.text().await.map_err(no_answer)?.trim_end().to_owned();
    Err(HealthcheckError::Unhealthy { url: url.to_owned(), status, body })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Shutdown, server};

    #[test]
    fn closed_is_for_good() {
        let readiness = Readiness::new("starting");
        assert_eq!(readiness.check(), Err("starting".into()));
        readiness.ready();
        assert_eq!(readiness.check(), Ok(()));
        readiness.not_ready("the database is away");
        assert_eq!(readiness.check(), Err("the database is away".into()));
        readiness.close("stopping");
        readiness.ready();
        readiness.close("something else");
        assert_eq!(readiness.check(), Err("stopping".into()));
    }

    #[test]
    fn a_service_that_listens_everywhere_is_asked_on_loopback() {
        let url = |listen: &str| ready_url(listen.parse().unwrap());
        assert_eq!(url("0.0.0.0:8000"), "http://127.0.0.1:8000/readyz");
        assert_eq!(url("[::]:8000"), "http://[::1]:8000/readyz");
        assert_eq!(url("10.0.0.7:80"), "http://10.0.0.7:80/readyz");
    }

    #[tokio::test]
    async fn the_healthcheck_follows_readiness() {
        let bound = server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let url = ready_url(bound.address);
        let (readiness, shutdown) = (Readiness::new("loading the model"), Shutdown::new());
        let stop = shutdown.clone();
        let routes = routes(readiness.clone());
        let served = tokio::spawn(async move {
            server::serve(bound, routes, &stop, Duration::from_secs(5)).await;
        });

        let error = healthcheck(&url).await.unwrap_err().to_string();
        assert_eq!(error, format!("{url} answers 503 Service Unavailable: not ready: loading the model"));
        readiness.ready();
        healthcheck(&url).await.unwrap();
        shutdown.stop();
        served.await.unwrap();
        let error = healthcheck(&url).await.unwrap_err().to_string();
        assert_eq!(error, format!("{url} does not answer"));
    }
}
