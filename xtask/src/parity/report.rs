//! The results of the comparisons.

use std::collections::BTreeMap;

use super::Part;

/// An answer that was compared with another.
pub(super) struct Outcome {
    pub(super) part: Part,
    /// The host that answered.
    pub(super) host: &'static str,
    /// What its answer was compared with.
    pub(super) with: &'static str,
    /// How it differs.
    pub(super) difference: Option<String>,
}

/// All of them.
#[derive(Default)]
pub(super) struct Report {
    /// The number of answers and of differences, by part, host and reference.
    counts: BTreeMap<(Part, &'static str, &'static str), (usize, usize)>,
    differences: Vec<String>,
}

impl Report {
    pub(super) fn add(&mut self, outcome: Outcome) {
        let (compared, differ) = self.counts.entry((outcome.part, outcome.host, outcome.with)).or_default();
        *compared += 1;
        if let Some(difference) = outcome.difference {
            *differ += 1;
            self.differences.push(difference);
        }
    }

    /// The number of differences.
    pub(super) fn differing(&self) -> usize {
        self.differences.len()
    }

    /// Prints the first differences, a row for each part and host, and the sum.
    pub(super) fn print(&self, show: usize) {
        for difference in self.differences.iter().take(show) {
            println!("{difference}\n");
        }
        println!("{:<10} {:<8} {:<8} {:>9} {:>7}", "part", "host", "as", "compared", "differ");
        let mut all = 0;
        for ((part, host, with), (compared, differ)) in &self.counts {
            all += compared;
            println!("{:<10} {host:<8} {with:<8} {compared:>9} {differ:>7}", part.name());
        }
        println!("{all} compared, {} differ", self.differing());
    }
}
