use chartwright_protocol::ChartInfo;

use super::super::layers::Below;
use super::super::open::Source;
use super::*;

pub(crate) fn opened(values: &str, schema: Option<&str>) -> Opened {
    let chart = ChartInfo {
        name: "shop".into(),
        version: "1.0.0".into(),
        values: values.to_owned(),
        schema: schema.map(str::to_owned),
        ..ChartInfo::default()
    };
    Opened {
        title: "Shop".into(),
        version: "1.0.0".into(),
        file: "shop-1.0.0.tgz".into(),
        module: None,
        chart: Rc::new(chart),
        below: Below::default(),
        bases: Vec::new(),
        source: Source::Chart,
        problems: Vec::new(),
        archive: Rc::default(),
        draft: "draft:shop@1.0.0".into(),
        is_made: false,
    }
}

#[test]
fn form_and_text_are_one() {
    let mut values = Values::new(&opened("image:\n  tag: a\nport: 80\n", None), "# mine\nport: 81\n");
    assert!(values.edit(Edit::Set("image.tag".parse().unwrap(), Value::from("b"))));
    assert_eq!(&*values.text(), "# mine\nport: 81\nimage:\n  tag: b\n");
    assert_eq!(values.shown("image.tag").as_deref(), Some("b (yours)"));
    assert!(values.edit(Edit::Set("db.password".parse().unwrap(), Value::from("hunter2"))));
    assert_eq!(values.shown("db.password").as_deref(), Some("hidden (yours)"));
    assert!(values.edit(Edit::Undo));
    assert!(values.edit(Edit::Unset("image.tag".parse().unwrap())));
    assert!(values.edit(Edit::Undo));
    assert_eq!(values.changes(), 2);
}

#[test]
fn what_was_kept_is_no_step_and_a_reset_is_one() {
    let mut values = Values::new(&opened("replicas: 1\n", None), "replicas: 4\n");
    assert_eq!(values.history(), (false, false));
    assert!(values.edit(Edit::Reset));
    assert!(values.edit(Edit::Undo));
    assert_eq!((&*values.text(), values.history()), ("replicas: 4\n", (false, true)));
    // Neither is part of what is typed before and after.
    values.edit(Edit::Text("replicas: 5\n".into()));
    values.edit(Edit::Replace("replicas: 6\n".into()));
    values.edit(Edit::Text("replicas: 7\n".into()));
    for text in ["replicas: 6\n", "replicas: 5\n", "replicas: 4\n"] {
        values.edit(Edit::Undo);
        assert_eq!(&*values.text(), text);
    }
}

#[test]
fn half_typed_text_stays_and_says_so() {
    let mut values = Values::new(&opened("a: 1\n", None), "");
    assert!(values.edit(Edit::Text("a: [".into())));
    assert!(values.broken().is_some());
    assert_eq!((&*values.text(), values.marks().len()), ("a: [", 1));
    values.edit(Edit::Set("a".parse().unwrap(), Value::from(2)));
    assert!(values.notice().is_some());
    assert_eq!(&*values.text(), "a: [");
}

#[test]
fn secrets_are_not_kept() {
    let values =
        Values::new(&opened("db: {password: x, user: y}\n", None), "# top\ndb:\n  password: hunter2\n  user: me\n");
    assert_eq!(values.kept_text(), "# top\ndb:\n  user: me\n");
    let alone = Values::new(&opened("", None), "admin:\n  password: hunter2\nport: 1\n");
    assert_eq!(alone.kept_text(), "port: 1\n");
    let broken = Values::new(&opened("", None), "password: hunter2\n- [\n");
    assert!(!broken.kept_text().contains("hunter2"));
}

#[test]
fn maps_are_merged_and_not_replaced() {
    let mut values = Values::new(&opened("web: {a: 1, b: 2, c: 3}\n", None), "web:\n  a: 5\n  d: 6\n");
    values.caret(1, 2);
    assert_eq!(values.help(), Some("web: 4 keys; yours: 2, default: 3"));
    values.caret(2, 4);
    assert_eq!(values.help(), Some("web.a = 5 (yours), in place of 1 (default)"));
}

#[test]
fn answers_that_a_question_does_not_take_are_found() {
    let mut module =
        opened("admin: {password: ''}\nreplicas: 3\n", Some(r#"{"properties": {"replicas": {"type": "integer"}}}"#));
    let questions = "questions: [{variable: admin.password, type: password, min_length: 12}]";
    module.chart = Rc::new(ChartInfo { questions: Some(questions.into()), ..(*module.chart).clone() });
    let mut values = Values::new(&module, "");
    assert_eq!(values.wrong_fields(), []);
    values.edit(Edit::Set("admin.password".parse().unwrap(), Value::from("short")));
    values.edit(Edit::Hold("replicas".parse().unwrap(), "1O".into()));
    let wrong = |path: &str, what: &str, applies: Option<&str>| WrongField {
        path: path.parse().unwrap(),
        what: what.into(),
        applies: applies.map(str::to_owned),
    };
    let applies = Some("the previous value (3) applies");
    let want = [
        wrong("admin.password", "Must be at least 12 characters", None),
        wrong("replicas", "Must be a number", applies),
    ];
    assert_eq!(values.wrong_fields(), want);
    // What was typed last is taken back first.
    assert!(!values.edit(Edit::Undo));
    assert_eq!(values.wrong_fields().len(), 1);
    assert!(values.history().0);
}

#[test]
fn a_value_that_is_wrong_itself_does_not_apply() {
    let schema = r#"{"properties": {"replicas": {"type": "integer", "minimum": 0}}}"#;
    let mut values = Values::new(&opened("replicas: 3\n", Some(schema)), "replicas: -2\n");
    let report = Trouble::new("shop:\n- at '/replicas': minimum: got -2, want 0");
    values.engine_says(Some(&report), &[], &[]);
    assert_eq!(values.wrong_fields(), []);
    values.edit(Edit::Hold("replicas".parse().unwrap(), "1O".into()));
    let applies: Vec<_> = values.wrong_fields().into_iter().filter_map(|field| field.applies).collect();
    assert_eq!(applies, ["the previous value (-2) stays, and is wrong as well"]);
}

#[test]
fn a_wrong_key_is_one_problem_and_its_own() {
    let schema = r#"{"properties": {"config": {"type": "object", "additionalProperties": {"type": "string"}}}}"#;
    let mut values = Values::new(&opened("config: {}\n", Some(schema)), "config:\n  bad key!: '8080'\n");
    // What the report says of a key is not at the place of its map.
    let report = Trouble::new(
        "shop:\n- at '': invalid propertyName 'bad key!'\n  - at '': 'bad key!' does not match pattern '^[-._A-Za-z0-9]+$'",
    );
    let found = values.refused_values(&report.what, &Path::default());
    let want = "`config.\"bad key!\"`: the key must have only letters, digits, -, . and _";
    assert_eq!(found.iter().map(|finding| &*finding.what).collect::<Vec<_>>(), [want]);
    values.engine_says(Some(&report), &[], &[]);
    let form = values.form();
    let wrong: Vec<_> =
        form.fields().into_iter().filter_map(|field| Some((&field.path, field.problem.as_ref()?))).collect();
    assert_eq!(wrong.len(), 1);
    assert!(matches!(wrong[0].1, Problem::Key(_)) && wrong[0].0.last_key() == Some("bad key!"));
    assert_eq!(values.marks().len(), 1);
}

#[test]
fn the_values_of_a_subchart_are_below_its_name() {
    let values = Values::new(&opened("db: {size: 1}\nsize: 2\n", None), "db:\n  size: x\n");
    let found = values.refused_values(
        "shop:\n- at '/size': got number, want string\ndb:\n- at '/size': got string, want integer",
        &Path::default(),
    );
    let paths: Vec<_> = found.into_iter().filter_map(|finding| finding.path).map(|path| path.to_string()).collect();
    assert_eq!(paths, ["size", "db.size"]);
}

#[test]
fn the_form_knows_a_quantity_where_the_schema_has_a_pattern() {
    let schema = r#"{"properties": {"memory": {"oneOf": [{"type": "string", "pattern": "^[0-9]+(Mi|Gi)?$"}, {"type": "number"}]}}}"#;
    let mut values = Values::new(&opened("memory: 1Gi\n", Some(schema)), "memory: 1 Gi\n");
    let report = Trouble::new(
        "shop:\n- at '/memory': 'oneOf' failed, none matched\n  - at '/memory': '1 Gi' does not match pattern '^[0-9]+(Mi|Gi)?$'\n  \
         - at '/memory': got string, want number",
    );
    values.engine_says(Some(&report), &[], &[]);
    let found = values.refused_values(&report.what, &Path::default());
    let want = ["`memory`: must be a quantity, such as 500m or 2Gi"];
    assert_eq!(found.iter().map(|finding| &*finding.what).collect::<Vec<_>>(), want);
    assert_eq!((values.wrong_fields(), values.marks().len()), (Vec::new(), 1));
}

#[test]
fn messages_of_schemas_belong_to_fields() {
    let mut values = Values::new(&opened("image: {tag: a}\n", None), "image:\n  tag: 5\n");
    let trouble = Trouble::new(
        "values don't meet the specifications of the schema(s)\nshop:\n- at '/image/tag': got number, want string",
    );
    values.engine_says(Some(&trouble), &[], &[]);
    let marks = values.marks();
    let marks: Vec<_> = marks.iter().map(|mark| (mark.line, &*mark.message)).collect();
    assert_eq!(marks, [(2, "Must be a string, not a number")]);
}
