//! What names and texts tell of secrets: the one list that checks of descriptors, imports and the page share.
//!
//! The names are those of environment variables and of charts' values, from public compose files and charts.

/// What a name tells of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// Nothing.
    Open,
    /// It may be a secret: `secretKey` is mostly the name of a key in a Secret, but not always. For those who would
    /// rather hide too much.
    Maybe,
    /// It is a secret.
    Secret,
}

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
    "DOCKERCONFIGJSON",
    "DOCKERCFG",
];

/// Ends of words that are secret as well: `WEBPASSWORD`, `pgpass`.
const SECRET_ENDS: &[&str] = &["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "APIKEY", "PGPASS"];

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

/// Words before `KEY` that may make it a secret one.
const MAYBE_KEYS: &[&str] = &["TLS", "SSL", "SSH", "GPG", "PGP", "HMAC", "COOKIE", "CLIENT", "SERVER", "DEPLOY"];

/// Last words of names that say which of several secrets it is, or how it is written.
const QUALIFIERS: &[&str] = &[
    "NEW",
    "OLD",
    "CURRENT",
    "PREVIOUS",
    "NEXT",
    "BACKUP",
    "INITIAL",
    "DEFAULT",
    "VALUE",
    "PLAIN",
    "PLAINTEXT",
    "TEXT",
    "HASH",
    "HASHED",
    "BASE64",
    "B64",
    "ENCODED",
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
    "REF",
];

/// Words before `Secret` in a chart's values that make it the name of a Secret.
const NAMES_OF_SECRETS: &[&str] = &["EXISTING", "PULL", "TLS", "IMAGE", "REGISTRY", "USE"];

/// What a name tells of its value.
///
/// A name in capitals is an environment variable's, another one a chart's value's.
///
/// ```
/// use redact::{Named, named};
/// assert_eq!(named("DB_PASSWORD"), Named::Secret);
/// assert_eq!(named("password2"), Named::Secret);
/// assert_eq!(named("secretKey"), Named::Maybe);
/// assert_eq!(named("DB_PASSWORD_FILE"), Named::Open);
/// ```
pub fn named(name: &str) -> Named {
    let spaced = spaced(name);
    let mut words: Vec<&str> = spaced.split('_').filter(|word| !word.is_empty()).collect();
    while words.len() > 1
        && words.last().is_some_and(|last| QUALIFIERS.contains(last) || last.bytes().all(|b| b.is_ascii_digit()))
    {
        words.pop();
    }
    let Some((last, before)) = words.split_last() else { return Named::Open };
    let last = &without_number(last);
    if ABOUT_SECRETS.contains(last) || name == "PWD" {
        return Named::Open;
    }
    if !name.chars().any(|c| c.is_ascii_lowercase()) {
        let is_secret = words.iter().any(|word| is_secret_word(without_number(word)))
            || (1..words.len()).any(|at| key(words[at - 1], words[at]) == Named::Secret)
            || *last == "KEY" && before.ends_with(&["LOGGED", "IN"]);
        let maybe = words.len() > 1 && key(words[words.len() - 2], last) == Named::Maybe;
        return match (is_secret, maybe) {
            (true, _) => Named::Secret,
            (false, true) => Named::Maybe,
            (false, false) => Named::Open,
        };
    }
    if before.contains(&"EXISTING") {
        return Named::Open;
    }
    match (before.last().copied().unwrap_or_default(), *last) {
        (word, "SECRET") if NAMES_OF_SECRETS.contains(&word) => Named::Open,
        // The name of a key in a Secret, mostly.
        ("SECRET" | "ACCESS", "KEY") | ("", "SECRETKEY" | "ACCESSKEY") => Named::Maybe,
        (_, "SECRETS") => Named::Open,
        (_, "CREDENTIAL" | "CREDENTIALS") | ("BASIC", "AUTH") | ("", "PWD" | "BASICAUTH" | "KUBECONFIG") => {
            Named::Maybe
        }
        ("CONFIG", "JSON") if before.contains(&"DOCKER") => Named::Secret,
        (_, last) if is_secret_word(last) => Named::Secret,
        (before, last) => key(before, last),
    }
}

/// Whether a name is that of several secrets: `passwords`, `apiTokens`. `imagePullSecrets` are names of Secrets, and
/// `secretKeys` names of keys in one.
///
/// ```
/// assert!(redact::is_set("passwords") && redact::is_set("secrets") && !redact::is_set("imagePullSecrets"));
/// ```
pub fn is_set(name: &str) -> bool {
    let Some(one) = name.strip_suffix(['s', 'S']) else { return false };
    let spaced = spaced(name);
    let last = spaced.rsplit('_').next().unwrap_or_default();
    let is_reference = last == "SECRETS" && spaced != last || spaced.ends_with("SECRET_KEYS");
    named(one) > Named::Open && !is_reference
}

/// Whether a key below that of a secret is about it, and not a part of it: `password: {name: …, length: 12}`.
pub fn is_about(name: &str) -> bool {
    let spaced = spaced(name);
    let last = spaced.rsplit('_').next().unwrap_or_default();
    ABOUT_SECRETS.contains(&last) || ["KEY", "SECRET", "USERNAME", "NAMESPACE"].contains(&last)
}

/// What a word before the word `KEY` tells, or both written as one.
fn key(before: &str, last: &str) -> Named {
    let Some(front) = last.strip_suffix("KEY") else { return Named::Open };
    let is_in = |words: &[&str]| match front {
        "" => words.contains(&before),
        front => words.iter().any(|word| front.ends_with(word)),
    };
    if is_in(SECRET_KEYS) {
        Named::Secret
    } else if is_in(MAYBE_KEYS) {
        Named::Maybe
    } else {
        Named::Open
    }
}

fn is_secret_word(word: &str) -> bool {
    SECRET_WORDS.contains(&word) || SECRET_ENDS.iter().any(|end| word.ends_with(end))
}

/// A word without a number behind it: of several passwords, each is one.
fn without_number(word: &str) -> &str {
    let text = word.trim_end_matches(|c: char| c.is_ascii_digit());
    if text.is_empty() { word } else { text }
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

/// Whether an address with a password is in a text: `scheme://user:password@host`.
pub fn has_password(text: &str) -> bool {
    text.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', '#', ' ', '"', '\'']).next().unwrap_or_default();
        let account = authority.rsplit_once('@').map(|(account, _)| account);
        account.and_then(|account| account.split_once(':')).is_some_and(|(_, password)| !password.is_empty())
    })
}

/// Whether an account with a password is being typed: `scheme://user:pass`, where no port can be.
fn may_have_password(text: &str) -> bool {
    text.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', '#', ' ', '"', '\'', ',', '@']).next().unwrap_or_default();
        let port = authority.split_once(':').map(|(_, port)| port).unwrap_or_default();
        !authority.contains(['[', '{', '$', '<', '%']) && port.bytes().any(|b| !b.is_ascii_digit() && b != b':')
    })
}

/// Marks with which services start their tokens.
const MARKS: [&str; 11] =
    ["ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "sk_live_", "rk_live_", "xoxb-", "xoxp-", "AKIA", "eyJ"];

/// How many characters stand behind such a mark at least.
const MARKED: usize = 12;

/// Whether a text has a secret in it that shows by its form, whatever its name: a private key, an address with a
/// password, a token of a service that marks its tokens, a header that logs in, an assignment such as `--password=…`.
///
/// ```
/// use redact::looks_secret;
/// assert!(looks_secret("postgres://app:x7@db/app") && looks_secret("--password=x7") && !looks_secret("--password=$PW"));
/// ```
pub fn looks_secret(text: &str) -> bool {
    text.contains("-----BEGIN ") && text.contains("PRIVATE KEY")
        || has_password(text)
        || may_have_password(text)
        || words(text).any(is_token)
        || assigns(text)
}

/// The parts of a text that a token may be.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "\"'`,;:=()[]{}<>|&".contains(c))
}

fn is_token(word: &str) -> bool {
    let behind = MARKS.iter().find_map(|mark| Some((mark, word.strip_prefix(mark)?)));
    behind.is_some_and(|(mark, rest)| {
        let is_long = rest.len() >= MARKED && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./+".contains(&b));
        // A JSON Web Token has three parts.
        is_long && (*mark != "eyJ" || rest.matches('.').count() == 2)
    })
}

/// Whether a text gives a secret to a name, or logs in: `--password=…`, `Password=…;`, `Bearer …`.
fn assigns(text: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let assigned = text.match_indices('=').any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + 1..]);
        let name = before.rsplit(|c: char| !is_name(c)).next().unwrap_or_default();
        let value = behind.trim_start_matches(['"', '\'']);
        // What a shell or a template puts in is none yet.
        let is_literal =
            value.starts_with(|c: char| !c.is_whitespace() && !"$={<\"'%,;&".contains(c)) && !is_switch(value);
        is_literal && named(name) == Named::Secret
    });
    let logs_in = ["Bearer ", "Basic "].iter().any(|scheme| {
        text.split(scheme).skip(1).any(|rest| {
            let token = rest.split(|c: char| c.is_whitespace() || "\"',}".contains(c)).next().unwrap_or_default();
            let has_digit = token.bytes().any(|b| b.is_ascii_digit());
            token.len() >= MARKED && has_digit && !token.contains(['$', '{'])
        })
    });
    assigned || logs_in
}

/// Whether an assigned text is a switch and no secret: `token=true`.
fn is_switch(text: &str) -> bool {
    let word = text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    ["true", "false", "yes", "no", "on", "off", "0", "1"].contains(&word.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
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
            "password",
            "adminPASSWORD",
            "privateKey",
            "privatekey",
            "authToken",
            "pass",
            "dbPass",
            "DB_PASS",
            "password1",
            "password_new",
            "DB_PASSWORD2",
            "passwordHash",
            "htpasswd",
            ".dockerconfigjson",
            "dockerConfigJson",
            "signingKey",
            "jwtKey",
            "masterKey",
            "sessionKey",
            "encryptionkey",
            "pgpass",
        ] {
            assert_eq!(named(name), Named::Secret, "{name}");
        }
        for name in [
            "secretKey",
            "accessKey",
            "secretkey",
            "registryCredentials",
            "credential",
            "basicAuth",
            "tls.key",
            "sshKey",
            "kubeconfig",
            "pwd",
            "TLS_KEY",
        ] {
            assert_eq!(named(name), Named::Maybe, "{name}");
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
            "existingSecret",
            "imagePullSecret",
            "passwordSecretName",
            "existingSecrets",
            "key",
            "tokenReview",
            "existingSecretPassword",
            "secretName",
            "passwordKey",
            "imagePullSecrets",
            "tokens",
            "secretKeys",
            "userName",
            "compass",
            "bypass",
            "hockey",
            "value",
            "text",
            "1",
        ] {
            assert_eq!(named(name), Named::Open, "{name}");
        }
    }

    #[test]
    fn sets() {
        for (name, want) in [
            ("passwords", true),
            ("tokens", true),
            ("secrets", true),
            ("apiKeys", true),
            ("credentials", true),
            ("imagePullSecrets", false),
            ("secretKeys", false),
            ("existingSecrets", false),
            ("pass", false),
            ("keys", false),
        ] {
            assert_eq!(is_set(name), want, "{name}");
        }
    }

    #[test]
    fn forms() {
        for text in [
            "postgres://u:e5@h/db",
            "-----BEGIN RSA PRIVATE KEY-----",
            "ghp_0123456789abcdefghij",
            "use ghp_0123456789abcdefghij now",
            "--password=W",
            "Server=db;Password=W;",
            "DB_PASSWORD='W'",
            "Authorization: Bearer abc123abc123",
            "eyJhbGciOiJI.eyJzdWIiOiIx.abcdefghijk",
            "postgres://u:e5",
        ] {
            assert!(looks_secret(text), "{text}");
        }
        for text in [
            "https://example.org:8080/a@b",
            "postgres://app@db/app",
            "http://a/b:c@d",
            "http://{{ .host }}:{{ .port }}",
            "http://[fe80::1]:80/x, tcp://h:80",
            "--password=$(PASSWORD)",
            "PASSWORD=\"$1\"",
            "token={{ .x }}",
            "--use-token=true",
            "the password is somewhere",
            "see # token: none here",
            "Basic authentication is on",
            "passwordFile=/run/x",
            "AKIA",
        ] {
            assert!(!looks_secret(text), "{text}");
        }
    }
}
