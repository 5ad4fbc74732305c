//! The base charts that a module can be built from: those that the catalog names.

use std::rc::Rc;

use crate::load::{Load, Trouble};
use crate::preview::{fits, wanted};
use chartwright_catalog::BaseChart;
use chartwright_protocol::ChartInfo;
use chartwright_values::{FormSource, Model, Path, Questions, Schema, Value};

/// A base chart.
#[derive(Clone, Debug)]
pub struct Base {
    /// Where it is in the catalog.
    pub chart: BaseChart,
    /// What is in it, once it was needed.
    pub read: Load<Rc<Read>>,
}

/// A base chart that was read.
#[derive(Debug)]
pub struct Read {
    /// What is in it.
    pub info: Rc<ChartInfo>,
    /// Its values, with nothing over them.
    pub model: Model,
    /// What a form of them is drawn from.
    pub source: FormSource,
}

impl Read {
    /// Reads the values of a chart. What cannot be read of them is left out: the check says what is wrong.
    pub fn new(info: Rc<ChartInfo>) -> Read {
        let model = Model::new(&info.values).or_else(|_| Model::new(""));
        let source = FormSource {
            schema: info.schema.as_deref().and_then(|text| Schema::read(text).ok()).map(Rc::new),
            questions: info.questions.as_deref().and_then(|text| Questions::read(text).ok()).map(Rc::new),
        };
        Read { info, model: model.expect("an empty text is a chart without values"), source }
    }
}

/// All base charts.
#[derive(Clone, Debug, Default)]
pub struct Bases(pub Vec<Base>);

impl Bases {
    /// The charts of a catalog, each once.
    pub fn new(charts: Vec<BaseChart>) -> Bases {
        let mut bases: Vec<Base> = Vec::new();
        for chart in charts {
            if bases.iter().all(|base| base.chart.wanted != chart.wanted) {
                bases.push(Base { chart, read: Load::Idle });
            }
        }
        bases.sort_by(|a, b| a.name().cmp(b.name()));
        Bases(bases)
    }

    /// The place of the chart that a template names.
    pub fn find(&self, template: &Value) -> Option<usize> {
        let wanted = wanted(template)?;
        self.0.iter().position(|base| fits(&base.chart.wanted, &wanted))
    }

    /// The chart that a template names, if it was read.
    pub fn read(&self, template: &Value) -> Option<&Rc<Read>> {
        self.0.get(self.find(template)?)?.read.shown()
    }

    /// Charts of these digests came, or could not be had.
    pub fn came(&mut self, digest: &str, result: &Result<Rc<Read>, Trouble>) {
        for base in self.0.iter_mut().filter(|base| base.chart.digest == digest) {
            base.read = std::mem::take(&mut base.read).came(result.clone());
        }
    }

    /// Marks those of these places that nobody asked for yet, and returns them.
    pub fn ask(&mut self, places: impl IntoIterator<Item = usize>) -> Vec<BaseChart> {
        let mut asked = Vec::new();
        for place in places {
            if let Some(base) = self.0.get_mut(place)
                && matches!(base.read, Load::Idle)
            {
                base.read = Load::Loading(None);
                asked.push(base.chart.clone());
            }
        }
        asked
    }
}

impl Base {
    /// What people call it: the end of its path, or its source.
    pub fn name(&self) -> &str {
        let wanted = &self.chart.wanted;
        let chart = wanted.chart.rsplit('/').next().unwrap_or_default();
        if chart.is_empty() { &wanted.source.name } else { chart }
    }

    /// The template that names it in a descriptor.
    pub fn template(&self) -> Value {
        let wanted = &self.chart.wanted;
        let text = |text: &str| Value::from(text);
        let bare = wanted.chart.strip_prefix("./charts/").filter(|name| !name.contains('/'));
        let chart = bare.unwrap_or(if wanted.chart.is_empty() { self.name() } else { &wanted.chart });
        let mut template = Value::map_of("chart", text(chart));
        if !wanted.version.is_empty() {
            template = template.with(Path::root().key("version").steps(), text(&wanted.version));
        }
        let source =
            [("kind", &wanted.source.kind), ("name", &wanted.source.name), ("namespace", &wanted.source.namespace)];
        for (key, value) in source.into_iter().filter(|(_, value)| !value.is_empty()) {
            template = template.with(Path::root().key("sourceRef").key(key).steps(), text(value));
        }
        template
    }
}

#[cfg(test)]
pub(super) mod tests {
    use chartwright_values::parse;
    use contract::{ChartSource, ChartWanted};

    use super::*;

    /// A base chart of the source `basecharts`.
    pub(crate) fn base(name: &str) -> BaseChart {
        let source =
            ChartSource { kind: "GitRepository".into(), namespace: "marketplace".into(), name: "basecharts".into() };
        let wanted = ChartWanted { source, chart: format!("./charts/{name}"), ..ChartWanted::default() };
        BaseChart { wanted, url: format!("{name}.tgz"), digest: format!("sha256:{name}"), ..BaseChart::default() }
    }

    #[test]
    fn templates_name_charts() {
        let bases = Bases::new(vec![base("modulebase"), base("databasebase"), base("modulebase")]);
        assert_eq!(bases.0.len(), 2);
        let place = |yaml: &str| bases.find(&parse(yaml).unwrap()).map(|place| bases.0[place].name().to_owned());
        let source = "sourceRef: {kind: GitRepository, name: basecharts}";
        assert_eq!(place(&format!("{{chart: modulebase, {source}}}")).as_deref(), Some("modulebase"));
        assert_eq!(place(&format!("{{chart: ./charts/databasebase, {source}}}")).as_deref(), Some("databasebase"));
        assert_eq!(place(&format!("{{chart: other, {source}}}")), None);
        assert_eq!(place("{chart: modulebase}"), None);
        for base in &bases.0 {
            assert_eq!(bases.find(&base.template()).map(|place| bases.0[place].name()), Some(base.name()));
        }
    }

    #[test]
    fn charts_are_asked_for_once() {
        let mut bases = Bases::new(vec![base("a"), base("b")]);
        assert_eq!(bases.ask([0, 0, 7]).len(), 1);
        assert!(bases.ask([0]).is_empty());
        let read = Rc::new(Read::new(Rc::default()));
        bases.came("sha256:a", &Ok(read));
        assert!(bases.0[0].read.shown().is_some() && bases.0[1].read.shown().is_none());
    }
}
