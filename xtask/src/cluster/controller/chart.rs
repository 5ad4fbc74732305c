//! The base chart of these tests, as the archive of a source.

use flate2::Compression;
use flate2::write::GzEncoder;

/// What the chart renders: a ConfigMap.
pub(super) const TEMPLATE: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
data:
  word: {{ .Values.word | quote }}
";

/// A template that needs a fact of the platform.
pub(super) const NEEDS_FACTS: &str = "\
{{ if not (lookup \"v1\" \"ConfigMap\" \"cw-platform\" \"facts\") }}{{ fail \"the platform has no facts\" }}{{ end }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
data:
  word: {{ .Values.word | quote }}
";

/// The chart below these folders.
pub(super) fn archive(folder: &str, template: &str) -> anyhow::Result<Vec<u8>> {
    targz(&[
        (&format!("{folder}/Chart.yaml"), "apiVersion: v2\nname: tiny\nversion: 1.0.0\n"),
        (&format!("{folder}/values.yaml"), "word: none\n"),
        (&format!("{folder}/templates/map.yaml"), template),
    ])
}

/// An archive of files.
pub(super) fn targz(files: &[(&str, &str)]) -> anyhow::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o600);
        builder.append_data(&mut header, name, text.as_bytes())?;
    }
    Ok(builder.into_inner()?.finish()?)
}
