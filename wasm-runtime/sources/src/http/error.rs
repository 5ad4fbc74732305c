//! Why there is no answer, in words that are close to what Go says.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use ureq::http::StatusCode;

use crate::address::Address;
use crate::http::public::NotPublic;
use crate::reason::Reason;

/// Why a server gave no answer, or one that cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// No connection, a broken one, or too slow a server.
    #[error("Get \"{address}\": {words}")]
    Unreachable {
        /// What was asked for.
        address: Address,
        /// What Go would say.
        words: String,
        /// What the client says.
        #[source]
        cause: Arc<ureq::Error>,
    },
    /// A server whose certificate we do not trust: it will be the same next time.
    #[error("Get \"{address}\": {words}")]
    Untrusted {
        /// What was asked for.
        address: Address,
        /// What Go would say.
        words: String,
        /// What the client says.
        #[source]
        cause: Arc<ureq::Error>,
    },
    /// A request that cannot be made.
    #[error("Get \"{address}\": {words}")]
    Malformed {
        /// What was asked for.
        address: Address,
        /// What Go would say.
        words: String,
        /// What the client says.
        #[source]
        cause: Arc<ureq::Error>,
    },
    /// An answer with another status than 200.
    #[error("failed to fetch {address} : {}", status_text(.status))]
    Status {
        /// What was asked for.
        address: Address,
        /// The status.
        status: StatusCode,
    },
    /// An answer that is larger than it may be.
    #[error("{address} sends more than {most} bytes")]
    TooLarge {
        /// What was asked for.
        address: Address,
        /// The limit.
        most: u64,
    },
    /// A redirect to something that is not a URL.
    #[error("{address} redirects to an invalid URL: {cause}")]
    NoUrl {
        /// What was asked for.
        address: Address,
        /// Why it is not one.
        #[source]
        cause: url::ParseError,
    },
    /// A redirect that is not followed: from https to http, to another protocol, or with a secret in the request.
    #[error("{from} redirects to {to}: refused")]
    Redirect {
        /// What was asked for.
        from: Address,
        /// Where it leads.
        to: Address,
    },
    /// Redirects without an end.
    #[error("Get \"{address}\": stopped after {most} redirects")]
    TooManyRedirects {
        /// What was asked for.
        address: Address,
        /// The limit.
        most: usize,
    },
    /// A host that is not on the public internet, for an address that a chart names.
    #[error("Get \"{address}\": {ip} is not a public address")]
    NotPublic {
        /// What was asked for.
        address: Address,
        /// The host's address.
        ip: IpAddr,
    },
    /// A protocol that is not HTTP.
    #[error("could not find protocol handler for: {0}")]
    Scheme(String),
    /// A certificate or key that cannot be read.
    #[error("can't create TLS config for client: can't load {what}: {why}")]
    Tls {
        /// Which of them.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

impl HttpError {
    /// What kind of failure it is.
    pub fn reason(&self) -> Reason {
        match self {
            HttpError::Unreachable { .. } | HttpError::Untrusted { .. } => Reason::Unreachable,
            HttpError::Status { status, .. } if status.is_server_error() => Reason::Unreachable,
            HttpError::Status { .. } => Reason::NotFound,
            _ => Reason::Invalid,
        }
    }

    /// An error of the client, as Go's `http.Client` puts it.
    pub(super) fn of(address: &Address, cause: ureq::Error) -> HttpError {
        if let ureq::Error::Io(e) = &cause
            && let Some(NotPublic(ip)) = e.get_ref().and_then(|e| e.downcast_ref())
        {
            return HttpError::NotPublic { address: address.clone(), ip: *ip };
        }
        let no_host = || format!("dial tcp: lookup {}: no such host", address.host());
        let words = match &cause {
            ureq::Error::Io(e) if e.kind() == io::ErrorKind::ConnectionRefused => {
                format!("dial tcp {}:{}: connect: connection refused", address.host(), address.port())
            }
            ureq::Error::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => "unexpected EOF".to_owned(),
            ureq::Error::Io(e) if e.kind() == io::ErrorKind::ConnectionReset => "connection reset by peer".to_owned(),
            ureq::Error::HostNotFound => no_host(),
            // The system's own message for an unknown name.
            ureq::Error::Io(e) if e.to_string().contains("lookup address") => no_host(),
            ureq::Error::Timeout(what) => format!("timed out ({what})"),
            // These quote the whole address.
            ureq::Error::BadUri(_) => "the address cannot be used".to_owned(),
            other => of_tls(other).map_or_else(|| other.to_string(), tls_words),
        };
        let address = address.clone();
        let untrusted = matches!(of_tls(&cause), Some(rustls::Error::InvalidCertificate(_)));
        let malformed = matches!(cause, ureq::Error::Http(_) | ureq::Error::BadUri(_) | ureq::Error::Pem(_));
        // The client's own error quotes the whole address.
        let cause = match cause {
            ureq::Error::BadUri(_) => ureq::Error::BadUri(address.to_string()),
            cause => cause,
        };
        let cause = Arc::new(cause);
        if untrusted {
            HttpError::Untrusted { address, words, cause }
        } else if malformed {
            HttpError::Malformed { address, words, cause }
        } else {
            HttpError::Unreachable { address, words, cause }
        }
    }
}

/// A status as Go writes it: `404 Not Found`.
pub(crate) fn status_text(status: &StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
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
