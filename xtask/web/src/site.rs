//! What is served: files under their final names, the list of them, and compressed copies.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::names::{hash, hashed, rename};

/// What the service worker's text has where the list of files goes.
const PLACEHOLDER: &str = "[/* assets */]";

/// Endings of files that are text, and may refer to others.
const TEXTS: [&str; 7] = ["css", "html", "js", "json", "mjs", "svg", "webmanifest"];

/// Endings of files that get a compressed copy.
const COMPRESSED: [&str; 10] = ["css", "html", "js", "json", "mjs", "svg", "txt", "wasm", "webmanifest", "yaml"];

/// Files by their paths, and what became of them.
pub(crate) struct Site {
    sources: BTreeMap<String, Vec<u8>>,
    /// New path and content, by old path.
    done: BTreeMap<String, (String, Vec<u8>)>,
}

/// A file, as the service worker knows it.
#[derive(Serialize)]
struct Asset<'a> {
    url: &'a str,
    hash: String,
}

impl Site {
    /// Gives all files their final names.
    pub(crate) fn new(sources: BTreeMap<String, Vec<u8>>) -> anyhow::Result<Site> {
        let mut site = Site { sources, done: BTreeMap::new() };
        for path in site.sources.keys().cloned().collect::<Vec<_>>() {
            site.finish(&path, &mut BTreeSet::new())?;
        }
        site.list()?;
        Ok(site)
    }

    /// Finishes a file, and before it those that it refers to.
    fn finish(&mut self, path: &str, open: &mut BTreeSet<String>) -> anyhow::Result<()> {
        if self.done.contains_key(path) {
            return Ok(());
        }
        if !open.insert(path.to_owned()) {
            bail!("{path} refers to itself through other files");
        }
        let content = self.sources.get(path).cloned().unwrap_or_default();
        let content = match String::from_utf8(content) {
            Ok(text) if is_one_of(path, &TEXTS) && !is_data(path) => self.refer(path, &text, open)?.into_bytes(),
            Ok(text) => text.into_bytes(),
            Err(error) => error.into_bytes(),
        };
        let name = if is_kept(path) { path.to_owned() } else { hashed(path, &content) };
        self.done.insert(path.to_owned(), (name, content));
        open.remove(path);
        Ok(())
    }

    /// The text of a file, with the final names of those that it refers to.
    fn refer(&mut self, path: &str, text: &str, open: &mut BTreeSet<String>) -> anyhow::Result<String> {
        let mut renamed = Vec::new();
        for other in self.sources.keys().filter(|other| *other != path && !is_kept(other)).cloned().collect::<Vec<_>>()
        {
            let probe = (other.clone(), format!("{other}?"));
            if rename(path, text, &[probe]) == text {
                continue;
            }
            self.finish(&other, open)?;
            if let Some((name, _)) = self.done.get(&other) {
                renamed.push((other, name.clone()));
            }
        }
        // The longest first: one path may be the end of another.
        renamed.sort_by_key(|(old, _)| std::cmp::Reverse(old.len()));
        Ok(rename(path, text, &renamed))
    }

    /// Writes the list of files, for people and for the service worker.
    fn list(&mut self) -> anyhow::Result<()> {
        let files = self.done.values().filter(|(name, _)| !is_data(name) && name != "sw.js");
        let assets: Vec<Asset<'_>> = files.map(|(name, content)| Asset { url: name, hash: hash(content) }).collect();
        let json = serde_json::to_string(&assets)?;
        if let Some((_, content)) = self.done.get_mut("sw.js") {
            let text = String::from_utf8_lossy(content).replace(PLACEHOLDER, &json);
            *content = text.into_bytes();
        }
        self.done.insert("assets.json".into(), ("assets.json".into(), json.into_bytes()));
        Ok(())
    }

    /// Old path, final path and content of all files.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str, &[u8])> {
        self.done.iter().map(|(old, (new, content))| (old.as_str(), new.as_str(), content.as_slice()))
    }

    /// Writes everything into a new folder, and puts that in the place of an older one.
    pub(crate) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let new = folder.with_extension("new");
        remove(&new)?;
        for (_, name, content) in self.files() {
            let path = new.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, content).with_context(|| format!("writing {name}"))?;
            if is_one_of(name, &COMPRESSED) {
                fs::write(new.join(format!("{name}.gz")), gzip(content)?)
                    .with_context(|| format!("writing {name}.gz"))?;
            }
        }
        remove(folder)?;
        fs::rename(&new, folder).context("putting the new folder in its place")
    }
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).context("removing an older build"),
        _ => Ok(()),
    }
}

/// The content as `gzip -9` makes it, without a name and a time.
pub(crate) fn gzip(content: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn is_one_of(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

/// Catalogs have digests of their own where they need them.
fn is_data(path: &str) -> bool {
    path.starts_with("catalog/")
}

/// Whether a file keeps its name: addresses that people, browsers and other pages know.
fn is_kept(path: &str) -> bool {
    let known = ["embed.js", "favicon.ico", "robots.txt", "sw.js"];
    is_data(path) || known.contains(&path) || is_one_of(path, &["html", "webmanifest"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> anyhow::Result<Site> {
        Site::new(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
    }

    #[test]
    fn files_refer_to_the_final_names() {
        let files = [
            ("app.js", "import.meta.engine = ['charts.wasm'];"),
            ("catalog/catalog.json", r#"["app.js"]"#),
            ("charts.wasm", "module"),
            ("icons/a.svg", "<svg/>"),
            ("index.html", r#"<link href="styles/a.css"><script src="app.js"></script>"#),
            ("styles/a.css", "@import 'b.css';"),
            ("styles/b.css", "a { background: url(../icons/a.svg) }"),
            ("sw.js", "const assets = [/* assets */];"),
        ];
        let site = site(&files).unwrap();
        let shown: String =
            site.files().map(|(_, name, text)| format!("{name}: {}\n", String::from_utf8_lossy(text))).collect();
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn circles_are_found() {
        let error = site(&[("a.js", "'b.js'"), ("b.js", "'a.js'")]).err().unwrap();
        assert_eq!(error.to_string(), "a.js refers to itself through other files");
    }
}
