//! What a person writes by hand: the form shows it, or says why it does not; and edits keep to its ways.

use chartwright_values::{Form, FormSource, FormState, Kind, Model, Path, Position, Refused, Value, parse};

const DEFAULTS: &str = "\
replicas: 1
image: {repository: nginx, tag: '1.27'}
service:
  type: ClusterIP
  ports:
    - name: http
      port: 80
labels: {}
script: |
  echo
env: []
";

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

fn form(text: &str) -> (Model, Form) {
    let mut model = Model::new(DEFAULTS).unwrap();
    model.set_text(text);
    let form = Form::draw(&model, &FormSource::default(), &FormState::default());
    (model, form)
}

/// Checks what the form shows (`KEY SHOWN`, a line each), and what is left when `replicas` is set to 9 and reset.
#[track_caller]
fn shows(text: &str, fields: &[(&str, &str)], edited: &str, reset: &str) {
    let (mut model, form) = self::form(text);
    assert_eq!(model.error(), None, "{text:?}");
    for (key, want) in fields {
        let field = form.field(key).unwrap_or_else(|| panic!("{text:?}: no {key}"));
        assert_eq!(field.shown(), *want, "{text:?}: {key}");
        assert!(field.is_changed, "{text:?}: {key}");
    }
    model.set(&path("replicas"), 9.into()).unwrap_or_else(|e| panic!("{text:?}: {e}"));
    assert_eq!(model.text(), edited, "{text:?}");
    model.unset(&path("replicas")).unwrap_or_else(|e| panic!("{text:?}: {e}"));
    assert_eq!(model.text(), reset, "{text:?}: reset");
}

#[test]
fn what_is_written_shows() {
    // Comments everywhere.
    shows(
        "# top\n\n# about\nreplicas: 2 # two\n# end\n",
        &[("replicas", "2")],
        "# top\n\n# about\nreplicas: 9 # two\n# end\n",
        "# top\n\n# about\n# end\n",
    );
    // Flow maps, over several lines, with a comma at the end.
    shows(
        "{replicas: 2, image: {tag: x}}\n",
        &[("replicas", "2"), ("image.tag", "x")],
        "{replicas: 9, image: {tag: x}}\n",
        "{image: {tag: x}}\n",
    );
    shows(
        "image: {\n  tag: x, # which\n}\nreplicas: 2\n",
        &[("image.tag", "x")],
        "image: {\n  tag: x, # which\n}\nreplicas: 9\n",
        "image: {\n  tag: x, # which\n}\n",
    );
    // Anchors, aliases and merges.
    shows(
        "x-common: &c {tag: z, repository: web}\nimage: *c\nreplicas: &n 2\nlabels: {m: *n}\n",
        &[("image.tag", "z"), ("image.repository", "web"), ("replicas", "2")],
        "x-common: &c {tag: z, repository: web}\nimage: *c\nreplicas: 9\nlabels: {m: 2}\n",
        "x-common: &c {tag: z, repository: web}\nimage: *c\nlabels: {m: 2}\n",
    );
    shows(
        "base: &b\n  tag: z # t\nimage:\n  <<: *b\nreplicas: 2\n",
        &[("image.tag", "z")],
        "base: &b\n  tag: z # t\nimage:\n  <<: *b\nreplicas: 9\n",
        "base: &b\n  tag: z # t\nimage:\n  <<: *b\n",
    );
    // Texts over several lines, in all styles.
    shows(
        "script: >-\n  a\n  b\n\n  c\nreplicas: 2\n",
        &[("script", "a b\nc")],
        "script: >-\n  a\n  b\n\n  c\nreplicas: 9\n",
        "script: >-\n  a\n  b\n\n  c\n",
    );
    shows(
        "script: |2+\n    a\n\nreplicas: 2\n",
        &[("script", "  a\n\n")],
        "script: |2+\n    a\n\nreplicas: 9\n",
        "script: |2+\n    a\n\n",
    );
    shows(
        "script: \"a\\\n  b\\tc\"\nreplicas: 2\n",
        &[("script", "ab\tc")],
        "script: \"a\\\n  b\\tc\"\nreplicas: 9\n",
        "script: \"a\\\n  b\\tc\"\n",
    );
    shows(
        "script: a\n  b\n  c\nreplicas: 2\n",
        &[("script", "a b c")],
        "script: a\n  b\n  c\nreplicas: 9\n",
        "script: a\n  b\n  c\n",
    );
    // Odd indentation, tabs in and behind values.
    shows(
        "image:\n        tag: x\nreplicas:   2\t# n\n",
        &[("image.tag", "x")],
        "image:\n        tag: x\nreplicas:   9\t# n\n",
        "image:\n        tag: x\n",
    );
    shows(
        "image:\n tag: \"a\tb\"\nreplicas: 2\n",
        &[("image.tag", "a\tb")],
        "image:\n tag: \"a\tb\"\nreplicas: 9\n",
        "image:\n tag: \"a\tb\"\n",
    );
    shows(
        "service:\n  ports:\n  - name: x\n    port: 1\nreplicas: 2\n",
        &[("service.ports[0].name", "x")],
        "service:\n  ports:\n  - name: x\n    port: 1\nreplicas: 9\n",
        "service:\n  ports:\n  - name: x\n    port: 1\n",
    );
    // Windows, a byte order mark, document marks and directives.
    shows(
        "replicas: 2\r\nimage:\r\n  tag: x\r\n",
        &[("image.tag", "x")],
        "replicas: 9\r\nimage:\r\n  tag: x\r\n",
        "image:\r\n  tag: x\r\n",
    );
    shows(
        "\u{feff}replicas: 2\nimage: {tag: x}\n",
        &[("replicas", "2")],
        "\u{feff}replicas: 9\nimage: {tag: x}\n",
        "image: {tag: x}\n",
    );
    shows("---\nreplicas: 2\n...\n", &[("replicas", "2")], "---\nreplicas: 9\n...\n", "---\n...\n");
    shows(
        "--- # mine\nimage: {tag: x}\n--- # no more\n",
        &[("image.tag", "x")],
        "--- # mine\nimage: {tag: x}\nreplicas: 9\n--- # no more\n",
        "--- # mine\nimage: {tag: x}\n--- # no more\n",
    );
    // Quoted, numeric and explicit keys, tags, no value.
    shows(
        "\"replicas\": 2\n'image': {\"tag\": x}\n",
        &[("replicas", "2"), ("image.tag", "x")],
        "\"replicas\": 9\n'image': {\"tag\": x}\n",
        "'image': {\"tag\": x}\n",
    );
    shows(
        "? replicas\n: 2\nlabels: {8080: web, true: x}\n",
        &[("labels.8080", "web"), ("labels.true", "x")],
        "? replicas\n: 9\nlabels: {8080: web, true: x}\n",
        "labels: {8080: web, true: x}\n",
    );
    shows(
        "replicas: !!int \"2\"\nimage: {tag: !!str 1}\n",
        &[("replicas", "2"), ("image.tag", "1")],
        "replicas: 9\nimage: {tag: !!str 1}\n",
        "image: {tag: !!str 1}\n",
    );
    shows("replicas: 2 # n\nlabels:\n  a:\n", &[], "replicas: 9 # n\nlabels:\n  a:\n", "labels:\n  a:\n");
    // Odd keys.
    shows(
        "labels:\n  \"\": e\n  a.b/c: d\n  \"q\\\"\": f\n  ü: g\nreplicas: 2\n",
        &[("labels.\"\"", "e"), ("labels.\"a.b/c\"", "d"), ("labels.\"q\\\"\"", "f"), ("labels.ü", "g")],
        "labels:\n  \"\": e\n  a.b/c: d\n  \"q\\\"\": f\n  ü: g\nreplicas: 9\n",
        "labels:\n  \"\": e\n  a.b/c: d\n  \"q\\\"\": f\n  ü: g\n",
    );
}

#[test]
fn keys_that_are_written_twice() {
    let (mut model, form) = form("replicas: 2 # a\nimage: {tag: x}\nreplicas: 3 # b\n");
    match model.error() {
        None => {
            assert_eq!(form.field("replicas").unwrap().shown(), "3");
            model.set(&path("replicas"), 9.into()).unwrap();
            assert_eq!(model.values().get(&path("replicas")), Some(&9.into()));
            model.unset(&path("replicas")).unwrap();
            assert_eq!(model.text(), "image: {tag: x}\n");
        }
        Some(error) => {
            assert!(error.to_string().contains("replicas"), "{error}");
            assert!(form.disabled.is_some());
        }
    }
}

#[test]
fn what_cannot_be_drawn_is_yaml_or_has_a_reason() {
    // Not YAML: the form rests, and says why.
    for (text, reason) in [
        ("replicas: [1\n", "did not find expected ',' or ']'"),
        ("a: 1\n\tb: 2\n", "a tab is where spaces must be"),
        ("- 1\n", "values must be a map of keys, but this is a list"),
        ("text\n", "values must be a map of keys, but this is a string"),
        ("a: *none\n", "unknown anchor 'none' referenced"),
        ("? [a]\n: 1\n", "a key must be text, a number or a boolean"),
        // Helm cuts a directive off the document that it is for.
        ("%YAML 1.1\n---\nreplicas: 2\n", "did not find expected <document start>"),
        ("a: 1\n--- b: 2\n", "line 2: nothing but a comment may stand behind `---`"),
        ("a: .inf\n", "is no number that values may have"),
    ] {
        let (model, form) = form(text);
        let error = form.disabled.unwrap_or_else(|| panic!("{text:?} is read")).to_string();
        assert!(error.contains(reason), "{text:?}: {error}");
        assert_eq!(model.text(), text);
    }
    // Deeper than a form goes.
    let deep = format!("labels: {}x{}\n", "{a: ".repeat(40), "}".repeat(40));
    let (model, drawn) = form(&deep);
    assert_eq!(model.error(), None);
    let deepest = drawn.fields().into_iter().max_by_key(|f| f.path.len()).unwrap().clone();
    assert!(matches!(deepest.kind, Kind::Yaml) && deepest.path.len() < 20, "{}", deepest.path);
    assert!(parse(&deepest.shown()).is_ok());
    let too_deep = format!("labels: {}x{}\n", "[".repeat(200), "]".repeat(200));
    let error = form(&too_deep).1.disabled.unwrap().to_string();
    assert!(error.contains("nested too deep"), "{error}");
    // Of another nature than the chart has it.
    let (_, drawn) = form("replicas: {a: 1}\nservice: none\nlabels: [a]\nenv: x\n");
    for key in ["replicas", "service", "labels", "env"] {
        let field = drawn.field(key).unwrap();
        assert_eq!(parse(&field.shown()).ok(), field.value, "{key}");
    }
}

#[test]
fn edits_keep_to_the_ways_of_the_text() {
    for (text, at, value, want) in [
        // Four spaces, and lists that are not indented.
        ("image:\n    tag: x\n", "image.repository", "web", "image:\n    repository: web\n    tag: x\n"),
        (
            "service:\n  ports:\n  - name: x\n",
            "service.ports[0].port",
            "1",
            "service:\n  ports:\n  - name: x\n    port: 1\n",
        ),
        (
            "service:\n  ports:\n  -   name: x\n",
            "service.ports[0].port",
            "1",
            "service:\n  ports:\n  -   name: x\n      port: 1\n",
        ),
        // A flow map stays one.
        ("image: {tag: x}\n", "image.repository", "web", "image: {tag: x, repository: web}\n"),
        ("image: {\n  tag: x,\n}\n", "image.repository", "web", "image: {\n  tag: x, repository: web,\n}\n"),
        // A text that has lines stays a block; quotes only where they must be.
        ("script: |\n  a\n", "script", "\"b\\nc\\n\"", "script: |\n  b\n  c\n"),
        ("image: {tag: \"1\"}\n", "image.tag", "'2'", "image: {tag: \"2\"}\n"),
        ("image:\n  tag: 'x'\n", "image.tag", "\"0755\"", "image:\n  tag: \"0755\"\n"),
        // A key without a value, at the end, without a line break.
        ("image:", "image.tag", "x", "image:\n  tag: x\n"),
        ("labels:\n  a: 1\n\n\n# end", "labels.b", "2", "labels:\n  a: 1\n  b: 2\n\n\n# end"),
        // Behind the last document's end.
        ("---\n# none yet\n", "replicas", "2", "---\n# none yet\nreplicas: 2\n"),
        ("# mine\n---\na: 1\n", "c", "3", "# mine\n---\na: 1\nc: 3\n"),
    ] {
        let (mut model, _) = form(text);
        model.set(&path(at), parse(value).unwrap()).unwrap_or_else(|e| panic!("{text:?}: {e}"));
        assert_eq!(model.text(), want, "{text:?}: {at}");
        assert!(model.undo());
        assert_eq!(model.text(), text);
    }
}

#[test]
fn documents_are_merged_and_only_the_text_changes_them() {
    let text = "replicas: 2\nimage: {tag: a}\n---\nreplicas: 3\n";
    let (mut model, drawn) = form(text);
    assert_eq!(model.values_with_all().get(&path("replicas")).map(Value::shown).as_deref(), Some("3"));
    assert_eq!(model.place_of(&path("replicas")).map(|place| place.start.line), Some(3));
    assert_eq!(model.place_of(&path("image.tag")).map(|place| place.start.line), Some(1));
    assert_eq!(model.path_at(Position { line: 3, column: 1 }), path("replicas"));
    assert!(drawn.is_split);
    for result in [
        model.set(&path("replicas"), 4.into()),
        model.unset(&path("replicas")),
        model.insert_item(&path("list"), 0, 1.into()),
        model.add_key(&path("labels"), "a", 1.into()),
        model.remove_key(&path("replicas")),
    ] {
        assert_eq!(result, Err(Refused::SeveralDocuments));
    }
    assert_eq!(model.text(), text);
}

#[test]
fn a_reset_within_a_list_goes_back_to_what_is_below() {
    let (mut model, _) = form("");
    model.set(&path("service.ports[0].port"), 81.into()).unwrap();
    model.set(&path("service.ports[0].name"), "web".into()).unwrap();
    model.unset(&path("service.ports[0].port")).unwrap();
    assert_eq!(model.text(), "service:\n  ports:\n    - name: web\n      port: 80\n");
    model.unset(&path("service.ports[0].name")).unwrap();
    assert_eq!(model.text(), "");
    // A list that a person wrote stays.
    model.set_text("service:\n  ports:\n    - name: http # mine\n      port: 81\n");
    model.unset(&path("service.ports[0].port")).unwrap();
    assert_eq!(model.text(), "service:\n  ports:\n    - name: http # mine\n      port: 80\n");
    // Items that it has not, and the chart has, come back.
    model.set_text("service:\n  ports: []\n");
    model.unset(&path("service.ports[0].port")).unwrap();
    assert_eq!(model.text(), "service:\n  ports:\n    - name: http\n      port: 80\n");
    // Taking a key out of an item is no reset.
    model.set_text("service:\n  ports:\n    - name: http # mine\n      port: 80\n");
    model.remove_key(&path("service.ports[0].port")).unwrap();
    assert_eq!(model.text(), "service:\n  ports:\n    - name: http # mine\n");
}
