//! What a template refers to: values, and templates that others define.

use std::collections::BTreeMap;

use chartwright_protocol::ChartFile;

use crate::paint::value_paths;

/// Something that a template refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A value: its path without `.Values.`.
    Value {
        /// `image.tag`
        path: String,
        /// The lines that read it, from 1.
        lines: Vec<u32>,
    },
    /// A template that is included.
    Template {
        /// Its name.
        name: String,
        /// The lines that include it, from 1.
        lines: Vec<u32>,
        /// The file and line that define it, if the chart has it.
        defined: Option<(String, u32)>,
    },
}

/// What the text of a template refers to, in order of names. Only what is written as a constant is found; a name that
/// is computed is not.
pub fn references(text: &str, files: &[ChartFile]) -> Vec<Reference> {
    let mut values: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let mut templates: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let number = index as u32 + 1;
        for (_, path) in value_paths(line, 0) {
            add(&mut values, path, number);
        }
        for word in ["include", "template"] {
            for (at, _) in line.match_indices(word) {
                let rest = line[at + word.len()..].trim_start();
                if let Some(name) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(name, _)| name) {
                    add(&mut templates, name, number);
                }
            }
        }
    }
    let values = values.into_iter().map(|(path, lines)| Reference::Value { path: path.to_owned(), lines });
    let templates = templates.into_iter().map(|(name, lines)| Reference::Template {
        name: name.to_owned(),
        lines,
        defined: files.iter().find_map(|file| Some((file.path.clone(), defines(file.text.as_deref()?, name)?))),
    });
    values.chain(templates).collect()
}

fn add<'t>(map: &mut BTreeMap<&'t str, Vec<u32>>, name: &'t str, line: u32) {
    let lines = map.entry(name).or_default();
    if lines.last() != Some(&line) {
        lines.push(line);
    }
}

/// The line in which a text defines a template.
fn defines(text: &str, name: &str) -> Option<u32> {
    let quoted = format!("\"{name}\"");
    let found = text.lines().position(|line| {
        line.split_once("define")
            .is_some_and(|(before, after)| before.contains("{{") && after.trim_start().starts_with(&quoted))
    });
    found.map(|index| index as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_say_what_they_refer_to() {
        let helpers = "{{/* name */}}\n{{- define \"shop.name\" -}}\n{{- end }}\n";
        let files = vec![ChartFile { path: "templates/_helpers.tpl".into(), text: Some(helpers.into()), size: 1 }];
        let text = "name: {{ include \"shop.name\" . }}\nimage: {{ .Values.image.tag }}-{{ .Values.image.tag | quote }}\n\
                    x: {{ template \"other\" }} {{ include (printf \"a\") . }}\n{{ .Values }}\n";
        assert_eq!(
            references(text, &files),
            [
                Reference::Value { path: "image.tag".into(), lines: vec![2] },
                Reference::Template { name: "other".into(), lines: vec![3], defined: None },
                Reference::Template {
                    name: "shop.name".into(),
                    lines: vec![1],
                    defined: Some(("templates/_helpers.tpl".into(), 2))
                },
            ]
        );
    }
}
