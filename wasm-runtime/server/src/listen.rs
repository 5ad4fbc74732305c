//! Listening, and connections.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;

use crate::error::ServerError;
use crate::site::{self, Options};

/// The most bytes of a request's head.
const MOST_OF_HEAD: usize = 16 << 10;
/// The most headers of a request.
const MOST_HEADERS: usize = 64;
/// How long answers may take that are on their way when the server stops.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How long nothing is accepted after the system could not.
const PAUSE: Duration = Duration::from_millis(100);
/// How many ports are tried.
const TRIES: u16 = 20;

/// Where a server listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen {
    /// The address.
    pub address: IpAddr,
    /// The port.
    pub port: Port,
}

/// A port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// This one, or none; 0 is any that is free.
    Exactly(u16),
    /// This one, or one of the next twenty.
    From(u16),
}

/// What clients may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most connections at a time; further ones wait.
    pub connections: usize,
    /// How long a request's head may take, and how long a client may read nothing of its answer.
    pub patience: Duration,
}

impl Default for Limits {
    /// 256 connections, 30 seconds.
    fn default() -> Limits {
        Limits { connections: 256, patience: Duration::from_secs(30) }
    }
}

impl Default for Listen {
    /// `127.0.0.1:8080`, or the next free port.
    fn default() -> Listen {
        Listen { address: IpAddr::V4(Ipv4Addr::LOCALHOST), port: Port::From(8080) }
    }
}

/// A server that listens already, and answers once it runs.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    limits: Limits,
}

impl Server {
    /// Starts to listen.
    ///
    /// # Errors
    /// If nobody can listen there.
    pub async fn bind(listen: Listen, options: Options) -> Result<Server, ServerError> {
        let (first, last) = match listen.port {
            Port::Exactly(port) => (port, port),
            Port::From(port) => (port, port.saturating_add(TRIES)),
        };
        for port in first..=last {
            let address = SocketAddr::new(listen.address, port);
            let listener = match TcpListener::bind(address).await {
                Ok(listener) => listener,
                Err(cause) if cause.kind() == io::ErrorKind::AddrInUse && port < last => continue,
                Err(cause) if cause.kind() == io::ErrorKind::AddrInUse && first < last => {
                    return Err(ServerError::NoPort { first, last });
                }
                Err(cause) => return Err(ServerError::Listen { address, cause }),
            };
            let address = listener.local_addr().map_err(|cause| ServerError::Listen { address, cause })?;
            return Ok(Server { listener, address, router: site::router(options), limits: Limits::default() });
        }
        Err(ServerError::NoPort { first, last })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Server {
        Server { limits, ..self }
    }

    /// Answers until `stop` comes; what is being answered then has two seconds to end.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let ending = GracefulShutdown::new();
        let permits = Arc::new(Semaphore::new(self.limits.connections));
        tokio::pin!(stop);
        loop {
            let accepted = async {
                let permit = Arc::clone(&permits).acquire_owned().await;
                let permit = permit.expect("nobody closes the semaphore");
                (permit, self.listener.accept().await)
            };
            let (permit, accepted) = tokio::select! {
                () = &mut stop => break,
                accepted = accepted => accepted,
            };
            match accepted {
                Ok((stream, peer)) => serve((stream, peer), permit, &self.router, &ending, self.limits.patience),
                // Too many open files, or a connection that is gone already: others may be fine in a moment.
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
        drop(self.listener);
        let _ = tokio::time::timeout(LAST_WORDS, ending.shutdown()).await;
    }
}

/// Answers the requests of a connection, beside others.
///
/// A client that reads nothing is given up after a while: else a few hundred of them would keep all others out.
fn serve(
    (stream, peer): (TcpStream, SocketAddr),
    permit: OwnedSemaphorePermit,
    router: &Router,
    ending: &GracefulShutdown,
    patience: Duration,
) {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience));
    let router = TowerToHyperService::new(router.clone());
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(MOST_OF_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let connection = ending.watch(connection);
    tokio::spawn(async move {
        // Whoever breaks off has a reason of its own.
        let _ = connection.await;
        drop(permit);
    });
}
