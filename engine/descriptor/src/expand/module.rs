//! A descriptor, put into the form that skeletons want.

use std::sync::Arc;

use contract::{Code, Problem, Severity};
use govalue::sorted::Sorted;
use helm::chart::Chart;
use minijinja::Value;
use serde_json::Value as Json;

use super::base::{Base, Bases, Known, base_of};
use super::context::{Field, list, object, optional, text};
use super::documented::{Documented, documented_text, type_of};
use super::skeleton::folder;
use super::values::{Written, developer};
use crate::places::{field, item};
use crate::read::Parsed;
use crate::slice::comment_above;
use crate::types::{self, Layout, Maintainer, ReconcileStrategy, Template};
use crate::yaml_text::json;

/// How often Flux compares, unless the descriptor says otherwise.
pub(crate) const INTERVAL: &str = "10m";

/// A module on its way to a chart.
pub(super) struct Module<'p> {
    pub(super) parsed: &'p Parsed,
    pub(super) name: &'p str,
    pub(super) layout: Layout,
    pub(super) components: Vec<Component<'p>>,
    pub(super) bases: Vec<Base>,
}

/// A component on its way.
pub(super) struct Component<'p> {
    pub(super) name: &'p str,
    pub(super) template: &'p Template,
    /// Its base chart, by its place among those of the module.
    pub(super) base: Option<usize>,
    /// The comment above it.
    pub(super) comment: String,
    /// What the comment says, on one line.
    pub(super) description: String,
    /// The developer's values, with the names that the base chart wants.
    pub(super) developer: Written,
    /// The operator's settings.
    pub(super) config: Written,
    /// What is known about the settings.
    pub(super) config_docs: Documented,
    pub(super) depends_on: &'p [String],
}

impl<'p> Module<'p> {
    /// Collects what the chart is made of.
    ///
    /// # Errors
    /// Everything that prevents a chart from being made. Warnings go to `problems` in any case.
    pub(super) fn new(
        parsed: &'p Parsed,
        base: &dyn Fn(&Template) -> Option<Arc<Chart>>,
        known: &Known,
        problems: &mut Vec<Problem>,
    ) -> Result<Module<'p>, ()> {
        let spec = &parsed.descriptor.spec;
        let name = parsed.descriptor.metadata.name.as_str();
        if !is_label(name) {
            let message = format!("{name:?} cannot be the name of a module");
            let problem = parsed.problem_at_value(Severity::Error, Code::Name, "metadata.name", message);
            problems.push(problem.hint(LABEL));
        }
        names(parsed, problems);
        let mut bases = Bases::new(known);
        let mut components = Vec::new();
        for (i, component) in spec.components.iter().enumerate() {
            let found = base_of(parsed, i, component, &mut bases, base, problems);
            let Some(template) = spec.template_of(component) else { continue };
            let path = item("spec.components", i);
            let start = parsed.places.find(&path).map_or(0, |s| s.start);
            let config = Written::cut(parsed, &format!("{path}.config"), &component.config);
            let comment = comment_above(&parsed.text, start);
            for (key, values) in [("values", &component.values), ("config", &component.config)] {
                for (name, value) in values {
                    lost(parsed, &field(&format!("{path}.{key}"), name), value, problems);
                }
            }
            components.push(Component {
                name: &component.name,
                template,
                base: found,
                description: plain(&comment),
                comment,
                developer: developer(parsed, i, component, found.and_then(|i| bases.list.get(i))),
                config_docs: documented_text(&config.text),
                config,
                depends_on: &component.depends_on,
            });
        }
        if problems.iter().any(|p| p.severity == Severity::Error) {
            return Err(());
        }
        Ok(Module { parsed, name, layout: spec.layout, components, bases: bases.list })
    }

    /// What all skeletons see; `components` is what they see of each of them.
    pub(super) fn context(&self, components: &[Value]) -> Vec<Field> {
        let module = &self.parsed.descriptor.spec.module;
        let release = &self.parsed.descriptor.spec.release;
        let description = module.description.clone().unwrap_or_else(|| format!("The module {}", self.name));
        let module = vec![
            ("name", self.name.into()),
            ("namespace", optional(&self.parsed.descriptor.metadata.namespace)),
            ("version", text(&module.version)),
            ("appVersion", optional(&module.app_version)),
            ("description", text(&description)),
            ("icon", optional(&module.icon)),
            ("home", optional(&module.home)),
            ("sources", list(&module.sources)),
            ("keywords", list(&module.keywords)),
            ("maintainers", module.maintainers.iter().map(maintainer).collect::<Vec<Value>>().into()),
            ("kubeVersion", optional(&module.kube_version)),
        ];
        let release = vec![
            ("interval", text(release.interval.as_deref().unwrap_or(INTERVAL))),
            ("serviceAccountName", optional(&release.service_account_name)),
        ];
        vec![
            ("layout", text(folder(self.layout).trim_end_matches('/'))),
            ("module", object(module)),
            ("release", object(release)),
            ("components", components.into()),
            ("bases", self.bases.iter().map(|b| self.base(b)).collect::<Vec<Value>>().into()),
        ]
    }

    /// What skeletons see of each component.
    pub(super) fn component_contexts(&self) -> Vec<Value> {
        self.components.iter().map(|c| self.component(c)).collect()
    }

    fn component(&self, component: &Component<'_>) -> Value {
        let base = component.base.and_then(|i| self.bases.get(i));
        let ingress = component
            .developer
            .values
            .get("ingress")
            .and_then(|v| v.get("enabled"))
            .map(|v| v.as_bool() == Some(true))
            .or_else(|| base.and_then(Base::ingress));
        let named = base.map_or(component.developer.values.contains_key("app"), |b| b.has_string(["app", "name"]));
        // Whether the base chart has an ingress at NAME.DOMAIN, and whether it is on.
        let ingress = named.then_some(ingress).flatten();
        object(vec![
            ("name", text(component.name)),
            ("comment", text(&component.comment)),
            ("description", text(&component.description)),
            ("values", text(&component.developer.text)),
            ("config", text(&component.config.text)),
            ("settings", text(&self.settings(component))),
            ("access", text(&access(component.name))),
            ("dependsOn", list(component.depends_on)),
            ("chart", chart(component.template)),
            ("base", component.base.into()),
            ("ingress", ingress.into()),
            ("rows", rows(component, base)),
        ])
    }

    /// The component's entry in `values.yaml`, as text.
    fn settings(&self, component: &Component<'_>) -> String {
        let written = match self.layout {
            Layout::Releases => Written::default(),
            Layout::Umbrella => component.developer.clone(),
        };
        written.with("config", &component.config).text
    }

    /// What skeletons see of a base chart: its values that no component of it sets, and what a dependency wants.
    fn base(&self, base: &Base) -> Value {
        let metadata = base.chart.metadata();
        let uses = |c: &&Component<'_>| c.base.and_then(|i| self.bases.get(i)).is_some_and(|b| b.key == base.key);
        let users = self.components.iter().filter(uses).map(|c| text(c.name));
        let rows = base.says.documented.rows.iter().map(|r| row(&r.path, &r.types, &r.default, &r.description, ""));
        object(vec![
            ("key", text(&base.key)),
            ("name", text(&metadata.name.to_str_lossy())),
            ("version", text(&metadata.version.to_str_lossy())),
            ("components", users.collect::<Vec<Value>>().into()),
            ("rows", rows.collect::<Vec<Value>>().into()),
        ])
    }
}

/// What Flux is told about a base chart.
fn chart(template: &Template) -> Value {
    let source = &template.source_ref;
    let strategy = template.reconcile_strategy.or(source.kind.has_folders().then_some(ReconcileStrategy::Revision));
    let from = vec![
        ("kind", text(&format!("{:?}", source.kind))),
        ("name", text(&source.name)),
        ("namespace", optional(&source.namespace)),
    ];
    object(vec![
        ("name", text(&template.chart_path())),
        ("version", optional(&template.version)),
        ("strategy", strategy.map(|s| format!("{s:?}")).into()),
        ("ref", source.kind.is_chart().into()),
        ("source", object(from)),
    ])
}

fn maintainer(maintainer: &Maintainer) -> Value {
    let mut fields = vec![("name", text(&maintainer.name))];
    for (name, value) in [("email", &maintainer.email), ("url", &maintainer.url)] {
        fields.extend(value.as_ref().map(|value| (name, text(value))));
    }
    object(fields)
}

/// The values that a component's users will want to know: its settings, then what the developer set.
fn rows(component: &Component<'_>, base: Option<&Base>) -> Value {
    let mut rows = Vec::new();
    let mut add = |values: &types::Values, prefix: &[String], docs: Option<&Documented>, who: &str| {
        let mut leaves = Vec::new();
        collect(values, &mut prefix.to_vec(), &mut leaves);
        for (path, value) in leaves {
            let below = path.strip_prefix(prefix).expect("the paths of leaves begin with the prefix");
            let (mut types, description) = docs.map(|d| d.get(below)).unwrap_or_default();
            if types.is_empty() {
                types.extend(type_of(value).map(str::to_owned));
            }
            rows.push(row(&path, &types, value, &description, who));
        }
    };
    add(&component.config.values, &["config".to_owned()], Some(&component.config_docs), "operator");
    add(&component.developer.values, &[], base.map(|b| &b.says.documented), "developer");
    rows.into()
}

/// The values in a tree that are not maps, with their paths.
fn collect<'v>(values: &'v types::Values, path: &mut Vec<String>, leaves: &mut Vec<(Vec<String>, &'v Json)>) {
    for (key, value) in values {
        path.push(key.clone());
        match value {
            Json::Object(map) if !map.is_empty() => collect(map, path, leaves),
            value => leaves.push((path.clone(), value)),
        }
        path.pop();
    }
}

/// A row of the table of values.
fn row(path: &[String], types: &[String], default: &Json, description: &str, who: &str) -> Value {
    const MOST: usize = 80;
    let mut default = json(default);
    if let Some((at, _)) = default.char_indices().nth(MOST) {
        default.truncate(at);
        default.push('…');
    }
    object(vec![
        ("path", text(&dotted(path))),
        ("type", text(&types.join(" or "))),
        ("default", text(&default.replace('`', "'"))),
        ("description", text(description)),
        ("who", text(who)),
    ])
}

/// A path as Helm's `--set` takes it.
fn dotted(path: &[String]) -> String {
    let mut text = String::new();
    for (i, key) in path.iter().enumerate() {
        if i > 0 {
            text.push('.');
        }
        text.push_str(&key.replace('.', "\\."));
    }
    text
}

/// The values of a component in a template: `.Values.web`, or `(index .Values "a-b")`.
fn access(name: &str) -> String {
    let identifier =
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    if identifier { format!(".Values.{name}") } else { format!("(index .Values {name:?})") }
}

/// The words of a comment.
fn plain(comment: &str) -> String {
    let words = comment.lines().map(|l| l.trim_start_matches('#').trim());
    words.filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ")
}

const LABEL: &str =
    "use lower-case letters, digits and hyphens: at most 53, starting and ending with a letter or digit";

/// Whether a name can be that of a component: it goes into the names of files, releases and hosts.
fn is_label(name: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let ends = |b: Option<u8>| b.is_some_and(inner);
    name.len() <= 53
        && ends(name.bytes().next())
        && ends(name.bytes().last())
        && name.bytes().all(|b| inner(b) || b == b'-')
}

/// Checks the names of components, and those that they depend on.
fn names(parsed: &Parsed, problems: &mut Vec<Problem>) {
    let components = &parsed.descriptor.spec.components;
    let mut seen = Sorted::default();
    for (i, component) in components.iter().enumerate() {
        let path = item("spec.components", i);
        let name = component.name.as_str();
        let at = format!("{path}.name");
        let mut wrong = |code: Code, message: String, hint: &str| {
            problems.push(parsed.problem_at_value(Severity::Error, code, &at, message).hint(hint));
        };
        if !is_label(name) {
            wrong(Code::Name, format!("{name:?} cannot be the name of a component"), LABEL);
        } else if matches!(name, "global" | "tags") {
            wrong(Code::Name, format!("{name} is a key that Helm reserves"), "give the component another name");
        } else if let Some(first) = seen.insert(name, i) {
            let first = parsed.places.nearest(&item("spec.components", first)).line;
            wrong(
                Code::DuplicateComponent,
                format!("the component {name} exists already, on line {first}"),
                "rename one",
            );
        }
        for (k, other) in component.depends_on.iter().enumerate() {
            if !components.iter().any(|c| c.name == *other) {
                let at = item(&format!("{path}.dependsOn"), k);
                let message = format!("{name} depends on {other}, which is not a component");
                problems.push(parsed.problem_at_value(Severity::Error, Code::UnknownComponent, &at, message));
            }
        }
    }
}

/// Finds what Helm does not carry through: large integers, since its numbers are floats, and control characters,
/// which `toYaml` cannot write. As deep as a descriptor may be.
fn lost(parsed: &Parsed, path: &str, value: &Json, problems: &mut Vec<Problem>) {
    const EXACT: u64 = 1 << 53;
    match value {
        Json::Object(map) => map.iter().for_each(|(k, v)| lost(parsed, &field(path, k), v, problems)),
        Json::Array(list) => {
            list.iter().enumerate().for_each(|(i, v)| lost(parsed, &item(path, i), v, problems));
        }
        Json::Number(n) if n.as_i64().map(i64::unsigned_abs).or(n.as_u64()).is_some_and(|n| n > EXACT) => {
            let message = format!("Helm changes the number {n}: it reads numbers as floats");
            let problem = parsed.problem_at_value(Severity::Warning, Code::Number, path, message);
            problems.push(problem.hint("put it in quotes if it is an identifier"));
        }
        Json::String(text) => {
            let Some(c) = text.chars().find(|c| matches!(c, '\u{7f}'..='\u{9f}')) else { return };
            let message = format!("Helm cannot write the character U+{:04X}", c as u32);
            problems.push(parsed.problem_at_value(Severity::Error, Code::Character, path, message));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_address_components() {
        for (name, want) in [
            ("web", ".Values.web"),
            ("web2", ".Values.web2"),
            ("a-b", "(index .Values \"a-b\")"),
            ("2nd", "(index .Values \"2nd\")"),
        ] {
            assert_eq!(access(name), want);
        }
    }

    #[test]
    fn names_are_labels() {
        for (name, good) in [
            ("web", true),
            ("a-b", true),
            ("0", true),
            ("", false),
            ("-a", false),
            ("a-", false),
            ("A", false),
            ("a.b", false),
            ("../a", false),
            ("a/b", false),
            (&"a".repeat(53), true),
            (&"a".repeat(54), false),
        ] {
            assert_eq!(is_label(name), good, "{name}");
        }
    }
}
