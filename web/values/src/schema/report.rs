//! The report of schema validation, as Helm prints it, read value by value.
//!
//! It is a tree: below `'allOf' failed` and its like stand the reasons, below `'anyOf' failed` those of each shape. A
//! person needs one line for each value.

use super::words::{Mismatch, joined, plain_words, quoted_list, unquoted};
use crate::path::Path;

/// A value that a schema refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The chart whose schema it is; empty where the report does not say.
    pub chart: String,
    /// The value, in the values of that chart.
    pub path: Path,
    /// What it is about.
    pub kind: ViolationKind,
    /// What is wrong, in a sentence without a full stop.
    pub says: String,
}

/// What a [`Violation`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViolationKind {
    /// The value.
    Value,
    /// A value that is not there, but must be.
    Missing,
    /// A key that the schema does not know.
    UnknownKey,
    /// The name of a key. The report may leave out where the map is: then only the last step of the path is right.
    Key,
}

/// The values that a report of schema validation refuses; none where a message is another one.
///
/// ```
/// let report = "shop:\n- at '/web': 'allOf' failed\n  - at '/web/replicas': got string, want integer\n";
/// let found = chartwright_values::violations(report);
/// assert_eq!(found.len(), 1);
/// assert_eq!((found[0].path.to_string(), &*found[0].says), ("web.replicas".into(), "Must be a whole number, not a string"));
/// ```
pub fn violations(report: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut chart = String::new();
    let mut lines: Vec<Line> = Vec::new();
    for text in report.lines() {
        if let Some(line) = Line::read(text) {
            lines.push(line);
        } else if let Some(name) = text.strip_suffix(':').filter(|name| !name.is_empty() && !name.contains(' ')) {
            collect(&lines, &chart, &mut found);
            lines.clear();
            name.clone_into(&mut chart);
        }
    }
    collect(&lines, &chart, &mut found);
    found
}

fn collect(lines: &[Line], chart: &str, found: &mut Vec<Violation>) {
    for leaf in leaves(lines, &Path::root()) {
        let one = Violation { chart: chart.to_owned(), path: leaf.path, kind: leaf.kind, says: leaf.says };
        if !found.contains(&one) {
            found.push(one);
        }
    }
}

/// A line of a report.
struct Line {
    depth: usize,
    at: Path,
    says: String,
}

impl Line {
    fn read(text: &str) -> Option<Line> {
        let rest = text.trim_start_matches(' ');
        let (pointer, says) = unquoted(rest.strip_prefix("- at ").filter(|rest| rest.starts_with('\''))?);
        let says = says.strip_prefix(": ")?.to_owned();
        Some(Line { depth: text.len() - rest.len(), at: Path::from_pointer(&pointer), says })
    }
}

/// A reason that has no others below it.
#[derive(Clone)]
struct Leaf {
    path: Path,
    kind: ViolationKind,
    says: String,
}

/// The reasons of some lines of which the first is the outermost. `above` is where the value around them is.
fn leaves(lines: &[Line], above: &Path) -> Vec<Leaf> {
    let mut found = Vec::new();
    for node in nodes(lines) {
        let Some((line, below)) = node.split_first() else { continue };
        // Where only a key is wrong, the report forgets where its map is.
        let at = if line.at.is_empty() { above } else { &line.at };
        if let Some(name) = line.says.strip_prefix("invalid propertyName ") {
            let why: Vec<String> = below.iter().filter_map(|line| plain_words(&line.says)).collect();
            let says = match why.first() {
                Some(why) => why.replacen("Must", "The key must", 1),
                None => "No key may have this name".to_owned(),
            };
            found.push(Leaf { path: at.key(&unquoted(name).0), kind: ViolationKind::Key, says });
        } else if below.is_empty() {
            found.extend(of_line(line, at));
        } else if line.says.starts_with("'anyOf' failed") || line.says.starts_with("'oneOf' failed") {
            found.extend(of_shapes(below, at));
        } else if line.says.contains(" match contains schema") {
            found.extend(of_line(line, at));
        } else {
            found.extend(leaves(below, at));
        }
    }
    found
}

/// Some lines as trees: each the outermost line with those below it.
fn nodes(lines: &[Line]) -> Vec<&[Line]> {
    let mut nodes = Vec::new();
    let mut rest = lines;
    while let Some((first, behind)) = rest.split_first() {
        let below = behind.iter().position(|line| line.depth <= first.depth).unwrap_or(behind.len());
        let (node, after) = rest.split_at(below + 1);
        nodes.push(node);
        rest = after;
    }
    nodes
}

/// What a line says that has none below it.
fn of_line(line: &Line, at: &Path) -> Vec<Leaf> {
    let says = &line.says;
    let of_keys = |keys: &str, kind: ViolationKind, says: &str| {
        let leaf = |key: &String| Leaf { path: at.key(key), kind, says: says.to_owned() };
        quoted_list(keys).iter().map(leaf).collect()
    };
    let missing = says.strip_prefix("missing property ").or_else(|| says.strip_prefix("missing properties "));
    if let Some(keys) = missing {
        return of_keys(keys, ViolationKind::Missing, "A value is required");
    }
    if let Some((keys, other)) = says.strip_prefix("properties ").and_then(|rest| rest.split_once(" required, if "))
        && let Some(other) = other.strip_suffix(" exists")
    {
        let why = format!("A value is required where {} is set", unquoted(other).0);
        return of_keys(keys, ViolationKind::Missing, &why);
    }
    if let Some(keys) = says.strip_prefix("additional properties ").and_then(|rest| rest.strip_suffix(" not allowed")) {
        return of_keys(keys, ViolationKind::UnknownKey, "Is not a value of this chart");
    }
    let says = plain_words(says).unwrap_or_else(|| says.clone());
    vec![Leaf { path: at.clone(), kind: ViolationKind::Value, says }]
}

/// What is said of several shapes none of which fits: of the only one that comes near, or of all in a sentence.
fn of_shapes(below: &[Line], at: &Path) -> Vec<Leaf> {
    let value = |says: String| Leaf { path: at.clone(), kind: ViolationKind::Value, says };
    let mismatch =
        |shape: &&[Line]| shape.first().filter(|line| line.at == *at).and_then(|line| Mismatch::read(&line.says));
    let shapes = nodes(below);
    // A value of a wrong type is far from a shape.
    let near: Vec<_> = shapes.iter().copied().filter(|shape| mismatch(shape).is_none()).collect();
    if near.is_empty() {
        let mut types = shapes.iter().filter_map(mismatch);
        let Some(mut all) = types.next() else { return Vec::new() };
        for kind in types.flat_map(|one| one.wanted) {
            if !all.wanted.contains(&kind) {
                all.wanted.push(kind);
            }
        }
        return vec![value(all.says())];
    }
    if let [only] = &*near {
        return leaves(only, at);
    }
    let mut parts: Vec<String> = Vec::new();
    for shape in near {
        let said: Vec<String> = leaves(shape, at).iter().map(|leaf| relative(leaf, at)).collect();
        let said = joined(&said, "and");
        if !parts.contains(&said) {
            parts.push(said);
        }
    }
    let bare: Option<Vec<String>> = parts.iter().map(|part| part.strip_prefix("must be ").map(str::to_owned)).collect();
    let says = match bare {
        Some(parts) => format!("Must be {}", joined(&parts, "or")),
        None => format!("{NO_SHAPE}: {}", parts.join(", or ")),
    };
    // A sentence that nobody reads to its end helps nobody.
    vec![value(if says.chars().count() > MOST_LETTERS { NO_SHAPE.to_owned() } else { says })]
}

const NO_SHAPE: &str = "Must have one of the shapes that are allowed";

/// Longer sentences about several shapes are cut.
const MOST_LETTERS: usize = 300;

/// What is wrong with a value in a shape, as a part of a sentence about the value around it.
fn relative(leaf: &Leaf, at: &Path) -> String {
    let steps = leaf.path.steps().get(at.len()..).unwrap_or_default();
    let path = if steps.is_empty() { String::new() } else { format!("`{}` ", Path::from(steps.to_vec())) };
    match (leaf.kind, leaf.says.strip_prefix("Must ")) {
        (ViolationKind::Missing, _) => format!("{path}is required"),
        (ViolationKind::UnknownKey, _) => format!("{path}must not be set"),
        (ViolationKind::Key, _) => leaf.says.replacen("The key", &format!("the key {}", path.trim_end()), 1),
        (_, Some(says)) => format!("{path}must {says}"),
        (_, None) => format!("{path}{}", leaf.says),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(report: &str) -> Vec<String> {
        let line = |one: Violation| {
            let kind = match one.kind {
                ViolationKind::Value => "",
                ViolationKind::Missing => "missing ",
                ViolationKind::UnknownKey => "unknown ",
                ViolationKind::Key => "key ",
            };
            format!("{}|{kind}{}|{}", one.chart, one.path, one.says)
        };
        violations(report).into_iter().map(line).collect()
    }

    #[test]
    fn groups_are_not_told_beside_what_is_in_them() {
        let report = "values don't meet the specifications of the schema(s) in the following chart(s):\nshop:\n\
                      - at '': validation failed\n  - at '': missing properties 'db', 'x'\n  - at '/web': 'allOf' failed\n    \
                      - at '/web/port': maximum: got 99,999, want 65,535\n    - at '/web/port': maximum: got 99,999, want 65,535\n  \
                      - at '/it\\'s': additional properties 'a' not allowed\ncache:\n- at '/size': got string, want null or integer\n";
        let want = [
            "shop|missing db|A value is required",
            "shop|missing x|A value is required",
            "shop|web.port|Must be at most 65535",
            "shop|unknown it's.a|Is not a value of this chart",
            "cache|size|Must be a whole number or null, not a string",
        ];
        assert_eq!(said(report), want);
        assert!(violations("error at (shop/templates/a.yaml:1): no\n- at home\n").is_empty());
    }

    #[test]
    fn the_name_of_a_key_is_one_problem() {
        let report = "base:\n- at '/config': 'allOf' failed\n  - at '': invalid propertyName 'bad key!'\n    \
                      - at '': 'bad key!' does not match pattern '^[-._A-Za-z0-9]+$'\n";
        let want = ["base|key config.\"bad key!\"|The key must have only letters, digits, -, . and _"];
        assert_eq!(said(report), want);
    }

    #[test]
    fn shapes_that_do_not_fit_are_one_problem() {
        let quantity = "shop:\n- at '/cpu': 'oneOf' failed, none matched\n  - at '/cpu': '1 G' does not match pattern '^[0-9]+G$'\n  \
                        - at '/cpu': got string, want number\n";
        assert_eq!(said(quantity), ["shop|cpu|Must match ^[0-9]+G$"]);
        let types = "- at '/a': 'anyOf' failed\n  - at '/a': got object, want string\n  - at '/a': got object, want null or integer\n";
        assert_eq!(said(types), ["|a|Must be a string, a whole number or null, not a map"]);
        let values = "- at '/a': 'anyOf' failed\n  - at '/a': value must be 'x'\n  - at '/a': minimum: got 1, want 3\n";
        assert_eq!(said(values), ["|a|Must be x or at least 3"]);
        let shapes = "- at '/a': 'oneOf' failed, none matched\n  - at '/a/kind': value must be 'none'\n  \
                      - at '/a': validation failed\n    - at '/a/kind': value must be 's3'\n    - at '/a': missing property 'bucket'\n";
        let want = "|a|Must have one of the shapes that are allowed: `kind` must be none, or `kind` must be s3 and `bucket` is required";
        assert_eq!(said(shapes), [want]);
        let inner = "- at '/a': 'oneOf' failed, none matched\n  - at '/a': got object, want null\n  \
                     - at '/a': 'allOf' failed\n    - at '/a/b': got string, want integer\n";
        assert_eq!(said(inner), ["|a.b|Must be a whole number, not a string"]);
    }
}
