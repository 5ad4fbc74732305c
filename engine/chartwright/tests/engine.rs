//! Helm's engine around the template language: what its templates see, its own
//! functions, and the forms of its errors. Expectations are Helm 4.2.4's.

use std::rc::Rc;

use chartwright::{
    Error, File, FixedWorld, Limits, LoadedChart, LookupQuery, Objects, Request, Snippet, Str, TextOptions, World,
};

fn eval(templates: &[(&str, &str)]) -> Result<String, String> {
    let files = [("a.txt", "one\ntwo\n"), ("conf/b.ini", "[x]\ny=1\n"), ("empty", "")];
    let values = b"name: web\nlist: [a, b]\nmap: {z: 1, a: {b: c}}\nnothing: ~\n";
    let output = Snippet::new(templates.iter().copied()).files(files).render(values, Rc::new(FixedWorld::seeded(1)))?;
    Ok(output.file("t.yaml").map(|t| String::from_utf8_lossy(t).into_owned()).unwrap_or_default())
}

fn check(cases: &[(&str, Result<&str, &str>)]) {
    for (template, want) in cases {
        let got = eval(&[("t.yaml", template)]);
        assert_eq!(got.as_deref().map_err(String::as_str), *want, "{template}");
    }
}

#[test]
fn templates_see_the_chart_the_release_and_the_cluster() {
    check(&[
        ("{{ .Chart.Name }}-{{ .Chart.Version }} {{ .Chart.IsRoot }}{{ .Chart.Type }}", Ok("demo-1.2.3 true")),
        ("{{ .Release }}", Ok("map[IsInstall:true IsUpgrade:false Name:demo Namespace:shop Revision:1 Service:Helm]")),
        ("{{ .Template.Name }} {{ .Template.BasePath }}", Ok("demo/templates/t.yaml demo/templates")),
        ("{{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Minor }}", Ok("v1.36.0 36")),
        (
            "{{ .Capabilities.APIVersions.Has \"apps/v1\" }}{{ .Capabilities.APIVersions.Has \"x/v1\" }}",
            Ok("truefalse"),
        ),
        ("{{ len .Capabilities.APIVersions }} {{ .Capabilities.HelmVersion.Version }}", Ok("55 v4.2")),
        ("{{ toJson .Capabilities.KubeVersion }}", Ok("{\"Version\":\"v1.36.0\",\"Major\":\"1\",\"Minor\":\"36\"}")),
        (
            "{{ typeOf .Values }} {{ typeOf .Release }} {{ typeOf . }}",
            Ok("common.Values map[string]interface {} common.Values"),
        ),
        (
            "{{ .Values.Table \"map.a\" }} {{ .Values.PathValue \"map.a.b\" }} {{ .Values.YAML | len }}",
            Ok("map[b:c] c 64"),
        ),
        ("{{ .Values.missing }}|{{ .Values.nothing }}|{{ print .Values.missing }}", Ok("||<nil>")),
    ]);
}

#[test]
fn files_are_read_by_name_and_pattern() {
    check(&[
        ("{{ .Files.Get \"a.txt\" }}|{{ .Files.Get \"none\" }}|", Ok("one\ntwo\n||")),
        ("{{ .Files.Lines \"a.txt\" | toJson }}{{ len .Files }}", Ok("[\"one\",\"two\"]3")),
        ("{{ range $path, $_ := .Files.Glob \"conf/**\" }}{{ $path }};{{ end }}", Ok("conf/b.ini;")),
        ("{{ (.Files.Glob \"conf/*\").AsConfig }}", Ok("b.ini: |\n  [x]\n  y=1")),
        ("{{ (.Files.Glob \"*.txt\").AsSecrets }}", Ok("a.txt: b25lCnR3bwo=")),
        (
            "{{ .Files.Lines \"empty\" }}",
            Err("template: demo/templates/t.yaml:1:9: executing \"demo/templates/t.yaml\" at <.Files.Lines>: \
                 error calling Lines: runtime error: index out of range [-1]"),
        ),
    ]);
}

#[test]
fn tpl_and_include_run_templates() {
    check(&[
        ("{{ define \"x\" }}<{{ . }}>{{ end }}{{ include \"x\" 1 | quote }}", Ok("\"<1>\"")),
        ("{{ tpl \"{{ .Values.name }}{{ .Values.none }}\" . }}", Ok("web")),
        ("{{ tpl \"plain <no value> text\" . }}", Ok("plain  text")),
        (
            "{{ define \"a\" }}A{{ end }}{{ tpl \"{{ define \\\"b\\\" }}B{{ end }}{{ include \\\"a\\\" . }}{{ include \\\"b\\\" . }}\" . }}",
            Ok("AB"),
        ),
        (
            "{{ tpl \"{{ define \\\"b\\\" }}B{{ end }}\" . }}{{ include \"b\" . }}",
            Err("demo/templates/t.yaml:1:45\n  executing \"demo/templates/t.yaml\" at <include \"b\" .>:\n    \
                 error calling include:\ntemplate: no template \"b\" associated with template \"gotpl\""),
        ),
        (
            "{{ tpl \"{{\" . }}",
            Err("template: demo/templates/t.yaml:1:3: executing \"demo/templates/t.yaml\" at <tpl \"{{\" .>: \
                 error calling tpl: cannot parse template \"{{\": template: gotpl:1: unclosed action"),
        ),
        (
            "{{ tpl \"{{ .x.y }}\" . }}",
            Err("template: demo/templates/t.yaml:1:3: executing \"demo/templates/t.yaml\" at <tpl \"{{ .x.y }}\" .>: \
                 error calling tpl: error during tpl function execution for \"{{ .x.y }}\": template: gotpl:1:5: \
                 executing \"gotpl\" at <.x.y>: nil pointer evaluating interface {}.y"),
        ),
    ]);
}

#[test]
fn errors_have_helms_forms() {
    check(&[
        ("{{ required \"need it\" .Values.none }}", Err("execution error at (demo/templates/t.yaml:1:3): need it")),
        ("{{ fail (printf \"a: %s\\nb\" \"c\") }}", Err("execution error at (demo/templates/t.yaml:1:3): a: c\nb")),
        ("{{ tpl \"{{ fail \\\"deep\\\" }}\" . }}", Err("execution error at (demo/templates/t.yaml:1:3): deep")),
        ("\n{{ nope }}", Err("parse error at (demo/templates/t.yaml:2): function \"nope\" not defined")),
        ("{{ if true }}", Err("parse error at (demo/templates/t.yaml:1): unexpected EOF")),
        (
            "{{ define \"x\" }}{{ .a.b }}{{ end }}{{ include \"x\" . }}",
            Err("demo/templates/t.yaml:1:38\n  executing \"demo/templates/t.yaml\" at <include \"x\" .>:\n    \
                 error calling include:\ndemo/templates/t.yaml:1:21\n  executing \"x\" at <.a.b>:\n    \
                 nil pointer evaluating interface {}.b"),
        ),
        (
            "{{ atoi 1 }}",
            Err("demo/templates/t.yaml:1:8\n  executing \"demo/templates/t.yaml\" at <1>:\n    \
                 expected string; found 1"),
        ),
    ]);
}

#[test]
fn endless_inclusion_is_refused() {
    let error =
        eval(&[("t.yaml", "{{ define \"r\" }}{{ include \"r\" . }}{{ end }}{{ include \"r\" . }}")]).unwrap_err();
    assert!(
        error.ends_with("rendering template has a nested reference name: r: unable to execute template"),
        "{error}"
    );
    let error =
        eval(&[("t.yaml", "{{ define \"r\" }}{{ template \"r\" . }}{{ end }}{{ template \"r\" . }}")]).unwrap_err();
    assert!(error.ends_with("exceeded maximum template depth (100000)"), "{error}");
}

#[test]
fn limits_are_errors_with_a_place() {
    let limits = Limits { steps: 10_000, output: 1000, memory: 1 << 20, ..Limits::default() };
    for (template, want) in [
        ("\n{{ range until 100000 }}{{ end }}", "t.yaml:2:9\n"),
        ("{{ range until 9000 }}{{ end }}{{ range until 9000 }}{{ end }}", "exceeded maximum number of steps (10000)"),
        ("{{ range until 100 }}twenty characters...{{ end }}", "exceeded maximum size of output (1000 bytes)"),
    ] {
        let snippet = Snippet::new([("t.yaml", template)]).limits(limits);
        let error = snippet.render(b"", Rc::new(FixedWorld::default())).unwrap_err();
        assert!(error.contains(want), "{template}: {error}");
    }
}

#[test]
fn lookup_finds_objects() {
    let mut objects = Objects::default();
    let yaml = "kind: Node\napiVersion: v1\nmetadata: {name: n1}\n---\napiVersion: v1\nkind: List\nitems:\n\
                - {apiVersion: v1, kind: Secret, metadata: {name: b, namespace: x}}\n\
                - {apiVersion: v1, kind: Secret, metadata: {name: a, namespace: x}}\n";
    objects.add_yaml(yaml.as_bytes()).unwrap();
    let lookup = |kind: &str, namespace: &str, name: &str| {
        let query =
            LookupQuery { api_version: "v1".into(), kind: kind.into(), namespace: namespace.into(), name: name.into() };
        objects.lookup(&query)
    };
    assert_eq!(lookup("Node", "any", "n1").len(), 3);
    assert_eq!(lookup("Secret", "x", "a").len(), 3);
    assert!(lookup("Secret", "y", "a").is_empty());
    assert!(lookup("Pod", "x", "a").is_empty());
    let list = lookup("Secret", "x", "");
    assert!(matches!(list.get("items"), Some(chartwright::Value::List(l)) if l.len() == 2));
    assert!(Objects::default().add_yaml(b"a: b: c").is_err());
}

fn chart(files: &[(&str, &str)]) -> LoadedChart {
    let file = |&(name, text): &(&str, &str)| File { name: Str::from(name), data: text.as_bytes().into() };
    LoadedChart::from_folder("shop", files.iter().map(file).collect()).expect("a chart")
}

fn text(chart: &LoadedChart, world: impl World + 'static) -> Result<String, Error> {
    let rendered = chart.render(&Request::default(), Rc::new(world))?;
    Ok(String::from_utf8_lossy(&rendered.text(TextOptions::default())).into_owned())
}

#[test]
fn subcharts_see_their_values_and_share_changes() {
    let chart = chart(&[
        ("Chart.yaml", "{apiVersion: v2, name: shop, version: 1.0.0}"),
        ("values.yaml", "db: {size: 1}"),
        ("templates/a.yaml", "a: {{ .Values.db.size }} {{ .Subcharts.db.Chart.Name }} {{ .Values.db.seen }}"),
        ("charts/db/Chart.yaml", "{apiVersion: v2, name: db, version: 1.0.0}"),
        (
            "charts/db/templates/b.yaml",
            "b: {{ .Values.size }} {{ .Chart.IsRoot }}{{ $_ := set .Values \"seen\" \"yes\" }}",
        ),
        ("charts/lib/Chart.yaml", "{apiVersion: v2, name: lib, version: 1.0.0, type: library}"),
        ("charts/lib/templates/c.yaml", "c: never"),
        ("charts/lib/templates/_d.tpl", "{{ define \"d\" }}d{{ end }}"),
    ]);
    assert_eq!(
        text(&chart, FixedWorld::default()).unwrap(),
        "---\n# Source: shop/charts/db/templates/b.yaml\nb: 1 false\n---\n# Source: shop/templates/a.yaml\na: 1 db yes\n"
    );
}

#[test]
fn a_chart_renders_often_and_the_same() {
    let chart = chart(&[
        ("Chart.yaml", "{apiVersion: v2, name: shop, version: 1.0.0}"),
        (
            "templates/a.yaml",
            "x: {{ randAlphaNum 8 }}\ny: {{ now | date \"2006\" }}{{ $_ := set .Values \"n\" 1 }}\nn: {{ len .Values }}",
        ),
    ]);
    let first = text(&chart, FixedWorld::seeded(5)).unwrap();
    assert_eq!(text(&chart, FixedWorld::seeded(5)).unwrap(), first);
    assert_ne!(text(&chart, FixedWorld::seeded(6)).unwrap(), first);
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let chart = chart.clone();
            std::thread::spawn(move || text(&chart, FixedWorld::seeded(5)).unwrap())
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), first);
    }
}
