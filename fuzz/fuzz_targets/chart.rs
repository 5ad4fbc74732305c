//! Whole charts. The text is cut at lines of the form `=== name`: what follows
//! is the content of that file; what comes before is the user's values.
#![no_main]

use std::rc::Rc;

use chartwright::{Diagnostic, File, FixedWorld, Limits, LoadedChart, Request, Str, TextOptions};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let mut files: Vec<(Vec<u8>, Vec<u8>)> = vec![(Vec::new(), Vec::new())];
    for line in text.split_inclusive(|b| *b == b'\n') {
        match line.strip_prefix(b"=== ") {
            Some(name) => files.push((name.trim_ascii().to_vec(), Vec::new())),
            None => files.last_mut().expect("there is one").1.extend_from_slice(line),
        }
    }
    let user = files.remove(0).1;
    if !files.iter().any(|(name, _)| name == b"Chart.yaml") {
        files.push((b"Chart.yaml".to_vec(), b"{apiVersion: v2, name: shop, version: 1.0.0}".to_vec()));
    }
    let files = files.into_iter().map(|(name, data)| File { name: Str::from(name), data: data.into() }).collect();
    let Ok(chart) = LoadedChart::from_folder("shop", files) else { return };
    let Ok(values) = goyaml::yaml::from_yaml_map(&user) else { return };
    let mut request = Request::default();
    let limits = &mut request.options.engine.limits;
    *limits = Limits { steps: 500_000, depth: 500, output: 1 << 20, ..Limits::default() };
    match chart.render_values(&values, &request, Rc::new(FixedWorld::seeded(1))) {
        Ok(rendered) => {
            rendered.text(TextOptions::default());
            rendered.objects().count();
        }
        Err(error) => {
            let diagnostic = Diagnostic::new(&error, Some(&chart), Some(&values));
            assert!(!diagnostic.message.is_empty());
        }
    }
});
