//! The plugin through the library: charts by digest, hostile charts, damaged inputs.

use std::path::Path;
use std::time::Duration;

use chartwright_host::plugin::{ModuleCache, PluginError, PluginHost, PluginLimits, PluginOptions};
use contract::{Archive, Base64, FailureKind, FileGiven, RenderInput, Selection, Subject};

fn host(limits: PluginLimits, instances: usize) -> Option<PluginHost> {
    let cache = Some(ModuleCache::new(Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin-cache/modules")));
    let options = PluginOptions { limits, instances, cache, ..PluginOptions::default() };
    Some(PluginHost::from_file(&super::plugin()?, options).expect("the plugin loads"))
}

fn file(path: &str, text: &str) -> FileGiven {
    FileGiven { path: path.into(), data: Base64(text.as_bytes().to_vec()) }
}

fn chart(template: &str) -> RenderInput {
    let files = vec![
        file("Chart.yaml", "{apiVersion: v2, name: c, version: 1.0.0}"),
        file("values.yaml", "n: 1\n"),
        file("templates/a.yaml", template),
    ];
    RenderInput::new(Subject::Chart(Archive { files: Some(files), ..Archive::default() }))
}

#[test]
fn charts_are_sent_once_and_named_later() {
    let Some(host) = host(PluginLimits::default(), 3) else { return };
    let files =
        [("Chart.yaml", "{apiVersion: v2, name: c, version: 1.0.0}"), ("templates/a.yaml", "n: {{ .Values.n }}")]
            .map(|(name, text)| helm::chart::File { name: name.into(), data: text.as_bytes().into() });
    let data = helm::chart::pack("c", &files);
    let digest = chartwright::api::digest(&data);
    let by = |data: Option<Vec<u8>>, n: usize| {
        let archive = Archive { digest: Some(digest.clone()), data: data.map(Base64), ..Archive::default() };
        let mut input = RenderInput::new(Subject::Chart(archive));
        input.values.set = vec![format!("n={n}")];
        input.want = Selection { objects: false, ..Selection::default() };
        host.render(input)
    };
    let unknown = by(None, 0);
    assert!(matches!(&unknown, Err(PluginError::Answer(f)) if f.kind == FailureKind::UnknownDigest), "{unknown:?}");
    assert!(by(Some(data), 1).expect("rendered").text.to_str_lossy().contains("n: 1"));
    // Whichever instance answers.
    std::thread::scope(|scope| {
        for n in 0..12 {
            let by = &by;
            scope.spawn(move || {
                let text = by(None, n).expect("rendered").text;
                assert!(text.to_str_lossy().contains(&format!("n: {n}")));
            });
        }
    });
    let wrong = Archive { digest: Some(digest.clone()), data: Some(Base64(b"other".to_vec())), ..Archive::default() };
    let wrong = host.render(RenderInput::new(Subject::Chart(wrong)));
    assert!(matches!(&wrong, Err(PluginError::Answer(f)) if f.kind == FailureKind::Digest), "{wrong:?}");
}

#[test]
fn an_old_instance_answers_as_a_new_one() {
    let Some(host) = host(PluginLimits::default(), 1) else { return };
    let ask = || {
        let mut input = chart("a: {{ repeat 1000000 \"x\" | len }}");
        input.limits.memory = Some(96 << 20);
        host.render(input).map(|output| output.text)
    };
    let new = ask();
    assert!(new.is_ok(), "{new:?}");
    // Ten strings of ten megabytes, all kept.
    let template = "{{ $kept := list }}{{ range until 10 }}{{ $kept = append $kept (repeat 10000000 \"x\") }}{{ end }}";
    let large = host.render(chart(&format!("{template}a: {{{{ len $kept }}}}")));
    assert!(large.expect("rendered").text.to_str_lossy().contains("a: 10\n"));
    assert_eq!(host.idle(), 1, "the instance is kept");
    assert_eq!(ask(), new);
}

#[test]
fn hostile_charts_end_and_the_plugin_goes_on() {
    let limits = PluginLimits { timeout: Duration::from_secs(2), memory_pages: 1600, ..PluginLimits::default() };
    let Some(host) = host(limits, 2) else { return };
    let kind = |input: RenderInput| match host.render(input) {
        Ok(_) => "rendered".to_owned(),
        Err(error) => error.kind().to_string(),
    };
    let endless = "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}";
    let doubles = "{{ $s := \"xxxxxxxxxxxxxxxx\" }}{{ range until 40 }}{{ $s = print $s $s }}{{ end }}{{ $s }}";
    let recursion = "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}";
    for _ in 0..3 {
        let mut steps = chart(endless);
        steps.limits.steps = Some(100_000);
        assert_eq!(kind(steps), "limit/steps");
        assert_eq!(kind(chart(endless)), "limit/time");
        let swelling = kind(chart(doubles));
        assert!(["limit/memory", "limit/output", "exec"].contains(&swelling.as_str()), "{swelling}");
        let mut memory = chart(doubles);
        memory.limits.memory = Some(32 << 20);
        assert_eq!(kind(memory), "limit/memory");
        let deep = kind(chart(recursion));
        assert!(["limit/depth", "exec"].contains(&deep.as_str()), "{deep}");
        assert_eq!(kind(chart("a: {{ .Values.n }}")), "rendered");
    }
}

#[test]
fn damaged_inputs_are_answers_not_traps() {
    let Some(host) = host(PluginLimits::default(), 1) else { return };
    let good = serde_json::to_vec(&chart("a: {{ .Values.n }}")).expect("JSON");
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    let nested = format!("{{\"apiVersion\": {}{}}}", "[".repeat(5000), "]".repeat(5000));
    for input in [&b""[..], b"{", b"null", b"\xff\xfe", &good[..good.len() / 2], &deep, nested.as_bytes()] {
        let answer = host.call("render", input).expect("an answer");
        let answer: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
        assert!(["input", "version"].iter().any(|kind| answer["error"]["kind"] == *kind), "{answer}");
    }
    let wrong = String::from_utf8(good).expect("text").replace("\"strict\"", "\"strickt\"");
    let answer = host.call("render", wrong.as_bytes()).expect("an answer");
    assert!(String::from_utf8_lossy(&answer).contains("did you mean"), "{}", String::from_utf8_lossy(&answer));
}
