//! Why a file of policies is not taken.

use thiserror::Error;

/// Why a file of policies is not taken. A policy that is only half understood would let through what it forbids, so
/// nothing of such a file counts.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// It is not YAML, or has a field that policies do not have.
    #[error("{file}: {cause}")]
    Yaml {
        /// The file.
        file: String,
        /// What is wrong, with line and column.
        cause: serde_yaml::Error,
    },
    /// A document is of another kind.
    #[error("{file}: {found} is not a Policy of chartwright.dev/v1alpha1")]
    Kind {
        /// The file.
        file: String,
        /// `apiVersion` and `kind` of the document.
        found: String,
    },
    /// The file has no policy.
    #[error("{file} has no policy")]
    Empty {
        /// The file.
        file: String,
    },
    /// A rule does not ask exactly one thing, or what it asks cannot be.
    #[error("{file}: rule {rule}: {what}")]
    Rule {
        /// The file.
        file: String,
        /// The rule's name.
        rule: String,
        /// What is wrong with it.
        what: String,
    },
}
