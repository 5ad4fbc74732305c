//! What is served: files under their final names, the list of them, and compressed copies.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
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

/// For each file, the files with digests in their names that it refers to.
type References<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Files under their final names.
pub(crate) struct Site {
    /// New path and content, by old path.
    done: BTreeMap<String, (String, Vec<u8>)>,
}

/// A file, as the service worker knows it.
#[derive(Serialize)]
struct Asset {
    url: String,
    hash: String,
}

impl Site {
    /// Gives all files their final names.
    pub(crate) fn new(sources: BTreeMap<String, Vec<u8>>) -> anyhow::Result<Site> {
        let references: References<'_> =
            sources.iter().map(|(path, content)| (path.as_str(), references(path, content, &sources))).collect();
        let names: BTreeMap<&str, String> =
            sources.keys().map(|path| (path.as_str(), name(path, &sources, &references))).collect();
        let mut done = BTreeMap::new();
        for (path, content) in &sources {
            let content = match (std::str::from_utf8(content), references.get(path.as_str())) {
                (Ok(text), Some(others)) if !others.is_empty() => {
                    let pair = |other: &&str| Some(((*other).to_owned(), names.get(other)?.clone()));
                    let mut renamed: Vec<(String, String)> = others.iter().filter_map(pair).collect();
                    // The longest first: one path may be the end of another.
                    renamed.sort_by_key(|(old, _)| std::cmp::Reverse(old.len()));
                    rename(path, text, &renamed).into_bytes()
                }
                _ => content.clone(),
            };
            let name = names.get(path.as_str()).context("every file has a name")?;
            done.insert(path.clone(), (name.clone(), content));
        }
        let mut site = Site { done };
        site.list()?;
        Ok(site)
    }

    /// Writes the list of files, for people and for the service worker.
    fn list(&mut self) -> anyhow::Result<()> {
        let asset = |(name, content): &'_ (String, Vec<u8>)| Asset { url: name.clone(), hash: hash(content) };
        let files = self.done.iter().filter(|(old, _)| !is_data(old) && *old != "sw.js");
        let assets: Vec<Asset> = files.clone().map(|(_, file)| asset(file)).collect();
        // Who visits the page does not need what is for other pages.
        let kept: Vec<Asset> =
            files.filter(|(old, _)| !old.starts_with("embed")).map(|(_, file)| asset(file)).collect();
        let (json, kept) = (serde_json::to_string(&assets)?, serde_json::to_string(&kept)?);
        if let Some((_, content)) = self.done.get_mut("sw.js") {
            let text = String::from_utf8_lossy(content).replace(PLACEHOLDER, &kept);
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
                #[cfg(feature = "brotli")]
                fs::write(new.join(format!("{name}.br")), brotli(content)?)
                    .with_context(|| format!("writing {name}.br"))?;
            }
        }
        remove(folder)?;
        fs::rename(&new, folder).context("putting the new folder in its place")
    }
}

/// The files that a text refers to, without those that keep their names.
fn references<'a>(path: &str, content: &[u8], sources: &'a BTreeMap<String, Vec<u8>>) -> BTreeSet<&'a str> {
    let Some(text) = std::str::from_utf8(content).ok().filter(|_| is_one_of(path, &TEXTS) && !is_data(path)) else {
        return BTreeSet::new();
    };
    let refers = |other: &&str| rename(path, text, &[((*other).to_owned(), format!("{other}?"))]) != text;
    sources.keys().map(String::as_str).filter(|other| *other != path && !is_kept(other)).filter(refers).collect()
}

/// The final name of a file: its digest is that of its content, and of all that it leads to, so that files may refer to
/// each other.
fn name(path: &str, sources: &BTreeMap<String, Vec<u8>>, references: &References<'_>) -> String {
    if is_kept(path) {
        return path.to_owned();
    }
    let mut reached = BTreeSet::from([path]);
    let mut open = vec![path];
    while let Some(next) = open.pop() {
        open.extend(references.get(next).into_iter().flatten().filter(|other| reached.insert(other)));
    }
    reached.remove(path);
    let content = |path: &str| sources.get(path).map(Vec::as_slice).unwrap_or_default();
    let mut all = content(path).to_vec();
    for other in reached {
        all.extend(hashed(other, content(other)).into_bytes());
    }
    hashed(path, &all)
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

/// The content as `brotli -q 11` makes it.
#[cfg(feature = "brotli")]
fn brotli(content: &[u8]) -> anyhow::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
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
    fn what_is_for_other_pages_is_not_kept_with_the_page() {
        let files =
            [("app.js", "1"), ("embed.html", "2"), ("embed.js", "3"), ("sw.js", "const assets = [/* assets */];")];
        let site = site(&files).unwrap();
        let text = |wanted: &str| {
            let file = site.files().find(|(old, ..)| *old == wanted).map(|(.., text)| String::from_utf8_lossy(text));
            file.unwrap_or_default()
        };
        assert!(text("assets.json").contains("embed.js"));
        assert!(text("sw.js").contains("app-") && !text("sw.js").contains("embed"), "{}", text("sw.js"));
    }

    #[test]
    fn names_follow_what_files_lead_to() {
        let name = |files: &[(&str, &str)]| {
            let site = site(files).unwrap();
            let name = site.files().find(|(old, ..)| *old == "a.js").map(|(_, new, _)| new.to_owned());
            name.unwrap()
        };
        let circle = |text| name(&[("a.js", "'b.js'"), ("b.js", "'a.js' 'c.js'"), ("c.js", text)]);
        assert_eq!(circle("1"), circle("1"));
        assert_ne!(circle("1"), circle("2"));
        let site = site(&[("a.js", "'b.js'"), ("b.js", "'a.js'")]).unwrap();
        let files: Vec<_> = site.files().collect();
        for ((_, _, text), (_, other, _)) in [(files[0], files[2]), (files[2], files[0])] {
            assert_eq!(String::from_utf8_lossy(text), format!("'{other}'"));
        }
    }
}
