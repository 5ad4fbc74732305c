//! JSON with its numbers as written, to be made and changed by chance.

use crate::conformance::random::Random;

/// A JSON value.
#[derive(Clone)]
pub(super) enum Json {
    /// A number, `true`, `false`, `null`, or a string: its text.
    Scalar(String),
    List(Vec<Json>),
    /// Keys may be there twice.
    Map(Vec<(String, Json)>),
}

impl From<&serde_json::Value> for Json {
    fn from(value: &serde_json::Value) -> Json {
        match value {
            serde_json::Value::Array(items) => Json::List(items.iter().map(Json::from).collect()),
            serde_json::Value::Object(entries) => {
                Json::Map(entries.iter().map(|(key, value)| (key.clone(), Json::from(value))).collect())
            }
            scalar => Json::Scalar(scalar.to_string()),
        }
    }
}

impl Json {
    /// A string.
    pub(super) fn text(text: &str) -> Json {
        Json::Scalar(serde_json::Value::from(text).to_string())
    }

    /// A number or word.
    pub(super) fn raw(text: &str) -> Json {
        Json::Scalar(text.to_owned())
    }

    pub(super) fn write(&self, out: &mut String) {
        match self {
            Json::Scalar(text) => out.push_str(text),
            Json::List(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Json::Map(entries) => {
                out.push('{');
                for (i, (key, value)) in entries.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// How many values there are in it, itself included.
    pub(super) fn size(&self) -> usize {
        1 + match self {
            Json::Scalar(_) => 0,
            Json::List(items) => items.iter().map(Json::size).sum(),
            Json::Map(entries) => entries.iter().map(|(_, value)| value.size()).sum(),
        }
    }

    /// The value of that number, counted as [`size`](Json::size) counts.
    pub(super) fn at(&mut self, mut n: usize) -> &mut Json {
        if n == 0 {
            return self;
        }
        n -= 1;
        let children: Vec<&mut Json> = match self {
            Json::Scalar(_) => unreachable!("a scalar has size 1"),
            Json::List(items) => items.iter_mut().collect(),
            Json::Map(entries) => entries.iter_mut().map(|(_, value)| value).collect(),
        };
        for child in children {
            let size = child.size();
            if n < size {
                return child.at(n);
            }
            n -= size;
        }
        unreachable!("the sizes of the children add up")
    }

    /// Makes it what a chart can have as values: Helm loads no chart with numbers beyond `float64`.
    pub(super) fn loadable(&mut self) {
        match self {
            Json::Scalar(text) if text.parse().is_ok_and(f64::is_infinite) => *text = "0".to_owned(),
            Json::Scalar(_) => {}
            Json::List(items) => items.iter_mut().for_each(Json::loadable),
            Json::Map(entries) => entries.iter_mut().for_each(|(_, value)| value.loadable()),
        }
    }

    /// Any of the values in it.
    pub(super) fn any(&mut self, random: &mut Random) -> &mut Json {
        let n = random.below(self.size());
        self.at(n)
    }

    /// Changes one thing; `make` makes values.
    pub(super) fn mutate(&mut self, random: &mut Random, keys: &[&str], make: &mut dyn FnMut(&mut Random) -> Json) {
        let copy = self.any(random).clone();
        let node = self.any(random);
        match random.below(8) {
            0 => *node = copy,
            1 | 2 => *node = make(random),
            op => match node {
                Json::Map(entries) if !entries.is_empty() && op < 6 => {
                    let i = random.below(entries.len());
                    match op {
                        3 => drop(entries.remove(i)),
                        4 => entries[i].0 = random.pick(keys).to_owned(),
                        _ => entries.push((random.pick(keys).to_owned(), make(random))),
                    }
                }
                Json::Map(entries) => entries.push((random.pick(keys).to_owned(), copy)),
                Json::List(items) if !items.is_empty() && op < 5 => drop(items.remove(random.below(items.len()))),
                Json::List(items) if op < 7 => items.push(make(random)),
                Json::List(items) => items.push(copy),
                Json::Scalar(_) => *node = make(random),
            },
        }
    }
}
