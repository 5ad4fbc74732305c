//! Schemas, questions and values that mean no good: nothing falls over, and nothing takes long.

use std::rc::Rc;

use chartwright_values::{
    Condition, Form, FormSource, FormState, Model, Position, Questions, Schema, Secrets, Version, compare_versions,
    parse,
};

fn look(schema: &str, defaults: &str, text: &str) {
    let Ok(schema) = Schema::read(schema) else { return };
    let Ok(mut model) = Model::new(defaults) else { return };
    model.set_text(text);
    let source = FormSource { schema: Some(Rc::new(schema)), questions: None };
    let form = Form::draw(&model, &source, &FormState::default());
    let _ = (form.search("a"), form.filtered("b", true));
    for column in 0..4 {
        let _ =
            (model.complete(&source, Position { line: 0, column }), model.hover(&source, Position { line: 0, column }));
    }
    let _ = Secrets::new(source.schema.as_deref(), None).without_secrets(model.values());
    let version = Version { defaults: model.defaults(), schema: source.schema.as_deref() };
    let _ = compare_versions(&model, version, version);
}

#[test]
fn schemas_that_refer_to_themselves() {
    for schema in [
        r##"{"$ref": "#"}"##,
        r##"{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##,
        r##"{"anyOf": [{"$ref": "#"}, {"$ref": "#"}], "properties": {"a": {"$ref": "#"}}}"##,
        r##"{"oneOf": [{"not": {"$ref": "#"}}, {"not": {"$ref": "#"}}], "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}}"##,
        r##"{"if": {"$ref": "#"}, "then": {"$ref": "#"}, "else": {"$ref": "#"}}"##,
        r##"{"properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}, "c": {"$ref": "#"}}}"##,
        r##"{"type": "object", "additionalProperties": {"anyOf": [{"$ref": "#"}, {"type": "array", "items": {"$ref": "#"}}]}}"##,
        r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}"##,
        r#"{"$ref": "file:///etc/passwd"}"#,
        r#"{"properties": 1, "required": "a", "allOf": {}, "enum": 1, "items": 3, "type": ["nonsense"], "minimum": "a"}"#,
        r#"[1, 2]"#,
        r#"null"#,
        r#"{"pattern": "((((a*)*)*)*)*$", "properties": {"a": {"pattern": "(a{1,1000}){1,1000}"}}}"#,
    ] {
        look(
            schema,
            "a: {b: {c: [1, {a: x}]}}\nb: [x]\n",
            "a: {a: {a: {a: 1, b: [1, 2]}}, c: 2}\nb: {a: {b: {c: 1}}}\n",
        );
    }
    let deep = r#"{"properties": {"a": "#.repeat(90) + "{}" + &"}}".repeat(90);
    look(&deep, &("a: {".to_owned() + &"a: {".repeat(80) + &"}".repeat(81)), "");
    // Deeper is refused, not run into.
    assert!(Schema::read(&("[".repeat(5000) + &"]".repeat(5000))).is_err());
    assert!(parse(&("[".repeat(5000) + &"]".repeat(5000))).is_err());
}

#[test]
fn values_that_swell() {
    // Each line refers ten times to the one before.
    let bomb: String = (1..12).fold("a0: &a0 x\n".to_owned(), |text, i| {
        let below = (0..10).map(|_| format!("*a{}", i - 1)).collect::<Vec<_>>().join(", ");
        format!("{text}a{i}: &a{i} [{below}]\n")
    });
    assert_eq!(parse(&bomb).unwrap_err().message, "the text stands for too many values");
    assert!(parse("a: &a [*a]").is_err());
    let wide: String = (0..20_000).map(|i| format!("# -- Help\nk{}: {i}\n", i * 7919 % 20_011)).collect();
    look("{}", &wide, "k1: 2\n");
    let long: String = format!("a: [{}]", "1, ".repeat(20_000));
    look("{}", &long, "a: []\n");
}

#[test]
fn questions_that_are_odd() {
    for text in [
        "questions: 1",
        "- 1",
        "questions: [{variable: 1}, {variable: ''}, {variable: a, subquestions: 3}, {variable: 'a..b', options: {x: 1}}]",
    ] {
        let questions = Questions::read(text).unwrap();
        let source = FormSource { schema: None, questions: Some(Rc::new(questions)) };
        let _ = Form::draw(&Model::new("a: [1]").unwrap(), &source, &FormState::default());
    }
    for text in ["(((((", "a=&&b", "!", "!=", "&&", "a='", "\"", "a=1||", ")("] {
        let _ = Condition::read(text).holds(&|_| None);
    }
}

/// A generator of numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn schema(&mut self, depth: usize) -> String {
        if depth == 0 {
            return ["true", "false", "{}", r##"{"$ref": "#/properties/a"}"##, r#"{"type": "string"}"#][self.below(5)]
                .to_owned();
        }
        let mut parts = Vec::new();
        for _ in 0..1 + self.below(3) {
            let below = self.schema(depth - 1);
            let other = self.schema(depth - 1);
            parts.push(match self.below(12) {
                0 => format!(r#""properties": {{"a": {below}, "b": {other}}}"#),
                1 => format!(r#""oneOf": [{below}, {other}]"#),
                2 => format!(r#""anyOf": [{below}, {other}, {{"type": "null"}}]"#),
                3 => format!(r#""allOf": [{below}, {other}]"#),
                4 => format!(r#""if": {below}, "then": {other}"#),
                5 => format!(r#""items": {below}"#),
                6 => format!(r#""additionalProperties": {below}"#),
                7 => r#""enum": ["x", 1, {}]"#.to_owned(),
                8 => r#""type": ["object", "string"]"#.to_owned(),
                9 => format!(r#""prefixItems": [{below}], "required": ["a"]"#),
                10 => format!(r#""patternProperties": {{"^a": {below}}}"#),
                _ => format!(r#""not": {below}"#),
            });
        }
        format!("{{{}}}", parts.join(", "))
    }

    fn value(&mut self, depth: usize) -> String {
        match self.below(if depth == 0 { 4 } else { 7 }) {
            0 => "null".to_owned(),
            1 => "x".to_owned(),
            2 => "1".to_owned(),
            3 => "{}".to_owned(),
            4 => format!("[{}, {}]", self.value(depth - 1), self.value(depth - 1)),
            _ => format!("{{a: {}, b: {}}}", self.value(depth - 1), self.value(depth - 1)),
        }
    }
}

#[test]
fn any_schema_and_any_values() {
    let mut dice = Dice(1);
    for _ in 0..1500 {
        let (schema, defaults, text) = (dice.schema(3), dice.value(3), dice.value(3));
        look(&schema, &defaults, &text);
    }
}
