//! Problem documents (RFC 9457).

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use contract::{Hint, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::openapi::{hints, problems};

/// `Content-Type` of a problem document.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal, $status:ident, $title:literal;)*) => {
        /// What kind of refusal it is; a word that stays the same from version to version.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "kebab-case")]
        #[schema(as = ProblemCode)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// The word in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $word,)* }
            }

            /// The status of the answer.
            pub fn status(self) -> StatusCode {
                match self { $(Code::$name => StatusCode::$status,)* }
            }

            /// What it means, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }
        }
    };
}

codes! {
    /// The request is not what the API takes: its JSON, its query, its path.
    Input = "input", BAD_REQUEST, "The request cannot be read";
    /// A namespace or a name is not a DNS-1123 label.
    Name = "name", BAD_REQUEST, "The name is not valid";
    /// A token is needed.
    Unauthorized = "unauthorized", UNAUTHORIZED, "A bearer token is needed";
    /// Another site asks, in a person's browser.
    CrossSite = "cross-site", FORBIDDEN, "Requests from other sites are refused";
    /// The token does not allow it.
    Forbidden = "forbidden", FORBIDDEN, "The token does not allow it";
    /// Secrets are never shown.
    Secrets = "secrets", FORBIDDEN, "Secrets are not shown";
    /// There is no such thing.
    NotFound = "not-found", NOT_FOUND, "Not found";
    /// The path has no such method.
    Method = "method", METHOD_NOT_ALLOWED, "The method is not allowed";
    /// The body did not come in time.
    Slow = "slow", REQUEST_TIMEOUT, "The request took too long to arrive";
    /// There is such a descriptor already.
    Exists = "exists", CONFLICT, "It exists already";
    /// Somebody else has changed the same thing.
    Conflict = "conflict", CONFLICT, "Somebody else has changed it";
    /// It has changed since it was read.
    Changed = "changed", PRECONDITION_FAILED, "It has changed meanwhile";
    /// The body is too large.
    TooLarge = "too-large", PAYLOAD_TOO_LARGE, "The request is too large";
    /// The body is not JSON by its `Content-Type`.
    MediaType = "media-type", UNSUPPORTED_MEDIA_TYPE, "The body must be application/json";
    /// It is no descriptor, or not the one of this address.
    Descriptor = "descriptor", UNPROCESSABLE_ENTITY, "The descriptor is not valid";
    /// The engine has no result: `failure` says why.
    Engine = "engine", UNPROCESSABLE_ENTITY, "The engine has no result";
    /// A replacement must say of which version it is one.
    Precondition = "precondition", PRECONDITION_REQUIRED, "If-Match is needed";
    /// Too many requests.
    Rate = "rate", TOO_MANY_REQUESTS, "Too many requests";
    /// Something broke.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something broke";
    /// This server cannot do that.
    Unsupported = "unsupported", NOT_IMPLEMENTED, "This server cannot do that";
    /// The repository of releases cannot be reached, or refuses.
    Repository = "repository", BAD_GATEWAY, "The repository does not take it";
    /// Too much is being computed already.
    Busy = "busy", SERVICE_UNAVAILABLE, "Too busy";
    /// The store has no room, or cannot be written.
    Store = "store", INSUFFICIENT_STORAGE, "The store cannot be written";
}

/// Why a request has no other answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemDocument {
    /// `urn:chartwright:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the code means.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What happened.
    pub detail: String,
    /// The code.
    pub code: Code,
    /// What may help, as data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = hints)]
    pub hints: Vec<Hint>,
    /// What is wrong with a descriptor, with places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(schema_with = problems)]
    pub problems: Vec<Problem>,
    /// Why the engine has no result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = crate::openapi::failure)]
    pub failure: Option<contract::Failure>,
    /// After how many seconds to ask again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl ProblemDocument {
    /// A document with a code and what happened.
    pub fn new(code: Code, detail: impl Into<String>) -> ProblemDocument {
        ProblemDocument {
            kind: format!("urn:chartwright:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status().as_u16(),
            detail: detail.into(),
            code,
            hints: Vec::new(),
            problems: Vec::new(),
            failure: None,
            retry_after: None,
        }
    }
}

impl IntoResponse for ProblemDocument {
    fn into_response(self) -> Response<Body> {
        let json = serde_json::to_vec(&self).expect("a problem document is text, which is always JSON");
        let mut response = Response::new(Body::from(json));
        *response.status_mut() = self.code.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == Code::Unauthorized {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"chartwright\""));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_one_word() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
