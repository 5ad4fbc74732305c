//! A render's result as the page holds it: objects that did not change are those of the result before, so that
//! nothing of them is drawn anew.

use std::collections::BTreeMap;
use std::rc::Rc;

use chartwright_kit::{Mark, MarkKind, Slice, changed_lines};
use chartwright_protocol::{ObjectHead, RefusedField, Rendered};
use contract::{Asked, ChartWanted, Problem, ReleaseOut, Severity, Summary};

/// Most lines of an object that flash: more say no more to anyone, and each is an element.
const MARKS: usize = 300;

/// An object and its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Everything but the text.
    pub head: ObjectHead,
    /// Its text.
    pub text: Slice,
    /// The lines that the last render changed.
    pub marks: Rc<[Mark]>,
    /// Counts renders that changed it: what flashes does so once for each.
    pub change: u32,
}

impl Object {
    /// The first of the lines that the last render changed.
    pub fn first_mark(&self) -> Option<u32> {
        self.marks.first().map(|mark| mark.line)
    }
}

/// A result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Names it in the worker.
    pub digest: String,
    /// The objects in the order of their installation.
    pub objects: Vec<Rc<Object>>,
    /// Their text as `chartwright render` prints it.
    pub text: Rc<str>,
    /// How many bytes of the text are printed.
    pub printed: usize,
    /// What they amount to.
    pub summary: Rc<Summary>,
    /// The notes.
    pub notes: Rc<str>,
    /// What Helm warns of.
    pub warnings: Vec<String>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What the API server refuses of the objects.
    pub refused: Vec<RefusedField>,
    /// Charts that were not given.
    pub wanted: Vec<ChartWanted>,
    /// What templates asked of the world.
    pub asked: Asked,
    /// The releases.
    pub releases: Vec<ReleaseOut>,
    /// Milliseconds in the engine.
    pub took: f64,
    /// How many objects the last render added, changed or took away.
    pub moved: usize,
    /// How many of these are more than the HelmReleases that deploy the others.
    pub moved_running: usize,
}

impl Outcome {
    /// Takes a render's answer, and of the result before what is the same.
    pub fn new(head: Rendered, text: Vec<u8>, before: Option<&Outcome>) -> Outcome {
        let text = match String::from_utf8(text) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        };
        let text: Rc<str> = text.into();
        let mut gone: BTreeMap<&str, &Rc<Object>> = before
            .map(|before| before.objects.iter().map(|object| (object.head.key.as_str(), object)).collect())
            .unwrap_or_default();
        let deep = head.objects.iter().any(|object| object.level > 1);
        let (mut moved, mut moved_running) = (0, 0);
        let mut moves = |object: &ObjectHead| {
            moved += 1;
            moved_running += usize::from(!deep || object.kind != "HelmRelease");
        };
        // Each object has a text of its own: what stays from render to render must not keep whole results alive.
        let mut objects = Vec::with_capacity(head.objects.len());
        for head in head.objects {
            let part = text.get(head.start as usize..head.end as usize).unwrap_or_default();
            objects.push(match gone.remove(head.key.as_str()) {
                Some(previous) if previous.text.as_str() == part && same_head(&previous.head, &head) => {
                    Rc::clone(previous)
                }
                Some(previous) => {
                    moves(&head);
                    let lines = changed_lines(previous.text.as_str(), part);
                    let marks =
                        lines.into_iter().take(MARKS).map(|line| Mark { line, kind: MarkKind::Changed }).collect();
                    Rc::new(Object { head, text: Slice::from(part), marks, change: previous.change + 1 })
                }
                None => {
                    if before.is_some() {
                        moves(&head);
                    }
                    let all = if before.is_some() { head.lines.min(MARKS as u32) } else { 0 };
                    let marks = (0..all).map(|line| Mark { line, kind: MarkKind::Changed }).collect();
                    Rc::new(Object { head, text: Slice::from(part), marks, change: u32::from(before.is_some()) })
                }
            });
        }
        gone.values().for_each(|object| moves(&object.head));
        let summary = match before {
            Some(before) if *before.summary == head.summary => before.summary.clone(),
            _ => Rc::new(head.summary),
        };
        Outcome {
            digest: head.digest,
            objects,
            printed: (head.printed as usize).min(text.len()),
            text,
            summary,
            notes: head.notes.into(),
            warnings: head.warnings,
            problems: head.problems,
            refused: head.refused,
            wanted: head.wanted,
            asked: head.asked,
            releases: head.releases,
            took: head.took,
            moved,
            moved_running,
        }
    }

    /// The object of a key.
    pub fn object(&self, key: &str) -> Option<&Rc<Object>> {
        self.objects.iter().find(|object| object.head.key == key)
    }

    /// How many problems are errors.
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    }

    /// What the API server refuses, by value: one that is wrong is so in all places that it reaches.
    pub fn refused_values(&self) -> Vec<Vec<&RefusedField>> {
        let mut values: Vec<Vec<&RefusedField>> = Vec::new();
        for field in &self.refused {
            let same = |other: &RefusedField| {
                !field.value.is_empty() && other.value == field.value && other.what == field.what
            };
            match values.iter_mut().find(|fields| fields.first().is_some_and(|first| same(first))) {
                Some(fields) => fields.push(field),
                None => values.push(vec![field]),
            }
        }
        values
    }

    /// What `chartwright render` prints.
    pub fn printed(&self) -> &str {
        self.text.get(..self.printed).unwrap_or(&self.text)
    }
}

/// Whether all that is shown of two objects is the same; where their texts start is not.
fn same_head(a: &ObjectHead, b: &ObjectHead) -> bool {
    a.source == b.source && a.component == b.component && a.chart == b.chart && a.hook == b.hook && a.role == b.role
}

/// Objects that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The component; or the chart that made them.
    pub name: String,
    /// Them.
    pub objects: Vec<Rc<Object>>,
}

/// Objects by component, or by chart where there are no components. Groups come in the order in which their first
/// object is installed, kinds within them too.
pub fn groups(objects: &[Rc<Object>]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for object in objects {
        let name = group_name(&object.head);
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.objects.push(object.clone()),
            None => groups.push(Group { name: name.to_owned(), objects: vec![object.clone()] }),
        }
    }
    groups
}

/// The component of an object; else the innermost chart of its template's path: `shop/charts/db/templates/x.yaml`.
fn group_name(head: &ObjectHead) -> &str {
    if let Some(component) = &head.component {
        return component;
    }
    // What no template made is the module's own: its namespace, its HelmReleases.
    if head.source.is_empty() { "Module" } else { chart_of(&head.source) }
}

/// The innermost chart of a template's path: `db` of `shop/charts/db/templates/x.yaml`. A chart may be called `crds` or
/// `templates`, so the path is read from its beginning.
pub(super) fn chart_of(source: &str) -> &str {
    let mut path = source.split('/');
    let mut innermost = path.next().unwrap_or_default();
    while path.next() == Some("charts")
        && let Some(chart) = path.next()
    {
        innermost = chart;
    }
    innermost
}

/// How many objects are other than in a result to compare with.
pub fn changed_objects(base: &Outcome, now: &Outcome) -> usize {
    let old: BTreeMap<&str, &Rc<Object>> =
        base.objects.iter().map(|object| (object.head.key.as_str(), object)).collect();
    let mut common = 0;
    let mut changed = 0;
    for object in &now.objects {
        match old.get(object.head.key.as_str()) {
            Some(before) => {
                common += 1;
                changed += usize::from(!Rc::ptr_eq(before, object) && before.text != object.text);
            }
            None => changed += 1,
        }
    }
    changed + old.len() - common
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A render's answer with these objects: key, component, text.
    pub(crate) fn rendered(objects: &[(&str, Option<&str>, &str)]) -> (Rendered, Vec<u8>) {
        let mut text = String::new();
        let mut heads = Vec::new();
        for (key, component, yaml) in objects {
            let start = text.len() as u32;
            text.push_str(yaml);
            heads.push(ObjectHead {
                key: (*key).to_owned(),
                kind: "ConfigMap".into(),
                name: (*key).to_owned(),
                component: component.map(str::to_owned),
                source: "shop/charts/db/templates/a.yaml".into(),
                start,
                end: text.len() as u32,
                lines: yaml.lines().count() as u32,
                ..ObjectHead::default()
            });
        }
        let printed = text.len() as u32;
        (
            Rendered { objects: heads, digest: format!("sha256:{printed}"), printed, ..Rendered::default() },
            text.into_bytes(),
        )
    }

    fn outcome(objects: &[(&str, Option<&str>, &str)], before: Option<&Outcome>) -> Outcome {
        let (head, text) = rendered(objects);
        Outcome::new(head, text, before)
    }

    #[test]
    fn what_did_not_change_stays_the_same_object() {
        let first = outcome(&[("a", None, "x: 1\n"), ("b", None, "y: 1\nz: 2\n"), ("c", None, "c: 1\n")], None);
        assert_eq!((first.moved, first.objects[0].marks.len()), (0, 0));
        let second =
            outcome(&[("a", None, "x: 1\n"), ("b", None, "y: 2\nz: 2\n"), ("d", None, "d: 1\n")], Some(&first));
        assert!(Rc::ptr_eq(&first.objects[0], &second.objects[0]));
        assert_eq!(*second.objects[1].marks, [Mark { line: 0, kind: MarkKind::Changed }]);
        assert_eq!((second.objects[1].change, second.objects[2].change), (1, 1));
        assert_eq!(second.moved, 3);
        assert_eq!(changed_objects(&first, &second), 3);
        assert_eq!(changed_objects(&first, &first), 0);
        assert_eq!(second.printed(), "x: 1\ny: 2\nz: 2\nd: 1\n");
    }

    #[test]
    fn a_value_that_is_refused_counts_once() {
        let field = |value: &str, path: &str| RefusedField {
            value: value.into(),
            path: path.into(),
            what: "no".into(),
            ..RefusedField::default()
        };
        let refused = vec![field("a!", "x"), field("", "y"), field("a!", "z"), field("", "y")];
        let outcome = Outcome { refused, ..Outcome::default() };
        let numbers: Vec<usize> = outcome.refused_values().iter().map(Vec::len).collect();
        assert_eq!(numbers, [2, 1, 1]);
    }

    #[test]
    fn objects_are_grouped_by_component_or_chart() {
        let all = outcome(&[("a", Some("web"), "1\n"), ("b", None, "2\n"), ("c", Some("web"), "3\n")], None);
        let names: Vec<(String, usize)> =
            groups(&all.objects).into_iter().map(|group| (group.name, group.objects.len())).collect();
        assert_eq!(names, [("web".to_owned(), 2), ("db".to_owned(), 1)]);
        for (source, name) in [
            ("shop/templates/a.yaml", "shop"),
            ("stack/charts/crds/crds/a.yaml", "crds"),
            ("stack/charts/grafana/charts/db/templates/tests/a.yaml", "db"),
            ("shop/templates/charts/a.yaml", "shop"),
            ("", "Module"),
        ] {
            assert_eq!(group_name(&ObjectHead { source: source.into(), ..ObjectHead::default() }), name);
        }
    }
}
