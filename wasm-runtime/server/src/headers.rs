//! Headers of safety.

use std::net::Ipv6Addr;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::asset::Trust;
use crate::error::ServerError;

/// A scheme, a host and a port, as policies name them: `https://example.org`, `http://localhost:3000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Reads an origin. A `/` at its end is left out.
    ///
    /// # Errors
    /// If it is anything else: a path, a wildcard, another scheme.
    pub fn parse(text: &str) -> Result<Origin, ServerError> {
        let wrong = || ServerError::Origin(text.to_owned());
        let origin = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).ok_or_else(wrong)?;
        let authority: Authority = authority.parse().map_err(|_| wrong())?;
        // A port that is none is in the text all the same.
        let host = authority.host();
        let after = authority.as_str().strip_prefix(host).ok_or_else(wrong)?;
        let has_port = after.is_empty() || authority.port_u16().is_some_and(|port| port > 0);
        let name = |label: &str| !label.is_empty() && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
        let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let fits = match address {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None => host.split('.').all(name),
        };
        if !has_port || !fits {
            return Err(wrong());
        }
        Ok(Origin(origin))
    }
}

/// The headers that every answer has.
#[derive(Clone, Debug)]
pub(crate) struct Safety {
    page: HeaderValue,
    framed: bool,
}

/// What is in a catalog runs nothing and shows nothing in a frame, also where somebody opens an icon by its address.
const DATA_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                           frame-ancestors 'none'; sandbox";

impl Safety {
    /// For a page that these may put in a frame, and that may fetch charts from these.
    pub(crate) fn new(frames: &[Origin], connect: &[Origin]) -> Safety {
        let and = |origins: &[Origin]| origins.iter().map(|origin| format!(" {}", origin.0)).collect::<String>();
        // No inline script or style; WebAssembly may be compiled; icons of charts come from wherever their authors say.
        let page = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: https:; \
             connect-src 'self'{}; worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'none'; \
             frame-ancestors 'self'{}",
            and(connect),
            and(frames),
        );
        let page = HeaderValue::from_str(&page).expect("origins have letters, digits and signs only");
        Safety { page, framed: !frames.is_empty() }
    }

    /// Adds them.
    pub(crate) fn add(&self, trust: Trust, headers: &mut HeaderMap) {
        let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::REFERRER_POLICY, "no-referrer");
        set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        set(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        );
        match trust {
            Trust::Page => {
                if !self.framed {
                    // For browsers that do not know `frame-ancestors`; it has no word for several origins.
                    set(header::X_FRAME_OPTIONS, "SAMEORIGIN");
                }
                headers.insert(header::CONTENT_SECURITY_POLICY, self.page.clone());
            }
            Trust::Data => {
                set(header::CONTENT_SECURITY_POLICY, DATA_POLICY);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        for (text, want) in [
            ("https://Example.org/", Some("https://example.org")),
            ("http://localhost:3000", Some("http://localhost:3000")),
            ("http://[::1]:80", Some("http://[::1]:80")),
            ("HTTPS://A.com", Some("https://a.com")),
            ("https://127.0.0.1", Some("https://127.0.0.1")),
            ("https://", None),
            ("https://.", None),
            ("https://:", None),
            ("https://a.com:", None),
            ("https://a.com:99999", None),
            ("https://a.com:0", None),
            ("https://a..com", None),
            ("https://user@a.com", None),
            ("https://[::x]", None),
            ("*", None),
            ("https://*.example.org", None),
            ("https://example.org/path", None),
            ("https://example.org; script-src *", None),
            ("data:", None),
            ("example.org", None),
        ] {
            assert_eq!(Origin::parse(text).ok().map(|o| o.0).as_deref(), want, "{text}");
        }
    }
}
