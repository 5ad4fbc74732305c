//! Who may ask.

use std::fmt;

use axum::http::{HeaderMap, Method, header};
use sha2::{Digest, Sha256};

use crate::error::ApiError;

/// Who may ask.
#[derive(Clone, Debug)]
pub enum Access {
    /// Programs and pages of this machine: for servers that only listen on loopback. What a browser sends for another
    /// site is refused, reads included.
    Loopback,
    /// Whoever has one of these tokens.
    Tokens(Tokens),
}

/// The tokens that are known, by their digests.
#[derive(Clone)]
pub struct Tokens(Vec<[u8; 32]>);

/// Why a text has no tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokensError {
    /// There is none.
    None,
    /// The one in this line is shorter than 16 characters, or has others than printable ones of ASCII.
    Weak(usize),
}

impl fmt::Display for TokensError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokensError::None => f.write_str("there is no token in it"),
            TokensError::Weak(line) => {
                write!(f, "line {line}: a token has at least 16 characters, without spaces and all of them ASCII")
            }
        }
    }
}

impl std::error::Error for TokensError {}

impl Tokens {
    /// Reads a text with a token in each line; empty lines and those that begin with `#` are left out.
    ///
    /// # Errors
    /// If there is none, or one is too easy to guess.
    pub fn read(text: &str) -> Result<Tokens, TokensError> {
        let mut tokens = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let token = line.trim();
            if token.is_empty() || token.starts_with('#') {
                continue;
            }
            if token.len() < 16 || !token.bytes().all(|c| c.is_ascii_graphic()) {
                return Err(TokensError::Weak(at + 1));
            }
            tokens.push(digest(token));
        }
        if tokens.is_empty() { Err(TokensError::None) } else { Ok(Tokens(tokens)) }
    }

    /// Digests are compared, so that how long it takes says nothing about a token.
    fn known(&self, token: &str) -> Option<[u8; 32]> {
        let digest = digest(token);
        self.0.contains(&digest).then_some(digest)
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
    /// Lets a request pass; the token that it came with, as its digest.
    pub(crate) fn check(&self, method: &Method, headers: &HeaderMap) -> Result<Option<[u8; 32]>, ApiError> {
        if is_cross_site(method, headers) {
            return Err(ApiError::CrossSite);
        }
        let Access::Tokens(tokens) = self else { return Ok(None) };
        let mut given = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(given), None) = (given.next(), given.next()) else { return Err(ApiError::Unauthorized) };
        let given = given.to_str().map_err(|_| ApiError::Unauthorized)?;
        let token = match given.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => return Err(ApiError::Unauthorized),
        };
        tokens.known(token).map(Some).ok_or(ApiError::Unauthorized)
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
            let found = Access::Loopback.check(&method, &headers(&pairs));
            assert_eq!(found == Err(ApiError::CrossSite), crossed, "{method} {pairs:?}");
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
}
