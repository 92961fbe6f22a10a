//! The HTTP/1 server: listens, serves a router, and drains before it ends.

use std::{io, net::SocketAddr, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::net::{TcpListener, TcpStream};

use crate::Shutdown;

/// A connection on which no complete request head arrives for so long is closed. Clients that keep idle connections
/// should let go of them earlier.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// Rest after the system refused a connection for want of resources.
const ACCEPT_REST: Duration = Duration::from_millis(200);

/// The address could not be taken.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}")]
pub struct BindError {
    address: SocketAddr,
    source: io::Error,
}

/// A taken address, not yet served.
#[derive(Debug)]
pub struct Bound {
    /// Where connections queue up until [`serve`] accepts them.
    pub listener: TcpListener,
    /// The address really taken: with a port even if port 0 was asked for.
    pub address: SocketAddr,
}

/// Takes `address`; port 0 takes any free port.
pub async fn bind(address: SocketAddr) -> Result<Bound, BindError> {
    let bind = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Bound { listener, address })
    };
    bind.await.map_err(|source| BindError { address, source })
}

/// Serves `router` until `shutdown` is asked for; then refuses new connections, waits up to `drain` for the running
/// requests, and cuts off what is left.
pub async fn serve(bound: Bound, router: Router, shutdown: &Shutdown, drain: Duration) {
    let Bound { listener, .. } = bound;
    let connections = GracefulShutdown::new();
    loop {
        tokio::select! {
            () = shutdown.stopping() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let connection = serve_connection(stream, router.clone(), connections.watcher());
                    let shutdown = shutdown.clone();
                    tokio::spawn(async move {
                        tokio::select! {
                            () = connection => {}
                            () = shutdown.aborted() => {}
                        }
                    });
                }
                Err(error) => rest_after(&error).await,
            }
        }
    }
    drop(listener);
    let mut drained = std::pin::pin!(connections.shutdown());
    tokio::select! {
        () = &mut drained => return,
        () = shutdown.aborted() => {}
        () = tokio::time::sleep(drain) => {
            tracing::warn!(drain_s = drain.as_secs(), "requests still run at the deadline; cutting them off");
            shutdown.abort();
        }
    }
    drained.await;
}

async fn serve_connection(stream: TcpStream, router: Router, watcher: Watcher) {
    // without it, small answers on a kept connection wait for the client's delayed acknowledgement
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection broke");
    }
}

async fn rest_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "cannot accept connections");
        tokio::time::sleep(ACCEPT_REST).await;
    }
}
