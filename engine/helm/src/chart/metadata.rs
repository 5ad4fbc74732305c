//! `Chart.yaml` and `Chart.lock`.

use govalue::{Frozen, List, Map, Str, Type, Value};

/// The content of `Chart.yaml` (Helm: `chart.Metadata`).
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// The name of the chart.
    pub name: Str,
    /// Its home page.
    pub home: Str,
    /// Where its sources are.
    pub sources: Option<Vec<Str>>,
    /// Its version.
    pub version: Str,
    /// What it is, in one sentence.
    pub description: Str,
    /// Words to find it by.
    pub keywords: Option<Vec<Str>>,
    /// Who looks after it.
    pub maintainers: Option<Vec<Maintainer>>,
    /// The URL of its icon.
    pub icon: Str,
    /// The version of the chart format: `v1` or `v2`.
    pub api_version: Str,
    /// A condition to enable it.
    pub condition: Str,
    /// Tags to enable it.
    pub tags: Str,
    /// The version of the application in it.
    pub app_version: Str,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// Anything else, sorted by key.
    pub annotations: Option<Vec<(Str, Str)>>,
    /// The Kubernetes versions it is for.
    pub kube_version: Str,
    /// The charts it depends on.
    pub dependencies: Option<Vec<Dependency>>,
    /// `application`, `library` or empty.
    pub kind: Str,
}

/// Who looks after a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maintainer {
    /// Name of a person or organisation.
    pub name: Str,
    /// Where to write to.
    pub email: Str,
    /// Where to look.
    pub url: Str,
    /// Whether the list has a null here, which validation refuses.
    pub(crate) null: bool,
}

/// A chart that another one depends on.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    /// The name in the dependency's own `Chart.yaml`.
    pub name: Str,
    /// The range of versions that will do.
    pub version: Str,
    /// Where it comes from.
    pub repository: Str,
    /// Paths of values, comma separated, that turn it on or off.
    pub condition: Str,
    /// Tags that turn it on or off.
    pub tags: Option<Vec<Str>>,
    /// Whether it is on; set while dependencies are processed.
    pub enabled: bool,
    /// What the parent imports from its values: keys of `exports`, or tables with
    /// `child` and `parent`.
    pub import_values: Option<Vec<Frozen>>,
    /// The name it goes by in the parent.
    pub alias: Str,
    /// Whether the list has a null here, which validation refuses.
    pub(crate) null: bool,
}

/// `Chart.lock`: the dependencies as they were resolved.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// When it was made.
    pub generated: Str,
    /// A hash of the dependencies in `Chart.yaml`.
    pub digest: Str,
    /// The dependencies, one version each.
    pub dependencies: Option<Vec<Dependency>>,
}

impl Metadata {
    /// The map that templates see as `.Chart`, with this name and these
    /// dependencies (`structToMap`).
    pub(crate) fn to_map(&self, name: &Str, dependencies: Vec<Value>) -> Map {
        let text = |s: &Str| Value::Str(s.clone());
        let annotations = match &self.annotations {
            Some(entries) => {
                let entries = entries.iter().map(|(k, v)| (k.clone(), text(v))).collect();
                Map::from_sorted(Type::STRING_MAP, entries)
            }
            None => Map::nil(Type::STRING_MAP),
        };
        let maintainers = self.maintainers.iter().flatten().map(|m| {
            let fields = [("Name", text(&m.name)), ("Email", text(&m.email)), ("URL", text(&m.url))];
            Value::Map(Map::from_iter(fields))
        });
        Map::from_iter([
            ("Name", text(name)),
            ("Home", text(&self.home)),
            ("Sources", strings(self.sources.as_deref())),
            ("Version", text(&self.version)),
            ("Description", text(&self.description)),
            ("Keywords", strings(self.keywords.as_deref())),
            ("Maintainers", Value::List(maintainers.collect())),
            ("Icon", text(&self.icon)),
            ("APIVersion", text(&self.api_version)),
            ("Condition", text(&self.condition)),
            ("Tags", text(&self.tags)),
            ("AppVersion", text(&self.app_version)),
            ("Deprecated", Value::Bool(self.deprecated)),
            ("Annotations", Value::Map(annotations)),
            ("KubeVersion", text(&self.kube_version)),
            ("Dependencies", Value::List(List::new(dependencies))),
            ("Type", text(&self.kind)),
        ])
    }
}

impl Dependency {
    /// The map that templates see in `.Chart.Dependencies`. Imports are pairs of
    /// child and parent once they have been processed.
    pub(crate) fn to_map(&self, imports: Option<&[(Str, Str)]>) -> Value {
        let text = |s: &Str| Value::Str(s.clone());
        let pair = |(child, parent): &(Str, Str)| {
            let pair = vec![(Str::from("child"), text(child)), (Str::from("parent"), text(parent))];
            Value::Map(Map::from_sorted(Type::STRING_MAP, pair))
        };
        let imports: List = match imports {
            Some(pairs) => pairs.iter().map(pair).collect(),
            None => self.import_values.iter().flatten().map(Frozen::thaw).collect(),
        };
        Value::Map(Map::from_iter([
            ("Name", text(&self.name)),
            ("Version", text(&self.version)),
            ("Repository", text(&self.repository)),
            ("Condition", text(&self.condition)),
            ("Tags", strings(self.tags.as_deref())),
            ("Enabled", Value::Bool(self.enabled)),
            ("ImportValues", Value::List(imports)),
            ("Alias", text(&self.alias)),
        ]))
    }
}

/// A `[]string` as `structToMap` turns it into a `[]interface {}`.
fn strings(list: Option<&[Str]>) -> Value {
    Value::List(list.unwrap_or_default().iter().cloned().map(Value::Str).collect())
}
