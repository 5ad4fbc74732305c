//! The engine as a bare WebAssembly module, without any host's glue: all that
//! renders a chart, and nothing else. `cargo xtask wasm-size` measures it.
//!
//! The host fills a buffer and reads another (`chartwright_exports`); [`render`]
//! answers the length of its output.
//!
//! The input is a sequence of parts, each a `u32` length (little endian) and
//! its bytes: release name, namespace, values (YAML), objects that `lookup`
//! finds (YAML documents), Kubernetes version (empty: the default), seed, the
//! chart's archive. The first byte of the output is 0 before manifests and 1
//! before an error.
#![expect(unsafe_code, reason = "`#[unsafe(no_mangle)]` is an unsafe attribute")]

use std::cell::RefCell;
use std::rc::Rc;

use chartwright::{ChaCha, Error, FixedWorld, KubeVersion, LoadedChart, Objects, Request, TextOptions, World};

/// Renders what the input says; the length of the output.
#[unsafe(no_mangle)]
pub extern "C" fn render() -> usize {
    chartwright_exports::answer(|input| match answer(input) {
        Ok(text) => [&[0], text.as_slice()].concat(),
        Err(message) => [&[1], message.as_bytes()].concat(),
    })
}

/// A world that also has one file: the values.
struct Module {
    fixed: FixedWorld,
    values: Vec<u8>,
}

impl World for Module {
    fn lookup(&self, query: &chartwright::LookupQuery) -> Result<chartwright::Value, chartwright::FuncError> {
        self.fixed.lookup(query)
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), chartwright::FuncError> {
        self.fixed.random(buffer)
    }

    fn file(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.values.clone())
    }
}

fn answer(mut input: &[u8]) -> Result<Vec<u8>, String> {
    let mut part = || -> Result<&[u8], String> {
        let (length, rest) = input.split_first_chunk::<4>().ok_or("the input is too short")?;
        let length = u32::from_le_bytes(*length) as usize;
        let (part, rest) = rest.split_at_checked(length).ok_or("the input is too short")?;
        input = rest;
        Ok(part)
    };
    let mut request = Request::default();
    request.options.release.name = String::from_utf8_lossy(part()?).into_owned();
    request.options.release.namespace = String::from_utf8_lossy(part()?).into_owned();
    let values = part()?.to_vec();
    if !values.is_empty() {
        request.values.files.push("values.yaml".into());
    }
    let mut objects = Objects::default();
    objects.add_yaml(part()?).map_err(|e| e.to_string())?;
    let version = part()?;
    if !version.is_empty() {
        let version = String::from_utf8_lossy(version);
        request.options.capabilities.kube_version = KubeVersion::parse(&version).map_err(|e| e.to_string())?;
    }
    let mut key = [0; 32];
    for (to, from) in key.iter_mut().zip(part()?) {
        *to = *from;
    }
    let archive = part()?;
    let fixed = FixedWorld { objects, random: Some(RefCell::new(ChaCha::new(key))), ..FixedWorld::default() };
    let render = || -> Result<Vec<u8>, Error> {
        let rendered =
            LoadedChart::from_archive("chart.tgz", archive)?.render(&request, Rc::new(Module { fixed, values }))?;
        Ok(rendered.text(TextOptions::default()))
    };
    render().map_err(|e| e.to_string())
}
