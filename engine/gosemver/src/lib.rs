//! Semantic versions and constraints exactly as the `Masterminds/semver` library
//! (v3.5) that Helm and sprig use reads, compares and prints them.
//!
//! ```
//! use gosemver::{Constraints, Version};
//! let v = Version::parse(b"v1.22")?;
//! assert_eq!(v.to_string(), "1.22.0");
//! assert!(Constraints::parse(b">=1.20.0-0 <2 || ^3")?.check(&v));
//! # Ok::<(), gosemver::Error>(())
//! ```

mod constraint;
mod error;
mod grammar;
mod version;

pub use constraint::Constraints;
pub use error::Error;
pub use version::Version;
