//! What the API server refuses of rendered objects, as far as one object tells without the cluster: what a chart's
//! schema rarely checks, and an installation stumbles over. The rules are those of Kubernetes' own validation.

mod containers;
mod names;
mod objects;
mod schedule;

use contract::{Code, ObjectOut, Place, Problem, Severity};
use govalue::{Map, Value};
use goyaml::yaml::{Document, NodeKind, NodeRef};

use super::summary::fields::{at, entries, map, maps, text};
use super::summary::pods::{Pods, pods};

/// A field of an object that the API server refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The place of the object among those that were given.
    pub object: usize,
    /// The field, such as `spec.rules[0].host`; keys of labels stand in brackets, as the API server writes them.
    pub path: String,
    /// Its line in the object's text, from 1; 0 where it is not found.
    pub line: u32,
    /// The text or number that is refused; empty where none is the cause.
    pub value: String,
    /// What is wrong, in a sentence without a full stop.
    pub what: String,
}

impl Refused {
    /// The same as a problem: at its template, for the line is one of the object and not of a file.
    pub fn into_problem(self, object: &ObjectOut) -> Problem {
        let message = format!("{} {}, line {}: {}: {}", object.kind, object.name, self.line, self.path, self.what);
        let place = Place { file: object.source.clone(), ..Place::default() };
        Problem {
            path: self.path,
            component: object.component.clone(),
            helm_release: object.helm_release.clone(),
            chart: object.chart.clone(),
            ..Problem::new(Severity::Error, Code::RefusedObject, message, place)
        }
    }
}

/// What the API server refuses, in the order of the objects. Kinds that it learns from others have names by their own
/// rules, so of them only labels are looked at.
pub fn refused(objects: &[ObjectOut]) -> Vec<Refused> {
    let mut found = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        // Those that others wrote are long, and right.
        if object.kind == "CustomResourceDefinition" {
            continue;
        }
        let Ok(Value::Map(fields)) = goyaml::yaml::from_yaml(&object.text.0) else { continue };
        let mut of = Of::default();
        of.object(object, &fields);
        if of.found.is_empty() {
            continue;
        }
        let document = Document::parse(&object.text.0).ok();
        let root = document.as_ref().and_then(Document::root);
        found.extend(of.found.into_iter().map(|Found { path, value, what }| Refused {
            object: index,
            line: root.and_then(|root| line(root, &path)).unwrap_or(0),
            path: written(&path),
            value,
            what,
        }));
    }
    found
}

/// A step to a field.
#[derive(Clone, Debug)]
enum Step {
    /// A field.
    Field(&'static str),
    /// A key that people choose.
    Key(String),
    /// An item of a list.
    Item(usize),
}

/// What is found in an object.
#[derive(Default)]
struct Of {
    found: Vec<Found>,
}

/// A field, its value, and what is wrong with it.
struct Found {
    path: Vec<Step>,
    value: String,
    what: String,
}

use Step::{Field, Item, Key};

impl Of {
    fn object(&mut self, object: &ObjectOut, fields: &Map) {
        let group = object.api_version.split_once('/').map_or("", |(group, _)| group);
        self.metadata(group, &object.kind, fields);
        self.labels(fields, &[Field("metadata"), Field("labels")]);
        self.labels(fields, &[Field("spec"), Field("template"), Field("metadata"), Field("labels")]);
        self.annotations(fields, &[Field("metadata"), Field("annotations")]);
        let kind = object.kind.as_str();
        match (group, kind) {
            ("networking.k8s.io" | "extensions", "Ingress") => self.ingress(fields),
            ("gateway.networking.k8s.io", "HTTPRoute" | "GRPCRoute" | "TLSRoute") => {
                self.hosts(fields, &[Field("spec"), Field("hostnames")]);
            }
            ("", "Service") => self.service(fields),
            ("", "ConfigMap") => self.config_map(fields),
            ("", "Secret") => self.secret(fields),
            ("", "PersistentVolumeClaim") => self.claim(fields),
            ("autoscaling", "HorizontalPodAutoscaler") => self.autoscaler(fields),
            ("policy", "PodDisruptionBudget") => self.disruption_budget(fields),
            ("apps" | "batch", _) => self.workload(kind, fields),
            _ => {}
        }
        let built_in = matches!(group, "" | "apps" | "batch");
        if let Some(Pods { spec, .. }) = pods(kind, fields).filter(|_| built_in) {
            let base: &[&'static str] = match kind {
                "Pod" => &["spec"],
                "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
                _ => &["spec", "template", "spec"],
            };
            let base: Vec<Step> = base.iter().map(|name| Field(name)).collect();
            let claims = maps(fields, &["spec", "volumeClaimTemplates"]);
            let claims: Vec<String> = claims.filter_map(|claim| text(&claim, &["metadata", "name"])).collect();
            self.pod(kind, &spec, &base, &claims);
            if let Some((_, above)) = base.split_last().filter(|(_, above)| !above.is_empty()) {
                self.annotations(fields, &[above, &[Field("metadata"), Field("annotations")]].concat());
            }
        }
    }

    /// The names that the API server checks by rules of its own.
    fn metadata(&mut self, group: &str, kind: &str, fields: &Map) {
        let name = text(fields, &["metadata", "name"]).filter(|name| !name.is_empty());
        let rule: fn(&str) -> Option<&'static str> = match (group, kind) {
            ("", "Service" | "Namespace") => names::label,
            ("", "Node" | "Event") => return,
            ("rbac.authorization.k8s.io", _) => names::path_segment,
            ("" | "apps" | "batch" | "autoscaling" | "policy" | "networking.k8s.io" | "storage.k8s.io", _) => {
                names::subdomain
            }
            _ => return,
        };
        let path = |field| vec![Field("metadata"), Field(field)];
        self.check(name, rule, || path("name"));
        let namespace = text(fields, &["metadata", "namespace"]).filter(|name| !name.is_empty());
        self.check(namespace, names::label, || path("namespace"));
    }

    fn labels(&mut self, fields: &Map, path: &[Step]) {
        for (key, value) in at_fields(fields, path) {
            let place = || path.iter().cloned().chain([Key(key.clone())]).collect();
            self.check(Some(key.clone()), names::label_key, place);
            if let Value::Str(value) = &value {
                self.check(Some(value.to_str_lossy().into_owned()), names::label_value, place);
            }
            self.string(&value, "the value of a label", place);
        }
    }

    fn annotations(&mut self, fields: &Map, path: &[Step]) {
        for (key, value) in at_fields(fields, path) {
            let place = || path.iter().cloned().chain([Key(key.clone())]).collect();
            if names::label_key(&key.to_ascii_lowercase()).is_some() {
                self.check(Some(key.clone()), names::label_key, place);
            }
            self.string(&value, "the value of an annotation", place);
        }
    }

    /// A value that must be a string, as numbers and booleans without quotes are none.
    fn string(&mut self, value: &Value, what: &str, place: impl FnOnce() -> Vec<Step>) {
        match value {
            Value::Str(_) | Value::Nil => {}
            Value::Map(_) | Value::List(_) => self.add(place(), "", &format!("{what} is a string")),
            other => self.add(place(), &shown(other), &format!("{what} is a string: put `{}` in quotes", shown(other))),
        }
    }

    /// A text that must be one of a few.
    fn one_of(&mut self, of: &Map, field: &str, wanted: &[&str], place: impl FnOnce() -> Vec<Step>) {
        if let Some(value) = text(of, &[field]).filter(|value| !value.is_empty() && !wanted.contains(&&**value)) {
            self.add(place(), &value, &format!("`{value}` is not one of {}", wanted.join(", ")));
        }
    }

    /// A whole number that is not negative. `base` is where the map is.
    fn not_negative(&mut self, of: &Map, field: &'static str, base: &[Step]) {
        let Some(value) = of.get(field).filter(is_there) else { return };
        if !matches!(value, Value::Float(number) if number >= 0.0 && number.fract() == 0.0) {
            let what = match &value {
                Value::Str(text) if text.to_str_lossy().parse::<u64>().is_ok() => {
                    format!("`{field}` is a number: write `{}` without quotes", shown(&value))
                }
                value => format!("`{field}` must be a whole number of 0 or more, and is {}", shown(value)),
            };
            self.add([base, &[Field(field)]].concat(), &shown(&value), &what);
        }
    }

    /// A port's number in a field.
    fn number(&mut self, of: &Map, field: &'static str, least: u32, place: impl Fn(&'static str) -> Vec<Step>) {
        match at(of, &[field]) {
            Some(Value::Float(number)) if !(f64::from(least)..=65_535.0).contains(&number) => {
                let what = format!("`{number}` is not a port: a number from 1 to 65535");
                self.add(place(field), &number.to_string(), &what);
            }
            Some(value @ (Value::Str(_) | Value::Bool(_))) => {
                let what = format!("`{field}` is a number: write `{}` without quotes", shown(&value));
                self.add(place(field), &shown(&value), &what);
            }
            _ => {}
        }
    }

    fn check(
        &mut self,
        value: Option<String>,
        rule: fn(&str) -> Option<&'static str>,
        place: impl FnOnce() -> Vec<Step>,
    ) {
        if let Some(value) = value
            && let Some(wants) = rule(&value)
        {
            self.add(place(), &value, &format!("Kubernetes refuses `{value}` here: {wants}"));
        }
    }

    fn add(&mut self, path: Vec<Step>, value: &str, what: &str) {
        self.found.push(Found { path, value: value.to_owned(), what: what.to_owned() });
    }
}

/// The entries of the map at a path of fields.
fn at_fields(fields: &Map, path: &[Step]) -> Vec<(String, Value)> {
    let keys: Vec<&str> =
        path.iter().filter_map(|step| if let Field(name) = step { Some(*name) } else { None }).collect();
    map(fields, &keys).map(|map| entries(&map)).unwrap_or_default()
}

/// A null is as good as nothing.
fn is_there(value: &Value) -> bool {
    !matches!(value, Value::Nil)
}

/// A scalar as it is written; of what is none, its kind.
fn shown(value: &Value) -> String {
    match value {
        Value::Str(text) => text.to_str_lossy().into_owned(),
        Value::Float(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a map".to_owned(),
        _ => "null".to_owned(),
    }
}

/// A path as the API server writes it.
fn written(path: &[Step]) -> String {
    let mut written = String::new();
    for step in path {
        match step {
            Field(name) if written.is_empty() => written.push_str(name),
            Field(name) => written.push_str(&format!(".{name}")),
            Key(key) => written.push_str(&format!("[{key}]")),
            Item(index) => written.push_str(&format!("[{index}]")),
        }
    }
    written
}

/// The line of a field, from 1: of its key, or of the item of a list.
fn line(root: NodeRef<'_>, path: &[Step]) -> Option<u32> {
    let mut node = root.target();
    let mut line = None;
    for step in path {
        let (next, mark) = match step {
            Field(name) => entry(node, name)?,
            Key(key) => entry(node, key)?,
            Item(index) => {
                let item = node.children().nth(*index).filter(|_| node.kind() == NodeKind::Sequence)?;
                (item, item.start())
            }
        };
        (node, line) = (next.target(), Some(mark.line + 1));
    }
    line
}

fn entry<'d>(node: NodeRef<'d>, key: &str) -> Option<(NodeRef<'d>, goyaml::yaml::Mark)> {
    if node.kind() != NodeKind::Mapping {
        return None;
    }
    let (key, value) = node.entries().find(|(one, _)| one.text() == key.as_bytes())?;
    Some((value, key.start()))
}

#[cfg(test)]
mod tests;
