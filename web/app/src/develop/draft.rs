//! The descriptor that is worked on: one text, which the form and the editor change.
//!
//! An edit of the form is computed on the values, and only what differs is written into the text. The values of a
//! component have a form of their own, over the values of its base chart.

mod draw;

use std::rc::Rc;

use chartwright_kit::{EditorMark, Suggestion};
use chartwright_values::{Field, Form, FormSource, FormState, Item, Map, Model, Path, Refused, Schema, Value};
use contract::{Problem, Severity};

use super::bases::{Bases, Read};
use super::order;
use crate::form::{self, Edit};
use draw::over;

/// The descriptor's schema, with titles for people. A test compares it with the engine's.
const SCHEMA: &str = include_str!("module.schema.json");

/// A component, as its head shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its base chart: its own, or that of the module.
    pub template: Option<Value>,
    /// Whether the base chart is its own.
    pub own_template: bool,
    /// What it is installed after.
    pub depends_on: Vec<String>,
    /// How many values it sets.
    pub values: usize,
    /// How many settings the operator has.
    pub settings: usize,
}

/// The form of a component's values.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Over those of its base chart.
    Form(Rc<Form>),
    /// As a text: there is no base chart to draw a form from.
    Text(Box<Field>),
}

/// The descriptor that is worked on.
#[derive(Clone, Debug)]
pub struct Draft {
    model: Model,
    source: FormSource,
    form: Rc<Form>,
    components: Vec<Component>,
    /// Whether what is drawn is a descriptor: it has a module.
    drawn: bool,
    /// What is known of its form that is not in the text.
    known: FormState,
    /// The component that is open.
    open: Option<usize>,
    values: Option<Values>,
    /// What is known of the form of its values that is not in the text.
    values_known: FormState,
    marks: Rc<[EditorMark]>,
    suggestions: Rc<[Suggestion]>,
    refused: Option<String>,
    /// What the last edit was about: further ones of the same are undone with it.
    last: Option<Path>,
}

impl Default for Draft {
    fn default() -> Draft {
        let schema = Schema::read(SCHEMA).expect("a test reads the schema");
        Draft {
            model: Model::new("").expect("an empty text has no values"),
            source: FormSource { schema: Some(Rc::new(schema)), questions: None },
            form: Rc::default(),
            components: Vec::new(),
            drawn: false,
            known: FormState::default(),
            open: None,
            values: None,
            values_known: FormState::default(),
            marks: Rc::default(),
            suggestions: Rc::default(),
            refused: None,
            last: None,
        }
    }
}

/// The path of a component.
pub(super) fn component(index: usize) -> Path {
    Path::root().key("spec").key("components").index(index)
}

fn components() -> Path {
    Path::root().key("spec").key("components")
}

/// The same steps below another path.
fn below(path: &Path, more: &Path) -> Path {
    Path::from([path.steps(), more.steps()].concat())
}

/// The part of a descriptor that stays although it is empty.
fn root(path: &Path) -> Path {
    let of = |start: &str| start.parse::<Path>().is_ok_and(|start| start.contains(path));
    match path {
        path if of("spec.components") => path.prefix(3),
        path if of("spec.module") => path.prefix(2),
        path => path.prefix(1),
    }
}

/// Whether an empty text is as good as none.
fn is_optional(path: &Path) -> bool {
    let steps: Vec<&str> = path.steps().iter().filter_map(chartwright_values::Step::key).collect();
    path.last().is_some_and(|step| step.key().is_some())
        && match steps[..] {
            ["metadata", "namespace"] => true,
            ["spec", "module", key] => key != "version",
            ["spec", "module", "maintainers", key] => key != "name",
            ["spec", "release", key] => key != "values",
            ["spec", "release", "valuesFrom", key] => !matches!(key, "kind" | "name"),
            ["spec", .., "template", key] => key != "chart",
            ["spec", .., "template", "sourceRef", key] => key == "namespace",
            _ => false,
        }
}

impl Draft {
    /// The text.
    pub fn text(&self) -> Rc<str> {
        self.model.shared_text()
    }

    /// The form of the descriptor; without those of values.
    pub fn form(&self) -> &Rc<Form> {
        &self.form
    }

    /// The components.
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// The component that is open.
    pub fn open(&self) -> Option<usize> {
        self.open
    }

    /// The values of the open component.
    pub fn values(&self) -> Option<&Values> {
        self.values.as_ref()
    }

    /// The base chart of components that name none.
    pub fn template(&self) -> Option<&Value> {
        self.model.values().get(&Path::root().key("spec").key("template"))
    }

    /// The sources of base charts that a repository for Flux may have manifests of, as `NAMESPACE/NAME`.
    pub fn sources(&self) -> Vec<String> {
        let text = |path: &str| {
            let value = self.model.values().get(&path.parse().ok()?)?.as_text()?;
            (!value.is_empty()).then(|| value.to_owned())
        };
        let namespace = text("metadata.namespace").or_else(|| text("metadata.name")).unwrap_or_default();
        let templates = self.components.iter().filter_map(|one| one.template.as_ref()).chain(self.template());
        let mut sources = Vec::new();
        for template in templates {
            let from = template.as_map().and_then(|map| map.get("sourceRef")).and_then(Value::as_map);
            let get = |key: &str| from.and_then(|map| map.get(key)).and_then(Value::as_text);
            let listed = matches!(get("kind"), Some("GitRepository" | "HelmRepository" | "OCIRepository"));
            let Some(name) = get("name").filter(|_| listed) else { continue };
            let full = format!("{}/{name}", get("namespace").unwrap_or(&namespace));
            if !sources.contains(&full) {
                sources.push(full);
            }
        }
        sources
    }

    /// Lines with something wrong.
    pub fn marks(&self) -> Rc<[EditorMark]> {
        self.marks.clone()
    }

    /// What may be written at the caret.
    pub fn suggestions(&self) -> Rc<[Suggestion]> {
        self.suggestions.clone()
    }

    /// The caret of the editor is at a line and a column, from 1.
    pub fn caret(&mut self, line: u32, column: u32) {
        self.suggestions = form::suggestions(&self.model, &self.source, form::position(line, column));
    }

    /// Why the last edit of the form was not made.
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }

    /// Whether there is something to undo, and to redo.
    pub fn history(&self) -> (bool, bool) {
        (self.model.can_undo(), self.model.can_redo())
    }

    /// What a path has in the descriptor's form.
    pub fn item(&self, path: &Path) -> Option<&Item> {
        fn find<'f>(items: &'f [Item], path: &Path) -> Option<&'f Item> {
            items.iter().find_map(|item| match item.path() == Some(path) {
                true => Some(item),
                false => find(item.items(), path),
            })
        }
        find(&self.form.items, path)
    }

    /// Starts with a text; there is nothing to undo then.
    pub fn start(&mut self, text: &str) {
        let mut model = Model::new("").expect("an empty text has no values");
        model.restore(&chartwright_values::Snapshot { text: text.to_owned(), ..Default::default() });
        *self = Draft { model, source: self.source.clone(), ..Draft::default() };
    }

    /// Opens a component, or none.
    pub fn show(&mut self, open: Option<usize>) {
        if self.open != open {
            self.values_known = FormState::default();
        }
        self.open = open;
    }

    /// What the check found.
    pub fn found(&mut self, problems: &[Problem]) {
        let lines = problems.iter().filter(|problem| problem.place.line > 0);
        let marks = lines.map(|problem| EditorMark {
            line: problem.place.line,
            error: problem.severity == Severity::Error,
            message: problem.message.clone(),
        });
        self.marks = marks.collect();
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
        let known = errors.filter_map(|problem| {
            let path: Path = problem.path.parse().ok().filter(|path: &Path| !path.is_empty())?;
            Some((path, chartwright_values::Problem::Engine(problem.message.as_str().into())))
        });
        self.known.problems = known.collect();
    }

    /// Changes the descriptor. Says whether its text is another one.
    pub fn edit(&mut self, edit: Edit) -> bool {
        if edit == Edit::Checkpoint {
            self.checkpoint();
            return false;
        }
        self.change(|draft| draft.try_edit(edit))
    }

    /// Changes the values of a component.
    pub fn edit_values(&mut self, index: usize, edit: Edit, bases: &Bases) -> bool {
        if edit == Edit::Checkpoint {
            self.checkpoint();
            return false;
        }
        let base = self.components.get(index).and_then(|one| bases.read(one.template.as_ref()?)).cloned();
        self.change(|draft| draft.try_edit_values(index, edit, base.as_deref()))
    }

    /// Ends a step of undo.
    pub fn checkpoint(&mut self) {
        self.last = None;
        self.model.checkpoint();
    }

    /// Adds a component with a base chart, and opens it. The first chart is that of the whole module.
    pub fn add(&mut self, name: &str, template: Option<Value>) -> bool {
        let index = self.components.len();
        let taken = |name: &str| self.components.iter().any(|component| component.name == name);
        let mut free = name.to_owned();
        let mut number = 2;
        while taken(&free) {
            free = format!("{name}{number}");
            number += 1;
        }
        let same = |other: &Value| template.as_ref().is_some_and(|template| template == other);
        let first = self.template().is_none() && index == 0;
        let own = template.clone().filter(|_| !first && !self.template().is_some_and(same));
        let mut component = Value::map_of("name", Value::from(free.as_str()));
        if let Some(own) = own {
            component = component.with(Path::root().key("template").steps(), own);
        }
        let done = self.change(|draft| {
            let (true, Some(template)) = (first, template) else {
                return draft.insert(&components(), index, component);
            };
            let path = Path::root().key("spec").key("template");
            let values = order::with(draft.model.values(), &path, template);
            draft.put(None, order::with(&values, &components(), Value::from(vec![component])))
        });
        if done {
            self.show(Some(index));
        }
        done
    }

    /// Takes a component out, and its name out of what others are installed after.
    pub fn remove(&mut self, index: usize) -> bool {
        let Some(name) = self.components.get(index).map(|component| component.name.clone()) else { return false };
        let others: Vec<usize> = (0..self.components.len()).filter(|at| *at != index).collect();
        let done = self.change(|draft| {
            // The text of the component goes with its comments; the rest follows in the same step.
            draft.model.checkpoint();
            let mut values = draft.model.values().clone();
            for at in others {
                values = without_name(&values, at, &name);
            }
            draft.model.set(&Path::root(), values)?;
            draft.model.remove_item(&components(), index)
        });
        if done {
            self.show(match self.open {
                Some(open) if open == index => None,
                Some(open) if open > index => Some(open - 1),
                open => open,
            });
        }
        done
    }

    /// Brings a component to another place.
    pub fn shift(&mut self, from: usize, to: usize) -> bool {
        let done = self.change(|draft| draft.model.move_item(&components(), from, to));
        if done && let Some(open) = self.open {
            let moved = match open {
                open if open == from => to,
                open if from < open && open <= to => open - 1,
                open if to <= open && open < from => open + 1,
                open => open,
            };
            self.show(Some(moved));
        }
        done
    }

    /// Gives a component another name, also where others are installed after it, and where the operator's values are.
    pub fn rename(&mut self, index: usize, name: &str) -> bool {
        let Some(old) = self.components.get(index).map(|component| component.name.clone()) else { return false };
        if old == name {
            return false;
        }
        let alone = self.components.iter().filter(|component| component.name == old).count() == 1;
        self.change(|draft| {
            let values = draft.model.values();
            let mut new = order::with(values, &component(index).key("name"), Value::from(name));
            if alone && !old.is_empty() {
                for at in 0..draft.components.len() {
                    let path = component(at).key("dependsOn");
                    if let Some(Value::List(names)) = new.get(&path).cloned() {
                        let renamed = names.iter().map(|one| match one.as_text() == Some(&*old) {
                            true => Value::from(name),
                            false => one.clone(),
                        });
                        new = new.with(path.steps(), Value::from(renamed.collect::<Vec<_>>()));
                    }
                }
                let path = Path::root().key("spec").key("release").key("values");
                if let Some(Value::Map(map)) = new.get(&path).cloned()
                    && map.get(&old).is_some()
                    && map.get(name).is_none()
                {
                    let renamed = map
                        .iter()
                        .map(|(key, value)| (if **key == *old { Rc::from(name) } else { key.clone() }, value.clone()));
                    new = new.with(path.steps(), Value::from(renamed.collect::<Map>()));
                }
            }
            draft.put(None, new)
        })
    }

    /// Chooses the base chart of a component, or of the module; `None`: that of the module, or none.
    pub fn choose(&mut self, index: Option<usize>, template: Option<Value>) -> bool {
        let path = index.map_or_else(|| Path::root().key("spec"), component).key("template");
        self.change(|draft| match template {
            Some(template) => draft.put(None, order::with(draft.model.values(), &path, template)),
            None => draft.put(None, draft.model.values().without(path.steps())),
        })
    }

    /// Says whether a component is installed after another.
    pub fn depend(&mut self, index: usize, name: &str, on: bool) -> bool {
        let path = component(index).key("dependsOn");
        self.change(|draft| {
            let mut values = without_name(draft.model.values(), index, name);
            if on {
                let mut names = values.get(&path).and_then(Value::as_list).unwrap_or_default().to_vec();
                names.push(Value::from(name));
                values = order::with(&values, &path, Value::from(names));
            }
            draft.put(None, values)
        })
    }

    /// Makes a change, and says whether the text is another one.
    fn change(&mut self, change: impl FnOnce(&mut Draft) -> Result<(), Refused>) -> bool {
        let before = self.model.shared_text();
        let result = change(self);
        self.refused = result.err().map(|refused| refused.to_string());
        *before != *self.model.text()
    }

    /// Sets the values; only what differs is written.
    fn put(&mut self, about: Option<Path>, values: Value) -> Result<(), Refused> {
        if about.is_none() || self.last != about {
            self.model.checkpoint();
        }
        self.last = about;
        self.model.set(&Path::root(), values)
    }

    fn insert(&mut self, list: &Path, index: usize, value: Value) -> Result<(), Refused> {
        match self.model.values().get(list) {
            Some(Value::List(items)) if !items.is_empty() => self.model.insert_item(list, index, value),
            _ => self.put(None, order::with(self.model.values(), list, Value::from(vec![value]))),
        }
    }

    fn try_edit(&mut self, edit: Edit) -> Result<(), Refused> {
        let gone = |draft: &Draft, path: &Path| order::without(draft.model.values(), path, &root(path));
        edit.settle(&mut self.known);
        match edit {
            Edit::Set(path, value) | Edit::Pick(path, _, value) => {
                if let Some(error) = self.model.error() {
                    return Err(Refused::InvalidText(error.clone()));
                }
                let none = match &value {
                    Value::Text(text) => text.is_empty() && is_optional(&path),
                    Value::Null => path.last_key() == Some("values"),
                    _ => false,
                };
                let values = if none { gone(self, &path) } else { order::with(self.model.values(), &path, value) };
                self.put(Some(path), values)
            }
            Edit::SetYaml(path, text) => {
                let value = chartwright_values::parse(&text).map_err(Refused::InvalidValue)?;
                self.try_edit(Edit::Set(path, value))
            }
            Edit::Unset(path) | Edit::RemoveKey(path) => {
                if matches!(path.last(), Some(chartwright_values::Step::Index(_))) {
                    return self.model.unset(&path);
                }
                self.put(None, gone(self, &path))
            }
            Edit::RemoveItem(list, index) => {
                let only = self.model.values().get(&list).and_then(Value::as_list).is_some_and(|list| list.len() == 1);
                match only {
                    true => self.put(None, gone(self, &list)),
                    false => self.model.remove_item(&list, index),
                }
            }
            Edit::AddKey(map, key, value) => match self.model.values().get(&map) {
                Some(_) => self.model.add_key(&map, &key, value),
                None => self.put(None, order::with(self.model.values(), &map.key(&key), value)),
            },
            Edit::Text(_) | Edit::Replace(_) | Edit::Undo | Edit::Redo | Edit::Reset => {
                self.last = None;
                edit.apply(&mut self.model, &mut self.known)
            }
            edit => edit.apply(&mut self.model, &mut self.known),
        }
    }

    /// The edit is made on the values of the base chart with the component's over them; what differs then is written.
    fn try_edit_values(&mut self, index: usize, edit: Edit, base: Option<&Read>) -> Result<(), Refused> {
        if let Some(error) = self.model.error() {
            return Err(Refused::InvalidText(error.clone()));
        }
        let at = component(index).key("values");
        let own = self.model.values().get(&at).cloned();
        let has = |path: &Path| own.as_ref().and_then(|own| own.get(path)).is_some();
        let known = |path: &Path| base.is_some_and(|base| base.model.defaults().get(path).is_some());
        // What stands in the text already is changed there: its comments move along.
        let there = match &edit {
            Edit::RemoveItem(list, index) if has(list) => Some(Edit::RemoveItem(below(&at, list), *index)),
            Edit::MoveItem(list, from, to) if has(list) => Some(Edit::MoveItem(below(&at, list), *from, *to)),
            Edit::RenameKey(path, name) if has(path) && !known(path) => {
                Some(Edit::RenameKey(below(&at, path), name.clone()))
            }
            _ => None,
        };
        if let Some(there) = there {
            edit.settle(&mut self.values_known);
            return there.apply(&mut self.model, &mut FormState::default());
        }
        let about = match &edit {
            Edit::Set(path, _) => Some(below(&at, path)),
            _ => None,
        };
        let emptied = match &edit {
            Edit::Unset(path) | Edit::RemoveKey(path) => path.split_last().map(|(parent, _)| parent),
            _ => None,
        };
        let nothing = Model::new("").expect("an empty text has no values");
        let mut model = over(base.map_or(&nothing, |base| &base.model), own.as_ref());
        edit.apply(&mut model, &mut self.values_known)?;
        let mut values = model.values().clone();
        if let Some(emptied) = emptied
            && values.get(&emptied).is_some_and(Value::is_empty_collection)
        {
            values = order::without(&values, &emptied, &Path::root());
        }
        let all = self.model.values();
        let all = match values.is_empty_collection() {
            true => all.without(at.steps()),
            false => order::with(all, &at, values),
        };
        self.put(about, all)
    }
}

/// The same descriptor without a name among what a component is installed after.
fn without_name(values: &Value, index: usize, name: &str) -> Value {
    let path = component(index).key("dependsOn");
    let Some(Value::List(names)) = values.get(&path) else { return values.clone() };
    let kept: Vec<Value> = names.iter().filter(|one| one.as_text() != Some(name)).cloned().collect();
    match (kept.len() == names.len(), kept.is_empty()) {
        (true, _) => values.clone(),
        (_, true) => values.without(path.steps()),
        _ => values.with(path.steps(), Value::from(kept)),
    }
}

#[cfg(test)]
mod tests;
