//! What a patch is for: patterns and label selectors.

use goregex::Regex;
use govalue::Str;

use super::resource::Resource;
use crate::error::PostRenderError;
use crate::helmrelease::Selector;

/// A selector with its patterns read.
pub(super) struct Target {
    group: Option<Regex>,
    version: Option<Regex>,
    kind: Option<Regex>,
    namespace: Option<Regex>,
    name: Option<Regex>,
    labels: Vec<Requirement>,
    annotations: Vec<Requirement>,
}

impl Target {
    /// Reads a selector.
    ///
    /// # Errors
    /// If a pattern is not a regular expression, or a selector is not one.
    pub(super) fn new(selector: &Selector) -> Result<Target, PostRenderError> {
        let pattern = |text: &str| {
            if text.is_empty() {
                return Ok(None);
            }
            let anchored = format!("^(?:{text})$");
            Regex::new(anchored.as_bytes())
                .map(Some)
                .map_err(|e| PostRenderError::new(format!("error parsing regexp: {e}")))
        };
        Ok(Target {
            group: pattern(&selector.group)?,
            version: pattern(&selector.version)?,
            kind: pattern(&selector.kind)?,
            namespace: pattern(&selector.namespace)?,
            name: pattern(&selector.name)?,
            labels: requirements(&selector.label_selector)?,
            annotations: requirements(&selector.annotation_selector)?,
        })
    }

    /// Whether it is for a resource. Names and namespaces may also be those that
    /// the resource had before patches changed them.
    pub(super) fn selects(&self, resource: &Resource) -> bool {
        let id = resource.id();
        let first = resource.first_id.as_ref().unwrap_or(&id);
        let matches = |pattern: &Option<Regex>, text: &[u8]| pattern.as_ref().is_none_or(|p| p.is_match(text));
        let set = |requirements: &[Requirement], field| {
            requirements.is_empty() || {
                let texts = resource.texts(field);
                requirements.iter().all(|r| r.matches(&texts))
            }
        };
        (matches(&self.namespace, first.effective_namespace()) || matches(&self.namespace, id.effective_namespace()))
            && (matches(&self.name, &first.name) || matches(&self.name, &id.name))
            && matches(&self.group, &id.group)
            && matches(&self.version, &id.version)
            && matches(&self.kind, &id.kind)
            && set(&self.labels, b"labels")
            && set(&self.annotations, b"annotations")
    }
}

/// A part of a label selector.
#[derive(Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Exists,
    DoesNotExist,
    In,
    NotIn,
    GreaterThan,
    LessThan,
}

impl Requirement {
    fn matches(&self, texts: &[(Str, Str)]) -> bool {
        let found = texts.iter().find(|(k, _)| *k == self.key.as_str()).map(|(_, v)| v);
        let among = |value: &Str| self.values.iter().any(|v| *value == v.as_str());
        let number = |text: &str| text.parse::<i64>().ok();
        let compare = |value: &Str, less: bool| match (
            value.to_str().and_then(number),
            self.values.first().and_then(|v| number(v)),
        ) {
            (Some(a), Some(b)) => {
                if less {
                    a < b
                } else {
                    a > b
                }
            }
            _ => false,
        };
        match (self.operator, found) {
            (Operator::Exists, found) => found.is_some(),
            (Operator::DoesNotExist, found) => found.is_none(),
            (Operator::In, found) => found.is_some_and(among),
            (Operator::NotIn, found) => !found.is_some_and(among),
            (Operator::GreaterThan, found) => found.is_some_and(|v| compare(v, false)),
            (Operator::LessThan, found) => found.is_some_and(|v| compare(v, true)),
        }
    }
}

/// Reads a label selector (`labels.Parse`): `a=b,c!=d,e in (f,g),!h`.
fn requirements(text: &str) -> Result<Vec<Requirement>, PostRenderError> {
    let fail = |why: &str| PostRenderError::new(format!("unable to parse requirement: {why} in selector {text:?}"));
    let mut rest = text.trim();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (negated, after) = match rest.strip_prefix('!') {
            Some(after) => (true, after.trim_start()),
            None => (false, rest),
        };
        let (key, after) = word(after);
        if key.is_empty() {
            return Err(fail("found no key"));
        }
        let after = after.trim_start();
        let mut values = Vec::new();
        let (operator, after) = if after.is_empty() || after.starts_with(',') {
            (if negated { Operator::DoesNotExist } else { Operator::Exists }, after)
        } else if negated {
            return Err(fail("found an operator after '!'"));
        } else {
            let operators = [
                ("==", Operator::In),
                ("=", Operator::In),
                ("!=", Operator::NotIn),
                (">", Operator::GreaterThan),
                ("<", Operator::LessThan),
            ];
            let sign = operators.iter().find_map(|(sign, op)| Some((*op, after.strip_prefix(sign)?)));
            match sign {
                Some((operator, after)) => {
                    let (value, after) = word(after.trim_start());
                    values.push(value.to_owned());
                    (operator, after)
                }
                None => {
                    let (name, after) = word(after);
                    let operator = match name {
                        "in" => Operator::In,
                        "notin" => Operator::NotIn,
                        _ => return Err(fail("found no operator")),
                    };
                    let list = after.trim_start().strip_prefix('(').and_then(|r| r.split_once(')'));
                    let Some((list, after)) = list else { return Err(fail("expected '(' and ')'")) };
                    values.extend(list.split(',').map(|v| v.trim().to_owned()));
                    (operator, after)
                }
            }
        };
        found.push(Requirement { key: key.to_owned(), operator, values });
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(after) if after.trim().is_empty() => return Err(fail("found nothing after ','")),
            Some(after) => after.trim_start(),
            None if after.is_empty() => after,
            None => return Err(fail("expected ',' or end")),
        };
    }
    Ok(found)
}

/// A key or value, and what follows.
fn word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| c.is_whitespace() || "=!<>(),".contains(c)).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_selectors_as_kubernetes_reads_them() {
        let labels = [(Str::from("app"), Str::from("web")), (Str::from("n"), Str::from("5"))];
        let cases = [
            ("", Some(true)),
            ("app", Some(true)),
            ("!app", Some(false)),
            ("app=web", Some(true)),
            ("app == web , n", Some(true)),
            ("app!=web", Some(false)),
            ("other!=web", Some(true)),
            ("app in (web, db)", Some(true)),
            ("app notin (web)", Some(false)),
            ("other notin (web)", Some(true)),
            ("n>4,n<6", Some(true)),
            ("app>4", Some(false)),
            ("other=", Some(false)),
            ("app web", None),
            ("app in web", None),
            ("app=web,", None),
            ("=web", None),
        ];
        for (text, want) in cases {
            let got = requirements(text).map(|r| r.iter().all(|r| r.matches(&labels)));
            assert_eq!(got.ok(), want, "{text}");
        }
    }
}
