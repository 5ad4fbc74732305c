use super::*;
use crate::Warnings;
use crate::chart::{Limits, load_folder};
use crate::values::read_values;

fn chart(files: &[(&str, &str)]) -> Arc<Chart> {
    let head = ("Chart.yaml", "{apiVersion: v2, name: demo, version: 1.0.0}");
    let has_head = files.iter().any(|(name, _)| *name == "Chart.yaml");
    let file = |(name, text): &(&str, &str)| File { name: (*name).into(), data: text.as_bytes().into() };
    let files = files.iter().chain((!has_head).then_some(&head)).map(file).collect();
    load_folder("demo", files, Limits::default(), &mut Warnings::default()).unwrap()
}

fn unread_of(files: &[(&str, &str)], values: &str) -> Vec<String> {
    let values = read_values(values.as_bytes()).unwrap();
    let dotted = |u: Unread| u.path.iter().map(|k| k.to_str_lossy().into_owned()).collect::<Vec<_>>().join(".");
    Reads::of(&chart(files), &values).unread(&values).into_iter().map(dotted).collect()
}

#[test]
fn what_no_template_reads_is_found() {
    for (template, values, want) in [
        ("{{ .Values.a }}", "{a: {x: 1}, b: 2}", &["b"][..]),
        ("{{ .Values.a.b.c }}", "{a: {b: {c: {d: 1}, e: 2}, f: 3}}", &["a.b.e", "a.f"]),
        ("{{ if .Values.a }}x{{ end }}", "{a: true}", &[]),
        ("{{ if .Values.a }}x{{ end }}", "{a: {b: 1}}", &["a.b"]),
        ("{{ with .Values.a }}{{ .b }}{{ else }}{{ .Values.c }}{{ end }}", "{a: {b: 1, c: 2}, c: 3}", &["a.c"]),
        ("{{ range $k, $v := .Values.a }}{{ $k }}{{ $v.x }}{{ end }}", "{a: {one: {x: 1, z: 2}}}", &["a.one.z"]),
        ("{{ range .Values.a }}{{ .x }}{{ else }}{{ .Values.b }}{{ end }}", "{a: [{x: 1, z: 3}], b: 1}", &["a.0.z"]),
        ("{{ index .Values \"a-b\" \"c\" }}", "{a-b: {c: 1, d: 2}}", &["a-b.d"]),
        ("{{ $v := .Values }}{{ $v.a }}{{ $.Values.b }}", "{a: 1, b: 2, c: 3}", &["c"]),
        ("{{ toYaml .Values }}", "{a: 1}", &[]),
        ("{{ toYaml . }}", "{a: 1}", &[]),
        (
            "{{ (get .Values \"a\").b }}{{ dig \"c\" \"d\" 1 .Values }}",
            "{a: {b: 1, x: 2}, c: {d: 1, x: 3}}",
            &["a.x", "c.x"],
        ),
        ("{{ (default (dict) .Values.a).b }}", "{a: {b: 1, c: 2}}", &["a.c"]),
        ("{{ if hasKey .Values \"a\" }}{{ end }}{{ get .Values .Release.Name }}", "{a: 1, b: {c: 2}}", &[]),
        ("{{ $x := dict \"v\" .Values.a }}{{ $x.v.b }}", "{a: {b: 1, c: 2}}", &["a.c"]),
        ("{{ $x := dict }}{{ $_ := set $x \"v\" .Values.a }}{{ $x.v.b }}", "{a: {b: 1, c: 2}}", &["a.c"]),
        ("{{ $l := list .Values.a .Values.b }}{{ range $l }}{{ .x }}{{ end }}", "{a: {x: 1}, b: {z: 2}}", &["b.z"]),
        ("{{ $x := dict }}{{ range .Values.l }}{{ $x.v }}{{ $x = dict \"v\" . }}{{ end }}", "{l: [1], k: 2}", &["k"]),
        ("{{ (merge (dict) .Values.a).b }}", "{a: {b: 1, c: 2}}", &["a.c"]),
        ("{{ (merge .Values.a .Values.b).c }}", "{a: {c: 1}, b: {d: 1}}", &[]),
        ("{{ with $x := .Values.a }}{{ $x.b }}{{ end }}", "{a: {b: 1, c: 2}}", &["a.c"]),
        ("{{ ternary .Values.a .Values.b .Values.c }}", "{a: 1, b: 2, c: {d: 1}}", &["c.d"]),
        ("{{ .Values.a }}", "{global: {x: 1}}", &[]),
        ("{{ range until 3 }}{{ $.Values.a }}{{ end }}", "{a: 1, b: 1}", &["b"]),
        ("{{ .Files.Get .Values.a }}{{ .Capabilities.APIVersions.Has .Values.b }}", "{a: 1, b: 1, c: 1}", &["c"]),
    ] {
        assert_eq!(unread_of(&[("templates/t.yaml", template)], values), want, "{template}");
    }
}

#[test]
fn named_templates_are_followed_with_what_they_are_given() {
    let helpers = "{{ define \"image\" }}{{ .image.name }}{{ .root.Values.registry }}{{ end }}\
                   {{ define \"tree\" }}{{ range . }}{{ .x }}{{ include \"tree\" .below }}{{ end }}{{ end }}\
                   {{ define \"never\" }}{{ .Values.never }}{{ end }}";
    let main = "{{ include \"image\" (dict \"image\" .Values.image \"root\" $) }}{{ template \"tree\" .Values.tree }}";
    let files = [("templates/_h.tpl", helpers), ("templates/t.yaml", main)];
    let values = "{image: {name: a, tag: b}, registry: r, never: 1, tree: [{x: 1, below: [{x: 1, z: 2}]}]}";
    assert_eq!(unread_of(&files, values), ["image.tag", "never", "tree.0.below.0.z"]);
}

#[test]
fn what_a_template_puts_into_its_callers_map_counts_as_read() {
    let helpers = "{{ define \"result\" }}{{ $_ := set . \"result\" .in.a }}{{ end }}";
    let main = "{{ $d := dict \"in\" .Values }}{{ include \"result\" $d }}{{ $d.result.b }}";
    let files = [("templates/_h.tpl", helpers), ("templates/t.yaml", main)];
    assert_eq!(unread_of(&files, "{a: {b: 1}, c: 1}"), ["c"]);
}

#[test]
fn a_name_that_is_put_together_may_be_any() {
    let helpers = "{{ define \"a.x\" }}{{ .Values.a }}{{ end }}";
    for (template, want) in [
        ("{{ include (print .Chart.Name \".x\") . }}", &["b"][..]),
        ("{{ include (print $.Template.BasePath \"/t.yaml\") . }}", &["a", "b"]),
    ] {
        let files = [("templates/_h.tpl", helpers), ("templates/t.yaml", template)];
        assert_eq!(unread_of(&files, "{a: 1, b: 2}"), want, "{template}");
    }
}

#[test]
fn defaults_and_texts_for_tpl_count() {
    let files = [
        ("values.yaml", "{a: 1, text: '{{ .Values.by_text }}'}"),
        ("templates/t.yaml", "{{ tpl .Values.text . }}{{ tpl (.Files.Get \"f\") (dict \"r\" $) }}"),
        ("f", "{{ .r.Values.by_file }}"),
    ];
    let values = "{a: {b: 1}, by_text: 1, by_file: 1, by_user: 1, other: 1, text: '{{ .Values.by_user }}'}";
    assert_eq!(unread_of(&files, values), ["other"]);
}

#[test]
fn subcharts_have_their_own_values() {
    let files = [
        (
            "Chart.yaml",
            "{apiVersion: v2, name: demo, version: 1.0.0, dependencies: [{name: sub, version: 1.x, alias: db, \
             condition: use.db}, {name: gone, version: 1.x}]}",
        ),
        ("charts/sub/Chart.yaml", "{apiVersion: v2, name: sub, version: 1.0.0}"),
        ("charts/sub/values.yaml", "{known: 1}"),
        ("charts/sub/templates/t.yaml", "{{ .Values.a }}{{ .Values.global.x }}"),
        ("templates/t.yaml", "{{ .Values.b }}"),
    ];
    let values = "{use: {db: true, x: 1}, b: 1, db: {a: 1, b: 2, known: 2}, gone: {x: 1}, sub: 1}";
    assert_eq!(unread_of(&files, values), ["db.b", "use.x"]);
}

#[test]
fn what_cannot_be_followed_reads_all() {
    let endless = "{{ define \"t\" }}{{ include \"t\" (dict \"x\" . \"y\" .) }}{{ end }}{{ include \"t\" .Values.a }}";
    assert_eq!(unread_of(&[("templates/t.yaml", endless)], "{a: {b: 1}}"), Vec::<String>::new());
    let broken = "{{ if }}";
    assert_eq!(unread_of(&[("templates/t.yaml", broken)], "{a: 1}"), Vec::<String>::new());
}

#[test]
fn names_that_were_likely_meant_come_along() {
    let files = [("values.yaml", "{image: {tag: x}}"), ("templates/t.yaml", "{{ .Values.image.name }}")];
    let values = read_values(b"{image: {nmae: x}}").unwrap();
    let found = Reads::of(&chart(&files), &values).unread(&values);
    assert_eq!(found[0].known, ["name", "tag"]);
}
