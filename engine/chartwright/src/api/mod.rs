//! The engine behind the contract: JSON in, JSON out, the same in every host.
//!
//! Hosts that speak Rust call the methods of [`Engine`] with the types of the
//! `contract` crate; others send JSON to [`Engine::call`].

mod bases;
mod charts;
mod convert;
mod describe;
mod facts;
mod given;
mod hide;
mod levels;
mod manifests;
mod memory;
mod meter;
mod module;
mod native;
mod plan;
mod platform;
mod platform_file;
mod problems;
mod refused;
mod render;
mod request;
mod summary;
mod work;
mod world;

use contract::{Archive, Call, Failure, FailureKind, RenderInput, read, write, write_render};
use helm::Warnings;

pub use charts::digest;
pub use convert::failure;
pub use describe::HELM_VERSION;
pub use hide::Redactor;
pub use levels::has_errors;
pub use meter::{Meter, NoMeter};
pub use native::NativeEngine;
pub use platform::{add_platform, platform_objects};
pub use platform_file::read_platform;
pub use refused::{Refused, refused};
pub use render::{chart_output, chart_request, render_levels};
pub use request::set_files;
pub use summary::summary;

use crate::chart::LoadedChart;
use charts::Loaded;
use memory::Memory;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use work::Work;

/// An engine: it answers calls, and keeps the charts that it has loaded.
///
/// ```
/// let mut engine = chartwright::api::Engine::default();
/// let answer = engine.call("describe", b"");
/// assert!(String::from_utf8(answer).unwrap().contains(r#""helm":"v4.2.4""#));
/// ```
pub struct Engine {
    charts: Arc<Mutex<Loaded>>,
    memory: Memory,
    work: Arc<Work>,
    meter: Rc<dyn Meter>,
    /// Most time of a render, where the meter has a clock.
    time: Option<Duration>,
}

impl Default for Engine {
    fn default() -> Engine {
        Engine::new(Rc::new(NoMeter))
    }
}

/// The charts, for a moment. A thread that panicked while it had them leaves them whole: they change in one step.
fn lock(charts: &Mutex<Loaded>) -> MutexGuard<'_, Loaded> {
    charts.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Engine {
    /// An engine whose time and memory this meter counts.
    pub fn new(meter: Rc<dyn Meter>) -> Engine {
        Engine { charts: Arc::default(), memory: Memory::default(), work: Arc::default(), meter, time: None }
    }

    /// How long a render may take, by the meter's clock; `None`: as long as it likes.
    pub fn limit_time(&mut self, time: Option<Duration>) {
        self.time = time;
    }

    /// The chart of an archive or folder; archives are kept for later calls.
    ///
    /// # Errors
    /// Kind `input` if nothing is given or too much, `digest` where the bytes are not those of the digest,
    /// `unknown-digest` where no bytes are given and none are known, `chart` if it is not one.
    pub fn load(&mut self, archive: &Archive) -> Result<LoadedChart, Failure> {
        lock(&self.charts).load(archive, &mut Warnings::default())
    }

    /// Keeps a chart that the host has loaded, under a digest by which calls may name it; `bytes` is the size of what it
    /// was loaded from, for the decision which charts stay.
    pub fn keep(&mut self, digest: &str, chart: LoadedChart, bytes: usize) {
        lock(&self.charts).keep(digest.to_owned(), chart, bytes);
    }

    /// Answers a call by its name, JSON in and out. It never fails: what goes
    /// wrong is in the answer.
    pub fn call(&mut self, export: &str, input: &[u8]) -> Vec<u8> {
        match Call::from_word(export) {
            Some(Call::Plan) => write(read(input).and_then(|input| self.plan(&input))),
            Some(Call::Expand) => write(read(input).and_then(|input| self.expand(&input))),
            Some(Call::Check) => write(read(input).and_then(|input| self.check(&input))),
            Some(Call::Render) => {
                let input = read::<RenderInput>(input);
                let raw = input.as_ref().is_ok_and(|input| input.want.raw);
                write_render(input.and_then(|input| self.render(&input)), raw)
            }
            Some(Call::Describe) => write(Ok(self.describe())),
            _ => write::<()>(Err(Failure::new(FailureKind::Input, format!("unknown call {export:?}")))),
        }
    }
}
