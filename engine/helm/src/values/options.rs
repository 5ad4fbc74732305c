//! `-f`, `--set` and its kin together.

use govalue::{Map, Str, Value};

use super::error::ValuesError;
use super::read::read_values;
use super::strvals::{ReadFile, Reader, parse_into, parse_json_into, parse_literal_into};
use super::tables::merge_maps;

/// What the user sets, by kind of flag (`values.Options`). Helm applies the
/// kinds in this order, whatever their order on the command line.
#[derive(Clone, Debug, Default)]
pub struct ValueOptions {
    /// `-f`, `--values`: files.
    pub files: Vec<Str>,
    /// `--set-json`
    pub json: Vec<Str>,
    /// `--set`
    pub values: Vec<Str>,
    /// `--set-string`
    pub strings: Vec<Str>,
    /// `--set-file`
    pub file_values: Vec<Str>,
    /// `--set-literal`
    pub literals: Vec<Str>,
}

impl ValueOptions {
    /// The values that all of them make (`MergeValues`). `read` returns the
    /// content of a file, or why it cannot.
    ///
    /// # Errors
    /// With Helm's text: `failed parsing --set data: …`, `failed to parse values.yaml: …`.
    pub fn merge(&self, read: &mut ReadFile<'_>) -> Result<Map, ValuesError> {
        let mut base = Map::new();
        for path in &self.files {
            let data = read(path)?;
            let values = read_values(&data).map_err(|e| ValuesError::new(format!("failed to parse {path}: {e}")))?;
            base = merge_maps(&base, &values);
        }
        for line in &self.json {
            let text = line.to_str_lossy();
            if text.trim().starts_with('{') {
                let Ok(Value::Map(object)) = goyaml::json::from_json(line.trim_ascii()) else {
                    return Err(ValuesError::new(format!("failed parsing --set-json data JSON: {text}")));
                };
                base = merge_maps(&base, &object);
            } else {
                parse_json_into(line, &base)
                    .map_err(|_| ValuesError::new(format!("failed parsing --set-json data {text}")))?;
            }
        }
        for line in &self.values {
            parse_into(line, &base, &mut Reader::Typed).map_err(|e| failed("--set", &e))?;
        }
        for line in &self.strings {
            parse_into(line, &base, &mut Reader::Text).map_err(|e| failed("--set-string", &e))?;
        }
        for line in &self.file_values {
            parse_into(line, &base, &mut Reader::File(read)).map_err(|e| failed("--set-file", &e))?;
        }
        for line in &self.literals {
            parse_literal_into(line, &base).map_err(|e| failed("--set-literal", &e))?;
        }
        Ok(base)
    }
}

fn failed(flag: &str, e: &ValuesError) -> ValuesError {
    ValuesError::new(format!("failed parsing {flag} data: {e}"))
}
