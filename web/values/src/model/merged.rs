//! All values as one text, with who set each line.

use super::{Model, Origin};
use crate::path::Path;
use crate::value::Value;
use crate::yaml;

/// A line of the merged values.
#[derive(Clone, Debug, PartialEq)]
pub struct MergedLine {
    /// The line, without its break.
    pub text: String,
    /// The value that it starts or belongs to.
    pub path: Path,
    /// Who set that value.
    pub origin: Origin,
}

impl Model {
    /// All values as the chart gets them, as YAML, line by line: for a view that cannot be edited.
    pub fn merged_lines(&self) -> Vec<MergedLine> {
        let mut out = Vec::new();
        match &self.effective {
            Value::Map(map) if !map.is_empty() => self.merged_map(&Path::root(), &self.effective, 0, &mut out),
            _ => out.push(MergedLine { text: "{}".to_owned(), path: Path::root(), origin: Origin::Default }),
        }
        out
    }

    /// [`Model::merged_lines`] as one text.
    pub fn merged_text(&self) -> String {
        yaml::to_text(&self.effective)
    }

    fn merged_map(&self, path: &Path, value: &Value, indent: usize, out: &mut Vec<MergedLine>) {
        for (key, value) in value.as_map().into_iter().flatten() {
            let path = path.key(key);
            let origin = self.origin(&path);
            let spaces = " ".repeat(indent);
            let name = yaml::write_key(key, false);
            let is_map = matches!(value, Value::Map(map) if !map.is_empty());
            if is_map {
                out.push(MergedLine { text: format!("{spaces}{name}:"), path: path.clone(), origin });
                self.merged_map(&path, value, indent + 2, out);
                continue;
            }
            // Items of a list and lines of a text are of the one who set it.
            let text = yaml::to_text(&Value::map_of(key, value.clone()));
            for line in text.trim_end_matches('\n').split('\n') {
                let text = if line.is_empty() { String::new() } else { format!("{spaces}{line}") };
                out.push(MergedLine { text, path: path.clone(), origin: origin.clone() });
            }
        }
    }
}
