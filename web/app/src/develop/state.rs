//! The developer's state, what happens to it, and what it wants done.

use std::collections::BTreeSet;
use std::rc::Rc;

use chartwright_catalog::BaseChart;
use contract::{ChartWanted, Problem, Severity};

use super::bases::{Bases, Read};
use super::draft::Draft;
use super::export::{Field, Options, What};
use crate::form::Edit;
use crate::load::{Load, Trouble};
use crate::manage::{Capabilities, Head, Id};
use crate::preview::{Outcome, Pane};

/// What comes of a descriptor.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// What the check found.
    pub problems: Vec<Problem>,
    /// The files of the module chart.
    pub files: Vec<(String, Rc<str>)>,
    /// The chart's archive.
    pub archive: Rc<Vec<u8>>,
    /// Its file name.
    pub archive_name: String,
    /// The sample render; or why there is none.
    pub outcome: Option<Rc<Outcome>>,
    /// Why there is no chart or no render.
    pub trouble: Option<Trouble>,
}

impl Made {
    /// Whether its render says what the descriptor deploys: one with errors may have nothing.
    pub fn has_result(&self) -> bool {
        let fails = self.problems.iter().any(|problem| problem.severity == Severity::Error);
        self.outcome.as_ref().is_some_and(|outcome| !fails || !outcome.objects.is_empty())
    }
}

/// A base chart that the engine has: what names it, its digest, and the revision that Flux would say.
pub type Known = (ChartWanted, String, Option<String>);

/// What an engine makes things from.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The descriptor.
    pub text: Rc<str>,
    /// The base charts that it names.
    pub charts: Vec<Known>,
}

/// The dialog that is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// Which base chart a new component has.
    Gallery,
    /// A descriptor is stored on the server: its text.
    Store(Rc<str>),
    /// What the server stores.
    Stored(Load<Vec<Head>>),
    /// How a repository is laid out.
    Export {
        /// What is downloaded.
        what: What,
        /// It is being made.
        busy: bool,
        /// What was not as it should be.
        problems: Vec<Problem>,
        /// Why there is none.
        trouble: Option<Trouble>,
    },
}

/// How things are looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// What the descriptor is edited with.
    pub pane: Pane,
    /// On a narrow screen: the result, or the descriptor.
    pub result_shown: bool,
    /// The tab of the result.
    pub tab: &'static str,
    /// The open file of the chart.
    pub file: String,
    /// Where the caret goes.
    pub goto: Option<(u32, u32)>,
    /// The share of the descriptor's pane, in percent.
    pub share: f64,
    /// Groups of the form that were opened or closed.
    pub turned: BTreeSet<String>,
    /// What is looked for in a component's values.
    pub search: String,
    /// Only values that the component sets.
    pub changed_only: bool,
    /// The open dialog.
    pub dialog: Option<Dialog>,
}

/// The developer's page.
#[derive(Clone, Debug)]
pub struct State {
    /// The descriptor.
    pub draft: Draft,
    /// The base charts.
    pub bases: Load<Bases>,
    /// What comes of the descriptor.
    pub made: Load<Rc<Made>>,
    /// The last of it that had a chart and a render: what is looked at while there is none.
    pub good: Option<Rc<Made>>,
    /// What an import said.
    pub report: Vec<Problem>,
    /// Something that was opened, by its digest; else the person's own descriptor.
    pub digest: Option<String>,
    /// Whether the text that was kept has come.
    pub restored: bool,
    /// Counts texts: answers to older ones are not shown.
    pub number: u32,
    /// The platform of the sample render.
    pub platform: &'static str,
    /// How repositories are laid out.
    pub options: Options,
    /// How it is looked at.
    pub look: Look,
    /// The browser has no room for the text.
    pub no_room: bool,
    /// What another tab made of the text that is kept: it is not the one that is shown.
    pub elsewhere: Option<String>,
    /// What the server of the page can do; none: it stores nothing.
    pub server: Option<Rc<Capabilities>>,
}

/// What was kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// The text.
    pub text: Option<String>,
    /// The report of its import.
    pub report: Vec<Problem>,
    /// What the descriptor is edited with.
    pub pane: Option<String>,
    /// How repositories are laid out.
    pub options: Option<String>,
}

/// What happens here.
#[derive(Clone, Debug)]
pub enum Event {
    /// The text was kept, or could not be.
    Saved(bool),
    /// Another tab kept another text, or forgot it.
    Elsewhere(Option<String>),
    /// The text of the other tab, or the own one.
    Settle {
        /// That of the other tab.
        other: bool,
    },
    /// The text that was kept came.
    Restored(Kept),
    /// Something else is opened, or the person's own descriptor.
    Open(Option<String>),
    /// The base charts of the catalog came.
    Bases(Result<Vec<BaseChart>, Trouble>),
    /// A base chart came, by its digest.
    Read(String, Result<Rc<Read>, Trouble>),
    /// The descriptor changes.
    Edit(Edit),
    /// The values of the open component change.
    Values(Edit),
    /// A component is added, with the base chart at this place, or with that of the module.
    Add(Option<usize>),
    /// A component goes.
    Remove(usize),
    /// A component is brought to where another is.
    Move(usize, usize),
    /// A component gets another name.
    Rename(usize, String),
    /// The base chart of a component, or of the module: the place of a known one, or none of its own.
    Choose(Option<usize>, Option<usize>),
    /// A component is installed after another, or not.
    Depend(usize, String, bool),
    /// A component is opened or closed.
    Show(usize),
    /// A group of the form is opened or closed.
    Group(String),
    /// What is looked for in a component's values.
    Search(String),
    /// Only values that the component sets.
    ChangedOnly(bool),
    /// What comes of a text.
    Made(u32, Result<Rc<Made>, Trouble>),
    /// What the descriptor is edited with.
    Pane(&'static str),
    /// On a narrow screen: the result, or the descriptor.
    Narrow(bool),
    /// A tab is chosen.
    Tab(&'static str),
    /// A file of the chart is chosen.
    File(String),
    /// The caret goes to a place, which has this path.
    Goto(u32, u32, String),
    /// The caret of the editor is at a line and a column.
    Caret(u32, u32),
    /// The share of the descriptor's pane.
    Share(f64),
    /// The platform of the sample render.
    Platform(&'static str),
    /// A dialog opens, or closes.
    Dialog(Option<Dialog>),
    /// A field of a repository's layout.
    Option(Field, String),
    /// Something is downloaded.
    Download(What),
    /// A repository was made, or not.
    Exported(Result<Vec<Problem>, Trouble>),
    /// A new descriptor: this text.
    New(&'static str),
    /// What was opened, as it was.
    Fresh,
    /// What was opened as it was.
    Original(String),
    /// The preview of it is opened.
    Preview,
    /// What the server of the page can do; none: it stores nothing.
    Server(Option<Rc<Capabilities>>),
    /// The descriptor is stored there.
    Store,
    /// What is stored there is listed.
    StoredOnes,
    /// It came.
    Stored(Result<Vec<Head>, Trouble>),
    /// One of them is opened.
    OpenStored(Id),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Brings the text that was kept, or that of something opened.
    Restore(Option<String>),
    /// Brings what was opened as it was.
    Original(String),
    /// Brings the base charts of the catalog.
    Bases,
    /// Brings a base chart, and loads it into the engine.
    Read(Box<BaseChart>),
    /// Keeps a setting under a name.
    Keep(String, String),
    /// Keeps the descriptor under a name.
    KeepText(String, String),
    /// Hears of other tabs that keep another text under this name.
    Listen(String),
    /// Checks, expands and renders a descriptor.
    Make(u32, Subject, &'static str),
    /// Offers a file.
    Download(String, &'static str, Rc<Vec<u8>>),
    /// Offers repositories as an archive.
    Export(What, Subject, Box<Options>),
    /// A message.
    Tell(String),
    /// Opens its preview.
    Preview(Rc<str>),
    /// Finds out what the server of the page can do.
    Server,
    /// Fetches what is stored there.
    Stored,
    /// Opens one of them.
    OpenStored(Id),
    /// The focus goes to an element.
    Focus(String),
}
