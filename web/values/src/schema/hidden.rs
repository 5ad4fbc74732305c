//! When a schema hides a field: Kubeapps' `hidden`, which Bitnami's schemas have, and `x-display: hidden`.

use crate::path::Path;
use crate::value::{Map, Value};

/// When a field is hidden.
#[derive(Clone, Debug)]
pub(crate) enum Hidden {
    /// In any case.
    Always,
    /// If values at paths are these.
    If(Joint, Vec<(Path, Value)>),
}

/// How several comparisons count together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Joint {
    And,
    Or,
    Nor,
}

impl Hidden {
    /// What a schema says.
    pub(super) fn read(schema: &Map) -> Option<Hidden> {
        if schema.get("x-display").and_then(Value::as_text) == Some("hidden") {
            return Some(Hidden::Always);
        }
        match schema.get("hidden")? {
            Value::Bool(true) => Some(Hidden::Always),
            Value::Text(path) => Some(Hidden::If(Joint::And, vec![(at(path), Value::Bool(true))])),
            Value::Map(condition) => match condition.get("conditions").and_then(Value::as_list) {
                Some(conditions) => {
                    let joint = match condition.get("operator").and_then(Value::as_text) {
                        Some("or") => Joint::Or,
                        Some("nor") => Joint::Nor,
                        _ => Joint::And,
                    };
                    let all: Option<Vec<_>> = conditions.iter().map(|c| comparison(c.as_map()?)).collect();
                    all.filter(|all| !all.is_empty()).map(|all| Hidden::If(joint, all))
                }
                None => comparison(condition).map(|one| Hidden::If(Joint::And, vec![one])),
            },
            _ => None,
        }
    }

    /// Whether it hides the field, with these values.
    pub(crate) fn holds(&self, values: &Value) -> bool {
        let Hidden::If(joint, all) = self else { return true };
        let is = |(path, wanted): &(Path, Value)| values.get(path) == Some(wanted);
        match joint {
            Joint::And => all.iter().all(is),
            Joint::Or => all.iter().any(is),
            Joint::Nor => !all.iter().any(is),
        }
    }
}

/// `{"path": "ingress/enabled", "value": false}`
fn comparison(condition: &Map) -> Option<(Path, Value)> {
    let path = condition.get("path")?.as_text()?;
    Some((at(path), condition.get("value").cloned().unwrap_or(Value::Bool(true))))
}

fn at(path: &str) -> Path {
    path.split('/').filter(|key| !key.is_empty()).collect()
}
