//! `.helmignore` (`pkg/ignore`).

use std::borrow::Cow;

use goglob::{BadPattern, path_match};
use govalue::Index;

use super::{ChartError, File};

/// The name of the file with the rules.
pub(super) const FILE: &str = ".helmignore";
/// The longest line that Go's scanner reads.
const MAX_LINE: usize = 64 * 1024;

/// Which files of a folder are no part of the chart.
///
/// ```
/// use helm::chart::Ignore;
/// let ignore = Ignore::parse(b"# secrets\n*.key\n/docs/\n")?;
/// assert!(ignore.ignores(b"tls/server.key", false));
/// assert!(ignore.ignores(b"docs", true));
/// assert!(!ignore.ignores(b"templates/docs.yaml", false));
/// # Ok::<(), helm::chart::ChartError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Ignore {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: Vec<u8>,
    /// Whether it is about the whole path, not only the last name.
    whole_path: bool,
    /// Whether it starts with `!`: all that does not match is ignored.
    negated: bool,
    /// Whether it is about folders.
    folder: bool,
}

impl Default for Ignore {
    /// What Helm ignores without any rules: names in `templates/` that start with a dot.
    fn default() -> Ignore {
        Ignore { rules: vec![Rule::new(b"templates/.?*")] }
    }
}

impl Ignore {
    /// Reads the rules of a `.helmignore` file; Helm's own follow them.
    ///
    /// # Errors
    /// If a pattern is malformed or has `**`, with Helm's text.
    pub fn parse(text: &[u8]) -> Result<Ignore, ChartError> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut rules = Vec::new();
        for line in text.split(|&b| b == b'\n') {
            if line.len() >= MAX_LINE {
                return Err(ChartError::new("bufio.Scanner: token too long"));
            }
            let line = match String::from_utf8_lossy(line) {
                Cow::Borrowed(text) => text.trim().as_bytes(),
                Cow::Owned(_) => line.trim_ascii(),
            };
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            if line.windows(2).any(|pair| pair == b"**") {
                return Err(ChartError::new("double-star (**) syntax is not supported"));
            }
            path_match(line, b"abc").map_err(|BadPattern| ChartError::new("syntax error in pattern"))?;
            rules.push(Rule::new(line));
        }
        rules.extend(Ignore::default().rules);
        Ok(Ignore { rules })
    }

    /// Whether the rules leave out this path. What is in a folder that they
    /// leave out is left out, too, whatever they say of it.
    pub fn ignores(&self, path: &[u8], is_folder: bool) -> bool {
        if matches!(path, b"" | b"." | b"./") {
            return false;
        }
        for rule in &self.rules {
            let applies = is_folder || !rule.folder;
            let found = applies && rule.matches(path);
            if found != rule.negated {
                return true;
            }
        }
        false
    }

    /// The files that are part of the chart.
    pub(super) fn keep(&self, files: Vec<File>) -> Vec<File> {
        let mut folders: Index<bool> = Index::default();
        let mut kept = |path: &[u8]| {
            for (at, _) in path.iter().enumerate().filter(|(_, b)| **b == b'/') {
                let folder = &path[..at];
                let ignored = match folders.get(folder) {
                    Some(ignored) => *ignored,
                    None => {
                        let ignored = self.ignores(folder, true);
                        folders.insert(folder, ignored);
                        ignored
                    }
                };
                if ignored {
                    return false;
                }
            }
            !self.ignores(path, false)
        };
        files.into_iter().filter(|file| kept(&file.name)).collect()
    }
}

impl Rule {
    fn new(line: &[u8]) -> Rule {
        let (negated, rest) = line.strip_prefix(b"!").map_or((false, line), |rest| (true, rest));
        let (folder, rest) = rest.strip_suffix(b"/").map_or((false, rest), |rest| (true, rest));
        let (rooted, pattern) = rest.strip_prefix(b"/").map_or((false, rest), |rest| (true, rest));
        Rule { pattern: pattern.to_vec(), whole_path: rooted || pattern.contains(&b'/'), negated, folder }
    }

    fn matches(&self, path: &[u8]) -> bool {
        let path = match path.iter().rposition(|&b| b == b'/') {
            Some(slash) if !self.whole_path => &path[slash + 1..],
            _ => path,
        };
        path_match(&self.pattern, path).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_leave_out_paths() {
        for (rules, path, is_folder, want) in [
            ("*.txt", "a/b.txt", false, true),
            ("/*.txt", "a/b.txt", false, false),
            ("a/*.txt", "a/b.txt", false, true),
            ("a/", "a", false, false),
            ("a/", "x/a", true, true),
            ("/a/", "x/a", true, false),
            ("!*.yaml", "a.txt", false, true),
            ("!*.yaml", "a.yaml", false, false),
            ("", "templates/.hidden", false, true),
            ("", "templates/.", false, false),
            (" # no rule", "a", false, false),
            ("[ab]?\\*", "bc*", false, true),
            ("\u{feff}x", "x", false, true),
        ] {
            let ignore = Ignore::parse(rules.as_bytes()).unwrap();
            assert_eq!(ignore.ignores(path.as_bytes(), is_folder), want, "{rules} on {path}");
        }
    }

    #[test]
    fn malformed_rules_fail() {
        for (rules, want) in [
            ("a/**/b", "double-star (**) syntax is not supported"),
            ("[a", "syntax error in pattern"),
            ("a\\", "syntax error in pattern"),
        ] {
            assert_eq!(Ignore::parse(rules.as_bytes()).map_err(|e| e.to_string()).err().as_deref(), Some(want));
        }
    }
}
