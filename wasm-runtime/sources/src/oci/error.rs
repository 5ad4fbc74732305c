//! What registries say no with.

use serde::Deserialize;
use url::ParseError;

use crate::address::{Address, safe_words};
use crate::archive::MOST_OF_ARCHIVE;
use crate::http::{HttpError, Response};
use crate::oci::reference::{Reference, ReferenceError, is_digest};
use crate::origin::Origin;
use crate::reason::Reason;

/// The media type of charts.
pub(super) const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/// Why a registry does not give a chart.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OciError {
    /// It could not be reached, or its certificate is not trusted.
    #[error("oci://{name}: {cause}")]
    Unreachable {
        /// The registry and the repository.
        name: String,
        /// What happened.
        #[source]
        cause: HttpError,
    },
    /// Its answer cannot be used.
    #[error(transparent)]
    Http(HttpError),
    /// A name is not the name of a repository.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// The tag or digest does not exist.
    #[error("{0}: not found")]
    NotFound(String),
    /// It answers with another status.
    #[error("GET \"{address}\": response status code {status}: {words}")]
    Refused {
        /// What was asked for.
        address: Address,
        /// The status.
        status: u16,
        /// What it says.
        words: String,
    },
    /// No tag is in the range.
    #[error("oci://{name} has no version{}", range_words(.asked))]
    NoVersion {
        /// The registry and the repository.
        name: String,
        /// The range; may be empty.
        asked: String,
    },
    /// What is stored there is not a chart.
    #[error("manifest of {0} does not contain a layer with mediatype {CHART}")]
    NoChart(String),
    /// A content has a digest of an algorithm that is not known.
    #[error("{0}: the digest's algorithm is not supported")]
    Digest(String),
    /// A content is larger than it may be.
    #[error("{0} has more than {MOST_OF_ARCHIVE} bytes")]
    TooLarge(String),
    /// It answers in something else than the specification's JSON.
    #[error("oci://{name}: unexpected JSON: {why}")]
    Json {
        /// The registry and the repository.
        name: String,
        /// What is wrong with it. Values are not quoted: there are tokens among them.
        why: String,
    },
    /// It wants credentials, and there are none.
    #[error("{address}: the registry requires credentials, and there are none for {registry}")]
    NoCredentials {
        /// What was asked for.
        address: Address,
        /// Its host and port.
        registry: String,
    },
    /// The address of its token server is not a URL.
    #[error("{registry}: the registry's token service has no URL: {cause}")]
    Realm {
        /// Its host and port.
        registry: String,
        /// What is wrong with the URL.
        #[source]
        cause: ParseError,
    },
    /// It names a token server that would be asked without TLS.
    #[error("{0}: credentials are not sent without TLS")]
    TokensWithoutTls(String),
    /// It names a token server elsewhere, which would get the credentials that were given for the registry.
    #[error("the registry {registry} wants credentials sent to {realm}, another server: --pass-credentials allows it")]
    TokensElsewhere {
        /// The registry.
        registry: Origin,
        /// Its token server.
        realm: Origin,
    },
}

impl OciError {
    /// What kind of failure it is.
    pub fn reason(&self) -> Reason {
        match self {
            OciError::Unreachable { .. } => Reason::Unreachable,
            OciError::Http(e) => e.reason(),
            OciError::Reference(ReferenceError::Url { .. })
            | OciError::NoChart(_)
            | OciError::Digest(_)
            | OciError::TooLarge(_)
            | OciError::Json { .. }
            | OciError::Realm { .. }
            | OciError::TokensWithoutTls(_)
            | OciError::TokensElsewhere { .. } => Reason::Invalid,
            OciError::Reference(_)
            | OciError::NotFound(_)
            | OciError::Refused { .. }
            | OciError::NoVersion { .. }
            | OciError::NoCredentials { .. } => Reason::NotFound,
        }
    }

    /// What HTTP has to do with it.
    pub(super) fn unreachable(of: &Reference, cause: HttpError) -> OciError {
        match cause.reason() {
            Reason::Unreachable => OciError::Unreachable { name: of.name(), cause },
            _ => OciError::Http(cause),
        }
    }

    /// JSON that is not what it should be.
    pub(super) fn json(of: &Reference, error: &serde_json::Error) -> OciError {
        let (line, column) = (error.line(), error.column());
        OciError::Json { name: of.name(), why: format!("{:?} at line {line} column {column}", error.classify()) }
    }
}

fn range_words(asked: &str) -> String {
    if asked.is_empty() { String::new() } else { format!(" in {asked:?}") }
}

/// What the registry said, as Helm's library puts it.
pub(super) fn refused(of: &Reference, address: &Address, response: &Response) -> OciError {
    #[derive(Deserialize)]
    struct Errors {
        errors: Vec<One>,
    }
    #[derive(Deserialize)]
    struct One {
        #[serde(default)]
        code: String,
        #[serde(default)]
        message: String,
    }
    let status = response.status.as_u16();
    if status == 404 && address.path().contains("/manifests/") {
        let reference = address.path().rsplit('/').next().unwrap_or_default();
        let separator = if is_digest(reference) { '@' } else { ':' };
        return OciError::NotFound(format!("{}{separator}{reference}", of.name()));
    }
    let errors: Option<Errors> = serde_json::from_slice(&response.body).ok();
    let words = errors.and_then(|e| {
        let first = e.errors.into_iter().next()?;
        Some(format!("{}: {}", first.code.to_lowercase().replace('_', " "), first.message))
    });
    let reason = response.status.canonical_reason().unwrap_or_default();
    let words = safe_words(&words.unwrap_or_else(|| reason.to_owned()));
    OciError::Refused { address: address.clone(), status, words }
}
