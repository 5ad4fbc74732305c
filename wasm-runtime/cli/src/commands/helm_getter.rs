//! `chartwright helm-getter`: the command behind Helm's getter plugin for `chartwright://…`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::engine::native;
use crate::source_args::SourceArgs;
use clap::Args;
use contract::ExpandWant;
use percent_encoding::percent_decode_str;

use super::expand::input::{self, Skeletons, Stop};
use super::expand::output;
use super::problems::{self, ErrorFormat};

/// The protocol, as Helm writes it.
const PROTOCOL: &str = "chartwright://";

/// What Helm passes to a getter: certificate files, which are not needed here, and the URL.
#[derive(Args, Debug)]
pub(crate) struct Options {
    #[arg(hide = true)]
    cert_file: String,
    #[arg(hide = true)]
    key_file: String,
    #[arg(hide = true)]
    ca_file: String,
    /// chartwright://PATH/TO/DESCRIPTOR[?source=NAME=PLACE&…]
    url: String,
}

/// Runs the command, which writes the chart's archive to standard output.
pub(crate) fn run(options: &Options) -> ExitCode {
    match get(&options.url) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.print(ErrorFormat::Text),
    }
}

fn get(url: &str) -> Result<(), Stop> {
    let Address { descriptor, sources } = Address::parse(url).map_err(Stop::Usage)?;
    let path = descriptor.to_string_lossy();
    let file = input::read(&path)?;
    let want = ExpandWant { archive: true, files: false };
    let expanded = input::expand(&*native(), &file, &sources, Skeletons::default(), want)?;
    problems::print(&expanded.problems, ErrorFormat::Text);
    output::stdout(&expanded.archive.0)
}

/// The parts of a URL.
#[derive(Debug)]
struct Address {
    descriptor: PathBuf,
    sources: SourceArgs,
}

impl Address {
    /// Parses a URL. Helm accepts only URLs with a host and a path, so the first part of the path is the host, and
    /// `localhost` stands for the root.
    fn parse(url: &str) -> Result<Address, String> {
        let rest = url.strip_prefix(PROTOCOL).ok_or_else(|| format!("{url} does not begin with {PROTOCOL}"))?;
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if path.split('/').next().is_some_and(|host| host.contains('@') || host.contains(':')) {
            return Err(format!(
                "{url}: write the path of the descriptor after {PROTOCOL}, such as ./shop.yaml or localhost/srv/shop.yaml"
            ));
        }
        let path = path.strip_prefix("localhost").filter(|p| p.starts_with('/')).unwrap_or(path);
        let descriptor = without_name(PathBuf::from(decoded(path)));
        let mut sources = SourceArgs::default();
        for pair in query.split('&').filter(|p| !p.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decoded(value);
            let flag = matches!(value.as_str(), "" | "true");
            match decoded(key).as_str() {
                "source" => sources.sources.push(value),
                "source-objects" => sources.source_objects.push(value.into()),
                "lock" => sources.lock = Some(value.into()),
                "offline" if flag => sources.offline = true,
                "locked" if flag => sources.locked = true,
                "no-lock" if flag => sources.no_lock = true,
                "verify" if flag => sources.verify = true,
                other => {
                    let known = "source, source-objects, lock, offline, locked, no-lock, verify";
                    return Err(format!(
                        "{url}: the parameter {other}={value} is not known; the parameters are {known}"
                    ));
                }
            }
        }
        Ok(Address { descriptor, sources })
    }
}

/// `helm pull` names the file after the end of the URL: `shop.yaml/shop-1.0.0.tgz` is the chart of `shop.yaml`.
fn without_name(path: PathBuf) -> PathBuf {
    let named = path.extension().is_some_and(|e| e == "tgz") && !path.exists();
    match path.parent() {
        Some(parent) if named && Path::new(parent).is_file() => parent.to_path_buf(),
        _ => path,
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_paths_and_sources() {
        let address = |url: &str| Address::parse(url);
        let path = |url: &str| address(url).unwrap().descriptor.to_string_lossy().into_owned();
        assert_eq!(path("chartwright://./shop.yaml"), "./shop.yaml");
        assert_eq!(path("chartwright://../a/shop.yaml"), "../a/shop.yaml");
        assert_eq!(path("chartwright://modules/shop.yaml"), "modules/shop.yaml");
        assert_eq!(path("chartwright://localhost/srv/a%20b/shop.yaml"), "/srv/a b/shop.yaml");
        assert_eq!(path("chartwright://localhost.d/shop.yaml"), "localhost.d/shop.yaml");
        let given =
            address("chartwright://./shop.yaml?source=base%3D./charts&source=a=b&offline&no-lock=true").unwrap();
        assert_eq!(given.sources.sources, ["base=./charts", "a=b"]);
        assert!(given.sources.offline && given.sources.no_lock && !given.sources.locked);
        assert!(address("https://example.org/shop.yaml").is_err());
        assert!(address("chartwright://example.org:80/shop.yaml").is_err());
        assert!(address("chartwright://./shop.yaml?offline=no").is_err());
        assert!(address("chartwright://./shop.yaml?sorce=a=b").unwrap_err().contains("sorce"));
    }
}
