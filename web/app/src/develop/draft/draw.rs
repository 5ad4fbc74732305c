//! The forms of a descriptor, and what heads of components show.

use std::rc::Rc;

use chartwright_values::{Field, Form, Map, Model, Path, Problem, TextError, Value};

use super::{Bases, Component, Draft, Values, component, components};

impl Draft {
    /// Draws everything anew.
    pub fn redraw(&mut self, bases: &Bases) {
        // A line that is half typed may cut the descriptor off from the text: what was drawn last stays, and cannot be
        // changed.
        let is_whole = self.model.values().get(&Path::root().key("spec").key("module")).is_some();
        if self.drawn && !is_whole {
            let none = || TextError { message: "it has no module".to_owned(), line: None, is_yaml: true };
            let why = self.model.error().cloned().unwrap_or_else(none);
            let paused = |form: &Rc<Form>| Rc::new(Form { disabled: Some(why.clone()), ..(**form).clone() });
            self.form = paused(&self.form);
            if let Some(Values::Form(form)) = &self.values {
                self.values = Some(Values::Form(paused(form)));
            }
            return;
        }
        self.drawn = is_whole;
        self.known.tidy(&self.model);
        let form = Form::draw(&self.model, &self.source, &self.known);
        if form != *self.form {
            self.form = Rc::new(form);
        }
        self.components = self.read_components();
        self.open = self.open.filter(|open| *open < self.components.len());
        self.values = self.open.map(|open| self.draw_values(open, bases));
    }

    fn read_components(&self) -> Vec<Component> {
        let values = self.model.values();
        let list = values.get(&components()).and_then(Value::as_list).unwrap_or_default();
        let read = |item: &Value| {
            let map = item.as_map();
            let get = |key: &str| map.and_then(|map| map.get(key));
            let names = get("dependsOn").and_then(Value::as_list).unwrap_or_default();
            let own = get("template").filter(|template| template.as_map().is_some());
            Component {
                name: get("name").and_then(Value::as_text).unwrap_or_default().to_owned(),
                template: own.or(self.template()).cloned(),
                own_template: own.is_some(),
                depends_on: names.iter().filter_map(|name| Some(name.as_text()?.to_owned())).collect(),
                values: get("values").map_or(0, |values| match values {
                    Value::Map(map) if map.is_empty() => 0,
                    values => values.leaves(true).len(),
                }),
                settings: get("config").and_then(Value::as_map).map_or(0, Map::len),
            }
        };
        list.iter().map(read).collect()
    }

    fn draw_values(&self, index: usize, bases: &Bases) -> Values {
        let path = component(index).key("values");
        let own = self.model.values().get(&path);
        let problems = self.known.problems.iter().filter(|(at, _)| path.contains(at));
        let problems: Vec<(Path, Problem)> = problems
            .map(|(at, problem)| {
                (Path::from(at.steps().get(path.len()..).unwrap_or_default().to_vec()), problem.clone())
            })
            .collect();
        let template = self.components.get(index).and_then(|component| component.template.as_ref());
        match template.and_then(|template| bases.read(template)) {
            Some(base) => {
                let model = over(&base.model, own);
                let mut known = self.values_known.clone();
                known.problems = problems;
                let mut form = Form::draw(&model, &base.source, &known);
                form.disabled = self.model.error().cloned();
                Values::Form(Rc::new(form))
            }
            None => Values::Text(Box::new(Field {
                key: path.to_string().into(),
                path,
                label: "Values".into(),
                help: "For the base chart, as YAML".into(),
                value: own.cloned(),
                ..Field::default()
            })),
        }
    }
}

/// The values of a chart with those of a component over them.
pub(super) fn over(base: &Model, own: Option<&Value>) -> Model {
    let mut model = base.clone();
    let text = own.map(chartwright_values::to_text).unwrap_or_default();
    model.set_text(&text);
    model
}
