//! The images that objects run, or have others run.

use contract::{ImageUse, ObjectOut, Runs};
use govalue::{Index, Map, Value};

use super::fields::{entries, list, text};

/// How deep fields are searched.
pub(super) const DEPTH: u32 = 24;

/// API groups of Kubernetes itself without a dot: objects of others are for operators, which run what these name.
const GROUPS: [&str; 5] = ["", "apps", "batch", "autoscaling", "policy"];

/// Images, when they run, and which objects name them.
#[derive(Default)]
pub(super) struct Images(Index<(Runs, Vec<String>)>);

/// What names an image.
#[derive(Clone, Copy)]
struct Of<'o> {
    runs: Runs,
    by: &'o str,
    /// Whether an operator reads the object.
    is_custom: bool,
}

impl Images {
    /// Adds those of an object.
    pub(super) fn look(&mut self, object: &ObjectOut, value: &Value, runs: Runs, by: &str) {
        let group = object.api_version.rsplit_once('/').map_or("", |(group, _)| group);
        let is_custom = !GROUPS.contains(&group) && !group.ends_with(".k8s.io");
        self.fields(value, Of { runs, by, is_custom }, DEPTH);
    }

    /// All, by name.
    pub(super) fn into_vec(self) -> Vec<ImageUse> {
        let image = |(image, (runs, by)): (govalue::Str, _)| ImageUse { image: image.to_string(), runs, by };
        self.0.into_sorted().into_iter().map(image).collect()
    }

    fn fields(&mut self, value: &Value, of: Of<'_>, depth: u32) {
        if depth == 0 {
            return;
        }
        match value {
            Value::Map(map) => {
                for (key, value) in entries(map) {
                    match (key.as_str(), &value) {
                        ("containers" | "initContainers" | "ephemeralContainers", Value::List(containers)) => {
                            for container in containers.iter() {
                                if let Value::Map(container) = container {
                                    self.container(container, of);
                                }
                            }
                        }
                        (key, Value::Str(image)) if of.is_custom && names_image(key) => {
                            let image = image.to_str_lossy();
                            if is_image(&image) {
                                self.add(image.into_owned(), later(of));
                            }
                        }
                        _ => self.fields(&value, of, depth - 1),
                    }
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.fields(item, of, depth - 1)),
            _ => {}
        }
    }

    /// The image of a container, and those that it is told to run: in arguments and variables.
    fn container(&mut self, container: &Map, of: Of<'_>) {
        if let Some(image) = text(container, &["image"]) {
            self.add(image, of);
        }
        for word in list(container, &["command"]).into_iter().chain(list(container, &["args"])) {
            let Value::Str(word) = word else { continue };
            let word = word.to_str_lossy();
            let image = word.strip_prefix('-').and_then(|flag| flag.split_once('='));
            if let Some((_, image)) = image.filter(|(_, image)| is_whole_image(image)) {
                self.add(image.to_owned(), later(of));
            }
        }
        for variable in list(container, &["env"]) {
            let Value::Map(variable) = variable else { continue };
            let (Some(name), Some(image)) = (text(&variable, &["name"]), text(&variable, &["value"])) else { continue };
            let names = name.starts_with("RELATED_IMAGE_") || name.ends_with("_IMAGE");
            if names && is_whole_image(&image) {
                self.add(image, later(of));
            }
        }
    }

    fn add(&mut self, image: String, of: Of<'_>) {
        let (runs, users) = self.0.or_default(image);
        *runs = if users.is_empty() { of.runs } else { of.runs.min(*runs) };
        if !users.iter().any(|user| user == of.by) {
            users.push(of.by.to_owned());
        }
    }
}

/// What an operator makes of it is there as long as the release is.
fn later(of: Of<'_>) -> Of<'_> {
    Of { runs: if of.runs == Runs::Always { Runs::Operator } else { of.runs }, ..of }
}

/// Whether a field of a custom resource has an image, by its name.
fn names_image(key: &str) -> bool {
    matches!(key, "image" | "imageName") || key.ends_with("Image")
}

/// Whether a text is an image: names with a tag, a digest or a registry.
fn is_image(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._/:@".contains(c);
    text.contains(['/', ':', '@']) && text.chars().all(is_part) && !text.contains("//") && !text.ends_with([':', '/'])
}

/// Whether a text can be nothing but an image: it has a registry, and a tag or a digest.
fn is_whole_image(text: &str) -> bool {
    let Some((registry, rest)) = text.split_once('/') else { return false };
    let last = rest.rsplit('/').next().unwrap_or(rest);
    let has_registry = registry.contains(['.', ':']) && !registry.starts_with('.');
    // A port is no tag.
    let tag = last.split_once('@').map(|(_, digest)| digest).or_else(|| last.split_once(':').map(|(_, tag)| tag));
    let has_tag = tag.is_some_and(|tag| !tag.is_empty());
    has_registry && has_tag && is_image(text)
}

#[cfg(test)]
mod tests {
    use contract::Text;

    use super::*;

    fn images(api_version: &str, kind: &str, body: &str) -> Vec<String> {
        let text = format!("apiVersion: {api_version}\nkind: {kind}\n{body}");
        let object = ObjectOut {
            api_version: api_version.into(),
            kind: kind.into(),
            name: "x".into(),
            text: Text(text.into_bytes()),
            ..ObjectOut::default()
        };
        let images = super::super::summary(&[object]).images;
        images.into_iter().map(|image| format!("{} {:?}", image.image, image.runs)).collect()
    }

    #[test]
    fn operators_run_what_custom_resources_name() {
        let spec = "spec: {image: 'quay.io/p/prometheus:v3', thanos: {baseImage: 'thanos:1'}, sidecarImage: none, \
                    logo: 'a/b:c', containers: [{name: own, image: 'own:1'}]}";
        assert_eq!(
            images("monitoring.coreos.com/v1", "Prometheus", spec),
            ["own:1 Always", "quay.io/p/prometheus:v3 Operator", "thanos:1 Operator"]
        );
        // Of an object of Kubernetes itself, only containers are.
        assert_eq!(images("v1", "ConfigMap", "data: {image: 'a/b:1'}"), [""; 0]);
        assert_eq!(images("storage.k8s.io/v1", "StorageClass", "parameters: {image: 'a/b:1'}"), [""; 0]);
    }

    #[test]
    fn containers_are_told_images_in_arguments_and_variables() {
        let pod = "spec: {containers: [{image: 'op:1', args: ['--reloader=quay.io/x/reloader:v1', \
                   '--url=http://a.b/c:1', '--peer=a.svc:9090', '--path=/a.b/c:d', '--other=x/y:1'], \
                   env: [{name: RELATED_IMAGE_DB, value: 'r.example.org/db@sha256:00'}, \
                   {name: OTHER, value: 'r.example.org/other:1'}]}]}";
        assert_eq!(
            images("v1", "Pod", pod),
            ["op:1 Always", "quay.io/x/reloader:v1 Operator", "r.example.org/db@sha256:00 Operator"]
        );
    }
}
