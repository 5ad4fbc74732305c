//! Where images come from.

use crate::object::{Object, images};
use crate::refusal::Found;
use crate::rule::Images;

/// The registry that a name without one means.
const DEFAULT_REGISTRY: &str = "docker.io";

pub(crate) fn judge(rule: &Images, object: &Object<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for part in images(object) {
        let Some(image) = part.value.as_str() else {
            found.push(Found::at(&part.path, "the image is not a text".to_owned()));
            continue;
        };
        if let Some(what) = wrong(rule, image) {
            found.push(Found::at(&part.path, what));
        }
    }
    found
}

/// Why a rule refuses an image.
fn wrong(rule: &Images, image: &str) -> Option<String> {
    let name = Name::read(image);
    if !rule.registries.is_empty() && !rule.registries.iter().any(|registry| name.is_from(registry)) {
        return Some(format!("the image {image} is not from {}", rule.registries.join(" or ")));
    }
    if rule.digest && name.digest.is_none() {
        return Some(format!("the image {image} has no digest"));
    }
    if rule.pinned && name.digest.is_none() && matches!(name.tag, None | Some("latest")) {
        return Some(format!("the image {image} has no fixed tag and no digest"));
    }
    None
}

/// The name of an image, cut as containerd does (`github.com/distribution/reference`).
struct Name<'i> {
    /// Registry and repository.
    path: String,
    tag: Option<&'i str>,
    digest: Option<&'i str>,
}

impl<'i> Name<'i> {
    fn read(image: &'i str) -> Name<'i> {
        let (rest, digest) = match image.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (image, None),
        };
        let (rest, tag) = match rest.rsplit_once(':') {
            // A port is followed by a path.
            Some((rest, tag)) if !tag.contains('/') => (rest, Some(tag)),
            _ => (rest, None),
        };
        let first = rest.split('/').next().unwrap_or_default();
        let has_registry = rest.contains('/')
            && (first.contains(['.', ':']) || first == "localhost" || first.chars().any(char::is_uppercase));
        let path = match (has_registry, rest.contains('/')) {
            (true, _) => match rest.strip_prefix("index.docker.io/") {
                Some(rest) => format!("{DEFAULT_REGISTRY}/{rest}"),
                None => rest.to_owned(),
            },
            (false, true) => format!("{DEFAULT_REGISTRY}/{rest}"),
            (false, false) => format!("{DEFAULT_REGISTRY}/library/{rest}"),
        };
        Name { path, tag, digest }
    }

    /// Whether it is from a registry, or from a repository in one. Names end at a slash: `example.org` does not stand for
    /// `example.org.evil.net`.
    fn is_from(&self, registry: &str) -> bool {
        let registry = registry.trim_end_matches('/');
        // What climbs out of its repository is from nowhere.
        let climbs = self.path.split('/').any(|part| part.is_empty() || part == "." || part == "..");
        !climbs && self.path.strip_prefix(registry).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_from_where_their_names_say() {
        for (image, registry, from) in [
            ("registry.example.org/shop/web:1", "registry.example.org", true),
            ("registry.example.org/shop/web:1", "registry.example.org/shop", true),
            ("registry.example.org/shop/web:1", "registry.example.org/shop/", true),
            ("registry.example.org/shopper/web:1", "registry.example.org/shop", false),
            ("registry.example.org.evil.net/shop/web:1", "registry.example.org", false),
            ("registry.example.org:5000/web", "registry.example.org", false),
            ("registry.example.org:5000/web", "registry.example.org:5000", true),
            ("registry.example.org/shop/../evil/web", "registry.example.org/shop", false),
            ("nginx", "docker.io", true),
            ("nginx", "docker.io/library", true),
            ("index.docker.io/acme/web", "docker.io/acme", true),
            ("acme/web:2", "docker.io/acme", true),
            ("acme/web:2", "acme", false),
            ("localhost/web", "localhost", true),
            ("registry.example.org@sha256:00", "registry.example.org", false),
        ] {
            assert_eq!(Name::read(image).is_from(registry), from, "{image} {registry}");
        }
    }

    #[test]
    fn tags_and_digests_pin() {
        let pinned = Images { pinned: true, ..Images::default() };
        let digest = Images { digest: true, ..Images::default() };
        for (image, is_pinned, has_digest) in [
            ("web", false, false),
            ("web:latest", false, false),
            ("web:1", true, false),
            ("r.example.org:5000/web", false, false),
            ("web@sha256:00", true, true),
            ("web:latest@sha256:00", true, true),
        ] {
            assert_eq!(wrong(&pinned, image).is_none(), is_pinned, "{image}");
            assert_eq!(wrong(&digest, image).is_none(), has_digest, "{image}");
        }
    }
}
