//! URLs that print themselves without secrets.

use std::fmt;

use url::{ParseError, Url};

use crate::origin::Origin;

/// A URL whose `Display` and `Debug` leave out user name, password, query and fragment: each may be a secret.
///
/// Messages, warnings, the lock file and errors can have it as it is. Whoever sends a request asks for
/// [`Address::whole_with_secrets`].
///
/// ```
/// use chartwright_sources::Address;
///
/// let address = Address::parse("https://me:secret@example.org/charts?token=1#x")?;
/// assert_eq!(address.to_string(), "https://example.org/charts");
/// assert!(address.whole_with_secrets().contains("secret"));
/// # Ok::<(), url::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Url);

impl Address {
    /// Reads an absolute URL.
    ///
    /// # Errors
    /// If it is not one. The error does not quote it.
    pub fn parse(text: &str) -> Result<Address, ParseError> {
        Url::parse(text).map(Address)
    }

    /// Everything, for the wire and for keys that are hashed: never for people.
    pub fn whole_with_secrets(&self) -> &str {
        self.0.as_str()
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> Origin {
        Origin::of(&self.0)
    }

    /// `https`, `ssh`, …
    pub fn scheme(&self) -> &str {
        self.0.scheme()
    }

    /// The path; `/` if empty.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// The host, as the URL has it.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The port, or the scheme's own.
    pub(crate) fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    pub(crate) fn is_web(&self) -> bool {
        matches!(self.scheme(), "http" | "https")
    }

    /// The last part of the path.
    pub(crate) fn file_name(&self) -> &str {
        self.path().rsplit('/').next().unwrap_or_default()
    }

    /// Whether another address is this one or lies below it, as far as paths go.
    pub(crate) fn has_below(&self, other: &Address) -> bool {
        let (own, path) = (self.path().trim_end_matches('/'), other.path());
        // A server may read `%2f` as a slash, after our comparison.
        let lower = path.to_ascii_lowercase();
        let hidden = ["%2f", "%5c", "%2e"].iter().any(|sign| lower.contains(sign));
        !hidden && path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Resolves a reference that was found at this address (a redirect, a link).
    pub(crate) fn join(&self, reference: &str) -> Result<Address, ParseError> {
        self.0.join(reference).map(Address)
    }

    /// What a reference in a repository's index means: its base is a folder, and its query goes along
    /// (`ResolveReferenceURL`).
    pub(crate) fn beside(&self, reference: &str) -> Result<Address, ParseError> {
        match Url::parse(reference) {
            Err(ParseError::RelativeUrlWithoutBase) => {}
            result => return result.map(Address),
        }
        let mut folder = self.0.clone();
        let path = format!("{}/", folder.path().strip_suffix('/').unwrap_or(folder.path()));
        folder.set_path(&path);
        let mut url = folder.join(reference)?;
        // The query may be a token: it is for this server.
        if url.origin() == self.0.origin() {
            url.set_query(self.0.query());
        }
        Ok(Address(url))
    }

    /// The address with something behind it, as Helm finds signatures.
    pub(crate) fn followed_by(&self, end: &str) -> Result<Address, ParseError> {
        Address::parse(&format!("{}{end}", self.0))
    }

    /// The root of the server, for settings of Git.
    pub(crate) fn root(&self) -> Result<Address, ParseError> {
        self.join("/").map(|Address(mut url)| {
            // Addresses that can be joined have an authority, and so these cannot fail.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            Address(url)
        })
    }

    /// Takes the parameters out of the query.
    pub(crate) fn take_query(&mut self) -> Vec<(String, String)> {
        let pairs = self.0.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
        self.0.set_query(None);
        pairs
    }

    /// Adds a parameter to the query.
    pub(crate) fn add_query(&mut self, key: &str, value: &str) {
        self.0.query_pairs_mut().append_pair(key, value);
    }

    /// Takes user name and password out, decoded.
    pub(crate) fn take_user(&mut self) -> (Option<String>, Option<String>) {
        let name = Some(self.0.username()).filter(|name| !name.is_empty()).map(decoded);
        let password = self.0.password().map(decoded);
        // Both fail only for URLs without a host, which have no user either.
        let _ = self.0.set_username("");
        let _ = self.0.set_password(None);
        (name, password)
    }

    /// Drops what follows `#`: no server gets it.
    pub(crate) fn drop_fragment(&mut self) {
        self.0.set_fragment(None);
    }

    /// Names the user that SSH logs in as, if there is none yet.
    pub(crate) fn name_user(&mut self, user: &str) {
        if self.0.username().is_empty() {
            let _ = self.0.set_username(user);
        }
    }

    /// Drops a password: SSH has no use for it.
    pub(crate) fn drop_password(&mut self) {
        let _ = self.0.set_password(None);
    }
}

/// Text without percent signs.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut url = self.0.clone();
        url.set_query(None);
        url.set_fragment(None);
        let _ = url.set_username("");
        let _ = url.set_password(None);
        f.write_str(url.as_str())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

/// A text that people gave as an address, for messages: it may be no URL at all, and have a password nevertheless.
///
/// Whatever is before the last `@` could be one, even where a slash in it keeps it from being read as such.
pub fn safe_text(text: &str) -> String {
    let (text, digest) = match text.rsplit_once('@') {
        Some((head, digest)) if is_digest(digest) => (head, Some(digest)),
        _ => (text, None),
    };
    let (scheme, rest) = text.split_once("://").map_or(("", text), |(scheme, rest)| (scheme, rest));
    let rest = rest.rsplit('@').next().unwrap_or_default();
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let scheme = if scheme.is_empty() { String::new() } else { format!("{scheme}://") };
    format!("{scheme}{rest}{}", digest.map(|d| format!("@{d}")).unwrap_or_default())
}

/// What another program or a server says, for messages: without what its addresses carry, and without control
/// characters, which could move the cursor of a terminal.
pub(crate) fn safe_words(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let word = |word: &str| {
        if !word.contains("://") {
            return word.to_owned();
        }
        let quote = |c: char| matches!(c, '\'' | '"' | ',' | ';' | ')' | '(' | '<' | '>');
        let start = word.len() - word.trim_start_matches(quote).len();
        let end = word.trim_end_matches(|c| quote(c) || c == ':').len().max(start);
        format!("{}{}{}", &word[..start], safe_text(&word[start..end]), &word[end..])
    };
    clean.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Whether a text looks as digests do: `sha256:…`.
fn is_digest(text: &str) -> bool {
    text.split_once(':').is_some_and(|(kind, hex)| {
        matches!(kind, "sha256" | "sha512") && hex.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_are_cleaned() {
        assert_eq!(
            safe_words("fatal: unable to access 'http://me:pw@h/x?tok=s3cret/': no\u{1b}[31m way"),
            "fatal: unable to access 'http://h/x': no [31m way"
        );
    }

    #[test]
    fn queries_stay_with_their_server() {
        let base = Address::parse("https://h/charts?token=t").expect("a URL");
        let query = |reference: &str| base.beside(reference).expect("a URL").0.query().map(str::to_owned);
        assert_eq!(query("web.tgz").as_deref(), Some("token=t"));
        assert_eq!(query("//other/web.tgz"), None);
        assert_eq!(query("\\\\other\\web.tgz"), None);
    }

    #[test]
    fn secrets_are_not_printed() {
        let address = Address::parse("https://me:s3cret@example.org:8443/c?token=t0ken#fr4gment").expect("a URL");
        for shown in [address.to_string(), format!("{address:?}"), format!("{:?}", Some(&address))] {
            assert!(shown.contains("https://example.org:8443/c"), "{shown}");
            assert!(!["s3cret", "t0ken", "fr4gment", "me:"].iter().any(|s| shown.contains(s)), "{shown}");
        }
    }

    #[test]
    fn texts_that_are_no_urls_lose_what_may_be_a_secret() {
        for (text, want) in [
            ("https://me:s3/cret@h:port/x", "https://h:port/x"),
            ("https://me:s3?cret@h/x", "https://h/x"),
            ("https://h:port/x?token=1", "https://h:port/x"),
            ("oci://h/web@sha256:1", "oci://h/web@sha256:1"),
            ("oci://me:s3cret@h/web@sha256:1", "oci://h/web@sha256:1"),
            ("me:s3cret@h", "h"),
            ("charts", "charts"),
        ] {
            assert_eq!(safe_text(text), want);
        }
    }

    #[test]
    fn paths_below_are_told_by_whole_parts() {
        for (base, other, want) in [
            ("https://h/charts", "https://h/charts/", true),
            ("https://h/charts/", "https://h/charts", true),
            ("https://h/charts", "https://h/charts/a", true),
            ("https://h", "https://h/charts", true),
            ("https://h/charts", "https://h/charts-of-others", false),
            ("https://h/charts/a", "https://h/charts", false),
            ("https://h/charts", "https://h/charts/../b", false),
            ("https://h/charts", "https://h/charts/%2e%2e%2fb", false),
        ] {
            let address = |text| Address::parse(text).expect("a URL");
            assert_eq!(address(base).has_below(&address(other)), want, "{base} {other}");
        }
    }

    #[test]
    fn references_start_from_the_repository() {
        for (base, reference, want) in [
            ("http://h/charts", "web-1.0.0.tgz", "http://h/charts/web-1.0.0.tgz"),
            ("http://h/charts/", "a/web.tgz", "http://h/charts/a/web.tgz"),
            ("http://h/charts?t=1", "web.tgz", "http://h/charts/web.tgz?t=1"),
            ("http://h/charts", "/web.tgz", "http://h/web.tgz"),
            ("http://h/charts", "https://g/web.tgz", "https://g/web.tgz"),
            ("http://h/charts", "../web.tgz", "http://h/web.tgz"),
            ("http://h/charts", "../../../web.tgz", "http://h/web.tgz"),
        ] {
            let got = Address::parse(base).and_then(|base| base.beside(reference)).expect("a URL");
            assert_eq!(got.whole_with_secrets(), want, "{base} {reference}");
        }
    }
}
