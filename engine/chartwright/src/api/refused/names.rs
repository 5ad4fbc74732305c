//! Which names, labels and hosts Kubernetes accepts (`k8s.io/apimachinery/pkg/util/validation`).

/// What is wrong with the name of an object, a namespace or a container that must be a label of RFC 1123.
pub(super) fn label(text: &str) -> Option<&'static str> {
    (!is_label(text)).then_some(
        "lower-case letters, digits and hyphens only, up to 63, starting and ending with a letter or a digit",
    )
}

/// What is wrong with a name that must be a subdomain of RFC 1123.
pub(super) fn subdomain(text: &str) -> Option<&'static str> {
    (!is_subdomain(text)).then_some(
        "lower-case letters, digits, hyphens and dots only, up to 253, each part starting and ending with a letter or a digit",
    )
}

/// What is wrong with a name that stands in the path of a request.
pub(super) fn path_segment(text: &str) -> Option<&'static str> {
    (matches!(text, "." | "..") || text.contains(['/', '%'])).then_some("no `/` and no `%`, and neither `.` nor `..`")
}

/// What is wrong with the host of an Ingress or a route.
pub(super) fn host(text: &str) -> Option<&'static str> {
    if text.parse::<std::net::IpAddr>().is_ok() {
        return Some("a host name, not an IP address");
    }
    if text.contains('*') {
        let is_wildcard = text.len() <= 253 && text.strip_prefix("*.").is_some_and(is_subdomain);
        return (!is_wildcard).then_some("`*` stands only for the first part: `*.example.org`");
    }
    subdomain(text)
}

/// What is wrong with the key of a label.
pub(super) fn label_key(text: &str) -> Option<&'static str> {
    let (prefix, name) = text.rsplit_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    let right = prefix.is_none_or(is_subdomain) && !name.is_empty() && is_label_text(name);
    (!right).then_some(
        "letters, digits, `-`, `_` and `.` only, up to 63, starting and ending with a letter or a digit, after a domain and `/` if there is one",
    )
}

/// What is wrong with the value of a label.
pub(super) fn label_value(text: &str) -> Option<&'static str> {
    (!is_label_text(text))
        .then_some("letters, digits, `-`, `_` and `.` only, up to 63, starting and ending with a letter or a digit")
}

/// What is wrong with the name of a port (`IANA_SVC_NAME` of RFC 6335).
pub(super) fn port_name(text: &str) -> Option<&'static str> {
    let right = text.len() <= 15
        && is_label(text)
        && !text.contains("--")
        && text.bytes().any(|byte| byte.is_ascii_lowercase());
    (!right).then_some("lower-case letters, digits and single hyphens only, up to 15, with at least one letter")
}

/// What is wrong with the name of an environment variable. Clusters before 1.30 take fewer characters.
pub(super) fn variable(text: &str) -> Option<&'static str> {
    let right = text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'=');
    (!right).then_some("printable ASCII characters only, and no `=`")
}

/// What is wrong with a key of a ConfigMap or a Secret.
pub(super) fn config_key(text: &str) -> Option<&'static str> {
    let right = !text.is_empty()
        && text.len() <= 253
        && text != "."
        && !text.starts_with("..")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    (!right).then_some("letters, digits, `-`, `_` and `.` only, up to 253, and neither `.` nor `..` at its beginning")
}

fn is_label(text: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let bytes = text.as_bytes();
    bytes.len() <= 63
        && is_end(bytes.first())
        && is_end(bytes.last())
        && bytes.iter().all(|byte| is_end(Some(byte)) || *byte == b'-')
}

/// Of the parts of a subdomain, none has a limit of its own.
fn is_subdomain(text: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let is_part = |part: &str| {
        let bytes = part.as_bytes();
        is_end(bytes.first()) && is_end(bytes.last()) && bytes.iter().all(|byte| is_end(Some(byte)) || *byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(is_part)
}

/// Nothing, or what stands in labels.
fn is_label_text(text: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    bytes.len() <= 63
        && is_end(bytes.first())
        && is_end(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rule = fn(&str) -> Option<&'static str>;

    #[test]
    fn names_are_those_of_kubernetes() {
        let (long, longest) = ("a".repeat(64), "a".repeat(63));
        let cases: [(Rule, &[&str], &[&str]); 9] = [
            (label, &["a", "web-1", &longest], &["", "-a", "a.b", "A", "a_b", &long]),
            (subdomain, &["a.b", "web-1", &long], &["", "a..b", ".a", "a.", "my_shop.example!", "A.org"]),
            (path_segment, &["system:node", "A b"], &["a/b", "50%", ".."]),
            (
                host,
                &["shop.example.org", "*.example.org"],
                &["*", "a.*.org", "*example.org", "192.0.2.1", "::1", "a:80"],
            ),
            (
                label_key,
                &["app", "app.kubernetes.io/name", "A_b.c"],
                &["", "a/", "/a", "A/b/c", "-a", "Up.io/a", &long],
            ),
            (label_value, &["", "1.0.0", "A_b"], &["a b", "1.0.0+k3s", "-a", "a.", "ä", &long]),
            (variable, &["A", "a.b-c", "1 x"], &["A=B", "\u{e4}", "a\n"]),
            (config_key, &["a", "tls.crt", "A_b", ".x"], &["", ".", "..", "..a", "a b", "a/b"]),
            (port_name, &["http", "h2", "a-b"], &["", "80", "a--b", "http-metrics-port", "HTTP", "a_b"]),
        ];
        for (rule, right, wrong) in cases {
            right.iter().for_each(|text| assert_eq!(rule(text), None, "{text}"));
            wrong.iter().for_each(|text| assert!(rule(text).is_some(), "{text}"));
        }
    }
}
