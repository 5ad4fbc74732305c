//! Packs the IANA time zone database for `src/zonedb.rs`:
//! `cargo run -p gotime --example pack_zones -- zoneinfo engine/gotime/src/zones.bin`
//! where `zoneinfo` is Go's `lib/time/zoneinfo.zip`, unpacked.
//!
//! It reads compiled (`TZif`) files and writes sections, each after its length:
//! 1. names: a line a zone, its names separated by spaces;
//! 2. types: a line each of offset, `d` or `s` for daylight saving or standard
//!    time, abbreviation;
//! 3. rules: a POSIX `TZ` rule a line;
//! 4. a head a zone: number of types and their indexes in two bytes, index of
//!    the rule, number of transitions, length of their times;
//! 5. times of all transitions; 6. the index of a type for each of them.
//!
//! All of it is deflated.

#![expect(clippy::disallowed_methods, reason = "a tool, no part of the engine")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{env, fs};

const EARLIEST: i64 = -(1 << 33);

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args_os().skip(1).map(PathBuf::from);
    let (Some(from), Some(to)) = (args.next(), args.next()) else {
        return Err("usage: pack_zones ZONEINFO_DIRECTORY OUTPUT_FILE".into());
    };
    let mut files = BTreeMap::new();
    collect(&from, &from, &mut files)?;
    let mut packed = Vec::new();
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Deflate, &pack(&files)?[..], &mut packed)?;
    fs::write(to, packed)?;
    Ok(())
}

/// Finds all zone files below a directory, by name.
fn collect(root: &Path, dir: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        // Whole copies of the database with and without leap seconds.
        if path.is_dir() && !["posix", "right"].map(OsStr::new).contains(&path.file_name().unwrap_or_default()) {
            collect(root, &path, files)?;
        } else if path.is_file() {
            let data = fs::read(&path)?;
            let name = path.strip_prefix(root)?.to_str().ok_or("a name that is no UTF-8")?.to_owned();
            if data.starts_with(b"TZif") && !["localtime", "posixrules"].contains(&name.as_str()) {
                files.insert(name, data);
            }
        }
    }
    Ok(())
}

struct Zone {
    transitions: Vec<(i64, u8)>,
    types: Vec<String>,
    rule: String,
}

/// Reads a `TZif` file of version 2 or later (RFC 8536).
fn parse(data: &[u8]) -> Option<Zone> {
    let int = |at: usize| Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?) as usize);
    let counts = |at: usize| -> Option<[usize; 6]> {
        let mut counts = [0; 6];
        for (i, count) in counts.iter_mut().enumerate() {
            *count = int(at + 20 + 4 * i)?;
        }
        Some(counts)
    };
    // The first block has times of 32 bits only.
    let [utc, std, leap, times, types, chars] = counts(0)?;
    let second = 44 + times * 5 + types * 6 + chars + leap * 8 + std + utc;
    let [utc, std, leap, times, types, chars] = counts(second)?;
    let at_times = second + 44;
    let at_indexes = at_times + 8 * times;
    let at_types = at_indexes + times;
    let at_chars = at_types + 6 * types;
    let rule = data.get(at_chars + chars + leap * 12 + std + utc + 1..)?;
    let rule = rule.split(|c| *c == b'\n').next()?;
    let names = data.get(at_chars..at_chars + chars)?;
    let mut zone = Zone { transitions: Vec::new(), types: Vec::new(), rule: String::from_utf8(rule.to_vec()).ok()? };
    for i in 0..times {
        let time = data.get(at_times + 8 * i..at_times + 8 * i + 8)?;
        zone.transitions.push((i64::from_be_bytes(time.try_into().ok()?), *data.get(at_indexes + i)?));
    }
    for i in 0..types {
        let offset = int(at_types + 6 * i)? as u32 as i32;
        let [dst, name] = *data.get(at_types + 6 * i + 4..at_types + 6 * i + 6)? else { return None };
        let name = names.get(usize::from(name)..)?.split(|c| *c == 0).next()?;
        let dst = if dst == 0 { 's' } else { 'd' };
        zone.types.push(format!("{offset} {dst} {}", std::str::from_utf8(name).ok()?));
    }
    Some(zone)
}

fn pack(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut names: Vec<(&Vec<u8>, Vec<&str>)> = Vec::new();
    for (name, data) in files {
        match names.iter_mut().find(|(d, _)| *d == data) {
            Some((_, names)) => names.push(name),
            None => names.push((data, vec![name])),
        }
    }
    let zones =
        names.iter().map(|(d, n)| parse(d).ok_or(format!("cannot read {n:?}"))).collect::<Result<Vec<_>, _>>()?;
    let types: BTreeSet<&String> = zones.iter().flat_map(|z| &z.types).collect();
    let rules: BTreeSet<&String> = zones.iter().map(|z| &z.rule).collect();

    let (mut heads, mut all_times, mut indexes) = (Vec::new(), Vec::new(), Vec::new());
    for zone in &zones {
        varint(&mut heads, zone.types.len() as u64);
        for t in &zone.types {
            let index = types.iter().position(|other| *other == t).ok_or("a type")?;
            heads.extend(u16::try_from(index)?.to_be_bytes());
        }
        varint(&mut heads, rules.iter().position(|r| **r == zone.rule).ok_or("a rule")? as u64);
        let (mut times, mut last) = (Vec::new(), EARLIEST);
        for (time, index) in &zone.transitions {
            let distance = u64::try_from(time - last)?;
            last = *time;
            varint(&mut times, if distance % 900 == 0 { distance / 900 * 2 } else { distance * 2 + 1 });
            indexes.push(*index);
        }
        varint(&mut heads, zone.transitions.len() as u64);
        varint(&mut heads, times.len() as u64);
        all_times.extend(times);
    }

    let lines = |lines: &mut dyn Iterator<Item = String>| lines.collect::<Vec<_>>().join("\n").into_bytes();
    let names = lines(&mut names.iter().map(|(_, names)| names.join(" ")));
    let types = lines(&mut types.into_iter().cloned());
    let rules = lines(&mut rules.into_iter().cloned());
    let mut out = Vec::new();
    for section in [names, types, rules, heads, all_times, indexes] {
        varint(&mut out, section.len() as u64);
        out.extend(section);
    }
    Ok(out)
}

fn varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}
