//! What an engine says of itself.

use contract::{DescribeOutput, Export, Limits};

use super::Engine;

/// The version of Helm whose output the engine gives.
pub const HELM_VERSION: &str = "v4.2.4";

const EXPORTS: [(&str, &str); 5] = [
    ("plan", "says which charts a descriptor or HelmReleases need"),
    ("expand", "expands a descriptor into a Helm chart"),
    ("check", "finds everything that is wrong with descriptors"),
    ("render", "renders a chart, or all levels of a descriptor or of HelmReleases"),
    ("describe", "says what the engine is and can"),
];

impl Engine {
    /// The engine's version, calls, limits and schema.
    pub fn describe(&self) -> DescribeOutput {
        let limits = helm::engine::Limits::default();
        DescribeOutput {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            helm: HELM_VERSION.to_owned(),
            exports: EXPORTS
                .iter()
                .map(|(name, about)| Export { name: (*name).into(), about: (*about).into() })
                .collect(),
            limits: Limits {
                steps: Some(limits.steps),
                depth: Some(limits.depth),
                output: Some(limits.output),
                memory: Some(limits.memory),
            },
            schema: serde_json::Value::Null,
        }
    }
}
