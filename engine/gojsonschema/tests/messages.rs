//! What is said of values that do not meet a schema, and of schemas that are none.

use gojsonschema::Schema;
use govalue::Value;
use goyaml::json::from_json;

/// The message for a schema and values; empty if there is none.
fn check(schema: &str, values: &str) -> String {
    let values = from_json(values.as_bytes()).unwrap_or(Value::Nil);
    let checked = Schema::compile(schema.as_bytes()).and_then(|schema| schema.validate(&values));
    checked.err().map(|e| e.to_string()).unwrap_or_default()
}

#[test]
fn one_keyword_each() {
    // The schema of `a`, a value for it, and what is said of it.
    for (schema, value, message) in [
        (r#"{"type": "integer"}"#, "1.5", "got number, want integer"),
        (r#"{"type": "integer"}"#, "2.0", ""),
        (r#"{"type": ["string", "null"]}"#, "1", "got number, want null or string"),
        (r#"{"const": "x"}"#, "1", "value must be 'x'"),
        (r#"{"const": [1]}"#, "[1.0]", ""),
        (r#"{"const": {}}"#, "1", "'const' failed"),
        (r#"{"enum": ["a", 1.50, null, true]}"#, "2", "value must be one of 'a', 1.50, <nil>, true"),
        (r#"{"enum": [[1], 2]}"#, "3", "'enum' failed"),
        (r#"{"minimum": 1000}"#, "999.5", "minimum: got 999.5, want 1,000"),
        (r#"{"maximum": 1e6}"#, "1234567.5", "maximum: got 1.2345675×10⁰⁶, want 1×10⁰⁶"),
        (r#"{"exclusiveMinimum": 0}"#, "0", "exclusiveMinimum: got 0, want 0"),
        (r#"{"multipleOf": 0.1}"#, "0.3", ""),
        (r#"{"multipleOf": 0.1}"#, "0.35", "multipleOf: got 0.35, want 0.1"),
        (r#"{"minLength": 3}"#, r#""é☺""#, "minLength: got 2, want 3"),
        (r#"{"pattern": "^[a-z]+$"}"#, r#""A'b\\""#, r"'A\'b\' does not match pattern '^[a-z]+$'"),
        (r#"{"maxItems": 1}"#, "[1, 2]", "maxItems: got 2, want 1"),
        (r#"{"uniqueItems": true}"#, "[1, 2, 1.0]", "items at 0 and 2 are equal"),
        (r#"{"contains": {"const": 1}, "minContains": 0}"#, "[]", ""),
        (
            r#"{"contains": {"const": 1}, "maxContains": 1}"#,
            "[1, 2, 1]",
            "max 1 items required to match contains schema, but matched 2 items at 0 2",
        ),
        (r#"{"required": ["x"]}"#, "{}", "missing property 'x'"),
        (r#"{"required": ["x", "y"]}"#, "{}", "missing properties 'x', 'y'"),
        (r#"{"maxProperties": 0}"#, r#"{"x": 1}"#, "maxProperties: got 1, want 0"),
        (r#"{"additionalProperties": false}"#, r#"{"y": 1, "x": 1}"#, "additional properties 'x', 'y' not allowed"),
        (r#"{"dependentRequired": {"x": ["y"]}}"#, r#"{"x": 1}"#, "properties 'y' required, if 'x' exists"),
        (r#"{"not": {}}"#, "1", "'not' failed"),
        (r#"{"oneOf": [{"minimum": 1}, {"minimum": 2}]}"#, "3", "'oneOf' failed, subschemas 0, 1 matched"),
        (r#"{"if": {"minimum": 5}, "then": {"multipleOf": 5}}"#, "7", "multipleOf: got 7, want 5"),
        ("false", "1", "false schema"),
        // Formats are only asserted before 2019-09.
        (r#"{"format": "ipv4"}"#, r#""x""#, ""),
    ] {
        let want = if message.is_empty() { String::new() } else { format!("- at '/a': {message}\n") };
        let schema = format!(r#"{{"properties": {{"a": {schema}}}}}"#);
        assert_eq!(check(&schema, &format!(r#"{{"a": {value}}}"#)), want, "{schema} {value}");
    }
}

#[test]
fn formats() {
    for (format, value, message) in [
        ("ipv4", "1.2.3.04", "leading zeros"),
        ("ipv4", "1.2.3.x", "strconv.Atoi: parsing \"x\": invalid syntax"),
        ("ipv6", "1:2", "ParseAddr(\"1:2\"): address string too short"),
        ("hostname", "a_b", "invalid character '_'"),
        ("email", "a@b..c", "invalid domain: label must be 1 to 63 characters long"),
        ("date", "2021-02-29", "parsing time \"2021-02-29\": day out of range"),
        ("time", "10:00:60Z", "invalid leap second"),
        ("date-time", "2021-01-01 10:00:00Z", "11th character must be t or T"),
        ("duration", "P1D2Y", "unit 'Y' out of order"),
        ("uri", "/x", "relative url"),
        ("uri-reference", "http://[::1", "parse \"http://[::1\": missing ']' in host"),
        ("uuid", "x", "must have 5 elements"),
        ("semver", "1.2", "versionCore must have 3 numbers separated by dot"),
        ("regex", "(", "error parsing regexp: missing closing ): `(`"),
        ("json-pointer", "/~2", "~ must be followed by 0 or 1"),
    ] {
        let schema = format!(
            r#"{{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {{"a": {{"format": "{format}"}}}}}}"#
        );
        let want = format!("- at '/a': '{value}' is not valid {format}: {message}\n");
        assert_eq!(check(&schema, &format!(r#"{{"a": "{value}"}}"#)), want);
        assert_eq!(check(&schema, r#"{"a": 1}"#), "", "only strings have a format");
    }
}

#[test]
fn failures_are_a_tree() {
    let schema = r##"{
        "properties": {
            "list": {"items": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/port"}]}},
            "name": {"minLength": 3, "pattern": "^[a-z]"}
        },
        "propertyNames": {"maxLength": 4},
        "$defs": {"port": {"type": "integer", "minimum": 1, "maximum": 65535, "multipleOf": 2}}
    }"##;
    insta::assert_snapshot!(check(schema, r#"{"list": ["x", 70001, true], "name": "A", "a long one": 1}"#), @"
    - at '/list': validation failed
      - at '/list/1': 'anyOf' failed
        - at '/list/1': got number, want string
        - at '/list/1': validation failed
          - at '/list/1': maximum: got 70,001, want 65,535
          - at '/list/1': multipleOf: got 70,001, want 2
      - at '/list/2': 'anyOf' failed
        - at '/list/2': got boolean, want string
        - at '/list/2': got boolean, want integer
    - at '/name': validation failed
      - at '/name': minLength: got 1, want 3
      - at '/name': 'A' does not match pattern '^[a-z]'
    - at '': invalid propertyName 'a long one'
      - at '': maxLength: got 10, want 4
    ");
}

#[test]
fn references() {
    for (schema, values, message) in [
        (
            r##"{"$ref": "#/definitions/a", "definitions": {"a": {"type": "string"}}}"##,
            "{}",
            "- at '': got object, want string\n",
        ),
        (
            r##"{"$ref": "#x", "$defs": {"a": {"$anchor": "x", "required": ["y"]}}}"##,
            "{}",
            "- at '': missing property 'y'\n",
        ),
        (
            r##"{"$ref": "b.json#/$defs/c", "$defs": {"b": {"$id": "b.json", "$defs": {"c": {"minProperties": 1}}}}}"##,
            "{}",
            "- at '': minProperties: got 0, want 1\n",
        ),
        (
            r##"{"$id": "tree", "$dynamicAnchor": "node", "properties": {"sub": {"$dynamicRef": "#node"}, "v": {"type": "null"}}}"##,
            r#"{"sub": {"sub": {"v": 1}}}"#,
            "- at '/sub/sub/v': got number, want null\n",
        ),
        (
            r##"{"$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveAnchor": true, "properties": {"sub": {"$recursiveRef": "#"}, "v": false}}"##,
            r#"{"sub": {"v": 1}}"#,
            "- at '/sub/v': false schema\n",
        ),
        (
            r#"{"$ref": "http://json-schema.org/draft-07/schema#/definitions/stringArray"}"#,
            "{}",
            "- at '': got object, want array\n",
        ),
        (r#"{"$ref": "urn:example:any"}"#, "{}", ""),
        (
            r##"{"allOf": [{"$ref": "#/$defs/a"}], "unevaluatedProperties": false, "$defs": {"a": {"properties": {"x": true}}}}"##,
            r#"{"x": 1, "y": 2}"#,
            "- at '/y': false schema\n",
        ),
    ] {
        assert_eq!(check(schema, values), message, "{schema}");
    }
}

#[test]
fn what_is_no_schema() {
    for (schema, message) in [
        ("", "EOF"),
        ("{", "unexpected EOF"),
        ("{} x", "invalid character after top-level value"),
        ("{'a': 1}", r"invalid character '\'' looking for beginning of object key string"),
        (r##"{"$ref": "#/$defs/none"}"##, r##"json-pointer in "file:///values.schema.json#/$defs/none" not found"##),
        (
            r##"{"$ref": "#none"}"##,
            r##"anchor in "file:///values.schema.json#none" not found in schema "file:///values.schema.json""##,
        ),
        (
            r#"{"$ref": "other.json"}"#,
            r#"failing loading "file:///other.json": schemas must not refer to files: put the definitions into the schema"#,
        ),
        (r#"{"$ref": "ftp://h/x"}"#, r#"failing loading "ftp://h/x": no URLLoader registered for "ftp://h/x""#),
        (
            r#"{"patternProperties": {"(": {}}, "$schema": "http://json-schema.org/draft-04/schema#"}"#,
            r##"invalid regex "(" at "file:///values.schema.json#/patternProperties": error parsing regexp: missing closing ): `(`"##,
        ),
        (
            r##"{"$defs": {"a": {"$id": "x"}, "b": {"$id": "x"}}}"##,
            r#"duplicate id "file:///x" in "file:///values.schema.json" at "/$defs/b" and "/$defs/a""#,
        ),
    ] {
        assert_eq!(check(schema, "{}"), message, "{schema}");
    }
    insta::assert_snapshot!(check(r#"{"type": "strin", "minLength": -1}"#, "{}"), @r#"
    "file:///values.schema.json#" is not valid against metaschema: jsonschema validation failed with 'https://json-schema.org/draft/2020-12/schema#'
    - at '': 'allOf' failed
      - at '': validation failed
        - at '/minLength': minimum: got -1, want 0
        - at '/type': 'anyOf' failed
          - at '/type': value must be one of 'array', 'boolean', 'integer', 'null', 'number', 'object', 'string'
          - at '/type': got string, want array
    "#);
}

#[test]
fn documents_come_from_a_loader() {
    let mut asked = Vec::new();
    let mut loader = |url: &str| {
        asked.push(url.to_owned());
        Ok(br#"{"$defs": {"a": {"required": ["x"]}}}"#.to_vec())
    };
    let schema = Schema::compile_with(br##"{"$ref": "https://example.com/s.json#/$defs/a"}"##, &mut loader);
    let values = from_json(b"{}").unwrap_or(Value::Nil);
    let error = schema.and_then(|s| s.validate(&values)).map_err(|e| e.to_string());
    assert_eq!(error, Err("- at '': missing property 'x'\n".to_owned()));
    assert_eq!(asked, ["https://example.com/s.json"]);
}

/// What Helm says of numbers and texts: `equals` of santhosh-tekuri/jsonschema compares a number by its text.
#[test]
fn numbers_equal_the_texts_that_spell_them() {
    for (schema, value, message) in [
        (r#"{"const": "8080"}"#, "8080", ""),
        (r#"{"const": 8080}"#, r#""8080""#, "value must be 8080"),
        (r#"{"const": "1/2"}"#, "0.5", ""),
        (r#"{"const": "0x10"}"#, "16", ""),
        (r#"{"const": {"a": ["1e2"]}}"#, r#"{"a": [100]}"#, ""),
        // The types of all values in an `enum` are compared first.
        (r#"{"enum": ["8080"]}"#, "8080", "value must be '8080'"),
        (r#"{"enum": ["8080", 1]}"#, "8080", ""),
        (r#"{"uniqueItems": true}"#, r#"["8080", 8080]"#, "items at 0 and 1 are equal"),
        (r#"{"uniqueItems": true}"#, r#"[8080, "8080"]"#, ""),
        (r#"{"maxItems": 1e300}"#, "[1]", "maxItems: got 1, want 0"),
        (r#"{"minLength": 18446744073709551617}"#, r#""ab""#, ""),
        (r#"{"minLength": 18446744073709551619}"#, r#""ab""#, "minLength: got 2, want 3"),
    ] {
        let want = if message.is_empty() { String::new() } else { format!("- at '/a': {message}\n") };
        let schema = format!(r#"{{"properties": {{"a": {schema}}}}}"#);
        assert_eq!(check(&schema, &format!(r#"{{"a": {value}}}"#)), want, "{schema} {value}");
    }
    let same = r#"{"$schema": "http://json-schema.org/draft-07/schema#", "enum": ["1", 1]}"#;
    assert!(check(same, "{}").contains("at '/enum': items at 0 and 1 are equal"), "{}", check(same, "{}"));
}

#[test]
fn beside_a_reference() {
    let draft_7 = |mode: &str| {
        format!(
            r##"{{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {{"mode": {{"$ref": "#/definitions/t", {mode}}}}},
                "definitions": {{"t": {{"type": "string"}}}}}}"##
        )
    };
    for (beside, message) in [
        (r#""const": "a""#, "- at '/mode': value must be 'a'\n"),
        (r#""enum": ["a"], "minLength": 9, "not": {}"#, ""),
        (r#""if": {}, "then": false, "contains": false, "propertyNames": false"#, ""),
        (r##""if": {"$ref": "#/none"}"##, "json-pointer in \"file:///values.schema.json#/none\" not found"),
        (r##""contains": {"$ref": "#/none"}"##, "json-pointer in \"file:///values.schema.json#/none\" not found"),
        (r##""not": {"$ref": "#/none"}"##, ""),
    ] {
        assert_eq!(check(&draft_7(beside), r#"{"mode": "b"}"#), message, "{beside}");
    }
}
