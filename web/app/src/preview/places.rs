//! Places of templates in messages: the way to them, and the values that are read there.

use chartwright_values::Path;

use super::open::Opened;
use super::state::FileAt;
use crate::paint::value_paths;

/// So many values are named at most: a message that names more is about none of them.
const MOST: usize = 3;

/// A part of a message.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part<'t> {
    /// Text.
    Text(&'t str),
    /// A place in a file that the page has.
    Place(&'t str, FileAt),
}

/// A message with the places that it names, such as `shop/templates/a.yaml:3:5`. Of two versions of a chart with the
/// same name, the one with the version that is given counts.
pub(super) fn parts<'t>(text: &'t str, opened: &Opened, chart: Option<&str>) -> Vec<Part<'t>> {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | '\'' | '`' | ',' | ';');
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    for word in text.split(is_end) {
        let from = at;
        at += word.len() + text.get(at + word.len()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let word = word.trim_end_matches([':', '.']);
        if let Some(file) = place(word, opened, chart) {
            if let Some(before) = text.get(start..from).filter(|before| !before.is_empty()) {
                parts.push(Part::Text(before));
            }
            parts.push(Part::Place(word, file));
            start = from + word.len();
        }
    }
    if let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        parts.push(Part::Text(rest));
    }
    parts
}

/// The file and line of `chart/path:line:column`.
fn place(word: &str, opened: &Opened, of: Option<&str>) -> Option<FileAt> {
    let mut numbers = word.rsplitn(3, ':');
    let (last, middle, first) = (numbers.next()?, numbers.next()?, numbers.next());
    let (path, line) = match (first, middle.parse::<u32>()) {
        (Some(path), Ok(line)) if last.parse::<u32>().is_ok() => (path.to_owned(), line),
        (Some(first), _) => (format!("{first}:{middle}"), last.parse().ok()?),
        (None, _) => (middle.to_owned(), last.parse().ok()?),
    };
    let (name, path) = path.split_once('/')?;
    let has = |chart: &chartwright_protocol::ChartInfo| chart.files.iter().any(|file| file.path == path);
    let found = opened.charts().enumerate().filter(|(_, chart)| chart.name == name && has(chart));
    let mut found = found.collect::<Vec<_>>();
    found.sort_by_key(|(_, chart)| !of.is_some_and(|of| of.contains(&chart.version)));
    let chart = found.first()?.0;
    Some(FileAt { chart, path: path.to_owned(), line, from: None })
}

/// The values that a message is about, as paths into the operator's values, the likeliest first: what it names itself,
/// from the inside out; else what the template reads at the innermost place. `component` has the values of a base chart.
pub(super) fn values(text: &str, opened: &Opened, chart: Option<&str>, component: Option<&str>) -> Vec<Path> {
    let places: Vec<FileAt> = parts(text, opened, chart)
        .into_iter()
        .filter_map(|part| if let Part::Place(_, at) = part { Some(at) } else { None })
        .collect();
    let innermost = places.last();
    let below = |at: Option<&FileAt>| below(at, component);
    let own = named(text, &below(innermost));
    let line = innermost.filter(|_| own.is_empty()).and_then(|at| Some((at, line_of(at, opened)?)));
    let mut found = line.map_or(own, |(at, line)| named(line, &below(Some(at))));
    found.truncate(MOST);
    found
}

/// The values that a text names, below a path, the last first.
fn named(text: &str, below: &Path) -> Vec<Path> {
    let mut found: Vec<Path> = Vec::new();
    for line in text.lines().rev() {
        let names: Vec<&str> = value_paths(line, 0).map(|(_, path)| path).collect();
        for path in names.into_iter().rev().filter_map(|name| under(below, name)) {
            if !found.contains(&path) {
                found.push(path);
            }
        }
    }
    found
}

fn line_of<'o>(at: &FileAt, opened: &'o Opened) -> Option<&'o str> {
    let file = opened.charts().nth(at.chart)?.files.iter().find(|file| file.path == at.path)?;
    file.text.as_deref()?.lines().nth(at.line.checked_sub(1)? as usize)
}

/// Where the values of a file's chart stand among those of the operator: those of a base chart below its component, and
/// those of a subchart below its name.
pub(super) fn below(at: Option<&FileAt>, component: Option<&str>) -> Path {
    let is_base = at.map_or(component.is_some(), |at| at.chart > 0);
    let mut below = component.filter(|_| is_base).map(|name| Path::root().key(name)).unwrap_or_default();
    let Some(at) = at else { return below };
    let mut path = at.path.split('/');
    while path.next() == Some("charts")
        && let Some(name) = path.next()
    {
        below = below.key(name);
    }
    below
}

/// A path below another. Global values are the same for all charts.
pub(super) fn under(below: &Path, name: &str) -> Option<Path> {
    let path: Path = name.parse().ok()?;
    if path.steps().first().is_some_and(|step| step.key() == Some("global")) {
        return Some(path);
    }
    Some(path.steps().iter().cloned().fold(below.clone(), |path, step| path.join(step)))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use chartwright_protocol::{ChartFile, ChartInfo};

    use super::super::values::tests::opened;
    use super::*;

    fn shop() -> Opened {
        let file = |path: &str, text: &str| ChartFile { path: path.into(), text: Some(text.into()), size: 1 };
        let mut shop = opened("name: x\n", None);
        let chart = ChartInfo {
            files: vec![
                file("templates/_helpers.tpl", "a\n{{ fail (printf \"no %s\" .Values.name) }}\n"),
                file("charts/db/templates/a.yaml", "{{ .Values.user }}\n"),
            ],
            ..(*shop.chart).clone()
        };
        shop.chart = Rc::new(chart);
        let base = ChartInfo {
            name: "base".into(),
            version: "2.0.0".into(),
            files: vec![file("templates/a.yaml", "{{ .Values.image.tag }}\n")],
            ..ChartInfo::default()
        };
        shop.bases = vec![Rc::new(ChartInfo { version: "1.0.0".into(), ..base.clone() }), Rc::new(base)];
        shop
    }

    fn paths(text: &str, chart: Option<&str>, component: Option<&str>) -> Vec<String> {
        values(text, &shop(), chart, component).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn places_lead_to_files() {
        let shop = shop();
        let text = "shop/templates/_helpers.tpl:2:5\n  (base/templates/a.yaml:1): no/where.yaml:3";
        let at = |chart, path: &str, line| FileAt { chart, path: path.into(), line, from: None };
        assert_eq!(
            parts(text, &shop, Some("base 2.0.0")),
            [
                Part::Place("shop/templates/_helpers.tpl:2:5", at(0, "templates/_helpers.tpl", 2)),
                Part::Text("\n  ("),
                Part::Place("base/templates/a.yaml:1", at(2, "templates/a.yaml", 1)),
                Part::Text("): no/where.yaml:3"),
            ]
        );
        assert_eq!(parts("é: nothing", &shop, None), [Part::Text("é: nothing")]);
        assert!(parts("", &shop, None).is_empty());
    }

    #[test]
    fn messages_are_about_values() {
        let required = "shop/templates/_helpers.tpl:2:5\n  executing \"x\" at <required \"no\" .Values.name>: no";
        assert_eq!(paths(required, None, None), ["name"]);
        // Where it names none, the line of the template does.
        assert_eq!(paths("shop/templates/_helpers.tpl:2:5: no", None, None), ["name"]);
        assert_eq!(paths("shop/charts/db/templates/a.yaml:1:3: no", None, None), ["db.user"]);
        assert_eq!(paths("base/templates/a.yaml:1:3: no", None, Some("web")), ["web.image.tag"]);
        assert_eq!(paths("at <.Values.global.domain>", None, Some("web")), ["global.domain"]);
        assert_eq!(paths("nothing", None, None), [""; 0]);
    }
}
