//! Layout `umbrella`: the base charts become subcharts.

use std::collections::{BTreeMap, BTreeSet};

use contract::{Problem, Severity};
use helm::chart::{Chart, File};

use super::module::Module;
use crate::places::item;

/// Puts the base charts under `charts/`, each once, and says what this layout cannot do.
pub(super) fn vendor(module: &Module<'_>, files: &mut Vec<File>, problems: &mut Vec<Problem>) {
    for base in &module.bases {
        for file in base.chart.raw() {
            let name = [b"charts/", base.key.as_bytes(), b"/", file.name.as_bytes()].concat();
            files.push(File { name: name.into(), data: file.data.clone() });
        }
        if base.chart.metadata().kind.as_bytes() == b"library" {
            let name = &base.key;
            let message = format!("{name} is a library chart: it makes nothing by itself");
            problems.push(module.parsed.problem(Severity::Warning, "library-chart", "spec.components", message));
        }
    }
    order(module, problems);
    shared_names(module, problems);
}

/// Helm installs all subcharts at once.
fn order(module: &Module<'_>, problems: &mut Vec<Problem>) {
    for (i, component) in module.components.iter().enumerate() {
        if !component.depends_on.is_empty() {
            let path = format!("{}.dependsOn", item("spec.components", i));
            let message = format!("layout umbrella installs {} together with what it depends on", component.name);
            let problem = module.parsed.problem(Severity::Warning, "depends-on-lost", &path, message);
            problems.push(problem.hint("use layout releases where the order matters"));
        }
    }
}

/// All templates of a release share one space of names: of two charts that define the same, one gets the other's.
fn shared_names(module: &Module<'_>, problems: &mut Vec<Problem>) {
    let mut owners: BTreeMap<Vec<u8>, BTreeMap<&str, &[u8]>> = BTreeMap::new();
    for base in &module.bases {
        each_define(&base.chart, &mut |name, text| {
            owners.entry(name.to_vec()).or_default().insert(&base.key, text);
        });
    }
    let mut clashes: BTreeMap<Vec<&str>, Vec<String>> = BTreeMap::new();
    for (name, charts) in owners {
        let texts: BTreeSet<&[u8]> = charts.values().copied().collect();
        if texts.len() > 1 {
            let charts = charts.into_keys().collect();
            clashes.entry(charts).or_default().push(String::from_utf8_lossy(&name).into_owned());
        }
    }
    for (charts, names) in clashes {
        let (charts, first) = (charts.join(" and "), names.first().cloned().unwrap_or_default());
        let message = match names.len() {
            1 => format!("{charts} both define the template {first}: one of them gets the other's"),
            n => format!("{charts} both define {n} templates, such as {first}: one of them gets the other's"),
        };
        let problem = module.parsed.problem(Severity::Warning, "shared-templates", "spec.components", message);
        problems.push(problem.hint("use layout releases: there each chart is for itself"));
    }
}

/// The templates that a chart and its subcharts define, with the text of each up to the next.
fn each_define<'c>(chart: &'c Chart, each: &mut impl FnMut(&'c [u8], &'c [u8])) {
    for file in chart.templates() {
        let mut rest: &'c [u8] = &file.data;
        while let Some(at) = find(rest, b"define \"") {
            let behind = rest.get(at + 8..).unwrap_or_default();
            let Some(end) = behind.iter().position(|b| *b == b'"') else { break };
            let (name, text) = behind.split_at(end);
            let stop = find(text, b"define \"").unwrap_or(text.len());
            each(name, text.get(..stop).unwrap_or_default());
            rest = text;
        }
    }
    for sub in chart.dependencies() {
        each_define(sub, each);
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|w| w == what)
}
