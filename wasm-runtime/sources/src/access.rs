//! Who we are to a server, and whom we trust.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;

/// Credentials and trust for a source. `Debug` shows no secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// User name for basic authentication.
    pub username: Option<String>,
    /// Password for basic authentication.
    pub password: Option<String>,
    /// A token that is sent as it is (`Authorization: Bearer`).
    pub token: Option<String>,
    /// The authority that servers' certificates must come from.
    pub ca: Option<Pem>,
    /// Our certificate.
    pub certificate: Option<Pem>,
    /// Its key.
    pub key: Option<Pem>,
    /// Whether servers' certificates are not checked.
    pub insecure: bool,
    /// Whether credentials go to hosts that a repository's index names, too.
    pub pass_credentials: bool,
    /// Whether a registry is spoken to without TLS.
    pub plain_http: bool,
    /// The text of a `config.json` with credentials for registries.
    pub registry_auth: Option<Arc<[u8]>>,
    /// A private key for Git over SSH, and the hosts that are known.
    pub ssh: Option<Arc<SshAccess>>,
}

/// Text in PEM.
#[derive(Clone, PartialEq, Eq)]
pub enum Pem {
    /// In a file.
    File(PathBuf),
    /// From a Secret.
    Data(Arc<[u8]>),
}

/// A key for SSH.
#[derive(Clone, PartialEq, Eq)]
pub struct SshAccess {
    /// The private key (`identity`).
    pub identity: Vec<u8>,
    /// The servers' keys (`known_hosts`).
    pub known_hosts: Vec<u8>,
}

impl Access {
    /// The value of `Authorization` for basic authentication or a token.
    pub(crate) fn authorization(&self) -> Option<String> {
        if let Some(token) = &self.token {
            return Some(format!("Bearer {token}"));
        }
        match (&self.username, &self.password) {
            (Some(name), Some(password)) if !name.is_empty() && !password.is_empty() => Some(basic(name, password)),
            _ => None,
        }
    }

    /// Takes the credentials out of a URL, so that they are in no message.
    pub(crate) fn take_from(&mut self, url: &mut Url) {
        if url.username().is_empty() && url.password().is_none() {
            return;
        }
        if self.username.is_none() {
            self.username = Some(decoded(url.username()));
            self.password = url.password().map(decoded);
        }
        // Both fail only for URLs without a host, which have no user either.
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
}

/// `Basic …`
pub(crate) fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

/// Text without percent signs.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

impl Pem {
    /// Its bytes.
    pub(crate) fn read(&self) -> std::io::Result<Vec<u8>> {
        match self {
            Pem::File(path) => crate::folder::read(path, 1 << 20),
            Pem::Data(data) => Ok(data.to_vec()),
        }
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("username", &self.username).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lose_their_credentials() {
        let mut url = Url::parse("https://me:s%40cret@example.org/charts").expect("a URL");
        let mut access = Access::default();
        access.take_from(&mut url);
        assert_eq!(url.as_str(), "https://example.org/charts");
        assert_eq!(access.authorization().as_deref(), Some("Basic bWU6c0BjcmV0"));
        assert!(!format!("{access:?}").contains("cret"));
    }
}
