//! What the engine says is wrong, as a person needs it: one finding for each value, and the way to it.
//!
//! Helm reports all that a schema refuses in one text, with pointers into the values of a chart. A component's chart has
//! its values below the component's name.

use chartwright_protocol::RefusedField;
use chartwright_values::{Item, Path, Problem as Wrong, Value, Violation, ViolationKind, plain_words, violations};
use contract::{Code, Problem, nearest};

use super::values::Values;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What, in a sentence of its own.
    pub what: String,
    /// The same without the name of the value, where another sentence does not name it: for the value's field.
    pub says: Option<String>,
    /// Whether it is about the key of the value, and not about the value itself.
    pub is_of_key: bool,
    /// The value that it is about; none where it is about none.
    pub path: Option<Path>,
    /// What to do; empty where nothing is known.
    pub hint: String,
}

impl Finding {
    /// A finding that is not about a value.
    fn new(what: &str) -> Finding {
        Finding { what: what.to_owned(), says: None, is_of_key: false, path: None, hint: String::new() }
    }
}

impl Values {
    /// What a problem says, value by value.
    pub fn findings(&self, problem: &Problem) -> Vec<Finding> {
        let component = problem.component.as_deref().map(|name| Path::default().key(name)).unwrap_or_default();
        let refused = self.refused_values(&problem.message, &component);
        if !refused.is_empty() {
            return refused;
        }
        let known = |path: &Path| !path.is_empty() && self.value_at(path).is_some();
        let path = problem.path.parse().ok().filter(known);
        let hint = problem.hint.as_ref().map(crate::words::hint).unwrap_or_default();
        vec![Finding { path, hint, ..Finding::new(&in_plain_words(problem)) }]
    }

    /// What a message of schema validation says of each value; nothing where it is another message. The pointers are
    /// into the values below a path.
    pub fn refused_values(&self, message: &str, below: &Path) -> Vec<Finding> {
        violations(message).into_iter().map(|violation| self.refused_value(violation, below)).collect()
    }

    fn refused_value(&self, violation: Violation, below: &Path) -> Finding {
        let Violation { chart, path, kind, mut says } = violation;
        // The values of a subchart stand below its name.
        let of_chart = below.key(&chart);
        let is_subchart = chart != self.chart() && matches!(self.value_at(&of_chart), Some(Value::Map(_)));
        let below = if is_subchart { &of_chart } else { below };
        let path = path.steps().iter().cloned().fold(below.clone(), |path, step| path.join(step));
        let mut path = self.resolve(&path);
        let mut hint = None;
        match kind {
            ViolationKind::UnknownKey => {
                if let Some((map, step)) = path.split_last()
                    && let Some(key) = step.key()
                {
                    hint = nearest(key, self.names_at(&map)).map(|name| format!("did you mean `{name}`?"));
                }
            }
            ViolationKind::Key => path = self.key_like(path, below),
            ViolationKind::Missing => {}
            // The form may know more than the schema says: that it is a quantity.
            ViolationKind::Value => {
                let form = self.form();
                let field = form.fields().into_iter().find(|field| field.path == path && field.typed.is_none());
                if let Some(better @ Wrong::Quantity) = field.and_then(|field| field.problem.as_ref()) {
                    says = better.to_string();
                }
            }
        }
        let what = match kind {
            _ if path.is_empty() => says.clone(),
            ViolationKind::UnknownKey => format!("`{path}` is not a value of this chart"),
            _ => named(&path, &says),
        };
        Finding {
            says: Some(says),
            is_of_key: kind == ViolationKind::Key,
            path: Some(path).filter(|path| !path.is_empty()),
            hint: hint.unwrap_or_default(),
            ..Finding::new(&what)
        }
    }

    /// The path of a key. The report of validation forgets where the map is, so that only the name counts if no such key
    /// is there.
    fn key_like(&self, path: Path, below: &Path) -> Path {
        if self.value_at(&path).is_some() {
            return path;
        }
        let mut found = self.keys_like(&path);
        found.retain(|one| below.contains(one));
        <[Path; 1]>::try_from(found).map_or(path, |[one]| one)
    }

    /// A field of an object that the API server refuses: about the value that was typed, where it is one.
    pub fn finding_of(&self, refused: &RefusedField) -> Finding {
        let typed = if refused.value.is_empty() { Vec::new() } else { self.set_to(&refused.value) };
        // Where several values are the same, nobody knows which of them it was.
        let path = <[Path; 1]>::try_from(typed).ok().map(|[path]| path);
        Finding { path, ..Finding::new(&refused.what) }
    }

    /// How many things a failure says: as many as the list of problems has.
    pub fn count_of(&self, message: &str) -> usize {
        self.refused_values(message, &Path::default()).len().max(1)
    }

    /// The names that the form has at a path, which the override did not bring.
    fn names_at(&self, at: &Path) -> Vec<String> {
        let form = self.form();
        let mut names = Vec::new();
        add_names(&form.items, at, &mut names);
        names.retain(|name| !form.unknown.contains(&at.key(name)));
        names
    }
}

fn add_names(items: &[Item], at: &Path, names: &mut Vec<String>) {
    for item in items {
        if let Some(path) = item.path()
            && let Some((parent, last)) = path.split_last()
            && parent == *at
            && let Some(key) = last.key()
        {
            names.push(key.to_owned());
        }
        add_names(item.items(), at, names);
    }
}

/// The message of a problem. Of values that a base chart refuses, the engine says why in Helm's words.
fn in_plain_words(problem: &Problem) -> String {
    let plain = || {
        let (who, why) = problem.message.split_once(": ").filter(|_| problem.code == Code::RefusedValue)?;
        Some(format!("{who}: {}", uncapital(&plain_words(why)?)))
    };
    plain().unwrap_or_else(|| problem.message.clone())
}

fn uncapital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// What is wrong with a value, with the name of it: the sentence goes on after a colon.
pub(super) fn named(path: &Path, says: &str) -> String {
    format!("`{path}`: {}", uncapital(says))
}

#[cfg(test)]
mod tests {
    use contract::{Place, Severity};

    use super::super::values::tests::opened;
    use super::*;

    const SCHEMA: &str = r#"{"properties": {"web": {"properties": {"replicas": {"type": "integer"}, "tag": {}}}}}"#;

    fn problem(message: &str, component: Option<&str>) -> Problem {
        let problem = Problem::new(Severity::Error, Code::Render, message, Place::default());
        Problem { component: component.map(str::to_owned), ..problem }
    }

    fn found(values: &Values, problem: &Problem) -> Vec<String> {
        let one = |finding: Finding| {
            let path = finding.path.map(|path| path.to_string()).unwrap_or_default();
            format!("{path} | {} | {}", finding.what, finding.hint)
        };
        values.findings(problem).into_iter().map(one).collect()
    }

    #[test]
    fn each_refused_value_is_a_finding() {
        let values = Values::new(&opened("web: {tag: a}\n", Some(SCHEMA)), "web:\n  replica: 3\n  tag: 5\n");
        let message = "values don't meet the specifications of the schema(s) in the following chart(s):\nshop:\n\
                       - at '/web': validation failed\n  - at '/web': additional properties 'replica', 'x' not allowed\n\
                       - at '/web/tag': got number, want string\n- at '': missing property 'db'\n";
        let want = [
            "web.replica | `web.replica` is not a value of this chart | did you mean `replicas`?",
            "web.x | `web.x` is not a value of this chart | ",
            "web.tag | `web.tag`: must be a string, not a number | ",
            "db | `db`: a value is required | ",
        ];
        assert_eq!(found(&values, &problem(message, None)), want);
    }

    #[test]
    fn what_kubernetes_refuses_leads_to_the_value() {
        let values = Values::new(&opened("host: a\n", None), "host: my_shop!\nother: b\nmore: b\n");
        let refused = |value: &str| RefusedField { value: value.into(), what: "no".into(), ..RefusedField::default() };
        let path = |value: &str| values.finding_of(&refused(value)).path.map(|path| path.to_string());
        assert_eq!(path("my_shop!").as_deref(), Some("host"));
        assert_eq!((path("b"), path("z"), path("")), (None, None, None));
    }

    #[test]
    fn failures_count_as_often_as_they_are_listed() {
        let values = Values::new(&opened("web: {tag: a}\n", Some(SCHEMA)), "web:\n  tag: 5\n");
        let message = "shop:\n- at '/web': validation failed\n  - at '/web': additional properties 'a' not allowed\n  \
                       - at '/web/tag': got number, want string\n";
        assert_eq!((values.count_of(message), values.count_of("it does not render")), (2, 1));
    }

    #[test]
    fn values_of_components_stand_below_their_names() {
        let values = Values::new(&opened("web: {tag: a}\n", Some(SCHEMA)), "web:\n  tag: 5\n");
        let below = problem("base:\n- at '/tag': got number, want string", Some("web"));
        assert_eq!(found(&values, &below), ["web.tag | `web.tag`: must be a string, not a number | "]);
        let other = Problem { path: "web.tag".into(), ..problem("it is no tag", None) };
        assert_eq!(found(&values, &other), ["web.tag | it is no tag | "]);
        let base = "the base chart web refuses this value: got string, want integer";
        let base = Problem { code: Code::RefusedValue, ..problem(base, None) };
        let want = " | the base chart web refuses this value: must be a whole number, not a string | ";
        assert_eq!(found(&values, &base), [want]);
        let none = Problem { path: "spec.release".into(), ..problem("it does not render", None) };
        assert_eq!(found(&values, &none), [" | it does not render | "]);
    }
}
