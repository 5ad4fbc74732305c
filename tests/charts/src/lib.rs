//! The base charts under `templates/charts`, as tests read and render them.
#![allow(clippy::disallowed_methods, reason = "tests read the charts from their folders")]

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::Context;
use chartwright::{File, FixedWorld, LoadedChart, Objects, Request, TextOptions};

/// The base charts, by the names of their folders.
pub const CHARTS: [&str; 3] = ["modulebase", "databasebase", "jobbase"];

/// The objects of the platform that tests render on.
pub const PLATFORM: &str = include_str!("../platform.yaml");

/// The folder of a base chart.
pub fn folder(chart: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/charts").join(chart)
}

/// A file of a base chart.
///
/// # Errors
/// If it cannot be read.
pub fn text(chart: &str, path: &str) -> anyhow::Result<String> {
    let path = folder(chart).join(path);
    fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// The cases of a base chart: the values files in its folder `ci`, by name.
///
/// # Errors
/// If the folder cannot be read.
pub fn cases(chart: &str) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder(chart).join("ci"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(name) = name.strip_suffix("-values.yaml") {
            cases.push((name.to_owned(), fs::read(&path)?));
        }
    }
    cases.sort();
    Ok(cases)
}

/// A base chart, loaded from its folder.
///
/// # Errors
/// If it cannot be read, or is not a chart.
pub fn load(chart: &str) -> anyhow::Result<LoadedChart> {
    let root = folder(chart);
    let mut files = Vec::new();
    read_folder(&root, &root, &mut files)?;
    Ok(LoadedChart::from_folder(chart, files)?)
}

fn read_folder(root: &Path, folder: &Path, files: &mut Vec<File>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            files.push(File { name: name.as_str().into(), data: fs::read(&path)?.into() });
        }
    }
    Ok(())
}

/// Renders a base chart as release `demo` in namespace `shop`, with a fixed seed.
/// `objects` are what `lookup` finds.
///
/// # Errors
/// Helm's message.
pub fn render(chart: &LoadedChart, values: &[u8], settings: &[&str], objects: &str) -> anyhow::Result<String> {
    let mut world = FixedWorld::seeded(1);
    world.objects = Objects::default();
    world.objects.add_yaml(objects.as_bytes())?;
    let mut request = Request::default();
    request.options.release.name = "demo".into();
    request.options.release.namespace = "shop".into();
    request.values.values = settings.iter().map(|s| (*s).into()).collect();
    let world = Rc::new(Given { world, values: values.to_vec() });
    request.values.files.push("values".into());
    let rendered = chart.render(&request, world)?;
    let mut text = rendered.text(TextOptions::default());
    text.extend_from_slice(b"---\n# NOTES\n");
    text.extend_from_slice(rendered.notes());
    Ok(String::from_utf8(text)?)
}

/// A fixed world with one file of values.
struct Given {
    world: FixedWorld,
    values: Vec<u8>,
}

impl chartwright::World for Given {
    fn lookup(&self, query: &chartwright::LookupQuery) -> Result<chartwright::Value, chartwright::FuncError> {
        self.world.lookup(query)
    }

    fn file(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.values.clone())
    }

    fn now(&self) -> (i64, u32) {
        self.world.now()
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), chartwright::FuncError> {
        self.world.random(buffer)
    }
}
