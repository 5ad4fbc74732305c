//! Bodies of the API.

use std::collections::BTreeMap;
use std::rc::Rc;

use contract::Problem;
use serde::{Deserialize, Deserializer, Serialize};

/// Whether there is an API here.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Place {
    /// There is none: a server of files.
    #[default]
    Nowhere,
    /// There is one, and it wants another token than it was given, or one at all.
    Locked {
        /// One was given.
        wrong: bool,
    },
    /// There was one, and it cannot be reached.
    Away,
    /// There is one.
    Here(Rc<Capabilities>),
}

/// What deploys descriptors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deploys {
    /// A Git repository that Flux reads.
    Git,
    /// A cluster.
    Cluster,
    /// Nothing.
    #[default]
    #[serde(other)]
    Nothing,
}

/// What a server can do, and lets its caller do.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Capabilities {
    /// The server's version.
    pub version: String,
    /// What deploys.
    pub deploys: Deploys,
    /// Whether the caller may change nothing.
    pub read_only: bool,
    /// The operations of its OpenAPI document that the caller may ask for.
    pub operations: Vec<String>,
}

impl Capabilities {
    /// Whether an operation of the OpenAPI document can be asked for.
    pub fn can(&self, operation: &str) -> bool {
        self.operations.iter().any(|known| known == operation)
    }

    /// Whether descriptors can be stored.
    pub fn stores(&self) -> bool {
        self.can("createDescriptor") && self.can("replaceDescriptor")
    }

    /// Whether releases can be changed.
    pub fn operates(&self) -> bool {
        self.deploys != Deploys::Nothing && self.can("operate")
    }
}

/// What is known of a descriptor without its text.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Head {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The module's version.
    pub version: String,
    /// What the module is.
    pub description: String,
    /// Its version in the store, from 1.
    pub generation: u64,
    /// When it was written: seconds since 1970.
    pub changed: i64,
}

/// A stored descriptor.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Stored {
    /// What is known of it.
    pub metadata: Head,
    /// The YAML.
    #[serde(deserialize_with = "shared")]
    pub text: Rc<str>,
    /// Its tag, for changes that must not go over those of others.
    #[serde(skip)]
    pub tag: String,
}

fn shared<'de, D: Deserializer<'de>>(text: D) -> Result<Rc<str>, D::Error> {
    String::deserialize(text).map(Rc::from)
}

/// A list, or a page of one.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) items: Vec<T>,
    #[serde(rename = "continue", default)]
    pub(super) next: Option<String>,
}

/// A version of a descriptor.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Revision {
    /// Its number.
    pub generation: u64,
    /// When it was written.
    pub changed: i64,
    /// Whether it is the one in use.
    pub current: bool,
}

/// A descriptor that is deployed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Release {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The version that is deployed.
    pub version: String,
    /// Whether a person stopped it.
    pub suspended: bool,
    /// Whether it is deployed at all.
    pub installed: bool,
    /// Whether it runs as it should, where that is known.
    pub ready: Option<bool>,
    /// The last commit that changed it.
    pub commit: Option<Commit>,
    /// What is worth knowing.
    pub notes: Vec<String>,
}

/// A commit.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Commit {
    /// Its hash.
    pub id: String,
    /// When it was made.
    pub time: i64,
    /// The first line of its message.
    pub message: String,
}

/// A release at a commit.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReleaseRevision {
    /// The commit.
    pub commit: Commit,
    /// The version that was deployed; none where the commit took the release away.
    pub version: Option<String>,
}

/// What differs between what is deployed and what is stored.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Drift {
    /// Whether it is deployed at all.
    pub installed: bool,
    /// Whether nothing differs.
    pub same: bool,
    /// The files that differ.
    pub files: Vec<FileDrift>,
}

/// A file that differs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct FileDrift {
    /// Its path.
    pub path: String,
    /// From what is deployed to what is stored, as a unified diff.
    pub diff: String,
}

/// Two renders beside each other.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Difference {
    /// Objects that come.
    pub added: Vec<ObjectName>,
    /// Objects that go.
    pub removed: Vec<ObjectName>,
    /// Objects that change.
    pub changed: Vec<ObjectChange>,
    /// How many stay as they are.
    pub same: usize,
    /// What is wrong with what is stored.
    pub from_problems: Vec<Problem>,
    /// What is wrong with what would be.
    pub to_problems: Vec<Problem>,
}

/// An object by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ObjectName {
    /// `kind`
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// An object that changes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ObjectChange {
    /// Which one.
    pub object: ObjectName,
    /// The lines that differ, as a unified diff.
    pub diff: String,
}

/// What a descriptor deploys.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Preview {
    /// The render.
    pub output: PreviewOutput,
    /// What the policies say, where the server has some.
    pub verdict: Option<Verdict>,
}

/// What of a render is shown.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PreviewOutput {
    /// The objects.
    pub objects: Vec<PreviewObject>,
    /// What is wrong: the rest still renders.
    pub problems: Vec<Problem>,
    /// Charts that could not be had.
    pub wanted: Vec<contract::ChartWanted>,
}

/// An object of a render.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PreviewObject {
    /// 1: what the descriptor's release is; 2: what Flux deploys for it.
    pub level: u32,
    /// `kind`
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// The component that it belongs to.
    pub component: Option<String>,
    /// The chart's name and version.
    pub chart: Option<String>,
}

/// What policies say.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Verdict {
    /// Whether nothing breaks a rule.
    pub allowed: bool,
    /// What does.
    pub problems: Vec<Problem>,
}

/// What is done to a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Deploys the stored descriptor.
    Install,
    /// Takes it away.
    Uninstall,
    /// Stops reconciling it.
    Suspend,
    /// Goes on reconciling it.
    Resume,
    /// Reconciles it now.
    Reconcile,
}

impl Operation {
    /// The word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Operation::Install => "install",
            Operation::Uninstall => "uninstall",
            Operation::Suspend => "suspend",
            Operation::Resume => "resume",
            Operation::Reconcile => "reconcile",
        }
    }
}

/// A step of something that takes a while.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Step {
    /// What is being done, in a word of the API.
    pub doing: String,
    /// To what.
    pub what: String,
}

impl Step {
    /// What people read.
    pub fn words(&self) -> String {
        let verb = match self.doing.as_str() {
            "waiting" => "Waiting for a free place",
            "fetching" => "Fetching",
            "rendering" => "Rendering",
            "reading" => "Reading the branch",
            "committing" => "Committing to the branch",
            "pushing" => "Pushing the branch",
            other => other,
        };
        if self.what.is_empty() { verb.to_owned() } else { format!("{verb} {}", self.what) }
    }
}

/// The kinds of sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceKind {
    /// A Git repository with charts in folders.
    #[default]
    GitRepository,
    /// A Helm repository.
    HelmRepository,
    /// A chart in a registry.
    OCIRepository,
}

impl SourceKind {
    /// All of them.
    pub const ALL: [SourceKind; 3] = [SourceKind::GitRepository, SourceKind::HelmRepository, SourceKind::OCIRepository];

    /// Its name in Flux.
    pub fn word(self) -> &'static str {
        match self {
            SourceKind::GitRepository => "GitRepository",
            SourceKind::HelmRepository => "HelmRepository",
            SourceKind::OCIRepository => "OCIRepository",
        }
    }
}

/// What of a repository is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceReference {
    /// A commit of Git.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// A range of versions, over tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub semver: Option<String>,
    /// A tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// A branch of Git.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
}

/// A stored source. Its credentials are never answered, only their names.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Source {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// Its kind.
    pub kind: SourceKind,
    /// Its URL.
    pub url: String,
    /// What of a repository is meant.
    pub reference: SourceReference,
    /// The names of the credentials that are stored.
    pub credentials: Vec<String>,
    /// `sha256:` and a digest: its tag.
    pub digest: String,
}

/// A source to be stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SourceInput {
    /// Its kind.
    pub kind: SourceKind,
    /// Its URL.
    pub url: String,
    /// What of a repository is meant.
    pub reference: SourceReference,
    /// New credentials; without them, those that are stored stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<BTreeMap<String, String>>,
}
