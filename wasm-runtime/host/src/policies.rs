//! Policies against what a subject deploys.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use chartwright::LoadedChart;
use chartwright::api::{refused, summary};
use contract::{ChartGiven, Failure, ObjectOut, Problem, RenderInput, RenderOutput};
use helm::chart::File;
use policy::{Judged, Policies, unfold};

use crate::bring::Host;

impl Host<'_> {
    /// Renders, with all charts that are wanted, and says which objects break a rule, or are refused by Kubernetes itself:
    /// each problem names the object, the line of the template and the rule. What a render cannot reach is not judged; its problems say so.
    ///
    /// # Errors
    /// As [`Host::render`].
    pub fn judge(&self, input: RenderInput, policies: &Policies) -> Result<(RenderOutput, Vec<Problem>), Failure> {
        // The rules are about everything that is deployed, whatever else is shown.
        let mut input = input;
        (input.want.objects, input.want.level, input.want.crds, input.want.hooks) = (true, None, true, true);
        input.want.show_only.clear();
        let (output, charts) = self.render_with(input)?;
        let objects = unfold(output.objects.clone());
        let sum = summary(&objects);
        let texts = OnceCell::new();
        let template = |object: &ObjectOut| texts.get_or_init(|| templates(&charts)).get(&key(object)?).cloned();
        let refusals = policies.judge(&Judged::new(&objects, &sum).with_templates(&template));
        // What no cluster takes need not be judged by a house.
        let refused = refused(&objects).into_iter().filter_map(|one| {
            let object = objects.get(one.object)?;
            let line = template(object).map_or(0, |text| policy::line_of(&text, &object.kind, &one.path));
            let mut problem = one.into_problem(object);
            problem.place.line = line;
            Some(problem)
        });
        let problems = refusals.into_iter().map(policy::Refusal::into_problem).chain(refused).collect();
        Ok((output, problems))
    }
}

/// A chart, with its version, and a path in it.
type Key = (String, String);

/// The template of an object. Flux adds the digest of a chart to its version, behind a `+`.
fn key(object: &ObjectOut) -> Option<Key> {
    let (_, path) = object.source.split_once('/')?;
    Some((without_build(object.chart.as_deref()?), path.to_owned()))
}

fn without_build(chart: &str) -> String {
    chart.split('+').next().unwrap_or_default().to_owned()
}

/// The templates of charts; one that cannot be loaded rendered nothing.
fn templates(charts: &[ChartGiven]) -> BTreeMap<Key, String> {
    let mut texts = BTreeMap::new();
    for given in charts {
        let Some(chart) = load(given) else { continue };
        let metadata = chart.chart().metadata();
        let name = format!("{}-{}", metadata.name.to_str_lossy(), metadata.version.to_str_lossy());
        for file in chart.chart().raw() {
            let path = file.name.to_string();
            if path.split('/').any(|part| part == "templates") {
                texts.insert((without_build(&name), path), String::from_utf8_lossy(file.data.as_bytes()).into_owned());
            }
        }
    }
    texts
}

fn load(given: &ChartGiven) -> Option<LoadedChart> {
    let archive = &given.archive;
    if let Some(data) = &archive.data {
        return LoadedChart::from_archive(&archive.name, data.0.clone()).ok();
    }
    let files = archive.files.as_ref()?.iter();
    let files = files.map(|file| File { name: file.path.as_str().into(), data: file.data.0.clone().into() });
    LoadedChart::from_folder(&archive.name, files.collect()).ok()
}
