//! The same bytes in every host: `cargo xtask parity`.

mod examples;
mod hosts;
mod kit;
mod packages;

use std::collections::BTreeMap;

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::conformance::mask;
use hosts::Host;
pub(crate) use packages::extism_sdk;

/// What to ask, and whom.
#[derive(Args)]
pub(crate) struct Options {
    /// The hosts to compare.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "native,node,extism")]
    hosts: Vec<hosts::Kind>,
    /// The parts to ask; all if none is named.
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// Ask only what has this in its name.
    #[arg(long, short)]
    filter: Option<String>,
    /// Show at most this many differences a part.
    #[arg(long, default_value_t = 5)]
    show: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Public charts of the conformance kit.
    Cases,
    /// The example descriptors, by every call.
    Examples,
    /// Snippets of the conformance kit, as the notes of a chart.
    Snippets,
}

/// A question for all hosts.
struct Question {
    /// What it is about.
    id: String,
    /// The call.
    call: &'static str,
    /// Its input.
    input: Value,
    /// What Helm says, where that is known.
    helm: Option<Helm>,
}

/// Helm's answer, with masks.
enum Helm {
    Text(Vec<u8>),
    Error(String),
}

/// How the answers of a part compare.
#[derive(Default)]
struct Report {
    asked: usize,
    /// Those that were the same in all hosts.
    same: usize,
    /// Those with Helm's answer, and those of them that were it.
    known: usize,
    as_helm: usize,
    shown: usize,
}

/// Asks all hosts, prints a table, and fails if any two differ or one is not Helm's.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut hosts = Vec::new();
    for kind in &options.hosts {
        hosts.extend(Host::start(*kind)?);
    }
    let Some((native, _)) = hosts.split_first_mut() else { bail!("there is no host to ask") };
    let mut parts: Vec<(&str, Vec<Question>)> = Vec::new();
    let wanted = |part| options.parts.is_empty() || options.parts.contains(&part);
    if wanted(Part::Examples) {
        parts.push(("examples", examples::questions(native)?));
    }
    if wanted(Part::Cases) {
        parts.push(("cases", kit::cases()?));
    }
    if wanted(Part::Snippets) {
        parts.push(("snippets", kit::snippets()?));
    }
    let mut reports = BTreeMap::new();
    for (part, questions) in parts {
        let mut report = Report::default();
        for question in questions {
            if options.filter.as_ref().is_none_or(|f| question.id.contains(f.as_str())) {
                ask(&mut hosts, &question, &mut report, options.show)?;
            }
        }
        reports.insert(part, report);
    }
    let names: Vec<&str> = hosts.iter().map(|h| h.name).collect();
    println!("\nhosts: {}", names.join(", "));
    println!("{:<12} {:>7} {:>7} {:>9} {:>9}", "part", "same", "of", "as Helm", "of");
    for (part, r) in &reports {
        println!("{part:<12} {:>7} {:>7} {:>9} {:>9}", r.same, r.asked, r.as_helm, r.known);
    }
    let differing: usize = reports.values().map(|r| (r.asked - r.same) + (r.known - r.as_helm)).sum();
    if differing > 0 {
        bail!("{differing} differ");
    }
    Ok(())
}

fn ask(hosts: &mut [Host], question: &Question, report: &mut Report, show: usize) -> anyhow::Result<()> {
    report.asked += 1;
    let json = question.input.to_string();
    for host in hosts.iter_mut() {
        host.send(question.call, &json)?;
    }
    let mut answers = Vec::new();
    for host in hosts.iter_mut() {
        answers.push((host.name, host.receive()?));
    }
    let Some(((first, wanted), others)) = answers.split_first() else { return Ok(()) };
    let differing: Vec<_> = others.iter().filter(|(_, answer)| answer != wanted).collect();
    if differing.is_empty() {
        report.same += 1;
    }
    for (name, answer) in differing {
        if report.shown < show {
            report.shown += 1;
            println!("── {} {}: {name} differs from {first}\n{}", question.call, question.id, excerpts(wanted, answer));
        }
    }
    if let Some(helm) = &question.helm {
        report.known += 1;
        match helm.compare(wanted) {
            Ok(()) => report.as_helm += 1,
            Err(difference) if report.shown < show => {
                report.shown += 1;
                println!("── {} {}: {first} is not as Helm\n{difference}", question.call, question.id);
            }
            Err(_) => {}
        }
    }
    Ok(())
}

/// What stands around the first byte that differs.
fn excerpts(wanted: &[u8], got: &[u8]) -> String {
    let first = wanted.iter().zip(got).take_while(|(a, b)| a == b).count();
    let around = |text: &[u8]| {
        let from = first.saturating_sub(120).min(text.len());
        String::from_utf8_lossy(text.get(from..(first + 200).min(text.len())).unwrap_or_default()).into_owned()
    };
    format!("   byte {first}\n   - {}\n   + {}", around(wanted), around(got))
}

impl Helm {
    fn compare(&self, answer: &[u8]) -> Result<(), String> {
        let answer: Value = serde_json::from_slice(answer).map_err(|e| format!("no JSON: {e}"))?;
        let text = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let (wanted, got) = match self {
            Helm::Text(golden) => (golden.clone(), text("/result/text")),
            Helm::Error(error) => (trimmed(error).into(), text("/error/message").map(|t| trimmed(&t).to_owned())),
        };
        let Some(got) = got else { return Err(format!("   the answer is {}", clipped(&answer.to_string()))) };
        if mask::matches(&wanted, got.as_bytes()) { Ok(()) } else { Err(excerpts(&wanted, got.as_bytes())) }
    }
}

fn trimmed(error: &str) -> &str {
    let error = error.trim_end();
    error.strip_prefix("Error: ").unwrap_or(error)
}

fn clipped(text: &str) -> String {
    text.chars().take(400).collect()
}
