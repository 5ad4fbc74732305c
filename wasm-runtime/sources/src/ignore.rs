//! What Flux leaves out of a source (`.sourceignore`), by the rules of go-git's patterns.

use goglob::path_match;

/// The name of the files with patterns.
pub(crate) const FILE: &str = ".sourceignore";
/// The longest line that Go's scanner reads; it stops there.
const MOST_OF_LINE: usize = 64 * 1024;

/// What no source has, unless a pattern takes it in again: files of version control, pictures and archives, those of CI.
const ALWAYS: &str = "\
.git/
.gitignore
.gitmodules
.gitattributes
*.jpg
*.jpeg
*.gif
*.png
*.wmv
*.flv
*.tar.gz
*.zip
.github/
.circleci/
.travis.yml
.gitlab-ci.yml
appveyor.yml
.drone.yml
cloudbuild.yaml
codeship-services.yml
codeship-steps.yml
**/.goreleaser.yml
**/.sops.yaml
**/.flux.yaml
";

/// Patterns; of those that match, the last one decides.
#[derive(Debug)]
pub(crate) struct Ignored {
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    /// The folder whose file has the pattern, with a slash at its end; empty for the whole source.
    folder: String,
    parts: Vec<Vec<u8>>,
    /// Whether it starts with `!`: what matches is taken in again.
    included: bool,
    /// Whether it ends with a slash.
    folders: bool,
}

impl Default for Ignored {
    fn default() -> Ignored {
        let mut ignored = Ignored { patterns: Vec::new() };
        ignored.add("", ALWAYS.as_bytes());
        ignored
    }
}

impl Ignored {
    /// Adds the patterns of a text that are for a folder (`""`, or with a slash at its end).
    pub(crate) fn add(&mut self, folder: &str, text: &[u8]) {
        for line in text.split(|&b| b == b'\n') {
            if line.len() >= MOST_OF_LINE {
                return;
            }
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.starts_with(b"#") && !line.trim_ascii().is_empty() {
                self.patterns.push(Pattern::new(folder, line));
            }
        }
    }

    /// Whether a file is left out.
    pub(crate) fn ignores(&self, path: &str) -> bool {
        let decides = self.patterns.iter().rev().find(|pattern| pattern.matches(path));
        decides.is_some_and(|pattern| !pattern.included)
    }
}

impl Pattern {
    fn new(folder: &str, line: &[u8]) -> Pattern {
        let (included, mut line) = match line.strip_prefix(b"!") {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        while !line.ends_with(b"\\ ")
            && let Some(rest) = line.strip_suffix(b" ")
        {
            line = rest;
        }
        let (folders, line) = match line.strip_suffix(b"/") {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let parts = line.split(|&b| b == b'/').map(<[u8]>::to_vec).collect();
        Pattern { folder: folder.to_owned(), parts, included, folders }
    }

    /// Whether it says something about the file at this path.
    fn matches(&self, path: &str) -> bool {
        let Some(below) = path.strip_prefix(self.folder.as_str()) else { return false };
        let names: Vec<&[u8]> = below.split('/').map(str::as_bytes).collect();
        match self.parts.as_slice() {
            [part] => self.matches_name(part, &names),
            parts => self.matches_path(parts, &names),
        }
    }

    /// A pattern without slashes is about every name on the way; one for folders not about the file itself.
    fn matches_name(&self, part: &[u8], names: &[&[u8]]) -> bool {
        for (at, name) in names.iter().enumerate() {
            match path_match(part, name) {
                Err(_) => return false,
                Ok(true) => return !(self.folders && at + 1 == names.len()),
                Ok(false) => {}
            }
        }
        false
    }

    /// A pattern with slashes starts at its folder, and has done with a path when all of its parts are used up.
    fn matches_path(&self, parts: &[Vec<u8>], mut names: &[&[u8]]) -> bool {
        let (mut matched, mut anywhere) = (false, false);
        for (at, part) in parts.iter().enumerate() {
            match part.as_slice() {
                b"" => {
                    anywhere = false;
                    continue;
                }
                b"**" if at + 1 == parts.len() => break,
                b"**" => {
                    anywhere = true;
                    continue;
                }
                part if part.windows(2).any(|w| w == b"**") => return false,
                _ => {}
            }
            if names.is_empty() {
                return false;
            }
            if !anywhere {
                let [first, rest @ ..] = names else { return false };
                if path_match(part, first) != Ok(true) {
                    return false;
                }
                (matched, names) = (true, rest);
                continue;
            }
            anywhere = false;
            while let [first, rest @ ..] = names {
                names = rest;
                match path_match(part, first) {
                    Err(_) => return false,
                    Ok(true) => {
                        matched = true;
                        break;
                    }
                    Ok(false) if names.is_empty() => matched = false,
                    Ok(false) => {}
                }
            }
        }
        matched && !(self.folders && names.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(String, String)], out: &[String], kept: &[String]) {
        let mut ignored = Ignored::default();
        for (folder, text) in files {
            ignored.add(folder, text.as_bytes());
        }
        for (paths, want) in [(out, true), (kept, false)] {
            for path in paths {
                assert_eq!(ignored.ignores(path), want, "{path} {files:?}");
            }
        }
    }

    #[test]
    fn folders_and_later_patterns_count() {
        let texts = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        let files = [("", "/*\n!/charts"), ("charts/web/", "# notes\ndocs/\n!docs/keep.md\n*.bak  \n")];
        check(
            &files.map(|(folder, text)| (folder.to_owned(), text.to_owned())),
            &texts(&["values.yaml", "charts/web/docs/a.md", "charts/web/x/a.bak", ".git/config", "docs/keep.md"]),
            &texts(&["charts/web/Chart.yaml", "charts/web/docs/keep.md", "charts/db/docs/a.md", "charts/db/a.bak"]),
        );
    }

    /// Answers of `sourceignore.NewDefaultMatcher` (fluxcd/pkg 0.12.0, go-git 5.16.0).
    #[test]
    fn patterns_match_as_in_flux() {
        #[derive(serde::Deserialize)]
        struct Case {
            files: Vec<(String, String)>,
            out: Vec<String>,
            kept: Vec<String>,
        }
        for line in include_str!("ignore.jsonl").lines() {
            let case: Case = serde_json::from_str(line).expect("a case");
            check(&case.files, &case.out, &case.kept);
        }
    }
}
