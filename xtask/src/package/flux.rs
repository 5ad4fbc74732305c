//! The Flux plugin: an archive with the program under the name that Flux expects, and a catalogue with this one plugin.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::PathBuf;

use anyhow::anyhow;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::archive::{Entry, tgz};
use super::{VERSION, folder};
use crate::{paths, run};

/// Name of the program in Flux's plugin folder.
const BIN: &str = "flux-chartwright";
const API_VERSION: &str = "cli.fluxcd.io/v1beta1";
const NAME: &str = "chartwright";
const DESCRIPTION: &str = "Describe, check and render modules: descriptors to charts to what a cluster gets";
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// Packages the program for this machine. The manifest names only this platform; a release adds the others.
pub(super) fn package() -> anyhow::Result<Vec<PathBuf>> {
    let program = fs::read(run::shipped_binary()?)?;
    let license = fs::read(paths::root().join("LICENSE"))?;
    let archive = tgz(&[
        Entry { name: BIN.to_owned(), data: program, executable: true },
        Entry { name: "LICENSE".to_owned(), data: license, executable: false },
    ])?;
    let (os, arch) = (go_os(), go_arch());
    let name = format!("{BIN}_{VERSION}_{os}_{arch}.tar.gz");
    let checksum: String = Sha256::digest(&archive).iter().map(|byte| format!("{byte:02x}")).collect();
    let manifest = json!({
        "apiVersion": API_VERSION,
        "kind": "Plugin",
        "name": NAME,
        "description": DESCRIPTION,
        "homepage": REPOSITORY,
        "source": REPOSITORY,
        "bin": BIN,
        "versions": [{
            "version": VERSION,
            "platforms": [{
                "os": os,
                "arch": arch,
                "url": format!("{REPOSITORY}/releases/download/v{VERSION}/{name}"),
                "checksum": format!("sha256:{checksum}"),
            }],
        }],
    });
    let catalog = json!({
        "apiVersion": API_VERSION,
        "kind": "PluginCatalog",
        "plugins": [{
            "name": NAME,
            "description": DESCRIPTION,
            "homepage": REPOSITORY,
            "source": REPOSITORY,
            "license": "Apache-2.0",
        }],
    });
    let folder = folder()?.join("flux");
    fs::create_dir_all(&folder)?;
    let paths = [folder.join(name), folder.join("chartwright.yaml"), folder.join("catalog.yaml")];
    fs::write(&paths[0], archive)?;
    fs::write(&paths[1], yaml(&manifest)?)?;
    fs::write(&paths[2], yaml(&catalog)?)?;
    Ok(paths.into())
}

fn yaml(value: &serde_json::Value) -> anyhow::Result<Vec<u8>> {
    let value = goyaml::json::from_json(value.to_string().as_bytes()).map_err(|e| anyhow!("{e}"))?;
    goyaml::yaml::to_yaml(&value).map_err(|e| anyhow!("{e}"))
}

/// The system as Go names it.
fn go_os() -> &'static str {
    match OS {
        "macos" => "darwin",
        other => other,
    }
}

/// The processor as Go names it.
fn go_arch() -> &'static str {
    match ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
