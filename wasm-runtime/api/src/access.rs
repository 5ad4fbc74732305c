//! Who may ask.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ApiError;
use crate::types::is_label;

/// Who may ask.
#[derive(Clone, Debug)]
pub enum Access {
    /// Programs and pages of this machine, as one caller: for servers that only listen on loopback. What a browser sends
    /// for another site is refused, reads included.
    Loopback(Caller),
    /// Whoever has one of these tokens.
    Tokens(Tokens),
}

/// The tokens that are known, by their digests, and what each of them may do.
#[derive(Clone)]
pub struct Tokens(BTreeMap<[u8; 32], Caller>);

/// Namespaces that somebody may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Namespaces {
    /// Every one.
    #[default]
    All,
    /// These.
    Only(Arc<BTreeSet<String>>),
}

impl Namespaces {
    /// Whether a namespace is one of them.
    pub fn contains(&self, namespace: &str) -> bool {
        match self {
            Namespaces::All => true,
            Namespaces::Only(some) => some.contains(namespace),
        }
    }
}

/// The most streams of events that a caller can have: each holds a connection.
pub(crate) const MOST_LISTENERS: usize = 32;
/// The most calls of the engine that a caller can have waiting: others have room beside.
const MOST_RENDERS: usize = 16;

/// Who asks, and what they may do. Limits are each caller's own, so that they tell nothing about others.
#[derive(Clone, Debug)]
pub struct Caller {
    /// What they may see. What is in other namespaces does not exist for them.
    pub namespaces: Namespaces,
    /// Whether they may change nothing.
    pub read_only: bool,
    listeners: Arc<Semaphore>,
    renders: Arc<Semaphore>,
}

impl Default for Caller {
    /// Somebody who may do everything.
    fn default() -> Caller {
        Caller {
            namespaces: Namespaces::All,
            read_only: false,
            listeners: Arc::new(Semaphore::new(MOST_LISTENERS)),
            renders: Arc::new(Semaphore::new(MOST_RENDERS)),
        }
    }
}

impl Caller {
    /// Refuses those who may only read.
    pub(crate) fn writes(&self) -> Result<(), ApiError> {
        if self.read_only { Err(ApiError::Forbidden("this token can only read".to_owned())) } else { Ok(()) }
    }

    /// A place for a stream of events.
    pub(crate) fn listen(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        Arc::clone(&self.listeners).try_acquire_owned().map_err(|_| ApiError::Busy(10))
    }

    /// A place for a call of the engine.
    pub(crate) fn render(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        Arc::clone(&self.renders).try_acquire_owned().map_err(|_| ApiError::Busy(1))
    }
}

/// The caller that the access has found.
impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, ApiError> {
        parts.extensions.get::<Caller>().cloned().ok_or(ApiError::Unauthorized)
    }
}

/// Why a text has no tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokensError {
    /// There is none.
    None,
    /// The one in this line is shorter than 16 characters, or has others than printable ones of ASCII.
    Weak(usize),
    /// What follows the token in this line is neither namespaces nor `read`.
    Rights(usize),
    /// The token in this line is in another one, too.
    Twice(usize),
}

impl fmt::Display for TokensError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokensError::None => f.write_str("there is no token in it"),
            TokensError::Weak(line) => {
                write!(f, "line {line}: a token has at least 16 characters, without spaces and all of them ASCII")
            }
            TokensError::Rights(line) => {
                write!(f, "line {line}: write TOKEN, TOKEN NAMESPACE,NAMESPACE, TOKEN read, or TOKEN NAMESPACE read")
            }
            TokensError::Twice(line) => write!(f, "line {line}: this token is in another line, too"),
        }
    }
}

impl std::error::Error for TokensError {}

impl Tokens {
    /// Reads a text with a token in each line: `TOKEN [NAMESPACE,…] [read]`. Empty lines and those that begin with `#`
    /// are left out. A token without namespaces is for all of them; with `read`, it changes nothing.
    ///
    /// # Errors
    /// If there is none, or a line cannot be read, or a token is too easy to guess.
    pub fn read(text: &str) -> Result<Tokens, TokensError> {
        let mut tokens = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            let mut words = line.split_whitespace();
            let Some(token) = words.next().filter(|token| !token.starts_with('#')) else { continue };
            if token.len() < 16 || !token.bytes().all(|c| c.is_ascii_graphic()) {
                return Err(TokensError::Weak(at + 1));
            }
            let words: Vec<&str> = words.collect();
            let (read_only, words) = match words.split_last() {
                Some((&"read", rest)) => (true, rest),
                _ => (false, words.as_slice()),
            };
            let namespaces = match words {
                [] => Namespaces::All,
                [names] if names.split(',').all(is_label) => {
                    Namespaces::Only(Arc::new(names.split(',').map(str::to_owned).collect()))
                }
                _ => return Err(TokensError::Rights(at + 1)),
            };
            if tokens.insert(digest(token), Caller { namespaces, read_only, ..Caller::default() }).is_some() {
                return Err(TokensError::Twice(at + 1));
            }
        }
        if tokens.is_empty() { Err(TokensError::None) } else { Ok(Tokens(tokens)) }
    }

    /// Digests are compared, so that how long it takes says nothing about a token.
    fn known(&self, token: &str) -> Option<([u8; 32], Caller)> {
        let digest = digest(token);
        self.0.get(&digest).map(|caller| (digest, caller.clone()))
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tokens").field(&self.0.len()).finish()
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl Access {
    /// Lets a request pass; the token that it came with, as its digest, and who has it.
    pub(crate) fn check(&self, method: &Method, headers: &HeaderMap) -> Result<(Option<[u8; 32]>, Caller), ApiError> {
        if is_cross_site(method, headers) {
            return Err(ApiError::CrossSite);
        }
        let tokens = match self {
            Access::Loopback(caller) => return Ok((None, caller.clone())),
            Access::Tokens(tokens) => tokens,
        };
        let mut given = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(given), None) = (given.next(), given.next()) else { return Err(ApiError::Unauthorized) };
        let given = given.to_str().map_err(|_| ApiError::Unauthorized)?;
        let token = match given.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => return Err(ApiError::Unauthorized),
        };
        tokens.known(token).map(|(digest, caller)| (Some(digest), caller)).ok_or(ApiError::Unauthorized)
    }
}

/// Whether a browser says that another site sends this. Browsers that do not know `Sec-Fetch-Site` send `Origin` with
/// everything that is not a plain read; what sends neither is no browser, and nobody is tricked into it.
fn is_cross_site(method: &Method, headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        let own = site == "same-origin" || (site == "none" && matches!(*method, Method::GET | Method::HEAD));
        if !own {
            return true;
        }
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let origin = origin.to_str().unwrap_or_default();
    let origin = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    host.is_empty() || !origin.is_some_and(|origin| origin.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn other_sites_are_refused() {
        let host = ("host", "localhost:8080");
        for (method, pairs, crossed) in [
            (Method::POST, vec![host], false),
            (Method::POST, vec![host, ("origin", "http://localhost:8080")], false),
            (Method::POST, vec![host, ("origin", "https://LOCALHOST:8080")], false),
            (Method::POST, vec![host, ("origin", "http://localhost:8081")], true),
            (Method::GET, vec![host, ("origin", "https://evil.example")], true),
            (Method::POST, vec![host, ("origin", "null")], true),
            (Method::POST, vec![host, ("origin", "http://localhost:8080.evil.example")], true),
            (Method::POST, vec![host, ("sec-fetch-site", "same-origin")], false),
            (Method::GET, vec![host, ("sec-fetch-site", "none")], false),
            (Method::POST, vec![host, ("sec-fetch-site", "none")], true),
            (Method::GET, vec![host, ("sec-fetch-site", "cross-site")], true),
            (Method::GET, vec![host, ("sec-fetch-site", "same-site")], true),
            (Method::POST, vec![("origin", "http://localhost:8080")], true),
        ] {
            let found = Access::Loopback(Caller::default()).check(&method, &headers(&pairs));
            assert_eq!(found.err() == Some(ApiError::CrossSite), crossed, "{method} {pairs:?}");
        }
    }

    #[test]
    fn tokens_are_compared() {
        let access = Access::Tokens(Tokens::read("# ours\n\n0123456789abcdef\nfedcba9876543210\n").unwrap());
        for (pairs, passes) in [
            (vec![("authorization", "Bearer 0123456789abcdef")], true),
            (vec![("authorization", "bearer  fedcba9876543210")], true),
            (vec![("authorization", "Bearer 0123456789abcde")], false),
            (vec![("authorization", "Bearer # ours")], false),
            (vec![("authorization", "Bearer ")], false),
            (vec![("authorization", "Basic 0123456789abcdef")], false),
            (vec![("authorization", "0123456789abcdef")], false),
            (vec![("authorization", "Bearer 0123456789abcdef"), ("authorization", "Bearer x")], false),
            (vec![], false),
        ] {
            assert_eq!(access.check(&Method::GET, &headers(&pairs)).is_ok(), passes, "{pairs:?}");
        }
        assert_eq!(Tokens::read("# none\n").unwrap_err(), TokensError::None);
        assert_eq!(Tokens::read("\nshort\n").unwrap_err(), TokensError::Weak(2));
        assert!(!format!("{access:?}").contains("0123"));
    }

    #[test]
    fn tokens_have_rights() {
        let (one, two, three, four) = ("0123456789abcdef", "1123456789abcdef", "2123456789abcdef", "3123456789abcdef");
        let text = format!("{one}\n{two} shop\n{three} shop,web read\n{four}\tread\n");
        let tokens = Tokens::read(&text).unwrap();
        let of = |token: &str| tokens.known(token).unwrap().1;
        assert_eq!((of(one).namespaces, of(one).read_only), (Namespaces::All, false));
        assert!(of(two).namespaces.contains("shop") && !of(two).namespaces.contains("web") && !of(two).read_only);
        assert!(of(three).namespaces.contains("web") && of(three).read_only);
        assert_eq!((of(four).namespaces, of(four).read_only), (Namespaces::All, true));
        for (bad, error) in [
            (format!("{one} Shop"), TokensError::Rights(1)),
            (format!("{one} shop write"), TokensError::Rights(1)),
            (format!("{one} shop, web"), TokensError::Rights(1)),
            (format!("{one} a\n{one} b"), TokensError::Twice(2)),
        ] {
            assert_eq!(Tokens::read(&bad).unwrap_err(), error, "{bad}");
        }
    }
}
