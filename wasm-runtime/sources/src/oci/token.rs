//! Tokens: what a registry wants after it said no (the distribution specification's token authentication).

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::access::Authorization;
use crate::address::Address;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::http::{Client, Request, Response};
use crate::oci::error::{OciError, refused};
use crate::oci::reference::Reference;
use crate::origin::Origin;

/// Token servers that are known to belong to a registry at another origin.
const PAIRS: [(&str, &str); 2] =
    [("https://registry-1.docker.io", "https://auth.docker.io"), ("https://registry.gitlab.com", "https://gitlab.com")];

/// What to send after a 401: by the challenge, a token or the credentials themselves.
///
/// # Errors
/// If the registry wants credentials and there are none, or if they would go to another server.
pub(super) fn authorize(
    client: &Client,
    of: &Reference,
    registry: &Address,
    credentials: Option<&Credentials>,
    response: &Response,
) -> Result<Authorization, Error> {
    let challenges = response.headers.get_all("www-authenticate");
    let challenge = challenges.iter().filter_map(|c| Challenge::parse(c.to_str().ok()?)).next();
    let missing = || OciError::NoCredentials { address: registry.clone(), registry: of.registry.clone() };
    let origin = registry.origin();
    let Some(challenge) = challenge.filter(|c| c.bearer) else {
        let basic = credentials.and_then(Credentials::basic).ok_or_else(missing)?;
        return Ok(Authorization::new(basic, origin));
    };
    let mut realm =
        Address::parse(&challenge.realm).map_err(|cause| OciError::Realm { registry: of.registry.clone(), cause })?;
    let realm_origin = realm.origin();
    let basic = credentials.and_then(Credentials::basic);
    let refresh = credentials.and_then(|c| c.identity_token.as_deref());
    let pass = client.access().pass_credentials;
    match may_have(&origin, &realm_origin, basic.is_some() || refresh.is_some(), pass) {
        Verdict::Yes => {}
        Verdict::NoTls => return Err(OciError::TokensWithoutTls(of.registry.clone()).into()),
        Verdict::Elsewhere => {
            return Err(OciError::TokensElsewhere { registry: origin, realm: realm_origin }.into());
        }
    }
    let scope = format!("repository:{}:pull", of.repository);
    let service = challenge.service.as_deref().unwrap_or_default();
    let form = [
        ("grant_type", "refresh_token"),
        ("service", service),
        ("client_id", "chartwright"),
        ("scope", scope.as_str()),
        ("refresh_token", refresh.unwrap_or_default()),
    ];
    if refresh.is_none() {
        if !service.is_empty() {
            realm.add_query("service", service);
        }
        realm.add_query("scope", &scope);
    }
    let authorization = basic.filter(|_| refresh.is_none()).map(|basic| Authorization::new(basic, realm_origin));
    let request = Request {
        form: refresh.map(|_| &form[..]),
        authorization: authorization.as_ref(),
        ..Request::get(&realm, 1 << 20)
    };
    let response = client.send(&request).map_err(|e| OciError::unreachable(of, e))?;
    if response.status.as_u16() != 200 {
        return Err(refused(of, &realm, &response).into());
    }
    #[derive(Deserialize)]
    struct Token {
        token: Option<String>,
        access_token: Option<String>,
    }
    let token: Token = serde_json::from_slice(&response.body).map_err(|e| OciError::json(of, &e))?;
    let token = token.token.or(token.access_token).filter(|t| !t.is_empty()).ok_or_else(missing)?;
    Ok(Authorization::new(format!("Bearer {token}"), origin))
}

/// Whether a token server may be asked.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Yes,
    /// It would be asked without TLS, and is not the registry itself.
    NoTls,
    /// It would get credentials that were given for the registry.
    Elsewhere,
}

/// Whether a registry's token server may be asked, with credentials if there are any.
///
/// At the registry's own origin it may. Elsewhere it is asked over TLS only, and gets credentials only if the two are
/// known to belong together, or the user said that credentials may be passed on. A registry that is spoken to without
/// TLS passes nothing on: anybody on the way could have named the server.
fn may_have(registry: &Origin, realm: &Origin, has_credentials: bool, pass_credentials: bool) -> Verdict {
    if registry == realm {
        return Verdict::Yes;
    }
    if !realm.is_encrypted() || (has_credentials && !registry.is_encrypted()) {
        return Verdict::NoTls;
    }
    let pair = (registry.to_string(), realm.to_string());
    let known = PAIRS.iter().any(|(registry, realm)| (*registry, *realm) == (pair.0.as_str(), pair.1.as_str()));
    if has_credentials && !known && !pass_credentials { Verdict::Elsewhere } else { Verdict::Yes }
}

/// `WWW-Authenticate`
#[derive(Debug, PartialEq, Eq)]
struct Challenge {
    bearer: bool,
    realm: String,
    service: Option<String>,
}

impl Challenge {
    fn parse(header: &str) -> Option<Challenge> {
        let (scheme, mut rest) = header.split_once(' ').unwrap_or((header, ""));
        let bearer = scheme.eq_ignore_ascii_case("bearer");
        if !bearer && !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let mut parameters = BTreeMap::new();
        while let Some((name, after)) = rest.split_once('=') {
            let name = name.trim_matches([' ', ',']).to_ascii_lowercase();
            let (value, left) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => after.split_once(',').unwrap_or((after, "")),
            };
            parameters.insert(name, value.to_owned());
            rest = left;
        }
        let service = parameters.remove("service");
        Some(Challenge { bearer, realm: parameters.remove("realm").unwrap_or_default(), service })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read() {
        let bearer = Challenge::parse("Bearer realm=\"https://a/token\",service=\"r, s\",scope=x");
        assert_eq!(
            bearer,
            Some(Challenge { bearer: true, realm: "https://a/token".into(), service: Some("r, s".into()) })
        );
        assert_eq!(
            Challenge::parse("basic realm=\"x\""),
            Some(Challenge { bearer: false, realm: "x".into(), service: None })
        );
        assert_eq!(Challenge::parse("Negotiate"), None);
    }

    #[test]
    fn credentials_go_to_token_servers_that_belong_to_the_registry() {
        use Verdict::{Elsewhere, NoTls, Yes};
        let origin = |text: &str| Address::parse(text).expect("a URL").origin();
        for (registry, realm, credentials, pass, want) in [
            ("https://h", "https://h/token", true, false, Yes),
            ("http://h:5000", "http://h:5000/token", true, false, Yes),
            ("https://registry-1.docker.io", "https://auth.docker.io/token", true, false, Yes),
            ("https://registry.gitlab.com", "https://gitlab.com/jwt/auth", true, false, Yes),
            ("https://registry.gitlab.com:5000", "https://gitlab.com/jwt/auth", true, false, Elsewhere),
            ("https://h", "https://auth.docker.io/token", true, false, Elsewhere),
            ("https://h", "https://h.evil.example/token", true, false, Elsewhere),
            ("https://h", "https://other/token", true, true, Yes),
            ("https://h", "https://other/token", false, false, Yes),
            ("https://h", "http://h/token", true, true, NoTls),
            ("https://h", "http://other/token", false, false, NoTls),
            ("http://h:5000", "https://other/token", true, true, NoTls),
            ("http://h:5000", "http://h:5001/token", false, false, NoTls),
            ("http://h:5000", "https://other/token", false, false, Yes),
        ] {
            assert_eq!(may_have(&origin(registry), &origin(realm), credentials, pass), want, "{registry} {realm}");
        }
    }
}
