//! Rancher's `questions.yaml`: the few settings that a chart's author asks for.

mod expr;

pub use expr::Condition;

use std::rc::Rc;

use crate::path::{Path, Step};
use crate::value::{Number, Value};
use crate::yaml::{self, TextError};

/// A chart's questions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Questions {
    /// The questions, in order.
    pub list: Vec<Question>,
}

/// The type of a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QuestionKind {
    /// `string`, and what is not known.
    #[default]
    Text,
    /// `multiline`
    Multiline,
    /// `boolean`
    Boolean,
    /// `int`
    Integer,
    /// `float`
    Number,
    /// `enum`
    Choice,
    /// `password`
    Password,
    /// `hostname`
    Hostname,
    /// `storageclass`
    StorageClass,
    /// `pvc`
    Claim,
    /// `secret`
    Secret,
    /// `listofstrings`, `array` and what else starts with `list`.
    List,
    /// `list[map]`, `list[object]`
    ListOfMaps,
    /// `map`
    Map,
    /// `quantity`
    Quantity,
}

/// A question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// What it sets.
    pub path: Path,
    /// Its name; empty where it has none.
    pub label: Rc<str>,
    /// What it is for.
    pub help: Rc<str>,
    /// Its type.
    pub kind: QuestionKind,
    /// What it suggests.
    pub default: Option<Value>,
    /// Whether it must be answered.
    pub is_required: bool,
    /// The least number.
    pub min: Option<Number>,
    /// The largest number.
    pub max: Option<Number>,
    /// The fewest characters.
    pub min_length: Option<usize>,
    /// The most characters.
    pub max_length: Option<usize>,
    /// The values to choose from.
    pub options: Vec<Value>,
    /// A class of characters of which answers consist: `[a-z0-9]`.
    pub valid_chars: Option<Rc<str>>,
    /// A class of characters that answers do not have.
    pub invalid_chars: Option<Rc<str>>,
    /// The heading that it stands under.
    pub group: Rc<str>,
    /// When it shows.
    pub show_if: Option<Condition>,
    /// Questions that show when this one has one of certain answers.
    pub subquestions: Vec<Question>,
    /// The answer for which its subquestions show; `true` if none is named.
    pub show_subquestion_if: Vec<Rc<str>>,
}

impl Questions {
    /// Reads `questions.yaml`. Questions without a variable are left out.
    ///
    /// # Errors
    /// If it is not YAML.
    pub fn read(text: &str) -> Result<Questions, TextError> {
        let value = yaml::parse(text)?;
        let list = value.as_map().and_then(|map| map.get("questions")).unwrap_or(&value);
        Ok(Questions { list: questions(Some(list), 0) })
    }

    /// All questions with their subquestions, in order.
    pub fn all(&self) -> Vec<&Question> {
        fn add<'q>(list: &'q [Question], out: &mut Vec<&'q Question>) {
            for question in list {
                out.push(question);
                add(&question.subquestions, out);
            }
        }
        let mut out = Vec::new();
        add(&self.list, &mut out);
        out
    }
}

fn questions(value: Option<&Value>, depth: usize) -> Vec<Question> {
    let items = value.and_then(Value::as_list).unwrap_or_default();
    items.iter().filter(|_| depth < 4).filter_map(|item| question(item, depth)).collect()
}

fn question(value: &Value, depth: usize) -> Option<Question> {
    let map = value.as_map()?;
    let text = |name: &str| map.get(name).filter(|v| v.is_scalar() && **v != Value::Null).map(Value::shown);
    let number = |name: &str| text(name).and_then(|t| Number::new(&t));
    let count = |name: &str| number(name).map(|n| n.value() as usize);
    let path = variable(&text("variable")?)?;
    let kind = match text("type").unwrap_or_default().to_ascii_lowercase().as_str() {
        "multiline" => QuestionKind::Multiline,
        "boolean" | "bool" => QuestionKind::Boolean,
        "int" | "integer" => QuestionKind::Integer,
        "float" | "number" => QuestionKind::Number,
        "enum" | "reference" => QuestionKind::Choice,
        "password" => QuestionKind::Password,
        "hostname" => QuestionKind::Hostname,
        "storageclass" => QuestionKind::StorageClass,
        "pvc" => QuestionKind::Claim,
        "secret" => QuestionKind::Secret,
        "map" => QuestionKind::Map,
        "quantity" => QuestionKind::Quantity,
        "array" => QuestionKind::List,
        "list[map]" | "list[object]" => QuestionKind::ListOfMaps,
        other if other.starts_with("list") => QuestionKind::List,
        _ => QuestionKind::Text,
    };
    let options = match map.get("options") {
        Some(Value::List(options)) => options.iter().filter(|v| v.is_scalar()).cloned().collect(),
        // Named options: the keys are what is set.
        Some(Value::Map(options)) => options.keys().map(|key| Value::Text(key.clone())).collect(),
        _ => Vec::new(),
    };
    let answers = match map.get("show_subquestion_if") {
        Some(Value::List(answers)) => answers.iter().map(|v| v.shown().into()).collect(),
        Some(Value::Null) | None => vec!["true".into()],
        Some(answer) => vec![answer.shown().into()],
    };
    Some(Question {
        path,
        label: text("label").unwrap_or_default().into(),
        help: text("description").or_else(|| text("tooltip")).unwrap_or_default().into(),
        kind,
        default: map.get("default").filter(|v| **v != Value::Null).cloned(),
        is_required: map.get("required").and_then(Value::as_bool).unwrap_or(false),
        min: number("min"),
        max: number("max"),
        min_length: count("min_length"),
        max_length: count("max_length"),
        options,
        valid_chars: text("valid_chars").map(Into::into),
        invalid_chars: text("invalid_chars").map(Into::into),
        group: text("group").unwrap_or_default().into(),
        show_if: text("show_if").or_else(|| text("if")).map(|t| Condition::read(&t)),
        subquestions: questions(map.get("subquestions"), depth + 1),
        show_subquestion_if: answers,
    })
}

/// The path of a variable: keys are divided by dots, quotes and backslashes keep dots in them, numbers in brackets
/// are indexes.
pub(crate) fn variable(text: &str) -> Option<Path> {
    if let Ok(path) = text.trim().parse::<Path>()
        && !path.is_empty()
        && !text.contains('\\')
    {
        return Some(path);
    }
    let mut steps = Vec::new();
    let mut key = String::new();
    let mut chars = text.trim().chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => key.extend(chars.next()),
            '.' | '[' | ']' => {
                let key = std::mem::take(&mut key);
                match (c, key.parse()) {
                    (']', Ok(index)) => steps.push(Step::Index(index)),
                    _ if key.is_empty() => {}
                    _ => steps.push(Step::Key(key.into())),
                }
            }
            c => key.push(c),
        }
    }
    if !key.is_empty() {
        steps.push(Step::Key(key.into()));
    }
    (!steps.is_empty()).then(|| Path::from(steps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        for (text, want) in [
            ("a.b", "a.b"),
            ("a[0].b", "a[0].b"),
            (r"a\.b.c", r#""a.b".c"#),
            (r#"ann."x.io/y""#, r#"ann."x.io/y""#),
            ("a-b.c_d", "a-b.c_d"),
        ] {
            assert_eq!(variable(text).unwrap().to_string(), want);
        }
        assert_eq!(variable(""), None);
    }

    #[test]
    fn questions_are_read() {
        let questions = Questions::read(
            "questions:\n- variable: db.enabled\n  type: boolean\n  label: Database\n  default: 'true'\n  group: Data\n  \
             show_subquestion_if: true\n  subquestions:\n  - {variable: db.size, type: int, min: 1, max: '10'}\n- {label: none}\n",
        )
        .unwrap();
        let all = questions.all();
        assert_eq!(all.len(), 2);
        assert_eq!(
            (all[0].kind, &*all[0].group, &*all[0].show_subquestion_if[0]),
            (QuestionKind::Boolean, "Data", "true")
        );
        assert_eq!(
            (all[1].kind, all[1].min.clone(), all[1].max.clone()),
            (QuestionKind::Integer, Number::new("1"), Number::new("10"))
        );
        assert_eq!(Questions::read("").unwrap(), Questions::default());
    }
}
