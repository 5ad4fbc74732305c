//! The engine's types as those of the contract.

use contract::{DocumentOut, Failure, Hook, HookEvent, Lookup, ObjectOut, ReleaseOut, Site, Text};
use govalue::{Index, Map, Str};
use helm::engine::{Asked, LookupQuery};

use crate::chart::LoadedChart;
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::rendered::{Object, Rendered, Role};

/// A failure with all that is known about it: for hosts that render charts themselves.
pub fn failure(error: &Error, chart: Option<&LoadedChart>, values: Option<&Map>) -> Failure {
    let diagnostic = Diagnostic::new(error, chart, values);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let rendered = match error {
        Error::Release(error) => Some(error.rendered_text()).filter(|text| !text.is_empty()).map(Text),
        _ => None,
    };
    Failure {
        kind: diagnostic.kind,
        message: diagnostic.message,
        file: diagnostic.file.as_ref().map(text),
        line: diagnostic.line.map(count),
        column: diagnostic.column.map(count),
        source_line: diagnostic.source_line,
        trace: diagnostic
            .trace
            .iter()
            .map(|site| Site {
                file: text(&site.file),
                line: count(site.line),
                column: count(site.column),
                template: text(&site.template),
                expression: site.expression.clone(),
            })
            .collect(),
        hints: diagnostic.hints,
        rendered,
        log: Vec::new(),
    }
}

/// The release that a chart was rendered as.
pub(super) fn release(rendered: &Rendered) -> ReleaseOut {
    let chart = rendered.chart();
    ReleaseOut {
        name: rendered.name().to_owned(),
        namespace: rendered.namespace().to_owned(),
        chart: chart.name().to_string(),
        version: chart.metadata().version.to_string(),
        level: 1,
        ..ReleaseOut::default()
    }
}

fn role(role: &Role<'_>) -> contract::Role {
    match role {
        Role::Crd => contract::Role::Crd,
        Role::Manifest => contract::Role::Manifest,
        Role::Hook(_) => contract::Role::Hook,
    }
}

/// A hook's event.
pub(super) fn event(event: helm::manifest::HookEvent) -> HookEvent {
    use helm::manifest::HookEvent as Helm;
    match event {
        Helm::PreInstall => HookEvent::PreInstall,
        Helm::PostInstall => HookEvent::PostInstall,
        Helm::PreDelete => HookEvent::PreDelete,
        Helm::PostDelete => HookEvent::PostDelete,
        Helm::PreUpgrade => HookEvent::PreUpgrade,
        Helm::PostUpgrade => HookEvent::PostUpgrade,
        Helm::PreRollback => HookEvent::PreRollback,
        Helm::PostRollback => HookEvent::PostRollback,
        Helm::Test => HookEvent::Test,
    }
}

/// A file of CRDs as a document.
pub(super) fn crd((source, text): (&str, &[u8])) -> DocumentOut {
    DocumentOut { role: role(&Role::Crd), source: source.to_owned(), text: Text(text.to_vec()) }
}

/// A rendered object as a document.
pub(super) fn document(object: &Object<'_>) -> DocumentOut {
    let (role, source) = (role(&object.role), text(&object.source));
    DocumentOut { role, source, text: Text(object.text.to_vec()) }
}

/// A rendered object.
pub(super) fn object(object: &Object<'_>) -> ObjectOut {
    ObjectOut {
        role: role(&object.role),
        source: text(&object.source),
        level: object.level,
        api_version: text(&object.api_version),
        kind: text(&object.kind),
        name: text(&object.name),
        namespace: text(&object.namespace),
        hook: match object.role {
            Role::Hook(hook) => Some(Hook {
                events: hook.events.iter().copied().map(event).collect(),
                weight: hook.weight,
                delete_policies: hook.delete_policies.clone(),
            }),
            _ => None,
        },
        text: Text(object.text.to_vec()),
        ..ObjectOut::default()
    }
}

/// What templates asked of the world.
pub(super) fn asked(asked: &Asked) -> contract::Asked {
    contract::Asked { lookups: lookups(&asked.lookups), clock: asked.clock, random: asked.random }
}

fn lookups(queries: &Index<LookupQuery>) -> Vec<Lookup> {
    queries.iter().map(|(_, query)| lookup(query)).collect()
}

/// A question that `lookup` asked.
pub(super) fn lookup(query: &LookupQuery) -> Lookup {
    Lookup {
        api_version: text(&query.api_version),
        kind: text(&query.kind),
        namespace: text(&query.namespace),
        name: text(&query.name),
    }
}

fn text(s: &Str) -> String {
    s.to_str_lossy().into_owned()
}
