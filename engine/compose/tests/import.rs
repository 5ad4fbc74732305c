//! Compose files as people write them: what they become, and what is said about them.
#![allow(clippy::disallowed_methods, reason = "a test reads its files")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use compose::{Folder, Imported, Options, Source, import, variables};
use descriptor::Severity;

/// The files beside the compose files.
struct Beside;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compose")
}

impl Folder for Beside {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        std::fs::read(folder().join(path)).ok()
    }

    fn list(&self, path: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(folder().join(path)) else { return Vec::new() };
        let mut names: Vec<String> = entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

fn run(name: &str, options: Options) -> Imported {
    let file = format!("{name}.yml");
    let text = std::fs::read_to_string(folder().join(&file)).expect("the fixture is there");
    import(&[Source { file: &file, text: &text }], &options, &Beside)
}

fn options(name: &str) -> Options {
    let file = std::fs::read_to_string(folder().join(".env")).expect("the variables are there");
    let variables = variables(&file, &BTreeMap::new());
    let profiles = if name == "model" { vec!["research".to_owned()] } else { Vec::new() };
    let name = Some(name.to_owned()).filter(|n| ["dome", "identity", "home"].contains(&n.as_str()));
    Options { name, variables, profiles, ..Options::default() }
}

/// What comes out, as one text.
fn shown(imported: &Imported) -> String {
    let mut text = imported.descriptor.clone().unwrap_or_default();
    if !imported.secrets.is_empty() {
        let _ = write!(text, "\n=== Secrets\n{}", imported.secrets);
    }
    if !imported.left_out.is_empty() {
        let _ = write!(text, "\n=== Left out: {}\n", imported.left_out.join(", "));
    }
    let _ = write!(text, "\n=== Report\n");
    for problem in &imported.problems {
        let _ = writeln!(text, "{problem} [{}]", problem.code);
    }
    text
}

const FILES: [&str; 10] =
    ["dome", "blog", "shop", "files", "identity", "monitoring", "events", "documents", "model", "home"];

#[test]
fn files_become_descriptors() {
    for name in FILES {
        let imported = run(name, options(name));
        insta::assert_snapshot!(name, shown(&imported));
    }
}

#[test]
fn descriptors_are_read_without_problems() {
    for name in FILES {
        let text = run(name, options(name)).descriptor.expect("a descriptor");
        let (parsed, problems) = descriptor::read::parse(name, &text);
        assert_eq!(problems, [], "{name}:\n{text}");
        let parsed = parsed.expect("a descriptor");
        let problems = descriptor::check::check(&parsed, &|_| None);
        let errors: Vec<_> = problems.iter().filter(|p| p.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}\n{text}");
    }
}

/// Every key of a service in the Compose Specification but `image`, with a value.
const SERVICE_KEYS: &[(&str, &str)] = &[
    ("annotations", "{a.example/b: c}"),
    ("attach", "true"),
    ("blkio_config", "{weight: 300}"),
    ("build", "."),
    ("cap_add", "[CHOWN]"),
    ("cap_drop", "[ALL]"),
    ("cgroup", "host"),
    ("cgroup_parent", "x"),
    ("command", "run"),
    ("configs", "[c]"),
    ("container_name", "x"),
    ("cpu_count", "1"),
    ("cpu_percent", "50"),
    ("cpu_period", "1"),
    ("cpu_quota", "1"),
    ("cpu_rt_period", "1"),
    ("cpu_rt_runtime", "1"),
    ("cpu_shares", "1"),
    ("cpus", "0.5"),
    ("cpuset", "\"0\""),
    ("credential_spec", "{file: x}"),
    ("depends_on", "[other]"),
    ("deploy", "{replicas: 2}"),
    ("develop", "{watch: [{path: ., action: sync, target: /x}]}"),
    ("device_cgroup_rules", "['c 1:3 mr']"),
    ("devices", "[/dev/x]"),
    ("dns", "192.0.2.1"),
    ("dns_opt", "[use-vc]"),
    ("dns_search", "x.example"),
    ("domainname", "x.example"),
    ("entrypoint", "/run"),
    ("env_file", "missing.env"),
    ("environment", "{A: b}"),
    ("expose", "[90]"),
    ("extends", "other"),
    ("external_links", "[x]"),
    ("extra_hosts", "['h:192.0.2.1']"),
    ("gpus", "all"),
    ("group_add", "[7]"),
    ("healthcheck", "{test: x}"),
    ("hostname", "x"),
    ("init", "true"),
    ("ipc", "host"),
    ("isolation", "default"),
    ("label_file", "missing.labels"),
    ("labels", "{a: b}"),
    ("links", "[other]"),
    ("logging", "{driver: none}"),
    ("mac_address", "02:42:ac:11:65:43"),
    ("mem_limit", "1g"),
    ("mem_reservation", "1g"),
    ("mem_swappiness", "1"),
    ("memswap_limit", "1g"),
    ("models", "[m]"),
    ("network_mode", "host"),
    ("networks", "[n]"),
    ("oom_kill_disable", "true"),
    ("oom_score_adj", "1"),
    ("pid", "host"),
    ("pids_limit", "1"),
    ("platform", "linux/arm64"),
    ("ports", "['80:80']"),
    ("post_start", "[{command: x}]"),
    ("pre_start", "[{command: x}]"),
    ("pre_stop", "[{command: x}]"),
    ("privileged", "true"),
    ("profiles", "[p]"),
    ("provider", "{type: x}"),
    ("pull_policy", "always"),
    ("pull_refresh_after", "1h"),
    ("read_only", "true"),
    ("restart", "'no'"),
    ("runtime", "x"),
    ("scale", "2"),
    ("secrets", "[s]"),
    ("security_opt", "[no-new-privileges:true]"),
    ("shm_size", "64m"),
    ("stdin_open", "true"),
    ("stop_grace_period", "5s"),
    ("stop_signal", "SIGINT"),
    ("storage_opt", "{size: 1G}"),
    ("sysctls", "{net.core.somaxconn: 1}"),
    ("tmpfs", "/x"),
    ("tty", "true"),
    ("ulimits", "{nofile: 1}"),
    ("use_api_socket", "true"),
    ("user", "'1000'"),
    ("userns_mode", "host"),
    ("uts", "host"),
    ("volumes", "[/x]"),
    ("volumes_from", "[other]"),
    ("working_dir", "/x"),
];

fn text_of(service: &str) -> String {
    let text = format!(
        "name: t\nservices:\n  one:\n    image: one:1\n{service}  other: {{image: 'other:1', user: '5', networks: [n, default]}}\n  \
         third: {{image: 'third:1', user: '5', ports: ['9999:9999']}}\nsecrets: {{s: {{external: true}}}}\n\
         configs: {{c: {{content: x}}}}\nnetworks: {{n: }}\n"
    );
    shown(&import(&[Source { file: "t.yml", text: &text }], &Options::default(), &Beside))
}

#[test]
fn every_key_is_carried_or_reported() {
    // A change of lines alone is none.
    let plain = text_of("    x-note: nothing\n");
    for (key, value) in SERVICE_KEYS {
        let line = format!("    {key}: {value}\n");
        let text = text_of(&line);
        assert_ne!(text, plain, "{key} is lost");
        assert!(!text.contains("unknown-key"), "{key} is unknown");
    }
    assert!(text_of("    colour: blue\n").contains("no key colour"));
    assert!(text_of("    volume: [a]\n").contains("did you mean volumes?"));
}

#[test]
fn bad_files_are_reported_with_their_lines() {
    let said = |text: &str| {
        let imported = import(&[Source { file: "c.yml", text }], &Options::default(), &Beside);
        let problems = imported.problems.iter().map(|p| format!("{p} [{}]", p.code)).collect::<Vec<_>>();
        problems.join("\n")
    };
    let deep = "a: &a [".to_owned() + &"[".repeat(200) + &"]".repeat(200) + "]";
    let bomb: String = (0..12)
        .map(|i| {
            format!(
                "x{i}: &x{i} [{}]\n",
                vec![if i == 0 { "y".to_owned() } else { format!("*x{}", i - 1) }; 10].join(", ")
            )
        })
        .collect();
    for (text, want) in [
        ("", "no-services"),
        ("services:\n  a: {image: x\n", "c.yml:2: error"),
        ("- a\n", "[wrong-type]"),
        ("services: {a: {image: 'x y'}}\n", "[image]"),
        ("services: {a: {}}\n", "[no-image]"),
        ("services: {a: }\n", "[wrong-type]"),
        ("services: {a: {image: x, image: y}}\n", "[duplicate-key]"),
        ("services: {a: {image: '${X:?set it}'}}\n", "X is required: set it"),
        ("services: {a: {image: '${X'}}\n", "[interpolation]"),
        ("services: {a: {image: x, depends_on: [b]}}\n", "names the service b, which does not exist"),
        ("services: {a: {image: x, secrets: [b]}}\n", "does not define the secret b"),
        ("services: {a: {image: x, extends: {service: a}}}\n", "in a circle"),
        ("include: [gone.yml]\nservices: {a: {image: x}}\n", "gone.yml does not exist"),
        (
            "services: {a: {image: x, ports: [a], volumes: 1, environment: [[]], healthcheck: {test: [X]}}}\n",
            "[wrong-type]",
        ),
        (deep.as_str(), "[too-large]"),
        (bomb.as_str(), "[too-large]"),
        (
            "services: {a: {image: x, deploy: {replicas: many, resources: {limits: {cpus: lots}}}}}\n",
            "a number of CPUs",
        ),
    ] {
        let said = said(text);
        assert!(said.contains(want), "{text}\n{said}");
    }
}
