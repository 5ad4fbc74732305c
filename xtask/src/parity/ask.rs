//! Asks hosts, on all processors.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::Context;

use super::hosts::{Host, Program};
use super::report::Outcome;
use super::{Options, Question, excerpts};

/// Number of answers between reports to a terminal.
const TELL: usize = 25;

/// Asks all questions and returns the results in order.
pub(super) fn all(programs: &[Program], questions: &[Question], options: &Options) -> anyhow::Result<Vec<Outcome>> {
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<(usize, Vec<Outcome>)>> = Mutex::new(Vec::new());
    let terminal = std::io::stderr().is_terminal();
    let work = || -> anyhow::Result<()> {
        let mut hosts = programs.iter().map(Host::start).collect::<anyhow::Result<Vec<_>>>()?;
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(question) = questions.get(i) else { return Ok(()) };
            let outcomes = one(&mut hosts, question, options).with_context(|| question.id.clone())?;
            if terminal && i.is_multiple_of(TELL) {
                eprint!("\r{}: {i} of {} ", question.part.name(), questions.len());
                let _ = std::io::stderr().flush();
            }
            if let Ok(mut found) = found.lock() {
                found.push((i, outcomes));
            }
        }
    };
    thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, Into::into);
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|w| w.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a worker panicked"))))
    })?;
    if terminal {
        eprint!("\r{:40}\r", "");
    }
    let mut found = found.into_inner().unwrap_or_default();
    found.sort_by_key(|(i, _)| *i);
    Ok(found.into_iter().flat_map(|(_, outcomes)| outcomes).collect())
}

/// Asks all hosts at once, and compares the first one's answer with Helm's, the others' with the first one's.
fn one(hosts: &mut [Host], question: &Question, options: &Options) -> anyhow::Result<Vec<Outcome>> {
    let call = question.call()?;
    let mut asked: Vec<_> =
        hosts.iter_mut().filter(|host| options.asks(host.kind, question.part, question.number)).collect();
    for host in &mut asked {
        host.send(call.call, &call.input)?;
    }
    let mut answers = Vec::new();
    for host in &mut asked {
        answers.push((host.kind.name(), host.receive()?));
    }
    let Some(((first, wanted), others)) = answers.split_first() else { return Ok(Vec::new()) };
    let outcome = |host, with, found: Option<String>| {
        let head = format!("── {} {}: {host} is not as {with}", call.call, question.id);
        Outcome { part: question.part, host, with, difference: found.map(|found| format!("{head}\n{found}")) }
    };
    let mut outcomes = Vec::new();
    if let Some(helm) = &call.helm {
        outcomes.push(outcome(*first, "Helm", helm.difference(wanted)));
    }
    for (host, answer) in others {
        outcomes.push(outcome(*host, *first, (answer != wanted).then(|| excerpts(wanted, answer))));
    }
    Ok(outcomes)
}
