//! What looks like a secret: by its name, or as an address with a password in it.
//!
//! The names are those of environment variables and of charts' values, from public compose files and charts.

/// Words in names whose values are secret.
const SECRET_WORDS: &[&str] = &[
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "PASS",
    "PWD",
    "SECRET",
    "SECRETS",
    "TOKEN",
    "CREDENTIAL",
    "CREDENTIALS",
    "SALT",
    "APIKEY",
    "PASSWORDS",
];

/// Words before `KEY` that make it a secret one.
const SECRET_KEYS: &[&str] = &[
    "API",
    "ACCESS",
    "SECRET",
    "PRIVATE",
    "ENCRYPTION",
    "APP",
    "SIGNING",
    "MASTER",
    "LICENSE",
    "AUTH",
    "LOGGED_IN",
    "NONCE",
    "JWT",
    "SESSION",
];

/// Last words of names that say something about a secret, and are none.
const ABOUT_SECRETS: &[&str] = &[
    "FILE",
    "PATH",
    "DIR",
    "TTL",
    "EXPIRY",
    "EXPIRES",
    "EXPIRATION",
    "LENGTH",
    "NAME",
    "HOST",
    "PORT",
    "USER",
    "ENABLED",
    "TYPE",
    "ENDPOINT",
    "ISSUER",
    "ALGORITHM",
    "SECONDS",
    "MINUTES",
    "HOURS",
    "LIFETIME",
    "HEADER",
    "POLICY",
    "URL",
    "URI",
    "METHOD",
    "REQUIRED",
    "AUDIENCE",
    "REGEX",
    "MIN",
    "MAX",
];

/// Words before `Secret` in a chart's values that make it the name of a Secret.
const NAMES_OF_SECRETS: &[&str] = &["EXISTING", "PULL", "TLS", "IMAGE", "REGISTRY", "USE"];

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
    !switch && (has_password(value) || is_secret_name(name))
}

/// Whether a name is that of a password or a token, and not that of where one is found.
fn is_secret_name(name: &str) -> bool {
    let spaced = spaced(name);
    let words: Vec<&str> = spaced.split('_').filter(|w| !w.is_empty()).collect();
    let Some((last, before)) = words.split_last() else { return false };
    if ABOUT_SECRETS.contains(last) || words == ["PWD"] {
        return false;
    }
    let secret_key = |at: usize| words[at] == "KEY" && at > 0 && SECRET_KEYS.contains(&words[at - 1]);
    if !name.chars().any(|c| c.is_ascii_lowercase()) {
        // A variable of the environment.
        return words.iter().any(|w| is_secret_word(w))
            || (0..words.len()).any(secret_key)
            || *last == "KEY" && before.ends_with(&["LOGGED", "IN"]);
    }
    match (before.last().copied().unwrap_or_default(), *last) {
        (word, "SECRET") if NAMES_OF_SECRETS.contains(&word) => false,
        // The name of a key in a Secret, mostly.
        ("SECRET" | "ACCESS", "KEY") => false,
        (_, "SECRETS" | "CREDENTIAL" | "CREDENTIALS") => false,
        _ => is_secret_word(last) || secret_key(words.len() - 1),
    }
}

fn is_secret_word(word: &str) -> bool {
    SECRET_WORDS.contains(&word)
        || ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "APIKEY"].iter().any(|end| word.ends_with(end))
}

/// `mysqlRootPassword` and `mysql-root-password` as `MYSQL_ROOT_PASSWORD`.
fn spaced(name: &str) -> String {
    let mut out = String::new();
    let mut lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && lower {
            out.push('_');
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        out.push(if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    }
    out
}

/// Whether a text is an address with a password in it: `scheme://user:password@host`.
pub fn has_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map(|(user, _)| user);
    user.and_then(|u| u.split_once(':')).is_some_and(|(_, password)| !password.is_empty())
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "DB_PASSWORD",
            "MYSQL_ROOT_PASSWORD",
            "API_TOKEN",
            "SECRET_KEY",
            "API_KEY",
            "APIKEY",
            "AWS_SECRET_ACCESS_KEY",
            "JWT_SECRET",
            "SMTP_PASS",
            "dbPassword",
            "spring.datasource.password",
            "APP_KEY",
            "LOGGED_IN_KEY",
            "NONCE_SALT",
            "WEBPASSWORD",
            "KC_BOOTSTRAP_ADMIN_PASSWORD",
            "apiKey",
            "clientSecret",
            "jwt_secret",
        ] {
            assert!(is_secret(name, "x7"), "{name}");
        }
        for name in [
            "DB_USER",
            "POSTGRES_PASSWORD_FILE",
            "TOKEN_TTL",
            "PASSWORD_MIN_LENGTH",
            "KEY",
            "CACHE_KEY_PREFIX",
            "PWD",
            "TOKEN_URL",
            "PASSENGER_PORT",
            "COMPASS",
            "TOKENIZER",
            "SECRET_NAME",
            "MONKEY",
            // Of a chart's values.
            "secretKey",
            "existingSecret",
            "imagePullSecret",
            "passwordSecretName",
            "existingSecrets",
            "key",
            "tokenReview",
            "registryCredentials",
        ] {
            assert!(!is_secret(name, "x7"), "{name}");
        }
        assert!(!is_secret("ALLOW_EMPTY_PASSWORD", "yes"));
        assert!(is_secret("DATABASE_URL", "postgres://app:x7@db:5432/app"));
        assert!(!is_secret("DATABASE_URL", "postgres://app@db:5432/app"));
        assert!(!is_secret("ADDRESS", "http://a/b:c@d"));
    }
}
