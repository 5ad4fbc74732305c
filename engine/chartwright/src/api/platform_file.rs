//! Platform files.

use contract::{Failure, FailureKind, Platform};

/// Reads a platform file: YAML with the fields of [`Platform`].
///
/// # Errors
/// Kind `platform`, with line and nearest name where one is known. The message
/// never has the file's values in it.
pub fn read_platform(name: &str, text: &[u8]) -> Result<Platform, Failure> {
    let failure = |message: String| Failure { file: Some(name.to_owned()), ..Failure::new(FailureKind::Platform, message) };
    let value = goyaml::yaml::from_yaml_map(text).map_err(|e| failure(format!("{name}: {e}")))?;
    let json = goyaml::json::to_json(&govalue::Value::Map(value), false).map_err(|e| failure(e.to_string()))?;
    contract::read_json(&json)
        .map_err(|error| Failure { hints: error.hints, ..failure(format!("{name}: {}", error.message)) })
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
