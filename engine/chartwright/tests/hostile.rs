//! Charts that mean harm: each ends soon, with an error of its kind that names
//! the file and the line, or the limit.

use std::rc::Rc;

use chartwright::{Diagnostic, FailureKind, File, FixedWorld, Limits, LoadedChart, Request, Str, TextOptions};

/// What a render may do here; the defaults are for machines, these for tests.
fn limits() -> Limits {
    Limits { steps: 3_000_000, depth: 2_000, output: 4 << 20, ..Limits::default() }
}

fn load(files: &[(&[u8], &[u8])]) -> Result<LoadedChart, Box<Diagnostic>> {
    let file = |(name, data): &(&[u8], &[u8])| File { name: Str::from(*name), data: (*data).into() };
    LoadedChart::from_folder("shop", files.iter().map(file).collect())
        .map_err(|e| Box::new(Diagnostic::new(&e, None, None)))
}

/// Renders a chart of these files; `Chart.yaml` is added.
fn render(files: &[(&[u8], &[u8])]) -> Result<Vec<u8>, Box<Diagnostic>> {
    let mut all = vec![(&b"Chart.yaml"[..], &b"{apiVersion: v2, name: shop, version: 1.0.0}"[..])];
    all.extend(files);
    let chart = load(&all)?;
    let mut request = Request::default();
    request.options.engine.limits = limits();
    match chart.render(&request, Rc::new(FixedWorld::seeded(1))) {
        Ok(rendered) => Ok(rendered.text(TextOptions::default())),
        Err(error) => Err(Box::new(Diagnostic::new(&error, Some(&chart), None))),
    }
}

fn template(text: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
    // The first line makes the line of an error worth looking at.
    render(&[(b"templates/t.yaml", format!("\n# {text}").as_bytes())])
}

/// What a hostile template ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// An error of this kind, in `shop/templates/t.yaml:2`, with this in its text.
    Error(FailureKind, &'static str),
    /// Output: it only looks dangerous.
    Output,
}

use End::{Error, Output};

const STEPS: End = Error(FailureKind::LimitSteps, "exceeded maximum number of steps (3000000)");
const DEPTH: End = Error(FailureKind::LimitDepth, "exceeded maximum");
const SIZE: End = Error(FailureKind::LimitOutput, "exceeded maximum");
const EXEC: FailureKind = FailureKind::Exec;

fn check(cases: &[(&str, End)]) {
    for (text, want) in cases {
        let shown = text.get(..100).unwrap_or(text);
        match (template(text), want) {
            (Ok(_), Output) => {}
            (Err(d), Error(kind, words)) if d.kind == *kind && d.message.contains(words) => {
                // What `tpl` renders has no file of its own.
                let places = [Some(&b"shop/templates/t.yaml"[..]), Some(b"gotpl")];
                assert!(places.contains(&d.file.as_deref()), "{shown}");
                assert!(d.line.is_some(), "{shown}");
                assert!(d.trace.first().is_none_or(|t| t.line == 2), "{shown}");
            }
            (Ok(got), _) => panic!("{shown}: {} bytes, not {want:?}", got.len()),
            (Err(d), _) => panic!("{shown}: {:?} {:?}, not {want:?}", d.kind, d.message),
        }
    }
}

#[test]
fn endless_recursion() {
    check(&[
        ("{{define \"r\"}}{{include \"r\" .}}{{end}}{{include \"r\" .}}", Error(EXEC, "nested reference name: r")),
        ("{{define \"r\"}}{{template \"r\" .}}{{end}}{{template \"r\" .}}", DEPTH),
        (
            "{{define \"a\"}}{{template \"b\" .}}{{end}}{{define \"b\"}}{{include \"a\" .}}{{end}}{{include \"a\" .}}",
            DEPTH,
        ),
        ("{{$_ := set . \"t\" \"{{define \\\"x\\\"}}{{tpl .t .}}{{end}}{{include \\\"x\\\" .}}\"}}{{tpl .t .}}", DEPTH),
        ("{{define \"r\"}}{{range until 3}}{{template \"r\" .}}{{end}}{{end}}{{template \"r\" .}}", DEPTH),
    ]);
}

#[test]
fn long_loops() {
    check(&[
        ("{{range until 500000000}}{{end}}", STEPS),
        ("{{range 500000000}}{{end}}", STEPS),
        ("{{range untilStep 0 500000000 1}}{{end}}", STEPS),
        ("{{range untilStep 0 -9223372036854775807 -1}}{{end}}", STEPS),
        ("{{range untilStep 0 10 0}}{{end}}", Output),
        ("{{range seq 1 900000000 | splitList \" \"}}{{end}}", STEPS),
        ("{{seq 0 1 9223372036854775807}}", Output),
        ("{{$x := repeat 1000000 \"x\"}}{{range until 100000}}{{$y := print $x}}{{end}}", STEPS),
        ("{{$x := repeat 1000000 \"x\"}}{{range until 100000}}{{$y := printf \"%s\" $x}}{{end}}", STEPS),
        ("{{$x := repeat 1000000 \"x\"}}{{range until 100000}}{{$y := html $x}}{{end}}", STEPS),
        ("{{$x := repeat 1000000 \"x\"}}{{range until 100000}}{{$y := regexMatch \"x*y\" $x}}{{end}}", STEPS),
        ("{{$x := repeat 1000000 \"x\"}}{{range until 100000}}{{$y := sha256sum $x}}{{end}}", STEPS),
        ("{{$x := until 100000}}{{range until 100000}}{{$y := deepEqual $x $x}}{{end}}", Output),
        ("{{$x := until 100000}}{{range until 100000}}{{$y := has -1 $x}}{{end}}", STEPS),
        ("{{$x := list (until 100000) (float64 \"inf\")}}{{range until 100000}}{{$y := toJson $x}}{{end}}", STEPS),
        ("{{$x := list (until 100000) (float64 \"inf\")}}{{range until 100000}}{{$y := toToml $x}}{{end}}", STEPS),
        ("{{$x := until 100000}}{{range until 100000}}{{$y := last $x}}{{end}}", Output),
        ("{{$x := until 100000 | toJson}}{{range until 100000}}{{$y := fromJsonArray $x}}{{end}}", STEPS),
        ("{{$x := until 100000 | toJson}}{{range until 100000}}{{$y := fromYamlArray $x}}{{end}}", STEPS),
        ("{{range until 100000}}{{range until 100000}}{{end}}{{end}}", STEPS),
        ("{{range until 2000}}{{range until 2000}}x{{end}}{{end}}", STEPS),
        (
            "{{define \"d\"}}{{if .}}{{template \"d\" (rest .)}}{{template \"d\" (rest .)}}{{end}}{{end}}{{template \"d\" (until 60)}}",
            STEPS,
        ),
    ]);
}

#[test]
fn huge_texts() {
    let doubled =
        |f: &str| format!("{{{{$x := \"xxxxxxxx\"}}}}{{{{range until 40}}}}{{{{$x = {f}}}}}{{{{end}}}}{{{{len $x}}}}");
    for f in [
        "printf \"%s%s\" $x $x",
        "print $x $x",
        "cat $x $x",
        "list $x $x | join \"\"",
        "replace \"x\" \"xx\" $x",
        "regexReplaceAll \"x\" $x \"xx\"",
        "regexReplaceAllLiteral \"x\" $x \"xx\"",
        "nindent 8 $x | indent 8 | printf \"%s%s\" $x",
        "repeat 2 $x",
        "quote $x $x",
        "squote $x $x",
        "toJson $x | printf \"%s%s\" $x",
        "b64enc $x | b64enc | b64enc",
        "b32enc $x | b32enc",
        "html $x | js | printf \"%[1]s%[1]s\"",
        "urlquery $x | printf \"%[1]q%[1]q\"",
        "tpl \"{{.}}{{.}}\" $x",
        "toYaml (list $x $x)",
        "toToml (dict \"a\" $x \"b\" $x)",
        "printf \"%x\" $x",
        "wrapWith 1 \"xxxxxxxx\" $x",
        "wrap 1 (print $x $x)",
        "snakecase (print $x $x)",
        "camelcase (print $x $x)",
        "title (print $x $x)",
        "swapcase (print $x $x)",
        "shuffle (print $x $x)",
        "trimAll \"y\" (print $x $x)",
        "substr 0 -1 (print $x $x)",
        "abbrev 100000000 (print $x $x)",
        "toRawJson (list $x $x)",
        "mustToPrettyJson (list $x $x)",
        "toYamlPretty (list $x $x)",
    ] {
        let text = doubled(f);
        let error = template(&text).expect_err(&text);
        let limit = [FailureKind::LimitSteps, FailureKind::LimitOutput].contains(&error.kind);
        assert!(limit, "{text}: {:?} {}", error.kind, error.message);
        assert!(error.line.is_some(), "{text}");
    }
    check(&[
        ("{{repeat 1000000000 \"x\"}}", STEPS),
        ("{{repeat 9223372036854775807 \"xyz\"}}", Error(EXEC, "Repeat output length overflow")),
        ("{{repeat -1 \"x\"}}", Error(EXEC, "negative Repeat count")),
        ("{{indent 1000000000 \"x\"}}", STEPS),
        ("{{nindent 9223372036854775807 \"x\"}}", STEPS),
        ("{{indent -1 \"x\"}}", Error(EXEC, "negative Repeat count")),
        ("{{printf \"%1000000d\" 1}}", Output),
        ("{{printf \"%99999999999d\" 1}}", Output),
        ("{{printf \"%*d\" 1000000000 1}}", Output),
        ("{{printf \"%.1000000f\" 1.5}}", Output),
        ("{{range until 1000}}{{printf \"%1000000d\" 1}}{{end}}", SIZE),
        ("{{range until 1000}}{{printf \"%1000000.1000000f%[1]1000000.1000000f\" 1.5}}{{end}}", SIZE),
        ("{{range until 100000}}0123456789012345678901234567890123456789012345678901234567890123456789{{end}}", SIZE),
        (
            "{{define \"x\"}}{{range until 100000}}0123456789012345678901234567890123456789012345678901234567890123456789{{end}}{{end}}{{include \"x\" . | len}}",
            SIZE,
        ),
        ("{{randAlphaNum 1000000000}}", STEPS),
        ("{{randBytes 1000000000}}", STEPS),
        ("{{genPrivateKey \"rsa\" | len}}{{genPrivateKey \"rsa\" | len}}", STEPS),
        ("{{bcrypt \"x\"}}{{range until 100}}{{bcrypt \"x\"}}{{end}}", STEPS),
        (
            "{{derivePassword 1 \"long\" \"a\" \"b\" \"c\"}}{{range until 100}}{{derivePassword 1 \"long\" \"a\" \"b\" \"c\"}}{{end}}",
            STEPS,
        ),
        ("{{htpasswd \"a\" \"b\"}}{{range until 100}}{{htpasswd \"a\" \"b\"}}{{end}}", STEPS),
    ]);
}

#[test]
fn huge_collections() {
    let grown = |start: &str, f: &str| {
        format!("{{{{$x := {start}}}}}{{{{range until 40}}}}{{{{$x = {f}}}}}{{{{end}}}}{{{{len $x}}}}")
    };
    for f in [
        "concat $x $x",
        "concat $x $x | reverse",
        "append (concat $x $x) 1",
        "concat $x $x | uniq | concat $x $x",
        "without (concat $x $x) 9",
        "concat $x $x | compact",
        "concat $x $x | sortAlpha",
        "slice (concat $x $x) 0",
        "initial (concat $x $x)",
        "rest (concat $x $x)",
        "deepCopy (concat $x $x)",
        "prepend (concat $x $x) 1",
        "concat $x $x | toJson | fromJsonArray",
        "concat $x $x | toYaml | fromYamlArray",
        "concat $x $x | join \",\" | splitList \",\"",
        "chunk 1 (concat $x $x)",
        "list $x $x | chunk 1 | concat $x $x",
        "toStrings (concat $x $x)",
    ] {
        check(&[(&grown("list 1 2", f), STEPS)]);
    }
    check(&[
        ("{{$d := dict}}{{range until 2000000}}{{$_ := set $d (print .) .}}{{end}}", STEPS),
        ("{{$l := list}}{{range until 2000000}}{{$l = append $l .}}{{end}}", STEPS),
        ("{{$l := list 1}}{{range until 100000}}{{$l = append $l $l}}{{end}}{{len $l}}", STEPS),
        ("{{splitList \"\" (repeat 2900000 \"x\") | len}}", STEPS),
        ("{{split \"x\" (repeat 2900000 \"x\") | len}}", STEPS),
        ("{{regexFindAll \"\" (repeat 2900000 \"x\") -1 | len}}", STEPS),
    ]);
}

/// Templates that leave `$x` and its equal `$y` deep, exponentially large, or
/// containing themselves.
const STRANGE: &[&str] = &[
    "{{$x := list}}{{$y := list}}{{range until 20000}}{{$x = list $x}}{{$y = list $y}}{{end}}",
    "{{$x := dict}}{{$y := dict}}{{range until 20000}}{{$x = dict \"x\" $x}}{{$y = dict \"x\" $y}}{{end}}",
    "{{$x := dict}}{{$y := dict}}{{range until 45}}{{$x = dict \"x\" $x \"y\" $x}}{{$y = dict \"x\" $y \"y\" $y}}{{end}}",
    "{{$x := list 1}}{{$y := list 1}}{{range until 45}}{{$x = list $x $x}}{{$y = list $y $y}}{{end}}",
    "{{$x := dict}}{{$y := dict}}{{$_ := set $x \"x\" $x}}{{$_ := set $y \"x\" $y}}",
    "{{$x := dict}}{{$y := dict}}{{$_ := set $x \"x\" (list $x $x)}}{{$_ := set $y \"x\" (list $y $y)}}",
];

#[test]
fn values_that_are_deep_or_contain_themselves() {
    let walks_all = [
        "print $x",
        "toYaml $x",
        "toJson $x",
        "toPrettyJson $x",
        "toRawJson $x",
        "toToml (dict \"x\" $x)",
        "toYamlPretty $x",
        "deepCopy $x",
        "mustDeepCopy $x",
        "printf \"%v %+v %#v %q\" $x $x $x $x",
        "quote $x",
        "toString $x",
        "cat $x",
        "join \",\" (list $x)",
        "html $x",
        "fail (print $x)",
    ];
    let others = [
        "merge (dict) (dict \"x\" $x)",
        "merge (dict \"x\" $y) (dict \"x\" $x)",
        "mergeOverwrite (dict \"x\" $y) (dict \"x\" $x)",
        "mustMerge (dict \"x\" $y) (dict \"x\" $x)",
        "deepEqual $x $y",
        "eq $x $y",
        "has $x (list $y)",
        "uniq (list $x $y)",
        "without (list $x $y) $x",
        "sortAlpha (list $x $x)",
        "index $x 0",
        "kindIs \"map\" $x",
        "empty $x",
        "default 1 $x",
        "coalesce $x",
        "compact (list $x)",
        "mustUniq (list $x $y $x)",
        "ternary $x $y true",
        "dig \"x\" \"x\" 1 (dict \"x\" $x)",
        "pick (dict \"x\" $x) \"x\"",
        "values (dict \"x\" $x)",
        "len $x",
        "typeOf $x",
        "concat (list $x) (list $y)",
        "and $x $y",
    ];
    for make in STRANGE {
        // The large ones take their time until the text is too large.
        let step = if make.contains("until 45") { 5 } else { 1 };
        for f in walks_all.into_iter().step_by(step) {
            let text = format!("{make}{{{{{f} | len}}}}");
            let result = template(&text);
            // Helm answers errors of these with an empty text.
            let Err(error) = result else {
                assert!(f.starts_with("to"), "{text}");
                continue;
            };
            // Go finds the circles that JSON must not have.
            let limit =
                [FailureKind::LimitDepth, FailureKind::LimitOutput, FailureKind::LimitSteps].contains(&error.kind);
            assert!(limit || error.message.contains("encountered a cycle"), "{text}: {}", error.message);
            assert_eq!(error.line, Some(2), "{text}");
        }
        for f in others.into_iter().step_by(step) {
            let text = format!("{make}{{{{$z := {f}}}}}");
            let result = template(&text);
            if let Err(error) = result {
                assert_eq!(error.line, Some(2), "{text}: {}", error.message);
            }
        }
    }
}

#[test]
fn deep_sources() {
    let nested =
        |open: &str, middle: &str, close: &str, n: usize| format!("{}{middle}{}", open.repeat(n), close.repeat(n));
    for text in [
        nested("{{if true}}", "x", "{{end}}", 100_000),
        nested("{{with 1}}", "x", "{{end}}", 100_000),
        nested("{{range list 1}}", "x", "{{end}}", 20_000),
        nested("{{if false}}{{else}}", "x", "{{end}}", 100_000),
        format!("{{{{if false}}}}{}{{{{end}}}}", "{{else if false}}".repeat(100_000)),
        format!("{{{{print {}}}}}", nested("(", "1", ")", 100_000)),
        format!("{{{{print {}}}}}", nested("(print ", "1", ")", 100_000)),
        format!("{{{{1{}}}}}", " | print".repeat(100_000)),
        format!("{{{{.{}}}}}", "x.".repeat(100_000)),
        format!("{{{{print{}}}}}", " 1".repeat(100_000)),
        nested("{{define \"x\"}}", "", "{{end}}", 100_000),
        "{{".repeat(100_000),
        "{{/*".repeat(100_000),
        "{{- \"".repeat(100_000),
        format!("{{{{\"{}", "\\x".repeat(100_000)),
    ] {
        if let Err(error) = template(&text) {
            assert!(
                matches!(
                    error.kind,
                    FailureKind::Parse
                        | FailureKind::Exec
                        | FailureKind::LimitSteps
                        | FailureKind::LimitDepth
                        | FailureKind::LimitOutput
                ),
                "{error:?}"
            );
            assert!(error.line.is_some(), "{}", error.message);
        }
    }
    for (open, close) in [
        ("[", "]"),
        ("{a: ", "}"),
        ("- ", ""),
        ("? ", ""),
        ("a:\n ", ""),
        ("{\"a\":[", "]}"),
        ("*a ", ""),
        ("!!str ", ""),
    ] {
        let deep = nested(open, "1", close, 100_000);
        for f in ["fromYaml", "fromYamlArray", "fromJson", "fromJsonArray", "fromToml"] {
            render(&[
                (b"x", deep.as_bytes()),
                (b"templates/t.yaml", format!("a: {{{{$x := {f} (.Files.Get \"x\")}}}}").as_bytes()),
            ])
            .expect("an answer that says what is wrong");
        }
        let values = render(&[(b"values.yaml", format!("a: {deep}").as_bytes())]);
        assert!(values.is_err() || values.is_ok_and(|v| v.is_empty()), "{open}");
    }
    let regex = [
        "(".repeat(100_000),
        nested("(", "x", ")", 5_000),
        nested("(?:", "x", ")*", 5_000),
        "((((((x{1,99}){1,99}){1,99}){1,99}){1,99}){1,99})".into(),
        "x{1,1000}".repeat(10_000),
        "[".repeat(100_000),
        "\\pL".repeat(20_000),
    ];
    for pattern in regex {
        let text = format!("a: {{{{$x := regexMatch (.Files.Get \"x\") \"{}\"}}}}", "x".repeat(1000));
        let _ = render(&[(b"x", pattern.as_bytes()), (b"templates/t.yaml", text.as_bytes())]);
        let glob = "a: {{$x := .Files.Glob (.Files.Get \"x\")}}{{$y := len .Files}}";
        let _ = render(&[(b"x", pattern.as_bytes()), (b"templates/t.yaml", glob.as_bytes())]);
    }
    let globs = [
        "{".repeat(10_000),
        nested("{a,", "b", "}", 5_000),
        "*a".repeat(5_000),
        "{a,b}".repeat(200),
        "[!a]*".repeat(1_000),
    ];
    for pattern in globs {
        let glob = "a: {{$x := .Files.Glob (.Files.Get \"x\")}}{{$y := regexMatch \"a\" \"b\"}}";
        let name = "a".repeat(5_000);
        let _ = render(&[(b"x", pattern.as_bytes()), (name.as_bytes(), b""), (b"templates/t.yaml", glob.as_bytes())]);
    }
}

#[test]
fn bombs_in_values() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..12 {
        let alias = format!("*a{}, ", i - 1).repeat(10);
        bomb.push_str(&format!("a{i}: &a{i} [{alias}]\n"));
    }
    let error = render(&[(b"values.yaml", bomb.as_bytes())]).expect_err("an alias bomb");
    assert_eq!(error.kind, FailureKind::Chart);
    assert!(error.message.contains("document contains excessive aliasing"), "{}", error.message);
    let files: &[(&[u8], &[u8])] =
        &[(b"x", bomb.as_bytes()), (b"templates/t.yaml", b"a: {{ fromYaml (.Files.Get \"x\") | toJson | quote }}")];
    let text = render(files).expect("fromYaml answers with the error");
    assert!(String::from_utf8_lossy(&text).contains("excessive aliasing"));
    for cycle in ["a: &a [*a]", "&a {x: *a}", "a: &a\n  <<: *a", "&a ? *a\n: b"] {
        let error = render(&[(b"values.yaml", cycle.as_bytes())]).expect_err(cycle);
        assert_eq!(error.kind, FailureKind::Chart, "{cycle}");
    }
}

#[test]
fn files_that_are_no_text() {
    let junk: &[&[u8]] = &[
        b"\xff\xfe",
        b"a: \xff",
        b"\0",
        b"a: \0b",
        b"\xef\xbb\xbf",
        b"\xff\xfea\0:\0",
        b"%",
        b"\t",
        b"{{",
        b"\xc3",
        b"a: \xed\xa0\x80",
    ];
    for bytes in junk {
        let _ = load(&[(b"Chart.yaml", bytes)]).err().expect("no chart");
        let _ = load(&[(b"Chart.yaml", &[b"apiVersion: v2\nversion: 1.0.0\nname: ", *bytes].concat())]);
        for name in [
            &b"values.yaml"[..],
            b"values.schema.json",
            b"Chart.lock",
            b".helmignore",
            b"templates/t.yaml",
            b"templates/_h.tpl",
            b"templates/NOTES.txt",
            b"crds/a.yaml",
            b"charts/a.tgz",
            b"charts/b/Chart.yaml",
        ] {
            if let Err(error) = render(&[(name, bytes)]) {
                assert!(!error.message.is_empty());
            }
        }
        let name = [b"templates/", *bytes].concat();
        let _ = render(&[(&name, b"a: {{ .Template.Name | len }}")]);
    }
}

#[test]
fn odd_charts() {
    let many: Vec<(Vec<u8>, Vec<u8>)> = (0..1000)
        .map(|i| {
            (
                format!("charts/c{i}/Chart.yaml").into_bytes(),
                format!("{{apiVersion: v2, name: c{i}, version: 1.0.0}}").into_bytes(),
            )
        })
        .collect();
    let files: Vec<(&[u8], &[u8])> = many.iter().map(|(n, d)| (n.as_slice(), d.as_slice())).collect();
    render(&files).expect("a chart with many subcharts");
    let deep: Vec<(Vec<u8>, Vec<u8>)> = (1..300)
        .map(|i| {
            (
                format!("{}Chart.yaml", "charts/c/".repeat(i)).into_bytes(),
                b"{apiVersion: v2, name: c, version: 1.0.0}".to_vec(),
            )
        })
        .collect();
    let files: Vec<(&[u8], &[u8])> = deep.iter().map(|(n, d)| (n.as_slice(), d.as_slice())).collect();
    let error = render(&files).expect_err("subcharts too deep");
    assert_eq!(error.kind, FailureKind::Chart, "{}", error.message);

    let cycle = b"{apiVersion: v2, name: a, version: 1.0.0, dependencies: [{name: a, version: 1.x, alias: b}, {name: b, version: 1.x, alias: a}]}";
    let _ = render(&[
        (b"charts/a/Chart.yaml", cycle),
        (b"charts/a/charts/a/Chart.yaml", cycle),
        (b"charts/b/Chart.yaml", cycle),
    ]);
    let mutual = render(&[
        (b"templates/t.yaml", b"{{define \"a\"}}{{include \"b\" .}}{{end}}{{include \"a\" .}}"),
        (b"charts/c/Chart.yaml", b"{apiVersion: v2, name: c, version: 1.0.0}"),
        (b"charts/c/templates/_c.tpl", b"\n{{define \"b\"}}{{include \"a\" .}}{{end}}"),
    ]);
    let error = mutual.expect_err("endless");
    assert!(error.message.contains("exceeded maximum depth"), "{}", error.message);
    assert_eq!(error.file.as_deref(), Some(&b"shop/charts/c/templates/_c.tpl"[..]));

    for schema in [
        &b"{\"$ref\": \"#\"}"[..],
        b"{\"allOf\": [{\"$ref\": \"#\"}]}",
        b"{\"$defs\": {\"a\": {\"$ref\": \"#/$defs/b\"}, \"b\": {\"$ref\": \"#/$defs/a\"}}, \"$ref\": \"#/$defs/a\"}",
        b"{\"not\": {\"$ref\": \"#\"}}",
        b"{\"properties\": {\"a\": {\"$ref\": \"#\"}}, \"anyOf\": [{\"$ref\": \"#\"}, {\"$ref\": \"#\"}]}",
        b"{\"$dynamicRef\": \"#\"}",
        b"{\"pattern\": \"(((((\"}",
        b"{\"properties\": {\"a\": {\"pattern\": \"(x+x+)+y\"}}}",
        b"{\"multipleOf\": 1e-300}",
        b"[]",
        b"true",
        b"{\"$ref\": \"file:///etc/passwd\"}",
        b"{\"$ref\": \"http://127.0.0.1:1/x\"}",
    ] {
        if let Err(error) = render(&[(b"values.schema.json", schema), (b"values.yaml", b"a: {a: {a: {a: 1e300}}}")]) {
            assert!(matches!(error.kind, FailureKind::Schema), "{:?} {}", error.kind, error.message);
        }
    }
    check(&[("{{lookup \"\" \"\" \"\" \"\"}}{{lookup \"\\xff\" \"\\x00\" \"../..\" (repeat 10000 \"x\")}}", Output)]);
}
