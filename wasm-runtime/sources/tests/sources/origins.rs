//! Credentials go to the origin that they were given for: every source, and every way from it to another origin.
//!
//! Servers on several addresses of this machine stand for other hosts. Each of them asks for credentials, so that
//! whatever would be sent is sent; none of them may see any.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use chartwright_sources::access::Pem;
use chartwright_sources::helm_locate::{self, HelmRequest};
use chartwright_sources::{Access, Options, Patience, SourceError, Sources, file_at};
use flux::Charts;
use rustls::ServerConfig;
use serde_json::json;

use crate::support::{Reply, Seen, Server, chart, contents, folder, index, options, wanted};
use crate::tls::Certificates;

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];
/// `me:secret`
const BASIC: &str = "Basic bWU6c2VjcmV0";

static CERTIFICATES: LazyLock<Certificates> = LazyLock::new(|| Certificates::new("127.0.0.1"));

/// TLS that asks for a certificate.
fn tls() -> Option<Arc<ServerConfig>> {
    Some(CERTIFICATES.curious())
}

/// Everything that can be given: a name, a password, a certificate.
fn me() -> Access {
    let (certificate, key) = &CERTIFICATES.client;
    Access {
        username: Some("me".into()),
        password: Some("secret".into()),
        certificate: Some(Pem::Data(certificate.as_slice().into())),
        key: Some(Pem::Data(key.as_slice().into())),
        insecure: true,
        ..Access::default()
    }
}

/// Answers whatever is asked, and wants credentials for what registries and Git have.
fn tempting(seen: &Seen) -> Reply {
    let path = seen.path.split('?').next().unwrap_or_default();
    let wants = path.contains("/v2/") || path.contains("/info/refs");
    if wants && seen.authorization().is_none() {
        return Reply::status(401).header("WWW-Authenticate", "Basic realm=\"x\"");
    }
    match path {
        _ if path.ends_with("index.yaml") => Reply::ok(index(&[("web", "1.0.0", "web-1.0.0.tgz", None)])),
        _ if path.ends_with(".tgz") => Reply::ok(chart("web", "1.0.0")),
        _ if path.contains("token") => Reply::ok(r#"{"token": "x"}"#),
        _ if path.ends_with(".yaml") => Reply::ok("a: 1"),
        _ => Reply::status(404),
    }
}

/// Servers at other origins: another port, other hosts whose names begin alike, with TLS and without.
fn strangers() -> Vec<Server> {
    vec![
        Server::start_at("127.0.0.1", None, tempting),
        Server::start_at("127.0.0.2", None, tempting),
        Server::start_at("127.0.0.10", None, tempting),
        Server::start_at("127.0.0.1", tls(), tempting),
        Server::start_at("127.0.0.10", tls(), tempting),
    ]
}

/// A server that wants the credentials, and then answers as it is told.
fn home(tls: Option<Arc<ServerConfig>>, answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Server {
    Server::start_with(tls, move |seen| match seen.authorization() {
        Some(BASIC) => answer(seen),
        _ => Reply::status(401).header("WWW-Authenticate", "Basic realm=\"home\""),
    })
}

/// No server has seen a credential: not in a header, not as a certificate, not in an address or a form.
#[track_caller]
fn nothing_astray(servers: &[Server], way: &str) -> usize {
    let mut asked = 0;
    for server in servers {
        for seen in server.seen() {
            asked += 1;
            let text = format!("{seen:?}");
            assert!(seen.authorization().is_none() && !seen.certified, "{way}: {text}");
            assert!(!text.contains("secret") && !text.contains("bWU6c2VjcmV0"), "{way}: {text}");
        }
    }
    asked
}

#[track_caller]
fn given(server: &Server, way: &str) {
    let seen = server.seen();
    assert!(seen.iter().any(|s| s.authorization() == Some(BASIC)), "{way}: home did not get its credentials: {seen:?}");
    if server.url("").starts_with("https") {
        let mut authorized = seen.iter().filter(|s| s.authorization().is_some());
        assert!(authorized.all(|s| s.certified), "{way}: home did not see the certificate");
    }
}

fn quick(folder: &tempfile::TempDir, access: Access) -> Options {
    let base = options(folder);
    Options { access, patience: Patience { attempts: 1, ..base.patience.clone() }, ..base }
}

/// Asks for `web` at a place, with everything that can be given. Whether it comes is not the question.
fn ask(place: &str, access: Access, keyring: bool) {
    let folder = folder();
    let keyring = keyring.then(|| folder.path().join("keys"));
    let sources = Sources::new(Options { keyring, ..quick(&folder, access) }).expect("options");
    sources.add(&format!("charts={place}")).expect("a source");
    let _ = sources.chart(&wanted("HelmRepository", "web", "1.0.0"));
}

#[test]
fn redirects_take_nothing_along() {
    let mut asked = 0;
    for home_tls in [None, tls()] {
        for (at, place) in [("/index.yaml", ""), ("/web-1.0.0.tgz", ""), ("/web-1.0.0.tgz", "/web-1.0.0.tgz")] {
            for status in STATUSES {
                for stranger in strangers() {
                    let to = stranger.url(at);
                    let home = home(home_tls.clone(), move |seen| {
                        if seen.path == at { Reply::moved(status, &to) } else { tempting(seen) }
                    });
                    ask(&home.url(place), me(), false);
                    let way = format!("{status} from {} to {}", home.url(at), stranger.url(""));
                    given(&home, &way);
                    asked += nothing_astray(&[stranger], &way);
                }
            }
        }
    }
    // From https to http nothing is followed; all others were asked.
    assert_eq!(asked, 3 * 5 * (5 + 2), "the ways were gone");
}

#[test]
fn what_leads_back_gets_nothing_more() {
    let stranger = Arc::new(std::sync::OnceLock::<String>::new());
    let there = Arc::clone(&stranger);
    let home = home(None, move |seen| match seen.path.as_str() {
        "/index.yaml" => Reply::redirect(there.get().expect("an address")),
        _ => tempting(seen),
    });
    let back = home.url("/private/index.yaml");
    let other = Server::start_at("127.0.0.2", None, move |_| Reply::redirect(&back));
    stranger.set(other.url("/x")).expect("once");
    ask(&home.url(""), me(), false);
    let private: Vec<_> = home.seen().into_iter().filter(|s| s.path.starts_with("/private")).collect();
    assert_eq!(private.len(), 1);
    assert_eq!(private[0].authorization(), None);
}

#[test]
fn an_index_leads_elsewhere_without_credentials() {
    for (keyring, pass_credentials) in [(false, false), (true, false), (false, true)] {
        let mut asked = 0;
        for stranger in strangers() {
            let listed = index(&[("web", "1.0.0", &stranger.url("/web-1.0.0.tgz"), None)]);
            let home = home(None, move |_| Reply::ok(listed.clone()));
            ask(&home.url(""), Access { pass_credentials, ..me() }, keyring);
            given(&home, "index");
            if pass_credentials {
                given(&stranger, "--pass-credentials");
            } else {
                asked += nothing_astray(&[stranger], "index");
            }
        }
        let per_stranger = match (keyring, pass_credentials) {
            (true, _) => 2,
            (false, true) => 0,
            (false, false) => 1,
        };
        assert_eq!(asked, 5 * per_stranger, "archives, and signatures if they are wanted");
    }
}

#[test]
fn signatures_are_fetched_without_credentials_elsewhere() {
    for stranger in strangers() {
        let to = stranger.url("/x.prov");
        let home =
            home(None, move |seen| if seen.path.ends_with(".prov") { Reply::redirect(&to) } else { tempting(seen) });
        ask(&home.url(""), me(), true);
        given(&home, "provenance");
        assert_eq!(nothing_astray(&[stranger], "provenance"), 1);
    }
}

/// A folder with a chart that depends on `web` at an address.
fn dependent(folder: &Path, repository: &str) {
    fs::create_dir_all(folder).expect("a folder");
    let text = format!(
        "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- {{name: web, version: 1.0.0, repository: {repository:?}}}\n"
    );
    fs::write(folder.join("Chart.yaml"), text).expect("a file");
}

/// Asks for a chart that depends on `web` at an address, beside a source with credentials.
fn depend(source: &str, access: Access, dependency: &str) -> Result<(), flux::FetchError> {
    let folder = folder();
    dependent(&folder.path().join("app"), dependency);
    let sources = Sources::new(quick(&folder, access)).expect("options");
    sources.add(&format!("mine={source}")).expect("a source");
    sources.add(&format!("charts={}", folder.path().join("app").display())).expect("a source");
    sources.chart(&wanted("GitRepository", "", "")).map(drop)
}

#[test]
fn dependencies_get_the_credentials_of_the_source_that_they_are() {
    let home_of = || home(None, tempting);
    for (base, dependency) in [("/charts", "/charts"), ("/charts", "/charts/team/"), ("", "/charts")] {
        let home = home_of();
        assert_eq!(depend(&home.url(base), me(), &home.url(dependency)), Ok(()), "{base} {dependency}");
        given(&home, "a dependency that is the source");
    }
    for dependency in ["/charts-of-others", "/", "/charts/..%2fother", "/charts/../other"] {
        let home = home_of();
        assert!(depend(&home.url("/charts"), me(), &home.url(dependency)).is_err());
        assert_eq!(nothing_astray(&[home], dependency), 1, "{dependency}");
    }
    // Where the source is at one of the addresses that begin alike, and the dependency at another.
    for source in strangers() {
        for stranger in strangers() {
            let _ = depend(&source.url(""), me(), &stranger.url(""));
            let _ = depend(&source.url(""), me(), &format!("{}/charts", stranger.url("")));
            nothing_astray(&[stranger], "a dependency elsewhere");
        }
    }
}

#[test]
fn dependencies_in_registries_get_the_credentials_of_the_source_that_they_are() {
    let plain = || Access { plain_http: true, ..me() };
    let files = contents("charts/web", &["1.0.0"]);
    let registry = |ip| {
        let files: BTreeMap<String, Vec<u8>> = files.clone();
        Server::start_at(ip, None, move |seen| match (seen.authorization(), files.get(&seen.path)) {
            (Some(BASIC), _) if seen.path.ends_with("/tags/list") => Reply::ok(r#"{"tags": ["1.0.0"]}"#),
            (Some(BASIC), Some(data)) => Reply::ok(data.clone()),
            (Some(_), _) => Reply::status(404),
            (None, _) => Reply::status(401).header("WWW-Authenticate", "Basic realm=\"x\""),
        })
    };
    let home = registry("127.0.0.10");
    let place = |server: &Server, path: &str| format!("oci://{}{path}", server.address());
    assert_eq!(depend(&place(&home, "/charts"), plain(), &place(&home, "/charts")), Ok(()));
    given(&home, "a dependency that is the source");
    // Without TLS only where the user said so: this one is asked with TLS, and does not speak it.
    assert!(depend(&place(&home, "/charts"), plain(), &place(&home, "/others")).is_err());
    for ip in ["127.0.0.1", "127.0.0.2", "127.0.0.10"] {
        let stranger = Server::start_at(ip, tls(), tempting);
        let _ = depend(&place(&home, "/charts"), plain(), &place(&stranger, "/charts"));
        let _ = depend(&place(&home, "/charts"), Access { insecure: true, ..me() }, &place(&stranger, "/charts"));
        nothing_astray(&[stranger], "a dependency in another registry");
    }
}

#[test]
fn a_chart_names_chart_repositories_and_nothing_else() {
    for dependency in ["git+https://127.0.0.1:1/r", "ssh://git@127.0.0.1:1/r", "https://127.0.0.1:1/web.tgz"] {
        let error = depend("https://127.0.0.1:1", me(), dependency).expect_err("an error").to_string();
        assert!(error.contains("is not a chart repository"), "{dependency}: {error}");
    }
}

/// A registry that answers to the credentials, or to a token if there is a token server.
fn registry(
    tls: Option<Arc<ServerConfig>>,
    realm: Option<String>,
    answer: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static,
) -> Server {
    let files = contents("charts/web", &["1.0.0"]);
    Server::start_with(tls, move |seen| {
        let challenge = match &realm {
            Some(realm) => format!("Bearer realm=\"{realm}\",service=\"s\""),
            None => "Basic realm=\"home\"".to_owned(),
        };
        match seen.authorization() {
            Some(BASIC | "Bearer x") => {}
            _ => return Reply::status(401).header("WWW-Authenticate", &challenge),
        }
        if let Some(reply) = answer(seen) {
            return reply;
        }
        if seen.path.contains("/tags/list") {
            return Reply::ok(json!({"tags": ["1.0.0"]}).to_string());
        }
        files.get(&seen.path).map_or(Reply::status(404), |f| Reply::ok(f.clone()))
    })
}

#[test]
fn registries_lead_elsewhere_without_credentials() {
    let plain = || Access { plain_http: true, ..me() };
    let mut asked = 0;
    for part in ["/manifests/", "/blobs/", "/tags/"] {
        for status in STATUSES {
            for stranger in strangers() {
                let to = stranger.url("/x");
                let home =
                    registry(None, None, move |seen| seen.path.contains(part).then(|| Reply::moved(status, &to)));
                let folder = folder();
                let sources = Sources::new(quick(&folder, plain())).expect("options");
                sources.add(&format!("charts=oci://{}/charts", home.address())).expect("a source");
                let _ = sources.chart(&wanted("HelmRepository", "web", "1.x"));
                given(&home, part);
                asked += nothing_astray(&[stranger], part);
            }
        }
    }
    assert_eq!(asked, 3 * 5 * 5, "the ways were gone");
    // The next page of tags is on the same server, or there is none.
    for stranger in strangers() {
        let next = format!("<{}>; rel=\"next\"", stranger.url("/v2/charts/web/tags/list"));
        let home = registry(None, None, move |seen| {
            let tags = Reply::ok(json!({"tags": ["1.0.0"]}).to_string()).header("Link", &next);
            seen.path.contains("/tags/").then_some(tags)
        });
        let folder = folder();
        let sources = Sources::new(quick(&folder, plain())).expect("options");
        sources.add(&format!("charts=oci://{}/charts", home.address())).expect("a source");
        sources.chart(&wanted("HelmRepository", "web", "1.x")).expect("a chart");
        assert_eq!(nothing_astray(&[stranger], "a page of tags"), 0);
    }
}

#[test]
fn token_servers_get_credentials_where_they_belong_to_the_registry() {
    for home_tls in [None, tls()] {
        let plain_http = home_tls.is_none();
        for stranger in strangers() {
            let realm = stranger.url("/token");
            let home = registry(home_tls.clone(), Some(realm.clone()), |_| None);
            let run = |access: Access, configs: Vec<std::path::PathBuf>| {
                let folder = folder();
                let options = Options { registry_configs: configs, ..quick(&folder, access) };
                let sources = Sources::new(options).expect("options");
                sources.add(&format!("charts=oci://{}/charts", home.address())).expect("a source");
                sources.chart(&wanted("HelmRepository", "web", "1.0.0")).map(drop).map_err(|e| e.to_string())
            };
            let error = run(Access { plain_http, ..me() }, Vec::new()).expect_err("an error");
            let encrypted = !plain_http && realm.starts_with("https");
            let want = if encrypted { "--pass-credentials allows it" } else { "credentials are not sent without TLS" };
            assert!(error.contains(want), "{realm}: {error}");
            // The same for what a file or a Secret has for the registry, and for a token that gets tokens.
            let config = folder();
            let file = config.path().join("config.json");
            let auths = json!({"auths": {home.address(): {"identitytoken": "secret"}}}).to_string();
            fs::write(&file, &auths).expect("a file");
            let nobody = Access { plain_http, insecure: true, ..Access::default() };
            let secret = Access { registry_auth: Some(auths.as_bytes().into()), ..nobody.clone() };
            run(nobody.clone(), vec![file]).expect_err("an error");
            run(secret, Vec::new()).expect_err("an error");
            assert_eq!(nothing_astray(std::slice::from_ref(&stranger), "a token server elsewhere"), 0);
            // Nobody's token can be had anywhere that is encrypted.
            assert_eq!(run(nobody, Vec::new()).is_ok(), realm.starts_with("https"), "{realm}");
            nothing_astray(std::slice::from_ref(&stranger), "an anonymous token");
            if encrypted {
                run(Access { pass_credentials: true, ..me() }, Vec::new()).expect("a chart: the user said so");
                given(&stranger, "--pass-credentials");
            }
        }
    }
}

#[test]
fn a_form_with_a_token_is_not_sent_again_elsewhere() {
    for status in STATUSES {
        for stranger in strangers() {
            let to = stranger.url("/token");
            let realm = Arc::new(std::sync::OnceLock::<String>::new());
            let there = Arc::clone(&realm);
            let server = Server::start(move |seen| {
                if seen.path.starts_with("/token") {
                    return Reply::moved(status, &to);
                }
                let challenge = format!("Bearer realm=\"{}\"", there.get().expect("an address"));
                Reply::status(401).header("WWW-Authenticate", &challenge)
            });
            realm.set(server.url("/token")).expect("once");
            let auths = json!({"auths": {server.address(): {"identitytoken": "secret"}}}).to_string();
            let access = Access { plain_http: true, registry_auth: Some(auths.as_bytes().into()), ..Access::default() };
            ask(&format!("oci://{}/charts", server.address()), access, false);
            assert!(server.seen().iter().any(|s| s.body.contains("refresh_token=secret")), "home gets it");
            nothing_astray(&[stranger], "a form");
        }
    }
}

#[test]
fn entries_for_registries_are_for_the_whole_host_and_port() {
    for entry in
        ["127.0.0.1", "127.0.0.1:1", "127.0.0.10:PORT", "27.0.0.1:PORT", "127.0.0.1:PORT/team", "127.0.0.1:PORT1"]
    {
        let home = registry(None, None, |_| None);
        let port = home.address().rsplit(':').next().expect("a port").to_owned();
        let auths = json!({"auths": {entry.replace("PORT", &port): {"auth": "bWU6c2VjcmV0"}}}).to_string();
        let access = Access { plain_http: true, registry_auth: Some(auths.as_bytes().into()), ..Access::default() };
        ask(&format!("oci://{}/charts", home.address()), access, false);
        assert!(nothing_astray(&[home], entry) > 0);
    }
}

#[test]
fn values_lead_elsewhere_without_credentials() {
    for status in STATUSES {
        for stranger in strangers().into_iter().take(3) {
            let to = stranger.url("/values.yaml");
            let home = home(None, move |_| Reply::moved(status, &to));
            let url = home.url("/values.yaml").replace("http://", "http://me:secret@");
            assert_eq!(file_at(&url, false).expect("values"), b"a: 1");
            given(&home, "values");
            assert_eq!(nothing_astray(&[stranger], "values"), 1);
        }
    }
}

#[test]
fn helms_own_references_keep_to_the_same_rule() {
    for stranger in strangers() {
        let listed = index(&[("web", "1.0.0", &stranger.url("/web-1.0.0.tgz"), None)]);
        let to = stranger.url("/web-1.0.0.tgz");
        let text = listed.clone();
        let home = home(None, move |seen| match seen.path.as_str() {
            "/index.yaml" => Reply::ok(text.clone()),
            _ => Reply::redirect(&to),
        });
        let helm = folder();
        fs::write(
            helm.path().join("repositories.yaml"),
            format!("repositories:\n- {{name: mine, url: {:?}, username: me, password: secret}}\n", home.url("")),
        )
        .expect("a file");
        fs::write(helm.path().join("mine-index.yaml"), &listed).expect("a file");
        let request = |repository: Option<String>, access: Access| HelmRequest {
            repository,
            access,
            keyring: Some(helm.path().join("keys")),
            repository_config: helm.path().join("repositories.yaml"),
            repository_cache: helm.path().to_path_buf(),
            patience: Patience { attempts: 1, ..Patience::default() },
            ..HelmRequest::default()
        };
        let nobody = Access { insecure: true, ..Access::default() };
        let with_user = home.url("").replace("http://", "http://me:secret@");
        for (reference, request) in [
            ("web", request(Some(home.url("")), me())),
            ("web", request(Some(with_user), nobody.clone())),
            ("mine/web", request(None, nobody.clone())),
            // In the index of a repository that has credentials, at another origin.
            (&*stranger.url("/web-1.0.0.tgz"), request(None, nobody)),
            (&*home.url("/moved.tgz"), request(None, me())),
        ] {
            let _ = helm_locate::fetch(reference, &request, &|_| {});
        }
        given(&home, "helm");
        assert!(nothing_astray(&[stranger], "helm") >= 5);
    }
}

#[test]
fn one_password_is_for_one_server() {
    let folder = folder();
    let sources = Sources::new(Options { access: me(), ..options(&folder) }).expect("options");
    sources.add("a=https://h.example/charts").expect("a source");
    sources.add("b=oci://h.example/charts").expect("the same origin");
    sources.add("c=/some/folder").expect("a folder is no server");
    sources.add("d=ssh://git@other.example/r").expect("SSH gets no password");
    sources.add("e=https://you:word@other.example/charts").expect("it has its own");
    let error = sources.add("f=https://h.example:8443/charts").expect_err("an error");
    assert!(matches!(&error, SourceError::SeveralOrigins { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("https://h.example and https://h.example:8443"), "{text}");
    assert!(text.contains("into its URL") && text.contains("Secret"), "{text}");
}

#[test]
#[ignore = "needs git"]
fn git_redirects_take_nothing_along() {
    for status in STATUSES {
        for access in [me(), Access { token: Some("secret".into()), ..Access::default() }] {
            for stranger in strangers().into_iter().take(3) {
                let to = stranger.url("/r/info/refs?service=git-upload-pack");
                let home = Server::start(move |seen| match seen.authorization() {
                    Some(BASIC | "Bearer secret") => Reply::moved(status, &to),
                    _ => Reply::status(401).header("WWW-Authenticate", "Basic realm=\"home\""),
                });
                let folder = folder();
                let sources = Sources::new(quick(&folder, access.clone())).expect("options");
                sources.add(&format!("charts=git+{}/r?branch=main", home.url(""))).expect("a source");
                let error = sources.chart(&wanted("GitRepository", "web", "")).err().expect("an error").to_string();
                assert!(error.contains("redirects to another address"), "{error}");
                assert!(home.seen().iter().any(|s| s.authorization().is_some()), "home gets them: {:?}", home.seen());
                assert_eq!(nothing_astray(&[stranger], "git"), 0);
            }
        }
    }
}
