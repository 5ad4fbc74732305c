//! Chart archives: the bytes as they are, and as the content of a gzip file.
#![no_main]

use std::io::Write;

use chartwright::LoadedChart;
use flate2::{Compression, write::GzEncoder};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    load(data);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    if encoder.write_all(data).is_ok()
        && let Ok(zipped) = encoder.finish()
    {
        load(&zipped);
    }
});

fn load(data: &[u8]) {
    match LoadedChart::from_archive("chart.tgz", data) {
        Ok(chart) => assert!(!chart.chart().name().is_empty()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
