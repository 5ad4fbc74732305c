//! HTTP: GET with limits, retries and credentials that stay where they belong.
//!
//! A blocking client serves us best: a run fetches a handful of files one after
//! another, and an asynchronous runtime would cost start-up time and size for nothing.
//! Nothing here is set up before the first request.

use std::io::{self, Read};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::crypto::ring;
use ureq::Agent;
use ureq::http::{HeaderMap, StatusCode};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, TlsProvider, parse_pem};
use url::Url;

use crate::access::Access;

/// How patient we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How often a request is tried.
    pub attempts: u32,
    /// The pause after the first failure; it doubles with each.
    pub pause: Duration,
    /// The most time for a connection or until a server says more.
    pub idle: Duration,
    /// The most time for a whole answer.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            attempts: 4,
            pause: Duration::from_millis(300),
            idle: Duration::from_secs(30),
            total: Duration::from_secs(300),
        }
    }
}

/// The most redirects, as in Go.
const REDIRECTS: usize = 10;

/// Why there is no answer. `Display` is close to what Go says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HttpError {
    /// No connection, a broken one, or too slow a server.
    Unreachable(String),
    /// A server whose certificate we do not trust: it will be the same next time.
    Untrusted(String),
    /// An answer that cannot be used.
    Bad(String),
    /// A mistake in the flags, such as a certificate that cannot be read.
    Setup(String),
}

impl std::fmt::Display for HttpError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            HttpError::Unreachable(m) | HttpError::Untrusted(m) | HttpError::Bad(m) | HttpError::Setup(m) => {
                f.write_str(m)
            }
        }
    }
}

impl From<HttpError> for flux::FetchError {
    fn from(error: HttpError) -> flux::FetchError {
        match error {
            HttpError::Unreachable(m) | HttpError::Untrusted(m) => flux::FetchError::Unreachable(m),
            HttpError::Bad(m) | HttpError::Setup(m) => flux::FetchError::Invalid(m),
        }
    }
}

/// What is asked of a server.
#[derive(Clone, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) url: &'a Url,
    pub(crate) accept: &'a str,
    /// `Authorization`, for this URL's host only unless `everywhere`.
    pub(crate) authorization: Option<&'a str>,
    pub(crate) everywhere: bool,
    /// `If-None-Match`
    pub(crate) etag: Option<&'a str>,
    /// A form that is posted.
    pub(crate) form: Option<&'a [(&'a str, &'a str)]>,
    /// The most bytes of the answer.
    pub(crate) most: u64,
}

impl<'a> Request<'a> {
    /// A GET of at most so many bytes.
    pub(crate) fn get(url: &'a Url, most: u64) -> Request<'a> {
        Request { url, accept: "*/*", authorization: None, everywhere: false, etag: None, form: None, most }
    }
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The status as Go writes it: `404 Not Found`.
    pub(crate) fn status_text(&self) -> String {
        match self.status.canonical_reason() {
            Some(reason) => format!("{} {reason}", self.status.as_u16()),
            None => self.status.as_u16().to_string(),
        }
    }
}

/// A client with one server's trust.
pub(crate) struct Client {
    access: Access,
    patience: Patience,
    agent: OnceLock<Result<Agent, HttpError>>,
}

impl Client {
    pub(crate) fn new(access: Access, patience: Patience) -> Client {
        Client { access, patience, agent: OnceLock::new() }
    }

    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// Asks, again after failures that may pass.
    pub(crate) fn send(&self, request: &Request<'_>) -> Result<Response, HttpError> {
        let agent = self.agent.get_or_init(|| agent(&self.access, &self.patience)).as_ref().map_err(Clone::clone)?;
        let mut pause = self.patience.pause;
        let mut attempt = 1;
        loop {
            let result = follow(agent, request);
            let again = match &result {
                Ok(response) => response.status.is_server_error() || response.status == StatusCode::TOO_MANY_REQUESTS,
                Err(HttpError::Unreachable(_)) => true,
                Err(_) => false,
            };
            if !again || attempt >= self.patience.attempts {
                return match result {
                    Ok(response) if response.status.is_server_error() => Err(HttpError::Unreachable(format!(
                        "failed to fetch {} : {}",
                        request.url,
                        response.status_text()
                    ))),
                    result => result,
                };
            }
            attempt += 1;
            std::thread::sleep(pause);
            pause *= 2;
        }
    }
}

/// The most bytes of a file of values.
const MOST_OF_VALUES: u64 = 5 << 20;

/// Fetches a file of values, as `helm template --values URL` does.
///
/// # Errors
/// In Helm's words.
pub fn file_at(url: &str, offline: bool) -> Result<Vec<u8>, String> {
    let parsed = Url::parse(url).map_err(|e| format!("{url}: {e}"))?;
    if offline {
        return Err(format!("{}: --offline keeps from fetching it", shown(&parsed)));
    }
    let (mut url, mut access) = (parsed, Access::default());
    access.take_from(&mut url);
    let authorization = access.authorization();
    let client = Client::new(access, Patience::default());
    let request = Request { authorization: authorization.as_deref(), ..Request::get(&url, MOST_OF_VALUES) };
    let response = client.send(&request).map_err(|e| e.to_string())?;
    if response.status == StatusCode::OK {
        return Ok(response.body);
    }
    Err(format!("failed to fetch {} : {}", shown(&url), response.status_text()))
}

/// Asks, and follows redirects.
fn follow(agent: &Agent, request: &Request<'_>) -> Result<Response, HttpError> {
    let mut url = request.url.clone();
    for _ in 0..=REDIRECTS {
        let authorization = request.authorization.filter(|_| request.everywhere || same_server(request.url, &url));
        let response = once(agent, request, &url, authorization)?;
        let moved = matches!(response.status.as_u16(), 301 | 302 | 303 | 307 | 308);
        let Some(to) = response.header("location").filter(|_| moved) else { return Ok(response) };
        let next = url.join(to).map_err(|e| HttpError::Bad(format!("{} redirects to no URL: {e}", shown(&url))))?;
        let downgrade = url.scheme() == "https" && next.scheme() != "https";
        if downgrade || !matches!(next.scheme(), "http" | "https") {
            return Err(HttpError::Bad(format!("{} redirects to {}: refused", shown(&url), shown(&next))));
        }
        url = next;
    }
    Err(HttpError::Bad(format!("Get {:?}: stopped after {REDIRECTS} redirects", request.url.as_str())))
}

/// Whether two URLs lead to the same server.
pub(crate) fn same_server(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && a.host_str() == b.host_str() && a.port_or_known_default() == b.port_or_known_default()
}

/// A URL for messages: what follows the path may be a secret.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    Access::default().take_from(&mut url);
    url.to_string()
}

fn once(agent: &Agent, request: &Request<'_>, url: &Url, authorization: Option<&str>) -> Result<Response, HttpError> {
    let failed = |e: ureq::Error| failure(url, &e);
    let header = |name: &'static str, value: Option<&str>| value.map(|v| (name, v.to_owned()));
    let headers = [
        header("accept", Some(request.accept)),
        header("authorization", authorization),
        header("if-none-match", request.etag),
    ];
    let headers = headers.into_iter().flatten();
    let result = match request.form {
        Some(form) => {
            let post = headers.fold(agent.post(url.as_str()), |r, (name, value)| r.header(name, value));
            post.send_form(form.iter().copied())
        }
        None => headers.fold(agent.get(url.as_str()), |r, (name, value)| r.header(name, value)).call(),
    };
    let (parts, body) = result.map_err(failed)?.into_parts();
    let too_large = || HttpError::Bad(format!("{} sends more than {} bytes", shown(url), request.most));
    if body.content_length().is_some_and(|length| length > request.most) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    body.into_reader().take(request.most + 1).read_to_end(&mut bytes).map_err(|e| failed(ureq::Error::from(e)))?;
    if bytes.len() as u64 > request.most {
        return Err(too_large());
    }
    Ok(Response { status: parts.status, headers: parts.headers, body: bytes })
}

/// An error as Go's `http.Client` puts it.
fn failure(url: &Url, error: &ureq::Error) -> HttpError {
    let place = || {
        let port = url.port_or_known_default().unwrap_or_default();
        format!("{}:{port}", url.host_str().unwrap_or_default())
    };
    let no_host = || format!("dial tcp: lookup {}: no such host", url.host_str().unwrap_or_default());
    let why = match error {
        ureq::Error::Io(e) if e.kind() == io::ErrorKind::ConnectionRefused => {
            format!("dial tcp {}: connect: connection refused", place())
        }
        ureq::Error::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => "unexpected EOF".to_owned(),
        ureq::Error::Io(e) if e.kind() == io::ErrorKind::ConnectionReset => "connection reset by peer".to_owned(),
        ureq::Error::HostNotFound => no_host(),
        // The system's own words for a name that nobody knows.
        ureq::Error::Io(e) if e.to_string().contains("lookup address") => no_host(),
        ureq::Error::Timeout(what) => format!("timed out ({what})"),
        other => of_tls(other).map_or_else(|| other.to_string(), tls_words),
    };
    let text = format!("Get {:?}: {why}", shown(url));
    match error {
        error if matches!(of_tls(error), Some(rustls::Error::InvalidCertificate(_))) => HttpError::Untrusted(text),
        ureq::Error::Http(_) | ureq::Error::BadUri(_) | ureq::Error::Pem(_) => HttpError::Setup(text),
        _ => HttpError::Unreachable(text),
    }
}

/// What TLS has to do with an error.
fn of_tls(error: &ureq::Error) -> Option<&rustls::Error> {
    match error {
        ureq::Error::Io(e) => e.get_ref()?.downcast_ref(),
        ureq::Error::Rustls(e) => Some(e),
        _ => None,
    }
}

/// What Go says of TLS that failed.
fn tls_words(error: &rustls::Error) -> String {
    use rustls::{CertificateError, Error};
    let certificate = |why: &str| format!("tls: failed to verify certificate: x509: {why}");
    match error {
        Error::InvalidMessage(_) => "tls: first record does not look like a TLS handshake".into(),
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            certificate("certificate signed by unknown authority")
        }
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            certificate("certificate has expired or is not yet valid")
        }
        Error::InvalidCertificate(why) => certificate(&why.to_string()),
        other => format!("tls: {other}"),
    }
}

fn agent(access: &Access, patience: &Patience) -> Result<Agent, HttpError> {
    let setup = |what: &str, e: &dyn std::fmt::Display| {
        HttpError::Setup(format!("can't create TLS config for client: can't load {what}: {e}"))
    };
    let roots = match &access.ca {
        None => RootCerts::PlatformVerifier,
        Some(pem) => {
            let pem = pem.read().map_err(|e| setup("CA file", &e))?;
            let certificates = certificates(&pem);
            if certificates.is_empty() {
                return Err(setup("CA file", &"no certificate in PEM"));
            }
            RootCerts::from(certificates)
        }
    };
    let own = match (&access.certificate, &access.key) {
        (Some(certificate), Some(key)) => {
            let chain = certificates(&certificate.read().map_err(|e| setup("key pair from cert", &e))?);
            let key = key.read().map_err(|e| setup("key pair from cert", &e))?;
            let key = PrivateKey::from_pem(&key).map_err(|e| setup("key pair from cert", &e))?;
            Some(ClientCert::new_with_certs(&chain, key))
        }
        _ => None,
    };
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .root_certs(roots)
        .client_cert(own)
        .disable_verification(access.insecure)
        .build();
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("chartwright/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(patience.idle))
        .timeout_recv_response(Some(patience.idle))
        .timeout_per_read(Some(patience.idle))
        .timeout_global(Some(patience.total))
        .tls_config(tls)
        .build();
    Ok(config.into())
}

fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    parse_pem(pem).filter_map(certificate).collect()
}
