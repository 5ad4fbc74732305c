//! What the comments of a `values.yaml` say about its keys.
//!
//! Three styles are read: helm-docs (`# -- text`), Bitnami's (`## @param path text`, `## @section Title`), and plain
//! comments right above a key or behind it.

use std::rc::Rc;

use crate::path::Path;
use crate::yaml::{Kind, Node, Source};

/// What is said about a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// What it is for, as prose; line breaks as in the comment.
    pub help: Rc<str>,
    /// A sample in YAML that stands commented out above it; empty where there is none.
    pub example: Rc<str>,
    /// The type in words, if one is given: `string`, `list`, `object`.
    pub type_hint: Option<Rc<str>>,
    /// What the comment calls the default, where the value does not show it.
    pub default: Option<Rc<str>>,
    /// The section that it is put in by `@section` in its own comment.
    pub section: Option<Rc<str>>,
    /// Whether the comment says that it is not for users: `@ignored`, `@skip`.
    pub is_internal: bool,
}

/// What is said about the keys of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    notes: Vec<(Path, Note)>,
    /// The places of the notes in the order of their paths.
    sorted: Vec<u32>,
    /// The keys at the top, and the section that each is in.
    sections: Vec<(Rc<str>, Option<Rc<str>>)>,
}

impl Docs {
    /// What is said about a key.
    pub fn note(&self, path: &Path) -> Option<&Note> {
        let at = self.find(path).ok()?;
        self.notes.get(at).map(|(_, note)| note)
    }

    /// The section of a key at the top.
    pub fn section(&self, key: &str) -> Option<&Rc<str>> {
        self.sections.iter().find(|(k, _)| **k == *key).and_then(|(_, section)| section.as_ref())
    }

    /// Takes in what is said about a subchart's keys, where the chart itself says nothing.
    pub(crate) fn add(&mut self, at: &Path, other: &Docs) {
        for (path, note) in &other.notes {
            let path = path.steps().iter().fold(at.clone(), |path, step| path.join(step.clone()));
            if self.note(&path).is_none() {
                *self.note_mut(path) = note.clone();
            }
        }
    }

    /// Where a note is; else where its place would be put in among the sorted.
    fn find(&self, path: &Path) -> Result<usize, usize> {
        let found = self.sorted.binary_search_by(|at| self.notes[*at as usize].0.cmp(path));
        found.map(|i| self.sorted[i] as usize)
    }

    fn note_mut(&mut self, path: Path) -> &mut Note {
        let at = match self.find(&path) {
            Ok(at) => at,
            Err(place) => {
                self.sorted.insert(place, self.notes.len() as u32);
                self.notes.push((path, Note::default()));
                self.notes.len() - 1
            }
        };
        &mut self.notes[at].1
    }

    /// Reads the comments of a text.
    pub(crate) fn read(source: &Source<'_>) -> Docs {
        let mut reader = Reader { text: source.text, lines: line_starts(source.text), docs: Docs::default() };
        if let Some(root) = &source.root {
            reader.node(root, &Path::root());
            reader.sections(root);
        }
        reader.params();
        reader.docs
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect()
}

struct Reader<'t> {
    text: &'t str,
    lines: Vec<usize>,
    docs: Docs,
}

/// The text of a comment's line, without its marks; `None` if the line is something else.
fn comment(line: &str) -> Option<&str> {
    let text = line.trim().strip_prefix('#')?.trim_start_matches('#');
    Some(text.strip_prefix(' ').unwrap_or(text).trim_end())
}

impl<'t> Reader<'t> {
    fn line(&self, number: usize) -> &'t str {
        let start = self.lines.get(number).copied().unwrap_or(self.text.len());
        let end = self.lines.get(number + 1).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or_default()
    }

    fn number(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    fn node(&mut self, node: &Node, path: &Path) {
        match &node.kind {
            Kind::Map { entries, is_flow, .. } => {
                for entry in entries.iter().filter(|e| !e.is_merge) {
                    let path = path.key(&entry.key);
                    if !is_flow {
                        let note = self.note(entry.start, &entry.value, &path);
                        if note != Note::default() {
                            *self.docs.note_mut(path.clone()) = note;
                        }
                    }
                    self.node(&entry.value, &path);
                }
            }
            Kind::List { items, .. } => {
                items.iter().enumerate().for_each(|(i, item)| self.node(item, &path.index(i)));
            }
            _ => {}
        }
    }

    /// What stands above a key, and behind it.
    fn note(&self, key: usize, value: &Node, path: &Path) -> Note {
        let number = self.number(key);
        let column = key - self.lines.get(number).copied().unwrap_or_default();
        let mut first = number;
        while let Some(above) = first.checked_sub(1) {
            let line = self.line(above);
            let indent = line.len() - line.trim_start().len();
            if comment(line).is_none() || indent != column {
                break;
            }
            first = above;
        }
        let block: Vec<_> = (first..number).filter_map(|n| comment(self.line(n))).collect();
        let mut note = read_block(&block, path);
        if note.help.is_empty() && matches!(value.kind, Kind::Scalar(_)) && !value.is_block_scalar {
            let end = self.line(self.number(value.end));
            let from = value.end - self.lines.get(self.number(value.end)).copied().unwrap_or_default();
            if let Some(text) = end.get(from..).and_then(comment) {
                note.help = text.trim_start_matches("-- ").trim().into();
            }
        }
        note
    }

    /// `## @param path [modifiers] text`, wherever it stands.
    fn params(&mut self) {
        for number in 0..self.lines.len() {
            let Some(line) = comment(self.line(number)) else { continue };
            let (rest, is_internal) = match (line.strip_prefix("@param "), line.strip_prefix("@skip ")) {
                (Some(rest), _) => (rest.trim(), false),
                (None, Some(rest)) => (rest.trim(), true),
                _ => continue,
            };
            let (name, text) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let Ok(path) = name.parse::<Path>() else { continue };
            let mut text = text.trim();
            let (mut hint, mut default) = (None, None);
            if let Some((modifiers, rest)) = text.strip_prefix('[').and_then(|t| t.split_once(']')) {
                let known =
                    |m: &str| ["string", "object", "array", "nullable", "default"].iter().any(|k| m.starts_with(k));
                if modifiers.split(',').all(|m| known(m.trim())) {
                    for modifier in modifiers.split(',').map(str::trim) {
                        match modifier.strip_prefix("default:") {
                            Some(value) => default = Some(Rc::from(value.trim().trim_matches('"'))),
                            None if hint.is_none() && modifier != "nullable" => hint = Some(Rc::from(modifier)),
                            None => {}
                        }
                    }
                    text = rest.trim();
                }
            }
            let note = self.docs.note_mut(path);
            note.is_internal |= is_internal;
            note.help = text.into();
            note.type_hint = hint.or(note.type_hint.take());
            note.default = default.filter(|text: &Rc<str>| !text.is_empty()).or(note.default.take());
        }
    }

    fn sections(&mut self, root: &Node) {
        let Kind::Map { entries, .. } = &root.kind else { return };
        let titles: Vec<(usize, Rc<str>)> = (0..self.lines.len())
            .filter_map(|n| {
                let title = comment(self.line(n))?.strip_prefix("@section ")?.trim();
                // helm-docs has its sections in the comments of keys.
                (!title.starts_with("-- ")).then(|| (n, title.into()))
            })
            .collect();
        for entry in entries {
            let number = self.number(entry.start);
            let before = titles.iter().rev().find(|(n, _)| *n < number).map(|(_, title)| title.clone());
            let own = self.docs.note(&Path::root().key(&entry.key)).and_then(|note| note.section.clone());
            self.docs.sections.push((entry.key.clone(), own.or(before)));
        }
    }
}

/// What a block of comment lines above a key says.
fn read_block(block: &[&str], path: &Path) -> Note {
    let mut note = Note::default();
    let dotted = path.to_string();
    // helm-docs: from `--` on.
    let start = block.iter().rposition(|line| {
        line.trim_start().starts_with("-- ") || line.split_once(" -- ").is_some_and(|(name, _)| name.trim() == dotted)
    });
    let mut help: Vec<&str> = Vec::new();
    let mut example: Vec<&str> = Vec::new();
    let mut in_fence = false;
    // Between two lines `@schema` stands what the chart's author makes a schema of.
    let marks: Vec<usize> = block.iter().enumerate().filter(|(_, l)| l.trim() == "@schema").map(|(i, _)| i).collect();
    let in_schema = |i: usize| marks.as_chunks::<2>().0.iter().any(|[from, to]| i > *from && i < *to);
    for (i, line) in block.iter().enumerate() {
        let trimmed = line.trim();
        if in_schema(i) {
            if let Some(hint) = trimmed.strip_prefix("type:") {
                note.type_hint = Some(hint.trim().into());
            }
            continue;
        }
        if i < start.unwrap_or(0) {
            continue;
        }
        // What helm-docs sets as code is a sample.
        if trimmed.starts_with("```") {
            in_fence = !in_fence;
            continue;
        }
        if in_fence {
            example.push(line);
            continue;
        }
        if let Some(rest) = trimmed.strip_prefix('@') {
            let (tag, text) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let text: Rc<str> = text.trim().trim_start_matches("--").trim().into();
            match tag {
                "default" => note.default = Some(text),
                "section" if rest.contains("-- ") => note.section = Some(text),
                "ignored" => note.is_internal = true,
                _ => {}
            }
            continue;
        }
        if Some(i) == start {
            let mut text = trimmed.split_once("-- ").map_or("", |(_, text)| text).trim();
            if let Some((hint, rest)) = text.strip_prefix('(').and_then(|t| t.split_once(')'))
                && !hint.contains(' ')
            {
                (note.type_hint, text) = (Some(hint.into()), rest.trim());
            }
            help.push(text);
        } else if is_sample(line, !example.is_empty()) {
            example.push(line);
        } else if start.is_some() || !is_rule(trimmed) {
            help.push(trimmed);
        }
    }
    let end = help.iter().rposition(|line| !line.is_empty()).map_or(0, |i| i + 1);
    let start = help.iter().position(|line| !line.is_empty()).unwrap_or(0);
    note.help = help.get(start..end.max(start)).unwrap_or_default().join("\n").into();
    note.example = example.join("\n").into();
    note
}

/// A line that only divides.
fn is_rule(line: &str) -> bool {
    line.len() > 2 && line.chars().all(|c| matches!(c, '-' | '=' | '#' | '*' | '~' | '+'))
}

/// Whether a line of a comment is YAML that someone commented out.
fn is_sample(line: &str, behind_sample: bool) -> bool {
    const PROSE: [&str; 9] = ["ref", "default", "defaults", "note", "see", "e.g", "example", "examples", "http"];
    let text = line.trim_start();
    if let Some(item) = text.strip_prefix("- ") {
        // A list of prose has spaces, one of YAML seldom.
        return behind_sample || (!item.contains(' ') && !item.is_empty()) || is_sample(item, false);
    }
    let Some((key, value)) = text.split_once(':') else { return false };
    let is_key = !key.is_empty()
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/' | b'"'))
        && (behind_sample || !key.starts_with(|c: char| c.is_ascii_uppercase()));
    is_key && (value.is_empty() || value.starts_with(' ')) && !PROSE.contains(&key.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let docs = Docs::read(&Source::parse(text).unwrap());
        let mut out = String::new();
        for at in &docs.sorted {
            let (path, note) = &docs.notes[*at as usize];
            out.push_str(&format!("{path}: {:?}", note.help));
            for (name, text) in [("type", &note.type_hint), ("default", &note.default), ("section", &note.section)] {
                if let Some(text) = text {
                    out.push_str(&format!(" {name}={text}"));
                }
            }
            if !note.example.is_empty() {
                out.push_str(&format!(" example={:?}", note.example));
            }
            out.push('\n');
        }
        for (key, section) in &docs.sections {
            if let Some(section) = section {
                out.push_str(&format!("[{section}] {key}\n"));
            }
        }
        out
    }

    #[test]
    fn the_three_styles() {
        insta::assert_snapshot!(shown(
            "# Copyright\n\n# -- (int) How many pods\n# run at once\n# @default -- as many as nodes\nreplicas: 1\n\
             image:\n  # image.tag -- Which one\n  tag: x\n  # @section -- Other\n  # -- Pulls\n  pull: y\n"
        ), @r#"
        image.pull: "Pulls"
        image.tag: "Which one"
        replicas: "How many pods\nrun at once" type=int default=as many as nodes
        "#);
        insta::assert_snapshot!(shown(
            "## @section Global parameters\n## Text\n\n## @param global.registry [nullable] Where images are\n\
             ## @param global.list[0].a Deep\n##\nglobal:\n  registry: ''\n## @section Common\n## @param name [see] Its name\n##\nname: x\n"
        ), @r#"
        global.list[0].a: "Deep"
        global.registry: "Where images are"
        name: "[see] Its name"
        [Global parameters] global
        [Common] name
        "#);
        insta::assert_snapshot!(shown(
            "# ---------\n# What it may take.\n# ref: https://example.org\n# limits:\n#   cpu: 100m\nresources: {}\n\
             port: 80 # the service's\n  \nhosts:\n  # first\n  - name: a\n    # in it\n    path: /\n"
        ), @r#"
        hosts[0].path: "in it"
        port: "the service's"
        resources: "What it may take.\nref: https://example.org" example="limits:\n  cpu: 100m"
        "#);
    }
}
