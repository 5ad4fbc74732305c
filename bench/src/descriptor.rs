//! A descriptor: read, expand, level 1, level 2.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use chartwright::api::{Engine, has_errors, read_platform};
use chartwright::{File, LoadedChart};
use clap::Args;
use contract::{
    API_VERSION, Archive, Base64, CapabilitiesGiven, ChartGiven, ExpandInput, Layers, Limits, Mode, PlanInput,
    ReleaseGiven, RenderInput, Selection, Subject, TextFile, WorldGiven,
};

use crate::median;

/// What to expand and render, and how often.
#[derive(Args)]
pub(crate) struct Descriptor {
    /// The descriptor.
    file: PathBuf,
    /// Folder of the base charts.
    #[arg(long)]
    charts: PathBuf,
    /// The platform facts.
    #[arg(long)]
    platform: PathBuf,
    /// The component whose setting changes between renders with loaded charts.
    #[arg(long)]
    vary: String,
    /// Number of repetitions.
    #[arg(short, default_value_t = 20)]
    n: usize,
}

/// Measures a descriptor.
pub(crate) fn measure(args: &Descriptor) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&args.file).with_context(|| args.file.display().to_string())?;
    let file = TextFile { name: args.file.display().to_string(), text };
    let charts = charts(&file, &args.charts)?;
    let platform = read_platform("platform", &std::fs::read(&args.platform)?).map_err(|e| failed(&e))?;
    let input = RenderInput {
        api_version: API_VERSION.to_owned(),
        subject: Subject::Descriptor(file.clone()),
        charts: charts.clone(),
        values: Layers::default(),
        files: Vec::new(),
        release: ReleaseGiven::default(),
        capabilities: CapabilitiesGiven::default(),
        world: WorldGiven { platform: Some(platform), seed: Some(1), ..WorldGiven::default() },
        limits: Limits::default(),
        mode: Mode::Flux,
        strict: false,
        skip_schema_validation: false,
        show_secrets: true,
        want: Selection { crds: true, hooks: true, ..Selection::default() },
    };
    let (mut whole, mut again, mut edited, mut expand) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut bytes, mut objects) = (0, 0);
    for _ in 0..args.n {
        let start = Instant::now();
        let output = Engine::default().render(&input).map_err(|e| failed(&e))?;
        whole.push(start.elapsed().as_nanos() as f64);
        anyhow::ensure!(!has_errors(&output.problems), "{:?}", output.problems);
        (bytes, objects) = (output.text.0.len(), output.objects.len());
    }
    // As in a long-lived host: charts that were sent before are named by digest.
    let mut engine = Engine::default();
    let known: Vec<ChartGiven> = charts
        .iter()
        .map(|given| {
            let archive = Archive { data: None, ..given.archive.clone() };
            ChartGiven { archive, ..given.clone() }
        })
        .collect();
    engine.render(&input).map_err(|e| failed(&e))?;
    for i in 0..args.n {
        let set = format!("{}.config.VARIED=value-{i}", args.vary);
        let values = Layers { set: vec![set], ..Layers::default() };
        let input = RenderInput { charts: known.clone(), values, ..input.clone() };
        let start = Instant::now();
        let output = engine.render(&input).map_err(|e| failed(&e))?;
        again.push(start.elapsed().as_nanos() as f64);
        anyhow::ensure!(output.objects.len() == objects, "{} objects", output.objects.len());
        let wanted = format!("VARIED: value-{i}\n");
        anyhow::ensure!(String::from_utf8_lossy(&output.text.0).contains(&wanted), "no {wanted}");
    }
    for i in 0..args.n {
        // A developer edits the descriptor: a value changes, and with it the module chart and its schema.
        let text = file.text.replacen("image: {name: ", &format!("image: {{name: edit-{i}-"), 1);
        anyhow::ensure!(text != file.text, "no component names its image on one line");
        let subject = Subject::Descriptor(TextFile { text, ..file.clone() });
        let input = RenderInput { charts: known.clone(), subject, ..input.clone() };
        let start = Instant::now();
        let output = engine.render(&input).map_err(|e| failed(&e))?;
        edited.push(start.elapsed().as_nanos() as f64);
        anyhow::ensure!(output.objects.len() == objects, "{:?}", output.problems);
    }
    for _ in 0..args.n {
        let input = ExpandInput {
            api_version: API_VERSION.to_owned(),
            descriptor: file.clone(),
            charts: known.clone(),
            ..ExpandInput::default()
        };
        let start = Instant::now();
        let output = engine.expand(&input).map_err(|e| failed(&e))?;
        expand.push(start.elapsed().as_nanos() as f64);
        anyhow::ensure!(!output.archive.0.is_empty(), "{:?}", output.problems);
    }
    let line = serde_json::json!({
        "descriptor": args.file,
        "runs": args.n,
        "objects": objects,
        "bytes": bytes,
        "first_ns": whole.first(),
        "median_ns": median(&mut whole),
        "again_ns": median(&mut again),
        "edited_ns": median(&mut edited),
        "expand_ns": median(&mut expand),
    });
    println!("{line}");
    Ok(())
}

/// The charts that a descriptor wants, each from the folder of its name.
fn charts(file: &TextFile, folder: &Path) -> anyhow::Result<Vec<ChartGiven>> {
    let plan = PlanInput { api_version: API_VERSION.to_owned(), subject: Subject::Descriptor(file.clone()) };
    let plan = Engine::default().plan(&plan).map_err(|e| failed(&e))?;
    let mut charts = Vec::new();
    for wanted in plan.charts {
        let name = wanted.chart.rsplit('/').next().unwrap_or_default();
        let mut files = Vec::new();
        add(&folder.join(name), "", &mut files)?;
        let chart = LoadedChart::from_folder(name, files)?;
        let data = helm::chart::pack(name, chart.chart().raw());
        let digest = Some(chartwright::api::digest(&data));
        let archive = Archive { name: name.to_owned(), digest, data: Some(Base64(data)), ..Archive::default() };
        charts.push(ChartGiven { wanted, archive, ..ChartGiven::default() });
    }
    Ok(charts)
}

fn add(folder: &Path, prefix: &str, files: &mut Vec<File>) -> anyhow::Result<()> {
    let mut entries =
        std::fs::read_dir(folder).with_context(|| folder.display().to_string())?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            add(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push(File { name: name.into(), data: std::fs::read(entry.path())?.into() });
        }
    }
    Ok(())
}

fn failed(failure: &contract::Failure) -> anyhow::Error {
    anyhow::anyhow!("{}", failure.message)
}
