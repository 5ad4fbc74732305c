//! The same bytes in every host: `cargo xtask parity`.

mod ask;
mod examples;
mod hosts;
mod kit;
mod packages;
mod report;

use std::time::Instant;

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde_json::Value;

use hosts::{Host, Kind};
pub(crate) use packages::extism_sdk;
use report::Report;

/// What to ask, and which hosts to ask.
#[derive(Args)]
pub(crate) struct Options {
    /// Hosts to ask; the others are compared with the first.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "native,module,plugin,extism")]
    hosts: Vec<Kind>,
    /// Parts to ask [default: all].
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// Ask only questions whose name contains this.
    #[arg(long, short)]
    filter: Option<String>,
    /// Ask every Nth question of the kit.
    #[arg(long, default_value_t = 1, value_name = "N")]
    sample: usize,
    /// Ask Extism's SDK, which is slower, every Nth of those.
    #[arg(long, default_value_t = 20, value_name = "N")]
    sdk_sample: usize,
    /// Show at most this many differences.
    #[arg(long, default_value_t = 10)]
    show: usize,
}

impl Options {
    /// All parts and hosts.
    pub(crate) fn all() -> Options {
        Options { hosts: Kind::ALL.to_vec(), parts: Vec::new(), filter: None, sample: 1, sdk_sample: 20, show: 10 }
    }

    /// Whether a host is asked the question of this number in its part.
    fn asks(&self, kind: Kind, part: Part, number: usize) -> bool {
        kind != Kind::Extism || part == Part::Examples || (number / self.sample.max(1)).is_multiple_of(self.sdk_sample)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Part {
    /// The example descriptors, by every call.
    Examples,
    /// Public charts of the conformance kit.
    Cases,
    /// Snippets of the conformance kit, as the notes of a chart.
    Snippets,
}

impl Part {
    const ALL: [Part; 3] = [Part::Examples, Part::Cases, Part::Snippets];

    fn name(self) -> &'static str {
        match self {
            Part::Examples => "examples",
            Part::Cases => "cases",
            Part::Snippets => "snippets",
        }
    }
}

/// A question for all hosts.
struct Question {
    part: Part,
    /// Its number in its part.
    number: usize,
    /// What it is about.
    id: String,
    what: What,
}

/// What is asked. Most inputs are made when they are sent: together they are large.
enum What {
    Input { call: &'static str, input: String },
    Case(Box<crate::kit::Case>),
    Snippet(Box<kit::Snippet>),
}

/// A call, its input, and Helm's answer if it is known.
struct Call {
    call: &'static str,
    input: String,
    helm: Option<Helm>,
}

/// Helm's answer, with masks.
enum Helm {
    Text(Vec<u8>),
    Error(String),
}

impl Question {
    fn call(&self) -> anyhow::Result<Call> {
        match &self.what {
            What::Input { call, input } => Ok(Call { call, input: input.clone(), helm: None }),
            What::Case(case) => kit::case(case),
            What::Snippet(snippet) => snippet.call(),
        }
    }
}

/// Asks all hosts, prints a table, and fails if any two differ or one is not Helm's.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let start = Instant::now();
    let mut programs = Vec::new();
    for kind in &options.hosts {
        programs.extend(hosts::Program::build(*kind)?);
    }
    let Some(first) = programs.first() else { bail!("there is no host to ask") };
    let mut questions = Vec::new();
    for part in Part::ALL {
        if options.parts.is_empty() || options.parts.contains(&part) {
            let all = match part {
                Part::Examples => examples::questions(&mut Host::start(first)?)?,
                Part::Cases => kit::cases()?,
                Part::Snippets => kit::snippets()?,
            };
            let every = if part == Part::Examples { 1 } else { options.sample.max(1) };
            questions.extend(
                all.into_iter()
                    .enumerate()
                    .filter(|(number, _)| number.is_multiple_of(every))
                    .map(|(number, (id, what))| Question { part, number, id, what }),
            );
        }
    }
    questions.retain(|q| options.filter.as_ref().is_none_or(|f| q.id.contains(f.as_str())));
    let mut report = Report::default();
    for outcome in ask::all(&programs, &questions, options)? {
        report.add(outcome);
    }
    report.print(options.show);
    println!("in {:.0?}", start.elapsed());
    if report.differing() > 0 {
        bail!("{} differ", report.differing());
    }
    Ok(())
}

/// The text around the first byte that differs.
fn excerpts(wanted: &[u8], got: &[u8]) -> String {
    let first = wanted.iter().zip(got).take_while(|(a, b)| a == b).count();
    let around = |text: &[u8]| {
        let from = first.saturating_sub(120).min(text.len());
        String::from_utf8_lossy(text.get(from..(first + 200).min(text.len())).unwrap_or_default()).into_owned()
    };
    format!("   byte {first}\n   - {}\n   + {}", around(wanted), around(got))
}

impl Helm {
    /// How an answer differs from this one.
    fn difference(&self, answer: &[u8]) -> Option<String> {
        let Ok(json) = serde_json::from_slice::<Value>(answer) else {
            return Some(format!("   the answer is no JSON: {}", clipped(&String::from_utf8_lossy(answer))));
        };
        let text = |pointer: &str| json.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let (wanted, got) = match self {
            Helm::Text(golden) => (golden.clone(), text("/result/text")),
            Helm::Error(error) => (trimmed(error).into(), text("/error/message").map(|t| trimmed(&t).to_owned())),
        };
        let Some(got) = got else { return Some(format!("   the answer is {}", clipped(&json.to_string()))) };
        let same = crate::conformance::mask::matches(&wanted, got.as_bytes());
        (!same).then(|| excerpts(&wanted, got.as_bytes()))
    }
}

fn trimmed(error: &str) -> &str {
    let error = error.trim_end();
    error.strip_prefix("Error: ").unwrap_or(error)
}

fn clipped(text: &str) -> String {
    text.chars().take(400).collect()
}
