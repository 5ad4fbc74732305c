//! Rendering of a chart's templates (Helm: `pkg/engine`).

mod error;
mod files;
mod functions;
mod host;
mod objects;
pub(crate) mod paths;
mod programs;
mod scope;
mod snippet;
mod values_type;
mod world;

use std::rc::Rc;
use std::sync::Arc;

use gotemplate::{Machine, MissingKey, TemplateSet};
use govalue::sort::{sort_by, sort_by_cached_key};
use govalue::{Index, Map, Str, Value};

use crate::chart::Bytes;
use crate::dependencies::Resolved;

pub use error::{RenderError, RenderErrorKind};
pub use functions::function_names;
pub use host::{Asked, Limits};
pub use objects::{Objects, ObjectsError};
pub use programs::Programs;
pub use scope::Top;
pub use snippet::Snippet;
pub use sprig::LEFT_OUT;
pub use values_type::as_values;
pub use world::{LookupQuery, World};

use host::RenderHost;
use scope::Renderable;

/// The name of the template that all others are associated with.
const ROOT: &str = "gotpl";

/// How templates are rendered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether a missing value is an error.
    pub strict: bool,
    /// How far a render may go.
    pub limits: Limits,
}

/// What a render made.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// The rendered files that are not partials, sorted by name.
    pub files: Vec<(Str, Bytes)>,
    /// What the templates asked of the world.
    pub asked: Asked,
}

/// Renders the templates of a chart and its subcharts (`Engine.Render`).
///
/// Programs and snippets that are parsed on the way stay in `programs` for the
/// next render.
///
/// # Errors
/// If a template cannot be parsed, fails or exceeds a limit; the first one
/// in Helm's order.
pub fn render(
    chart: &Resolved,
    top: &Top,
    programs: &Arc<Programs>,
    world: Rc<dyn World>,
    options: Options,
) -> Result<Output, RenderError> {
    let mut host = RenderHost::new(world, Arc::clone(programs), options.limits);
    let templates = in_order(scope::renderables(chart, top));
    let funcs = functions::func_map();
    let sources = templates.iter().map(|(name, template)| (name, &template.source));
    let set = programs.set(sources, funcs).map_err(RenderError::parse)?;
    let missing_key = if options.strict { MissingKey::Error } else { MissingKey::Zero };
    let limits = host.machine_limits();
    let mut machine = Machine::new(&mut host, funcs, set).missing_key(missing_key).limits(limits);
    let mut files = Vec::with_capacity(templates.len());
    for (name, template) in &templates {
        if paths::base(name).starts_with(b"_") {
            continue;
        }
        let about = Map::new().as_named(&values_type::VALUES);
        about.insert("BasePath", Value::Str(template.base_path.clone()));
        about.insert("Name", Value::Str(name.clone()));
        template.scope.insert("Template", Value::Map(about));
        let dot = Value::Map(template.scope.as_named(&values_type::VALUES));
        let output = machine.execute(name, dot).map_err(|e| RenderError::exec(name, e))?;
        if let Ok(host) = functions::host(&mut machine) {
            host.produced(output.len());
            let limits = host.machine_limits();
            machine.set_limits(limits);
        }
        files.push((name.clone(), Bytes::from(without_no_value(output))));
    }
    sort_by(&mut files, |a, b| a.0.cmp(&b.0));
    Ok(Output { files, asked: host.asked })
}

/// Renders a text by itself, with all functions that need no chart.
///
/// # Errors
/// With the text of `text/template`.
pub(crate) fn render_text(
    name: &'static str,
    text: &str,
    dot: Value,
    programs: &Arc<Programs>,
    world: Rc<dyn World>,
) -> Result<Vec<u8>, String> {
    let funcs = functions::text_func_map();
    let file = gotemplate::parse(name, text, funcs).map_err(|e| e.to_string())?;
    let mut set = TemplateSet::new(name);
    set.add(&file);
    let mut host = RenderHost::new(world, Arc::clone(programs), Limits::default());
    Machine::new(&mut host, funcs, set).execute(name.as_bytes(), dot).map_err(|e| e.to_string())
}

/// Parses a template of a chart, for those who only read it.
///
/// # Errors
/// With the text of `text/template`.
pub(crate) fn parse_template(name: &Str, source: &[u8]) -> Result<Arc<gotemplate::File>, gotemplate::ParseError> {
    gotemplate::parse(name.clone(), source, functions::func_map())
}

/// Templates in the order in which Helm parses and renders them: the deepest
/// paths first, among equals the last name.
fn in_order(templates: Index<Renderable>) -> Vec<(Str, Renderable)> {
    let mut templates = templates.into_sorted();
    // They come sorted by name, and stay so where depths are equal.
    sort_by_cached_key(&mut templates, |(name, _)| name.iter().filter(|&&b| b == b'/').count());
    templates.reverse();
    templates
}

/// What `text/template` prints for missing values is not in Helm's output.
pub(crate) fn without_no_value(output: Vec<u8>) -> Vec<u8> {
    const NO_VALUE: &[u8] = b"<no value>";
    let Some(first) = find(&output, NO_VALUE) else { return output };
    let mut kept = Vec::with_capacity(output.len());
    kept.extend_from_slice(&output[..first]);
    let mut rest = &output[first + NO_VALUE.len()..];
    while let Some(next) = find(rest, NO_VALUE) {
        kept.extend_from_slice(&rest[..next]);
        rest = &rest[next + NO_VALUE.len()..];
    }
    kept.extend_from_slice(rest);
    kept
}

/// Where `needle` first stands in `text`.
pub(crate) fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, needle)
}
