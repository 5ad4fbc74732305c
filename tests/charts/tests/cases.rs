//! Snapshots of the base charts' cases, so that a change is visible. `cargo xtask examples` compares the same cases
//! with real Helm.

use chartwright_basecharts::{CHARTS, PLATFORM, cases, load, render};

#[test]
fn cases_render_as_they_did() {
    for chart in CHARTS {
        let loaded = load(chart).unwrap();
        let cases = cases(chart).unwrap();
        assert!(cases.len() >= 3, "{chart} has {} cases", cases.len());
        for (name, values) in cases {
            let text = render(&loaded, &values, &[], PLATFORM).unwrap_or_else(|e| panic!("{chart} {name}: {e}"));
            insta::assert_snapshot!(format!("{chart}-{name}"), text);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_passwords_and_the_cluster_keeps_its_own() {
    let chart = load("databasebase").unwrap();
    let values = b"{engine: mysql, image: {name: mysql, tag: '8.4', privateRegistry: {enabled: false}}}";
    let first = render(&chart, values, &[], "").unwrap();
    assert_eq!(first, render(&chart, values, &[], "").unwrap());
    let kept = "{apiVersion: v1, kind: Secret, metadata: {name: databasebase-credentials, namespace: shop}, \
                data: {password: a2VwdA==, root-password: a2VwdC10b28=}}";
    let second = render(&chart, values, &[], kept).unwrap();
    assert!(second.contains("\n  password: kept\n"), "{second}");
    assert!(second.contains("\n  root-password: kept-too\n"), "{second}");
    assert_ne!(first, second);
    let given = render(&chart, values, &["auth.password=new"], kept).unwrap();
    assert!(given.contains("\n  password: new\n"), "{given}");
}

#[test]
fn what_pods_read_at_their_start_restarts_them() {
    let chart = load("modulebase").unwrap();
    let base = ["image.name=web", "image.tag=v1", "image.privateRegistry.enabled=false", "ingress.enabled=false"];
    let pods = |more: &[&str]| {
        let text = render(&chart, b"{}", &[&base[..], more].concat(), "").unwrap();
        text.split("  template:\n").nth(1).unwrap().to_owned()
    };
    let plain = pods(&["config.A=1"]);
    for changed in ["config.A=2", "secrets.B=1", "files./etc/a=x", "secretFiles./etc/a=x", "podAnnotations.a=b"] {
        assert_ne!(plain, pods(&["config.A=1", changed]), "{changed}");
    }
    for same in ["service.port=8080", "podDisruptionBudget.enabled=true", "networkPolicy.enabled=true"] {
        assert_eq!(plain.split("---").next(), pods(&["config.A=1", same]).split("---").next(), "{same}");
    }
}

#[test]
fn a_changed_job_is_another_job() {
    let chart = load("jobbase").unwrap();
    let base = ["image.name=web", "image.tag=v1", "image.privateRegistry.enabled=false"];
    let name = |more: &[&str]| {
        let text = render(&chart, b"{}", &[&base[..], more].concat(), "").unwrap();
        let job = text.split("kind: Job\n").nth(1).unwrap();
        job.lines().find(|l| l.starts_with("  name: ")).unwrap().to_owned()
    };
    let plain = name(&[]);
    assert_eq!(plain, name(&["serviceAccount.annotations.a=b"]));
    for changed in ["config.A=1", "args={a}", "job.backoffLimit=9", "image.tag=v2"] {
        assert_ne!(plain, name(&[changed]), "{changed}");
    }
    assert_eq!(name(&["job.hooks={post-install}"]), "  name: jobbase");
}

#[test]
fn no_request_of_ours_goes_above_a_limit() {
    let chart = load("modulebase").unwrap();
    let base = ["image.name=web", "image.tag=v1", "image.privateRegistry.enabled=false", "ingress.enabled=false"];
    let resources = |more: &[&str]| {
        let text = render(&chart, b"{}", &[&base[..], more].concat(), "").unwrap();
        let part = text.split("          resources:\n").nth(1).unwrap_or_default();
        part.lines().take_while(|l| l.starts_with("            ")).map(str::trim).collect::<Vec<_>>().join(" ")
    };
    for (settings, wanted) in [
        (&[][..], "requests: cpu: 50m memory: 128Mi"),
        (&["resources.limits.memory=64Mi"], "limits: memory: 64Mi requests: cpu: 50m"),
        (&["resources.requests.cpu=2"], "requests: cpu: 2 memory: 128Mi"),
        (&["resources.limits.memory=1Gi", "defaultRequests.cpu=null"], "limits: memory: 1Gi"),
        (&["resourcesEnabled=false"], ""),
    ] {
        assert_eq!(resources(settings), wanted, "{settings:?}");
    }
}
