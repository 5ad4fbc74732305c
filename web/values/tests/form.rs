//! Forms as a person sees them.

mod support;

use std::fmt::Write as _;
use std::rc::Rc;
use std::time::Duration;

use support::drawn::drawn;

use chartwright_values::{
    Form, FormSource, FormState, Item, Kind, Layer, Model, Path, Position, Problem, Questions, Schema, Secrets, Value,
    to_text,
};

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

fn source(schema: &str, questions: &str) -> FormSource {
    let read = |text: &str| Rc::new(Schema::read(text).unwrap());
    FormSource {
        schema: (!schema.is_empty()).then(|| read(schema)),
        questions: (!questions.is_empty()).then(|| Rc::new(Questions::read(questions).unwrap())),
    }
}

fn model(defaults: &str, text: &str) -> Model {
    let mut model = Model::new(defaults).unwrap();
    model.set_text(text);
    model
}

const SCHEMA: &str = r##"{
  "$defs": {
    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
    "tree": {"type": "object", "properties": {"name": {"type": "string"}, "below": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}}
  },
  "type": "object",
  "required": ["name", "domain"],
  "properties": {
    "name": {"type": "string", "title": "Shop name", "description": "Shown on top", "maxLength": 8},
    "domain": {"type": "string", "format": "hostname", "examples": ["shop.example.org"]},
    "prices": {"type": "boolean"},
    "port": {"$ref": "#/$defs/port", "description": "Where it listens"},
    "target": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    "tier": {"enum": ["small", "large"], "default": "small"},
    "mode": {"oneOf": [{"const": "a", "title": "Mode A"}, {"const": "b", "title": "Mode B"}]},
    "optional": {"oneOf": [{"type": "null"}, {"type": "string", "deprecated": true}]},
    "storage": {"oneOf": [
      {"title": "None", "properties": {"kind": {"const": "none"}}, "required": ["kind"], "type": "object"},
      {"properties": {"kind": {"const": "s3"}, "bucket": {"type": "string"}, "secretKey": {"type": "string"}}, "required": ["kind", "bucket"], "type": "object"}
    ]},
    "extra": {"type": "object", "additionalProperties": {"type": "integer"}},
    "pair": {"type": "array", "prefixItems": [{"type": "string", "title": "Left"}, {"type": "integer", "title": "Right"}], "items": false},
    "hosts": {"type": "array", "items": {"type": "object", "properties": {"host": {"type": "string"}, "paths": {"type": "array", "items": {"type": "string"}}}}},
    "tree": {"$ref": "#/$defs/tree"},
    "tls": {
      "type": "object",
      "properties": {"enabled": {"type": "boolean"}},
      "if": {"properties": {"enabled": {"const": true}}, "required": ["enabled"]},
      "then": {"properties": {"issuer": {"type": "string", "minLength": 2}}},
      "else": {"properties": {"reason": {"type": "string"}}}
    },
    "any": {},
    "id": {"type": "string", "readOnly": true}
  },
  "allOf": [{"properties": {"port": {"multipleOf": 2}}}]
}"##;

#[test]
fn a_form_from_a_schema() {
    let text = "name: much too long\nport: 81\nstorage:\n  kind: s3\n  bucket: b\nextra: {a: 1}\nhosts:\n- host: a.example.org\n  paths: [/]\n\
                tls: {enabled: true, issuer: x}\ntree: {name: r, below: [{name: s}]}\npair: [l, 2]\nany: {x: [1]}\nnever: 1\n";
    let form = Form::draw(&model("prices: true\n", text), &source(SCHEMA, ""), &FormState::default());
    insta::assert_snapshot!(drawn(&form));
}

#[test]
fn a_form_of_a_chart_without_a_schema() {
    let defaults = "\
# -- How many pods run
replicas: 1
image:
  repository: nginx # where it comes from
  tag: '1.27'
  # one of Always, Never
  pullPolicy:
# What the pods may take.
# limits:
#   cpu: 100m
resources: {}
podAnnotations: {}
nodeSelector:
  disk: fast
env: []
args: [--verbose, '8080']
hosts:
  - host: a.example.org
    paths:
      - path: /
        port: 80
auth:
  enabled: true
  password: ''
  existingSecret: ''
persistence:
  size: 8Gi
script: |
  echo hi
mode: 0644
nothing: null
list:
  - [a, b]
";
    let form = Form::draw(
        &model(
            defaults,
            "replicas: 2\nresources: {limits: {cpu: 100 m}}\npodAnnotations:\n  a/b: c\nimage: {new: x}\nenv: [{name: A, value: b}]\n",
        ),
        &FormSource::default(),
        &FormState::default(),
    );
    insta::assert_snapshot!(drawn(&form));
}

const QUESTIONS: &str = "\
questions:
- variable: admin.password
  label: Password
  type: password
  required: true
  group: Login
- variable: ingress.enabled
  type: boolean
  label: Reachable from outside
  group: Network
  show_subquestion_if: true
  subquestions:
  - {variable: 'ingress.hosts[0].name', type: hostname, label: Host}
- {variable: service.type, type: enum, options: [ClusterIP, NodePort], label: Service, group: Network, show_if: 'ingress.enabled=false'}
- {variable: service.node-port, type: int, min: 30000, max: 32767, label: Port, group: Network, show_if: 'ingress.enabled=false&&(service.type=NodePort||admin.password=x)'}
- {variable: storage.class, type: storageclass, label: Class, default: fast}
- {variable: flag, type: boolean, label: Flag}
- {variable: name, type: string, label: Name, valid_chars: '[a-z]', max_length: 5}
";

#[test]
fn a_form_from_questions() {
    let defaults = "admin: {password: ''}\ningress:\n  enabled: true\n  hosts: [{name: a.example.org}]\nservice: {type: ClusterIP}\n\
                    flag: 'true'\nname: ''\nother: 1\n";
    let form = |text: &str| drawn(&Form::draw(&model(defaults, text), &source("", QUESTIONS), &FormState::default()));
    insta::assert_snapshot!(form(""));
    insta::assert_snapshot!(form("ingress: {enabled: false}\nservice: {type: NodePort, node-port: 80}\nname: ABC\n"));
    // What a condition hides, but a person has set, is listed.
    insta::assert_snapshot!(form("service: {node-port: 30000}\n"));
}

#[test]
fn subcharts_have_fields() {
    let model = Model::new("db:\n  enabled: false\n  gone: null\n").unwrap();
    let mut model = model.with_subchart(&path("db"), "# -- Of the disk\nsize: 8Gi\nenabled: true\ngone: 1\n").unwrap();
    model.set(&path("db.size"), "9Gi".into()).unwrap();
    assert_eq!(to_text(model.values_with_all()), "db:\n  enabled: false\n  size: 9Gi\n");
    let form = Form::draw(&model, &FormSource::default(), &FormState::default());
    let field = form.field("db.size").unwrap();
    assert_eq!((&*field.help, field.default.clone()), ("Of the disk", Some("8Gi".into())));
}

#[test]
fn sections_are_groups() {
    let defaults = "## @section Global\n## @param global.a First\nglobal:\n  a: 1\n## @section Common\n## @param b Second\nb: 2\n## @param c Third\nc: {d: 1}\n";
    let form = Form::draw(&model(defaults, ""), &FormSource::default(), &FormState::default());
    insta::assert_snapshot!(drawn(&form));
}

#[test]
fn picks_problems_and_broken_text() {
    let source = source(SCHEMA, "");
    let mut model = model("", "");
    let mut state = FormState::default();
    state.picked.push((path("storage"), 0));
    state.problems.push((path("port"), Problem::Engine("port is taken".into())));
    let form = Form::draw(&model, &source, &state);
    assert!(matches!(form.field("storage").unwrap().kind, Kind::Variants { chosen: Some(0), .. }));
    let Kind::Variants { starts, .. } = &form.field("storage").unwrap().kind else { panic!("no variants") };
    assert_eq!(starts.iter().map(to_text).collect::<Vec<_>>(), ["kind: none\n", "kind: s3\n"]);
    assert_eq!(form.field("port").unwrap().problem.as_ref().unwrap().to_string(), "port is taken");
    assert_eq!(form.field("domain").unwrap().problem.as_ref().unwrap().to_string(), "A value is required");
    // A schema's default is shown, not written.
    assert_eq!((&*form.field("tier").unwrap().placeholder, form.field("tier").unwrap().value.clone()), ("small", None));
    model.set_text("name: [");
    let form = Form::draw(&model, &source, &state);
    assert_eq!(form.disabled.unwrap().line, Some(1));
    // What has another nature than the schema says is edited as YAML.
    model.set_text("name: {a: 1}");
    let form = Form::draw(&model, &source, &state);
    assert_eq!(form.field("name").unwrap().kind, Kind::Yaml);
    assert_eq!(form.field("name").unwrap().problem.as_ref().unwrap().to_string(), "Must be a string, not a map");
}

#[test]
fn what_is_typed_is_a_value_of_the_kind() {
    let defaults = "text: a\nnumber: 1\nflag: true\nresources: {limits: {cpu: 1}}\nsize: 8Gi\nnothing:\nlist: []\n";
    let form = Form::draw(&model(defaults, ""), &FormSource::default(), &FormState::default());
    for (key, typed, want) in [
        ("text", "true", "Text(\"true\")"),
        ("number", "0755", "Number(0755)"),
        ("number", "12x", "Must be a number"),
        ("flag", "false", "Bool(false)"),
        ("flag", "maybe", "Must be one of the allowed values"),
        ("resources.limits.cpu", "2", "Number(2)"),
        ("resources.limits.cpu", "200m", "Text(\"200m\")"),
        ("resources.limits.cpu", "2 cores", "Must be a quantity, such as 500m or 2Gi"),
        ("size", "10", "Text(\"10\")"),
        ("nothing", "1e3", "Number(1e3)"),
        ("nothing", "true", "Bool(true)"),
        ("nothing", "x y", "Text(\"x y\")"),
        ("list", "[a, {b: 1}]", "List"),
        ("list", "[a", "line 1: did not find expected ',' or ']'"),
    ] {
        let got = match form.field(key).unwrap().read(typed) {
            Ok(Value::Number(n)) => format!("Number({n})"),
            Ok(Value::List(_)) => "List".to_owned(),
            Ok(value) => format!("{value:?}"),
            Err(problem) => problem.to_string(),
        };
        assert_eq!(got, want, "{key}: {typed}");
    }
}

#[test]
fn an_emptied_field_sets_nothing_where_nothing_was() {
    let schema = r#"{"properties": {"host": {"type": "string"}, "port": {"type": "integer"}, "memory": {"format": "quantity"},
        "free": {}, "names": {"type": "array", "items": {"type": "string"}}}}"#;
    let model = model("kept: a\ncount: 1\nnames: [x]\nlabels: {a: b}\n", "labels: {c: d}\n");
    let form = Form::draw(&model, &source(schema, ""), &FormState::default());
    for key in ["host", "port", "memory", "free"] {
        assert_eq!(form.field(key).unwrap().enter(""), Ok(None), "{key}");
    }
    for key in ["kept", "names[0]", "labels.c"] {
        assert_eq!(form.field(key).unwrap().enter(""), Ok(Some("".into())), "{key}");
    }
    // An empty text is what is there without it.
    let empty = self::model("empty: ''\nsize: ''\n", "empty: a\n");
    let form = Form::draw(&empty, &source("{}", ""), &FormState::default());
    assert_eq!(form.field("empty").unwrap().enter(""), Ok(None));
    let form = Form::draw(&model, &source(schema, ""), &FormState::default());
    assert_eq!(form.field("host").unwrap().enter("a"), Ok(Some("a".into())));
    assert_eq!(form.field("count").unwrap().enter("").unwrap_err().to_string(), "Must be a number");
}

#[test]
fn choices_that_look_alike_are_told_apart() {
    let schema = r#"{"properties": {"mixed": {"enum": [1, "1", true, "true", null, "", "null"]}}}"#;
    let source = source(schema, "");
    let mut model = model("mixed: 1\n", "");
    let form = Form::draw(&model, &source, &FormState::default());
    let Kind::Choice { options } = form.field("mixed").unwrap().kind.clone() else { panic!("no choice") };
    let labels: Vec<_> = options.iter().map(|option| &*option.label).collect();
    assert_eq!(labels, ["1", "\"1\"", "true", "\"true\"", "null: removes the default, 1", "(empty)", "null"]);
    for option in &options {
        let form = Form::draw(&model, &source, &FormState::default());
        let value = form.field("mixed").unwrap().read(&option.id()).unwrap();
        assert_eq!(value, option.value);
        model.set(&path("mixed"), value).unwrap();
        let form = Form::draw(&model, &source, &FormState::default());
        if option.value != Value::Null {
            assert_eq!(form.field("mixed").unwrap().shown(), option.id());
        }
        assert_eq!(form.field("mixed").unwrap().problem, None, "{}", option.id());
    }
}

#[test]
fn another_shape_keeps_what_has_a_place_in_it() {
    let schema = r#"{"properties": {"storage": {"type": "object", "properties": {"label": {"type": "string"}}, "oneOf": [
        {"properties": {"kind": {"const": "disk"}, "size": {"type": "string"}, "class": {"type": "string"}}},
        {"properties": {"kind": {"const": "s3"}, "bucket": {"type": "string"}, "class": {"enum": ["cold", "warm"]}}}]}}}"#;
    let source = source(schema, "");
    let mut model = model("", "storage:\n  label: x # ours\n  kind: disk\n  size: 8Gi\n  class: fast\n  own: 1\n");
    let form = Form::draw(&model, &source, &FormState::default());
    let field = form.field("storage").unwrap();
    let Kind::Variants { starts, chosen: Some(0), .. } = &field.kind else { panic!("{:?}", field.kind) };
    assert_eq!(to_text(&starts[0]), to_text(model.values().get(&path("storage")).unwrap()));
    model.set(&path("storage"), starts[1].clone()).unwrap();
    assert_eq!(model.text(), "storage:\n  label: x # ours\n  kind: s3\n  own: 1\n");
}

#[test]
fn new_items_have_the_fields_of_others() {
    let defaults = "hosts:\n  - host: a\n    paths: [/]\nenv: []\n# - secretName: x\ntls: []\n";
    let mut model = model(defaults, "");
    let draw = |model: &Model| Form::draw(model, &FormSource::default(), &FormState::default());
    let new = |form: &Form, key: &str| match &form.field(key).unwrap().kind {
        Kind::List { new, .. } => new.clone(),
        kind => panic!("{kind:?}"),
    };
    let form = draw(&model);
    assert_eq!((new(&form, "hosts"), new(&form, "env")), (Value::empty_map(), Value::empty_map()));
    model.insert_item(&path("hosts"), 1, new(&form, "hosts")).unwrap();
    let form = draw(&model);
    assert_eq!(form.field("hosts[1].host").unwrap().kind, Kind::Text { format: None, is_loose: false });
    assert!(matches!(form.field("hosts[1].paths").unwrap().kind, Kind::List { .. }));
    model.insert_item(&path("hosts[1].paths"), 0, "/b".into()).unwrap();
    model.set(&path("hosts[1].host"), "b".into()).unwrap();
    assert_eq!(model.text(), "hosts:\n  - host: a\n    paths:\n      - /\n  - paths:\n      - /b\n    host: b\n");
    // Without another one, Kubernetes may know the keys, or a person names them.
    model.insert_item(&path("env"), 0, Value::empty_map()).unwrap();
    assert!(draw(&model).field("env[0].value").is_some());
    model.insert_item(&path("tls"), 0, Value::empty_map()).unwrap();
    assert!(matches!(draw(&model).field("tls[0]").unwrap().kind, Kind::Map { .. }));
}

#[test]
fn fields_are_found() {
    let defaults =
        "image:\n  repository: nginx\n  tag: x # the version that runs\nservice: {port: 80}\nauth: {password: nginx}\n";
    let form = Form::draw(&model(defaults, "service: {port: 81}\n"), &FormSource::default(), &FormState::default());
    let found = |query: &str| form.search(query).iter().map(|hit| hit.path.to_string()).collect::<Vec<_>>();
    assert_eq!(found("port"), ["service.port"]);
    assert_eq!(found("NGINX"), ["image.repository"]);
    assert_eq!(found("image tag"), ["image.tag"]);
    assert_eq!(found("version"), ["image.tag"]);
    assert_eq!(found("none"), Vec::<String>::new());
    let kept = |query: &str, changed: bool| drawn(&form.filtered(query, changed)).lines().count();
    assert_eq!((kept("", false), kept("image", false), kept("", true), kept("tag", true)), (7, 3, 2, 0));
    assert_eq!(form.field_of(&path("image.tag.deeper")).unwrap().path, path("image.tag"));
}

#[test]
fn the_editor_is_helped() {
    let source = source(SCHEMA, "");
    let mut model = model("# -- Of the shop\nprices: true\nimage:\n  tag: x\n  pull: Always\n", "");
    let mut complete = |text: &str| {
        let at = text.find('|').unwrap();
        let before = &text[..at];
        // All but the last word was there before.
        let start = before.rfind([' ', '\n']).map_or(0, |i| i + 1);
        model.set_text(&before[..start]);
        model.set_text(&text.replace('|', ""));
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap().chars().count();
        let found = model.complete(&source, Position { line, column });
        let shown: Vec<_> = found.suggestions.iter().map(|s| format!("{:?} {}", s.insert, s.detail)).collect();
        format!("{}: {}", found.from, shown.join(", "))
    };
    insta::assert_snapshot!(
        [
            "pr|",
            "image:\n  |",
            "image:\n  tag: y\n  |",
            "tier: |",
            "tier: l|",
            "prices: |",
            "mode: |\n",
            "storage:\n  kind: s3\n  b|\n",
            "hosts:\n  - |",
            "tls:\n  enabled: true\n  i|",
            "domain: |",
            "name: x # |",
        ]
        .map(&mut complete)
        .join("\n")
    );
    let mut model = self::model("# -- Of the shop\nprices: true\n", "# c\nprices: false\nhosts:\n  - host: a\n");
    let hover = model.hover(&source, Position { line: 1, column: 3 }).unwrap();
    assert_eq!(
        (hover.path.to_string().as_str(), &*hover.help, hover.default),
        ("prices", "Of the shop", Some(Value::Bool(true)))
    );
    assert_eq!(model.path_at(Position { line: 3, column: 5 }), path("hosts[0].host"));
    let place = model.place_of(&path("hosts[0].host")).unwrap();
    assert_eq!(
        (place.start, place.value, place.end),
        (Position { line: 3, column: 4 }, Position { line: 3, column: 10 }, Position { line: 3, column: 11 })
    );
    assert_eq!(model.default_place_of(&path("prices")).unwrap().start, Position { line: 1, column: 0 });
    // Half-typed text has places, too.
    model.set_text("hosts:\n  - host: [\n");
    assert_eq!(model.path_at(Position { line: 1, column: 6 }).to_string(), "hosts[0].host");
    assert_eq!(model.resolve(&Path::from_pointer("/hosts/0/host")).to_string(), "hosts[0].host");
}

#[test]
fn three_hundred_fields_are_drawn_between_two_keys() {
    let mut properties = Vec::new();
    let mut defaults = String::new();
    for group in 0..30 {
        let kinds = ["string", "integer", "boolean", "number", "string"];
        let fields: Vec<_> = (0..10)
            .map(|i| {
                format!(
                    r##""field{i}": {{"type": "{}", "description": "What it is", "title": "Field {i}"}}"##,
                    kinds[i % 5]
                )
            })
            .collect();
        properties.push(format!(r#""group{group}": {{"type": "object", "properties": {{{}}}}}"#, fields.join(", ")));
        writeln!(defaults, "group{group}:\n  # -- help\n  field0: a\n  field1: 1\n  field2: true").unwrap();
    }
    let schema = format!(r#"{{"properties": {{{}}}}}"#, properties.join(", "));
    let source = source(&schema, "");
    let mut model =
        Model::new(&defaults).unwrap().with_layers(vec![Layer::read("developer", "group1: {field0: d}").unwrap()]);
    let mut times = Vec::new();
    let mut form = Form::default();
    for n in 0..50 {
        let start = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        model.set(&path("group3.field1"), (n as i64).into()).unwrap();
        let drawn = Form::draw(&model, &source, &FormState::default());
        assert_ne!(drawn, form);
        form = drawn;
        times.push(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().saturating_sub(start));
    }
    times.sort();
    assert_eq!(form.fields().len(), 300);
    // Figures of an optimised build: see the crate's report; this only finds what got slower by far.
    assert!(times[25] < Duration::from_millis(100), "{:?}", times[25]);
    #[expect(clippy::print_stderr, reason = "a figure")]
    {
        eprintln!("300 fields: edit, draw and compare took {:?} in the median", times[25]);
    }
    let secrets = Secrets::new(source.schema.as_deref(), None);
    assert_eq!(secrets.paths_in(model.values()), []);
}

#[test]
fn an_item_that_is_added_is_in_the_form_and_not_in_the_values() {
    let schema = r#"{"properties": {"hosts": {"type": "array", "items": {"type": "string"}},
        "env": {"items": {"required": ["name"], "properties": {"name": {"type": "string"}, "value": {"type": "integer"}}}}}}"#;
    let source = FormSource { schema: Some(Rc::new(Schema::read(schema).unwrap())), questions: None };
    let layers = vec![Layer::read("developer", "env: [{name: URL}]").unwrap()];
    let mut model = Model::new("hosts: []\n").unwrap().with_layers(layers);
    let mut state = FormState::default();
    for (list, new) in [("hosts", Value::from("")), ("env", Value::empty_map())] {
        state.open_item(&model, &path(list), new);
        let form = Form::draw(&model, &source, &state);
        let field = form.field(list).unwrap();
        assert!(matches!(field.kind, Kind::List { adding: true, .. }) && !field.is_changed, "{list}");
    }
    // What is added is nobody's yet, and nothing is missing in it.
    let form = Form::draw(&model, &source, &state);
    let name = form.field("env[1].name").unwrap();
    assert_eq!((name.problem.as_ref(), name.origin.name(), name.is_required), (None, "unset", true));
    assert!(matches!(form.field("hosts[0]").unwrap().kind, Kind::Text { is_loose: false, .. }));
    assert_eq!(model.text(), "");
    // With the first thing in it, the developer's items come along.
    let entered = form.field("env[1].value").unwrap().enter("5").unwrap().unwrap();
    model.set(&path("env[1].value"), entered).unwrap();
    state.tidy(&model);
    assert_eq!(model.text(), "env:\n  - name: URL\n  - value: 5\n");
    let form = Form::draw(&model, &source, &state);
    assert!(matches!(form.field("env").unwrap().kind, Kind::List { adding: false, .. }));
    assert_eq!(
        form.field("env[1].name").unwrap().problem.as_ref().map(ToString::to_string).as_deref(),
        Some("A value is required")
    );
    state.close_item(&path("hosts"));
    assert!(Form::draw(&model, &source, &state).field("hosts[0]").is_none());
}

#[test]
fn what_is_typed_and_is_no_value_stays_until_the_value_is_another_one() {
    let schema =
        r#"{"properties": {"replicas": {"type": "integer"}, "more": {"properties": {"port": {"type": "integer"}}}}}"#;
    let source = FormSource { schema: Some(Rc::new(Schema::read(schema).unwrap())), questions: None };
    let mut model = Model::new("replicas: 1\nmore: {port: 80}\n").unwrap();
    let mut state = FormState::default();
    state.hold(&model, &path("more.port"), "8O");
    state.hold(&model, &path("replicas"), "1.5");
    let form = Form::draw(&model, &source, &state);
    let port = form.field("more.port").unwrap();
    assert_eq!(
        (port.shown(), port.problem.as_ref().map(ToString::to_string)),
        ("8O".into(), Some("Must be a number".into()))
    );
    assert_eq!(
        form.field("replicas").unwrap().problem.as_ref().map(ToString::to_string).as_deref(),
        Some("Must be a whole number")
    );
    let Some(Item::Group(group)) = form.items.iter().find(|item| &**item.key() == "more") else { panic!("a group") };
    assert_eq!(group.problems, 1);
    assert_eq!(state.held().count(), 2);
    model.set_text("more: {port: 81}\n");
    state.tidy(&model);
    assert_eq!(
        state.held().map(|(path, text)| (path.to_string(), text)).collect::<Vec<_>>(),
        [("replicas".to_owned(), "1.5")]
    );
    assert_eq!(Form::draw(&model, &source, &state).field("more.port").unwrap().shown(), "81");
    state.release(&Path::root());
    assert_eq!(state.held().count(), 0);
}

#[test]
fn what_was_typed_last_is_taken_back_first() {
    let schema = r#"{"properties": {"replicas": {"type": "integer"}, "tag": {"type": "string"}}}"#;
    let mut model = Model::new("replicas: 2\ntag: a\n").unwrap();
    let source = source(schema, "");
    let mut state = FormState::default();
    model.set(&path("tag"), "b".into()).unwrap();
    model.checkpoint();
    // Letter by letter.
    model.set(&path("replicas"), Value::from(1)).unwrap();
    state.hold(&model, &path("replicas"), "1O");
    state.hold(&model, &path("replicas"), "1O0");
    assert_eq!(Form::draw(&model, &source, &state).field("replicas").unwrap().shown(), "1O0");
    // The text goes alone: the value before it may have been there for long.
    for shown in ["1", "2"] {
        state.undo(&mut model);
        assert_eq!(Form::draw(&model, &source, &state).field("replicas").unwrap().shown(), shown);
    }
    assert_eq!(model.text(), "tag: b\n");
    state.undo(&mut model);
    assert_eq!(model.text(), "");
    // What is done after it is taken back before it.
    state.hold(&model, &path("replicas"), "x");
    model.set(&path("tag"), "c".into()).unwrap();
    state.undo(&mut model);
    assert_eq!((model.text(), state.held().count()), ("", 1));
    state.undo(&mut model);
    assert!(!state.holds_any());
}

#[test]
fn entries_of_others_can_be_taken_out_and_come_back() {
    let schema = r#"{"properties": {
        "config": {"type": "object", "properties": {"SHOP_NAME": {"type": "string"}, "logLevel": {}}, "required": ["logLevel"],
            "additionalProperties": {"type": ["string", "null"]}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}}, "replicas": {"type": "integer"}}}"#;
    let source = source(schema, "");
    let defaults = "config: {SHOP_NAME: Shop, logLevel: info}\nlabels: {team: a}\nreplicas: 1\n";
    let mut model = Model::new(defaults).unwrap();
    let draw = |model: &Model, at: &str| {
        let form = Form::draw(model, &source, &FormState::default());
        let field = form.field(at).unwrap().clone();
        (field.label.to_string(), field.is_removable, field.is_removed)
    };
    assert_eq!(draw(&model, "config.SHOP_NAME"), ("SHOP_NAME".into(), true, false));
    assert_eq!(draw(&model, "config.logLevel"), ("Log level".into(), false, false));
    assert_eq!(draw(&model, "labels.team"), ("team".into(), true, false));
    assert_eq!(draw(&model, "replicas"), ("Replicas".into(), false, false));
    for at in ["config.SHOP_NAME", "labels.team"] {
        model.remove_key(&path(at)).unwrap();
        assert_eq!(model.values().get(&path(at)), Some(&Value::Null));
        assert_eq!(model.values_with_all().get(&path(at)), None);
        let (_, is_removable, is_removed) = draw(&model, at);
        assert!(is_removable && is_removed);
    }
    assert_eq!(model.text(), "config:\n  SHOP_NAME: null\nlabels:\n  team: null\n");
    for at in ["config.SHOP_NAME", "labels.team"] {
        model.unset(&path(at)).unwrap();
        assert!(!draw(&model, at).2);
    }
    assert_eq!(model.text(), "");
    // One's own goes for good.
    model.add_key(&path("labels"), "mine", "x".into()).unwrap();
    assert!(!draw(&model, "labels.mine").1);
}

#[test]
fn what_can_be_one_value_only_is_no_choice() {
    let schema = r#"{"properties": {"chart": {"properties": {"enabled": {"enum": [false, null]}}}, "cpu": {"type": "integer"},
        "store": {"oneOf": [
            {"title": "Disk", "properties": {"kind": {"const": "disk"}, "size": {"type": "string"}}, "required": ["kind"]},
            {"title": "S3", "properties": {"kind": {"const": "s3"}, "bucket": {"type": "string"}}, "required": ["kind"]}]}}}"#;
    let source = FormSource { schema: Some(Rc::new(Schema::read(schema).unwrap())), questions: None };
    let mut model = Model::new("chart: {enabled: false}\nstore: {kind: s3}\n").unwrap();
    let form = Form::draw(&model, &source, &FormState::default());
    let enabled = form.field("chart.enabled").unwrap();
    assert!(matches!(enabled.kind, Kind::Boolean { .. }) && enabled.is_read_only);
    assert!(matches!(form.field("cpu").unwrap().kind, Kind::Number { .. }));
    // The shape says which one it is.
    assert!(form.field("store.bucket").is_some() && form.field("store.kind").is_none());
    // A mistake can be mended.
    model.set_text("chart: {enabled: true}\nstore: {kind: other}\n");
    let form = Form::draw(&model, &source, &FormState::default());
    let enabled = form.field("chart.enabled").unwrap();
    assert!(!enabled.is_read_only && enabled.problem.is_some());
}

#[test]
fn huge_schemas_are_edited_as_yaml() {
    let properties: Vec<String> = (0..20_000).map(|n| format!(r#""key{n}": {{"type": "string"}}"#)).collect();
    let many = format!(r#"{{"properties": {{{}}}}}"#, properties.join(", "));
    let words: Vec<String> = (0..20_000).map(|n| format!(r#""word{n}""#)).collect();
    let choice = format!(r#"{{"enum": [{}]}}"#, words.join(", "));
    let draw = |schema: &str| {
        let form = Form::draw(&model("a: {b: 1}\nc: x\n", ""), &source(schema, ""), &FormState::default());
        form.fields().iter().map(|field| (field.path.to_string(), field.kind.clone())).collect::<Vec<_>>()
    };
    assert!(matches!(&draw(&many)[..], [(path, Kind::Yaml)] if path.is_empty()));
    let below = draw(&format!(r#"{{"properties": {{"a": {many}, "c": {choice}}}}}"#));
    assert!(below.iter().any(|(path, kind)| path == "a" && *kind == Kind::Yaml), "{below:?}");
    assert!(below.iter().any(|(path, kind)| path == "c" && matches!(kind, Kind::Text { .. })), "{below:?}");
}

/// The items at a path, as lines.
fn part(model: &Model, source: &FormSource, state: &FormState, at: &str) -> String {
    let form = Form::draw(model, source, state);
    let text = drawn(&form);
    let from = text.lines().skip_while(|line| line.trim_start().split([':', ' ']).next() != Some(at));
    from.map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_variable_from_a_secret_is_made_in_the_form() {
    let schema = r#"{"properties": {"env": {"type": "array", "items": {"type": "object", "required": ["name"], "additionalProperties": false,
        "properties": {"name": {"type": "string"}, "value": {"type": "string"}, "valueFrom": {"type": "object", "description": "Where its value is."}}}}}}"#;
    for (schema, defaults) in [(schema, "env: []\n"), ("", "env: []\n"), ("", "env:\n- {name: A, value: b}\n")] {
        let source = source(schema, "");
        let mut model = Model::new(defaults).unwrap();
        let mut state = FormState::default();
        let count = model.values_with_all().get(&path("env")).and_then(Value::as_list).map_or(0, |list| list.len());
        let item = path("env").index(count);
        state.open_item(&model, &path("env"), Value::empty_map());
        model.set(&item.key("name"), "PW".into()).unwrap();
        state.tidy(&model);
        let from = item.key("valueFrom");
        let form = Form::draw(&model, &source, &state);
        let Kind::Variants { options, starts, chosen: None, .. } = &form.field(&from.to_string()).unwrap().kind else {
            panic!("a choice: {}", part(&model, &source, &state, "Env"))
        };
        assert_eq!(
            options.iter().map(|option| &**option).collect::<Vec<_>>(),
            ["Key of a Secret", "Key of a ConfigMap", "Field of the pod", "Resource of a container"]
        );
        model.set(&from, starts[0].clone()).unwrap();
        state.picked.push((from.clone(), 0));
        let form = Form::draw(&model, &source, &state);
        let name = form.field(&from.key("secretKeyRef").key("name").to_string()).expect("a field");
        model.set(&name.path, name.read("db").unwrap()).unwrap();
        // What is written tells the shape: nothing has to be remembered.
        let form = Form::draw(&model, &source, &FormState::default());
        let key = form.field(&from.key("secretKeyRef").key("key").to_string()).expect("a field");
        assert!(!key.is_secret);
        model.set(&key.path, key.read("password").unwrap()).unwrap();
        assert!(
            model.text().ends_with("valueFrom:\n      secretKeyRef:\n        name: db\n        key: password\n"),
            "{}",
            model.text()
        );
    }
    // Items of another nature stay as they are.
    let other = Model::new("env:\n- {key: A, secret: b}\n").unwrap();
    let lines = part(&other, &FormSource::default(), &FormState::default(), "Env");
    assert!(!lines.contains("Value from"), "{lines}");
}

#[test]
fn what_may_be_of_any_type_is_offered_as_such() {
    let schema = r#"{"properties": {"extra": {"type": "object"}, "texts": {"type": "object", "additionalProperties": {"type": "string"}},
        "either": {"type": ["string", "object"]}, "labels": {"type": "object"}, "objects": {"type": "array"},
        "mixed": {"type": "object", "additionalProperties": {"type": ["string", "array", "null"]}}}}"#;
    let source = source(schema, "");
    let form = Form::draw(&Model::new("").unwrap(), &source, &FormState::default());
    let lines = drawn(&form);
    for line in [
        "Extra: map, new \"\" or 0 or false or {} or []",
        "Texts: map, new \"\"",
        "Either: yaml",
        "Labels: map, new \"\"",
        "Objects: list, new \"\" or 0 or false or {} or []",
        "Mixed: map, new \"\" or []",
    ] {
        assert!(lines.lines().any(|one| one.trim() == line), "{line}: {lines}");
    }
    let Kind::Map { new, others, .. } = &form.field("extra").unwrap().kind else { panic!("a map") };
    assert_eq!(Kind::start("secretKeyRef", new, others), &Value::empty_map());
    assert_eq!(Kind::start("name", new, others), &Value::from(""));
}
