//! The preview's state, what happens to it, and what it wants done.

use std::collections::BTreeSet;
use std::rc::Rc;

use chartwright_catalog::Module;
use chartwright_protocol::{Changes, Rendered};
use chartwright_values::{Path, VersionNote};
use contract::{Problem, RenderInput};

use super::input::{Moment, PlatformForm};
use super::open::Opened;
use super::outcome::Outcome;
use crate::form::Edit;
use crate::load::{Load, Trouble};
use crate::manage::Capabilities;
use crate::route::Route;
use crate::services::Handed;

use super::values::Values;

/// What the address says.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// It.
    pub route: Route,
    /// What the page that shows the preview as an element of its own says; `None` where the preview is the page.
    pub host: Option<Host>,
}

/// What another page says that shows the preview as an element of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    /// The override to start with, and to go on with whenever it becomes another one.
    pub values: String,
    /// Whether it can install what is shown.
    pub installs: bool,
}

/// What the host of an element is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A person has made this the override. It has everything that was typed, passwords too.
    Values(String),
    /// There is a new result.
    Rendered {
        /// How many objects it has.
        objects: usize,
        /// How many problems.
        problems: usize,
    },
    /// Something could not be opened, or does not render.
    Failed(String),
    /// A person wants this to be installed.
    Install {
        /// The module in its catalog; of a file, the chart.
        chart: String,
        /// Its version.
        version: String,
        /// The override.
        values: String,
    },
}

/// What a person edits values with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The form.
    #[default]
    Form,
    /// The text.
    Yaml,
    /// Both, one above the other.
    Both,
}

impl Pane {
    /// The word of tabs and storage.
    pub fn word(self) -> &'static str {
        match self {
            Pane::Form => "form",
            Pane::Yaml => "yaml",
            Pane::Both => "both",
        }
    }

    /// What a word means; the form where it is not known.
    pub fn from_word(word: &str) -> Pane {
        [Pane::Yaml, Pane::Both].into_iter().find(|pane| pane.word() == word).unwrap_or_default()
    }
}

/// Which objects are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// What runs: the last level.
    #[default]
    Workloads,
    /// The HelmReleases.
    Releases,
    /// All of them.
    All,
}

/// With what a result is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Base {
    /// The render with no values of one's own.
    #[default]
    Defaults,
    /// The result before the last change.
    Last,
    /// A set of values that was saved.
    Saved(String),
    /// Another version of the module.
    Version(String),
}

/// How things are looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// The tab of the result.
    pub tab: String,
    /// What values are edited with.
    pub pane: Pane,
    /// The share of the values' pane, in percent.
    pub share: f64,
    /// On a narrow screen: the result, or the values.
    pub result_shown: bool,
    /// Which objects are shown.
    pub level: Level,
    /// As Helm prints objects, or as Flux applies them.
    pub helm: bool,
    /// The chosen object.
    pub object: Option<String>,
    /// The chosen line in it, from 0.
    pub line: Option<u32>,
    /// Objects that are folded.
    pub folded: BTreeSet<String>,
    /// Objects that the last change of the result added or changed, in their order.
    pub moved: BTreeSet<String>,
    /// How many objects are drawn at most.
    pub drawn: usize,
    /// The result is scrolled to what is chosen; else each tab is where it was left.
    pub aimed: bool,
    /// What is looked for in the form.
    pub search: String,
    /// Only what the override sets.
    pub changed_only: bool,
    /// Groups of the form that are open.
    pub open_groups: BTreeSet<String>,
    /// Differences side by side.
    pub side_by_side: bool,
    /// The chosen file.
    pub file: Option<FileAt>,
    /// The merged values are shown in place of the override.
    pub merged: bool,
    /// Where the caret of the editor shall go: line and column from 1, and a count that tells wishes apart.
    pub goto: Option<(u32, u32)>,
    /// The dialog that is open.
    pub dialog: Option<SaveName>,
    /// The platform's form is open.
    pub platform_open: bool,
}

/// A file of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileAt {
    /// Which chart: the place among [`Opened::charts`].
    pub chart: usize,
    /// Its path.
    pub path: String,
    /// The line, from 1; 0: none.
    pub line: u32,
    /// The object that led to it: the way back.
    pub from: Option<String>,
}

/// The dialog for the name of a set of values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaveName {
    /// What was typed.
    pub name: String,
    /// The browser has no room for it.
    pub no_room: bool,
}

/// A set of values that was saved: its name and text.
pub type SavedSet = (String, String);

/// The preview.
pub struct State {
    /// The address.
    pub route: Route,
    /// What the host says, if the preview has one.
    pub host: Option<Host>,
    /// The module.
    pub opened: Load<Rc<Opened>>,
    /// What is being fetched.
    pub progress: String,
    /// The values; there as soon as the module is.
    pub values: Option<Values>,
    /// What the catalog says of the module.
    pub module: Option<Rc<Module>>,
    /// Values that a link brought.
    pub linked: Option<String>,
    /// The platform that a link brought.
    pub linked_platform: Option<PlatformForm>,
    /// One's own values, in place of which those of a link are shown.
    pub displaced: Option<String>,
    /// What another tab made of the values that are kept: they are not those that are shown.
    pub elsewhere: Option<String>,
    /// What was written for another version, and is now over this one.
    pub carried: Option<Carried>,
    /// The platform.
    pub platform: PlatformForm,
    /// One's own, for all modules: without a release and a namespace.
    pub own_platform: PlatformForm,
    /// Whether the platform came with a link: then it counts for this module alone.
    pub platform_of_link: bool,
    /// The result.
    pub result: Load<Rc<Outcome>>,
    /// What the newest render says is wrong, whichever result is shown.
    pub problems: Vec<Problem>,
    /// The result before.
    pub last: Option<Rc<Outcome>>,
    /// With what it is compared.
    pub base: Base,
    /// The result that it is compared with.
    pub base_result: Load<Rc<Outcome>>,
    /// What it is compared with is older than what it would be rendered from now.
    pub base_stale: bool,
    /// Counts the renders to compare with that were asked for.
    pub base_asked: u32,
    /// It is rendered again, since the worker had forgotten it.
    pub base_again: bool,
    /// The other version of the module with which it is compared, as soon as it is open.
    pub other: Option<(String, Rc<Opened>)>,
    /// The differences, and of which results.
    pub changes: Load<Rc<Changes>>,
    /// Sets of values that were saved.
    pub saved: Vec<SavedSet>,
    /// How it is looked at.
    pub look: Look,
    /// Time and key.
    pub moment: Moment,
    /// Counts renders that were asked for.
    pub asked: u32,
    /// When the render that is awaited was asked for, in milliseconds.
    pub began: f64,
    /// Milliseconds from the last keystroke to its result.
    pub waited: Option<f64>,
    /// Whether the values that are shown are kept.
    pub keeping: Keeping,
    /// Whether it is kept that passwords are left out of what is kept.
    pub left_out: bool,
    /// Whether everything that this module needs is on this machine.
    pub offline: bool,
    /// What the server of the page can do; none: it stores nothing.
    pub server: Option<Rc<Capabilities>>,
    /// The descriptor that is being installed.
    pub installing: Option<Rc<str>>,
}

/// Whether the values that are shown are kept on this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keeping {
    /// They are.
    #[default]
    Kept,
    /// They are those of a link: they are kept as soon as they are edited.
    OfLink,
    /// The browser has no room for them.
    NoRoom,
    /// While they cannot be read, nobody knows what of them is a password: what was kept before stays.
    Waits,
}

/// Values of another version of the module.
#[derive(Clone, Debug)]
pub struct Carried {
    /// The version that they were written for.
    pub version: String,
    /// That version, if it could be opened.
    pub old: Option<Rc<Opened>>,
    /// What the change means for them.
    pub notes: Vec<VersionNote>,
}

/// A field of the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Platformed {
    /// A field has a text.
    Field(&'static str, String),
    /// A preset was chosen.
    Preset(String),
    /// One's own, in place of that of a link.
    Own,
}

/// A render with the text of its objects, or why there is none.
pub(super) type RenderResult = Result<Box<(Rendered, Vec<u8>)>, Trouble>;

/// What happens to the preview.
#[derive(Clone, Debug)]
pub enum Event {
    /// The address changed.
    Turned(Input),
    /// Something is being fetched.
    Progress(String),
    /// The catalog has the module.
    Module(Rc<Module>),
    /// The module is open, or could not be opened. With it: values that were kept, platform and sets.
    Opened(Result<Rc<Opened>, Trouble>, Box<Kept>),
    /// It is opened again.
    Retry,
    /// The values change.
    Edit(Edit),
    /// The platform changes.
    Platform(Platformed),
    /// A render was asked for at this time.
    Asked(u32, f64),
    /// A render came: which one, and when.
    Rendered(u32, RenderResult, f64),
    /// The other version to compare with is open, or could not be opened.
    OtherOpened(String, Result<Rc<Opened>, Trouble>),
    /// The result to compare with came: which one.
    BaseRendered(u32, RenderResult),
    /// The differences came.
    Changes(Result<Rc<Changes>, Trouble>),
    /// Values were kept, or could not be.
    Saved(bool),
    /// A set of values was kept under its name, or could not be.
    SetSaved(SavedSet, bool),
    /// A file was dropped for this preview.
    Handed(Handed),
    /// Another tab kept other values of this version of the module, or forgot them.
    Elsewhere(Option<String>),
    /// Those of the other tab, or the own ones.
    Settle {
        /// Those of the other tab.
        other: bool,
    },
    /// Whether everything is on this machine.
    Offline(bool),
    /// A tab of the result.
    Tab(String),
    /// What values are edited with.
    Pane(&'static str),
    /// The share of the values' pane.
    Share(f64),
    /// On a narrow screen: the result, or the values.
    Narrow(bool),
    /// Which objects are shown.
    Level(Level),
    /// As Helm prints objects.
    Helm(bool),
    /// An object is chosen, and a line in it, from 0.
    Select(String, Option<u32>),
    /// The next or the previous object.
    Step(i32),
    /// More objects are drawn.
    More,
    /// An object is folded or opened.
    Fold(String),
    /// All objects are folded or opened.
    FoldAll(bool),
    /// What is compared with.
    Base(Base),
    /// Differences side by side.
    SideBySide(bool),
    /// A file of a chart.
    File(FileAt),
    /// The template of an object.
    Template(String),
    /// The next of the objects that changed.
    Moved,
    /// What is looked for in the form.
    Search(String),
    /// The field of a value gets the focus, whatever the form is narrowed to; or the name of its key.
    Field {
        /// The value.
        path: Path,
        /// Whether the key is meant, and not the value.
        is_key: bool,
    },
    /// Only what the override sets.
    ChangedOnly(bool),
    /// A group of the form opens or closes.
    Group(String),
    /// The merged values are shown.
    Merged(bool),
    /// The caret of the editor goes to a line and column.
    Goto(u32, u32),
    /// The caret of the editor is at a line and column.
    Caret(u32, u32),
    /// The form of the platform opens or closes.
    PlatformOpen(bool),
    /// The dialog for a name opens, or closes.
    Dialog(Option<SaveName>),
    /// The values are saved under the name of the dialog.
    SaveSet,
    /// Saved values become the override.
    UseSet(String),
    /// Saved values are forgotten.
    ForgetSet(String),
    /// Something is copied.
    Copy(Copied),
    /// Something is downloaded.
    Download(Downloaded),
    /// The descriptor is opened in the developer's view.
    Develop,
    /// Another version.
    Version(String),
    /// Values of another version stay.
    KeepCarried,
    /// They go: the module's own values count.
    DropCarried,
    /// It shall be installed: by the host, or by the server of the page.
    Install,
    /// What that server can do; none: it stores nothing.
    Server(Option<Rc<Capabilities>>),
    /// The dialog of the installation closed.
    Installed,
}

/// Where a module is deployed, as far as that is of this module alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// The names of the release and of its namespace.
    Release {
        /// The release's name; empty: the module's.
        release: String,
        /// Its namespace; empty: `default`.
        namespace: String,
    },
    /// The whole platform, which came with a link.
    Link(Box<PlatformForm>),
}

/// What may be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copied {
    /// A link with the values.
    Link,
    /// A link to an object.
    ObjectLink(String),
    /// An object's text.
    Object(String),
    /// The command line for Chartwright.
    Render,
    /// The command line for Helm.
    Helm,
    /// All manifests.
    Manifests,
}

/// What may be downloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Downloaded {
    /// `values.yaml`: the override.
    Values,
    /// All manifests.
    Manifests,
    /// An object a file.
    Zip,
    /// The chart's archive.
    Chart,
    /// A HelmRelease with the values.
    HelmRelease,
    /// The descriptor.
    Descriptor,
    /// The platform's facts.
    Platform,
    /// What a descriptor is rendered from, with its base charts, as one archive.
    Inputs,
}

/// What was kept of a module.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The override.
    pub values: Option<String>,
    /// Whether it is kept without the passwords that were typed.
    pub left_out: bool,
    /// Whether it has them all the same, since the page was not closed.
    pub is_whole: bool,
    /// The version that it was written for, if that is another one.
    pub carried: Option<Carried>,
    /// One's own platform.
    pub platform: Option<PlatformForm>,
    /// What is of this module alone.
    pub place: Option<Placement>,
    /// Sets of values.
    pub saved: Vec<SavedSet>,
    /// How it was looked at: pane and share.
    pub pane: Option<String>,
    /// The share of the values' pane.
    pub share: Option<f64>,
    /// The time of this visit, and a key.
    pub moment: Moment,
}

/// What is to be done outside.
#[derive(Debug)]
pub enum Effect {
    /// Opens the module of an address.
    Open(Route),
    /// Renders.
    Render(u32, Box<RenderInput>),
    /// Renders what is compared with: which one.
    RenderBase(u32, Box<RenderInput>),
    /// Opens another version of the module.
    OpenOther(Rc<Opened>, String),
    /// Asks for the differences of two results.
    Changes(String, String),
    /// Keeps the override of a module.
    Keep {
        /// The name.
        name: String,
        /// The text.
        text: String,
        /// The whole, with passwords, which is not kept.
        whole: Option<String>,
    },
    /// Keeps, or forgets, that passwords are left out of what is kept.
    LeftOut(Rc<Opened>, bool),
    /// Keeps a set of values of the module under its name.
    KeepSet(Rc<Opened>, SavedSet),
    /// Forgets a set of values of the module.
    ForgetSet(Rc<Opened>, String),
    /// Hears of values from elsewhere: of other tabs, and of files that are dropped.
    Listen(Rc<Opened>),
    /// Keeps a setting.
    Setting(&'static str, String),
    /// Keeps one's own platform.
    KeepPlatform(Box<PlatformForm>),
    /// Keeps where the module is deployed.
    KeepPlace(Rc<Opened>, Placement),
    /// The address follows.
    Turn(Vec<(&'static str, String)>),
    /// An address is opened.
    Go(Route),
    /// The page has a title.
    Title(String),
    /// Screen readers are told something, not too often.
    Announce(String),
    /// A message.
    Tell(String),
    /// Text goes to the clipboard, and a message says so.
    Copy(String, &'static str),
    /// A link for an address goes to the clipboard.
    CopyLink(Route),
    /// A file is offered.
    Download(String, &'static str, Vec<u8>),
    /// A descriptor is opened in the developer's view: its file's name and its text.
    Develop(String, Rc<str>),
    /// Files are offered as one archive.
    Zip {
        /// Its name.
        name: String,
        /// Paths and contents.
        files: Vec<(String, Vec<u8>)>,
        /// Paths and digests of what is kept or in the catalog; a chart is unpacked where the path ends in `/`.
        kept: Vec<(String, String)>,
    },
    /// An element is scrolled to.
    Reveal(String),
    /// An element gets the focus.
    Focus(String),
    /// The address brings no values any more: they are in the override.
    Taken(Route),
    /// Whether everything is on this machine.
    Offline(Rc<Opened>),
    /// The host is told something.
    Told(Told),
    /// Whether the server of the page stores modules.
    Server,
}
