//! The JSON Schema of the contract: generated from the types, and kept as a file for those who do not build it.

/// The JSON Schema of the inputs and outputs of all calls, as a text: an object with a property for each call, and in
/// it `input` and `output`. An output is in the `result` of an [`Answer`](crate::Answer).
///
/// `cargo xtask schema` writes the file, and `cargo xtask schema --check` compares it with the types.
pub const SCHEMA: &str = include_str!("../schema/contract.schema.json");

/// The same, made from the types.
#[cfg(feature = "schema")]
pub fn generate() -> String {
    use schemars::generate::SchemaSettings;
    use serde_json::{Map, Value, json};

    use crate::{
        Answer, Call, CheckInput, CheckOutput, DescribeOutput, ExpandInput, ExpandOutput, PlanInput, PlanOutput,
        RenderInput, RenderOutput, Summary,
    };

    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let call = |input: Option<schemars::Schema>, output: schemars::Schema| {
        let mut properties = Map::new();
        properties.extend(input.map(|input| ("input".to_owned(), Value::from(input))));
        properties.insert("output".to_owned(), Value::from(output));
        json!({"type": "object", "properties": properties})
    };
    let mut calls = Map::new();
    for one in Call::ALL {
        let schema = match one {
            Call::Plan => {
                call(Some(generator.subschema_for::<PlanInput>()), generator.subschema_for::<Answer<PlanOutput>>())
            }
            Call::Expand => {
                call(Some(generator.subschema_for::<ExpandInput>()), generator.subschema_for::<Answer<ExpandOutput>>())
            }
            Call::Check => {
                call(Some(generator.subschema_for::<CheckInput>()), generator.subschema_for::<Answer<CheckOutput>>())
            }
            Call::Render => {
                call(Some(generator.subschema_for::<RenderInput>()), generator.subschema_for::<Answer<RenderOutput>>())
            }
            Call::Describe => call(None, generator.subschema_for::<Answer<DescribeOutput>>()),
            Call::Other => continue,
        };
        calls.insert(one.to_string(), schema);
    }
    // Hosts make it of an output's objects.
    calls.insert("summary".to_owned(), Value::from(generator.subschema_for::<Summary>()));
    let definitions = generator.take_definitions(true);
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": crate::API_VERSION,
        "description": "Inputs and answers of the engine's calls, each under its name.",
        "type": "object",
        "properties": calls,
        "$defs": definitions,
    });
    let mut text = serde_json::to_string_pretty(&schema).expect("a JSON value is always written");
    text.push('\n');
    text
}

/// The page that lists the kinds of failures and the codes of problems, made from their documentation.
#[cfg(feature = "schema")]
pub fn generate_codes() -> String {
    use std::fmt::Write;

    use crate::{Code, FailureKind};

    let mut page = String::from(
        "# Problems and failures\n\n\
         <!-- Generated from engine/contract by `cargo xtask schema`. -->\n\n\
         A call that has something to show answers with it, and with a list of problems. Each has a severity, a place \
         and a code: a word that stays the same from version to version. A call that has nothing to show answers with \
         a failure, which has a kind. Newer versions may have more words; take one that you do not know for an error \
         of its severity.\n\n\
         ## Kinds of failures\n\n| kind | when |\n|---|---|\n",
    );
    let row = |page: &mut String, word: &str, meaning: &str| {
        writeln!(page, "| `{word}` | {} |", meaning.replace('|', "\\|")).expect("a string can be written to");
    };
    FailureKind::ALL.iter().for_each(|kind| row(&mut page, kind.as_str(), kind.meaning()));
    page.push_str("\n## Codes of problems\n\n| code | when |\n|---|---|\n");
    Code::ALL.iter().for_each(|code| row(&mut page, code.as_str(), code.meaning()));
    page
}

#[cfg(test)]
mod tests {
    use crate::{Call, Code, FailureKind};

    #[test]
    fn the_page_lists_every_word() {
        let page = include_str!("../../../docs/src/problem-codes.md");
        let (kinds, codes) = page.split_once("## Codes of problems").unwrap();
        let row = |word: &str, meaning: &str| format!("| `{word}` | {meaning} |\n");
        for kind in FailureKind::ALL {
            assert!(kinds.contains(&row(kind.as_str(), kind.meaning())), "{kind}: run `cargo xtask schema`");
        }
        for code in Code::ALL {
            assert!(codes.contains(&row(code.as_str(), code.meaning())), "{code}: run `cargo xtask schema`");
        }
    }

    #[test]
    fn the_schema_has_every_call() {
        let schema: serde_json::Value = serde_json::from_str(super::SCHEMA).unwrap();
        for call in Call::ALL {
            assert!(schema["properties"][call.as_str()].is_object(), "{call}: run `cargo xtask schema`");
        }
    }
}
