//! What differed, shown so that one sees the first difference at once.

/// The outcome of one part of the kit.
pub(crate) struct Report {
    /// The part's name.
    pub(crate) part: &'static str,
    /// How many answers were Helm's.
    pub(crate) equal: usize,
    /// Those that were not.
    pub(crate) differences: Vec<Difference>,
}

/// One answer that is not Helm's.
pub(crate) struct Difference {
    pub(crate) id: String,
    /// What was asked.
    pub(crate) input: String,
    pub(crate) wanted: Vec<u8>,
    pub(crate) got: Vec<u8>,
}

impl Report {
    pub(crate) fn total(&self) -> usize {
        self.equal + self.differences.len()
    }

    pub(crate) fn percent(&self) -> f64 {
        100.0 * self.equal as f64 / self.total().max(1) as f64
    }

    pub(crate) fn print(&self, show: usize, list: bool) {
        for d in self.differences.iter().take(show) {
            d.print(self.part);
        }
        if list {
            for d in &self.differences {
                println!("{}\t{}", self.part, d.id);
            }
        }
    }
}

impl Difference {
    fn print(&self, part: &str) {
        println!("── {part}: {}\n   {}", self.id, clip(self.input.as_bytes(), 600));
        let wanted: Vec<&[u8]> = self.wanted.split(|b| *b == b'\n').collect();
        let got: Vec<&[u8]> = self.got.split(|b| *b == b'\n').collect();
        let first = (0..wanted.len().max(got.len()))
            .find(|i| match (wanted.get(*i), got.get(*i)) {
                (Some(w), Some(g)) => !super::mask::line_matches(w, g),
                _ => true,
            })
            .unwrap_or(0);
        println!("   first difference in line {} (Helm: {} lines, we: {})", first + 1, wanted.len(), got.len());
        for i in first.saturating_sub(2)..first {
            println!("     {}", clip(wanted.get(i).copied().unwrap_or_default(), 300));
        }
        for i in first..first + 4 {
            if let Some(w) = wanted.get(i) {
                println!("   - {}", clip(w, 700));
            }
        }
        for i in first..first + 4 {
            if let Some(g) = got.get(i) {
                println!("   + {}", clip(g, 700));
            }
        }
    }
}

fn clip(bytes: &[u8], most: usize) -> String {
    let cut = &bytes[..bytes.len().min(most)];
    let mut s = cut.escape_ascii().to_string();
    if let Ok(text) = std::str::from_utf8(cut)
        && !text.contains(char::is_control)
    {
        s = text.to_owned();
    }
    if bytes.len() > most {
        s.push('…');
    }
    s
}
