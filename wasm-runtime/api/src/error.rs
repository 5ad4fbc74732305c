//! Why a request is refused.

use axum::body::Body;
use axum::http::Response;
use axum::response::IntoResponse;
use contract::{Failure, FailureKind, Problem};

use crate::problem::{Code, ProblemDocument};

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiError {
    /// The request is not what the API takes.
    Input(Failure),
    /// A namespace or a name is not a DNS-1123 label: what, and its text.
    Name(&'static str),
    /// A token is needed, or the one that came is not known.
    Unauthorized,
    /// A browser sent it for another site.
    CrossSite,
    /// The caller may not do this; why.
    Forbidden(String),
    /// It asks for secrets.
    Secrets,
    /// There is no such thing.
    NotFound(String),
    /// The path has no such method.
    Method,
    /// The body did not come in time.
    Slow,
    /// There is such a descriptor already.
    Exists(String),
    /// It has changed since it was read; what it is now.
    Changed(String),
    /// The most bytes that the body may have.
    TooLarge(usize),
    /// The body is not JSON by its `Content-Type`.
    MediaType,
    /// What is wrong with a descriptor.
    Descriptor {
        /// In a sentence.
        message: String,
        /// With places.
        problems: Vec<Problem>,
    },
    /// The engine has no result.
    Engine(Failure),
    /// A replacement must say of which version it is one.
    Precondition,
    /// Too many requests: after how many seconds to ask again.
    Rate(u64),
    /// Something broke.
    Internal(String),
    /// This server cannot do that; why.
    Unsupported(String),
    /// Somebody else has changed the same thing; what to do.
    Conflict(String),
    /// The repository of releases cannot be reached, or refuses; why.
    Repository(String),
    /// Too much is being computed: after how many seconds to ask again.
    Busy(u64),
    /// The store cannot be written.
    Store(String),
}

impl ApiError {
    /// A request that cannot be read.
    pub fn input(message: impl Into<String>) -> ApiError {
        ApiError::Input(Failure::new(FailureKind::Input, message))
    }

    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            ApiError::Input(_) => Code::Input,
            ApiError::Name(_) => Code::Name,
            ApiError::Unauthorized => Code::Unauthorized,
            ApiError::CrossSite => Code::CrossSite,
            ApiError::Forbidden(_) => Code::Forbidden,
            ApiError::Secrets => Code::Secrets,
            ApiError::NotFound(_) => Code::NotFound,
            ApiError::Method => Code::Method,
            ApiError::Slow => Code::Slow,
            ApiError::Exists(_) => Code::Exists,
            ApiError::Changed(_) => Code::Changed,
            ApiError::TooLarge(_) => Code::TooLarge,
            ApiError::MediaType => Code::MediaType,
            ApiError::Descriptor { .. } => Code::Descriptor,
            ApiError::Engine(_) => Code::Engine,
            ApiError::Precondition => Code::Precondition,
            ApiError::Rate(_) => Code::Rate,
            ApiError::Internal(_) => Code::Internal,
            ApiError::Unsupported(_) => Code::Unsupported,
            ApiError::Conflict(_) => Code::Conflict,
            ApiError::Repository(_) => Code::Repository,
            ApiError::Busy(_) => Code::Busy,
            ApiError::Store(_) => Code::Store,
        }
    }
}

/// An engine's failure: the request's fault, or the engine's.
impl From<Failure> for ApiError {
    fn from(failure: Failure) -> ApiError {
        match failure.kind {
            FailureKind::Input | FailureKind::Version | FailureKind::Digest => ApiError::Input(failure),
            FailureKind::Cancelled => ApiError::Busy(1),
            FailureKind::Internal | FailureKind::Panic | FailureKind::Output => ApiError::Internal(failure.message),
            _ => ApiError::Engine(failure),
        }
    }
}

impl From<ApiError> for ProblemDocument {
    fn from(error: ApiError) -> ProblemDocument {
        let code = error.code();
        let document = |detail: &str| ProblemDocument::new(code, detail);
        match error {
            ApiError::Input(failure) => {
                let place = match (failure.line, failure.column) {
                    (Some(line), Some(column)) => format!(" (line {line}, column {column})"),
                    _ => String::new(),
                };
                let detail = format!("{}{place}", failure.message);
                ProblemDocument { hints: failure.hints, ..document(&detail) }
            }
            ApiError::Name(what) => document(&format!(
                "the {what} must be a DNS-1123 label: at most 63 small letters, digits and hyphens, with a letter or \
                 digit at both ends"
            )),
            ApiError::Unauthorized => document("send `Authorization: Bearer TOKEN` with a token that is known here"),
            ApiError::CrossSite => {
                document("a browser sent this request for another site; programs send no Origin and no Sec-Fetch-Site")
            }
            ApiError::Forbidden(why) => document(&why),
            ApiError::Secrets => document("`showSecrets` must be false: the API hides what Secrets hold"),
            ApiError::NotFound(what) => document(&format!("{what} does not exist")),
            ApiError::Method => document("the header Allow names the methods of this path"),
            ApiError::Slow => document("the body did not come in time"),
            ApiError::Exists(what) => document(&format!("{what} exists already; replace it with PUT and If-Match")),
            ApiError::Changed(what) => document(&format!("{what} is not the version of If-Match; read it again")),
            ApiError::TooLarge(most) => document(&format!("the body may have at most {most} bytes")),
            ApiError::MediaType => document("send the body with `Content-Type: application/json`"),
            ApiError::Descriptor { message, problems } => ProblemDocument { problems, ..document(&message) },
            ApiError::Engine(failure) => {
                let detail = failure.message.clone();
                ProblemDocument { hints: failure.hints.clone(), failure: Some(failure), ..document(&detail) }
            }
            ApiError::Precondition => document(
                "send `If-Match` with the ETag of the version that is replaced, or `If-None-Match: *` to create",
            ),
            ApiError::Rate(seconds) => {
                ProblemDocument { retry_after: Some(seconds), ..document("ask again later, and less often") }
            }
            ApiError::Internal(message) => document(&message),
            ApiError::Unsupported(why) | ApiError::Conflict(why) | ApiError::Repository(why) => document(&why),
            ApiError::Busy(seconds) => {
                ProblemDocument { retry_after: Some(seconds), ..document("too many renders wait already") }
            }
            ApiError::Store(message) => document(&message),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response<Body> {
        ProblemDocument::from(self).into_response()
    }
}
