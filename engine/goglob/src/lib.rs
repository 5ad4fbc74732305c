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
    /// Where gobwas/glob panics, with Go's text; and where it would take ages.
    pub fn matches(&self, path: &[u8]) -> Result<bool, Failure> {
        self.0.matches(path, &mut matcher::Budget::default())
    }
}
