//! What looks like a secret: by its name, or as an address with a password in it.

use redact::{Named, named};

pub use redact::has_password;

/// Whether a value is to be kept secret: by its name, or as an address with a password in it.
///
/// A name in capitals is an environment variable's, another one a chart's value's. Switches (`true`, `no`, `1`) are no
/// secrets, whatever they are called.
///
/// ```
/// use descriptor::secret::is_secret;
/// assert!(is_secret("DB_PASSWORD", "x7") && is_secret("DATABASE_URL", "postgres://app:x7@db/app"));
/// assert!(!is_secret("DB_PASSWORD_FILE", "/run/secrets/db") && !is_secret("ALLOW_EMPTY_PASSWORD", "yes"));
/// ```
pub fn is_secret(name: &str, value: &str) -> bool {
    let switch =
        matches!(value.to_ascii_lowercase().as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "0" | "1");
    !switch && (has_password(value) || named(name) == Named::Secret)
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn names_and_addresses() {
        assert!(is_secret("spring.datasource.password", "x7") && is_secret("LOGGED_IN_KEY", "x7"));
        assert!(!is_secret("secretKey", "x7") && !is_secret("registryCredentials", "x7"));
        assert!(!is_secret("ALLOW_EMPTY_PASSWORD", "yes"));
        assert!(is_secret("DATABASE_URL", "postgres://app:x7@db:5432/app"));
        assert!(!is_secret("DATABASE_URL", "postgres://app@db:5432/app"));
        assert!(!is_secret("ADDRESS", "http://a/b:c@d"));
    }
}
