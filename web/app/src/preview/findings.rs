//! What the engine says is wrong, as a person needs it: one finding for each value, and the way to it.
//!
//! Helm reports all that a schema refuses in one text, with pointers into the values of a chart. A component's chart has
//! its values below the component's name.

use chartwright_protocol::RefusedField;
use chartwright_values::{Item, Path};
use contract::{Problem, nearest};

use super::values::Values;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What.
    pub what: String,
    /// The value that it is about; none where it is about none.
    pub path: Option<Path>,
    /// What to do; empty where nothing is known.
    pub hint: String,
}

impl Finding {
    /// A finding that is not about a value.
    fn new(what: &str) -> Finding {
        Finding { what: what.to_owned(), path: None, hint: String::new() }
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
        vec![Finding { path, hint, ..Finding::new(&problem.message) }]
    }

    /// What a message of schema validation says of each value; nothing where it is another message. The pointers are
    /// into the values below a path.
    pub fn refused_values(&self, message: &str, below: &Path) -> Vec<Finding> {
        let mut found = Vec::new();
        for line in message.lines() {
            let Some((pointer, says)) = line.trim().strip_prefix("- at '").and_then(|line| line.split_once("': "))
            else {
                continue;
            };
            // What follows says what failed.
            if says == "validation failed" {
                continue;
            }
            let at =
                Path::from_pointer(pointer).steps().iter().cloned().fold(below.clone(), |path, step| path.join(step));
            let unknown = unknown_keys(says);
            for key in &unknown {
                let path = self.resolve(&at.key(key));
                let what = format!("`{path}` is not a value of this chart");
                let hint = nearest(key, self.names_at(&at)).map(|name| format!("did you mean `{name}`?"));
                found.push(Finding { what, path: Some(path), hint: hint.unwrap_or_default() });
            }
            if unknown.is_empty() {
                let path = self.resolve(&at);
                let what = if path.is_empty() { says.to_owned() } else { format!("`{path}`: {says}") };
                found.push(Finding { path: Some(path).filter(|path| !path.is_empty()), ..Finding::new(&what) });
            }
        }
        found
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

/// The keys of `additional properties 'a', 'b' not allowed`.
fn unknown_keys(says: &str) -> Vec<&str> {
    let keys = says.strip_prefix("additional properties ").and_then(|rest| rest.strip_suffix(" not allowed"));
    keys.map(|keys| keys.split(", ").map(|key| key.trim_matches('\'')).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use contract::{Code, Place, Severity};

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
            "web.tag | `web.tag`: got number, want string | ",
            " | missing property 'db' | ",
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
        assert_eq!(found(&values, &below), ["web.tag | `web.tag`: got number, want string | "]);
        let other = Problem { path: "web.tag".into(), ..problem("it is no tag", None) };
        assert_eq!(found(&values, &other), ["web.tag | it is no tag | "]);
        let none = Problem { path: "spec.release".into(), ..problem("it does not render", None) };
        assert_eq!(found(&values, &none), [" | it does not render | "]);
    }
}
