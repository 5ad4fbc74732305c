//! Reading inputs and writing answers.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer::{Answer, Failure};
use crate::bytes::escape;
use crate::{API_VERSION, CheckInput, ExpandInput, Maps, PlanInput, RenderInput, RenderOutput, nearest};

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    #[serde(default)]
    api_version: Option<String>,
}

/// What a call takes, with the contract's version in it.
pub trait Input: DeserializeOwned {
    /// `apiVersion`
    fn api_version(&self) -> &str;
}

macro_rules! inputs {
    ($($input:ty),*) => {
        $(impl Input for $input {
            fn api_version(&self) -> &str {
                &self.api_version
            }
        })*
    };
}

inputs!(PlanInput, ExpandInput, RenderInput, CheckInput);

/// Reads an input.
///
/// # Errors
/// Kind `version` where it is of another version, `input` where it is not
/// the JSON that is wanted.
pub fn read<T: Input>(json: &[u8]) -> Result<T, Failure> {
    match parse::<T>(json) {
        Ok(input) => check_version(Some(input.api_version())).map(|()| input),
        Err(error) => {
            // An input of another version may well have other fields: that is the better message.
            if let Ok(version) = parse::<Version>(json) {
                check_version(version.api_version.as_deref())?;
            }
            Err(wrong(&error))
        }
    }
}

fn check_version(version: Option<&str>) -> Result<(), Failure> {
    match version {
        Some(API_VERSION) => Ok(()),
        Some(other) => {
            let message = format!("apiVersion {other:?} is not known here: this engine speaks {API_VERSION:?}");
            Err(Failure::new("version", message))
        }
        None => Err(Failure::new("version", format!("apiVersion is missing: this engine speaks {API_VERSION:?}"))),
    }
}

/// Reads JSON without a version in it.
///
/// # Errors
/// Kind `input`, with the nearest known name where one is unknown.
pub fn read_json<T: DeserializeOwned>(json: &[u8]) -> Result<T, Failure> {
    parse(json).map_err(|error| wrong(&error))
}

fn parse<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    let mut json = serde_json::Deserializer::from_slice(json);
    let value = T::deserialize(Maps(&mut json))?;
    json.end().map(|()| value)
}

/// Writes an answer.
pub fn write<T: Serialize>(result: Result<T, Failure>) -> Vec<u8> {
    let answer = Answer::from(result);
    serde_json::to_vec(&answer).unwrap_or_else(|error| {
        let failure = Failure::new("output", error.to_string());
        serde_json::to_vec(&Answer::<()>::from(Err(failure))).unwrap_or_default()
    })
}

/// Writes the answer of `render`: as [`write()`] does, sooner.
pub fn write_render(result: Result<RenderOutput, Failure>) -> Vec<u8> {
    let mut output = match result {
        Ok(output) => output,
        Err(failure) => return write::<RenderOutput>(Err(failure)),
    };
    let text = std::mem::take(&mut output.text);
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

fn wrong(error: &serde_json::Error) -> Failure {
    let message = error.to_string();
    let mut failure = Failure::new("input", message.clone());
    failure.line = u32::try_from(error.line()).ok().filter(|&l| l > 0);
    failure.column = u32::try_from(error.column()).ok().filter(|&c| c > 0);
    failure.hints.extend(meant(&message).map(|name| format!("did you mean {name:?}?")));
    failure
}

/// The known name that is nearest to the unknown one, from serde's message:
/// "unknown field `a`, expected one of `b`, `c` at line 1 column 2".
fn meant(message: &str) -> Option<String> {
    let (head, known) = message.split_once(", expected ")?;
    let unknown = head.strip_prefix("unknown field `").or(head.strip_prefix("unknown variant `"))?.strip_suffix('`')?;
    nearest(unknown, known.split('`').skip(1).step_by(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CheckInput, CheckOutput};

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
            assert_eq!(write_render(Ok(output.clone())), write(Ok(output)));
        }
        let failure = || Err(Failure::new("chart", "no chart"));
        assert_eq!(write_render(failure()), write::<RenderOutput>(failure()));
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
