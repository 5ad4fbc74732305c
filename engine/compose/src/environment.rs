//! `environment` and `env_file`: what becomes settings, and what secrets.

use contract::Code;
use std::collections::BTreeMap;

use crate::dotenv;
use crate::input::Folder;
use crate::load::beside;
use crate::report::{Report, Spot};
use crate::tree::{Data, Node, Notes};
use crate::values::{Pair, flag, pairs, wrong};

/// A variable with its value.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) spot: Spot,
    pub(crate) notes: Notes,
}

/// Reads both; what `environment` says wins.
pub(crate) fn environment(
    service: &Node,
    host: &BTreeMap<String, String>,
    folder: &dyn Folder,
    report: &mut Report,
) -> Vec<Variable> {
    let mut variables: Vec<Variable> = Vec::new();
    let mut set = |variable: Variable| match variables.iter_mut().find(|v| v.name == variable.name) {
        Some(earlier) => *earlier = variable,
        None => variables.push(variable),
    };
    if let Some(node) = service.get("env_file") {
        let items = match &node.data {
            Data::List(items) => items.as_slice(),
            Data::Null => &[],
            _ => std::slice::from_ref(node),
        };
        for item in items {
            env_file(item, host, folder, report).into_iter().for_each(&mut set);
        }
    }
    let given = service.get("environment").map(|node| pairs(node, "environment", report)).unwrap_or_default();
    for Pair { name, value, spot, notes } in given {
        match value.or_else(|| host.get(&name).cloned()) {
            Some(value) if is_name(&name) => set(Variable { name, value, spot, notes }),
            Some(_) => {
                let message = format!("{name:?} is not a valid variable name: it is left out");
                report.warn(
                    spot,
                    "environment",
                    Code::VariableName,
                    message,
                    "names consist of letters, digits, _, - and .",
                );
            }
            None => {
                let message = format!("the variable {name} has no value: Compose takes it from the host");
                report.warn(spot, "environment", Code::VariableOfHost, message, "give it in an environment file");
            }
        }
    }
    variables
}

/// What both ConfigMaps and environments take.
fn is_name(name: &str) -> bool {
    let fine = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    !name.is_empty()
        && name.chars().all(fine)
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.starts_with("..")
}

fn env_file(item: &Node, host: &BTreeMap<String, String>, folder: &dyn Folder, report: &mut Report) -> Vec<Variable> {
    let path = item.text().or_else(|| item.get("path").and_then(Node::text));
    let Some(path) = path else {
        wrong(item, "env_file", "a path", report);
        return Vec::new();
    };
    let required = item.get("required").is_none_or(|n| flag(Some(n)));
    let raw = item.get("format").and_then(Node::text).is_some_and(|f| f == "raw");
    let full = beside(report.name(item.spot.file), &path);
    let Some(bytes) = folder.read(&full) else {
        if required {
            let message = format!("the environment file {full} does not exist: its variables are missing");
            report.warn(
                item.spot,
                "env_file",
                Code::EnvFile,
                message,
                "put it where the compose file expects it and import again",
            );
        }
        return Vec::new();
    };
    let file = report.file(&full);
    let (read, mistakes) = dotenv::parse(&String::from_utf8_lossy(&bytes), host, raw);
    for mistake in mistakes {
        let spot = Spot { file, line: mistake.line, column: 0 };
        report.warn(spot, "env_file", Code::EnvFile, mistake.message, "the line is left out");
    }
    let variable = |v: dotenv::Variable| {
        let spot = Spot { file, line: v.line, column: 1 };
        Some(Variable { name: v.name, value: v.value?, spot, notes: Notes::default() })
    };
    read.into_iter().filter_map(variable).filter(|v| is_name(&v.name)).collect()
}
