//! The forms that texts must have.

/// Whether a text is a DNS-1123 label: what Kubernetes takes as the name of a namespace or a Service.
pub(super) fn is_label(text: &str) -> bool {
    let inner = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
    text.len() <= 63
        && text.bytes().all(|b| inner(&b))
        && !text.is_empty()
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Whether a text is a DNS-1123 subdomain: what Kubernetes takes as the name of most objects.
pub(super) fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(|part| part.len() <= 253 && is_label(part.get(..63).unwrap_or(part)))
}

/// A label that is like a text.
pub(super) fn as_label(text: &str) -> Option<String> {
    let kept: String = text.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let label = kept.trim_matches('-').to_owned();
    is_label(&label).then_some(label)
}

/// Whether a text is a duration as Flux writes them, such as `1h30m`.
pub(super) fn is_duration(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
        let whole = digits(rest);
        let Some(mut after) = rest.get(whole..).filter(|_| whole > 0) else { return false };
        if let Some(fraction) = after.strip_prefix('.') {
            let n = digits(fraction);
            let Some(behind) = fraction.get(n..).filter(|_| n > 0) else { return false };
            after = behind;
        }
        let Some(next) = ["ms", "s", "m", "h"].iter().find_map(|unit| after.strip_prefix(unit)) else { return false };
        rest = next;
    }
    !text.is_empty()
}

/// Whether a text is a URL of the web.
pub(super) fn is_web_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !host.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Whether a text is what Flux takes as `targetPath`.
pub(super) fn is_target_path(text: &str) -> bool {
    let mut rest = text;
    if text.is_empty() || text.len() > 250 {
        return false;
    }
    while let Some(c) = rest.chars().next() {
        if c == '[' {
            let Some((index, after)) = rest.get(1..).and_then(|r| r.split_once(']')) else { return false };
            if !(1..=5).contains(&index.len()) || !index.bytes().all(|b| b.is_ascii_digit()) {
                return false;
            }
            rest = after;
        } else if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '\\' | '/') {
            rest = rest.split_at(1).1;
        } else {
            return false;
        }
    }
    true
}

/// Whether a text may be the key of a ConfigMap.
pub(super) fn is_data_key(text: &str) -> bool {
    let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    (1..=253).contains(&text.len()) && text.bytes().all(legal)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What must, and what must not, have a form.
    type Case = (fn(&str) -> bool, &'static [&'static str], &'static [&'static str]);

    #[test]
    fn forms() {
        let long = "a".repeat(64);
        assert!(!is_label(&long) && is_label(&long[..63]));
        let cases: &[Case] = &[
            (is_label, &["a", "a-b", "0a"], &["", "-a", "a-", "A", "a_b", "a.b", "ä"]),
            (is_subdomain, &["a", "a.b-c.d"], &["", "a..b", ".a", "a_b"]),
            (is_duration, &["10m", "1h30m", "1.5s", "100ms"], &["", "10", "m", "10 m", "1.m", "-1m", "1d", "1us"]),
            (
                is_web_url,
                &["https://a.b/c?d", "http://localhost:80"],
                &["", "a.b", "https://", "https:///x", "https://a b"],
            ),
            (is_target_path, &["a.b[0]", "a\\.b/c"], &["", "a[", "a[x]", "a[]", "a b", "a[123456]"]),
            (is_data_key, &["values.yaml", "A_b-1"], &["", "a/b", "a b"]),
        ];
        for (form, good, bad) in cases {
            for text in *good {
                assert!(form(text), "{text:?}");
            }
            for text in *bad {
                assert!(!form(text), "{text:?}");
            }
        }
        assert_eq!(as_label("My_Shop.web-"), Some("myshopweb".to_owned()));
        assert_eq!(as_label("__"), None);
    }
}
