//! The developer's state, and what changes it.

use std::rc::Rc;

use contract::{Problem, Severity};

use crate::load::{Load, Trouble};
use crate::preview::Outcome;

/// A descriptor to begin with.
const FIRST: &str = "apiVersion: chartwright.dev/v1alpha1
kind: HelmChartDescriptor
metadata:
  name: shop
  namespace: shop
spec:
  module:
    version: 0.1.0
    description: A shop
  template:
    chart: modulebase
    sourceRef: {kind: GitRepository, name: basecharts, namespace: marketplace}
  components:
    - name: shopfrontend
      values:
        app: {port: 8080}
        image: {name: shop-frontend, tag: 0.1.0}
      config:
        # Operators may change what stands here.
        SHOP_NAME: The corner shop
";

/// What comes of a descriptor.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// What the check found.
    pub problems: Vec<Problem>,
    /// The files of the module chart.
    pub files: Vec<(String, Rc<str>)>,
    /// The chart's archive and its name.
    pub archive: Rc<Vec<u8>>,
    /// Its file name.
    pub archive_name: String,
    /// The sample render; or why there is none.
    pub outcome: Option<Rc<Outcome>>,
    /// Why there is no chart or no render.
    pub trouble: Option<Trouble>,
}

/// The developer's page.
#[derive(Clone, Debug)]
pub struct State {
    /// The descriptor.
    pub text: Rc<str>,
    /// What comes of it.
    pub made: Load<Rc<Made>>,
    /// What an import said.
    pub report: Vec<Problem>,
    /// The open tab.
    pub tab: &'static str,
    /// The open file of the chart.
    pub file: String,
    /// Where the caret goes.
    pub goto: Option<(u32, u32)>,
    /// The share of the descriptor's pane, in percent.
    pub share: f64,
    /// Counts texts: answers to older ones are not shown.
    pub number: u32,
}

/// What happens here.
#[derive(Clone, Debug)]
pub enum Event {
    /// The text that was kept came, with the report of its import.
    Restored(Option<String>, Vec<Problem>),
    /// Another descriptor is opened.
    Open(String),
    /// The text changed.
    Text(String),
    /// What comes of a text.
    Made(u32, Result<Rc<Made>, Trouble>),
    /// A tab is chosen.
    Tab(&'static str),
    /// A file of the chart is chosen.
    File(String),
    /// The caret goes to a place.
    Goto(u32, u32),
    /// The share of the descriptor's pane.
    Share(f64),
    /// The descriptor is downloaded.
    Download,
    /// The chart is downloaded.
    DownloadChart,
    /// The preview of it is opened.
    Preview,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Brings the text that was kept, or that of something opened.
    Restore(Option<String>),
    /// Keeps the text.
    Keep(String),
    /// Checks, expands and renders it.
    Make(u32, Rc<str>),
    /// Offers a file.
    Download(String, &'static str, Rc<Vec<u8>>),
    /// Opens its preview.
    Preview(Rc<str>),
}

/// The page as it opens.
pub(super) fn start(open: Option<String>) -> (State, Vec<Effect>) {
    let state = State {
        text: "".into(),
        made: Load::Idle,
        report: Vec::new(),
        tab: "check",
        file: String::new(),
        goto: None,
        share: 46.0,
        number: 0,
    };
    (state, vec![Effect::Restore(open)])
}

/// What an event does.
pub fn update(mut state: State, event: Event) -> (State, Vec<Effect>) {
    let effects = match event {
        Event::Restored(text, report) => {
            state.text = text.filter(|text| !text.trim().is_empty()).map_or_else(|| FIRST.into(), Into::into);
            state.report = report;
            make(&mut state)
        }
        Event::Open(digest) => vec![Effect::Restore(Some(digest))],
        Event::Text(text) if *text == *state.text => Vec::new(),
        Event::Text(text) => {
            state.text = text.into();
            let mut effects = vec![Effect::Keep(state.text.to_string())];
            effects.extend(make(&mut state));
            effects
        }
        Event::Made(number, made) => {
            if number == state.number {
                state.made = state.made.came(made);
            }
            Vec::new()
        }
        Event::Tab(tab) => {
            state.tab = tab;
            Vec::new()
        }
        Event::File(file) => {
            state.file = file;
            Vec::new()
        }
        Event::Goto(line, column) => {
            state.goto = Some((line, column));
            Vec::new()
        }
        Event::Share(share) => {
            state.share = share;
            Vec::new()
        }
        Event::Download => {
            vec![Effect::Download(
                "descriptor.yaml".into(),
                "application/yaml",
                Rc::new(state.text.as_bytes().to_vec()),
            )]
        }
        Event::DownloadChart => match state.made.shown() {
            Some(made) if !made.archive.is_empty() => {
                vec![Effect::Download(made.archive_name.clone(), "application/gzip", made.archive.clone())]
            }
            _ => Vec::new(),
        },
        Event::Preview => vec![Effect::Preview(state.text.clone())],
    };
    (state, effects)
}

fn make(state: &mut State) -> Vec<Effect> {
    state.number += 1;
    state.made = std::mem::take(&mut state.made).again();
    vec![Effect::Make(state.number, state.text.clone())]
}

/// How many problems a check found, and whether one is an error.
pub(super) fn problem_count(state: &State) -> (usize, bool) {
    let problems = state.made.shown().map(|made| made.problems.as_slice()).unwrap_or_default();
    (problems.len(), problems.iter().any(|problem| problem.severity == Severity::Error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_to_older_texts_are_not_shown() {
        let (state, _) = start(None);
        let (state, effects) = update(state, Event::Restored(None, Vec::new()));
        assert_eq!(effects, [Effect::Make(1, FIRST.into())]);
        let (state, effects) = update(state, Event::Text("a".into()));
        assert_eq!(effects, [Effect::Keep("a".into()), Effect::Make(2, "a".into())]);
        let (state, _) = update(state, Event::Made(1, Ok(Rc::default())));
        assert!(state.made.is_loading());
        let (state, _) = update(state, Event::Made(2, Ok(Rc::default())));
        assert!(state.made.shown().is_some());
        assert!(update(state, Event::Text("a".into())).1.is_empty());
    }
}
