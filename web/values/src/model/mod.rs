//! The values that a page edits.

mod diff;
mod doubtful;
mod edits;
mod history;
mod layers;
mod merged;
mod share;

pub use edits::Refused;
pub use layers::{Effective, Loser, Origin};
pub use merged::MergedLine;

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::docs::Docs;
use crate::path::{Path, Step};
use crate::tree::{coalesce, merge, merge_in_order};
use crate::value::Value;
use crate::yaml::{self, Repeated, Source, TextError};
use history::History;

/// Values that someone else set, below the override: what a descriptor sets, a saved set.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Who set them, as the page shows it.
    pub name: Rc<str>,
    /// The values.
    pub values: Value,
}

impl Layer {
    /// Reads a layer.
    ///
    /// # Errors
    /// If the text is not YAML, or not a map.
    pub fn read(name: &str, text: &str) -> Result<Layer, TextError> {
        Ok(Layer { name: name.into(), values: yaml::parse_values(text)? })
    }
}

/// The values of a chart, what others set over them, and the sparse override that a person edits, as text and by paths.
///
/// The override's text is the truth. While it is not YAML, the values are those of the last text that was, and edits
/// by path are refused.
#[derive(Clone, Debug)]
pub struct Model {
    defaults_text: Rc<str>,
    defaults: Value,
    docs: Rc<Docs>,
    layers: Vec<Layer>,
    text: Rc<str>,
    /// The values of the last good text.
    values: Value,
    error: Option<TextError>,
    /// The keys of that text that stand twice in a map.
    repeated: Vec<Repeated>,
    /// Maps that edits by path made: they go when they are empty again.
    made: Vec<Path>,
    history: History,
    /// Without the override.
    below: Value,
    effective: Value,
}

/// What is kept of a [`Model`] between visits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Snapshot {
    /// The override's text, be it YAML or not.
    pub text: String,
    /// The last text that was, if the text is not.
    pub good: Option<String>,
    /// The maps that the form made, as paths.
    pub made: Vec<String>,
}

impl Model {
    /// A model with an empty override. An empty text of defaults is a chart without values.
    ///
    /// # Errors
    /// If the defaults are not YAML, or not a map.
    pub fn new(defaults: &str) -> Result<Model, TextError> {
        let (source, values) = (Source::parse(defaults)?, yaml::parse_values(defaults)?);
        let docs = Docs::read(&source);
        let mut model = Model {
            defaults_text: defaults.into(),
            defaults: values,
            docs: Rc::new(docs),
            layers: Vec::new(),
            text: Rc::from(""),
            values: Value::empty_map(),
            error: None,
            repeated: Vec::new(),
            made: Vec::new(),
            history: History::default(),
            below: Value::Null,
            effective: Value::Null,
        };
        model.refresh();
        Ok(model)
    }

    /// The same with layers over the defaults, the last of which counts most.
    #[must_use]
    pub fn with_layers(mut self, layers: Vec<Layer>) -> Model {
        self.set_layers(layers);
        self
    }

    /// The same with the values of a subchart below those of the chart: at its name or alias. Its comments count as well.
    ///
    /// # Errors
    /// If the text is not YAML, or not a map.
    pub fn with_subchart(mut self, at: &Path, defaults: &str) -> Result<Model, TextError> {
        let (source, values) = (Source::parse(defaults)?, yaml::parse_values(defaults)?);
        let below = Value::empty_map().with(at.steps(), values);
        self.defaults = merge_in_order(&below, &self.defaults);
        Rc::make_mut(&mut self.docs).add(at, &Docs::read(&source));
        self.refresh();
        Ok(self)
    }

    /// Sets other layers. The override stays.
    pub fn set_layers(&mut self, layers: Vec<Layer>) {
        self.layers = layers;
        self.refresh();
    }

    /// The same override over another version's defaults; history and layers stay.
    ///
    /// # Errors
    /// As [`Model::new`].
    pub fn with_defaults(&self, defaults: &str) -> Result<Model, TextError> {
        let new = Model::new(defaults)?;
        let mut model = self.clone();
        (model.defaults_text, model.defaults, model.docs) = (new.defaults_text, new.defaults, new.docs);
        model.refresh();
        Ok(model)
    }

    /// Computes anew what follows from layers and override.
    fn refresh(&mut self) {
        let below = self.layers.iter().fold(Value::empty_map(), |below, layer| merge(&below, &layer.values));
        self.effective = coalesce(&self.defaults, &merge(&below, &self.values));
        self.below = coalesce(&self.defaults, &below);
    }

    /// The defaults as they are written.
    pub fn defaults_text(&self) -> &str {
        &self.defaults_text
    }

    /// The chart's values.
    pub fn defaults(&self) -> &Value {
        &self.defaults
    }

    /// What the comments of the defaults say.
    pub fn docs(&self) -> &Docs {
        &self.docs
    }

    /// The layers.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The override's text: exactly what a person typed, be it YAML or not.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The override's text, shared.
    pub fn shared_text(&self) -> Rc<str> {
        self.text.clone()
    }

    /// The override's values, of its last good text.
    pub fn values(&self) -> &Value {
        &self.values
    }

    /// Why the text is not YAML, if it is not.
    pub fn error(&self) -> Option<&TextError> {
        self.error.as_ref()
    }

    /// The keys of the override's last good text that stand twice in a map: the last one counts.
    pub fn repeated(&self) -> &[Repeated] {
        &self.repeated
    }

    /// All values as the chart gets them.
    pub fn values_with_all(&self) -> &Value {
        &self.effective
    }

    /// The values without the override: what a reset goes back to.
    pub fn values_below(&self) -> &Value {
        &self.below
    }

    /// What the chart and the layers say, nulls among it: what versions are compared by.
    pub fn all_below(&self) -> Value {
        self.layers.iter().fold(self.defaults.clone(), |below, layer| merge(&below, &layer.values))
    }

    /// Whether the text has several documents. Helm merges them, and no edit by path could tell which one is meant.
    pub fn is_split(&self) -> bool {
        yaml::is_split(&self.text)
    }

    /// Sets the text. If it is not YAML, the values stay, and [`Model::error`] says why.
    pub fn set_text(&mut self, text: &str) {
        if *self.text == *text {
            return;
        }
        self.remember(None);
        self.put_text(text.into());
    }

    fn put_text(&mut self, text: Rc<str>) {
        match yaml::read_values(&text) {
            Ok((values, repeated)) => {
                (self.values, self.repeated) = (values, repeated);
                self.error = None;
                let values = &self.values;
                self.made.retain(|path| values.get(path).is_some());
                self.refresh();
            }
            Err(error) => self.error = Some(error),
        }
        self.text = text;
    }

    /// What is kept between visits.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            text: self.text.to_string(),
            good: self.error.is_some().then(|| yaml::to_text(&self.values)),
            made: self.made.iter().map(Path::to_string).collect(),
        }
    }

    /// Goes back to what was kept; there is nothing to undo then.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        (self.values, self.error) = (Value::empty_map(), None);
        if let Some(good) = &snapshot.good {
            self.put_text(good.as_str().into());
        }
        self.put_text(snapshot.text.as_str().into());
        let made = snapshot.made.iter().filter_map(|path| path.parse().ok());
        self.made = made.filter(|path| self.values.get(path).is_some()).collect();
        self.history = History::default();
        self.refresh();
    }

    /// A path whose steps are keys where maps are, and indexes where lists are: for paths of messages, in which the two
    /// look alike.
    pub fn resolve(&self, path: &Path) -> Path {
        let mut value = Some(&self.effective);
        let mut steps = Vec::with_capacity(path.len());
        for step in path.steps() {
            let step = match (value, step) {
                (Some(Value::List(_)), Step::Key(key)) => key.parse().map_or_else(|_| step.clone(), Step::Index),
                (Some(Value::Map(_)), Step::Index(index)) => Step::Key(index.to_string().into()),
                _ => step.clone(),
            };
            value = value.and_then(|v| v.child(&step));
            steps.push(step);
        }
        Path::from(steps)
    }
}
