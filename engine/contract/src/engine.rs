//! What a host asks of an engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::{
    CheckInput, CheckOutput, DescribeOutput, ExpandInput, ExpandOutput, Failure, PlanInput, PlanOutput, RenderInput,
    RenderOutput,
};

/// An engine: in this program, or in a sandbox. Hosts hold a `dyn Engine`, and do not know which.
///
/// Inputs are borrowed, because the loop that brings charts makes the same call several times: a host adds to
/// [`RenderInput::charts`] what [`RenderOutput::wanted`] names, and calls again until nothing is wanted.
///
/// # Charts by digest
///
/// An engine keeps the charts that it has loaded. A host may send [`crate::Archive::digest`] alone; where the answer is
/// a failure of kind [`UnknownDigest`](crate::FailureKind::UnknownDigest), it sends the bytes once more. Which charts
/// stay is the engine's business: nothing but speed depends on it.
///
/// # Limits of a call
///
/// Steps, depth, output and memory are limits of the input ([`crate::Limits`]): the same input ends in the same way
/// everywhere. Time and cancellation belong to the host and its user, so they are in the [`Budget`]. An engine that
/// cannot stop in the middle of something looks at the budget where it can.
///
/// # Errors
///
/// What is wrong with what was given is a [`crate::Problem`] of the output, as long as there is one. A [`Failure`]
/// means that there is no output.
pub trait Engine: Send + Sync {
    /// Which charts something needs, as far as can be known without them.
    ///
    /// # Errors
    /// The call was cancelled, or the engine broke.
    fn plan(&self, input: &PlanInput, budget: &Budget) -> Result<PlanOutput, Failure>;

    /// A descriptor as a Helm chart: as an archive, or file by file ([`crate::ExpandWant`]).
    ///
    /// # Errors
    /// A given chart is not one, the call was cancelled, or the engine broke.
    fn expand(&self, input: &ExpandInput, budget: &Budget) -> Result<ExpandOutput, Failure>;

    /// Everything that is wrong with descriptors.
    ///
    /// # Errors
    /// A given chart is not one, the call was cancelled, or the engine broke.
    fn check(&self, input: &CheckInput, budget: &Budget) -> Result<CheckOutput, Failure>;

    /// A chart, or all levels of a descriptor or of HelmReleases, rendered.
    ///
    /// # Errors
    /// The input, its values or its chart are wrong, a limit was exceeded, the call was cancelled, or the engine broke.
    fn render(&self, input: &RenderInput, budget: &Budget) -> Result<RenderOutput, Failure>;

    /// Describes the engine.
    ///
    /// # Errors
    /// The engine cannot be asked: the one in this program always can.
    fn describe(&self) -> Result<DescribeOutput, Failure>;
}

/// The time limit of a call, and its cancellation.
///
/// ```
/// use std::time::Duration;
/// use contract::Budget;
/// let budget = Budget { time: Some(Duration::from_secs(10)), ..Budget::default() };
/// let button = budget.cancel.clone();
/// assert!(!budget.cancel.is_cancelled());
/// button.cancel();
/// assert!(budget.cancel.is_cancelled());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Budget {
    /// The time limit; none by default.
    pub time: Option<Duration>,
    /// Cancels the call.
    pub cancel: Cancel,
}

/// Ends calls from another thread. Clones belong together.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Ends all calls that have this in their budget.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// The flag behind it, for hosts that have a kind of their own to cancel calls.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
