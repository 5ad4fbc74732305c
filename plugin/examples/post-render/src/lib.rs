//! A post-renderer: an Extism plugin that changes manifests before they are printed. This one lets images come from a
//! mirror.
//!
//! `cargo build -p chartwright-example-post-render --target wasm32-unknown-unknown --profile wasm` builds it.
#![allow(missing_docs, reason = "the macro of the exports drops theirs")]

use extism_pdk::{FnResult, plugin_fn};

const FROM: &str = "docker.io/";
const TO: &str = "mirror.example.org/docker/";

/// Takes manifests as YAML documents, and gives back those that are to be printed.
#[plugin_fn]
pub fn post_render(manifests: String) -> FnResult<String> {
    let mut out = String::new();
    for line in manifests.lines() {
        // `image: "docker.io/…"`, also as the first field of a list's element
        let field = line.trim_start_matches([' ', '-']);
        if field.starts_with("image:") {
            out.push_str(&line.replacen(FROM, TO, 1));
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    Ok(out)
}
