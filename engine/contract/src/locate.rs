//! Which value of a JSON text a place belongs to.
//!
//! Messages name the path of what does not fit. Noting it while an input is read costs each reader of a type its own
//! code, an eighth of what reads the contract; here it is found afterwards, from the place of the error.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// One step of a path.
enum Step {
    Key(String),
    Item(usize),
}

/// The path of the value that `serde_json` was reading, or had just read, at a line and a column, both as its errors
/// count them: `world.objects[0].name`. The text itself is `""`.
pub(crate) fn path(json: &[u8], line: usize, column: usize) -> String {
    let before: usize = json.split_inclusive(|b| *b == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let mut end = before.saturating_add(column).min(json.len());
    // A list or an object that does not fit is refused before its bracket is read.
    end += usize::from(matches!(json.get(end), Some(b'[' | b'{')));
    let mut steps = Vec::new();
    // The text is cut, so reading fails where it ends, and the steps to there are left.
    let _ = Walk { steps: &mut steps, depth: 0, step: None }
        .deserialize(&mut serde_json::Deserializer::from_slice(&json[..end]));
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Item(index) => text.push_str(&format!("[{index}]")),
            Step::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(&key);
            }
        }
    }
    text
}

/// Reads a value of any kind and keeps the steps to where reading is.
struct Walk<'s> {
    steps: &'s mut Vec<Step>,
    /// How many steps lead to the value.
    depth: usize,
    /// The step to the value, taken when the value begins.
    step: Option<Step>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        if let Some(step) = self.step.take() {
            self.steps.truncate(self.depth);
            self.steps.push(step);
            self.depth += 1;
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Walk { steps, depth, .. } = self;
        let mut index = 0;
        while items.next_element_seed(Walk { steps, depth, step: Some(Step::Item(index)) })?.is_some() {
            index += 1;
        }
        steps.truncate(depth);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let Walk { steps, depth, .. } = self;
        while let Some(key) = fields.next_key()? {
            steps.truncate(depth);
            steps.push(Step::Key(key));
            fields.next_value_seed(Walk { steps, depth: depth + 1, step: None })?;
        }
        steps.truncate(depth);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_located() {
        let cases = [
            (r#"{"a": {"b": [1, ^{"c": 2}]}}"#, "a.b[1]"),
            (r#"{"a": {"b": [1, {"c": 2^}]}}"#, "a.b[1].c"),
            (r#"{"a": {"b": [1, {"c": 2}^]}}"#, "a.b[1]"),
            (r#"{"a": {"b": [1, {"c": 2}]^}}"#, "a.b"),
            (r#"{"a": {"b": [1^, {"c": 2}]}}"#, "a.b[0]"),
            (r#"{"a": {"b": []}^}"#, "a"),
            (r#"{"a": {"b": []}}^"#, ""),
            (r#"{"a": ^[1]}"#, "a"),
            ("{\n  \"a\": 1,\n  \"b\"^: 2\n}", "b"),
            ("{\n  \"a\": [\n    tr^oe\n  ]\n}", "a[0]"),
            ("[[], [[^]]]", "[1][0]"),
            ("[[], ^[[]]]", "[1]"),
            ("^", ""),
        ];
        for (text, expected) in cases {
            let at = text.find('^').unwrap();
            let (line, column) = text[..at].split('\n').fold((0, 0), |(line, _), rest| (line + 1, rest.len()));
            assert_eq!(path(text.replace('^', "").as_bytes(), line, column), expected, "{text}");
        }
        assert_eq!(path(b"{\"a\": 1", 7, 90), "a");
    }
    /// What `serde_path_to_error` notes while it reads.
    fn noted<T: serde::de::DeserializeOwned>(json: &[u8]) -> Option<(String, serde_json::Error)> {
        let mut reader = serde_json::Deserializer::from_slice(json);
        let error = serde_path_to_error::deserialize::<_, T>(&mut reader).err()?;
        let mut text = String::new();
        for segment in error.path() {
            match segment {
                serde_path_to_error::Segment::Seq { index } => text.push_str(&format!("[{index}]")),
                serde_path_to_error::Segment::Map { key } if text.is_empty() => text.push_str(key),
                serde_path_to_error::Segment::Map { key } => text.push_str(&format!(".{key}")),
                _ => {}
            }
        }
        Some((text, error.into_inner()))
    }

    #[test]
    fn paths_are_those_noted_while_reading() {
        let input = include_str!("locate_input.json");
        assert_eq!(noted::<crate::RenderInput>(input.as_bytes()).map(|(path, e)| format!("{path}: {e}")), None);
        let values = ["null", "true", "7", "-1.5", "\"x\"", "[]", "[1]", "{}", "{\"x\": 1}", "?"];
        let mut compared = 0;
        // Every key and every value in turn becomes each of these.
        let starts = |at: &usize| input[..*at].trim_end().ends_with(['{', '[', ',', ':']);
        for start in (0..input.len()).filter(starts) {
            let mut reader = serde_json::Deserializer::from_str(&input[start..]).into_iter::<serde::de::IgnoredAny>();
            let Some(Ok(_)) = reader.next() else { continue };
            let end = start + reader.byte_offset();
            for value in values {
                let json = format!("{} {value}{}", &input[..start], &input[end..]);
                let Some((expected, error)) = noted::<crate::RenderInput>(json.as_bytes()) else { continue };
                if !error.is_data() {
                    continue;
                }
                let found = path(json.as_bytes(), error.line(), error.column());
                let message = error.to_string();
                // The check of a whole subject comes after it, and is noted as what is around it.
                let expected = if message.starts_with("a subject has") { "subject" } else { &expected };
                // A key that is read in place of a word.
                let found =
                    found.strip_suffix(".x").filter(|_| message.starts_with("unknown variant")).unwrap_or(&found);
                assert_eq!(found, expected, "{message}\n{json}");
                compared += 1;
            }
        }
        assert!(compared > 300, "{compared}");
    }
}
