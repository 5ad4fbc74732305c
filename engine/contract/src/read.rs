//! Reading inputs and writing answers.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::answer::{Answer, Failure};
use crate::bytes::escape;
use crate::{API_VERSION, FailureKind, Hint, RenderOutput, locate, nearest};

/// Reads an input, which says the contract's version.
///
/// # Errors
/// Kind `version` if it is of another version, `input` where it is not
/// the JSON that is wanted.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Failure> {
    // An input of another version may well have other fields: that is the better message.
    check_version(json)?;
    read_json(json)
}

/// What is read of an input to know its version.
#[derive(record::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    api_version: Option<Value>,
}

fn check_version(json: &[u8]) -> Result<(), Failure> {
    // What is not an object at all is told by what reads it whole.
    let head = serde_json::from_slice::<Head>(json).ok().filter(|_| json.trim_ascii_start().starts_with(b"{"));
    let Some(head) = head else { return Ok(()) };
    let message = match head.api_version {
        Some(Value::String(version)) if version == API_VERSION => return Ok(()),
        Some(Value::String(other)) => format!("apiVersion {other:?} is not known here: this engine speaks"),
        Some(_) => "apiVersion is not text: this engine speaks".to_owned(),
        None => "apiVersion is missing: this engine speaks".to_owned(),
    };
    Err(Failure::new(FailureKind::Version, format!("{message} {API_VERSION:?}")))
}

/// Reads JSON without a version in it.
///
/// Messages name the path of what does not fit, and the type that was found, but never a value: it may be a password.
///
/// # Errors
/// Kind `input`, with the nearest known name where one is unknown.
pub fn read_json<T: DeserializeOwned>(json: &[u8]) -> Result<T, Failure> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = T::deserialize(&mut reader).map_err(|error| {
        // What is not JSON has a place, and no value that it belongs to.
        let path = if error.is_data() { locate::path(json, error.line(), error.column()) } else { String::new() };
        unfit(&path, &error)
    })?;
    reader.end().map_err(|error| unfit("", &error))?;
    Ok(value)
}

/// What does not fit, as a failure.
fn unfit(path: &str, error: &serde_json::Error) -> Failure {
    let text = error.to_string();
    // serde_json puts the place behind the message; it has fields of its own here.
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = without_value(text.strip_suffix(&place).unwrap_or(&text));
    let (unknown, hint) = match unknown_name(&message) {
        Some((name, known)) => (Some(name), nearest(name, known).map(Hint::DidYouMean)),
        None => (None, None),
    };
    // The path of an unknown field ends in its name, which the message has.
    let path = match unknown {
        Some(name) if message.starts_with("unknown field") => {
            path.strip_suffix(name).map_or(path, |around| around.trim_end_matches('.'))
        }
        _ => path,
    };
    let text = if path.is_empty() { message.clone() } else { format!("{path}: {message}") };
    let mut failure = Failure::new(FailureKind::Input, text);
    failure.line = u32::try_from(error.line()).ok().filter(|&l| l > 0);
    failure.column = u32::try_from(error.column()).ok().filter(|&c| c > 0);
    failure.hints.extend(hint);
    failure
}

/// serde's message without the value that it quotes: `invalid type: string "…", expected a boolean`.
fn without_value(message: &str) -> String {
    let quoting = message.starts_with("invalid type: ") || message.starts_with("invalid value: ");
    match message.rfind(", expected ").filter(|_| quoting) {
        Some(end) => {
            let found = &message[..end];
            let found = found.find(['`', '"']).map_or(found, |quote| found[..quote].trim_end());
            format!("{found}{}", &message[end..])
        }
        None => message.to_owned(),
    }
}

/// The name that serde does not know, and those that it does.
fn unknown_name(message: &str) -> Option<(&str, Vec<&str>)> {
    let rest = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("unknown variant `"))?;
    let (name, known) = rest.split_once("`, expected ")?;
    // Names are between backticks: every other part is one.
    Some((name, known.split('`').skip(1).step_by(2).collect()))
}

/// Writes an answer.
pub fn write<T: Serialize>(result: Result<T, Failure>) -> Vec<u8> {
    let answer = Answer::from(result);
    serde_json::to_vec(&answer).unwrap_or_else(|error| {
        let failure = Failure::new(FailureKind::Output, error.to_string());
        serde_json::to_vec(&Answer::<()>::from(Err(failure))).expect("a failure is text, which is always JSON")
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
        assert_eq!(
            read::<CheckInput>(input("chartwright.dev/engine/v9").as_bytes()).unwrap_err().kind,
            FailureKind::Version
        );
        assert_eq!(read::<CheckInput>(br#"{"descriptors": []}"#).unwrap_err().kind, FailureKind::Version);
        assert_eq!(read::<CheckInput>(b"{").unwrap_err().kind, FailureKind::Input);
        assert_eq!(read::<CheckInput>(b"[1]").unwrap_err().kind, FailureKind::Input);
    }

    #[test]
    fn answers_come_back() {
        let output = CheckOutput::default();
        let json = write(Ok(output.clone()));
        let answer: Answer<CheckOutput> = serde_json::from_slice(&json).unwrap();
        assert_eq!(answer.into_result(), Ok(output));
        let json = write::<CheckOutput>(Err(Failure::new(FailureKind::Chart, "no chart")));
        let answer: Answer<CheckOutput> = serde_json::from_slice(&json).unwrap();
        assert_eq!(answer.into_result().unwrap_err().message, "no chart");
        assert_eq!(
            Answer::<()> { api_version: "x".into(), result: None, error: None }.into_result().unwrap_err().kind,
            FailureKind::Version
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
        let failure = || Err(Failure::new(FailureKind::Chart, "no chart"));
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
            let wanted: Vec<Hint> = expected.iter().map(|n| Hint::DidYouMean((*n).into())).collect();
            assert_eq!(hints, wanted, "{unknown}");
        }
    }
}
