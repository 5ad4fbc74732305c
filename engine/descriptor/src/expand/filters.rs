//! Our filters for skeletons, in addition to Jinja's: they write YAML, Helm's templates and Markdown.

use std::borrow::Cow;

use minijinja::value::{StringInput, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};
use serde_json::Value as Json;

use crate::yaml_text;

/// The furthest that [`indent`] moves lines.
const MOST_SPACES: usize = 100;

/// Adds all of them. `indent` takes the place of Jinja's, which leaves the first line where it is.
pub(super) fn add(env: &mut Environment<'_>) {
    env.add_filter("block", block);
    env.add_filter("cell", |text: Cow<'_, str>| cell(&text));
    env.add_filter("comment", |text: Cow<'_, str>| comment(&text));
    env.add_filter("go", |text: Cow<'_, str>| go(&text));
    env.add_filter("indent", |text: Cow<'_, str>, by: usize| yaml_text::indent(&text, by.min(MOST_SPACES)));
    env.add_filter("verbatim", |text: Cow<'_, str>| text.replace("{{", "{{ \"{{\" }}"));
    env.add_filter("yaml", yaml);
}

/// `yaml`: a value on one line.
fn yaml(state: &State<'_, '_>, value: &Value) -> Result<String, Error> {
    Ok(yaml_text::scalar(&plain(state, value)?))
}

/// `block`: a value in block style.
fn block(state: &State<'_, '_>, value: &Value) -> Result<String, Error> {
    Ok(yaml_text::block(&plain(state, value)?))
}

/// `comment`: a text as comment lines of YAML.
fn comment(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|l| format!("# {l}").trim_end().to_owned()).collect();
    lines.join("\n")
}

/// `go`: a string of Go's templates.
fn go(text: &str) -> String {
    govalue::strconv::quote(text.as_bytes())
}

/// `cell`: a text in a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

/// A value as YAML has it.
///
/// # Errors
/// It is undefined, or something that YAML has no form for.
fn plain(state: &State<'_, '_>, value: &Value) -> Result<Json, Error> {
    Ok(match value.kind() {
        ValueKind::None => Json::Null,
        ValueKind::Bool => value.is_true().into(),
        ValueKind::Number => match (i64::try_from(value.clone()), u64::try_from(value.clone())) {
            (Ok(n), _) if value.is_integer() => n.into(),
            (_, Ok(n)) if value.is_integer() => n.into(),
            _ => f64::try_from(value.clone())?.into(),
        },
        ValueKind::Seq | ValueKind::Iterable => {
            Json::Array(value.try_iter()?.map(|item| plain(state, &item)).collect::<Result<_, _>>()?)
        }
        ValueKind::Map => {
            let entries = value.try_iter()?.map(|key| Ok((key.to_string(), plain(state, &value.get_item(&key)?)?)));
            Json::Object(entries.collect::<Result<_, Error>>()?)
        }
        ValueKind::Undefined => {
            // Its error says what is undefined.
            StringInput::new(state, value)?;
            return Err(ErrorKind::UndefinedError.into());
        }
        _ => Json::String(value.as_str().ok_or(ErrorKind::BadSerialization)?.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;

    fn made(expression: &str) -> Result<String, ErrorKind> {
        let mut env = Environment::new();
        env.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        add(&mut env);
        let context =
            context! { text => "a: {{ x }} |\n\nb", list => vec![1, 2], map => context! { b => 1.5, a => () } };
        env.render_str(&format!("{{{{ {expression} }}}}"), context).map_err(|e| e.kind())
    }

    #[test]
    fn they_write_yaml_and_templates() {
        for (expression, want) in [
            ("text | yaml", r#""a: {{ x }} |\n\nb""#),
            ("list | yaml", "[1, 2]"),
            ("map | block", "b: 1.5\na: null"),
            ("'true' | yaml", "\"true\""),
            ("-1 | yaml", "-1"),
            ("18446744073709551615 | yaml", "18446744073709551615"),
            ("none | yaml", "null"),
            ("text | indent(2)", "  a: {{ x }} |\n\n  b"),
            ("text | comment", "# a: {{ x }} |\n#\n# b"),
            ("text | verbatim", "a: {{ \"{{\" }} x }} |\n\nb"),
            ("text | cell", "a: {{ x }} \\|  b"),
            ("text | go", r#""a: {{ x }} |\n\nb""#),
        ] {
            assert_eq!(made(expression).as_deref(), Ok(want), "{expression}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_an_error() {
        for (expression, kind) in [
            ("nothing | yaml", ErrorKind::UndefinedError),
            ("nothing | block", ErrorKind::UndefinedError),
            ("[nothing] | yaml", ErrorKind::UndefinedError),
            ("nothing | go", ErrorKind::UndefinedError),
            ("text | indent", ErrorKind::MissingArgument),
            ("text | indent(-1)", ErrorKind::InvalidOperation),
            ("text | yaml(1)", ErrorKind::TooManyArguments),
        ] {
            assert_eq!(made(expression), Err(kind), "{expression}");
        }
    }
}
