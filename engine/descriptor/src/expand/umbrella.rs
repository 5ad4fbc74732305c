//! Layout `umbrella`: the base charts become subcharts.

use contract::{Code, Problem, Severity};
use govalue::Index;
use govalue::sort::sort_by;
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
            let message = format!("{name} is a library chart and cannot be deployed");
            problems.push(module.parsed.problem(Severity::Warning, Code::LibraryChart, "spec.components", message));
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
            let message = format!("layout umbrella installs {} together with its dependencies", component.name);
            let problem = module.parsed.problem(Severity::Warning, Code::DependsOnLost, &path, message);
            problems.push(problem.hint("use layout releases if the order matters"));
        }
    }
}

/// All templates of a release share one space of names: of two charts that define the same, one gets the other's.
fn shared_names(module: &Module<'_>, problems: &mut Vec<Problem>) {
    // What each chart defines: the name, the chart, the text. Of several in one chart the last counts.
    let mut defined: Vec<(&[u8], &str, &[u8])> = Vec::new();
    for base in &module.bases {
        each_define(&base.chart, &mut |name, text| defined.push((name, &base.key, text)));
    }
    sort_by(&mut defined, |a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    let mut clashes: Index<Vec<String>> = Index::default();
    for same in defined.chunk_by(|a, b| a.0 == b.0) {
        let charts: Vec<(&str, &[u8])> =
            same.chunk_by(|a, b| a.1 == b.1).filter_map(|of_chart| of_chart.last()).map(|d| (d.1, d.2)).collect();
        let differ = charts.iter().any(|chart| charts.first().is_some_and(|first| first.1 != chart.1));
        if let (true, Some((name, ..))) = (differ, same.first()) {
            let charts = charts.iter().map(|chart| chart.0).collect::<Vec<_>>().join(" and ");
            clashes.or_default(charts).push(String::from_utf8_lossy(name).into_owned());
        }
    }
    for (charts, names) in clashes.into_sorted() {
        let first = names.first().expect("a clash is entered with its first name");
        let message = match names.len() {
            1 => format!("{charts} both define the template {first}: one of them overrides the other"),
            n => format!("{charts} both define {n} templates, such as {first}: one of them overrides the other"),
        };
        let problem = module.parsed.problem(Severity::Warning, Code::SharedTemplates, "spec.components", message);
        problems.push(problem.hint("use layout releases: it keeps the charts apart"));
    }
}

const DEFINE: &[u8] = b"define \"";

/// The templates that a chart and its subcharts define, with the text of each up to the next.
fn each_define<'c>(chart: &'c Chart, each: &mut impl FnMut(&'c [u8], &'c [u8])) {
    for file in chart.templates() {
        let mut rest: &'c [u8] = &file.data;
        while let Some(at) = find(rest, DEFINE) {
            let (_, behind) = rest.split_at(at + DEFINE.len());
            let Some(end) = behind.iter().position(|b| *b == b'"') else { break };
            let (name, text) = behind.split_at(end);
            let stop = find(text, DEFINE).unwrap_or(text.len());
            each(name, text.split_at(stop).0);
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
