//! `chartwright new`: a new descriptor, from a few answers.

mod ask;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use descriptor::scaffold::{Answers, ENGINES, NewComponent, check_image, check_name, descriptor, guess};
use descriptor::types::{SourceKind, SourceRef};

use crate::exit::{self, Stop};

use ask::Asker;

/// Writes a commented descriptor, and asks for what the flags do not give.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// File to write, with or without .yaml; - for standard output [default: NAME.yaml]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Name of the module
    #[arg(long)]
    name: Option<String>,
    /// Version of the module
    #[arg(long, value_name = "VERSION")]
    module_version: Option<String>,
    /// One sentence about the module
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The components.
    #[arg(
        long,
        help = "A component: NAME=IMAGE[,port=PORT][,expose|,internal][,database=ENGINE][,job][,depends=NAME+NAME] (repeatable)",
        value_name = "COMPONENT",
        value_parser = component
    )]
    component: Vec<NewComponent>,
    /// Flux source of the base charts: KIND/[NAMESPACE/]NAME
    #[arg(long, value_name = "SOURCE", value_parser = base_charts, default_value = "GitRepository/marketplace/basecharts")]
    base_charts: SourceRef,
    /// Do not ask: use defaults for what is not given
    #[arg(short, long)]
    yes: bool,
    /// Overwrite an existing file
    #[arg(long)]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  chartwright new shop                              # asks for version and components, writes shop.yaml
  chartwright new shop.yaml --name shop --yes \\
    --component web=ghcr.io/shop/web:1.4.0,port=8080,depends=db \\
    --component db=postgres:17
  chartwright new - --name shop --component web=nginx:1.27.3 --yes | chartwright check -

Exit codes:
  0  written
  1  the file cannot be written: it exists, for example
  2  an invalid command line or answer";

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    exit::with(new(options).map(|()| 0))
}

fn new(options: &Options) -> Result<(), Stop> {
    let mut asker = Asker::new(options.yes);
    let to_stdout = options.file.as_deref().is_some_and(|f| f.as_os_str() == "-");
    let file = options.file.as_ref().filter(|_| !to_stdout).map(|file| match file.extension() {
        Some(_) => file.clone(),
        None => file.with_extension("yaml"),
    });
    let from_file = file.as_deref().and_then(Path::file_stem);
    let name_by_file = from_file.map(|n| n.to_string_lossy().into_owned()).filter(|n| check_name(n).is_ok());
    let name = match &options.name {
        Some(name) => checked(name.clone(), check_name)?,
        None => {
            asker.ask("Name of the module", name_by_file.as_deref().unwrap_or("mymodule"), check_name).map_err(usage)?
        }
    };
    let version = match &options.module_version {
        Some(version) => checked(version.clone(), check_version)?,
        None => asker.ask("Version", "0.1.0", check_version).map_err(usage)?,
    };
    let description = match &options.description {
        Some(text) => text.clone(),
        None => asker.ask("What is it, in a sentence", "", |_| Ok(())).map_err(usage)?,
    };
    let components = match options.component.as_slice() {
        [] => ask_components(&mut asker, &name).map_err(usage)?,
        given => given.to_vec(),
    };
    known(&components)?;
    let base_charts = options.base_charts.clone();
    let text = descriptor(&Answers { name: name.clone(), version, description, components, base_charts });
    if to_stdout {
        let written = std::io::stdout().lock().write_all(text.as_bytes());
        return written.map_err(|e| (format!("cannot write the output: {e}"), 1));
    }
    let path = file.unwrap_or_else(|| PathBuf::from(format!("{name}.yaml")));
    super::import::put(&path, &text, options.force, false)?;
    crate::say!("wrote {0}; next: chartwright check {0}", path.display());
    Ok(())
}

fn usage(message: String) -> Stop {
    (message, 2)
}

fn checked(value: String, check: fn(&str) -> Result<(), String>) -> Result<String, Stop> {
    check(&value).map_err(usage)?;
    Ok(value)
}

fn check_version(version: &str) -> Result<(), String> {
    match gosemver::Version::parse_strict(version.as_bytes()) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("{version} is not a semantic version; an example is 1.0.0")),
    }
}

/// Every name is given once, and every dependency exists.
fn known(components: &[NewComponent]) -> Result<(), Stop> {
    let names: Vec<&str> = components.iter().map(|c| c.name.as_str()).collect();
    for (i, component) in components.iter().enumerate() {
        if names[..i].contains(&component.name.as_str()) {
            return Err(usage(format!("component {} is given twice", component.name)));
        }
        if let Some(missing) =
            component.depends_on.iter().find(|d| !names.contains(&d.as_str()) || **d == component.name)
        {
            return Err(usage(format!(
                "{} cannot depend on {missing}: the components are {}",
                component.name,
                names.join(", ")
            )));
        }
    }
    Ok(())
}

fn ask_components(asker: &mut Asker, module: &str) -> Result<Vec<NewComponent>, String> {
    let mut components: Vec<NewComponent> = Vec::new();
    loop {
        let first = components.is_empty();
        let default = if first { module } else { "" };
        let prompt = if first { "Name of the first component" } else { "Name of the next component (empty to finish)" };
        let fine = |name: &str| if name.is_empty() && !first { Ok(()) } else { check_name(name) };
        let name = asker.ask(prompt, default, fine)?;
        if name.is_empty() {
            return Ok(components);
        }
        let image = asker.ask("  Image, with its tag", &format!("{name}:1.0.0"), check_image)?;
        let guess = guess(&image);
        let number = |t: &str| t.parse::<u16>().map(drop).map_err(|_| format!("{t} is not a port"));
        let port = asker.ask("  Port on which the container listens (0: none)", &guess.port.to_string(), number)?;
        let engine = |t: &str| match t {
            "no" => Ok(()),
            t if ENGINES.contains(&t) => Ok(()),
            _ => Err(format!("answer no, or one of {}", ENGINES.join(", "))),
        };
        let database =
            asker.ask("  Database engine (no: not a database)", guess.database.as_deref().unwrap_or("no"), engine)?;
        let database = Some(database).filter(|d| d != "no");
        let exposed = database.is_none() && asker.yes_or_no("  Reachable from outside the cluster", guess.exposed)?;
        let port = port.parse().unwrap_or_default();
        components.push(NewComponent { name, image, port, exposed, database, ..NewComponent::default() });
        if asker.is_silent() {
            return Ok(components);
        }
    }
}

/// Reads `NAME=IMAGE[,port=…][,expose]…`.
fn component(text: &str) -> Result<NewComponent, String> {
    let (name, rest) = text.split_once('=').ok_or("write NAME=IMAGE, such as web=nginx:1.27.3")?;
    check_name(name)?;
    let mut parts = rest.split(',');
    let image = parts.next().unwrap_or_default();
    check_image(image)?;
    let mut component = NewComponent { name: name.to_owned(), ..guess(image) };
    for part in parts {
        match part.split_once('=') {
            Some(("port", port)) => component.port = port.parse().map_err(|_| format!("{port} is not a port"))?,
            Some(("database", engine)) if ENGINES.contains(&engine) => component.database = Some(engine.to_owned()),
            Some(("database", engine)) => {
                return Err(format!("{engine} is not a known database engine: write one of {}", ENGINES.join(", ")));
            }
            Some(("depends", names)) => component.depends_on = names.split('+').map(str::to_owned).collect(),
            None if part == "expose" => component.exposed = true,
            None if part == "internal" => component.exposed = false,
            None if part == "job" => component.job = true,
            _ => {
                return Err(format!(
                    "{part:?} is not known: write port=, expose, internal, database=, job or depends="
                ));
            }
        }
    }
    Ok(component)
}

/// Reads `KIND/[NAMESPACE/]NAME`.
pub(crate) fn base_charts(text: &str) -> Result<SourceRef, String> {
    let parts: Vec<&str> = text.split('/').collect();
    let (kind, namespace, name) = match parts.as_slice() {
        [kind, name] => (*kind, None, *name),
        [kind, namespace, name] => (*kind, Some((*namespace).to_owned()), *name),
        _ => return Err("write KIND/NAME or KIND/NAMESPACE/NAME".to_owned()),
    };
    let kinds = [
        SourceKind::GitRepository,
        SourceKind::HelmRepository,
        SourceKind::OCIRepository,
        SourceKind::Bucket,
        SourceKind::ExternalArtifact,
    ];
    let kind = kinds.into_iter().find(|k| format!("{k:?}").eq_ignore_ascii_case(kind));
    let kind = kind.ok_or_else(|| format!("the kind must be one of {}", kinds.map(|k| format!("{k:?}")).join(", ")))?;
    for part in namespace.iter().map(String::as_str).chain([name]) {
        check_name(part)?;
    }
    Ok(SourceRef { kind, name: name.to_owned(), namespace })
}
