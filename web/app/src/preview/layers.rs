//! What stands below an operator's values. The module chart of a descriptor has the settings in its `values.yaml`, and
//! all else in its templates: what a component really gets is in the descriptor and in its base chart.

use std::rc::Rc;

use chartwright_protocol::ChartInfo;
use chartwright_values::{Layer, Map, Model, Path, TextError, Value, merge};
use contract::{ChartSource, ChartWanted};

use super::open::{Opened, fits};

/// Who sets the values of components, and their settings.
const DEVELOPER: &str = "developer";

/// Who sets the values of the release that the descriptor asks for.
const RELEASE: &str = "release";

/// Values that others set below those of the operator, all of them by component.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Below {
    /// The base charts of components: their `values.yaml`, as it is written.
    pub bases: Vec<(Rc<str>, Rc<str>)>,
    /// What the descriptor sets over them, the last of which counts most.
    pub layers: Vec<Layer>,
}

impl Below {
    /// Reads a descriptor, with the base charts that could be had. What cannot be read of it is left out: the check says
    /// what is wrong.
    pub(super) fn of_descriptor(text: &str, charts: &[(ChartWanted, Rc<ChartInfo>)]) -> Below {
        let descriptor = chartwright_values::parse(text).unwrap_or_default();
        let get = |value: &Value, path: &str| value.get(&path.parse().ok()?).cloned();
        let components = get(&descriptor, "spec.components").unwrap_or_default();
        let shared = get(&descriptor, "spec.template");
        let module = get(&descriptor, "metadata.name").unwrap_or_default();
        let mut below = Below::default();
        let mut developer = Map::default();
        for component in components.as_list().unwrap_or_default() {
            let Some(name) = component.as_map().and_then(|map| map.get("name")?.as_text().map(Rc::<str>::from)) else {
                continue;
            };
            let template = get(component, "template").or_else(|| shared.clone());
            let wanted = template.as_ref().and_then(wanted);
            let base = wanted.and_then(|wanted| charts.iter().find(|(chart, _)| fits(chart, &wanted)));
            let mut values = get(component, "values").filter(|values| values.as_map().is_some());
            if let Some((_, info)) = base {
                below.bases.push((name.clone(), info.values.as_str().into()));
                let named = [("module.name", module.clone()), ("app.name", Value::from(&*name))];
                values = Some(with_names(values.unwrap_or_else(Value::empty_map), &info.values, named));
            }
            // Settings are the developer's as well, though the operator finds them in the module's own values.
            let config = get(component, "config").map(|config| Value::map_of("config", config));
            let layers = values.into_iter().chain(config);
            let all = layers.fold(Value::empty_map(), |below, over| merge(&below, &over));
            developer.insert(name, all);
        }
        let release = get(&descriptor, "spec.release.values").filter(|values| values.as_map().is_some());
        let layers = [(DEVELOPER, Some(Value::from(developer))), (RELEASE, release)];
        let layers = layers.into_iter().filter_map(|(name, values)| Some(Layer { name: name.into(), values: values? }));
        below.layers = layers.filter(|layer| !layer.values.is_empty_collection()).collect();
        below
    }
}

/// The developer's values, with the names that a base chart wants and nobody gave, as an expansion fills them in.
fn with_names<const N: usize>(values: Value, base: &str, names: [(&str, Value); N]) -> Value {
    let base = chartwright_values::parse(base).unwrap_or_default();
    names.into_iter().fold(values, |values, (path, name)| {
        let Ok(path) = path.parse::<Path>() else { return values };
        let wants = base.get(&path).is_some_and(|value| value.as_text().is_some());
        let is_map = path.split_last().and_then(|(parent, _)| values.get(&parent)).is_none_or(|v| v.as_map().is_some());
        if wants && is_map && values.get(&path).is_none() { values.with(path.steps(), name) } else { values }
    })
}

/// A model of the values of a module, without an override.
///
/// # Errors
/// If the module's own values cannot be read.
pub(super) fn model(opened: &Opened) -> Result<Model, TextError> {
    let mut model = Model::new(&opened.chart.values)?;
    for (component, values) in &opened.below.bases {
        // Of a base chart whose values cannot be read, nothing is known.
        if let Ok(with) = model.clone().with_subchart(&Path::root().key(component), values) {
            model = with;
        }
    }
    Ok(model.with_layers(opened.below.layers.clone()))
}

/// What a template asks of its source, as the engine reads it.
pub(crate) fn wanted(template: &Value) -> Option<ChartWanted> {
    let text = |value: &Value, key: &str| {
        value.as_map()?.get(key)?.as_text().filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let from = template.as_map()?.get("sourceRef")?;
    let source = ChartSource {
        kind: text(from, "kind")?,
        name: text(from, "name")?,
        namespace: text(from, "namespace").unwrap_or_default(),
    };
    if matches!(source.kind.as_str(), "OCIRepository" | "ExternalArtifact") {
        return Some(ChartWanted { source, ..ChartWanted::default() });
    }
    let chart = text(template, "chart")?;
    let folders = matches!(source.kind.as_str(), "GitRepository" | "Bucket") && !chart.contains('/');
    let chart = if folders { format!("./charts/{chart}") } else { chart };
    Some(ChartWanted {
        source,
        chart,
        version: text(template, "version").unwrap_or_default(),
        values_files: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::values::tests::opened;
    use super::*;

    const DESCRIPTOR: &str = "
metadata: {name: shop}
spec:
  template: {chart: web, sourceRef: {kind: GitRepository, name: base}}
  components:
    - name: api
      values: {replicas: 2, env: [{name: URL}]}
      config: {LEVEL: info}
    - name: db
      template: {chart: db, sourceRef: {kind: GitRepository, name: base}}
  release: {values: {api: {replicas: 3}}}
";

    #[test]
    fn a_component_has_the_values_of_its_base_chart_its_developer_and_the_release() {
        let chart = |name: &str, values: &str| {
            let source = ChartSource { kind: "GitRepository".into(), name: "base".into(), ..ChartSource::default() };
            let wanted = ChartWanted { source, chart: format!("./charts/{name}"), ..ChartWanted::default() };
            (wanted, Rc::new(ChartInfo { values: values.to_owned(), ..ChartInfo::default() }))
        };
        let web = chart("web", "app: {name: '', port: 1}\nreplicas: 1\nenv: []\nconfig: {}\n");
        let below = Below::of_descriptor(DESCRIPTOR, &[web, chart("other", "a: 1\n")]);
        assert_eq!(below.bases.iter().map(|(name, _)| &**name).collect::<Vec<_>>(), ["api"]);
        let opened = Opened { below, ..opened("api: {config: {LEVEL: info}}\ndb: {}\n", None) };
        let model = model(&opened).unwrap();
        for (path, value, origin, lost) in [
            ("api.replicas", "3", "release", "developer 2, default 1"),
            ("api.env[0].name", "URL", "developer", ""),
            ("api.app.name", "api", "developer", "default "),
            ("api.app.port", "1", "default", ""),
            ("api.config.LEVEL", "info", "developer", "default info"),
        ] {
            let effective = model.effective(&path.parse().unwrap());
            let losers: Vec<String> =
                effective.losers.iter().map(|one| format!("{} {}", one.origin.name(), one.value.shown())).collect();
            let shown = effective.value.map(|value| value.shown());
            assert_eq!((shown.as_deref(), effective.origin.name(), &*losers.join(", ")), (Some(value), origin, lost));
        }
    }

    #[test]
    fn what_is_no_descriptor_has_nothing_below() {
        for text in ["", "a: [", "spec: {components: [1, {}, {values: 1}]}", "- a\n"] {
            assert_eq!(Below::of_descriptor(text, &[]), Below::default(), "{text}");
        }
    }
}
