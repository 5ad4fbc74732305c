//! The base charts' errors about missing facts and values, and that following their advice helps.

use chartwright_basecharts::{PLATFORM, load, render};

const IMAGE: &[&str] = &["image.name=web", "image.tag=v1"];
const PUBLIC: &[&str] = &["image.name=web", "image.tag=v1", "image.privateRegistry.enabled=false"];

/// Renders without a cluster, and returns the end of the error.
fn error(chart: &str, settings: &[&str]) -> String {
    let chart = load(chart).unwrap();
    match render(&chart, b"{}", settings, "") {
        Ok(text) => panic!("{settings:?} renders:\n{text}"),
        Err(error) => format!("{error:#}"),
    }
}

#[test]
fn errors_name_what_is_missing_and_what_helps() {
    let with = |base: &[&'static str], more: &[&'static str]| [base, more].concat();
    let cases: &[(&str, Vec<&str>, &[&str])] = &[
        (
            "modulebase",
            vec!["configUrls.SHOP=shop"],
            &[
                "image.name",
                "image.tag",
                "image.digest",
                "registry is not",
                "credentials are not",
                "domain is not",
                "--platform",
            ],
        ),
        ("modulebase", with(PUBLIC, &["image.tag="]), &["image.tag is needed", "image.digest"]),
        (
            "modulebase",
            PUBLIC.to_vec(),
            &["the platform's domain is not known", "platform.domain", "ingress.host", "icekube/idtconfigmap"],
        ),
        (
            "modulebase",
            with(IMAGE, &["ingress.enabled=false"]),
            &["the platform's registry is not known", "platform.registryUrl", "image.privateRegistry.enabled"],
        ),
        (
            "modulebase",
            with(IMAGE, &["ingress.enabled=false", "platform.registryUrl=ghcr.io"]),
            &["the platform's registry credentials", "globalSecret", "icekube/idtsecret"],
        ),
        (
            "modulebase",
            with(IMAGE, &["platform.namespace=elsewhere", "platform.configMap=facts"]),
            &["ConfigMap elsewhere/facts"],
        ),
        (
            "modulebase",
            with(IMAGE, &["image.privateRegistry.global=true", "platform.registryUrl=a.b", "platform.domain=a.b"]),
            &["globalSecret is needed"],
        ),
        ("modulebase", with(PUBLIC, &["app.port=0"]), &["the ingress needs a Service and app.port"]),
        ("modulebase", with(PUBLIC, &["volumes.data.size=1Gi"]), &["missing property 'mountPath'"]),
        ("modulebase", with(PUBLIC, &["image.tag=1"]), &["at '/image/tag': got number, want string"]),
        ("modulebase", with(PUBLIC, &["replica=2"]), &["additional properties 'replica' not allowed"]),
        ("databasebase", with(PUBLIC, &["engine=custom"]), &["app.port is needed"]),
        (
            "databasebase",
            with(PUBLIC, &["engine=custom", "app.port=1", "backup.enabled=true"]),
            &["backup.command is needed"],
        ),
        ("databasebase", with(PUBLIC, &["engine=redis", "initScripts.a=b"]), &["initScriptsPath is needed"]),
        ("databasebase", with(PUBLIC, &["ingress.enabled=true"]), &["at '/ingress/enabled': value must be false"]),
        (
            "jobbase",
            with(PUBLIC, &["job.hooks={pre-install}", "persistence.enabled=true"]),
            &["a pre- hook runs", "existingClaim"],
        ),
        (
            "jobbase",
            with(PUBLIC, &["job.hooks={pre-install}", "volumes.data.mountPath=/data"]),
            &["volumes.data makes a claim"],
        ),
    ];
    for (chart, settings, wanted) in cases {
        let error = error(chart, settings);
        for part in *wanted {
            assert!(error.contains(part), "{chart} {settings:?} says nothing of {part:?}: {error}");
        }
    }
}

#[test]
fn what_the_errors_propose_helps() {
    let chart = load("modulebase").unwrap();
    for settings in [
        &["platform.domain=example.org"][..],
        &["ingress.host=a.example.org"],
        &["ingress.enabled=false"],
        &["global.platform.domain=example.org"],
    ] {
        render(&chart, b"{}", &[PUBLIC, settings].concat(), "").unwrap_or_else(|e| panic!("{settings:?}: {e:#}"));
    }
    let secret = ["image.privateRegistry.global=true", "image.privateRegistry.globalSecret=registry"];
    let text = render(
        &chart,
        b"{}",
        &[IMAGE, &secret, &["ingress.enabled=false", "platform.registryUrl=ghcr.io"]].concat(),
        "",
    )
    .unwrap();
    assert!(text.contains("image: \"ghcr.io/web:v1\""), "{text}");
    assert!(text.contains("- name: \"registry\""), "{text}");
}

#[test]
fn images_are_put_together_from_what_is_given() {
    let chart = load("modulebase").unwrap();
    for (settings, image) in [
        (&["image.name=web", "image.tag=v1"][..], "registry.example.org/demo/charts/web:v1"),
        (&["image.name=web", "image.tag=v1", "image.repository=team/"], "registry.example.org/team/web:v1"),
        (&["image.name=web", "image.tag=v1", "image.registry=quay.io"], "quay.io/web:v1"),
        (
            &["image.name=web", "image.tag=v1", "module.name=shop", "module.variant=v2"],
            "registry.example.org/ds2-eu/mkt-shop-v2/web:v1",
        ),
        (
            &["image.repository=library/nginx", "image.tag=v1", "image.privateRegistry.enabled=false"],
            "library/nginx:v1",
        ),
        (
            &[
                "image.registry=ghcr.io/",
                "image.repository=/a/b/",
                "image.name=web",
                "image.tag=v1",
                "image.digest=sha256:0123456789abcdef0123456789abcdef",
                "image.privateRegistry.enabled=false",
            ],
            "ghcr.io/a/b/web:v1@sha256:0123456789abcdef0123456789abcdef",
        ),
    ] {
        let text = render(&chart, b"{}", settings, PLATFORM).unwrap_or_else(|e| panic!("{settings:?}: {e:#}"));
        assert!(text.contains(&format!("image: \"{image}\"")), "{settings:?} is not {image}: {text}");
    }
}
