//! Archives that mean harm: each is refused soon with a typed error that says
//! what is wrong with it, or loads without doing any.

use chartwright::{Diagnostic, FailureKind, LoadedChart};
use helm::Warnings;
use helm::chart::{Limits, load_archive};

const CHART: &[u8] = b"apiVersion: v2\nname: web\nversion: 1.2.3\n";

/// What goes into a header, true or not.
struct Entry<'a> {
    name: &'a [u8],
    kind: u8,
    /// The field that states the size.
    size: Vec<u8>,
    link: &'a [u8],
    data: &'a [u8],
}

impl<'a> Entry<'a> {
    fn file(name: &'a str, data: &'a [u8]) -> Entry<'a> {
        let size = format!("{:011o}\0", data.len()).into_bytes();
        Entry { name: name.as_bytes(), kind: b'0', size, link: b"", data }
    }

    fn stating(name: &'a str, size: &[u8], data: &'a [u8]) -> Entry<'a> {
        Entry { size: size.to_vec(), ..Entry::file(name, data) }
    }

    fn link(name: &'a str, kind: u8, target: &'a str) -> Entry<'a> {
        Entry { kind, link: target.as_bytes(), ..Entry::file(name, b"") }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let mut header = [0; 512];
        let mut put = |at: usize, text: &[u8]| header[at..at + text.len()].copy_from_slice(text);
        put(0, self.name);
        put(100, b"0000644\0");
        put(124, &self.size);
        put(148, b"        ");
        put(156, &[self.kind]);
        put(157, self.link);
        put(257, b"ustar\x0000");
        let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend_from_slice(&header);
        out.extend_from_slice(self.data);
        out.resize(out.len().next_multiple_of(512), 0);
    }
}

/// The checksum of gzip.
fn crc32(data: &[u8]) -> u32 {
    let bit = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !data.iter().fold(!0, |crc, b| (0..8).fold(crc ^ u32::from(*b), |crc, _| bit(crc)))
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut out = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    out.extend(miniz_oxide::deflate::compress_to_vec(data, 1));
    // Of large ones nobody reads so far.
    let sum = if data.len() < 4 << 20 { crc32(data) } else { 0 };
    out.extend(sum.to_le_bytes());
    out.extend((data.len() as u32).to_le_bytes());
    out
}

fn tar(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    entries.iter().for_each(|e| e.write(&mut out));
    out.resize(out.len() + 1024, 0);
    out
}

/// An archive of a good chart and these entries.
fn archive(entries: Vec<Entry<'_>>) -> Vec<u8> {
    let mut all = vec![Entry::file("web/Chart.yaml", CHART)];
    all.extend(entries);
    gzip(&tar(&all))
}

/// What the loader says, as Helm's libraries do: with the reason.
fn reason(data: &[u8]) -> Result<String, String> {
    let loaded = load_archive(data, Limits::default(), &mut Warnings::default());
    loaded.map(|chart| chart.name().to_string()).map_err(|e| e.to_string())
}

/// Checks that an archive is refused for a reason, and with an error of its kind.
#[track_caller]
fn refused(data: &[u8], why: &str) {
    let got = reason(data).expect_err(why);
    assert!(got.contains(why), "{got:?} does not say {why:?}");
    let error = LoadedChart::from_archive("web.tgz", data).err().unwrap_or_else(|| panic!("it loads: {why}"));
    assert_eq!(Diagnostic::new(&error, None, None).kind, FailureKind::Chart, "{why}");
}

#[test]
fn bombs_are_not_set_off() {
    let zeros = vec![0; 4 << 20];
    let names: Vec<String> = (0..26).map(|i| format!("web/files/{i}")).collect();
    let many = names.iter().map(|name| Entry::file(name, &zeros)).collect();
    refused(&archive(many), "decompressed chart is larger than the maximum size 104857600");
    let large = vec![0; (5 << 20) + 1];
    refused(
        &archive(vec![Entry::file("web/files/large", &large)]),
        "decompressed chart file \"web/files/large\" is larger than the maximum file size 5242880",
    );
    // What stays packed counts as well.
    let names: Vec<String> = (0..26).map(|i| format!("web/crds/{i}.yaml")).collect();
    let many = names.iter().map(|name| Entry::file(name, &zeros)).collect();
    refused(&archive(many), "decompressed chart is larger than the maximum size 104857600");
    // Zeros behind the archive's end are never inflated.
    let mut padded = tar(&[Entry::file("web/Chart.yaml", CHART)]);
    padded.resize(64 << 20, 0);
    assert_eq!(reason(&gzip(&padded)).as_deref(), Ok("web"));
}

#[test]
fn archives_in_archives_have_a_limit() {
    let mut inner = archive(vec![]);
    for _ in 0..101 {
        inner = archive(vec![Entry::file("web/charts/sub.tgz", &inner)]);
    }
    refused(&inner, "charts nest deeper than 100 levels");
    // Each inflates to less than an archive may, all of them to more than a chart may.
    let zeros = vec![0; 4 << 20];
    let names: Vec<String> = (0..20).map(|i| format!("web/files/{i}")).collect();
    let bomb = archive(names.iter().map(|name| Entry::file(name, &zeros)).collect());
    let names: Vec<String> = (0..4).map(|i| format!("web/charts/{i}.tgz")).collect();
    let all = archive(names.iter().map(|name| Entry::file(name, &bomb)).collect());
    refused(&all, "archive inflates to more than is allowed");
}

#[test]
fn nothing_is_outside_of_the_chart() {
    for (name, why) in [
        ("web/../../etc/passwd", "chart illegally references parent directory"),
        ("web/templates/../../x", "chart illegally references parent directory"),
        ("web/..\\..\\x", "chart illegally references parent directory"),
        ("web//etc/passwd", "chart illegally contains absolute paths"),
        ("/etc/passwd/../..", "chart illegally contains content outside the base directory: \"/etc/passwd/../..\""),
        ("web\\\\etc\\passwd", "chart illegally contains absolute paths"),
        ("web/C:/Windows/x", "chart contains illegally named files"),
        ("web\\c:\\x", "chart contains illegally named files"),
        ("web/.", "chart illegally contains content outside the base directory: \"web/.\""),
        ("Chart.yaml/x", "chart yaml not in base directory"),
    ] {
        refused(&archive(vec![Entry::file(name, b"x")]), why);
    }
}

#[test]
fn links_lead_nowhere() {
    for kind in *b"12" {
        let data = archive(vec![
            Entry::link("web/values.yaml", kind, "/etc/passwd"),
            Entry::link("web/templates/t.yaml", kind, "../../../etc/passwd"),
            Entry::link("web/notes.txt", kind, "Chart.yaml"),
        ]);
        let chart = LoadedChart::from_archive("web.tgz", data).expect("links are empty files, as in Helm");
        let chart = chart.chart();
        assert!(chart.values().is_empty());
        assert!(chart.templates().iter().chain(chart.files()).all(|f| f.data.is_empty()));
        // A link that says it has content has none.
        let stating = Entry { size: b"00000000010\0".to_vec(), ..Entry::link("web/x", kind, "y") };
        refused(&archive(vec![stating]), "decompressed chart is larger than the maximum size");
    }
}

#[test]
fn sizes_that_lie() {
    let mut huge = vec![0xff; 12];
    huge[0] = 0x80;
    for (size, why) in [
        // More than there is, up to what a file may have.
        (&b"00000010000\0"[..], "unexpected EOF"),
        (b"00023777777\0", "unexpected EOF"),
        (b"77777777777\0", "decompressed chart is larger than the maximum size"),
        // Less than there is: what follows is no header.
        (b"00000001000\0", "archive/tar: invalid tar header"),
        (b"0000000-100\0", "archive/tar: invalid tar header"),
        // In base 256: beyond 64 bits, the largest, and -1.
        (&huge, "archive/tar: invalid tar header"),
        (b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", "decompressed chart is larger than the maximum size"),
        (&[0xff; 12], "archive/tar: invalid tar header"),
    ] {
        let data = [b'x'; 1024];
        refused(&archive(vec![Entry::stating("web/files/x", size, &data)]), why);
        refused(&archive(vec![Entry::stating("web/crds/x", size, &data)]), why);
    }
    // The same for headers that describe the next one.
    for kind in *b"xL" {
        let special = |size: &[u8]| Entry { kind, ..Entry::stating("web/x", size, &[b'1'; 600]) };
        refused(&archive(vec![special(b"00000010000\0")]), "unexpected EOF");
        refused(&archive(vec![special(b"77777777777\0")]), "unexpected EOF");
    }
    let long = vec![b'a'; (1 << 20) + 1];
    let name = Entry { kind: b'L', ..Entry::file("web/x", &long) };
    refused(&archive(vec![name]), "archive/tar: header field too long");
    let records = [
        "30 path=web/../../etc/passwd\n\0",
        "22 GNU.sparse.major=1\n\0",
        "99999999999 path=web/x\n\0",
        "15 size=-12345\n\0",
        "no record at all\0",
    ];
    let reasons = ["invalid tar header", "sparse files are not supported", "invalid tar header", "", ""];
    for (record, why) in records.iter().zip(reasons) {
        let record = record.trim_end_matches('\0').as_bytes();
        let pax = Entry { kind: b'x', ..Entry::file("web/x", record) };
        refused(&archive(vec![pax, Entry::file("web/files/x", b"x")]), why);
    }
}

#[test]
fn pieces_of_a_good_archive() {
    let text: Vec<u8> =
        (0..3000_u32).flat_map(|i| format!("{}: v\n", i.wrapping_mul(2_654_435_761)).into_bytes()).collect();
    let whole = archive(vec![
        Entry::file("web/crds/a.yaml", &text),
        Entry::file("web/values.yaml", &text),
        Entry::file("web/templates/t.yaml", b"kind: A"),
    ]);
    let mut loaded = 0;
    for cut in (0..whole.len()).step_by(64) {
        let piece = &whole[..cut];
        match reason(piece) {
            Ok(name) => {
                // Only what stands behind the archive's end is missing.
                assert!(whole.len() - cut <= 72, "{cut} of {} bytes load", whole.len());
                assert_eq!(name, "web");
                loaded += 1;
            }
            Err(why) => {
                let known = ["EOF", "gzip: invalid header"];
                assert!(known.iter().any(|k| why.contains(k)), "{cut}: {why}");
                let error = LoadedChart::from_archive("web.tgz", piece).err().expect("the same");
                assert_eq!(Diagnostic::new(&error, None, None).kind, FailureKind::Chart);
            }
        }
    }
    assert!(loaded <= 1);
    assert_eq!(reason(&whole).as_deref(), Ok("web"));
    // Damage anywhere is an error or harmless, and what is packed is there or empty.
    for at in (0..whole.len()).step_by(7) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        if let Ok(chart) = LoadedChart::from_archive("web.tgz", damaged) {
            let files = chart.chart().files();
            assert!(files.iter().all(|f| f.data.as_bytes().len() == f.data.len()), "byte {at}");
        }
    }
}

#[test]
fn other_formats_are_named() {
    for (data, kind) in [
        (&b"PK\x03\x04\x14\0\0\0\x08\0"[..], "application/zip"),
        (b"Rar!\x1a\x07\0", "application/x-rar-compressed"),
        (b"BZh91AY&SY", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ] {
        let error = LoadedChart::from_archive("web.tgz", data).err().expect(kind);
        let want = format!("file 'web.tgz' does not appear to be a gzipped archive; got '{kind}'");
        assert_eq!(error.to_string(), want);
    }
}
