//! What Kubernetes and registries take for names, said while a person types.

/// What is wrong with a field of the platform; nothing is wrong with an empty one.
pub(super) fn problem(field: &str, text: &str) -> Option<&'static str> {
    let text = text.trim();
    let (is_right, problem): (fn(&str) -> bool, _) = match field {
        "namespace" => (
            |text| is_label(text),
            "A namespace has lower-case letters, digits and hyphens only, up to 63, and starts and ends with a letter or digit",
        ),
        "release" => (
            |text| text.len() <= 53 && is_domain(text),
            "A release's name has lower-case letters, digits, hyphens and dots only, up to 53, and starts and ends with a letter or digit",
        ),
        "domain" => {
            (is_domain, "A domain is names with dots between them: lower-case letters, digits and hyphens only")
        }
        "registry" => (is_host, "A registry is a host, with or without a port: no https://, and no path"),
        "repository" => (
            is_repository,
            "A path in a registry has lower-case letters, digits, dots, hyphens and underscores only, between slashes",
        ),
        "kubeVersion" => (is_version, "A version is numbers with dots between them, such as 1.33"),
        _ => return None,
    };
    (!text.is_empty() && !is_right(text)).then_some(problem)
}

/// A label of RFC 1123, as Kubernetes takes it.
fn is_label(text: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let bytes = text.as_bytes();
    text.len() <= 63
        && is_end(bytes.first())
        && is_end(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
}

/// A subdomain of RFC 1123: labels with dots between them.
fn is_domain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

fn is_host(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        // The colons of an address of version 6 are within brackets.
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .is_some_and(|host| host.parse::<std::net::Ipv6Addr>().is_ok());
    port.is_none_or(|port| port.parse::<u16>().is_ok()) && (is_address || is_domain(&host.to_ascii_lowercase()))
}

fn is_repository(text: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.trim_matches('/').split('/').all(|part| {
        let bytes = part.as_bytes();
        let is_inner = |byte: &u8| is_end(Some(byte)) || matches!(byte, b'.' | b'_' | b'-');
        is_end(bytes.first()) && is_end(bytes.last()) && bytes.iter().all(is_inner)
    })
}

fn is_version(text: &str) -> bool {
    let numbers = text.strip_prefix('v').unwrap_or(text);
    // What a distribution adds, as in `1.33.1-gke.100` and `1.33.1+k3s1`, may be anything.
    let numbers = numbers.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = numbers.split('.').collect();
    parts.len() <= 3 && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_kubernetes_refuses_are_said() {
        for (field, right, wrong) in [
            ("namespace", &["", "shop", "a-1", " shop "][..], &["Bad_NS 1", "-a", "a.b", "ä"][..]),
            ("release", &["shop", "shop.v1"], &["Shop", "a..b", "a-"]),
            ("domain", &["example.org", "127.0.0.1.nip.io"], &["shop.my company.org", "https://a", ".a", "a."]),
            ("registry", &["ghcr.io", "localhost:5000", "[::1]:5000"], &["https://ghcr.io", "a/b", "a:b", "a b"]),
            ("repository", &["marketplace", "a/b_c"], &["A", "a//b", "a b"]),
            ("kubeVersion", &["1.33", "v1.33.1", "1.33.1+k3s1", "1.33.1-gke.100"], &["new", "1.", "1.2.3.4"]),
            ("username", &["A b"], &[]),
        ] {
            for text in right {
                assert_eq!(problem(field, text), None, "{field}: {text}");
            }
            for text in wrong {
                assert!(problem(field, text).is_some(), "{field}: {text}");
            }
        }
        assert!(problem("namespace", &"a".repeat(64)).is_some() && problem("release", &"a".repeat(54)).is_some());
    }
}
