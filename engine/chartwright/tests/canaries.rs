//! Canaries: texts that must not be seen, in every field that may have a secret, in every form in which a template can
//! write them, in everything that a call answers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use chartwright::api::{Engine, digest, read_platform};
use contract::{
    API_VERSION, Archive, Base64, ChartGiven, ChartSource, ChartWanted, Code, FailureKind, FileGiven, Platform,
    RenderInput, Subject, Text, TextFile,
};
use helm::chart::{File, pack};

/// What every canary has in it: letters that no encoding but base64 changes.
const CORE: &str = "c4n4ryXq7";

/// Texts with what encodings trip over.
const CANARIES: [&str; 7] = [
    "c4n4ryXq7",
    "a \"c4n4ryXq7\" with 'quotes' and \\backs\\",
    "<c4n4ryXq7>&=?/ +%41 é\u{2028}ü",
    "first c4n4ryXq7 line\nc4n4ryXq7 second\n  c4n4ryXq7: third\n",
    "tab\tc4n4ryXq7\r\n",
    "c4n4ryXq7~~~???>>>",
    "-----BEGIN KEY-----\nAAAAc4n4ryXq7AAAABBBBBBBBCCCCCCCCDDDDDDDD\n-----END KEY-----\n",
];

/// What a template does with it.
const FORMS: [&str; 21] = [
    "{{ $c }}",
    "{{ $c | quote }}",
    "{{ $c | squote }}",
    "{{ $c | toJson }}",
    "{{ $c | toJson | toJson }}",
    "{{ $c | toRawJson }}",
    "{{ dict \"a\" $c | toYaml | nindent 4 }}",
    "{{ $c | nindent 6 }}",
    "{{ $c | trim | b64enc }}",
    "{{ $c | b64enc | b64enc }}",
    "{{ printf \"user:%s and more\" $c | b64enc }}",
    "{{ printf \"xy%s\" $c | b64enc | b64enc }}",
    "pre-{{ $c | b64enc | replace \"+\" \"-\" | replace \"/\" \"_\" | trimAll \"=\" }}",
    "{{ regexReplaceAll \"(.{20})\" (printf \"some more text before it %s, and behind\" $c | b64enc) \"$1\\n      \" }}",
    "{{ $c | urlquery }} {{ $c | replace \" \" \"%20\" }}",
    "{{ $c | html }}",
    "{{ printf \"%q\" $c }}",
    "{{ dict \"p\" $c | toJson | quote }}",
    "{{ dict \"p\" (dict \"q\" $c) | toPrettyJson | toJson | quote | squote }}",
    "{{ printf \"%s %s\" (repeat 12 \"words \") $c | toYaml | nindent 6 }}",
    "{{ $c | html | toJson | html }}",
];

/// Where a template writes it: the file, and whether the render fails.
fn chart(form: &str, place: &str) -> Vec<(&'static str, String)> {
    let c = "{{- $c := .Values.canary }}";
    let manifest = |text: &str| format!("{c}\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  a: |-\n      {text}\n");
    match place {
        "manifest" => vec![("templates/a.yaml", manifest(form))],
        "crd" => vec![("templates/a.yaml", manifest(form).replace("kind: ConfigMap", "kind: Secret"))],
        "hook" => vec![(
            "templates/a.yaml",
            manifest(form).replace("{name: a}", "{name: a, annotations: {helm.sh/hook: test}}"),
        )],
        "notes" => vec![("templates/NOTES.txt", format!("{c}{form}"))],
        "name" => {
            vec![("templates/a.yaml", format!("{c}kind: ConfigMap\nmetadata: {{name: {{{{ $c | toJson }}}}}}\n"))]
        }
        "fail" => {
            vec![("templates/a.yaml", "{{ fail (tpl .Values.form .) }}".to_owned())]
        }
        "broken" => vec![("templates/a.yaml", format!("{c}a: b\n  c: [{form}"))],
        "expression" => vec![("templates/a.yaml", format!("{c}{{{{ index (list) $c }}}}"))],
        other => panic!("{other}"),
    }
}

const PLACES: [&str; 8] = ["manifest", "crd", "hook", "notes", "name", "fail", "broken", "expression"];

fn archive(files: &[(&str, String)]) -> Archive {
    let chart = "apiVersion: v2\nname: web\nversion: 1.0.0\n".to_owned();
    let all: Vec<File> = [("Chart.yaml", chart)]
        .iter()
        .chain(files)
        .map(|(name, text)| File { name: (*name).into(), data: text.clone().into_bytes().into() })
        .collect();
    let data = pack("web", &all);
    Archive { name: "web.tgz".into(), digest: Some(digest(&data)), data: Some(Base64(data)), files: None }
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn secret(fields: &str) -> Vec<TextFile> {
    let text = format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: db, namespace: shop}}\n{fields}\n");
    vec![TextFile { name: "objects.yaml".into(), text }]
}

/// Gives a secret to an input.
type Give = Box<dyn Fn(&mut RenderInput)>;

/// Every way in which a secret is given.
fn given(canary: &str) -> Vec<(&'static str, Give)> {
    let encoded = STANDARD.encode(canary);
    let wrapped = encoded.as_bytes().chunks(20).map(|c| String::from_utf8_lossy(c)).collect::<Vec<_>>().join("\n    ");
    let docker = format!(r#"{{"auths": {{"ghcr.io": {{"username": "u", "password": {}}}}}}}"#, json(canary));
    let values = format!("web:\n  replicas: 2\n  list: [{{deep: {}}}]\n", json(canary));
    let objects = |files: Vec<TextFile>| -> Give { Box::new(move |input| input.world.objects = files.clone()) };
    let list = |items: &str| {
        vec![TextFile {
            name: "list.yaml".into(),
            text: format!("apiVersion: v1\nkind: List\nitems:\n- {{kind: Secret, apiVersion: v1, {items}}}\n"),
        }]
    };
    let beside = secret(&format!("data: {{pw: {encoded}}}"));
    let token = canary.to_owned();
    let mut all: Vec<(&'static str, Give)> = vec![
        ("data", objects(secret(&format!("data: {{pw: {encoded}}}")))),
        ("data, wrapped", objects(secret(&format!("data:\n  pw: |\n    {wrapped}")))),
        ("stringData", objects(secret(&format!("stringData: {{pw: {}}}", json(canary))))),
        (
            "stringData over data",
            objects(secret(&format!("data: {{pw: {encoded}}}\nstringData: {{pw: another-secret}}"))),
        ),
        ("List", objects(list(&format!("metadata: {{name: a}}, data: {{x: {encoded}}}")))),
        ("dockerconfigjson", objects(secret(&format!("data: {{.dockerconfigjson: {}}}", STANDARD.encode(&docker))))),
        ("values.yaml", objects(secret(&format!("data: {{values.yaml: {}}}", STANDARD.encode(&values))))),
        (
            "escaped kind",
            objects(vec![TextFile {
                name: "o.yaml".into(),
                text: format!(
                    "{{apiVersion: v1, \"kind\": \"Secr\\u0065t\", metadata: {{name: a}}, data: {{pw: {encoded}}}}}"
                ),
            }]),
        ),
        (
            "platform",
            Box::new(move |input| {
                input.world.platform = Some(Platform { token: Some(token.clone()), ..Platform::default() });
            }),
        ),
    ];
    let account = canary.to_owned();
    all.push((
        "platform's account",
        Box::new(move |input| {
            input.world.platform = Some(Platform { username: Some(account.clone()), ..Platform::default() });
        }),
    ));
    let hidden = secret(&format!("data: {{password: {encoded}}}"));
    all.push(("source objects", Box::new(move |input| input.world.hidden = hidden.clone())));
    all.push((
        "beside",
        Box::new(move |input| {
            if let Subject::Manifests(files) = &mut input.subject {
                files.extend(beside.clone());
            } else {
                input.world.objects = beside.clone();
            }
        }),
    ));
    if canary == CORE {
        let url = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: a}\nspec: {url: https://me:c4n4ryXq7@example.org/charts}\n";
        let files = vec![TextFile { name: "source.yaml".into(), text: url.into() }];
        all.push(("URL", Box::new(move |input| input.world.hidden = files.clone())));
    }
    all
}

/// Whether a text has the canary in it, also in base64, wherever that begins.
fn sings(text: &[u8], depth: u32) -> bool {
    if memchr::memmem::find(text, CORE.as_bytes()).is_some() {
        return true;
    }
    if depth == 0 {
        return false;
    }
    // Also over lines, which JSON has as \n.
    let text = String::from_utf8_lossy(text).replace("\\n", "\n");
    let letter = |c: char| c.is_ascii_alphanumeric() || "+/-_".contains(c);
    let mut runs: Vec<String> = text.split(|c| !letter(c)).map(str::to_owned).collect();
    runs.extend(text.split(|c: char| !letter(c) && !c.is_whitespace()).map(|run| run.split_whitespace().collect()));
    runs.iter().filter(|run| run.len() >= 12).any(|run| {
        (0..4).any(|from| {
            let run = &run[from..];
            let run = &run[..run.len() - usize::from(run.len() % 4 == 1)];
            [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD]
                .iter()
                .any(|alphabet| lenient(alphabet, run).is_some_and(|decoded| sings(&decoded, depth - 1)))
        })
    })
}

/// Decodes what has bits left over, too.
fn lenient(alphabet: &base64::engine::GeneralPurpose, run: &str) -> Option<Vec<u8>> {
    alphabet.decode(run).ok().or_else(|| alphabet.decode(&run[..run.len() / 4 * 4]).ok())
}

fn subjects(archive: &Archive) -> [(Subject, Vec<ChartGiven>); 2] {
    let release = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: shop}\n\
                   spec:\n  interval: 10m\n  chart: {spec: {chart: web, sourceRef: {kind: HelmRepository, name: r}}}\n  \
                   valuesFrom: [{kind: ConfigMap, name: v}]\n";
    let source = ChartSource { kind: "HelmRepository".into(), namespace: "shop".into(), name: "r".into() };
    let wanted = ChartWanted { source, chart: "web".into(), ..ChartWanted::default() };
    let given = ChartGiven { wanted, archive: archive.clone(), ..ChartGiven::default() };
    let manifests = Subject::Manifests(vec![TextFile { name: "r.yaml".into(), text: release.into() }]);
    [(Subject::Chart(archive.clone()), Vec::new()), (manifests, vec![given])]
}

/// Values with the canary, for the chart and, through a ConfigMap, for the HelmRelease.
fn with_values(input: &mut RenderInput, canary: &str, form: &str) {
    let form = format!("{{{{- $c := .Values.canary }}}}{form}");
    let values = format!("canary: {}\nform: {}\n", json(canary), json(&form));
    input.values.yaml = vec![Text::from(values.as_str())];
    let map = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: v, namespace: shop}}\ndata: {{values.yaml: {}}}\n",
        json(&values)
    );
    input.world.objects.push(TextFile { name: "values.yaml".into(), text: map });
}

#[test]
fn no_canary_is_heard() {
    let mut engine = Engine::default();
    let mut heard: BTreeMap<&str, usize> = BTreeMap::new();
    for canary in CANARIES {
        for (form, place) in FORMS.iter().flat_map(|form| PLACES.map(|place| (form, place))) {
            let archive = archive(&chart(form, place));
            for (subject, charts) in subjects(&archive) {
                for (way, give) in given(canary) {
                    let mut input = RenderInput { charts: charts.clone(), ..RenderInput::new(subject.clone()) };
                    input.want.documents = true;
                    give(&mut input);
                    with_values(&mut input, canary, form);
                    let answer = engine.call("render", &serde_json::to_vec(&input).unwrap());
                    let shown = || String::from_utf8_lossy(&answer).into_owned();
                    assert!(!sings(&answer, 3), "{canary:?} by {way} as {form} in {place}:\n{}", shown());
                    // The same is heard where that is asked for: the test does not pass by printing nothing.
                    if way == "data" {
                        input.show_secrets = true;
                        let sung = sings(&engine.call("render", &serde_json::to_vec(&input).unwrap()), 3);
                        *heard.entry(place).or_default() += usize::from(sung);
                    }
                }
            }
        }
    }
    let all = CANARIES.len() * FORMS.len() * 2;
    for (place, heard) in heard {
        let least = match place {
            // The expression of a failed `index` does not quote its arguments.
            "expression" => 0,
            // Flux's error about a broken document does not quote it.
            "broken" => all / 3,
            _ => all * 2 / 3,
        };
        assert!(heard >= least, "{place}: {heard} of {all}");
    }
}

#[test]
fn what_cannot_be_told_is_said() {
    let chart = archive(&[("templates/a.yaml", "kind: ConfigMap\n".to_owned())]);
    let mut input = RenderInput::new(Subject::Chart(chart));
    input.world.objects = secret("stringData: {pin: abc, mode: default, count: \"12\", good: long-enough}");
    let output = Engine::default().render(&input).unwrap();
    let said: Vec<&str> =
        output.problems.iter().filter(|p| p.code == Code::HiddenInPart).map(|p| &*p.message).collect();
    assert_eq!(said, ["Secret shop/db: too short or too common to be hidden in text: count, mode, pin"]);

    let lines: Vec<String> = (0..2100).map(|i| format!("line-{i}-of-a-key")).collect();
    input.world.objects = secret(&format!("stringData: {{key: {}}}", json(&lines.join("\n"))));
    let output = Engine::default().render(&input).unwrap();
    assert_eq!(
        output.problems[0].message,
        "Secret shop/db: hidden as a whole, but not line by line beyond 2000 lines: key"
    );
}

#[test]
fn what_cannot_be_read_is_not_printed() {
    for text in [
        "kind: Secret\nmetadata: {name: a}\ndata: {pw: c4n4ryXq7===}",
        "kind: Secret\nmetadata: {name: a\ndata: {pw: YzRuNHJ5WHE3}",
        "kind: Secret\nmetadata: {name: a}\ndata: [c4n4ryXq7]",
        "kind: \"Secr\\u0065t\"\ndata: {pw: *c4n4ryXq7}",
    ] {
        let files = vec![TextFile { name: "o.yaml".into(), text: text.into() }];
        let mut input = RenderInput::new(Subject::Manifests(Vec::new()));
        input.world.hidden = files.clone();
        let beside = RenderInput::new(Subject::Manifests(files.clone()));
        let mut lookup = RenderInput::new(Subject::Manifests(Vec::new()));
        lookup.world.objects = files;
        for input in [input, beside, lookup] {
            let failure = Engine::default().render(&input).unwrap_err();
            assert_eq!(failure.kind, FailureKind::Secrets, "{text}");
            assert!(!sings(&serde_json::to_vec(&failure).unwrap(), 3), "{failure:?}");
        }
    }
}

#[test]
fn errors_of_platform_files_quote_nothing() {
    for text in [
        "token: *c4n4ryXq7\n",
        "token: [c4n4ryXq7]\n",
        "token: {c4n4ryXq7: 1}\n",
        "token: \"c4n4ryXq7\n",
        "token: !c4n4ryXq7 a\ntoken: b\n",
        "c4n4ryXq7\n",
        "token: c4n4ryXq7: b\n",
        "token: &a c4n4ryXq7\n<<: *a\n",
    ] {
        let failure = read_platform("p.yaml", text.as_bytes()).err();
        assert!(!format!("{failure:?}").contains(CORE), "{failure:?}");
    }
    // A number that is a token.
    let failure = read_platform("p.yaml", b"token: 123456789\n").unwrap_err();
    assert!(!failure.message.contains("123456789") && failure.message.contains("token"), "{}", failure.message);
}

#[test]
fn files_of_values_are_no_way_round() {
    let chart = archive(&[("templates/a.yaml", "a: {{ .Values.a | quote }}\n".to_owned())]);
    let mut input = RenderInput::new(Subject::Chart(chart));
    input.world.objects = secret("stringData: {pw: c4n4ryXq7}");
    input.values.set_file = vec!["a=pw.txt".into()];
    input.files = vec![FileGiven { path: "pw.txt".into(), data: Base64(b"c4n4ryXq7".to_vec()), failed: None }];
    assert_eq!(input.api_version, API_VERSION);
    let output = Engine::default().render(&input).unwrap();
    assert_eq!(output.text.to_str_lossy(), "---\n# Source: web/templates/a.yaml\na: \"REDACTED\"\n");
}
