//! File patterns: gobwas/glob v0.2.3 with `/` as separator, as Helm's `.Files.Glob` uses it, and Go's `path.Match`
//! for `.helmignore`.
//!
//! gobwas/glob compiles patterns to matchers that search for their most telling part first. Some of these take
//! patterns otherwise than one would think (`[!ab][!ab]` matches `ba`), so what is here is made of the same
//! matchers.
//!
//! ```
//! let glob = goglob::Glob::new(b"config/{a,b}*.yaml")?;
//! assert_eq!(glob.matches(b"config/a1.yaml"), Ok(true));
//! assert_eq!(glob.matches(b"config/x/a1.yaml"), Ok(false));
//! assert_eq!(goglob::path_match(b"*.ya?ml", b"x.yaml"), Ok(false));
//! # Ok::<(), goglob::BadPattern>(())
//! ```

mod compile;
mod matcher;
mod path;
mod syntax;

pub use matcher::Failure;
pub use path::path_match;

use std::fmt;

/// A pattern is not well-formed (`path.ErrBadPattern`; Helm tells nobody what gobwas/glob says).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPattern;

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("syntax error in pattern")
    }
}

impl std::error::Error for BadPattern {}

/// A compiled pattern of gobwas/glob: `*`, `**`, `?`, `[a-z]`, `[!abc]`, `{a,b}` and `\`.
#[derive(Clone, Debug)]
pub struct Glob(matcher::Matcher);

impl Glob {
    /// Compiles a pattern whose `*` and `?` stop at slashes (`glob.Compile(pattern, '/')`). Where that fails, Helm
    /// takes all files.
    ///
    /// # Errors
    /// If it is not well-formed, or has more parts than are of use.
    pub fn new(pattern: &[u8]) -> Result<Glob, BadPattern> {
        compile::compile(&syntax::parse(pattern)?).map(Glob)
    }

    /// Whether a path matches as a whole.
    ///
    /// # Errors
    /// If gobwas/glob panics, with Go's text; and where it would take ages.
    pub fn matches(&self, path: &[u8]) -> Result<bool, Failure> {
        self.0.matches(path, &mut matcher::Budget::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_as_gobwas_does() {
        for (pattern, path, want) in [
            ("*", "a.txt", true),
            ("*", "a/b.txt", false),
            ("**", "a/b.txt", true),
            ("**.yaml", "a/b.yaml", true),
            ("config/*", "config/", true),
            ("config/**", "config/a/b", true),
            ("**/x", "x", false),
            ("?", "é", true),
            ("?", "/", false),
            ("?", "", true),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[!abc]x", "dx", true),
            ("{a,b/c}.txt", "b/c.txt", true),
            ("{*.json,*.yaml}", "x.yaml", true),
            ("{a,{b,c}d}e", "cde", true),
            ("{a,b", "b", true),
            ("a\\*", "a*", true),
            ("a\\*", "ab", false),
            ("a,b}", "a,b}", true),
            ("", "", true),
            // What one would not expect: excluded characters are one text, tree matchers find nothing in braces.
            ("[!ab][!ab]", "ba", true),
            ("[!ab][!ab]", "ab", false),
            ("x{a*b*c,d}y", "xa1b2cy", false),
            ("a*a", "a", false),
        ] {
            let glob = Glob::new(pattern.as_bytes());
            assert_eq!(
                glob.and_then(|g| g.matches(path.as_bytes()).map_err(|_| BadPattern)),
                Ok(want),
                "{pattern} {path}"
            );
        }
    }

    #[test]
    fn malformed_patterns() {
        for pattern in ["[", "[a", "[]", "[!]", "[]a]", "[b-a]", "[a-", "a\u{fffd}"] {
            assert!(Glob::new(pattern.as_bytes()).is_err(), "{pattern}");
        }
        assert!(Glob::new(b"\xff").is_err());
        assert!(Glob::new("{".repeat(200).as_bytes()).is_err());
    }

    #[test]
    fn failures() {
        let glob = Glob::new(b"a{}").map_err(|_| Failure::Steps);
        let failure = glob.and_then(|g| g.matches(b"a"));
        assert_eq!(failure, Err(Failure::Slice { to: 2, len: 1 }));
        let text = failure.map_err(|e| e.to_string());
        assert_eq!(text, Err("runtime error: slice bounds out of range [:2] with length 1".to_owned()));
    }

    #[test]
    fn hostile_patterns_end() {
        let glob = Glob::new("*a".repeat(40).as_bytes()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(glob.matches("a".repeat(300).as_bytes()).map(|_| ()).err(), Some(Failure::Steps));
    }
}
