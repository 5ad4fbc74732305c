//! What is behind the API.

use std::pin::Pin;

use contract::{CheckInput, CheckOutput, ExpandInput, ExpandOutput, RenderInput, TextFile};
use tokio::sync::broadcast;

use crate::access::Namespaces;
use crate::error::ApiError;
use crate::progress::Progress;
use crate::tag::Precondition;
use crate::types::{
    BaseCharts, Capabilities, Deploys, Descriptor, DescriptorList, Difference, Drift, Event, History, Id, ListQuery,
    Operation, Preview, Release, ReleaseHistory, ReleaseList, Source, SourceInput, SourceList,
};

/// What a backend answers, once it has it.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, ApiError>> + Send + 'a>>;

/// What keeps descriptors and renders them.
///
/// Calls may come from many clients at once. A call whose future is dropped is no longer wanted: whoever asked is gone.
pub trait Backend: Send + Sync + 'static {
    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// A page of the descriptors in some namespaces, by namespace and name.
    fn list(&self, visible: Namespaces, query: ListQuery) -> Answer<'_, DescriptorList>;

    /// A descriptor.
    fn read(&self, id: Id) -> Answer<'_, Descriptor>;

    /// Stores a descriptor where its text says, if that is in one of these namespaces and there is none.
    fn create(&self, within: Namespaces, text: String) -> Answer<'_, Descriptor>;

    /// Stores another version of a descriptor. Whether it is new.
    fn replace(&self, id: Id, text: String, condition: Precondition) -> Answer<'_, (Descriptor, bool)>;

    /// Takes a descriptor away; its history stays.
    fn delete(&self, id: Id, condition: Option<Precondition>) -> Answer<'_, ()>;

    /// The versions of a descriptor, also of one that was deleted.
    fn history(&self, id: Id) -> Answer<'_, History>;

    /// A version of a descriptor.
    fn revision(&self, id: Id, generation: u64) -> Answer<'_, Descriptor>;

    /// Stores a version of a descriptor as its newest one.
    fn rollback(&self, id: Id, generation: u64, condition: Option<Precondition>) -> Answer<'_, Descriptor>;

    /// Finds what is wrong with descriptors.
    fn check(&self, visible: Namespaces, input: CheckInput) -> Answer<'_, CheckOutput>;

    /// Makes the chart of a descriptor.
    fn expand(&self, visible: Namespaces, input: ExpandInput) -> Answer<'_, ExpandOutput>;

    /// Renders; `progress` hears what it is doing. Stored sources in other namespaces than `visible` are not used.
    fn preview(&self, visible: Namespaces, input: RenderInput, progress: Progress) -> Answer<'_, Preview>;

    /// Renders twice, the second time with another descriptor, and compares.
    fn difference(&self, visible: Namespaces, from: RenderInput, to: TextFile) -> Answer<'_, Difference>;

    /// The base charts that previews find.
    fn base_charts(&self) -> Answer<'_, BaseCharts>;

    /// The stored sources in some namespaces.
    fn sources(&self, visible: Namespaces, namespace: Option<String>) -> Answer<'_, SourceList>;

    /// A stored source.
    fn source(&self, id: Id) -> Answer<'_, Source>;

    /// Stores a source. Whether it is new.
    fn put_source(&self, id: Id, input: SourceInput, condition: Precondition) -> Answer<'_, (Source, bool)>;

    /// Takes a source away.
    fn delete_source(&self, id: Id, condition: Option<Precondition>) -> Answer<'_, ()>;

    /// What happens in the store from now on.
    fn events(&self) -> broadcast::Receiver<Event>;

    /// What deploys descriptors, if anything does.
    fn releases(&self) -> Option<&dyn Releases> {
        None
    }
}

/// What deploys descriptors: a repository that Flux reads, or a cluster.
pub trait Releases: Send + Sync {
    /// What it is.
    fn kind(&self) -> Deploys;

    /// The releases in some namespaces.
    fn list(&self, visible: Namespaces) -> Answer<'_, ReleaseList>;

    /// A release.
    fn read(&self, id: Id) -> Answer<'_, Release>;

    /// Does something to the release of a descriptor. `within` are the namespaces that the caller may write in.
    fn operate(&self, id: Id, operation: Operation, within: Namespaces, progress: Progress) -> Answer<'_, Release>;

    /// What differs between what is deployed and what the stored descriptor deploys.
    fn drift(&self, id: Id) -> Answer<'_, Drift>;

    /// What a release was before.
    fn history(&self, id: Id) -> Answer<'_, ReleaseHistory>;

    /// Makes a release what it was before.
    fn rollback(&self, id: Id, revision: String, progress: Progress) -> Answer<'_, Release>;
}
