//! What is said about a compose file on the way.

use contract::{Code, Hint, Place, Problem, Severity};

/// A place in one of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    /// Which file, by its number in the report.
    pub(crate) file: usize,
    /// The line, from 1; 0: unknown.
    pub(crate) line: u32,
    /// The column, from 1; 0: unknown.
    pub(crate) column: u32,
}

/// Collects problems.
#[derive(Debug, Default)]
pub(crate) struct Report {
    files: Vec<String>,
    problems: Vec<Problem>,
    /// What goes before the paths of problems: the service that is being read.
    scope: String,
}

impl Report {
    /// Takes up a file; its number is for [`Spot`]s.
    pub(crate) fn file(&mut self, name: &str) -> usize {
        self.files.push(name.to_owned());
        self.files.len() - 1
    }

    pub(crate) fn name(&self, file: usize) -> &str {
        self.files.get(file).map_or("", String::as_str)
    }

    /// From now on, problems are about this part of the file, such as `services.web`.
    pub(crate) fn scope(&mut self, scope: impl Into<String>) {
        self.scope = scope.into();
    }

    pub(crate) fn place(&self, spot: Spot) -> Place {
        Place { file: self.name(spot.file).to_owned(), line: spot.line, column: spot.column }
    }

    fn add(&mut self, severity: Severity, spot: Spot, key: &str, code: Code, message: String, hint: Hint) {
        let path = match (self.scope.as_str(), key) {
            ("", key) => key.to_owned(),
            (scope, "") => scope.to_owned(),
            (scope, key) => format!("{scope}.{key}"),
        };
        let hint = Some(hint).filter(|hint| *hint != Hint::text(""));
        self.problems.push(Problem { path, hint, ..Problem::new(severity, code, message, self.place(spot)) });
    }

    /// Something that was not converted, or not as it was. `key` is the key of the service, or empty.
    pub(crate) fn warn(
        &mut self,
        spot: Spot,
        key: &str,
        code: Code,
        message: impl Into<String>,
        hint: impl Into<Hint>,
    ) {
        self.add(Severity::Warning, spot, key, code, message.into(), hint.into());
    }

    /// Something without which no good descriptor comes out.
    pub(crate) fn error(
        &mut self,
        spot: Spot,
        key: &str,
        code: Code,
        message: impl Into<String>,
        hint: impl Into<Hint>,
    ) {
        self.add(Severity::Error, spot, key, code, message.into(), hint.into());
    }

    /// All of them, by file and line.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        let Report { files, mut problems, .. } = self;
        let order = |p: &Problem| files.iter().position(|f| *f == p.place.file).unwrap_or(usize::MAX);
        problems.sort_by_key(|p| (order(p), p.place.line, p.place.column));
        // Services that share a part of the file share what is wrong with it.
        let mut seen = std::collections::BTreeSet::new();
        problems.retain(|p| seen.insert((p.place.clone(), p.code, p.message.clone())));
        problems
    }
}
