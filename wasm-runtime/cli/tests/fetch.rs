//! `chartwright template` with charts from servers, with Helm's messages.
#![allow(clippy::disallowed_methods, reason = "a test writes files")]

use std::process::Command;

use tempfile::TempDir;

#[path = "../../sources/tests/sources/support.rs"]
#[expect(dead_code, reason = "what the tests of the library need of it, too")]
mod support;

use support::{Server, chart, digest, folder, index};

/// Runs `chartwright template`; exit code, stdout, stderr with the server's address as HOST.
fn template(home: &TempDir, server: &Server, arguments: &[&str]) -> (i32, String, String) {
    let arguments = arguments.iter().map(|a| a.replace("HOST", &server.address()));
    let output = Command::new(env!("CARGO_BIN_EXE_chartwright"))
        .arg("template")
        .args(arguments)
        .env("CHARTWRIGHT_CACHE", home.path().join("cache"))
        .env("HELM_CONFIG_HOME", home.path().join("config"))
        .env("HELM_CACHE_HOME", home.path().join("helm"))
        .env("DOCKER_CONFIG", home.path())
        .env_remove("HELM_REPOSITORY_CONFIG")
        .env_remove("HELM_REPOSITORY_CACHE")
        .env_remove("HELM_REGISTRY_CONFIG")
        .output()
        .expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&server.address(), "HOST");
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

fn server() -> Server {
    let versions = ["1.0.0", "1.2.0", "2.0.0-rc.1"];
    let data: Vec<_> = versions.iter().map(|v| (*v, format!("web-{v}.tgz"), chart("web", v))).collect();
    let lines: Vec<_> = data.iter().map(|(v, url, data)| ("web", *v, url.as_str(), Some(digest(data)))).collect();
    let mut files = support::contents("charts/web", &versions);
    files.insert("/v2/charts/web/tags/list".into(), br#"{"tags": ["1.0.0", "1.2.0", "2.0.0-rc.1"]}"#.to_vec());
    files.insert("/index.yaml".into(), index(&lines));
    files.extend(data.into_iter().map(|(_, url, data)| (format!("/{url}"), data)));
    Server::files(files)
}

#[test]
fn charts_come_from_wherever_helm_gets_them() {
    let (home, server) = (folder(), server());
    let config = home.path().join("config");
    std::fs::create_dir_all(&config).expect("a folder");
    let repositories = format!("apiVersion: \"\"\nrepositories:\n- name: local\n  url: {}\n", server.url(""));
    std::fs::write(config.join("repositories.yaml"), repositories).expect("written");
    let cache = home.path().join("helm/repository");
    std::fs::create_dir_all(&cache).expect("a folder");
    let listed = index(&[("web", "1.0.0", "web-1.0.0.tgz", None)]);
    std::fs::write(cache.join("local-index.yaml"), listed).expect("written");
    for (arguments, version) in [
        (&["web", "--repo", "http://HOST"][..], "1.2.0"),
        (&["web", "--repo", "http://HOST", "--version", "1.0.0"], "1.0.0"),
        (&["web", "--repo", "http://HOST", "--devel"], "2.0.0-rc.1"),
        (&["http://HOST/web-1.0.0.tgz"], "1.0.0"),
        (&["local/web"], "1.0.0"),
        (&["oci://HOST/charts/web", "--plain-http"], "1.2.0"),
        (&["oci://HOST/charts/web:1.0.0", "--plain-http"], "1.0.0"),
        (&["oci://HOST/charts/web", "--plain-http", "--version", "~1.0"], "1.0.0"),
        (&["oci://HOST/charts/web", "--plain-http", "--version", "~1.0", "--offline"], "1.0.0"),
        (&["web", "--repo", "http://HOST", "--offline"], "1.2.0"),
    ] {
        let (code, out, errors) = template(&home, &server, &[&["demo"], arguments].concat());
        let out = match out.split_once("---") {
            // Helm prints what it pulled from a registry on stdout.
            Some((pulled, rest)) if !pulled.is_empty() => {
                assert!(pulled.starts_with("Pulled: HOST/charts/web:") && arguments[0].starts_with("oci"), "{pulled}");
                assert!(pulled.contains("\nDigest: sha256:"), "{pulled}");
                format!("---{rest}")
            }
            _ => out,
        };
        let want =
            format!("---\n# Source: web/templates/map.yaml\nkind: ConfigMap\nmetadata: {{name: web-{version}}}\n");
        assert_eq!((code, out, errors.as_str()), (0, want, ""), "{arguments:?}");
    }
}

#[test]
fn errors_are_helms() {
    let (home, server) = (folder(), server());
    for (arguments, want) in [
        (
            &["web", "--repo", "http://HOST", "--version", "9"][..],
            "chart \"web\" version \"9\" not found in http://HOST repository",
        ),
        (&["nope", "--repo", "http://HOST"], "chart \"nope\" not found in http://HOST repository"),
        (
            &["web", "--repo", "http://HOST/none"],
            "looks like \"http://HOST/none\" is not a valid chart repository or cannot be reached: \
             failed to fetch http://HOST/none/index.yaml : 404 Not Found",
        ),
        (&["web", "--repo", "ftp://x"], "could not find protocol handler for: ftp"),
        (
            &["web", "--repo", "http://HOST", "--verify"],
            "failed to fetch provenance \"http://HOST/web-1.2.0.tgz.prov\"",
        ),
        (&["http://HOST/web-9.tgz"], "failed to fetch http://HOST/web-9.tgz : 404 Not Found"),
        (&["foo/bar"], "repo foo not found"),
        (&["foo"], "non-absolute URLs should be in form of repo_name/path_to_chart, got: foo"),
        (
            &["oci://HOST/web", "--plain-http"],
            "GET \"http://HOST/v2/web/tags/list\": response status code 404: Not Found",
        ),
        (&["oci://HOST/web:1", "--version", "2"], "chart reference and version mismatch: 2 is not 1"),
        (&["oci://HOST"], "invalid reference: missing registry or repository"),
        (&["oci://HOST/WEB"], "invalid reference: invalid repository \"WEB\""),
        (
            &["oci://HOST/charts/web:9.0.0", "--plain-http"],
            "failed to perform \"FetchReference\" on source: HOST/charts/web:9.0.0: not found",
        ),
        (
            &["oci://HOST/charts/web", "--version", "^9", "--plain-http"],
            "could not locate a version matching provided version string ^9",
        ),
    ] {
        let (code, out, errors) = template(&home, &server, &[&["demo"], arguments].concat());
        assert_eq!((code, out.as_str(), errors), (1, "", format!("Error: {want}\n")), "{arguments:?}");
    }
}

#[test]
fn a_close_version_is_logged() {
    let (home, server) = (folder(), server());
    let (code, _, errors) = template(&home, &server, &["demo", "web", "--repo", "http://HOST", "--version", "1.2"]);
    let want = "level=WARN msg=\"unable to find exact version requested; falling back to closest available version\" \
                chart=web requested=1.2 selected=1.2.0\n";
    assert_eq!((code, errors.as_str()), (0, want));
}
