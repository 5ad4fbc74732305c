//! Who we are to a server, and whom we trust.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::address::Address;
use crate::origin::Origin;

/// Credentials and trust, as a person or a Secret gives them. `Debug` shows no secret.
///
/// A source binds them to its own origin; nothing of them is sent anywhere else.
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
    /// Whether credentials go to origins that a repository's index or a registry names, too: the user's explicit
    /// word, as `--pass-credentials` of Helm. Redirects and what a chart names never get them.
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
    fn authorization(&self) -> Option<String> {
        if let Some(token) = &self.token {
            return Some(format!("Bearer {token}"));
        }
        self.user().map(|(name, password)| basic(name, password))
    }

    /// Name and password, where both are there.
    pub(crate) fn user(&self) -> Option<(&str, &str)> {
        match (&self.username, &self.password) {
            (Some(name), Some(password)) if !name.is_empty() && !password.is_empty() => Some((name, password)),
            _ => None,
        }
    }

    /// Takes the credentials out of an address, where there are none yet.
    pub(crate) fn take_from(&mut self, address: &mut Address) {
        let (name, password) = address.take_user();
        if self.username.is_none() && name.is_some() {
            self.username = name;
            self.password = password.or(self.password.take());
        }
    }

    /// Takes the credentials out of an address, replacing others: they were written for that address.
    pub(crate) fn prefer_from(&mut self, address: &mut Address) {
        let (name, password) = address.take_user();
        if let Some(password) = password {
            (self.username, self.password, self.token) = (name, Some(password), None);
        } else if self.username.is_none() {
            self.username = name;
        }
    }

    /// Whether something secret in it would be sent, and is the same in another one.
    pub(crate) fn shares_secret(&self, other: &Access) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
        self.authorization().is_some() && (same(&self.password, &other.password) || same(&self.token, &other.token))
    }

    /// For one address' origin.
    pub(crate) fn granted_to(self, address: &Address) -> Grant {
        Grant { origin: Some(address.origin()), access: self }
    }
}

/// Credentials and trust, with the one origin that they were given for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Grant {
    access: Access,
    /// Without one, no server gets them.
    origin: Option<Origin>,
}

impl Grant {
    /// What was given; what of it is sent where is for [`Grant::covers`] to say.
    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// Whether the credentials may go to an origin: their own, or any if the user said so.
    pub(crate) fn covers(&self, origin: &Origin) -> bool {
        self.is_for(origin) || self.access.pass_credentials
    }

    /// Whether the credentials were given for exactly this origin.
    pub(crate) fn is_for(&self, origin: &Origin) -> bool {
        self.origin.as_ref() == Some(origin)
    }

    /// What to send to an origin, if it may get it.
    pub(crate) fn authorization(&self, to: &Origin) -> Option<Authorization> {
        let value = self.access.authorization().filter(|_| self.covers(to))?;
        Some(Authorization { value, origin: to.clone() })
    }

    /// What tells caches of different users apart. It is hashed before it is written.
    pub(crate) fn key(&self) -> String {
        self.access.authorization().unwrap_or_default()
    }
}

/// The value of an `Authorization` header, and the only origin that gets it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Authorization {
    value: String,
    origin: Origin,
}

impl Authorization {
    /// A value for an origin: what a token server gave, or a registry's credentials.
    pub(crate) fn new(value: String, origin: Origin) -> Authorization {
        Authorization { value, origin }
    }

    /// The header's value, for its own origin only.
    pub(crate) fn value_for(&self, origin: &Origin) -> Option<&str> {
        (self.origin == *origin).then_some(self.value.as_str())
    }
}

/// `Basic …`
pub(crate) fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
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

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization").field("origin", &self.origin).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).expect("a URL")
    }

    #[test]
    fn addresses_lose_their_credentials() {
        let mut url = address("https://me:s%40cret@example.org/charts");
        let mut access = Access::default();
        access.take_from(&mut url);
        assert_eq!(url.whole_with_secrets(), "https://example.org/charts");
        assert_eq!(access.authorization().as_deref(), Some("Basic bWU6c0BjcmV0"));
        assert!(!format!("{access:?}").contains("cret"));
    }

    #[test]
    fn what_stands_in_an_address_counts_more_than_flags() {
        let flags = Access { username: Some("all".into()), password: Some("one".into()), ..Access::default() };
        let mut own = flags.clone();
        own.prefer_from(&mut address("https://me:two@example.org"));
        assert_eq!(own.user(), Some(("me", "two")));
        assert!(!own.shares_secret(&flags));
        let mut named = Access { username: None, ..flags.clone() };
        named.prefer_from(&mut address("https://me@example.org"));
        assert_eq!(named.user(), Some(("me", "one")), "the password is that of the environment");
        assert!(named.shares_secret(&flags));
    }

    #[test]
    fn a_grant_is_for_its_origin() {
        let access = Access { token: Some("t".into()), ..Access::default() };
        let grant = access.clone().granted_to(&address("https://h/charts"));
        let own = address("https://h:443/other").origin();
        let other = address("https://h:8443").origin();
        assert!(
            grant.authorization(&own).is_some_and(|a| a.value_for(&own).is_some() && a.value_for(&other).is_none())
        );
        assert!(grant.authorization(&other).is_none());
        assert!(Grant::default().authorization(&own).is_none());
        let passed = Access { pass_credentials: true, ..access }.granted_to(&address("https://h/charts"));
        assert!(passed.authorization(&other).is_some_and(|a| a.value_for(&other).is_some()));
    }
}
