//! Servers whose certificates are of an authority of our own.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use chartwright::{FixedWorld, Snippet};
use chartwright_sources::access::Pem;
use chartwright_sources::{Access, Options, file_at};
use flux::{Charts, FetchError};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::support::{Reply, Server, chart, digest, folder, index, options, sources, wanted};

/// Certificates and keys in PEM, made as charts make them.
pub(crate) struct Certificates {
    pub(crate) authority: Vec<u8>,
    server: (Vec<u8>, Vec<u8>),
    pub(crate) client: (Vec<u8>, Vec<u8>),
}

impl Certificates {
    pub(crate) fn new(host: &str) -> Certificates {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs();
        let world = FixedWorld { now: (i64::try_from(now).expect("a time") - 3600, 0), ..FixedWorld::seeded(7) };
        let text = "{{ $ca := genCAWithKey \"test\" 2 (genPrivateKey \"ecdsa\") }}{{ $ca.Cert }}|\
            {{- $ips := ternary (list .Values.host) list (regexMatch \"^[0-9.]+$\" .Values.host) -}}\
            {{- range $name := list .Values.host \"client\" -}}\
            {{- $c := genSignedCertWithKey $name $ips (list $name) 1 $ca (genPrivateKey \"ecdsa\") -}}\
            {{ $c.Cert }}|{{ $c.Key }}|{{ end }}";
        let output = Snippet::new([("t", text)]).render(format!("host: {host}").as_bytes(), Rc::new(world));
        let output = output.expect("certificates");
        let mut parts = output.file("t").expect("a text").split(|b| *b == b'|').map(<[u8]>::to_vec);
        let mut next = || parts.next().expect("a part");
        Certificates { authority: next(), server: (next(), next()), client: (next(), next()) }
    }

    /// A server's configuration; it asks for a certificate of the authority, if told to.
    fn config(&self, ask: bool) -> Arc<ServerConfig> {
        self.config_of(ask, false)
    }

    /// A server's configuration; it asks for a certificate, and does not insist.
    pub(crate) fn curious(&self) -> Arc<ServerConfig> {
        self.config_of(true, true)
    }

    fn config_of(&self, ask: bool, also_nobody: bool) -> Arc<ServerConfig> {
        let certificate = |pem: &[u8]| CertificateDer::from_pem_slice(pem).expect("a certificate");
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
        let builder = builder.with_safe_default_protocol_versions().expect("versions");
        let builder = match ask {
            false => builder.with_no_client_auth(),
            true => {
                let mut roots = RootCertStore::empty();
                roots.add(certificate(&self.authority)).expect("an authority");
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                let verifier = if also_nobody { verifier.allow_unauthenticated() } else { verifier };
                builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
            }
        };
        let key = PrivateKeyDer::from_pem_slice(&self.server.1).expect("a key");
        Arc::new(builder.with_single_cert(vec![certificate(&self.server.0)], key).expect("a configuration"))
    }

    pub(crate) fn trusted(&self) -> Access {
        Access { ca: Some(Pem::Data(self.authority.as_slice().into())), ..Access::default() }
    }
}

/// A chart repository and a registry with one chart.
fn serve(config: Arc<ServerConfig>) -> Server {
    let data = chart("web", "1.0.0");
    let mut files: BTreeMap<String, Vec<u8>> = crate::support::contents("charts/web", &["1.0.0"]);
    files.insert("/index.yaml".into(), index(&[("web", "1.0.0", "web-1.0.0.tgz", Some(digest(&data)))]));
    files.insert("/web-1.0.0.tgz".into(), data);
    files.insert("/v2/charts/web/tags/list".into(), br#"{"tags": ["1.0.0"]}"#.to_vec());
    files.insert("/values.yaml".into(), b"a: 1".to_vec());
    Server::start_with(Some(config), move |seen| {
        files.get(&seen.path).map_or(Reply::status(404), |f| Reply::ok(f.clone()))
    })
}

fn ask(place: &str, access: &Access) -> Result<(), FetchError> {
    let folder = folder();
    let options = Options { access: access.clone(), ..options(&folder) };
    sources(options, place).chart(&wanted("HelmRepository", "web", "1.x")).map(drop)
}

#[test]
fn certificates_are_checked() {
    let certificates = Certificates::new("127.0.0.1");
    let server = serve(certificates.config(false));
    let folder = folder();
    let file: PathBuf = folder.path().join("ca.pem");
    std::fs::write(&file, &certificates.authority).expect("a file");
    let from_file = Access { ca: Some(Pem::File(file)), ..Access::default() };
    let unchecked = Access { insecure: true, ..Access::default() };
    for place in [format!("https://{}", server.address()), format!("oci://{}/charts", server.address())] {
        for access in [&certificates.trusted(), &from_file, &unchecked] {
            assert_eq!(ask(&place, access), Ok(()), "{place}");
        }
        let error = ask(&place, &Access::default()).err();
        let why = "tls: failed to verify certificate: x509: certificate signed by unknown authority";
        assert!(matches!(&error, Some(FetchError::Unreachable(m)) if m.contains(why)), "{error:?}");
    }
    let none = Access { ca: Some(Pem::Data(b"nothing".as_slice().into())), ..Access::default() };
    let error = ask(&format!("https://{}", server.address()), &none).err();
    let text = "can't create TLS config for client: can't load CA file: no certificate in PEM";
    assert_eq!(error, Some(FetchError::Invalid(text.into())));
}

#[test]
fn certificates_are_for_one_host() {
    let certificates = Certificates::new("elsewhere.example.org");
    let server = serve(certificates.config(false));
    let error = ask(&format!("https://{}", server.address()), &certificates.trusted()).err();
    let why = "tls: failed to verify certificate: x509: ";
    assert!(matches!(&error, Some(FetchError::Unreachable(m)) if m.contains(why)), "{error:?}");
}

#[test]
fn servers_may_ask_who_we_are() {
    let certificates = Certificates::new("127.0.0.1");
    let server = serve(certificates.config(true));
    let (certificate, key) = &certificates.client;
    let ours = Access {
        certificate: Some(Pem::Data(certificate.as_slice().into())),
        key: Some(Pem::Data(key.as_slice().into())),
        ..certificates.trusted()
    };
    for place in [format!("https://{}", server.address()), format!("oci://{}/charts", server.address())] {
        assert_eq!(ask(&place, &ours), Ok(()), "{place}");
        let error = ask(&place, &certificates.trusted()).err();
        assert!(matches!(&error, Some(FetchError::Unreachable(_))), "{error:?}");
    }
}

#[test]
fn plain_servers_do_not_speak_tls() {
    let server = Server::files([]);
    for place in [format!("https://{}", server.address()), format!("oci://{}/charts", server.address())] {
        let error = ask(&place, &Access::default()).err();
        assert!(matches!(&error, Some(FetchError::Unreachable(_))), "{error:?}");
    }
}

#[test]
fn values_come_from_servers_that_are_known() {
    let server = serve(Certificates::new("127.0.0.1").config(false));
    let url = format!("https://{}/values.yaml", server.address());
    let file_at = |url: &str, offline| file_at(url, offline).map_err(|e| e.to_string());
    let error = file_at(&url, false).expect_err("nobody knows the authority");
    assert!(error.contains("certificate signed by unknown authority"), "{error}");
    assert_eq!(file_at(&url, true), Err(format!("{url}: --offline prevents fetching it")));
    let plain = Server::files([("/v.yaml".to_owned(), b"a: 1".to_vec())]);
    assert_eq!(file_at(&plain.url("/v.yaml"), false), Ok(b"a: 1".to_vec()));
    let missing = plain.url("/none.yaml");
    assert_eq!(file_at(&missing, false), Err(format!("failed to fetch {missing} : 404 Not Found")));
}
