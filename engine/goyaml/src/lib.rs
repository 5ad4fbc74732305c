//! YAML, JSON and TOML as Go's libraries read and write them.
//!
//! ```
//! use goyaml::yaml::{from_yaml, to_yaml};
//!
//! // As `sigs.k8s.io/yaml` does: words of YAML 1.1, keys in order.
//! let value = from_yaml(b"{port: 0x50, debug: off, app: web}")?;
//! assert_eq!(to_yaml(&value)?, b"app: web\ndebug: false\nport: 80\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod json;
pub mod toml;
pub mod yaml;
