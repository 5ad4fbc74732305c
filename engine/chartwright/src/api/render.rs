//! The call `render`.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use contract::{Archive, Failure, FailureKind, Hint, Log, RenderInput, RenderOutput, Subject, Text};
use flux::Charts;
use govalue::Map;
use helm::Warnings;
use helm::engine::World;
use helm::manifest::is_comment;
use helm::release::render_name;

use super::hide::{Hide, hidden, nothing_to_hide};
use super::levels::Levels;
use super::memory::Memory;
use super::request::{request, values};
use super::world::GivenWorld;
use super::{Engine, convert};
use crate::chart::Request;
use crate::rendered::{Rendered, Role, TextOptions};

impl Engine {
    /// Renders what the input says.
    ///
    /// # Errors
    /// If the input, its values or its chart are wrong. What is wrong with
    /// a single release of many is in [`RenderOutput::problems`].
    pub fn render(&mut self, input: &RenderInput) -> Result<RenderOutput, Failure> {
        concealed(input, || self.render_open(input))
    }

    /// Renders what the input says, if that is a chart and nothing in the input must be hidden; else `None`. The result
    /// is that of [`Engine::render`]. Programs that call nothing else are spared what follows HelmReleases, expands
    /// descriptors and hides secrets: nearly half of the engine.
    pub fn render_plain_chart(&mut self, input: &RenderInput) -> Option<Result<RenderOutput, Failure>> {
        match &input.subject {
            Subject::Chart(archive) if nothing_to_hide(input) => Some(self.render_chart(input, archive)),
            _ => None,
        }
    }

    /// As [`Engine::render`], with secrets in the open.
    fn render_open(&mut self, input: &RenderInput) -> Result<RenderOutput, Failure> {
        if let Subject::Chart(archive) = &input.subject {
            return self.render_chart(input, archive);
        }
        let charts = self.given(&input.charts)?;
        let world =
            Rc::new(GivenWorld::new(&input.world, &input.files, Rc::clone(&self.meter), Arc::clone(&self.work))?);
        let mut output = levels(input, &charts, Rc::clone(&world) as _, &self.memory, self.time)?;
        output.wanted_documents = world.missing_documents();
        Ok(output)
    }

    fn render_chart(&mut self, input: &RenderInput, archive: &Archive) -> Result<RenderOutput, Failure> {
        let mut request = request(input)?;
        request.options.engine.limits.time = self.time;
        let given =
            Rc::new(GivenWorld::new(&input.world, &input.files, Rc::clone(&self.meter), Arc::clone(&self.work))?);
        let world: Rc<dyn World> = Rc::clone(&given) as _;
        if let Some(template) = &input.release.name_template {
            let name =
                render_name(template, Rc::clone(&world)).map_err(|e| Failure::new(FailureKind::Name, e.to_string()))?;
            request.options.release.name = name;
        }
        let values = values(&request, input, &*world)?;
        let mut log = if input.want.log == Log::Debug { Warnings::verbose() } else { Warnings::default() };
        let result = self.render_logged(archive, &values, &request, world, &mut log);
        let lines = || log.iter().map(|warning| warning.log_line()).collect();
        let logged = if input.want.log == Log::None { Vec::new() } else { lines() };
        match result {
            Ok(rendered) => {
                let mut output = chart_parts(&rendered, input)?;
                output.warnings = log.iter().map(|w| w.text().to_owned()).collect();
                output.log = logged;
                Ok(output)
            }
            Err(mut failure) => {
                failure.hints.extend(given.missing_documents().into_iter().map(|url| Hint::Document { url }));
                Err(Failure { log: logged, ..failure })
            }
        }
    }

    fn render_logged(
        &mut self,
        archive: &Archive,
        values: &Map,
        request: &Request,
        world: Rc<dyn World>,
        log: &mut Warnings,
    ) -> Result<Rendered, Failure> {
        let chart = super::lock(&self.charts).load(archive, log)?;
        chart
            .render_logged(values, request, world, log)
            .map_err(|error| convert::failure(&error, Some(&chart), Some(values)))
    }
}

/// Makes an output, and hides the input's secrets in it: in a failure, too.
///
/// # Errors
/// Kind `secrets` if the input's Secrets cannot be read; else what the call fails with.
fn concealed(
    input: &RenderInput,
    call: impl FnOnce() -> Result<RenderOutput, Failure>,
) -> Result<RenderOutput, Failure> {
    let (redactor, partly) = hidden(input)?;
    let mut result = call();
    match &mut result {
        Ok(output) => {
            output.problems.extend(partly);
            output.hide(&redactor);
        }
        Err(failure) => failure.hide(&redactor),
    }
    result
}

/// The options with which a chart is rendered that an input describes: for hosts that render it themselves.
///
/// # Errors
/// Kind `input` if the version of Kubernetes is not one.
pub fn chart_request(input: &RenderInput) -> Result<Request, Failure> {
    request(input)
}

/// The parts of a rendered chart that an input wants.
///
/// # Errors
/// Kind `show-only` if a pattern matches nothing.
pub fn chart_output(rendered: &Rendered, input: &RenderInput) -> Result<RenderOutput, Failure> {
    concealed(input, || chart_parts(rendered, input))
}

fn chart_parts(rendered: &Rendered, input: &RenderInput) -> Result<RenderOutput, Failure> {
    let want = &input.want;
    let parts = TextOptions { crds: want.crds, hooks: want.hooks, tests: want.tests };
    let mut output = RenderOutput {
        notes: Text(rendered.notes().to_vec()),
        warnings: rendered.warnings().iter().map(|w| w.text().to_owned()).collect(),
        asked: convert::asked(rendered.asked()),
        releases: vec![convert::release(rendered)],
        ..RenderOutput::default()
    };
    if want.text {
        output.text = Text(match want.show_only.as_slice() {
            [] => rendered.text(parts),
            patterns => {
                rendered.show_only(parts, patterns).map_err(|e| Failure::new(FailureKind::ShowOnly, e.to_string()))?
            }
        });
    }
    let wanted = |role: &Role<'_>| match role {
        Role::Crd => want.crds,
        Role::Manifest => true,
        Role::Hook(hook) => want.hooks && (want.tests || !hook.is_test()),
    };
    if want.documents && want.crds {
        // A file of CRDs is written whole, however many objects are in it.
        output.documents = rendered.crds().map(convert::crd).collect();
    }
    if want.objects || want.documents {
        for object in rendered.objects().filter(|o| wanted(&o.role)) {
            if want.objects && !is_comment(object.text) {
                output.objects.push(convert::object(&object));
            }
            if want.documents && !matches!(object.role, Role::Crd) {
                output.documents.push(convert::document(&object));
            }
        }
    }
    Ok(output)
}

/// Renders a descriptor or manifests through their HelmReleases, with charts
/// and a world that the host provides; [`RenderInput::charts`] is not read, and
/// of [`RenderInput::world`] only what must be hidden.
///
/// # Errors
/// As [`Engine::render`].
pub fn render_levels(input: &RenderInput, charts: &dyn Charts, world: Rc<dyn World>) -> Result<RenderOutput, Failure> {
    concealed(input, || levels(input, charts, world, &Memory::default(), None))
}

fn levels(
    input: &RenderInput,
    charts: &dyn Charts,
    world: Rc<dyn World>,
    memory: &Memory,
    time: Option<Duration>,
) -> Result<RenderOutput, Failure> {
    let values = values(&request(input)?, input, &*world)?;
    let levels = Levels { input, charts, world, values, memory, time };
    match &input.subject {
        Subject::Descriptor(file) => levels.descriptor(file),
        Subject::Manifests(files) => levels.manifests(files),
        Subject::Chart(_) => Err(Failure::new(FailureKind::Input, "a chart has no HelmReleases to follow")),
    }
}
