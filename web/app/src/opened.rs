//! What a person opens from files: a chart's archive or folder, a descriptor, a compose file.

use std::rc::Rc;

use chartwright_protocol::{Reply, Request};
use chartwright_values::{Map, Value};
use yew::Callback;

use crate::load::Trouble;
use crate::route::{Route, View};
use crate::services::{Handed, Handover, Services};
use crate::shell::{DroppedFile, Event, Toasted};

/// The most bytes that are opened.
const MOST: usize = 96 << 20;

/// What files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A chart's archive.
    Chart(DroppedFile),
    /// A chart's folder: paths are those in the chart.
    Folder {
        /// Its name.
        name: String,
        /// Its files.
        files: Vec<DroppedFile>,
    },
    /// A descriptor.
    Descriptor(DroppedFile),
    /// A compose file, and those beside it.
    Compose(Vec<DroppedFile>),
    /// Values: YAML that is a map, and no Kubernetes object.
    Values(DroppedFile),
}

/// Says what files are.
///
/// # Errors
/// Words for people where they are nothing that this page opens.
pub fn classify(mut files: Vec<DroppedFile>) -> Result<Found, Trouble> {
    let size: usize = files.iter().map(|file| file.bytes.len()).sum();
    if size > MOST {
        return Err(Trouble::new("the files are larger than 96 Mi, which this page does not open")
            .hint("render them with `chartwright render`"));
    }
    let top = files
        .iter()
        .filter(|file| file_name(&file.path) == "Chart.yaml")
        .min_by_key(|file| file.path.matches('/').count());
    if let Some(top) = top {
        let folder = top.path.strip_suffix("Chart.yaml").unwrap_or_default().to_owned();
        let name = folder.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("chart");
        let name = name.to_owned();
        let inside = files.into_iter().filter_map(|file| {
            let path = file.path.strip_prefix(&folder)?.to_owned();
            Some(DroppedFile { path, bytes: file.bytes })
        });
        return Ok(Found::Folder { name, files: inside.collect() });
    }
    if let Some(compose) = files.iter().position(is_compose) {
        let compose = files.remove(compose);
        files.insert(0, compose);
        return Ok(Found::Compose(files));
    }
    let many = files.len() > 1;
    let Some(file) = files.into_iter().next() else { return Err(Trouble::new("there are no files in it")) };
    if many {
        return Err(Trouble::new("several files, and none of them is a Chart.yaml or a compose file")
            .hint("drop one archive, one descriptor, or a chart's whole folder"));
    }
    if file.bytes.is_empty() {
        return Err(Trouble::new(format!("the file {} is empty", file.path)));
    }
    if file.bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Found::Chart(file));
    }
    if file.bytes.starts_with(b"PK") {
        return Err(Trouble::new(format!("the file {} is a zip archive; charts are .tgz archives", file.path))
            .hint("unpack it, and drop the chart's folder"));
    }
    let text = std::str::from_utf8(&file.bytes)
        .map_err(|_| Trouble::new(format!("the file {} is neither an archive nor text", file.path)))?;
    if text.lines().any(|line| line.trim_end() == "kind: HelmChartDescriptor") {
        return Ok(Found::Descriptor(file));
    }
    let named = file.path.ends_with(".yaml") || file.path.ends_with(".yml");
    if !named {
        return Err(unknown(&file.path));
    }
    let values = match chartwright_values::parse(text) {
        Ok(values) => values,
        Err(error) if error.is_yaml => return Err(unknown(&file.path)),
        Err(error) => {
            let line = error.line.map(|line| format!(", line {line}")).unwrap_or_default();
            return Err(Trouble::new(format!("the file {} is not YAML{line}: {}", file.path, error.message)));
        }
    };
    let is_object = |map: &Map| map.get("apiVersion").is_some() && map.get("kind").is_some();
    if values.as_map().is_some_and(|map| !map.is_empty() && !is_object(map)) {
        return Ok(Found::Values(file));
    }
    Err(unknown(&file.path))
}

fn unknown(path: &str) -> Trouble {
    Trouble::new(format!("the file {path} is not a chart, a descriptor or a compose file"))
        .hint("this page opens chart archives (.tgz), chart folders, HelmChartDescriptors and compose files")
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_compose(file: &DroppedFile) -> bool {
    let name = file_name(&file.path);
    let yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    let named = name.starts_with("compose.") || name.starts_with("docker-compose");
    yaml && (named || (!name.starts_with("values") && has_services(&file.bytes)))
}

/// The keys at the top of a compose file, beside those that start with `x-`.
const COMPOSE: [&str; 9] =
    ["version", "name", "include", "services", "networks", "volumes", "configs", "secrets", "models"];

/// Whether a text is a compose file by what it has: services that run something, and nothing that Compose does not
/// know. Values of a chart may have a key `services`, too.
fn has_services(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let Ok(all) = chartwright_values::parse(text) else {
        // What is broken in a compose file is said by its import.
        return text.lines().any(|line| line.trim_end() == "services:");
    };
    let Some(all) = all.as_map() else { return false };
    let runs = |service: &Value| {
        let service = service.as_map();
        service.is_some_and(|service| {
            service.is_empty() || ["image", "build", "extends"].iter().any(|key| service.get(key).is_some())
        })
    };
    let known = |key: &str| COMPOSE.contains(&key) || key.starts_with("x-");
    let services = all.get("services").and_then(Value::as_map);
    services.is_some_and(|services| services.iter().all(|(_, service)| runs(service)))
        && all.iter().all(|(key, _)| known(key))
}

/// What is written beside the bytes of something opened: its kind and its name.
pub const KEPT: &str = "opened:";

/// Reads files that were dropped, keeps them, and opens their view.
pub async fn open(files: Result<Vec<DroppedFile>, Trouble>, services: &Services) {
    let send = &services.shell;
    send.emit(Event::Opening);
    let opened = match files {
        Ok(files) => try_open(files, services, send).await,
        Err(trouble) => Err(trouble),
    };
    if let Err(trouble) = opened {
        send.emit(Event::alarm(&trouble));
    }
}

async fn try_open(files: Vec<DroppedFile>, services: &Services, send: &Callback<Event>) -> Result<(), Trouble> {
    let (kind, name, bytes) = match classify(files)? {
        Found::Chart(file) => ("chart", file.path, file.bytes),
        Found::Folder { name, files } => ("folder", name, bundle(&files)),
        Found::Descriptor(file) => ("descriptor", file.path, file.bytes),
        Found::Compose(files) => return import(files, services, send).await,
        Found::Values(file) => {
            return offer(&file, &crate::shell::current(), &services.handover).map(|event| send.emit(event));
        }
    };
    let digest = keep(kind, &name, &bytes, services).await;
    let to = View::Opened { digest };
    // The view of this very file has been waiting for it, perhaps with the values of a link.
    if crate::shell::current().view == to {
        services.handover.hand(Handed::Found);
    } else {
        send.emit(Event::Go(Route::to(to)));
    }
    Ok(())
}

/// Keeps what was opened, by its digest: a `chart`, a `folder`, a `descriptor`, or a descriptor that was `made` here.
pub async fn keep(kind: &str, name: &str, bytes: &[u8], services: &Services) -> String {
    let digest = digest(bytes).await;
    services.store.set_text(&format!("{KEPT}{digest}"), &format!("{kind} {name}"));
    if !services.store.keep(&digest, bytes).await {
        services.shell.emit(Event::Tell {
            text: "This browser does not keep the file. It is gone when the page is closed.".to_owned(),
            alarm: true,
            action: None,
            then: Toasted::Nothing,
        });
    }
    digest
}

/// Offers a file as the values of the module that is open. They never pass through the address, which the browser's
/// history keeps: they may have passwords.
fn offer(file: &DroppedFile, at: &Route, to: &Handover) -> Result<Event, Trouble> {
    if !matches!(at.view, View::Module { .. } | View::Opened { .. }) || !to.is_open() {
        return Err(unknown(&file.path).hint("if it has values, open a module first, and drop the file there"));
    }
    let values = String::from_utf8_lossy(&file.bytes).into_owned();
    let to = to.clone();
    Ok(Event::Tell {
        text: format!("{} can be the values of this module, in place of yours.", file_name(&file.path)),
        alarm: false,
        action: Some("Use as values"),
        then: Toasted::Here(Callback::from(move |()| to.hand(Handed::Values(values.clone())))),
    })
}

async fn import(files: Vec<DroppedFile>, services: &Services, send: &Callback<Event>) -> Result<(), Trouble> {
    let (paths, parts): (Vec<String>, Vec<_>) = files.into_iter().map(|file| (file.path, file.bytes)).unzip();
    let name = paths.first().cloned().unwrap_or_default();
    let answer = services.engine.ask(Request::Import { files: paths }, parts).await;
    let Reply::Imported { problems, files } = answer.reply else { return Err(refused(answer.reply)) };
    let mut parts = answer.parts.into_iter();
    // Nothing came of it: what is open stays.
    let Some(text) = parts.next().filter(|text| !text.trim_ascii().is_empty()) else {
        return Err(not_imported(&name, &problems));
    };
    let digest = keep("descriptor", &imported_name(&text), &text, services).await;
    let report = serde_json::to_string(&problems).unwrap_or_default();
    services.store.set_text(&format!("report:{digest}"), &report);
    send.emit(Event::Go(Route::to(View::Develop).with("open", digest)));
    // Passwords are not kept on this machine: the message has them, and nothing else.
    for (name, bytes) in files.into_iter().zip(parts) {
        send.emit(Event::Tell {
            text: format!(
                "The passwords of the compose file are in {name}, not in the descriptor. Save it: the page does not keep it."
            ),
            alarm: false,
            action: Some("Save"),
            then: Toasted::Save(name, Rc::new(bytes)),
        });
    }
    Ok(())
}

/// The file's name for a descriptor that was imported: that of its module.
fn imported_name(text: &[u8]) -> String {
    let descriptor = chartwright_values::parse(&String::from_utf8_lossy(text)).ok();
    let path = "metadata.name".parse().ok();
    let name = descriptor.as_ref().zip(path).and_then(|(descriptor, path)| descriptor.get(&path)?.as_text());
    format!("{}.yaml", name.unwrap_or("imported"))
}

/// Why a compose file gave no descriptor: the first error in it.
fn not_imported(name: &str, problems: &[contract::Problem]) -> Trouble {
    let error = problems.iter().find(|problem| problem.severity == contract::Severity::Error);
    let why = error.map(|error| {
        let line = if error.place.line > 0 { format!(", line {}", error.place.line) } else { String::new() };
        format!("{line}: {}", error.message)
    });
    Trouble::new(format!("the file {name} could not be imported{}", why.unwrap_or_default()))
}

/// What an answer says that is not the one that was wanted.
pub fn refused(reply: Reply) -> Trouble {
    match reply {
        Reply::Failed(failure) => failure.into(),
        _ => Trouble::new("the engine answered something else").hint("reload the page"),
    }
}

#[cfg(target_family = "wasm")]
async fn digest(bytes: &[u8]) -> String {
    match crate::digest::of(bytes).await {
        Some(digest) => digest,
        None => weak_digest(bytes),
    }
}

#[cfg(not(target_family = "wasm"))]
async fn digest(bytes: &[u8]) -> String {
    weak_digest(bytes)
}

/// A name for bytes where the browser has no digests. It names files of this machine only, so nobody gains by making
/// two of the same name.
fn weak_digest(bytes: &[u8]) -> String {
    let mix = |seed: u64| bytes.iter().fold(seed, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
    format!("local:{:016x}{:016x}", mix(0xcbf2_9ce4_8422_2325), mix(bytes.len() as u64 + 1))
}

/// Files as one run of bytes: for each the lengths of path and content, then both.
pub fn bundle(files: &[DroppedFile]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for file in files {
        for length in [file.path.len(), file.bytes.len()] {
            bytes.extend((length as u32).to_le_bytes());
        }
        bytes.extend(file.path.as_bytes());
        bytes.extend(&file.bytes);
    }
    bytes
}

/// The files of a [`bundle`]; `None` where the bytes are not one.
pub fn unbundle(mut bytes: &[u8]) -> Option<Vec<DroppedFile>> {
    let mut files = Vec::new();
    while !bytes.is_empty() {
        let (path, rest) = bytes.split_first_chunk::<4>()?;
        let (content, rest) = rest.split_first_chunk::<4>()?;
        let (path, rest) = rest.split_at_checked(u32::from_le_bytes(*path) as usize)?;
        let (content, rest) = rest.split_at_checked(u32::from_le_bytes(*content) as usize)?;
        files.push(DroppedFile { path: String::from_utf8(path.to_vec()).ok()?, bytes: content.to_vec() });
        bytes = rest;
    }
    Some(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, bytes: &[u8]) -> DroppedFile {
        DroppedFile { path: path.to_owned(), bytes: bytes.to_vec() }
    }

    #[test]
    fn files_are_what_they_are() {
        let descriptor = file("shop.yaml", b"apiVersion: chartwright.dev/v1alpha1\nkind: HelmChartDescriptor\n");
        let chart = file("shop-1.0.0.tgz", &[0x1f, 0x8b, 8]);
        assert_eq!(classify(vec![descriptor.clone()]), Ok(Found::Descriptor(descriptor)));
        assert_eq!(classify(vec![chart.clone()]), Ok(Found::Chart(chart)));
        let env = file("app/.env", b"A=1");
        let compose = file("app/docker-compose.yml", b"version: '3'\n");
        assert_eq!(classify(vec![env.clone(), compose.clone()]), Ok(Found::Compose(vec![compose, env])));
        for compose in ["services:\n  a: {}\n", "services:\n  a: {image: b}\nx-a: 1\n", "services:\n a: [\n"] {
            assert!(matches!(classify(vec![file("x.yml", compose.as_bytes())]), Ok(Found::Compose(_))), "{compose}");
        }
        for (name, values) in [
            ("x.yml", "services:\n  a: {port: 1}\n"),
            ("x.yml", "services: [a]\n"),
            ("x.yml", "services:\n  a: {image: b}\nreplicas: 1\n"),
            ("values-a.yaml", "services:\n  a: {image: b}\n"),
        ] {
            assert!(matches!(classify(vec![file(name, values.as_bytes())]), Ok(Found::Values(_))), "{values}");
        }
        let folder = vec![
            file("shop/Chart.yaml", b"name: shop"),
            file("shop/charts/db/Chart.yaml", b"name: db"),
            file("shop/values.yaml", b""),
        ];
        let Ok(Found::Folder { name, files }) = classify(folder) else { panic!("a folder") };
        assert_eq!((name.as_str(), files.len(), files[1].path.as_str()), ("shop", 3, "charts/db/Chart.yaml"));
    }

    #[test]
    fn what_cannot_be_opened_is_said() {
        for (files, says) in [
            (vec![], "there are no files in it"),
            (vec![file("a", b"")], "the file a is empty"),
            (vec![file("a.zip", b"PK\x03\x04")], "the file a.zip is a zip archive; charts are .tgz archives"),
            (vec![file("a.png", &[0x89, 0xff])], "the file a.png is neither an archive nor text"),
            (vec![file("a.txt", b"hello")], "the file a.txt is not a chart, a descriptor or a compose file"),
            (
                vec![file("a.yaml", b"apiVersion: v1\nkind: Secret\n")],
                "the file a.yaml is not a chart, a descriptor or a compose file",
            ),
            (vec![file("a.yaml", b"just text")], "the file a.yaml is not a chart, a descriptor or a compose file"),
            (vec![file("a.yaml", b"a: [")], "the file a.yaml is not YAML, line 1: did not find expected node content"),
            (
                vec![file("a", b"x"), file("b", b"y")],
                "several files, and none of them is a Chart.yaml or a compose file",
            ),
        ] {
            assert_eq!(classify(files).unwrap_err().what, says);
        }
    }

    #[test]
    fn values_are_offered_to_the_module_that_is_open() {
        let values = file("my/values.yaml", b"replicas: 3\n");
        assert_eq!(classify(vec![values.clone()]), Ok(Found::Values(values.clone())));
        let to = Handover::default();
        let here = Route::read("m/shop/1.0.0");
        // A module that could not be opened takes nothing.
        assert!(offer(&values, &here, &to).is_err());
        let taken = Rc::new(std::cell::RefCell::new(None));
        let heard = taken.clone();
        to.go_to(Some(Callback::from(move |handed| drop(heard.replace(Some(handed))))));
        let Ok(Event::Tell { then: Toasted::Here(then), .. }) = offer(&values, &here, &to) else { panic!("an offer") };
        then.emit(());
        assert_eq!(*taken.borrow(), Some(Handed::Values("replicas: 3\n".to_owned())));
        assert!(offer(&values, &Route::read("develop"), &to).is_err());
    }

    #[test]
    fn a_compose_file_that_is_broken_says_why() {
        let place = contract::Place { line: 3, ..contract::Place::default() };
        let problem =
            contract::Problem::new(contract::Severity::Error, contract::Code::Yaml, "this is not YAML", place);
        let trouble = not_imported("compose.yaml", &[problem]);
        assert_eq!(trouble.what, "the file compose.yaml could not be imported, line 3: this is not YAML");
    }

    #[test]
    fn what_was_imported_has_its_modules_name() {
        assert_eq!(imported_name(b"# c\nmetadata: {name: guestbook}\n"), "guestbook.yaml");
        assert_eq!(imported_name(b"a: ["), "imported.yaml");
    }

    #[test]
    fn bundles_come_back() {
        let files = vec![file("Chart.yaml", b"name: a"), file("templates/ü.yaml", b""), file("b", &[0, 255])];
        let bytes = bundle(&files);
        assert_eq!(unbundle(&bytes), Some(files));
        assert_eq!(unbundle(&bytes[..bytes.len() - 1]), None);
        assert_eq!(unbundle(&[9; 20]), None);
    }
}
