//! Requests, answers and refusals.

use contract::{Failure, Hint, Problem};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::load::Trouble;

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, computes, operates.
    Post,
    /// Replaces.
    Put,
    /// Takes away.
    Delete,
}

impl Method {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

/// What must be so for a change to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    #[default]
    None,
    /// There is no such thing yet.
    New,
    /// It has this tag.
    Tag(String),
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Its method.
    pub method: Method,
    /// The path below the API's address, with a slash in front.
    pub path: String,
    /// The body, as JSON.
    pub body: Option<String>,
    /// What must be so.
    pub condition: Condition,
}

impl Ask {
    /// Reads what is at a path.
    pub fn get(path: impl Into<String>) -> Ask {
        Ask { method: Method::Get, path: path.into(), body: None, condition: Condition::None }
    }

    /// A request with a body.
    pub fn send(method: Method, path: impl Into<String>, body: &serde_json::Value) -> Ask {
        Ask { method, body: Some(body.to_string()), ..Ask::get(path) }
    }

    /// Only if this is so.
    #[must_use]
    pub fn only_if(self, condition: Condition) -> Ask {
        Ask { condition, ..self }
    }
}

/// An answer that refuses nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Its tag, if it has one.
    pub tag: String,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answered {
    /// The body as JSON.
    ///
    /// # Errors
    /// If it is something else: another program answers there.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(&self.body).map_err(|error| Refusal::unknown(error.to_string()))
    }
}

/// Why something was refused, as far as the page does something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The server cannot be reached.
    Away,
    /// Another token is needed.
    Token,
    /// The token does not allow it.
    Forbidden,
    /// There is no such thing.
    Missing,
    /// Somebody else has changed it meanwhile.
    Changed,
    /// Anything else: the words say it.
    Other,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Its kind.
    pub why: Why,
    /// What people read.
    pub trouble: Trouble,
}

/// A problem document (RFC 9457), as far as it is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Document {
    title: String,
    detail: String,
    hints: Vec<Hint>,
    problems: Vec<Problem>,
    failure: Option<Failure>,
}

impl Refusal {
    /// The server cannot be reached.
    pub fn away() -> Refusal {
        let trouble = Trouble::new("the server cannot be reached").hint("what you wrote stays here; try again");
        Refusal { why: Why::Away, trouble }
    }

    /// Something answers that is not the API.
    fn unknown(detail: String) -> Refusal {
        let trouble = Trouble { detail, ..Trouble::new("the server's answer cannot be read") };
        Refusal { why: Why::Other, trouble: trouble.hint("reload the page: the server may be a newer one") }
    }

    /// What a status and a body say.
    pub fn of(status: u16, body: &[u8]) -> Refusal {
        let why = match status {
            401 => Why::Token,
            403 => Why::Forbidden,
            404 => Why::Missing,
            409 | 412 => Why::Changed,
            502 | 504 if body.is_empty() => Why::Away,
            _ => Why::Other,
        };
        Refusal { why, trouble: said(status, body) }
    }
}

/// What a problem document says to people.
fn said(status: u16, body: &[u8]) -> Trouble {
    let Ok(document) = serde_json::from_slice::<Document>(body) else {
        return Trouble::new(format!("the server answered {status}"));
    };
    if let Some(failure) = document.failure {
        return Trouble::from(failure);
    }
    let what = match (document.detail, document.title) {
        (detail, _) if !detail.is_empty() => detail,
        (_, title) if !title.is_empty() => title,
        _ => format!("the server answered {status}"),
    };
    let detail: String =
        document.problems.iter().map(|problem| format!("{}: {}\n", problem.place, problem.message)).collect();
    let way_out = match (document.hints.first(), status) {
        (Some(hint), _) => crate::words::hint(hint),
        (None, 429 | 503) => "wait a moment, and try again".to_owned(),
        _ => String::new(),
    };
    Trouble { what, way_out, detail, ..Trouble::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_say_what_happened() {
        let changed = br#"{"type":"x","title":"It has changed meanwhile","status":412,"detail":"version 3 is stored","code":"changed"}"#;
        let refusal = Refusal::of(412, changed);
        assert_eq!((refusal.why, refusal.trouble.what.as_str()), (Why::Changed, "version 3 is stored"));
        assert_eq!(Refusal::of(500, b"<html>").trouble.what, "the server answered 500");
        assert_eq!(Refusal::of(502, b"").why, Why::Away);
        assert_eq!(Refusal::of(503, br#"{"title":"Too busy"}"#).trouble.way_out, "wait a moment, and try again");
        assert_eq!(Answered::default().read::<u8>().unwrap_err().why, Why::Other);
    }
}
