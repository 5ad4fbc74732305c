//! `-o json`: objects with where they come from.

use chartwright::{Rendered, Role, TextOptions};
use serde::Serialize;

use super::report::Failure;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    release: String,
    objects: Vec<Object>,
    notes: String,
    warnings: Vec<String>,
    asked: Asked,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    role: &'static str,
    source: String,
    level: u32,
    api_version: String,
    kind: String,
    name: String,
    namespace: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hook: Option<Hook>,
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Hook {
    events: Vec<&'static str>,
    weight: i64,
    delete_policies: Vec<String>,
}

#[derive(Serialize)]
struct Asked {
    lookups: Vec<Lookup>,
    clock: bool,
    random: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lookup {
    api_version: String,
    kind: String,
    namespace: String,
    name: String,
}

/// The rendered objects as a JSON document.
pub(super) fn objects(rendered: &Rendered, parts: TextOptions, release: &str) -> Result<Vec<u8>, Failure> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let wanted = |role: &Role<'_>| match role {
        Role::Crd => parts.crds,
        Role::Manifest => true,
        Role::Hook(hook) => parts.hooks && (parts.tests || !hook.is_test()),
    };
    let objects = rendered.objects().filter(|o| wanted(&o.role)).map(|o| Object {
        role: match o.role {
            Role::Crd => "crd",
            Role::Manifest => "manifest",
            Role::Hook(_) => "hook",
        },
        source: text(&o.source),
        level: o.level,
        api_version: text(&o.api_version),
        kind: text(&o.kind),
        name: text(&o.name),
        namespace: text(&o.namespace),
        hook: match o.role {
            Role::Hook(hook) => Some(Hook {
                events: hook.events.iter().map(|e| e.name()).collect(),
                weight: hook.weight,
                delete_policies: hook.delete_policies.clone(),
            }),
            _ => None,
        },
        text: text(o.text),
    });
    let asked = rendered.asked();
    let document = Document {
        release: release.to_owned(),
        objects: objects.collect(),
        notes: text(rendered.notes()),
        warnings: rendered.warnings().iter().map(|w| w.text().to_owned()).collect(),
        asked: Asked {
            lookups: asked
                .lookups
                .iter()
                .map(|q| Lookup {
                    api_version: text(&q.api_version),
                    kind: text(&q.kind),
                    namespace: text(&q.namespace),
                    name: text(&q.name),
                })
                .collect(),
            clock: asked.clock,
            random: asked.random,
        },
    };
    let mut json = serde_json::to_vec_pretty(&document).map_err(|e| Failure::text(e.to_string()))?;
    json.push(b'\n');
    Ok(json)
}
