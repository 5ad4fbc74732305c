//! Versions and constraints: what parses, what satisfies what, and what it says
//! where it does not.

use gosemver::{Constraints, Version};

fn version(text: &str) -> Version {
    Version::parse(text.as_bytes()).unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn loose_versions() {
    for (text, want) in [
        ("1", "1.0.0"),
        ("v1.2", "1.2.0"),
        ("1.02.3-rc.1+b.5", "1.2.3-rc.1+b.5"),
        ("1.2.3.4", "error: invalid semantic version"),
        ("V1", "error: invalid semantic version"),
        ("1.2.3-01", "error: version segment starts with 0"),
        (
            "1.99999999999999999999.0",
            "error: error parsing version segment: strconv.ParseUint: parsing \"99999999999999999999\": value out of range",
        ),
        ("", "error: invalid semantic version"),
    ] {
        let got = Version::parse(text.as_bytes()).map_or_else(|e| format!("error: {e}"), |v| v.to_string());
        assert_eq!(got, want, "{text}");
    }
    let long = "1".repeat(257);
    assert_eq!(
        Version::parse(long.as_bytes()).map_err(|e| e.to_string()).err().as_deref(),
        Some("version string is too long (max 256 bytes)")
    );
}

#[test]
fn strict_versions() {
    for (text, want) in [
        ("1.2.3-rc.1+b.5", "1.2.3-rc.1+b.5"),
        ("1.2", "error: invalid semantic version"),
        ("", "error: version string empty"),
        ("v1.2.3", "error: invalid characters in version"),
        ("1.02.3", "error: version segment starts with 0"),
        ("1.2.3-", "error: invalid prerelease string"),
        ("1.2.3+", "error: invalid metadata string"),
        ("1..3", "error: strconv.ParseUint: parsing \"\": invalid syntax"),
    ] {
        let got = Version::parse_strict(text.as_bytes()).map_or_else(|e| format!("error: {e}"), |v| v.to_string());
        assert_eq!(got, want, "{text}");
    }
}

#[test]
fn precedence() {
    let sorted = [
        "0.9.9",
        "1.0.0-1",
        "1.0.0-2",
        "1.0.0-10",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-beta",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1-0",
    ];
    for pair in sorted.windows(2) {
        let [a, b] = pair else { continue };
        assert!(version(a).compare(&version(b)).is_lt(), "{a} < {b}");
    }
    assert!(version("1.0.0+a").compare(&version("1.0.0+b")).is_eq());
}

#[test]
fn satisfied_or_not() {
    for (constraint, yes, no) in [
        ("1.2", "1.2.9", "1.3.0"),
        ("*", "7.0.0", "7.0.0-rc.1"),
        (">=1.20.0-0", "1.20.0-rc.1", "1.19.9"),
        ("^0.2.3", "0.2.9", "0.3.0"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("~1", "1.9.0", "2.0.0"),
        ("~>1.2.3", "1.2.4", "1.3.0"),
        ("1.2 - 1.4.5", "1.4.5", "1.4.6"),
        ("!=1.2.x", "1.3.0", "1.2.0"),
        (">1.2", "1.3.0", "1.2.9"),
        ("<=1.2", "1.2.9", "1.3.0"),
        (">=1, <2 || =>3", "3.1.0", "2.0.0"),
    ] {
        let parsed = Constraints::parse(constraint.as_bytes()).unwrap_or_else(|e| panic!("{constraint}: {e}"));
        assert!(parsed.check(&version(yes)), "{constraint}: {yes}");
        assert!(!parsed.check(&version(no)), "{constraint}: {no}");
    }
}

#[test]
fn reasons() {
    for (constraint, v, want) in [
        ("^1.2.3", "2.0.0", "\"2.0.0\" does not have same major version as \"1.2.3\""),
        (">=2", "1.2.3", "\"1.2.3\" is less than \"2\""),
        (
            "*",
            "1.2.3-rc.1",
            "\"1.2.3-rc.1\" is a prerelease version and the constraint is only looking for release versions",
        ),
    ] {
        let parsed = Constraints::parse(constraint.as_bytes()).unwrap_or_else(|e| panic!("{constraint}: {e}"));
        assert_eq!(parsed.validate(&version(v)).err().unwrap_or_default(), [want]);
    }
}

#[test]
fn broken_constraints() {
    for (text, want) in [
        ("bad", "improper constraint: \"bad\""),
        ("1.2 || \u{e9}", "improper constraint: \" é\""),
        ("1,,2", "improper constraint: \"1,,2\""),
        ("", "improper constraint: \"\""),
        ("1|2", "constraint parser error"),
    ] {
        let got = Constraints::parse(text.as_bytes()).map(|c| c.to_string()).map_err(|e| e.to_string());
        assert_eq!(got, Err(want.to_owned()), "{text}");
    }
    assert_eq!(
        Constraints::parse("1||".repeat(40).as_bytes()).err().map(|e| e.to_string()).as_deref(),
        Some("too many constraint groups (max 32)")
    );
}
