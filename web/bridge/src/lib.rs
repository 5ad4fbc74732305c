//! The page's side of the worker.
//!
//! A `Bridge` owns a web worker in which the engine runs, and answers requests by it. Clones belong together.
//!
//! ```text
//! let bridge = Bridge::new(Options::default());
//! let loaded = bridge.ask(Request::Load { name, files: Vec::new() }, vec![archive]).await;
//! let Reply::Loaded(chart) = loaded.reply else { … };
//! // For each keystroke; of those that wait only the newest is rendered, the others get `Reply::Superseded`.
//! let input = serde_json::to_vec(&RenderInput { … chart.digest … })?;
//! let answer = bridge.ask_newest(Lane(0), Request::Render, vec![input]).await;
//! match answer.reply {
//!     Reply::Rendered(head) => show(head, &answer.parts[0]),
//!     Reply::Superseded => {}
//!     Reply::Failed(failure) => say(failure),
//!     …
//! }
//! ```
//!
//! # What can be relied on
//!
//! - Every request is answered once, and the worker has one at a time. `Bridge::ask` keeps the order;
//!   `Bridge::ask_newest` lets a newer request of the same [`Lane`] take the place of one that still waits.
//! - A future that is dropped takes its request back, or gives the answer away if the worker has begun.
//! - An answer always belongs to the request whose future gives it, so it needs no further tag.
//! - The worker starts with the first request, or with `Bridge::start`. It starts with the small engine, which
//!   renders charts. Descriptors, HelmReleases and compose files need the large one: it comes with the first request
//!   that needs it, or with `bridge.start(Kit::Modules)`, and serves everything from then on.
//! - A panic, a trap, the end of its memory or a request that takes longer than [`Options::patience`] ends the worker:
//!   that request is answered with a [`Failure`](contract::Failure) for people, and the next ones go to a new worker,
//!   which gets the module as it is compiled.
//! - Charts that were loaded are kept here, up to [`Options::keep`] bytes. A worker that does not have a chart gets it
//!   again; a failure of kind `unknown-digest` is only seen if it is kept no more: load it once more then.
//!
//! # Where the engine is
//!
//! The build hashes names, and writes them to the glue of the page's module, as properties of its `import.meta`:
//! `engine = {charts: [script, module], modules: [script, module]}`, each relative to the glue itself. There is no
//! script in a blob, so `script-src 'self' 'wasm-unsafe-eval'` is enough.

mod failure;
mod options;
mod queue;
#[cfg(any(test, target_family = "wasm"))]
mod slot;
#[cfg(target_family = "wasm")]
mod web;

pub use failure::Trap;
pub use options::{Kit, Lane, Options, State};
pub use queue::{Action, Event, Message, Post, Queue};
#[cfg(target_family = "wasm")]
pub use web::{Answer, Asking, Bridge};
