//! URLs as Go's `net/url` takes them apart and puts them together.

use govalue::strconv::quote;

use crate::addresses::check_ipv6;

/// A part of a URL, with characters of its own that stay as they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
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
            Part::Host | Part::Zone => b"!\"$&'()*+,:;<=>[]",
            Part::UserPassword => b"$&+,;=",
            Part::Fragment => b"!$&()*+,/:;=?@",
        };
        !(b.is_ascii_alphanumeric() || b"-._~".contains(&b) || kept.contains(&b))
    }
}

/// User and password of a URL.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Userinfo {
    username: Vec<u8>,
    password: Option<Vec<u8>>,
}

impl Userinfo {
    /// As it stands in a URL.
    pub(crate) fn escaped(&self) -> Vec<u8> {
        let mut out = escape(&self.username, Part::UserPassword);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Part::UserPassword));
        }
        out
    }
}

/// A URL in parts, which are unescaped except for the query and the opaque.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Url {
    pub(crate) scheme: Vec<u8>,
    pub(crate) opaque: Vec<u8>,
    pub(crate) user: Option<Userinfo>,
    pub(crate) host: Vec<u8>,
    pub(crate) path: Vec<u8>,
    pub(crate) query: Vec<u8>,
    pub(crate) fragment: Vec<u8>,
}

impl Url {
    /// `url.Parse`, with its error texts.
    pub(crate) fn parse(raw: &[u8]) -> Result<Url, String> {
        let (before, fragment) = cut(raw, b'#').unwrap_or((raw, b""));
        let mut url = parse(before).map_err(|e| format!("parse {}: {e}", quote(before)))?;
        url.fragment = unescape(fragment, Part::Fragment).map_err(|e| format!("parse {}: {e}", quote(raw)))?;
        Ok(url)
    }

    /// The host without port and brackets (`URL.Hostname`).
    pub(crate) fn hostname(&self) -> &[u8] {
        let host = match self.host.iter().rposition(|b| *b == b':') {
            Some(colon) if is_port(&self.host[colon..]) => &self.host[..colon],
            _ => &self.host,
        };
        host.strip_prefix(b"[").and_then(|h| h.strip_suffix(b"]")).unwrap_or(host)
    }

    /// The URL as text (`URL.String`).
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
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
        if !self.query.is_empty() {
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
        if !self.host.is_empty() || self.user.is_some() || !self.scheme.is_empty() && !self.path.is_empty() {
            out.extend_from_slice(b"//");
        }
        if let Some(user) = &self.user {
            out.extend(user.escaped());
            out.push(b'@');
        }
        out.extend(escape(&self.host, Part::Host));
        let path = if self.path == b"*" { self.path.clone() } else { escape(&self.path, Part::Path) };
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

fn parse(raw: &[u8]) -> Result<Url, String> {
    if raw.iter().any(u8::is_ascii_control) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    let mut url = Url::default();
    if raw == b"*" {
        url.path = raw.to_vec();
        return Ok(url);
    }
    let (scheme, rest) = scheme(raw)?;
    url.scheme = scheme.to_ascii_lowercase();
    let (mut rest, query) = cut(rest, b'?').unwrap_or((rest, b""));
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
    }
    url.path = unescape(rest, Part::Path)?;
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
            let name = match crate::search::find(name, b"%25") {
                Some(zone) => {
                    let mut out = unescape(&name[..zone], Part::Host)?;
                    out.extend(unescape(&name[zone..], Part::Zone)?);
                    out
                }
                None => unescape(name, Part::Host)?,
            };
            check_ipv6(&name)?;
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
