//! Headers of safety.

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
        let origin = text.strip_suffix('/').unwrap_or(text);
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
        let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b':' | b'[' | b']');
        if host.is_empty() || !host.bytes().all(fits) {
            return Err(ServerError::Origin(text.to_owned()));
        }
        Ok(Origin(origin.to_ascii_lowercase()))
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
            ("https://", None),
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
