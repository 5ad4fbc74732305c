//! The operator's state, what happens to it, and what it wants done.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::data::{Health, Operations};
use super::rows::{Row, Rows, Standing};
use crate::load::{Load, Trouble};
use crate::manage::{
    Capabilities, Drift, Heard, Id, Operation, Place, Preview, Refusal, Release, ReleaseRevision, Revision, Step,
    Stored,
};
use crate::route::Route;

/// Whether changes of others are heard of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Live {
    /// Not yet.
    #[default]
    Not,
    /// Yes.
    Yes,
    /// Not any more: it is tried again.
    Lost,
}

/// What a person does to a module, beside deploying it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Something that has an address of its own.
    Operate(Operation),
    /// The release becomes what it was at a commit.
    RollBack {
        /// The commit.
        commit: String,
        /// Its version.
        version: String,
    },
    /// The descriptor is deleted.
    Delete,
}

/// How far an action is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Progress {
    /// It waits for a decision.
    #[default]
    Asked,
    /// It is on its way.
    Working(Option<Step>),
    /// It was refused.
    Refused(Refusal),
}

/// The dialog that is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// A descriptor is stored and deployed: its text.
    Deploy(Rc<str>),
    /// Something is done to the module.
    Act {
        /// What.
        action: Action,
        /// Of an uninstallation: whether the descriptor is deleted with it.
        delete: bool,
        /// How far it is.
        progress: Progress,
    },
}

/// One module.
#[derive(Clone, Debug, Default)]
pub struct One {
    /// Its name.
    pub id: Id,
    /// Whether it is there: the descriptor and the release.
    pub row: Load<Rc<Row>>,
    /// The descriptor.
    pub stored: Option<Rc<Stored>>,
    /// What it deploys.
    pub preview: Load<Rc<Preview>>,
    /// What differs from what is deployed.
    pub drift: Load<Rc<Drift>>,
    /// What was stored.
    pub versions: Vec<Revision>,
    /// What was deployed.
    pub commits: Vec<ReleaseRevision>,
    /// The operator's values, as they are being written; `None`: as they are stored.
    pub values: Option<Rc<str>>,
    /// The generation of the descriptor over which they are written.
    pub over: u64,
    /// Differences side by side.
    pub side_by_side: bool,
}

/// The operator's page.
#[derive(Clone, Debug)]
pub struct State {
    /// The address: its query is the filter.
    pub route: Route,
    /// Whether there is an API.
    pub place: Load<Place>,
    /// Without one: a recording.
    pub recorded: Load<Rc<Operations>>,
    /// The modules.
    pub rows: Load<Rows>,
    /// When they came: seconds since 1970.
    pub now: i64,
    /// How many files differ, by module, since when that is known.
    pub drifts: BTreeMap<Id, usize>,
    /// For which generation and which commit that was found out.
    pub marks: BTreeMap<Id, (u64, String)>,
    /// Of which modules it is still to be found out, the next last.
    pub undrifted: Vec<Id>,
    /// Whether it is being found out.
    pub drifting: bool,
    /// Something has changed while it was being read: it is read once more.
    pub stale: bool,
    /// Whether changes of others are heard of.
    pub live: Live,
    /// How often the server was away in a row.
    pub attempts: u32,
    /// The module that is open.
    pub one: One,
    /// The open dialog.
    pub dialog: Option<Dialog>,
    /// A token as it is being typed.
    pub token: String,
}

impl State {
    /// What the server can do, if there is one.
    pub fn server(&self) -> Option<&Rc<Capabilities>> {
        match self.place.shown() {
            Some(Place::Here(server)) => Some(server),
            _ => None,
        }
    }
}

/// What came of a module: the descriptor, the release, and what was before.
pub type Came = (Option<Rc<Stored>>, Option<Release>, Vec<Revision>, Vec<ReleaseRevision>);

/// What happens here.
#[derive(Clone, Debug)]
pub enum Event {
    /// The address changed.
    Turned(Route),
    /// Whether there is an API is known.
    Placed(Place),
    /// A recording came.
    Recorded(Result<Rc<Operations>, Trouble>),
    /// The modules came, at this time.
    Rows(Result<Rows, Refusal>, i64),
    /// How many files of a module differ.
    Drifted(Id, Option<usize>),
    /// One module came, at this time.
    Came(Id, Result<Came, Refusal>, i64),
    /// What it deploys came.
    Previewed(Id, Result<Rc<Preview>, Refusal>),
    /// What differs came.
    Drift(Id, Result<Rc<Drift>, Refusal>),
    /// Something was heard of the store.
    Heard(Heard),
    /// A state is chosen; `None`: all.
    Standing(Option<Standing>),
    /// The same of a recording.
    Health(Option<Health>),
    /// A namespace is chosen; empty: all.
    Namespace(String),
    /// What is looked for.
    Search(String),
    /// Everything is read again.
    Refresh,
    /// A token is typed.
    Typed(String),
    /// The token is used.
    Unlock,
    /// The operator's values are written.
    Values(String),
    /// They are as they are stored.
    Forget,
    /// What they would change is shown.
    Review,
    /// What is stored is deployed, once it was seen.
    Deploy,
    /// An earlier version is stored and deployed again, once it was seen.
    Restore(u64),
    /// It came.
    Restored(Result<Rc<Stored>, Refusal>),
    /// It is opened in the preview.
    Open,
    /// Something shall be done to the module: it is asked first.
    Ask(Action),
    /// The descriptor goes as well, or not.
    AlsoDelete(bool),
    /// It shall be done.
    Confirm,
    /// A step of it.
    Step(Step),
    /// It is done.
    Done(Result<(), Refusal>),
    /// The dialog of a deployment closed; whether something was stored.
    Closed(bool),
    /// The dialog closes.
    Cancel,
    /// Unified, or side by side.
    SideBySide(bool),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Finds out whether there is an API.
    Place,
    /// Fetches the recording.
    Recording,
    /// Fetches the modules, with their releases.
    Rows(bool),
    /// Finds out how many files of a module differ.
    CountDrift(Id),
    /// Fetches a module, with its release.
    One(Id, bool),
    /// Fetches what it deploys.
    Preview(Id),
    /// Fetches what differs.
    Drift(Id),
    /// Listens to the store, after so many milliseconds.
    Listen(u32),
    /// Uses a token from now on.
    Token(String),
    /// Fetches an earlier version.
    Revision(Id, u64),
    /// Does something to a module; with a tag, the descriptor is deleted as well.
    Act(Id, Action, Option<String>),
    /// Opens a descriptor in the preview.
    Open(Id, Rc<str>),
    /// The address follows the filter.
    Turn(Vec<(&'static str, String)>),
    /// Another page.
    Go(Route),
    /// The page has a title.
    Title(String),
    /// A message.
    Tell(String),
    /// Screen readers are told.
    Say(String),
    /// The focus goes to an element.
    Focus(&'static str),
}
