//! Values against the JSON schemas of charts (`ValidateAgainstSchema`).

use std::error::Error;
use std::fmt;

use govalue::{Map, Type, Value};

use crate::dependencies::Resolved;
use crate::engine::{Programs, World};
use crate::{Level, Warning, Warnings};

/// Values that do not fit the schemas of a chart or its subcharts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError(String);

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "values don't meet the specifications of the schema(s) in the following chart(s):\n{}", self.0)
    }
}

impl Error for SchemaError {}

/// Checks coalesced values with the schema of each chart that has one. Documents that a schema refers to come from the
/// world.
///
/// # Errors
/// What does not fit, chart by chart.
pub fn validate(
    chart: &Resolved,
    values: &Map,
    programs: &Programs,
    world: &dyn World,
    warnings: &mut Warnings,
) -> Result<(), SchemaError> {
    let mut run = Run { programs, document: &|url| world.document(url), warnings, found: String::new() };
    run.check(chart, values);
    let Run { found, .. } = run;
    if found.is_empty() { Ok(()) } else { Err(SchemaError(found)) }
}

/// Values of a chart or one of its subcharts that do not meet its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where the value is: a JSON pointer into the values of the top chart.
    pub at: String,
    /// What is wrong, in the words that Helm prints.
    pub message: String,
}

/// As [`validate`], but gives each failure with its place.
pub fn violations(chart: &Resolved, values: &Map, programs: &Programs) -> Vec<Violation> {
    let mut found = Vec::new();
    collect(chart, values, programs, "", &mut found);
    found
}

/// Subcharts nest no deeper than charts could be loaded.
fn collect(chart: &Resolved, values: &Map, programs: &Programs, at: &str, found: &mut Vec<Violation>) {
    if let Some(schema) = chart.chart().schema() {
        match programs.schema(schema, &gojsonschema::refused).and_then(|s| s.violations(&Value::Map(values.unnamed())))
        {
            Ok(violations) => found
                .extend(violations.into_iter().map(|v| Violation { at: format!("{at}{}", v.at), message: v.message })),
            Err(error) => found.push(Violation { at: at.to_owned(), message: error.to_string().trim().to_owned() }),
        }
    }
    for sub in chart.dependencies() {
        let at = format!("{at}/{}", sub.name());
        match values.get(sub.name()) {
            None | Some(Value::Nil) => {}
            Some(Value::Map(values)) if values.ty() == Type::ANY_MAP => collect(sub, &values, programs, &at, found),
            Some(other) => {
                let ty = other.ty().map_or_else(|| "<nil>".to_owned(), |t| t.to_string());
                let message = format!("invalid type for values: expected object (map), got {ty}");
                found.push(Violation { at, message });
            }
        }
    }
}

/// A comparison with the schemas of a chart and those below it.
struct Run<'a> {
    programs: &'a Programs,
    document: &'a dyn Fn(&str) -> Result<Vec<u8>, String>,
    warnings: &'a mut Warnings,
    found: String,
}

impl Run<'_> {
    fn check(&mut self, chart: &Resolved, values: &Map) {
        let name = chart.name();
        let say = |message| Warning::at(Level::Debug, message);
        if let Some(schema) = chart.chart().schema() {
            self.warnings.debug(|| say("chart name").with("chart-name", name.to_str_lossy()));
            if self.warnings.is_verbose() && goyaml::json::from_json(schema).is_ok() {
                self.warnings
                    .debug(|| say("unmarshalled JSON schema").with_quoted("schema", String::from_utf8_lossy(schema)));
            }
            if let Err(error) =
                self.programs.schema(schema, self.document).and_then(|s| s.validate(&Value::Map(values.unnamed())))
            {
                self.found.push_str(&format!("{name}:\n{error}"));
            }
        }
        self.warnings.debug(|| {
            let count = chart.dependencies().len().to_string();
            say("number of dependencies in the chart").with("chart", name.to_str_lossy()).with("dependencies", count)
        });
        for sub in chart.dependencies() {
            match values.get(sub.name()) {
                None | Some(Value::Nil) => {}
                Some(Value::Map(values)) if values.ty() == Type::ANY_MAP => self.check(sub, &values),
                Some(other) => {
                    let ty = other.ty().map_or_else(|| "<nil>".to_owned(), |t| t.to_string());
                    self.found.push_str(&format!(
                        "{}:\ninvalid type for values: expected object (map), got {ty}\n",
                        sub.name()
                    ));
                }
            }
        }
    }
}
