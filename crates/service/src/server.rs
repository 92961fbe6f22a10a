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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::Semaphore,
        task::JoinHandle,
    };

    use super::*;

    /// A server whose one route answers when `gate` lets it, and the request that it has begun to work on.
    struct Busy {
        address: SocketAddr,
        gate: Arc<Semaphore>,
        shutdown: Shutdown,
        served: JoinHandle<()>,
        client: TcpStream,
    }

    async fn busy(drain: Duration) -> Busy {
        let (begun, gate) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let (begins, opens) = (begun.clone(), gate.clone());
        let router = Router::new().route(
            "/",
            get(async move || {
                begins.add_permits(1);
                opens.acquire().await.expect("it is never closed").forget();
                "done"
            }),
        );
        let bound = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = bound.address;
        let shutdown = Shutdown::new();
        let stop = shutdown.clone();
        let served = tokio::spawn(async move { serve(bound, router, &stop, drain).await });
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        begun.acquire().await.unwrap().forget();
        Busy { address, gate, shutdown, served, client }
    }

    #[tokio::test]
    async fn a_soft_stop_refuses_new_connections_and_finishes_what_runs() {
        let mut busy = busy(Duration::from_mins(10)).await;
        busy.shutdown.stop();
        while TcpStream::connect(busy.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        assert!(!busy.served.is_finished());
        busy.gate.add_permits(1);
        let mut answer = String::new();
        busy.client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("done"), "{answer}");
        busy.served.await.unwrap();
    }

    #[tokio::test]
    async fn a_hard_stop_cuts_off_what_runs() {
        let mut busy = busy(Duration::from_mins(10)).await;
        busy.shutdown.abort();
        busy.served.await.unwrap();
        let mut answer = String::new();
        busy.client.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "");
    }

    #[tokio::test]
    async fn the_deadline_makes_a_soft_stop_hard() {
        let busy = busy(Duration::from_millis(1)).await;
        busy.shutdown.stop();
        busy.served.await.unwrap();
    }

    #[tokio::test]
    async fn a_taken_address_is_named() {
        let bound = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let error = bind(bound.address).await.unwrap_err();
        assert_eq!(error.to_string(), format!("cannot listen on {}", bound.address));
    }
}
