//! The engine's types as those of the contract.

use std::collections::BTreeSet;

use contract::{Failure, Hook, Lookup, ObjectOut, Site, Text};
use govalue::{Map, Str};
use helm::engine::{Asked, LookupQuery};

use crate::chart::LoadedChart;
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::rendered::{Object, Role};

/// A failure with all that is known about it.
pub(super) fn failure(error: &Error, chart: Option<&LoadedChart>, values: Option<&Map>) -> Failure {
    let diagnostic = Diagnostic::new(error, chart, values);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let rendered = match error {
        Error::Release(error) => Some(error.rendered_text()).filter(|text| !text.is_empty()).map(Text),
        _ => None,
    };
    Failure {
        kind: diagnostic.kind.name().to_owned(),
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
    }
}

/// A rendered object.
pub(super) fn object(object: &Object<'_>) -> ObjectOut {
    ObjectOut {
        role: match object.role {
            Role::Crd => "crd",
            Role::Manifest => "manifest",
            Role::Hook(_) => "hook",
        }
        .to_owned(),
        source: text(&object.source),
        level: object.level,
        api_version: text(&object.api_version),
        kind: text(&object.kind),
        name: text(&object.name),
        namespace: text(&object.namespace),
        hook: match object.role {
            Role::Hook(hook) => Some(Hook {
                events: hook.events.iter().map(|e| e.name().to_owned()).collect(),
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

fn lookups(queries: &BTreeSet<LookupQuery>) -> Vec<Lookup> {
    queries
        .iter()
        .map(|q| Lookup {
            api_version: text(&q.api_version),
            kind: text(&q.kind),
            namespace: text(&q.namespace),
            name: text(&q.name),
        })
        .collect()
}

fn text(s: &Str) -> String {
    s.to_str_lossy().into_owned()
}
