//! The client below ours, with trust and timeouts.

use std::sync::Arc;

use rustls::crypto::ring;
use ureq::Agent;
use ureq::config::Config;
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, TlsProvider, parse_pem};

use crate::access::Access;
use crate::http::Reach;
use crate::http::error::HttpError;
use crate::http::patience::Patience;

/// Timeouts and trust. `with_certificate` tells whether our own certificate is shown to servers that ask.
pub(super) fn config(
    access: &Access,
    patience: &Patience,
    with_certificate: bool,
    reach: Reach,
) -> Result<Config, HttpError> {
    let setup = |what: &'static str, e: &dyn std::fmt::Display| HttpError::Tls { what, why: e.to_string() };
    let roots = match &access.ca {
        None => RootCerts::PlatformVerifier,
        Some(pem) => {
            let pem = pem.read().map_err(|e| setup("CA file", &e))?;
            let certificates = certificates(&pem);
            if certificates.is_empty() {
                return Err(setup("CA file", &"no certificate in PEM"));
            }
            RootCerts::from(certificates)
        }
    };
    let own = match (&access.certificate, &access.key) {
        (Some(certificate), Some(key)) if with_certificate => {
            let chain = certificates(&certificate.read().map_err(|e| setup("key pair from cert", &e))?);
            let key = key.read().map_err(|e| setup("key pair from cert", &e))?;
            let key = PrivateKey::from_pem(&key).map_err(|e| setup("key pair from cert", &e))?;
            Some(ClientCert::new_with_certs(&chain, key))
        }
        _ => None,
    };
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .root_certs(roots)
        .client_cert(own)
        .disable_verification(access.insecure)
        .build();
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("chartwright/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(patience.idle))
        .timeout_recv_response(Some(patience.idle))
        .timeout_per_read(Some(patience.idle))
        .timeout_global(Some(patience.total))
        .tls_config(tls);
    if reach != Reach::Anywhere {
        config = config.proxy(None);
    }
    Ok(config.build())
}

fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    parse_pem(pem).filter_map(certificate).collect()
}
