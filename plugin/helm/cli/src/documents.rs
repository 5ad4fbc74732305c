//! What is on standard input.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chartwright::api::read_platform;
use chartwright::{Map, Str, Value};
use contract::{Code, Hint, Place, Platform, Problem, Severity, TextFile};
use helm::manifest::{is_blank, split};

use crate::charts::Charts;

/// How messages name standard input.
pub(crate) const NAME: &str = "stdin";

/// What makes a document a descriptor.
const DESCRIPTOR: &str = "HelmChartDescriptor";

/// The documents, by what they are for.
pub(crate) struct Documents {
    /// All of it.
    pub(crate) text: String,
    pub(crate) descriptors: Vec<TextFile>,
    /// HelmReleases.
    pub(crate) releases: Vec<TextFile>,
    /// What `lookup` and `valuesFrom` find.
    pub(crate) objects: Vec<TextFile>,
    pub(crate) platform: Option<Platform>,
    pub(crate) charts: Charts,
    /// What is wrong with them.
    pub(crate) problems: Vec<Problem>,
}

impl Documents {
    /// Parts standard input into what its documents are for.
    pub(crate) fn read(input: Vec<u8>) -> Documents {
        let mut documents = Documents {
            text: String::new(),
            descriptors: Vec::new(),
            releases: Vec::new(),
            objects: Vec::new(),
            platform: None,
            charts: Charts::built_in(),
            problems: Vec::new(),
        };
        match String::from_utf8(input) {
            Ok(text) => {
                for range in split(text.as_bytes()) {
                    let line = 1 + text.as_bytes().iter().take(range.start).filter(|&&b| b == b'\n').count();
                    documents.add(text.get(range).unwrap_or_default(), line);
                }
                documents.text = text;
            }
            Err(_) => documents.wrong(0, "standard input is not UTF-8".to_owned(), None),
        }
        documents
    }

    fn add(&mut self, text: &str, line: usize) {
        if is_blank(text.as_bytes()) {
            return;
        }
        // Lines are counted from the top of the input, whatever document they are in.
        let file = TextFile { name: NAME.to_owned(), text: format!("{}{text}", "\n".repeat(line - 1)) };
        let map = match goyaml::yaml::from_yaml(text.as_bytes()) {
            Ok(Value::Nil) => return,
            Ok(Value::Map(map)) => map,
            // Reading it as a descriptor says what is wrong, and where.
            _ if text.contains(DESCRIPTOR) => return self.descriptors.push(file),
            Ok(_) => return self.wrong(line, "this document is not an object".to_owned(), None),
            Err(error) => return self.wrong(line, format!("this document is not YAML: {error}"), None),
        };
        let kind = string(&map, "kind");
        match kind.as_bytes() {
            b"HelmChartDescriptor" => self.descriptors.push(file),
            b"HelmRelease" => self.releases.push(file),
            b"" => self.add_platform(text, line),
            b"ConfigMap" if self.add_charts(&map, line) => {}
            b"List" if text.contains("HelmRelease") => self.releases.push(file),
            _ => self.objects.push(file),
        }
    }

    fn add_platform(&mut self, text: &str, line: usize) {
        match read_platform(NAME, text.as_bytes()) {
            Ok(platform) if self.platform.is_none() => self.platform = Some(platform),
            Ok(_) => self.wrong(line, "standard input has two documents with the platform's facts".to_owned(), None),
            Err(failure) => {
                let message = failure.message.trim_start_matches("stdin: ").to_owned();
                let message = format!("a document without `kind` has the platform's facts: {message}");
                self.wrong(line, message, failure.hints.into_iter().next());
            }
        }
    }

    /// Whether a ConfigMap has charts in it.
    fn add_charts(&mut self, config: &Map, line: usize) -> bool {
        let Some(Value::Map(data)) = config.get("binaryData") else { return false };
        let archives: Vec<(Str, Value)> = data
            .borrow()
            .iter()
            .filter(|(key, _)| key.ends_with(b".tgz"))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        for (key, value) in &archives {
            let decoded = match value {
                Value::Str(text) => {
                    let text: Vec<u8> = text.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
                    STANDARD.decode(text).map_err(|e| format!("not base64: {e}"))
                }
                _ => Err("not base64 text".to_owned()),
            };
            let key = key.to_str_lossy();
            if let Err(message) = decoded.and_then(|data| self.charts.add(&key, data)) {
                self.wrong(line, format!("the chart {key}: {message}"), None);
            }
        }
        !archives.is_empty()
    }

    fn wrong(&mut self, line: usize, message: String, hint: Option<Hint>) {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let place = Place { file: NAME.to_owned(), line, column: 0 };
        self.problems.push(Problem { hint, ..Problem::new(Severity::Error, Code::Stdin, message, place) });
    }
}

fn string(map: &Map, key: &str) -> Str {
    match map.get(key) {
        Some(Value::Str(text)) => text,
        _ => Str::EMPTY,
    }
}
