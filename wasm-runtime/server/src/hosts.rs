//! Which names a server answers to.

use std::net::IpAddr;

use axum::http::{Request, header};

/// The names under which a server may be asked.
///
/// A site that a person visits can let its own name lead to 127.0.0.1 (DNS rebinding): the browser then takes our
/// answers for that site's. What it cannot change is the name that it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// `localhost` and addresses of this machine.
    Loopback,
    /// These, and those of [`Hosts::Loopback`].
    Named(Vec<String>),
    /// All: for servers that everybody may ask.
    Any,
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It names no host, several, or something else.
    Malformed,
    /// It names another host.
    Other,
}

impl Hosts {
    /// Whether a request is for this server.
    pub(crate) fn check<B>(&self, request: &Request<B>) -> Result<(), Refused> {
        let mut named = request.headers().get_all(header::HOST).iter();
        let own = match (request.uri().authority(), named.next(), named.next()) {
            (_, _, Some(_)) => return Err(Refused::Malformed),
            // A whole address in the request counts more (RFC 9112, 3.2.2).
            (Some(authority), _, None) => authority.as_str(),
            (None, Some(host), None) => host.to_str().map_err(|_| Refused::Malformed)?,
            (None, None, None) => return Err(Refused::Malformed),
        };
        let name = name_of(own).ok_or(Refused::Malformed)?;
        let fits = match self {
            Hosts::Any => true,
            Hosts::Loopback => is_loopback(name),
            Hosts::Named(names) => is_loopback(name) || names.iter().any(|known| known.eq_ignore_ascii_case(name)),
        };
        if fits { Ok(()) } else { Err(Refused::Other) }
    }
}

/// A host without its port.
fn name_of(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (name, rest) = rest.split_once(']')?;
            (name, rest.strip_prefix(':').or(rest.is_empty().then_some(""))?)
        }
        None => host.split_once(':').unwrap_or((host, "")),
    };
    let fits = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b':' | b'_');
    (!name.is_empty() && name.bytes().all(fits) && port.bytes().all(|c| c.is_ascii_digit())).then_some(name)
}

fn is_loopback(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(hosts: &Hosts, uri: &str, named: &[&str]) -> Result<(), Refused> {
        let mut request = Request::builder().uri(uri);
        for host in named {
            request = request.header("host", *host);
        }
        hosts.check(&request.body(()).expect("a request"))
    }

    #[test]
    fn hosts_are_compared_by_name() {
        let named = Hosts::Named(vec!["charts.example.org".into()]);
        for (hosts, host, want) in [
            (&Hosts::Loopback, "localhost:8080", Ok(())),
            (&Hosts::Loopback, "LOCALHOST", Ok(())),
            (&Hosts::Loopback, "127.0.0.1:8080", Ok(())),
            (&Hosts::Loopback, "127.1.2.3", Ok(())),
            (&Hosts::Loopback, "[::1]:8080", Ok(())),
            (&Hosts::Loopback, "evil.example", Err(Refused::Other)),
            (&Hosts::Loopback, "localhost.evil.example", Err(Refused::Other)),
            (&Hosts::Loopback, "127.0.0.1.evil.example:8080", Err(Refused::Other)),
            (&Hosts::Loopback, "192.168.0.7", Err(Refused::Other)),
            (&Hosts::Loopback, "0.0.0.0:8080", Err(Refused::Other)),
            (&Hosts::Loopback, "", Err(Refused::Malformed)),
            (&Hosts::Loopback, "localhost:80x", Err(Refused::Malformed)),
            (&Hosts::Loopback, "[::1", Err(Refused::Malformed)),
            (&Hosts::Loopback, "local host", Err(Refused::Malformed)),
            (&named, "Charts.example.org", Ok(())),
            (&named, "127.0.0.1", Ok(())),
            (&named, "example.org", Err(Refused::Other)),
            (&Hosts::Any, "anything.example", Ok(())),
            (&Hosts::Any, "a b", Err(Refused::Malformed)),
        ] {
            assert_eq!(check(hosts, "/", &[host]), want, "{host}");
        }
        assert_eq!(check(&Hosts::Any, "/", &[]), Err(Refused::Malformed));
        assert_eq!(check(&Hosts::Any, "/", &["a", "b"]), Err(Refused::Malformed));
        assert_eq!(check(&Hosts::Loopback, "http://evil.example/", &["localhost"]), Err(Refused::Other));
    }
}
