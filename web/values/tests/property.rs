//! Edits of the form, of the text, and resets in any order: the model holds what its text says, Helm's merge of that is
//! what is effective, and comments elsewhere stay.

use chartwright_values::{Map, Model, Path, Step, Value, coalesce, parse, to_text};

const DEFAULTS: &str = "\
replicas: 1
image: {repository: nginx, tag: '1.27', pull: null}
service:
  type: ClusterIP
  ports:
    - name: http
      port: 80
    - name: https
      port: 443
labels: {}
env: []
deep:
  a:
    b:
      c: x
mode: 0644
";

/// A generator of numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }

    fn key(&mut self) -> &'static str {
        self.of(&[
            "replicas", "image", "service", "labels", "env", "deep", "a", "b", "c", "tag", "ports", "x.y/z", "yes",
            "8080", "k k",
        ])
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 5 } else { 8 }) {
            0 => Value::Null,
            1 => Value::Bool(self.below(2) == 0),
            2 => parse(self.of(&["0", "-1", "0755", "1e3", "1.50", "12345678901234567890", "0x1F", "1_000"])).unwrap(),
            3 | 4 => Value::from(self.of(&[
                "",
                "web",
                "true",
                "null",
                "1.0",
                "0x1f",
                "a: b",
                "a #b",
                "- x",
                "two\nlines\n",
                "two\nlines",
                "\n",
                "end\n\n",
                "  indented\nx",
                "tab\there",
                "é ü",
                "'q'",
                "\"",
                "\\",
                "{{ .Values.a }}",
                "*",
                "x,y",
                "[z]",
                "~",
                "12:30",
            ])),
            5 => Value::from((0..self.below(3)).map(|_| self.value(depth - 1)).collect::<Vec<_>>()),
            _ => Value::from((0..self.below(3)).map(|_| (self.key().into(), self.value(depth - 1))).collect::<Map>()),
        }
    }

    /// A path that is there, or nearly.
    fn path(&mut self, values: &Value) -> Path {
        let mut path = Path::root();
        let mut value = Some(values);
        for _ in 0..1 + self.below(4) {
            let step = match value {
                Some(Value::List(items)) => Step::Index(self.below(items.len() + 1)),
                Some(Value::Map(map)) if !map.is_empty() && self.below(3) > 0 => {
                    Step::Key(map.keys().nth(self.below(map.len())).unwrap().clone())
                }
                _ => Step::Key(self.key().into()),
            };
            path = path.join(step);
            value = values.get(&path);
        }
        path
    }

    /// A change of the text as a person makes it, which may leave it broken.
    fn typed(&mut self, text: &str) -> String {
        match self.below(6) {
            0 => format!("{text}# comment {}\n", self.below(100)),
            1 => format!("# head {}\n{text}", self.below(100)),
            2 => {
                let lines: Vec<_> = text.lines().collect();
                let skip = self.below(lines.len() + 1);
                lines.iter().enumerate().filter(|(i, _)| *i != skip).map(|(_, l)| format!("{l}\n")).collect()
            }
            3 => format!("{text}{}: [", self.key()),
            4 => {
                let add = |l: &str| {
                    if l.trim().is_empty() || l.contains(['#', '|', '"', '\'']) {
                        l.to_owned()
                    } else {
                        format!("{l} # c")
                    }
                };
                text.lines().map(|l| add(l) + "\n").collect()
            }
            _ => to_text(&self.value(3)),
        }
    }
}

/// The comments of a text that stand on lines of their own.
fn comments(text: &str) -> Vec<String> {
    text.lines().filter(|l| l.trim_start().starts_with("# ")).map(|l| l.trim().to_owned()).collect()
}

/// The same with what Helm cannot tell apart made alike.
fn check(model: &Model, what: &str) {
    if model.error().is_none() {
        let values = match parse(model.text()).unwrap_or_else(|e| panic!("{what}: {e}\n{}", model.text())) {
            Value::Null => Value::empty_map(),
            values => values,
        };
        assert_eq!(values, *model.values(), "{what}\n{}", model.text());
    }
    assert_eq!(coalesce(model.defaults(), model.values()), *model.values_with_all(), "{what}");
}

#[test]
fn all_edits_commute_with_the_model() {
    let (mut made, mut refused) = (0, 0);
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let mut model = Model::new(DEFAULTS).unwrap();
        for step in 0..40 {
            let before = model.clone();
            let from = if dice.below(2) == 0 { model.values_with_all() } else { model.values() };
            let path = dice.path(from);
            let list = path.split_last().map(|(parent, _)| parent).unwrap_or_default();
            let index = dice.below(4);
            let value = dice.value(2);
            let what =
                format!("seed {seed}, step {step}, path {path}, value {}, text:\n{}", to_text(&value), model.text());
            let kind = dice.below(10);
            let result = match kind {
                0 => {
                    model.set_text(&dice.typed(before.text()));
                    Ok(())
                }
                1 => model.unset(&path),
                2 => model.insert_item(&list, index, value.clone()),
                3 => model.remove_item(&list, index),
                4 => model.move_item(&list, index, dice.below(3)),
                5 => model.rename_key(&path, dice.key()),
                6 => model.remove_key(&path),
                7 => {
                    if dice.below(2) == 0 {
                        model.undo()
                    } else {
                        model.redo()
                    };
                    Ok(())
                }
                _ => model.set(&path, value.clone()),
            };
            check(&model, &what);
            if let Err(e) = &result {
                assert_eq!((model.text(), model.values()), (before.text(), before.values()), "{e}: {what}");
                refused += 1;
                // Half of the time, a person mends what they broke.
                if model.error().is_some() && dice.below(2) == 0 {
                    model.undo();
                    check(&model, &what);
                }
                continue;
            }
            made += 1;
            match kind {
                // What was set is there, and nothing else has changed.
                8 | 9 => {
                    assert_eq!(model.values().get(&path), Some(&value), "{what}\n{}", model.text());
                    let first_list =
                        path.steps().iter().position(|s| matches!(s, Step::Index(_))).unwrap_or(path.len());
                    let place = path.prefix(first_list);
                    let other = |m: &Model| m.values().with(place.steps(), Value::Null);
                    if before.values().get(&place).is_some() {
                        assert_eq!(other(&model), other(&before), "{what}");
                    }
                }
                // Within a list, it is what stands at its place below.
                1 => {
                    let in_list = path.steps().iter().any(|s| matches!(s, Step::Index(_)));
                    let is_item = matches!(path.last(), Some(Step::Index(_)));
                    let left = model.values().get(&path);
                    assert!(
                        left.is_none() || is_item || (in_list && left == model.values_below().get(&path)),
                        "{what}"
                    );
                }
                _ => {}
            }
            // Comments go only with what they stand in.
            if matches!(kind, 2..=6 | 8 | 9) {
                let place = path.prefix(1);
                if before.values().get(&place).is_some_and(Value::is_scalar) || before.values().get(&place).is_none() {
                    let now = comments(model.text());
                    let mut left = now.iter();
                    let stay = comments(before.text()).iter().all(|c| left.any(|other| other == c));
                    assert!(stay, "{what}\n{}", model.text());
                }
            }
            // What is reset is as if it had never been.
            if matches!(kind, 8 | 9) && before.values().get(&path.prefix(1)).is_none() {
                let mut reset = model.clone();
                reset.unset(&path.prefix(1)).unwrap();
                check(&reset, &what);
                assert_eq!(reset.values(), before.values(), "{what}");
            }
            // Undo brings back all of it.
            if kind != 7 && model.text() != before.text() {
                model.checkpoint();
                let mut undone = model.clone();
                assert!(undone.undo(), "{what}");
                if kind != 0 {
                    assert_eq!((undone.text(), undone.values()), (before.text(), before.values()), "{what}");
                }
                undone.redo();
                assert_eq!((undone.text(), undone.values()), (model.text(), model.values()), "{what}");
            }
            // So does a visit later.
            let mut later = Model::new(DEFAULTS).unwrap();
            later.restore(&model.snapshot());
            assert_eq!((later.text(), later.values_with_all()), (model.text(), model.values_with_all()), "{what}");
        }
    }
    assert!(made > 3000, "{made} edits were made, {refused} refused");
}
