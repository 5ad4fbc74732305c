//! The kinds that are reconciled, as objects of the API.
//!
//! The definitions in the cluster are generated from the crate `descriptor`
//! (`cargo xtask schema`), and the types of `spec` and `status` are the ones
//! there: nothing is described twice.

use descriptor::types::{API_VERSION, DescriptorSourceSpec, GROUP, KIND, SOURCE_KIND, Spec, Status};
use kube::core::ApiResource;
use kube::core::Object;

/// A descriptor in the cluster.
pub type DescriptorObject = Object<Spec, Status>;

/// A source of descriptors in the cluster.
pub type DescriptorSourceObject = Object<DescriptorSourceSpec, Status>;

/// How the API names descriptors.
pub fn descriptors() -> ApiResource {
    resource(KIND)
}

/// How the API names sources of descriptors.
pub fn descriptor_sources() -> ApiResource {
    resource(SOURCE_KIND)
}

fn resource(kind: &str) -> ApiResource {
    let version = API_VERSION.rsplit('/').next().unwrap_or_default();
    ApiResource {
        group: GROUP.to_owned(),
        version: version.to_owned(),
        api_version: API_VERSION.to_owned(),
        kind: kind.to_owned(),
        plural: format!("{}s", kind.to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_generated_definitions() {
        for (resource, text) in [
            (descriptors(), include_str!("../../../engine/descriptor/schema/helmchartdescriptor.crd.yaml")),
            (descriptor_sources(), include_str!("../../../engine/descriptor/schema/descriptorsource.crd.yaml")),
        ] {
            assert!(text.contains(&format!("  name: {}.{}\n", resource.plural, resource.group)), "{}", resource.plural);
            assert!(text.contains(&format!("    kind: {}\n", resource.kind)), "{}", resource.kind);
            assert!(text.contains(&format!("    name: {}\n", resource.version)), "{}", resource.version);
        }
    }

    #[test]
    fn an_object_without_status_is_read() {
        let object: DescriptorObject = serde_json::from_value(serde_json::json!({
            "apiVersion": API_VERSION,
            "kind": KIND,
            "metadata": {"name": "shop", "namespace": "shop", "generation": 3},
            "spec": {"module": {"version": "1.4.0"}, "components": [{"name": "front"}]},
        }))
        .expect("a descriptor as the API gives it");
        assert_eq!(object.spec.module.version, "1.4.0");
        assert_eq!(object.metadata.generation, Some(3));
        assert_eq!(object.status, None);
    }
}
