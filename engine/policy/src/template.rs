//! Where a template writes a field.

/// The line of a template that writes a field of an object, from 1; 0 where the template does not tell.
///
/// Templates are programs: which line wrote a field is not in the text that came out. This is the line that has the
/// field's key, in the document with the object's `kind`; else that of the field around it; else that of the kind.
///
/// ```
/// let template = "apiVersion: v1\nkind: Service\n---\nkind: Deployment\nspec:\n  replicas: {{ .Values.replicas }}\n";
/// assert_eq!(policy::line_of(template, "Deployment", "spec.replicas"), 6);
/// assert_eq!(policy::line_of(template, "Deployment", "spec.template.spec.containers[0].image"), 5);
/// assert_eq!(policy::line_of(template, "Deployment", ""), 4);
/// assert_eq!(policy::line_of(template, "Job", ""), 0);
/// ```
pub fn line_of(template: &str, kind: &str, path: &str) -> u32 {
    let lines: Vec<&str> = template.lines().collect();
    let mut documents = Vec::new();
    let mut start = 0;
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with("---") {
            documents.push(start..at);
            start = at + 1;
        }
    }
    documents.push(start..lines.len());
    let key_at = |range: &std::ops::Range<usize>, key: &str| {
        range.clone().find(|at| lines.get(*at).is_some_and(|line| value_of(line, key).is_some()))
    };
    let has_kind = |range: &std::ops::Range<usize>| {
        range
            .clone()
            .find(|at| lines.get(*at).and_then(|line| value_of(line, "kind")).is_some_and(|value| value == kind))
    };
    let found = documents.iter().find_map(|range| Some((range, has_kind(range)?)));
    // A kind that is computed, in a template with one document.
    let computed = || match &*documents {
        [only] => Some((only, key_at(only, "kind")?)),
        _ => None,
    };
    let Some((range, kind_at)) = found.or_else(computed) else { return 0 };
    // Key by key: what is further in stands further down, or on the same line. Where helpers write a part, the field
    // around it stays.
    let mut at: Option<usize> = None;
    for key in path.split('.').map(|step| step.split('[').next().unwrap_or_default()).filter(|key| !key.is_empty()) {
        let same = at.filter(|at| lines.get(*at).is_some_and(|line| is_in(line, key)));
        let after = at.map_or(range.start, |at| at + 1)..range.end;
        at = same.or_else(|| key_at(&after, key)).or(at);
    }
    at.unwrap_or(kind_at) as u32 + 1
}

/// Whether a line has a key within braces.
fn is_in(line: &str, key: &str) -> bool {
    let mut rest = line;
    while let Some(at) = rest.find(key) {
        let (before, behind) = (rest.get(..at).unwrap_or_default(), rest.get(at + key.len()..).unwrap_or_default());
        if behind.starts_with(':') && before.trim_end().ends_with(['{', ',']) {
            return true;
        }
        rest = behind;
    }
    false
}

/// What stands behind a key, if a line has the key.
fn value_of<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    let written = line.trim_start().trim_start_matches("- ").trim_start();
    let value = written.strip_prefix(key)?.strip_prefix(':')?;
    let value = value.split(" #").next().unwrap_or_default();
    Some(value.trim().trim_matches(['"', '\'']))
}
