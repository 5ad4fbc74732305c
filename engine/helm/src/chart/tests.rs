use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use govalue::Str;

use super::*;
use crate::Warnings;

/// A tar archive of these files.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, data) in files {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..108].copy_from_slice(b"0000644\0");
        header[124..136].copy_from_slice(format!("{:011o}\0", data.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend_from_slice(&header);
        out.extend_from_slice(data);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn tgz(files: &[(&str, &[u8])]) -> Vec<u8> {
    gzip(&tar(files))
}

const CHART: &[u8] = b"apiVersion: v2\nname: web\nversion: 1.2.3\n";

fn load(data: &[u8]) -> Result<Arc<Chart>, String> {
    load_archive(data, Limits::default(), &mut Warnings::default()).map_err(|e| e.to_string())
}

fn folder(files: &[(&str, &str)]) -> Result<Arc<Chart>, String> {
    let file = |(name, data): &(&str, &str)| File { name: Str::from(*name), data: Bytes::from(data.as_bytes()) };
    let files = files.iter().map(file).collect();
    load_folder("/web", files, Limits::default(), &mut Warnings::default()).map_err(|e| e.to_string())
}

fn names(files: &[File]) -> Vec<String> {
    files.iter().map(|f| f.name.to_string()).collect()
}

#[test]
fn files_go_where_they_belong() {
    let sub = tgz(&[("zip/Chart.yaml", b"apiVersion: v1\nname: zip\nversion: 1.0.0\n")]);
    let chart = load(&tgz(&[
        ("web/Chart.yaml", CHART),
        ("web/values.yaml", b"a: {b: 1}\n---\na: {c: 2}\n"),
        ("web/values.schema.json", b"{}"),
        ("web/templates/b.yaml", b"b"),
        ("web/templates/a.yaml", b"\xef\xbb\xbfa"),
        ("web/crds/c.yaml", b"c"),
        ("web/charts/_off/Chart.yaml", b"no chart"),
        ("web/charts/.off/Chart.yaml", b"no chart"),
        ("web/charts/x.tgz.prov", b"a file"),
        ("web/charts/dir/Chart.yaml", b"apiVersion: v2\nname: dir\nversion: 0.1.0\n"),
        ("web/charts/zip.tgz", &sub),
    ]))
    .unwrap();
    assert_eq!(names(chart.templates()), ["templates/b.yaml", "templates/a.yaml"]);
    assert_eq!(&*chart.templates()[1].data, b"a");
    assert_eq!(names(chart.files()), ["crds/c.yaml", "charts/x.tgz.prov"]);
    assert_eq!(chart.schema().map(|s| s.len()), Some(2));
    assert_eq!(chart.dependencies().iter().map(|c| c.name().to_string()).collect::<Vec<_>>(), ["dir", "zip"]);
    assert_eq!(format!("{:?}", chart.values()), r#"{"a": Map({"b": Float(1.0), "c": Float(2.0)})}"#);
    // A file in `charts/` is a chart without files.
    assert_eq!(
        load(&tgz(&[("web/Chart.yaml", CHART), ("web/charts/README.md", b"")])).err().as_deref(),
        Some("error unpacking subchart README.md in web: Chart.yaml file is missing")
    );
}

#[test]
fn archives_that_are_none_fail() {
    let whole = tgz(&[("web/Chart.yaml", CHART), ("web/values.yaml", &[b'#'; 2000])]);
    let mut checksum = whole.clone();
    let end = checksum.len() - 8;
    checksum[end] ^= 1;
    let mut header = tar(&[("web/Chart.yaml", CHART)]);
    header[3] ^= 1;
    for (data, want) in [
        (b"no gzip at all".to_vec(), "stream does not appear to be a valid chart file (details: gzip: invalid header)"),
        (Vec::new(), "unable to load chart archive: EOF"),
        (whole[..whole.len() / 2].to_vec(), "unable to load chart archive: unexpected EOF"),
        (gzip(&tar(&[])), "unable to load chart archive: no files in chart archive"),
        (gzip(&header), "unable to load chart archive: archive/tar: invalid tar header"),
        (tgz(&[("web/x", b"")]), "unable to detect chart version, no Chart.yaml found"),
        (
            tgz(&[("web/../../etc/passwd", b"")]),
            "unable to load chart archive: chart illegally references parent directory",
        ),
        (tgz(&[("web/Chart.yaml", b"apiVersion: v9")]), "unsupported chart version"),
        (tgz(&[("web/Chart.yaml", b"apiVersion: v3\nname: a\nversion: 1.0.0")]), "invalid chart apiVersion"),
    ] {
        assert_eq!(load(&data).err().as_deref(), Some(want));
    }
    // Helm reads no further than the archive's end, and so does not see the checksum.
    assert!(load(&checksum).is_ok());
}

#[test]
fn charts_of_format_v3_are_refused_as_helm_refuses_them() {
    const INVALID: &str = "invalid chart apiVersion";
    const UNTYPED: &str = "unsupported chart dependency type";
    let head = |more: &str| format!("{{apiVersion: v3, name: a, version: 1.0.0{more}}}");
    let listed = ", dependencies: [{name: b, version: '1'}]";
    let sub = ("charts/b/Chart.yaml", &*head("").replace("name: a", "name: b"));
    for (more, subcharts, want) in [
        ("", vec![], INVALID),
        ("", vec![sub], UNTYPED),
        (listed, vec![sub], INVALID),
        (&listed.replace('b', "c"), vec![sub], "found in Chart.yaml, but missing in charts/ directory: c"),
        (listed, vec![], INVALID),
        (", type: library", vec![sub], "library charts are not installable"),
    ] {
        let metadata = head(more);
        let files: Vec<_> = [("Chart.yaml", metadata.as_str())].into_iter().chain(subcharts).collect();
        let error = folder(&files).err().unwrap_or_default();
        assert!(error.ends_with(want), "{more}: {error}");
    }
}

#[test]
fn limits_hold() {
    let limits = Limits { chart: 4000, file: 2000, total: 1 << 20, depth: 2 };
    let load = |data: &[u8]| {
        load_archive(data, limits, &mut Warnings::default()).map(|c| c.name().to_string()).map_err(|e| e.to_string())
    };
    let zeros = [0; 2001];
    assert_eq!(load(&tgz(&[("web/Chart.yaml", CHART)])), Ok("web".to_owned()));
    assert_eq!(
        load(&tgz(&[("web/Chart.yaml", CHART), ("web/big", &zeros)])).unwrap_err(),
        "unable to load chart archive: decompressed chart file \"web/big\" is larger than the maximum file size 2000"
    );
    let half = &zeros[..2000];
    assert_eq!(
        load(&tgz(&[("web/Chart.yaml", CHART), ("web/a", half), ("web/b", half)])).unwrap_err(),
        "unable to load chart archive: decompressed chart is larger than the maximum size 4000"
    );
    // Charts in charts, and archives that inflate to more than all may.
    let deep = format!("web/{}Chart.yaml", "charts/a/".repeat(4));
    let mut files = vec![("web/Chart.yaml", CHART), (deep.as_str(), CHART)];
    for part in
        ["web/charts/a/Chart.yaml", "web/charts/a/charts/a/Chart.yaml", "web/charts/a/charts/a/charts/a/Chart.yaml"]
    {
        files.push((part, CHART));
    }
    assert!(load(&tgz(&files)).unwrap_err().ends_with("charts nest deeper than 2 levels"));
    // Folders count for nothing in Helm's limits.
    let mut bomb = tar(&[("web/Chart.yaml", CHART)]);
    bomb.truncate(1024);
    for _ in 0..3000 {
        let mut folder = tar(&[("web/dir/", b"")]);
        folder[156] = b'5';
        folder[148..156].copy_from_slice(b"        ");
        let sum: u32 = folder[..512].iter().map(|b| u32::from(*b)).sum();
        folder[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        bomb.extend_from_slice(&folder[..512]);
    }
    assert!(load(&gzip(&bomb)).unwrap_err().ends_with("archive inflates to more than is allowed"));
}

#[test]
fn metadata_is_decoded_and_checked() {
    for (yaml, want) in [
        ("name: web\nversion: 1.2.3\nappVersion: 1.10\ndescription: 5\nkeywords: [1, true, x]", "ok 1.1 5"),
        ("name: web\nversion: 2\nappVersion: 1234567\ndescription: 1e7", "ok 1234567 1e+07"),
        ("NAME: web\nVersion: 1.2.3\ndescription: \"a\\tb\\u200bc\\u00a0d\"", "ok  a bc d"),
        ("version: 1.2.3", "validation: chart.metadata.name is required"),
        ("name: ..\nversion: 1.2.3", "validation: chart.metadata.name \"..\" is not allowed"),
        ("name: a/b\nversion: 1.2.3", "validation: chart.metadata.name \"a/b\" is invalid"),
        ("name: web", "validation: chart.metadata.version is required"),
        ("name: web\nversion: one", "validation: chart.metadata.version \"one\" is invalid"),
        ("name: web\nversion: 1.2.3\ntype: app", "validation: chart.metadata.type must be application or library"),
        (
            "name: web\nversion: 1.2.3\nmaintainers: [{name: x}, null]",
            "validation: maintainers must not contain empty or null nodes",
        ),
        (
            "name: web\nversion: 1.2.3\ndependencies: [~]",
            "validation: dependencies must not contain empty or null nodes",
        ),
        (
            "name: web\nversion: 1.2.3\ndependencies: [{name: a, alias: b c}]",
            "validation: dependency \"a\" has disallowed characters in the alias",
        ),
        (
            "name: web\nversion: 1.2.3\ndependencies: [{name: a}, {name: b, alias: a}]",
            "validation: more than one dependency with name or alias \"a\"",
        ),
        (
            "name: {a: b}\nversion: [1]",
            "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal object into Go \
             struct field Metadata.name of type string",
        ),
        (
            "name: web\nmaintainers: [{email: [x]}]",
            "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go \
             struct field Maintainer.maintainers.email of type string",
        ),
        (
            "name: web\ndeprecated: 1",
            "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go \
             struct field Metadata.deprecated of type bool",
        ),
        (
            "- a",
            "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go \
             value of type loader.chartBase",
        ),
    ] {
        let got = match folder(&[("Chart.yaml", yaml)]) {
            Ok(chart) => {
                let metadata = chart.metadata();
                assert_eq!(metadata.api_version, "v1");
                format!("ok {} {}", metadata.app_version, metadata.description)
            }
            Err(e) => e,
        };
        assert_eq!(got, want, "{yaml}");
    }
}

#[test]
fn folders_are_walked_by_name_and_ignored_by_rules() {
    let chart = folder(&[
        ("templates.txt", ""),
        ("templates/b.yaml", ""),
        ("templates/.hidden", ""),
        ("templates/a/z.yaml", ""),
        ("docs/x.md", ""),
        ("key.pem", ""),
        (".helmignore", "*.pem\n/docs/\n"),
        ("Chart.yaml", "name: web\nversion: 1.2.3"),
    ])
    .unwrap();
    assert_eq!(names(chart.templates()), ["templates/a/z.yaml", "templates/b.yaml"]);
    assert_eq!(names(chart.files()), [".helmignore", "templates.txt"]);
    assert_eq!(
        folder(&[(".helmignore", "!x"), ("Chart.yaml", "name: web\nversion: 1.2.3")]).err().as_deref(),
        Some("Chart.yaml file is missing")
    );
    assert_eq!(
        folder(&[]).err().as_deref(),
        Some("unable to detect chart at /web/Chart.yaml: open /web/Chart.yaml: no such file or directory")
    );
}

#[test]
fn old_charts_have_their_requirements_in_a_file() {
    let files = |version: &str| {
        [
            ("Chart.yaml".to_owned(), format!("apiVersion: {version}\nname: web\nversion: 1.2.3")),
            ("requirements.yaml".to_owned(), "dependencies: [{name: a, version: 1, repository: x}]".to_owned()),
            ("requirements.lock".to_owned(), "digest: sha256:1\ngenerated: 2024-01-02T03:04:05.6Z".to_owned()),
        ]
    };
    for (version, kept, warnings) in [("v1", 2, 0), ("v2", 0, 2)] {
        let files: Vec<File> = files(version)
            .into_iter()
            .map(|(name, data)| File { name: Str::from(name), data: Bytes::from(data.into_bytes()) })
            .collect();
        let mut log = Warnings::default();
        let chart = load_folder("/web", files, Limits::default(), &mut log).unwrap();
        assert_eq!(chart.metadata().dependencies.as_ref().map(Vec::len), Some(1));
        assert_eq!(chart.lock().map(|l| l.digest.to_string()).as_deref(), Some("sha256:1"));
        assert_eq!((chart.files().len(), log.len()), (kept, warnings));
    }
}

/// Text that does not repeat itself much: `n` lines.
fn lines(n: usize, seed: u64) -> Vec<u8> {
    let line = |i: usize| format!("{:x} {i}\n", (i as u64 + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    (0..n).flat_map(|i| line(i).into_bytes()).collect()
}

#[test]
fn large_files_that_are_rarely_read_are_there_when_wanted() {
    let (crd, more, readme, template) = (lines(9000, 1), lines(2000, 2), lines(3000, 3), lines(20_000, 4));
    let marked = [b"\xef\xbb\xbf", &readme[..]].concat();
    let files: [(&str, &[u8]); 8] = [
        ("web/crds/a.yaml", &crd),
        ("web/Chart.yaml", CHART),
        ("web/README.md", &marked),
        ("web/templates/big.md", &template),
        ("web/charts/sub/Chart.yaml", CHART),
        ("web/charts/sub/crds/b.yaml", &more),
        ("web/crds/small.yaml", b"small"),
        ("web/data.txt", &crd),
    ];
    let archive = tgz(&files);
    let chart = load(&archive).unwrap();
    let content =
        |chart: &Chart, name: &str| chart.files.iter().find(|f| f.name == name).map(|f| f.data.clone()).unwrap();
    let first = content(&chart, "crds/a.yaml");
    assert_eq!((first.len(), content(&chart, "README.md").len()), (crd.len(), readme.len()));
    assert_eq!(&*content(&chart, "README.md"), readme);
    assert_eq!(&*first, crd);
    assert_eq!(&*first.slice(100..crd.len()).slice(1..50), &crd[101..150]);
    assert_eq!(&*content(&chart, "crds/small.yaml"), b"small");
    assert_eq!(&*content(&chart, "data.txt"), crd);
    assert_eq!(&*chart.templates[0].data, template);
    assert_eq!(&*content(&chart.dependencies[0], "crds/b.yaml"), more);
    // The same in a subchart's own archive, from which nothing else is left.
    let outer = load(&tgz(&[("web/Chart.yaml", CHART), ("web/charts/sub.tgz", &archive)])).unwrap();
    assert_eq!(&*content(&outer.dependencies[0], "crds/a.yaml"), crd);
    // What templates see of it.
    let seen = outer.dependencies[0].contents();
    let Some((_, Frozen::Bytes(text))) = seen.iter().find(|(name, _)| *name == "README.md") else { panic!("no file") };
    assert_eq!(&*text.bytes(), readme);
}

#[test]
fn members_of_a_gzip_file_follow_each_other() {
    let whole =
        tar(&[("web/Chart.yaml", CHART), ("web/templates/a", &lines(30_000, 5)), ("web/crds/a", &lines(9000, 6))]);
    for cut in [1, 511, 512, 700, 200_000, 400_000] {
        let (start, end) = whole.split_at(cut);
        let (first, second) = (gzip(start), gzip(end));
        let chart = load(&[&first[..], &second].concat()).unwrap();
        assert_eq!(&*chart.files[0].data, lines(9000, 6));
        // What is not the last member is checked.
        let mut broken = first.clone();
        let sum = broken.len() - 8;
        broken[sum] ^= 1;
        let error = load(&[&broken[..], &second].concat()).unwrap_err();
        assert_eq!(error, "unable to load chart archive: gzip: invalid checksum", "{cut}");
    }
}
