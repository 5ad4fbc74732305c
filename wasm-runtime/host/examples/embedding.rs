//! The engine in a Rust program, as docs/src/embedding.md shows it: what follows these lines stands there.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a program reads files and prints")]

use chartwright_host::PluginEngine;
use chartwright_host::plugin::{ModuleCache, PluginOptions};
use contract::{Archive, Base64, Budget, RenderInput, Subject};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = PluginOptions { cache: Some(ModuleCache::new("cache")), ..PluginOptions::default() };
    let engine = PluginEngine::from_file("chartwright.wasm".as_ref(), options)?;
    let archive = Archive { data: Some(Base64(std::fs::read("shop.tgz")?)), ..Archive::default() };
    let mut input = RenderInput::new(Subject::Chart(archive));
    input.release.name = Some("demo".into());
    input.release.namespace = Some("shop".into());
    input.values.set = vec!["replicas=3".into()];
    print!("{}", engine.render(&input, &Budget::default())?.text.to_str_lossy());
    Ok(())
}
