//! URLs as Go's `net/url` takes them apart and puts them together, and `net/netip`'s addresses.

mod address;

use crate::strconv::quote;

pub use address::{IpAddress, parse_ip};

/// A part of a URL, with characters of its own that stay as they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    PathSegment,
    Host,
    Zone,
    UserPassword,
    Fragment,
}

impl Part {
    /// Whether a byte must be written as `%xx`.
    fn escapes(self, b: u8) -> bool {
        let kept: &[u8] = match self {
            Part::Path => b"$&+,/:;=@",
            Part::PathSegment => b"$&+:=@",
            Part::Host | Part::Zone => b"!\"$&'()*+,:;<=>[]",
            Part::UserPassword => b"$&+,;=",
            Part::Fragment => b"!$&()*+,/:;=?@",
        };
        !(b.is_ascii_alphanumeric() || b"-._~".contains(&b) || kept.contains(&b))
    }
}

/// User and password of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Userinfo {
    username: Vec<u8>,
    password: Option<Vec<u8>>,
}

impl Userinfo {
    /// As it stands in a URL.
    pub fn escaped(&self) -> Vec<u8> {
        let mut out = escape(&self.username, Part::UserPassword);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Part::UserPassword));
        }
        out
    }
}

/// A URL in parts, which are unescaped except for the query and the opaque.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields carry Go's own names")]
pub struct Url {
    pub scheme: Vec<u8>,
    pub opaque: Vec<u8>,
    pub user: Option<Userinfo>,
    pub host: Vec<u8>,
    pub path: Vec<u8>,
    pub query: Vec<u8>,
    pub fragment: Vec<u8>,
    /// The path as it was written, where that is not how it would be escaped.
    pub raw_path: Vec<u8>,
    /// Whether it ends with a `?` and no query.
    pub force_query: bool,
    /// Whether it has a scheme and a path, but no `//` between.
    pub omit_host: bool,
}

impl Url {
    /// `url.Parse`.
    ///
    /// # Errors
    /// Go's text.
    pub fn parse(raw: &[u8]) -> Result<Url, String> {
        let (before, fragment) = cut(raw, b'#').unwrap_or((raw, b""));
        let mut url = parse(before).map_err(|e| format!("parse {}: {e}", quote(before)))?;
        url.fragment = unescape(fragment, Part::Fragment).map_err(|e| format!("parse {}: {e}", quote(raw)))?;
        Ok(url)
    }

    /// The host without port and brackets (`URL.Hostname`).
    pub fn hostname(&self) -> &[u8] {
        let host = match self.host.iter().rposition(|b| *b == b':') {
            Some(colon) if is_port(&self.host[colon..]) => &self.host[..colon],
            _ => &self.host,
        };
        host.strip_prefix(b"[").and_then(|h| h.strip_suffix(b"]")).unwrap_or(host)
    }

    /// The path as it stands in a URL (`URL.EscapedPath`).
    pub fn escaped_path(&self) -> Vec<u8> {
        let kept = |b: &u8| b"!$&'()*+,;=:@[]%".contains(b) || !Part::Path.escapes(*b);
        if !self.raw_path.is_empty()
            && self.raw_path.iter().all(kept)
            && unescape(&self.raw_path, Part::Path).is_ok_and(|p| p == self.path)
        {
            return self.raw_path.clone();
        }
        if self.path == b"*" { self.path.clone() } else { escape(&self.path, Part::Path) }
    }

    fn set_path(&mut self, escaped: &[u8]) -> Result<(), String> {
        self.path = unescape(escaped, Part::Path)?;
        self.raw_path = if escape(&self.path, Part::Path) == escaped { Vec::new() } else { escaped.to_vec() };
        Ok(())
    }

    /// What a reference means that stands in a document at this URL (`URL.ResolveReference`).
    pub fn resolve(&self, reference: &Url) -> Url {
        let mut url = reference.clone();
        // What is written here comes from URLs, so it unescapes without errors.
        let set = |url: &mut Url, path: &[u8]| url.set_path(path).unwrap_or_default();
        if !reference.scheme.is_empty() || !reference.host.is_empty() || reference.user.is_some() {
            if reference.scheme.is_empty() {
                url.scheme.clone_from(&self.scheme);
            }
            set(&mut url, &resolve_path(&reference.escaped_path(), b""));
            return url;
        }
        url.scheme.clone_from(&self.scheme);
        if !reference.opaque.is_empty() {
            return url;
        }
        let same_document = reference.path.is_empty() && !reference.force_query && reference.query.is_empty();
        if same_document {
            url.query.clone_from(&self.query);
            if reference.fragment.is_empty() {
                url.fragment.clone_from(&self.fragment);
            }
        }
        if reference.path.is_empty() && !self.opaque.is_empty() {
            url.opaque.clone_from(&self.opaque);
            return url;
        }
        url.host.clone_from(&self.host);
        url.user.clone_from(&self.user);
        set(&mut url, &resolve_path(&self.escaped_path(), &reference.escaped_path()));
        url
    }

    /// The URL as text (`URL.String`).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.append_hierarchy(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if self.force_query || !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(escape(&self.fragment, Part::Fragment));
        }
        out
    }

    /// `//user@host/path`.
    fn append_hierarchy(&self, out: &mut Vec<u8>) {
        let with_host = !self.host.is_empty() || self.user.is_some();
        if with_host || !self.scheme.is_empty() && !self.omit_host && !self.path.is_empty() {
            out.extend_from_slice(b"//");
        }
        if let Some(user) = &self.user {
            out.extend(user.escaped());
            out.push(b'@');
        }
        out.extend(escape(&self.host, Part::Host));
        let path = self.escaped_path();
        if path.first().is_some_and(|b| *b != b'/') && !self.host.is_empty() {
            out.push(b'/');
        }
        // A colon in the first part of a path would read as the end of a scheme.
        if out.is_empty() && path.split(|b| *b == b'/').next().unwrap_or_default().contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    }
}

/// Puts a path behind the folder of another one, without `.` and `..`.
fn resolve_path(base: &[u8], reference: &[u8]) -> Vec<u8> {
    let full = match reference.first() {
        None => base.to_vec(),
        Some(b'/') => reference.to_vec(),
        Some(_) => [&base[..base.iter().rposition(|b| *b == b'/').map_or(0, |i| i + 1)], reference].concat(),
    };
    if full.is_empty() {
        return full;
    }
    let mut out = b"/".to_vec();
    let (mut first, mut last) = (true, &b""[..]);
    for element in full.split(|b| *b == b'/') {
        last = element;
        match element {
            b"." => first = false,
            b".." => {
                let parent = out[1..].iter().rposition(|b| *b == b'/').map_or(1, |i| i + 1);
                out.truncate(parent);
                first = parent == 1;
            }
            _ => {
                if !first {
                    out.push(b'/');
                }
                out.extend_from_slice(element);
                first = false;
            }
        }
    }
    if matches!(last, b"." | b"..") {
        out.push(b'/');
    }
    if out.starts_with(b"//") {
        out.remove(0);
    }
    out
}

/// What `%xx` in a path segment stands for (`url.PathUnescape`).
///
/// # Errors
/// Go's text, for a `%` without two hexadecimal digits.
pub fn path_unescape(s: &[u8]) -> Result<Vec<u8>, String> {
    unescape(s, Part::PathSegment)
}

/// Escapes a path segment (`url.PathEscape`).
pub fn path_escape(s: &[u8]) -> Vec<u8> {
    escape(s, Part::PathSegment)
}

fn parse(raw: &[u8]) -> Result<Url, String> {
    if raw.iter().any(u8::is_ascii_control) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    let mut url = Url::default();
    if raw == b"*" {
        url.path = raw.to_vec();
        return Ok(url);
    }
    let (scheme, raw_rest) = scheme(raw)?;
    url.scheme = scheme.to_ascii_lowercase();
    let (mut rest, query) = cut(raw_rest, b'?').unwrap_or((raw_rest, b""));
    url.force_query = query.is_empty() && rest.len() + 1 == raw_rest.len();
    url.query = query.to_vec();
    if !rest.starts_with(b"/") {
        if !url.scheme.is_empty() {
            url.opaque = rest.to_vec();
            return Ok(url);
        }
        if rest.split(|b| *b == b'/').next().unwrap_or_default().contains(&b':') {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    if let Some(hierarchy) = rest.strip_prefix(b"//")
        && (!url.scheme.is_empty() || !hierarchy.starts_with(b"/"))
    {
        let (authority, path) =
            hierarchy.split_at(hierarchy.iter().position(|b| *b == b'/').unwrap_or(hierarchy.len()));
        (url.user, url.host) = authority_parts(&url.scheme, authority)?;
        rest = path;
    } else if !url.scheme.is_empty() && rest.starts_with(b"/") {
        url.omit_host = true;
    }
    url.set_path(rest)?;
    Ok(url)
}

/// Splits off `scheme:`, if the text begins with one.
fn scheme(raw: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (i, b) in raw.iter().enumerate() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if i > 0 => {}
            b':' if i == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&raw[..i], &raw[i + 1..])),
            _ => break,
        }
    }
    Ok((b"", raw))
}

fn authority_parts(scheme: &[u8], authority: &[u8]) -> Result<(Option<Userinfo>, Vec<u8>), String> {
    let Some(at) = authority.iter().rposition(|b| *b == b'@') else {
        return Ok((None, host(scheme, authority)?));
    };
    let host = host(scheme, &authority[at + 1..])?;
    let userinfo = &authority[..at];
    if !userinfo.iter().all(|b| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(b)) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    let (username, password) = match cut(userinfo, b':') {
        Some((username, password)) => (username, Some(password)),
        None => (userinfo, None),
    };
    let username = unescape(username, Part::UserPassword)?;
    let password = password.map(|p| unescape(p, Part::UserPassword)).transpose()?;
    Ok((Some(Userinfo { username, password }), host))
}

fn host(scheme: &[u8], host: &[u8]) -> Result<Vec<u8>, String> {
    let bad_port = |port: &[u8]| format!("invalid port {} after host", quote(port));
    match host.iter().rposition(|b| *b == b'[') {
        Some(0) => {
            let Some(close) = host.iter().rposition(|b| *b == b']') else {
                return Err("missing ']' in host".to_owned());
            };
            let (name, port) = (&host[1..close], &host[close + 1..]);
            if !is_port(port) {
                return Err(bad_port(port));
            }
            let port = unescape(port, Part::Host)?;
            let name = match name.windows(3).position(|w| w == b"%25") {
                Some(zone) => {
                    let mut out = unescape(&name[..zone], Part::Host)?;
                    out.extend(unescape(&name[zone..], Part::Zone)?);
                    out
                }
                None => unescape(name, Part::Host)?,
            };
            if !parse_ip(&name).map_err(|e| format!("invalid host: {e}"))?.is_ipv6 {
                return Err("invalid IP-literal".to_owned());
            }
            return Ok([b"[", &*name, b"]", &port].concat());
        }
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    if let Some(first) = host.iter().position(|b| *b == b':') {
        let web = matches!(scheme, b"http" | b"https");
        let colon = if web { first } else { host.iter().rposition(|b| *b == b':').unwrap_or(first) };
        if !is_port(&host[colon..]) {
            return Err(bad_port(&host[colon..]));
        }
    }
    unescape(host, Part::Host)
}

/// Whether it is empty or `:` and digits.
fn is_port(port: &[u8]) -> bool {
    match port {
        [] => true,
        [b':', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

fn cut(s: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let i = s.iter().position(|b| *b == at)?;
    Some((&s[..i], &s[i + 1..]))
}

fn escape(s: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    for b in s {
        if part.escapes(*b) {
            out.extend_from_slice(format!("%{b:02X}").as_bytes());
        } else {
            out.push(*b);
        }
    }
    out
}

/// Turns `%xx` into bytes. Hosts may only escape what is no ASCII, zones also
/// what hosts may contain.
fn unescape(s: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let bad_escape = |s: &[u8]| format!("invalid URL escape {}", quote(s));
    let mut out = Vec::with_capacity(s.len());
    let mut rest = s;
    while let Some((b, tail)) = rest.split_first() {
        rest = tail;
        if *b == b'%' {
            let hex = |b: &u8| char::from(*b).to_digit(16);
            let (Some(high), Some(low)) = (tail.first().and_then(hex), tail.get(1).and_then(hex)) else {
                return Err(bad_escape(&s[s.len() - tail.len() - 1..][..tail.len().min(2) + 1]));
            };
            let escaped = (high << 4 | low) as u8;
            let refused = match part {
                Part::Host => high < 8 && escaped != b'%',
                Part::Zone => escaped != b'%' && escaped != b' ' && Part::Host.escapes(escaped),
                _ => false,
            };
            if refused {
                return Err(bad_escape(&[b"%", &tail[..2]].concat()));
            }
            out.push(escaped);
            rest = &tail[2..];
            continue;
        }
        if matches!(part, Part::Host | Part::Zone) && b.is_ascii() && part.escapes(*b) {
            return Err(format!("invalid character {} in host name", quote(&[*b])));
        }
        out.push(*b);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_resolve() {
        // The base is RFC 3986's, as in Go's own tests.
        for (reference, want) in [
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../../../g", "http://a/g"),
            ("g:h", "g:h"),
            ("a%2fb?", "http://a/b/c/a%2fb?"),
        ] {
            let base = Url::parse(b"http://a/b/c/d;p?q").unwrap_or_default();
            let url = base.resolve(&Url::parse(reference.as_bytes()).unwrap_or_default());
            assert_eq!(String::from_utf8_lossy(&url.to_bytes()), want, "{reference}");
        }
    }

    #[test]
    fn what_was_written_stays() {
        for url in [
            "file:///values.schema.json",
            "file:/x",
            "urn:a:b",
            "mailto:x@y",
            "http://h",
            "http://h/a%2fb?",
            "//h/x",
            "a/b",
        ] {
            let parsed = Url::parse(url.as_bytes()).unwrap_or_default();
            assert_eq!(String::from_utf8_lossy(&parsed.to_bytes()), url);
        }
    }

    #[test]
    fn parts_come_apart_and_together() {
        let url = Url::parse(b"HTTPS://me:p%40ss@[fe80::1%25en0]:8443/a%20b?q=1#fr%C3%A4g").unwrap_or_default();
        assert_eq!(url.scheme, b"https");
        assert_eq!(url.hostname(), b"fe80::1%en0");
        assert_eq!(url.host, b"[fe80::1%en0]:8443");
        assert_eq!(url.path, b"/a b");
        assert_eq!(url.fragment, "fräg".as_bytes());
        assert_eq!(url.user.map(|u| u.escaped()).as_deref(), Some(&b"me:p%40ss"[..]));
        let url = Url { path: b"a:b c".to_vec(), query: b"x".to_vec(), ..Url::default() };
        assert_eq!(url.to_bytes(), b"./a:b%20c?x");
    }

    #[test]
    fn errors_are_go_s() {
        for (raw, error) in [
            (":x", r#"parse ":x": missing protocol scheme"#),
            ("a b:c", r#"parse "a b:c": first path segment in URL cannot contain colon"#),
            ("http://h:8x/", r#"parse "http://h:8x/": invalid port ":8x" after host"#),
            ("http://h/%zz", r#"parse "http://h/%zz": invalid URL escape "%zz""#),
            ("/#%4", r##"parse "/#%4": invalid URL escape "%4""##),
            ("http://a b/", r#"parse "http://a b/": invalid character " " in host name"#),
            (
                "http://[::g]/",
                r#"parse "http://[::g]/": invalid host: ParseAddr("::g"): each colon-separated field must have at least one digit (at "g")"#,
            ),
        ] {
            assert_eq!(Url::parse(raw.as_bytes()).err().as_deref(), Some(error), "{raw}");
        }
    }
}
