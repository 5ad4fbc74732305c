//! What an engine says of itself.

use contract::{Call, DescribeOutput, Export, Limits};

use super::Engine;

/// The version of Helm whose output the engine gives.
pub const HELM_VERSION: &str = "v4.2.4";

/// What a call does, as `describe` says it.
fn about(call: Call) -> &'static str {
    match call {
        Call::Plan => "lists the charts that a descriptor or HelmReleases need",
        Call::Expand => "expands a descriptor into a Helm chart",
        Call::Check => "finds everything that is wrong with descriptors",
        Call::Render => "renders a chart, or all levels of a descriptor or of HelmReleases",
        Call::Describe => "describes the engine: version, calls, limits, schema",
        _ => "",
    }
}

impl Engine {
    /// The engine's version, calls, limits and schema.
    pub fn describe(&self) -> DescribeOutput {
        describe()
    }
}

/// The same for those who have no engine yet.
pub(super) fn describe() -> DescribeOutput {
    let limits = helm::engine::Limits::default();
    DescribeOutput {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        helm: HELM_VERSION.to_owned(),
        exports: Call::ALL.iter().map(|&name| Export { name, about: about(name).to_owned() }).collect(),
        limits: Limits {
            steps: Some(limits.steps),
            depth: Some(limits.depth),
            output: Some(limits.output),
            memory: Some(limits.memory),
        },
        schema: serde_json::from_slice(contract::SCHEMA.as_bytes()).expect("a test reads the generated file"),
    }
}
