//! Requests and their replies, without a browser.

use std::rc::Rc;
use std::time::Duration;

use chartwright::api::Meter;
use chartwright_protocol::{ChartInfo, Rendered, Reply, Request};
use chartwright_worker::{Clock, Desk};
use contract::{Archive, FailureKind, RenderInput, Subject};

/// A clock that stands still.
struct Still;

impl Meter for Still {}

impl Clock for Still {
    fn begin(&self) {}
}

fn desk() -> Desk {
    Desk::new(Rc::new(Still))
}

fn ask(desk: &mut Desk, request: &Request, parts: &[&[u8]]) -> (Reply, Vec<Vec<u8>>) {
    let head = serde_json::to_string(request).unwrap();
    let parts = parts.iter().map(|part| part.to_vec()).collect();
    let (reply, parts) = desk.answer(&head, parts, Duration::from_secs(5));
    // What goes over to the page comes back as it was.
    let json = serde_json::to_string(&reply).unwrap();
    assert_eq!(serde_json::from_str::<Reply>(&json).unwrap(), reply);
    (reply, parts)
}

const CHART: [(&str, &str); 7] = [
    (
        "Chart.yaml",
        "apiVersion: v2\nname: shop\nversion: 1.0.0\nappVersion: '2'\ndescription: A shop\nkeywords: [a, b]\n\
         dependencies:\n- {name: db, version: 1.x, repository: 'https://charts.example.org', alias: store, condition: store.on}\n\
         - {name: gone, version: 2.x, repository: 'https://charts.example.org', condition: gone.on}\n",
    ),
    ("values.yaml", "# How many.\nreplicas: 1\ngone: {on: false}\n"),
    ("values.schema.json", "{}"),
    ("README.md", "# Shop\n"),
    ("templates/web.yaml", "kind: Deployment\nmetadata: {name: web}\nspec: {replicas: {{ .Values.replicas }}}\n"),
    ("charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.2.3\n"),
    ("charts/db/templates/db.yaml", "kind: StatefulSet\nmetadata: {name: db}\n"),
];

/// The same without the dependency that is not there: Helm does not render a chart with one.
fn complete() -> Vec<(&'static str, &'static str)> {
    let whole = |text: &'static str| text.split_once("- {name: gone").map_or(text, |(before, _)| before);
    CHART.iter().map(|(path, text)| (*path, whole(text))).collect()
}

fn load(desk: &mut Desk, files: &[(&str, &str)]) -> ChartInfo {
    let paths = files.iter().map(|(path, _)| (*path).to_owned()).collect();
    let parts: Vec<&[u8]> = files.iter().map(|(_, text)| text.as_bytes()).collect();
    match ask(desk, &Request::Load { name: "shop".into(), files: paths }, &parts) {
        (Reply::Loaded(info), _) => *info,
        (reply, _) => panic!("{reply:?}"),
    }
}

fn input(digest: &str, set: &str) -> Vec<u8> {
    let archive = Archive { digest: Some(digest.to_owned()), ..Archive::default() };
    let mut input = RenderInput::new(Subject::Chart(archive));
    input.values.set.push(set.to_owned());
    serde_json::to_vec(&input).unwrap()
}

fn render(desk: &mut Desk, digest: &str, set: &str) -> (Rendered, String) {
    match ask(desk, &Request::Render, &[&input(digest, set)]) {
        (Reply::Rendered(head), mut parts) => (*head, String::from_utf8(parts.remove(0)).unwrap()),
        (reply, _) => panic!("{reply:?}"),
    }
}

#[test]
fn a_chart_tells_what_is_in_it() {
    insta::assert_json_snapshot!(load(&mut desk(), &CHART));
}

#[test]
fn a_chart_is_rendered_by_its_digest() {
    let desk = &mut desk();
    let info = load(desk, &complete());
    let (rendered, text) = render(desk, &info.digest, "replicas=3");
    assert_eq!(text.len(), rendered.printed as usize);
    insta::assert_snapshot!(text);
    let heads = rendered.objects.iter().map(|head| {
        let own = text.get(head.start as usize..head.end as usize).unwrap();
        format!("{} {}: {}", head.key, head.lines, own.lines().next().unwrap_or_default())
    });
    let want = ["1|||Deployment|default|web 3: kind: Deployment", "1|||StatefulSet|default|db 2: kind: StatefulSet"];
    assert_eq!(heads.collect::<Vec<_>>(), want);
}

#[test]
fn an_archive_has_the_digest_of_its_bytes() {
    let file = |(path, text): &(&str, &str)| chartwright::File { name: (*path).into(), data: text.as_bytes().into() };
    let archive = helm::chart::pack("shop", &complete().iter().map(file).collect::<Vec<_>>());
    let desk = &mut desk();
    let request = Request::Load { name: "shop.tgz".into(), files: Vec::new() };
    let (Reply::Loaded(info), _) = ask(desk, &request, &[&archive]) else { panic!("it is a chart") };
    assert_eq!(info.digest, chartwright::api::digest(&archive));
    render(desk, &info.digest, "replicas=1");
    // A second time it is known.
    assert!(matches!(ask(desk, &request, &[&archive]), (Reply::Loaded(_), _)));
}

#[test]
fn results_are_compared_while_they_are_kept() {
    let desk = &mut desk();
    let digest = load(desk, &complete()).digest;
    let (one, _) = render(desk, &digest, "replicas=1");
    let (two, _) = render(desk, &digest, "replicas=2");
    let request = Request::Changes { before: one.digest, after: two.digest };
    let (Reply::Changes(changes), _) = ask(desk, &request, &[]) else { panic!("both are kept") };
    insta::assert_json_snapshot!(changes.objects);
    for replicas in 3..11 {
        render(desk, &digest, &format!("replicas={replicas}"));
    }
    let (Reply::Failed(failure), _) = ask(desk, &request, &[]) else { panic!("the first is gone") };
    assert_eq!(failure.kind, FailureKind::Input);
}

#[test]
fn what_is_wrong_is_said() {
    let desk = &mut desk();
    let failed = |(reply, _): (Reply, Vec<Vec<u8>>)| match reply {
        Reply::Failed(failure) => format!("{}: {}", failure.kind, failure.message),
        reply => format!("{reply:?}"),
    };
    // The bridge looks for the digest in this message.
    let digest = format!("sha256:{}", "0".repeat(64));
    let unknown = failed(ask(desk, &Request::Render, &[&input(&digest, "a=b")]));
    assert_eq!(unknown, format!("unknown-digest: the archive {digest} was not given yet"));
    let load =
        |files: &[&str]| Request::Load { name: "x".into(), files: files.iter().map(|f| (*f).to_owned()).collect() };
    for (request, parts, want) in [
        (Request::Render, &[][..], "input: the request has no part"),
        (Request::Render, &[&b"{}"[..]][..], "version: apiVersion is missing: "),
        (load(&[]), &[], "input: the chart's archive is not there"),
        (load(&["a", "b"]), &[b"x"], "input: 2 files have 1 parts"),
        (load(&["values.yaml"]), &[b"a: b"], "chart: "),
        (load(&[]), &[b"no archive"], "chart: "),
        (
            Request::Pack { files: vec!["../a".into()], charts: Vec::new() },
            &[b""],
            "input: \"../a\" is no path for a zip archive",
        ),
    ] {
        let found = failed(ask(desk, &request, parts));
        assert!(found.starts_with(want), "{found}, not {want}");
    }
    let (reply, _) = desk.answer("{", Vec::new(), Duration::from_secs(1));
    assert!(failed((reply, Vec::new())).starts_with("input: the request cannot be read: "));
}

#[cfg(feature = "modules")]
#[test]
fn descriptors_and_compose_files_are_read() {
    let desk = &mut desk();
    let compose = b"services:\n  web:\n    image: nginx:${TAG}\n    ports: ['80']\n";
    let request = Request::Import { files: vec!["shop/compose.yaml".into(), "shop/.env".into()] };
    let (Reply::Imported { .. }, parts) = ask(desk, &request, &[compose, b"TAG=1.27\n"]) else { panic!("it is read") };
    let descriptor = String::from_utf8(parts[0].clone()).unwrap();
    assert!(descriptor.contains("name: shop") && descriptor.contains("1.27"), "{descriptor}");
    let input = contract::CheckInput {
        api_version: contract::API_VERSION.into(),
        descriptors: vec![contract::TextFile { name: "d.yaml".into(), text: descriptor }],
        ..contract::CheckInput::default()
    };
    let request = Request::Call { call: contract::Call::Check };
    let (Reply::Answer, parts) = ask(desk, &request, &[&serde_json::to_vec(&input).unwrap()]) else {
        panic!("it is known")
    };
    let answer: contract::Answer<contract::CheckOutput> = serde_json::from_slice(&parts[0]).unwrap();
    assert_eq!(answer.into_result().unwrap().descriptors, 1);
}

#[cfg(not(feature = "modules"))]
#[test]
fn what_needs_more_is_handed_over() {
    let desk = &mut desk();
    let hand_over = |(reply, _)| assert_eq!(reply, Reply::NeedsModules);
    hand_over(ask(desk, &Request::Import { files: Vec::new() }, &[]));
    hand_over(ask(desk, &Request::Call { call: contract::Call::Check }, &[]));
    let descriptor = RenderInput::new(Subject::Descriptor(contract::TextFile::default()));
    hand_over(ask(desk, &Request::Render, &[&serde_json::to_vec(&descriptor).unwrap()]));
    for template in [
        "{{ genPrivateKey \"ed25519\" }}",
        "{{ (genCA \"a\" 1).Cert }}",
        "{{ tpl \"{{ genPrivateKey \\\"rsa\\\" }}\" . }}",
    ] {
        let digest = load(
            desk,
            &[CHART[5], ("templates/a.yaml", template)]
                .map(|(path, text)| (path.trim_start_matches("charts/db/"), text)),
        )
        .digest;
        hand_over(ask(desk, &Request::Render, &[&input(&digest, "a=b")]));
    }
    let digest = load(desk, &complete()).digest;
    let mut secret: RenderInput = serde_json::from_slice(&input(&digest, "a=b")).unwrap();
    secret.world.platform = Some(contract::Platform { token: Some("hush".into()), ..contract::Platform::default() });
    hand_over(ask(desk, &Request::Render, &[&serde_json::to_vec(&secret).unwrap()]));
}
