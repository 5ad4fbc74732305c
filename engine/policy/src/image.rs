//! Where images come from.

use descriptor::image::Image;

use crate::object::{Object, images};
use crate::refusal::Found;
use crate::rule::Images;

/// The registry that a name without one means.
const DEFAULT_REGISTRY: &str = "docker.io";

pub(crate) fn judge(rule: &Images, object: &Object<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for part in images(object) {
        let Some(image) = part.value.as_str() else {
            found.push(Found::at(&part.path, "the image is not a string".to_owned()));
            continue;
        };
        if let Some(what) = wrong(rule, image) {
            found.push(Found::at(&part.path, what));
        }
    }
    found
}

/// Why a rule refuses an image.
fn wrong(rule: &Images, text: &str) -> Option<String> {
    let Some(image) = Image::parse(text) else { return Some(format!("{text} is not the name of an image")) };
    if !rule.registries.is_empty() && !rule.registries.iter().any(|registry| is_from(&image, registry)) {
        return Some(format!("the image {text} is not from {}", rule.registries.join(" or ")));
    }
    if rule.digest && image.digest.is_empty() {
        return Some(format!("the image {text} has no digest"));
    }
    if rule.pinned && image.digest.is_empty() && matches!(image.tag.as_str(), "" | "latest") {
        return Some(format!("the image {text} has no fixed tag and no digest"));
    }
    None
}

/// Whether an image is from a registry, or from a repository in one. Names end at a slash: `example.org` does not stand
/// for `example.org.evil.net`.
fn is_from(image: &Image, registry: &str) -> bool {
    let path = whole_name(image);
    // What climbs out of its repository is from nowhere.
    let climbs = path.split('/').any(|part| part.is_empty() || part == "." || part == "..");
    let rest = path.strip_prefix(registry.trim_end_matches('/'));
    !climbs && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Registry, repository and name, as the container runtime completes them (`github.com/distribution/reference`).
fn whole_name(image: &Image) -> String {
    let registry = match image.registry.as_str() {
        "" | "index.docker.io" => DEFAULT_REGISTRY,
        registry => registry,
    };
    let repository = match image.repository.as_str() {
        "" if registry == DEFAULT_REGISTRY => "library",
        repository => repository,
    };
    let parts = [registry, repository, &image.name];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
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
            ("Intranet/web", "docker.io", false),
        ] {
            let image = Image::parse(image).unwrap();
            assert_eq!(is_from(&image, registry), from, "{image:?} {registry}");
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
            ("not an image", false, false),
            ("web@sha256:00", true, true),
            ("web:latest@sha256:00", true, true),
        ] {
            assert_eq!(wrong(&pinned, image).is_none(), is_pinned, "{image}");
            assert_eq!(wrong(&digest, image).is_none(), has_digest, "{image}");
        }
    }
}
