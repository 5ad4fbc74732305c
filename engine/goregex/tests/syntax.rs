//! Patterns and what Go says of those it does not take.

use goregex::Regex;

#[test]
fn errors_are_go_s() {
    for (pattern, error) in [
        ("(", "missing closing ): `(`"),
        ("a(b(c)", "missing closing ): `a(b(c)`"),
        (")", "unexpected ): `)`"),
        ("a)b", "unexpected ): `a)b`"),
        ("[a", "missing closing ]: `[a`"),
        ("[]", "missing closing ]: `[]`"),
        ("[z-a]", "invalid character class range: `z-a`"),
        ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
        ("[[:d:]]", "invalid character class range: `[:d:]`"),
        (r"\p{Foo}", r"invalid character class range: `\p{Foo}`"),
        (r"\p", r"invalid character class range: `\p`"),
        (r"\pX", r"invalid character class range: `\pX`"),
        ("*", "missing argument to repetition operator: `*`"),
        ("(|*)", "missing argument to repetition operator: `*`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a+??", "invalid nested repetition operator: `+??`"),
        ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("a{3,2}", "invalid repeat count: `{3,2}`"),
        ("((a{100}){10}){5}", "invalid repeat count: `{5}`"),
        (r"\8", r"invalid escape sequence: `\8`"),
        (r"\x{110000}", r"invalid escape sequence: `\x{110000`"),
        (r"\xz1", r"invalid escape sequence: `\xz1`"),
        (r"\C", r"invalid escape sequence: `\C`"),
        ("a\\", "trailing backslash at end of expression: ``"),
        ("(?z)", "invalid or unsupported Perl syntax: `(?z`"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?i-)", "invalid or unsupported Perl syntax: `(?i-)`"),
        ("(?P<n", "invalid named capture: `(?P<n`"),
        ("(?P<n-1>a)", "invalid named capture: `(?P<n-1>`"),
        ("(?<>a)", "invalid named capture: `(?<>`"),
    ] {
        let text = Regex::new(pattern.as_bytes()).map(|_| ()).map_err(|e| e.to_string());
        assert_eq!(text, Err(format!("error parsing regexp: {error}")), "{pattern}");
    }
    let invalid = Regex::new(b"a\xffb").map(|_| ()).map_err(|e| e.to_bytes());
    assert_eq!(invalid, Err(b"error parsing regexp: invalid UTF-8: `\xffb`".to_vec()));
}

#[test]
fn too_much_is_refused() {
    let deep = |n: usize| "(".repeat(n) + "a" + &")".repeat(n);
    assert!(Regex::new(deep(999).as_bytes()).is_ok());
    let error = Regex::new(deep(1000).as_bytes()).map(|_| ()).map_err(|e| e.code());
    assert_eq!(error, Err(goregex::ErrorCode::NestingDepth));
    let error = Regex::new("(xx?){1000}".repeat(2000).as_bytes()).map(|_| ()).map_err(|e| e.code());
    assert_eq!(error, Err(goregex::ErrorCode::Large));
}

#[test]
fn classes() {
    for (pattern, yes, no) in [
        (r"^\d$", "5", "٥"),
        (r"^\s$", "\t", "\u{b}"),
        (r"^[[:space:]]$", "\u{b}", "\u{a0}"),
        (r"^\w$", "_", "é"),
        (r"^\pL$", "é", "1"),
        (r"^\p{Greek}$", "Σ", "S"),
        (r"^\p{^greek}$", "S", "Σ"),
        (r"^\P{Lu}$", "a", "A"),
        (r"^\p{Uppercase_Letter}$", "É", "é"),
        (r"^(?i)k$", "\u{212a}", "c"),
        (r"^(?i)[k-m]$", "\u{212a}", "n"),
        (r"^(?i)\P{Lu}$", "1", "\u{10ffff}1"),
        (r"^[^\x00-\x{10FFFF}]?$", "", "a"),
        (r"^[]a]$", "]", "b"),
        (r"^[a\-z]$", "-", "m"),
        (r"^.$", "é", "\n"),
        (r"(?s)^.$", "\n", ""),
        (r"^[[:^alpha:]x]$", "1", "a"),
        (r"^\Qa.b\E$", "a.b", "axb"),
        (r"^\101\x42\x{43}$", "ABC", "abc"),
    ] {
        let re = Regex::new(pattern.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
        assert!(re.is_match(yes.as_bytes()), "{pattern} {yes}");
        assert!(!re.is_match(no.as_bytes()), "{pattern} {no}");
    }
}
