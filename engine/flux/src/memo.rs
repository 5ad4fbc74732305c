//! What HelmReleases deployed when they were rendered before.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use govalue::{Frozen, Index};
use helm::capabilities::Capabilities;
use helm::chart::Chart;
use helm::engine::{Limits, LookupQuery, World};

use crate::charts::FetchedChart;
use crate::helm_version::HelmVersion;
use crate::helmrelease::{HelmRelease, ObjectName};
use crate::rendered::RenderedRelease;

/// Keeps what the HelmReleases of one tree deployed, for the next: who changes one of many waits for one.
///
/// A render is only kept if it asked for neither time nor randomness, and only used again for the same release, chart
/// and options if all that it looked up is as it was. A clone is the same memory.
#[derive(Clone, Default)]
pub struct Memo(Rc<RefCell<Memory>>);

#[derive(Default)]
struct Memory {
    settings: Option<Settings>,
    /// Of the tree before; what was used again is gone.
    before: Kept,
    /// Of this tree.
    now: Kept,
}

#[derive(Default)]
struct Kept {
    renders: Index<Option<Render>>,
}

/// What decides, beside a release and its chart, what it deploys.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    pub(crate) capabilities: Capabilities,
    pub(crate) limits: Limits,
    pub(crate) upgrade: bool,
    pub(crate) revision: i64,
    pub(crate) as_helm: bool,
    pub(crate) helm: HelmVersion,
}

/// A render, and all that it came from.
pub(crate) struct Render {
    pub(crate) release: HelmRelease,
    pub(crate) chart: Arc<Chart>,
    pub(crate) revision: Option<String>,
    pub(crate) answers: Vec<(LookupQuery, Frozen)>,
    pub(crate) rendered: RenderedRelease,
}

impl Kept {
    fn insert(&mut self, render: Render) {
        self.renders.insert(render.release.id().key(), Some(render));
    }

    fn take(&mut self, id: &ObjectName) -> Option<Render> {
        self.renders.get_mut(&id.key()).and_then(Option::take)
    }
}

impl Memo {
    /// A new tree begins: what the one before it did not render is forgotten.
    pub(crate) fn begin(&self, settings: Settings) {
        let memory = &mut *self.0.borrow_mut();
        memory.before = std::mem::take(&mut memory.now);
        if memory.settings.as_ref() != Some(&settings) {
            memory.before = Kept::default();
            memory.settings = Some(settings);
        }
    }

    /// What a release deployed before, if it would deploy the same now.
    pub(crate) fn known(
        &self,
        release: &HelmRelease,
        fetched: &FetchedChart,
        world: &Rc<dyn World>,
    ) -> Option<RenderedRelease> {
        let before = self.0.borrow_mut().before.take(&release.id());
        let known = before.filter(|known| known.is_of(release, fetched, &**world))?;
        let rendered = known.rendered.clone();
        self.keep(known);
        Some(rendered)
    }

    /// Keeps a render for the next tree.
    pub(crate) fn keep(&self, render: Render) {
        self.0.borrow_mut().now.insert(render);
    }
}

impl Render {
    fn is_of(&self, release: &HelmRelease, fetched: &FetchedChart, world: &dyn World) -> bool {
        Arc::ptr_eq(&self.chart, &fetched.chart)
            && self.revision == fetched.revision
            && fetched.values_files.is_empty()
            && self.release == *release
            // All are asked, as a render would: hosts watch what is looked up.
            && self.answers.iter().fold(true, |same, (query, answer)| {
                world.lookup(query).is_ok_and(|found| found.freeze() == *answer) && same
            })
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memo({} releases)", self.0.borrow().now.renders.len())
    }
}
