//! Two renders beside each other.

use std::collections::BTreeMap;

use chartwright_api::types::{Difference, ObjectChange, ObjectName, Preview};
use contract::ObjectOut;
use similar::TextDiff;

/// How many lines around a change are shown.
const CONTEXT: usize = 3;

/// What the second render adds, takes away and changes.
pub(crate) fn between(from: Preview, to: Preview) -> Difference {
    let mut before = by_name(&from.output.objects);
    let mut difference = Difference { from: from.digest, to: to.digest, ..Difference::default() };
    for (object, text) in by_name(&to.output.objects) {
        match before.remove(&object) {
            None => difference.added.push(object),
            Some(old) if old == text => difference.same += 1,
            Some(old) => {
                let diff = TextDiff::from_lines(old.as_str(), text.as_str());
                let diff = diff.unified_diff().context_radius(CONTEXT).to_string();
                difference.changed.push(ObjectChange { object, diff });
            }
        }
    }
    difference.removed = before.into_keys().collect();
    difference.from_problems = from.output.problems;
    difference.to_problems = to.output.problems;
    difference
}

/// The texts of objects; one that is rendered twice has both.
fn by_name(objects: &[ObjectOut]) -> BTreeMap<ObjectName, String> {
    let mut found: BTreeMap<ObjectName, String> = BTreeMap::new();
    for object in objects {
        let name = ObjectName {
            api_version: object.api_version.clone(),
            kind: object.kind.clone(),
            namespace: object.namespace.clone(),
            name: object.name.clone(),
        };
        found.entry(name).or_default().push_str(&object.text.to_str_lossy());
    }
    found
}

#[cfg(test)]
mod tests {
    use contract::RenderOutput;

    use super::*;

    fn render(objects: &[(&str, &str)]) -> Preview {
        let object = |(name, text): &(&str, &str)| ObjectOut {
            kind: "ConfigMap".into(),
            name: (*name).into(),
            text: (*text).into(),
            ..ObjectOut::default()
        };
        let objects = objects.iter().map(object).collect();
        Preview { output: RenderOutput { objects, ..RenderOutput::default() }, ..Preview::default() }
    }

    #[test]
    fn objects_are_compared_by_name() {
        let from = render(&[("a", "x: 1\n"), ("b", "x: 1\n"), ("c", "x: 1\ny: 2\n")]);
        let to = render(&[("b", "x: 1\n"), ("c", "x: 1\ny: 3\n"), ("d", "x: 1\n")]);
        let difference = between(from, to);
        let names = |objects: &[ObjectName]| objects.iter().map(|o| o.name.clone()).collect::<Vec<_>>();
        assert_eq!((names(&difference.added), names(&difference.removed)), (vec!["d".into()], vec!["a".into()]));
        assert_eq!((difference.same, difference.changed.len()), (1, 1));
        assert_eq!(difference.changed[0].diff, "@@ -1,2 +1,2 @@\n x: 1\n-y: 2\n+y: 3\n");
    }
}
