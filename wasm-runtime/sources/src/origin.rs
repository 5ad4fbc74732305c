//! Whom a credential was given for: a scheme, a host and a port.

use std::fmt;

use url::Url;

/// Scheme, host and port of an address, compared whole (RFC 6454).
///
/// A credential goes to the origin that it was given for, and to no other. `https://example.org` and
/// `https://example.org:443` are one origin; another scheme, another port, a host below it and a host whose name
/// begins alike are others.
///
/// ```
/// use chartwright_sources::Origin;
///
/// let origin = |text| Origin::of(&url::Url::parse(text).unwrap());
/// assert_eq!(origin("https://Example.org/charts"), origin("https://example.org:443"));
/// assert_ne!(origin("http://127.0.0.1"), origin("http://127.0.0.10:5000"));
/// assert_eq!(origin("git+ssh://git@example.org/r").to_string(), "ssh://example.org");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

impl Origin {
    /// The origin of an address. The transport counts: `git+https` is `https`.
    pub fn of(url: &Url) -> Origin {
        let scheme = url.scheme();
        let scheme = scheme.strip_prefix("git+").unwrap_or(scheme);
        // The parser lower-cases the hosts of the web's own schemes only.
        let host = url.host_str().unwrap_or_default().to_lowercase();
        Origin { scheme: scheme.to_owned(), host, port: url.port().or_else(|| default_port(scheme)) }
    }

    /// Whether what is sent there is encrypted.
    pub fn is_encrypted(&self) -> bool {
        matches!(self.scheme.as_str(), "https" | "ssh")
    }

    /// The host's name or address.
    pub fn host(&self) -> &str {
        &self.host
    }
}

/// The port of a scheme where an address names none.
fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        "ssh" => Some(22),
        "git" => Some(9418),
        _ => None,
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match self.port.filter(|port| Some(*port) != default_port(&self.scheme)) {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::of(&Url::parse(text).expect("a URL"))
    }

    #[test]
    fn default_ports_and_case_make_no_difference() {
        for (a, b) in [
            ("https://h", "https://H:443/x?y#z"),
            ("http://me:secret@h:80/", "http://h"),
            ("ssh://git@H/r", "git+ssh://h:22/s"),
            ("git://h/r", "git://h:9418/r"),
            ("git+https://h/r", "https://h"),
            ("http://[::1]", "http://[0:0::1]:80"),
        ] {
            assert_eq!(origin(a), origin(b), "{a} {b}");
        }
    }

    #[test]
    fn everything_else_does() {
        for (a, b) in [
            ("https://h", "http://h"),
            ("http://127.0.0.1", "http://127.0.0.10"),
            ("http://127.0.0.1:5000", "http://127.0.0.1"),
            ("https://harbor.example.com", "https://harbor.example.co"),
            ("https://example.org", "https://charts.example.org"),
            ("https://h:444", "https://h"),
            ("ssh://h", "https://h"),
        ] {
            assert_ne!(origin(a), origin(b), "{a} {b}");
        }
    }

    #[test]
    fn origins_print_what_is_not_the_default() {
        for (text, want) in [
            ("https://me:secret@h/x", "https://h"),
            ("http://h:8080", "http://h:8080"),
            ("git+ssh://git@h:22/r", "ssh://h"),
        ] {
            assert_eq!(origin(text).to_string(), want);
        }
    }
}
