//! How long a descriptor with six components takes: `cargo run --release -p chartwright-descriptors --example speed`.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures and prints")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use chartwright::Chart;
use chartwright_descriptors::{base, loaded, render};
use descriptor::expand::{Options, expand};
use descriptor::types::Template;

const ROUNDS: usize = 201;

fn main() -> anyhow::Result<()> {
    let text = include_str!("../tests/descriptors/six.yaml");
    let chart = base("1.2.0")?;
    for layout in ["releases", "umbrella"] {
        let text = text.replace("layout: releases", &format!("layout: {layout}"));
        let bases = |_: &Template| -> Option<Arc<Chart>> { Some(Arc::clone(chart.chart())) };
        let (mut read, mut expanded, mut packed, mut rendered) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (parsed, _) = time(&mut read, || descriptor::read::parse("six.yaml", &text));
            let Some(parsed) = parsed else { continue };
            let result = time(&mut expanded, || expand(&parsed, &bases, &Options::default()));
            let Ok(result) = result else { continue };
            time(&mut packed, || result.archive());
            let module = loaded(&result)?;
            time(&mut rendered, || render(&module, "{}"))?;
        }
        println!(
            "{layout}: read {:?}, expand {:?}, archive {:?}, render level 1 {:?} (medians of {ROUNDS})",
            median(read),
            median(expanded),
            median(packed),
            median(rendered)
        );
    }
    Ok(())
}

fn time<T>(times: &mut Vec<Duration>, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    times.push(start.elapsed());
    result
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
