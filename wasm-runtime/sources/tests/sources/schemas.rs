//! Schemas that others refer to: over https, from public addresses, with limits.

use chartwright_sources::{DocumentError, Patience, Schemas};

use crate::support::{Reply, Seen, Server, folder};
use crate::tls::Certificates;

fn serve(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> (Server, Certificates) {
    let certificates = Certificates::new("127.0.0.1");
    (Server::start_with(Some(certificates.curious()), answer), certificates)
}

/// Schemas from servers of this machine.
fn schemas(certificates: &Certificates) -> Schemas {
    Schemas::new(None, false)
        .on_loopback(certificates.trusted())
        .with_patience(Patience { attempts: 1, ..Patience::default() })
}

#[test]
fn schemas_come_over_https_and_are_kept() {
    let (server, certificates) = serve(|_| Reply::ok("{}"));
    let folder = folder();
    let url = server.url("/a.json#/definitions/x").replace("https://", "https://me:secret@");
    let online = || Schemas::new(Some(folder.path()), false).on_loopback(certificates.trusted());
    let offline = || Schemas::new(Some(folder.path()), true);
    let error = offline().schema_at(&url).expect_err("an error").to_string();
    assert_eq!(error, format!("{}: --offline prevents fetching it", server.url("/a.json")));
    for _ in 0..2 {
        assert_eq!(online().schema_at(&url).expect("a schema"), b"{}");
    }
    assert_eq!(offline().schema_at(&url).expect("a schema"), b"{}");
    let seen = server.seen();
    assert_eq!(seen.len(), 1, "it is kept");
    assert_eq!((seen[0].path.as_str(), seen[0].authorization()), ("/a.json", None));
}

#[test]
fn what_is_not_encrypted_or_not_public_is_refused() {
    let plain = Server::start(|_| Reply::ok("{}"));
    let (server, certificates) = serve(|_| Reply::ok("{}"));
    let error = schemas(&certificates).schema_at(&plain.url("/a.json")).expect_err("an error");
    assert!(matches!(&error, DocumentError::NotEncrypted(_)), "{error}");
    for host in ["127.0.0.1", "[::1]", "localhost", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let port = server.address().rsplit(':').next().expect("a port").to_owned();
        let url = format!("https://{host}:{port}/latest/meta-data?token=s3cret");
        let error = Schemas::new(None, false).schema_at(&url).expect_err(host).to_string();
        assert!(error.contains("is not a public address"), "{host}: {error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
    assert_eq!(server.seen().len() + plain.seen().len(), 0, "nobody was asked");
}

#[test]
fn redirects_and_sizes_are_limited() {
    let plain = Server::start(|_| Reply::ok("{}"));
    let to = plain.url("/a.json");
    let (server, certificates) = serve(move |seen| match seen.path.as_str() {
        "/plain" => Reply::redirect(&to),
        "/private" => Reply::redirect("https://10.0.0.1/a.json"),
        "/circle" => Reply::redirect("/circle"),
        "/large" => Reply::ok("{}").lying(6 << 20),
        _ => Reply::status(404),
    });
    for (path, want) in [
        ("/plain", "refused"),
        ("/private", "10.0.0.1 is not a public address"),
        ("/circle", "stopped after 10 redirects"),
        ("/large", "sends more than 5242880 bytes"),
        ("/none", "404 Not Found"),
    ] {
        let error = schemas(&certificates).schema_at(&server.url(path)).expect_err(path).to_string();
        assert!(error.contains(want), "{path}: {error}");
    }
    assert_eq!(plain.seen().len(), 0);
}
