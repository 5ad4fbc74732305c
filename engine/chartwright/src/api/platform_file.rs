//! Platform files.

use contract::{Failure, FailureKind, Platform};

/// Reads a platform file: YAML with the fields of [`Platform`].
///
/// # Errors
/// Kind `platform`, with line and nearest name where one is known. The message
/// never has the file's values in it: a parser that cannot go on may well quote a password.
pub fn read_platform(name: &str, text: &[u8]) -> Result<Platform, Failure> {
    let value = goyaml::yaml::from_yaml_map(text).map_err(|error| {
        let line = line(&error.to_string());
        let at = line.map_or(String::new(), |line| format!(" line {line}:"));
        let message = format!("{name}:{at} this is not YAML with a key for each fact");
        Failure { file: Some(name.to_owned()), line, ..Failure::new(FailureKind::Platform, message) }
    })?;
    let failure =
        |message: String| Failure { file: Some(name.to_owned()), ..Failure::new(FailureKind::Platform, message) };
    let json = goyaml::json::to_json(&govalue::Value::Map(value), false)
        .map_err(|_| failure(format!("{name}: a value cannot be read as text")))?;
    // Its messages have names and types in them, but no values.
    contract::read_json(&json)
        .map_err(|error| Failure { hints: error.hints, ..failure(format!("{name}: {}", error.message)) })
}

/// The line that a parser names: all that is taken from its message.
fn line(message: &str) -> Option<u32> {
    let (_, behind) = message.split_once("line ")?;
    behind.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platform_files_are_read() {
        let platform = read_platform("p.yaml", b"registry: ghcr.io\ndomain: example.org\ntoken: t0ken\n").unwrap();
        assert_eq!(platform.domain.as_deref(), Some("example.org"));
        let error = read_platform("p.yaml", b"registry: ghcr.io\ndomian: example.org\n").unwrap_err();
        assert!(error.message.contains("`domian`"), "{}", error.message);
        assert_eq!(error.hints, [contract::Hint::DidYouMean("domain".into())]);
        assert!(read_platform("p.yaml", b"[1, 2]").unwrap_err().message.starts_with("p.yaml: "));
    }
}
