//! Names of releases.

use std::error::Error;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use govalue::Value;

use crate::engine::{self, Programs, World};

/// The longest name of a release.
const MAX_NAME: usize = 53;

/// A name that no release can have. `Display` is Helm's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError(String);

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for NameError {}

/// Checks the name of a release: lower-case DNS labels with dots between them,
/// at most 53 bytes (`ValidateReleaseName`).
///
/// # Errors
/// With Helm's text.
///
/// ```
/// assert!(helm::release::validate_name("a.b-c").is_ok());
/// assert!(helm::release::validate_name("Demo_1").is_err());
/// ```
pub fn validate_name(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError("no name provided".into()));
    }
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    if name.len() > MAX_NAME || !name.split('.').all(label) {
        return Err(NameError(
            "invalid release name, must match regex \
             ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ \
             and the length must not be longer than 53"
                .into(),
        ));
    }
    Ok(())
}

/// Renders the template of a name (`--name-template`), with sprig's functions.
///
/// # Errors
/// With the text of `text/template`.
pub fn render_name(template: &str, world: Rc<dyn World>) -> Result<String, NameError> {
    if template.is_empty() {
        return Ok(String::new());
    }
    engine::render_text("name-template", template, Value::Nil, &Arc::new(Programs::default()), world)
        .map(|name| String::from_utf8_lossy(&name).into_owned())
        .map_err(NameError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_dns_labels() {
        for good in ["a", "0", "a-b.c", &"a".repeat(53)] {
            assert_eq!(validate_name(good), Ok(()), "{good}");
        }
        for bad in ["-a", "a-", "a..b", ".a", "a_b", "A", "a b", "é", &"a".repeat(54)] {
            assert!(validate_name(bad).unwrap_err().to_string().starts_with("invalid release name"), "{bad}");
        }
        assert_eq!(validate_name("").unwrap_err().to_string(), "no name provided");
    }
}
