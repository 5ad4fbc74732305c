//! `environment` and `env_file`: what becomes settings, and what secrets.

use std::collections::BTreeMap;

use super::Folder;
use super::dotenv;
use super::load::beside;
use super::report::{Report, Spot};
use super::tree::{Data, Node, Notes};
use super::values::{Pair, flag, pairs, wrong};

/// A variable with its value.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) spot: Spot,
    pub(super) notes: Notes,
}

/// Reads both; what `environment` says wins.
pub(super) fn environment(
    service: &Node,
    host: &BTreeMap<String, String>,
    folder: &dyn Folder,
    report: &mut Report,
) -> Vec<Variable> {
    let mut variables: Vec<Variable> = Vec::new();
    let mut set = |variable: Variable| match variables.iter_mut().find(|v| v.name == variable.name) {
        Some(earlier) => *earlier = variable,
        None => variables.push(variable),
    };
    if let Some(node) = service.get("env_file") {
        let items = match &node.data {
            Data::List(items) => items.as_slice(),
            Data::Null => &[],
            _ => std::slice::from_ref(node),
        };
        for item in items {
            env_file(item, host, folder, report).into_iter().for_each(&mut set);
        }
    }
    let given = service.get("environment").map(|node| pairs(node, "environment", report)).unwrap_or_default();
    for Pair { name, value, spot, notes } in given {
        match value.or_else(|| host.get(&name).cloned()) {
            Some(value) if is_name(&name) => set(Variable { name, value, spot, notes }),
            Some(_) => {
                let message = format!("{name:?} is no name for a variable: it is left out");
                report.warn(spot, "environment", "variable-name", message, "names have letters, digits, _, - and .");
            }
            None => {
                let message = format!("the variable {name} has no value here: it would be the host's");
                report.warn(spot, "environment", "variable-of-host", message, "give it in an environment file");
            }
        }
    }
    variables
}

/// What both ConfigMaps and environments take.
fn is_name(name: &str) -> bool {
    let fine = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    !name.is_empty()
        && name.chars().all(fine)
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.starts_with("..")
}

fn env_file(item: &Node, host: &BTreeMap<String, String>, folder: &dyn Folder, report: &mut Report) -> Vec<Variable> {
    let path = item.text().or_else(|| item.get("path").and_then(Node::text));
    let Some(path) = path else {
        wrong(item, "env_file", "a path", report);
        return Vec::new();
    };
    let required = item.get("required").is_none_or(|n| flag(Some(n)));
    let raw = item.get("format").and_then(Node::text).is_some_and(|f| f == "raw");
    let full = beside(report.name(item.spot.file), &path);
    let Some(bytes) = folder.read(&full) else {
        if required {
            let message = format!("the environment file {full} is not there: its variables are missing");
            report.warn(
                item.spot,
                "env_file",
                "env-file",
                message,
                "put it where the compose file expects it, and import again",
            );
        }
        return Vec::new();
    };
    let file = report.file(&full);
    let (read, mistakes) = dotenv::parse(&String::from_utf8_lossy(&bytes), host, raw);
    for mistake in mistakes {
        let spot = Spot { file, line: mistake.line, column: 0 };
        report.warn(spot, "env_file", "env-file", mistake.message, "the line is left out");
    }
    let variable = |v: dotenv::Variable| {
        let spot = Spot { file, line: v.line, column: 1 };
        Some(Variable { name: v.name, value: v.value?, spot, notes: Notes::default() })
    };
    read.into_iter().filter_map(variable).filter(|v| is_name(&v.name)).collect()
}

/// Words in names of variables whose values are secret.
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

/// Whether the value of a variable is to be kept secret: by its name, or as an address with a password in it.
pub(super) fn is_secret(name: &str, value: &str) -> bool {
    if matches!(value.to_ascii_lowercase().as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "0" | "1") {
        return false;
    }
    if has_password(value) {
        return true;
    }
    let name = spaced(name);
    let words: Vec<&str> = name.split('_').filter(|w| !w.is_empty()).collect();
    let Some((last, before)) = words.split_last() else { return false };
    if ABOUT_SECRETS.contains(last) {
        return false;
    }
    let secret_key = |at: usize| words[at] == "KEY" && at > 0 && SECRET_KEYS.contains(&words[at - 1]);
    (words.len() > 1 || *last != "PWD") && words.iter().any(|w| is_secret_word(w))
        || (0..words.len()).any(secret_key)
        || *last == "KEY" && before.ends_with(&["LOGGED", "IN"])
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
        lower = c.is_ascii_lowercase();
        out.push(if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    }
    out
}

/// `scheme://user:password@host`
fn has_password(value: &str) -> bool {
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
        ] {
            assert!(!is_secret(name, "x7"), "{name}");
        }
        assert!(!is_secret("ALLOW_EMPTY_PASSWORD", "yes"));
        assert!(is_secret("DATABASE_URL", "postgres://app:x7@db:5432/app"));
        assert!(!is_secret("DATABASE_URL", "postgres://app@db:5432/app"));
        assert!(!is_secret("ADDRESS", "http://a/b:c@d"));
    }
}
