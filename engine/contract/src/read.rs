//! Reading inputs and writing answers.

use serde::Serialize;
use serde_json::Value;

use crate::answer::{Answer, Failure};
use crate::bytes::escape;
use crate::from_json::{FromJson, Unfit};
use crate::{API_VERSION, RenderOutput};

/// Reads an input, which says the contract's version.
///
/// # Errors
/// Kind `version` where it is of another version, `input` where it is not
/// the JSON that is wanted.
pub fn read<T: FromJson>(json: &[u8]) -> Result<T, Failure> {
    let value = parse(json)?;
    // An input of another version may well have other fields: that is the better message.
    check_version(&value)?;
    T::from_json(value).map_err(|unfit| wrong(&unfit))
}

fn check_version(value: &Value) -> Result<(), Failure> {
    let message = match value.get("apiVersion") {
        Some(Value::String(version)) if version == API_VERSION => return Ok(()),
        Some(Value::String(other)) => format!("apiVersion {other:?} is not known here: this engine speaks"),
        Some(_) => "apiVersion is not text: this engine speaks".to_owned(),
        None if value.is_object() => "apiVersion is missing: this engine speaks".to_owned(),
        None => return Ok(()),
    };
    Err(Failure::new("version", format!("{message} {API_VERSION:?}")))
}

/// Reads JSON without a version in it.
///
/// # Errors
/// Kind `input`, with the nearest known name where one is unknown.
pub fn read_json<T: FromJson>(json: &[u8]) -> Result<T, Failure> {
    T::from_json(parse(json)?).map_err(|unfit| wrong(&unfit))
}

fn parse(json: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(json).map_err(|error| {
        let mut failure = Failure::new("input", error.to_string());
        failure.line = u32::try_from(error.line()).ok().filter(|&l| l > 0);
        failure.column = u32::try_from(error.column()).ok().filter(|&c| c > 0);
        failure
    })
}

fn wrong(unfit: &Unfit) -> Failure {
    let mut failure = Failure::new("input", unfit.to_string());
    failure.hints.extend(unfit.hint().map(str::to_owned));
    failure
}

/// Writes an answer.
pub fn write<T: Serialize>(result: Result<T, Failure>) -> Vec<u8> {
    let answer = Answer::from(result);
    serde_json::to_vec(&answer).unwrap_or_else(|error| {
        let failure = Failure::new("output", error.to_string());
        serde_json::to_vec(&Answer::<()>::from(Err(failure))).unwrap_or_default()
    })
}

/// Writes the answer of `render`: as [`write()`] does, sooner; or with the text behind it, as [`parts`] takes it.
pub fn write_render(result: Result<RenderOutput, Failure>, raw: bool) -> Vec<u8> {
    let mut output = match result {
        Ok(output) => output,
        Err(failure) => return write::<RenderOutput>(Err(failure)),
    };
    let text = std::mem::take(&mut output.text);
    if raw {
        let mut answer = write(Ok(output));
        answer.push(0);
        answer.extend_from_slice(&text.0);
        return answer;
    }
    if let Ok(plain) = std::str::from_utf8(&text.0) {
        let head = format!("{{\"apiVersion\":\"{API_VERSION}\",\"result\":{{\"text\":\"");
        let rest = write(Ok(&output));
        if let Some(rest) = rest.strip_prefix(head.as_bytes()) {
            let mut json = Vec::with_capacity(head.len() + rest.len() + plain.len() + plain.len() / 8);
            json.extend_from_slice(head.as_bytes());
            escape(plain, &mut json);
            json.extend_from_slice(rest);
            return json;
        }
    }
    write(Ok(RenderOutput { text, ..output }))
}

/// The JSON of an answer, and the text behind it where [`crate::Selection::raw`] asked for that.
///
/// ```
/// assert_eq!(contract::parts(b"{}\0a: 1\n"), (&b"{}"[..], Some(&b"a: 1\n"[..])));
/// assert_eq!(contract::parts(b"{}"), (&b"{}"[..], None));
/// ```
pub fn parts(answer: &[u8]) -> (&[u8], Option<&[u8]>) {
    // JSON has no zeros.
    match answer.iter().position(|b| *b == 0) {
        Some(end) => (&answer[..end], Some(&answer[end + 1..])),
        None => (answer, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CheckInput, CheckOutput, Text};

    #[test]
    fn versions_are_compared() {
        let input = |version: &str| format!(r#"{{"apiVersion": {version:?}, "descriptors": []}}"#);
        assert!(read::<CheckInput>(input(API_VERSION).as_bytes()).is_ok());
        assert_eq!(read::<CheckInput>(input("chartwright.dev/engine/v9").as_bytes()).unwrap_err().kind, "version");
        assert_eq!(read::<CheckInput>(br#"{"descriptors": []}"#).unwrap_err().kind, "version");
        assert_eq!(read::<CheckInput>(b"{").unwrap_err().kind, "input");
        assert_eq!(read::<CheckInput>(b"[1]").unwrap_err().kind, "input");
    }

    #[test]
    fn answers_come_back() {
        let output = CheckOutput::default();
        let json = write(Ok(output.clone()));
        let answer: Answer<CheckOutput> = serde_json::from_slice(&json).unwrap();
        assert_eq!(answer.into_result(), Ok(output));
        let json = write::<CheckOutput>(Err(Failure::new("chart", "no chart")));
        let answer: Answer<CheckOutput> = serde_json::from_slice(&json).unwrap();
        assert_eq!(answer.into_result().unwrap_err().message, "no chart");
        assert_eq!(
            Answer::<()> { api_version: "x".into(), result: None, error: None }.into_result().unwrap_err().kind,
            "version"
        );
    }

    #[test]
    fn renders_are_written_as_all_answers_are() {
        for text in [&b""[..], b"a: \"b\"\n", b"\xff"] {
            let output = RenderOutput { text: text.to_vec().into(), notes: "n".into(), ..RenderOutput::default() };
            assert_eq!(write_render(Ok(output.clone()), false), write(Ok(output.clone())));
            let answer = write_render(Ok(output.clone()), true);
            let bare = RenderOutput { text: Text::default(), ..output };
            assert_eq!(parts(&answer), (&write(Ok(bare))[..], Some(text)));
        }
        let failure = || Err(Failure::new("chart", "no chart"));
        for raw in [false, true] {
            assert_eq!(write_render(failure(), raw), write::<RenderOutput>(failure()));
        }
    }

    #[test]
    fn the_nearest_name_is_near() {
        let cases = [("descriptor", Some("descriptors")), ("chart", Some("charts")), ("quite-different", None)];
        for (unknown, expected) in cases {
            let json = format!(r#"{{"apiVersion": {API_VERSION:?}, {unknown:?}: []}}"#);
            let hints = read::<CheckInput>(json.as_bytes()).unwrap_err().hints;
            let wanted: Vec<String> = expected.iter().map(|n| format!("did you mean {n:?}?")).collect();
            assert_eq!(hints, wanted, "{unknown}");
        }
    }
}
