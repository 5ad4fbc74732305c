//! Forms as lines.

use std::fmt::Write as _;

use chartwright_values::{Form, Item, Kind, Value, to_text};

/// The form as indented lines.
pub(crate) fn drawn(form: &Form) -> String {
    let mut out = String::new();
    form.items.iter().for_each(|item| draw(item, 0, &mut out));
    for field in &form.hidden {
        writeln!(out, "set but hidden: {}", field.path).unwrap();
    }
    for path in &form.unknown {
        writeln!(out, "not known: {path}").unwrap();
    }
    out
}

/// What a new item or entry starts as, and what else it may be.
fn starts(new: &Value, others: &[Value]) -> String {
    let all: Vec<String> = [new].into_iter().chain(others).map(|value| to_text(value).trim().to_owned()).collect();
    all.join(" or ")
}

fn draw(item: &Item, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match item {
        Item::Group(group) => {
            write!(out, "{indent}▾ {}", group.label).unwrap();
            if group.changed > 0 {
                write!(out, " ({} changed)", group.changed).unwrap();
            }
            if !group.help.is_empty() {
                write!(out, "  — {}", group.help).unwrap();
            }
        }
        Item::Field(field) => {
            let kind = match &field.kind {
                Kind::Choice { options } => {
                    let labels: Vec<_> = options.iter().map(|o| o.label.to_string()).collect();
                    format!("choice of {}", labels.join("|"))
                }
                Kind::List { new, others, .. } => format!("list, new {}", starts(new, others)),
                Kind::Map { new, others, .. } => format!("map, new {}", starts(new, others)),
                Kind::Variants { options, chosen, .. } => format!("variants {} chosen {chosen:?}", options.join("|")),
                Kind::Number { is_integer, min, max } => {
                    format!(
                        "{}{}",
                        if *is_integer { "integer" } else { "number" },
                        match (min, max) {
                            (None, None) => String::new(),
                            (min, max) => format!(" {min:?}..{max:?}"),
                        }
                    )
                }
                Kind::Text { is_loose: true, .. } => "anything".to_owned(),
                Kind::Text { format, .. } => format.as_ref().map_or("text".to_owned(), |f| format!("text:{f}")),
                kind => format!("{kind:?}").split([' ', '{']).next().unwrap_or_default().to_lowercase(),
            };
            write!(out, "{indent}{}: {kind}", field.label).unwrap();
            match &field.value {
                Some(value) if value.is_scalar() => write!(out, " = {value:?}", value = value.shown()).unwrap(),
                _ => {}
            }
            if field.is_changed {
                write!(out, " ↺").unwrap();
            }
            if !field.placeholder.is_empty() {
                write!(out, " ({})", field.placeholder).unwrap();
            }
            for (is, name) in [
                (field.is_required, "required"),
                (field.is_secret, "secret"),
                (field.is_deprecated, "deprecated"),
                (field.is_read_only, "read-only"),
            ] {
                if is {
                    write!(out, " {name}").unwrap();
                }
            }
            if let Some(problem) = &field.problem {
                write!(out, " !! {problem}").unwrap();
            }
            if !field.help.is_empty() {
                write!(out, "  — {}", field.help).unwrap();
            }
        }
    }
    out.push('\n');
    item.items().iter().for_each(|item| draw(item, depth + 1, out));
}
