//! Manifests with HelmReleases among them.

use contract::{Code, Place, Problem, Severity, TextFile};
use flux::HelmRelease;
use govalue::{Map, Str, Value};
use helm::engine::Objects;
use helm::manifest::split;

/// What manifests have in them.
#[derive(Default)]
pub(super) struct Manifests {
    pub(super) releases: Vec<HelmRelease>,
    /// All other objects: what `valuesFrom` and `lookup` find.
    pub(super) objects: Objects,
    pub(super) problems: Vec<Problem>,
}

/// The namespace of objects that name none.
const NAMESPACE: &str = "default";

impl Manifests {
    /// Reads manifests. What cannot be read is a problem, and left out.
    pub(super) fn read(files: &[TextFile]) -> Manifests {
        let mut manifests = Manifests::default();
        for file in files {
            let text = file.text.as_bytes();
            for range in split(text) {
                let line = 1 + text.iter().take(range.start).filter(|&&b| b == b'\n').count();
                let place = Place { file: file.name.clone(), line: u32::try_from(line).unwrap_or(u32::MAX), column: 0 };
                manifests.add_document(&text[range], place);
            }
        }
        manifests
    }

    fn add_document(&mut self, text: &[u8], place: Place) {
        let error = |message: String, place| Problem::new(Severity::Error, Code::Manifest, message, place);
        match goyaml::yaml::from_yaml(text) {
            Err(e) => self.problems.push(error(e.to_string(), place)),
            Ok(Value::Nil) => {}
            Ok(object) => self.add(&object, &place),
        }
    }

    fn add(&mut self, object: &Value, place: &Place) {
        let Value::Map(map) = object else {
            let problem = Problem::new(Severity::Error, Code::Manifest, "not a Kubernetes object", place.clone());
            return self.problems.push(problem);
        };
        let kind = text(map, "kind");
        if let (true, Some(Value::List(items))) = (kind.ends_with(b"List"), map.get("items")) {
            return items.iter().for_each(|item| self.add(item, place));
        }
        if !flux::is_helm_release(&text(map, "apiVersion"), &kind) {
            if let Err(message) = self.objects.add(object) {
                self.problems.push(Problem::new(Severity::Error, Code::Manifest, message, place.clone()));
            }
            return;
        }
        match HelmRelease::read(object, NAMESPACE) {
            Ok((release, warnings)) => {
                self.add_fields(&warnings, place);
                self.releases.push(release);
            }
            Err(fields) => self.add_fields(&fields, place),
        }
    }

    fn add_fields(&mut self, fields: &[flux::FieldProblem], place: &Place) {
        for field in fields {
            let severity = match field.severity {
                flux::Severity::Warning => Severity::Warning,
                flux::Severity::Error => Severity::Error,
            };
            let message = match field.path.as_str() {
                path if path.is_empty() || field.message.contains(path) => field.message.clone(),
                path => format!("{path}: {}", field.message),
            };
            let problem = Problem::new(severity, Code::HelmRelease, message, place.clone());
            self.problems.push(Problem { path: field.path.clone(), hint: field.hint.clone(), ..problem });
        }
    }
}

fn text(map: &Map, key: &str) -> Str {
    match map.get(key) {
        Some(Value::Str(text)) => text,
        _ => Str::EMPTY,
    }
}
