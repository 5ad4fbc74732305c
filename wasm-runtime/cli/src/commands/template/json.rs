//! `-o json`: objects with their origin.

use contract::{Asked, ObjectOut, RenderOutput, Text};
use serde::Serialize;

use super::report::Failure;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    release: String,
    objects: Vec<ObjectOut>,
    notes: String,
    warnings: Vec<String>,
    asked: Asked,
}

/// The rendered objects as a JSON document.
pub(super) fn objects(output: RenderOutput) -> Result<Vec<u8>, Failure> {
    let mut objects = output.objects;
    for object in &mut objects {
        // Readers of JSON need text, even if a template's output is not UTF-8.
        if std::str::from_utf8(&object.text.0).is_err() {
            object.text = Text::from(&*object.text.to_str_lossy());
        }
    }
    let document = Document {
        release: output.releases.into_iter().next().map(|r| r.name).unwrap_or_default(),
        objects,
        notes: output.notes.to_str_lossy().into_owned(),
        warnings: output.warnings,
        asked: output.asked,
    };
    let mut json = serde_json::to_vec_pretty(&document).map_err(|e| Failure::text(e.to_string()))?;
    json.push(b'\n');
    Ok(json)
}
