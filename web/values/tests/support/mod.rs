//! What several tests share: charts, forms as lines, and what each edit of a form must do.
#![allow(dead_code, reason = "each test uses a part of it")]

pub(crate) mod check;
pub(crate) mod dice;
pub(crate) mod drawn;

use std::rc::Rc;

use chartwright_values::{FormSource, Questions, Schema};

/// A chart's files that forms are drawn from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chart {
    pub(crate) name: String,
    pub(crate) values: String,
    pub(crate) schema: Option<String>,
    pub(crate) questions: Option<String>,
    /// An override that a person wrote.
    pub(crate) mine: Option<String>,
}

impl Chart {
    pub(crate) fn source(&self) -> FormSource {
        FormSource {
            schema: self.schema.as_ref().map(|text| Rc::new(Schema::read(text).unwrap())),
            questions: self.questions.as_ref().map(|text| Rc::new(Questions::read(text).unwrap())),
        }
    }
}

/// The charts in `tests/data`.
#[expect(clippy::disallowed_methods, reason = "a test reads its data")]
pub(crate) fn data() -> Vec<Chart> {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut dirs: Vec<_> = std::fs::read_dir(dir).unwrap().map(|dir| dir.unwrap().path()).collect();
    dirs.sort();
    let charts = dirs.iter().map(|dir| {
        let read = |name: &str| std::fs::read_to_string(dir.join(name)).ok();
        Chart {
            name: dir.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            values: read("values.yaml").expect("each has values"),
            schema: read("values.schema.json"),
            questions: read("questions.yaml").or_else(|| read("questions.yml")),
            mine: read("mine.yaml"),
        }
    });
    charts.collect()
}

/// A generator of numbers that are the same each time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    pub(crate) fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }
}
