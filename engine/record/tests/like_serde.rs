//! What is read by tables is read as serde's derive reads it, with the same messages.

use std::fmt::Debug;

use serde_json::{Map, Value};

/// The same types twice.
macro_rules! types {
    ($module:ident, $derive:path, $($empty:tt)*) => {
        #[expect(dead_code, reason = "fields are looked at by Debug")]
        mod $module {
            use super::*;

            #[derive(Debug, $derive)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            pub(super) struct Whole {
                pub(super) api_version: String,
                pub(super) inner: Inner,
                #[serde(default, skip_serializing_if = "Vec::is_empty")]
                pub(super) list: Vec<Inner>,
                pub(super) maybe: Option<Inner>,
                #[serde(rename = "type")]
                pub(super) type_: Option<Word>,
                #[serde(default)]
                pub(super) with: WithDefaults,
                #[serde(default)]
                pub(super) any: Value,
                #[serde(default)]
                pub(super) map: Map<String, Value>,
                #[serde(default)]
                pub(super) either: Option<Either>,
            }

            #[derive(Debug, Default, $derive)]
            pub(super) struct Inner {
                pub(super) name: String,
                #[serde(flatten)]
                pub(super) other: Map<String, Value>,
            }

            #[derive(Debug, $derive)]
            #[serde(rename_all = "kebab-case")]
            pub(super) enum Word {
                NotFound,
                Two,
                #[serde(rename = "3")]
                Three,
            }

            #[derive(Debug, $derive)]
            #[serde(default)]
            pub(super) struct WithDefaults {
                pub(super) number: u32,
                pub(super) signed: i64,
                pub(super) size: Option<usize>,
                pub(super) long: u64,
                pub(super) flag: bool,
                pub(super) words: Vec<String>,
                pub(super) map: Map<String, Value>,
                pub(super) inner: Numbers,
            }

            #[derive(Debug, Default, $derive)]
            #[serde(default)]
            pub(super) struct Numbers {
                one: u32,
                two: u32,
            }

            impl Default for WithDefaults {
                fn default() -> WithDefaults {
                    WithDefaults { number: 7, signed: -7, size: Some(7), long: 7, flag: true, words: vec!["a".into()], map: Map::from_iter([("a".to_owned(), Value::Null)]), inner: Numbers { one: 1, two: 2 } }
                }
            }

            #[derive(Debug, $derive)]
            #[serde(rename_all = "camelCase", try_from = "EitherFields")]
            pub(super) enum Either {
                This(String),
                That(bool),
            }

            #[derive(Debug, $derive)]
            #[serde(deny_unknown_fields)]
            pub(super) struct EitherFields {
                this: Option<String>,
                #[serde(default = "yes")]
                that: bool,
            }

            impl TryFrom<EitherFields> for Either {
                type Error = &'static str;

                fn try_from(fields: EitherFields) -> Result<Either, &'static str> {
                    match fields {
                        EitherFields { this: Some(_), that: false } => Err("not this and no"),
                        EitherFields { this: Some(this), .. } => Ok(Either::This(this)),
                        EitherFields { that, .. } => Ok(Either::That(that)),
                    }
                }
            }

            fn yes() -> bool {
                true
            }

            $($empty)*
        }
    };
}

types!(serdes, serde::Deserialize,);
types!(ours, record::Deserialize, impl record::Empty for Either {
    fn empty() -> Either {
        Either::That(false)
    }
});

/// What is read from a text, or the message; and the same of its value.
fn read<T: serde::de::DeserializeOwned + Debug>(json: &str) -> [Result<String, String>; 3] {
    let print = |read: Result<T, serde_json::Error>| read.map(|value| format!("{value:#?}")).map_err(|e| e.to_string());
    let value = || serde_json::from_str::<Value>(json).unwrap_or_default();
    [print(serde_json::from_str(json)), print(T::deserialize(&value())), print(serde_json::from_value(value()))]
}

#[test]
fn values_and_messages_are_those_of_serde() {
    let fields = [
        r#""list": []"#,
        r#""list": [{"name": "a", "b": [1, -2, 0.5, 1e400, "x", null, true, {"a": {}}]}, {"name": "c", "name": "d"}]"#,
        r#""list": [{"name": "a"}, {}]"#,
        r#""list": {"name": "a"}"#,
        r#""list": null"#,
        r#""list": [null]"#,
        r#""list": ["#,
        r#""maybe": null"#,
        r#""maybe": {"name": "b"}"#,
        r#""maybe": {"name": null}"#,
        r#""maybe": 1"#,
        r#""type": "not-found""#,
        r#""type": "3""#,
        r#""type": "Two""#,
        r#""type": null"#,
        r#""with": {}"#,
        r#""with": {"map": {}, "inner": {"one": 3}}"#,
        r#""with": {"map": {"b": 1}, "inner": {}}"#,
        r#""with": {"number": 4294967295, "signed": -1, "size": null, "long": 18446744073709551615, "flag": false, "words": []}"#,
        r#""with": {"number": 4294967296}"#,
        r#""with": {"number": -1}"#,
        r#""with": {"number": 1.0}"#,
        r#""with": {"signed": 9223372036854775808}"#,
        r#""with": {"signed": "1"}"#,
        r#""with": {"flag": "true"}"#,
        r#""with": {"flag": [true]}"#,
        r#""with": {"words": ["a", "\u00e9\n", 1]}"#,
        r#""with": {"unknown": {"a": [1, {"b": null}]}, "flag": false}"#,
        r#""any": {"a": [1, -2, 0.5, "x", null, true, {"a": {}, "a": 2}]}"#,
        r#""any": null"#,
        r#""any": [nul]"#,
        r#""map": {"z": 1, "a": {"b": []}, "z": 2}"#,
        r#""map": []"#,
        r#""either": {"this": "a"}"#,
        r#""either": {"that": false}"#,
        r#""either": {"those": false}"#,
        r#""either": "a""#,
        r#""unknown": 1"#,
        r#""apiVersion": "twice""#,
        r#""inner": 1"#,
        r#""#,
    ];
    let texts = fields.iter().map(|field| {
        let comma = if field.is_empty() { "" } else { ",\n " };
        format!("{{\"apiVersion\": \"v\", \"inner\": {{\"name\": \"n\", \"more\": 1}}{comma}{field}}}")
    });
    let others = ["null", "1", "\"a\"", "{}", "{\"apiVersion\": 1}", "{\"inner\": {\"name\": \"n\"}}", "{\"a\"}", ""];
    let mut messages = 0;
    for text in texts.chain(others.map(str::to_owned)) {
        let (ours, serdes) = (read::<ours::Whole>(&text), read::<serdes::Whole>(&text));
        assert_eq!(ours, serdes, "{text}");
        messages += usize::from(ours[0].is_err());
    }
    assert!(messages > 20, "{messages}");
}

#[test]
fn objects_are_not_read_from_lists() {
    let error = serde_json::from_str::<ours::Inner>(r#"["a", {}]"#).unwrap_err().to_string();
    assert_eq!(error, "invalid type: sequence, expected struct Inner at line 1 column 0");
}

#[test]
fn what_does_not_fit_together_has_its_place() {
    let text = r#"{"either": {"this": "a", "that": false}, "more": 1}"#;
    let error = serde_json::from_str::<ours::Whole>(text).unwrap_err().to_string();
    assert_eq!(error, "not this and no at line 1 column 39");
}
