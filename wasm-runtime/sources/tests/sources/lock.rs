//! `chartwright.lock`.

use std::fs;
use std::path::{Path, PathBuf};

use chartwright_sources::{LockOptions, Locking, Options, Sources};
use flux::{Charts, FetchError};
use tempfile::TempDir;

use crate::support::{Server, chart, chart_files, digest, folder, index, options, sources, wanted};

fn with(folder: &TempDir, locking: Locking, update: Option<&[&str]>, folders: bool) -> Options {
    let update = update.map(|names| names.iter().map(|n| (*n).to_owned()).collect());
    let lock = LockOptions { file: file(folder), locking, update, folders };
    Options { lock: Some(lock), cache: None, ..options(folder) }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("chartwright.lock")
}

/// Options with a cache of their own, so that nothing is known.
fn fresh(options: Options, cache: &TempDir) -> Options {
    Options { cache: Some(cache.path().to_path_buf()), ..options }
}

fn repository(versions: &[&str], content: impl Fn(&str) -> Vec<u8>) -> Server {
    let entries: Vec<_> = versions.iter().map(|v| (*v, format!("web-{v}.tgz"), content(v))).collect();
    let lines: Vec<_> = entries.iter().map(|(v, url, data)| ("web", *v, url.as_str(), Some(digest(data)))).collect();
    let mut files = vec![("/index.yaml".to_owned(), index(&lines))];
    files.extend(entries.into_iter().map(|(_, url, data)| (format!("/{url}"), data)));
    Server::files(files)
}

fn version(sources: &Sources) -> Result<String, FetchError> {
    Ok(sources.chart(&wanted("HelmRepository", "web", "1.x"))?.chart.metadata().version.to_string())
}

/// The lock file, for another server.
fn moved(folder: &TempDir, from: &Server, to: &Server) {
    let text = fs::read_to_string(file(folder)).expect("a lock file");
    fs::write(file(folder), text.replace(&from.address(), &to.address())).expect("written");
}

#[test]
fn what_is_locked_stays_until_it_is_updated() {
    let (folder, caches) = (folder(), [folder(), folder(), folder(), folder()]);
    let old = repository(&["1.0.0"], |v| chart("web", v));
    let first = sources(fresh(with(&folder, Locking::Add, None, false), &caches[0]), &old.url(""));
    assert_eq!(version(&first).as_deref(), Ok("1.0.0"));
    assert_eq!(first.save_lock(), Ok(true));
    let text = fs::read_to_string(file(&folder)).expect("a lock file");
    let text = text.replace(&old.address(), "HOST").replace(&digest(&chart("web", "1.0.0")), "DIGEST");
    insta::assert_snapshot!(text, @r#"
    # The charts that were used. `--locked` allows no others, `--update` looks for newer ones.
    apiVersion: chartwright.dev/v1alpha1
    kind: Lock
    charts:
    - source: HelmRepository/ds2/charts
      chart: web
      asked: 1.x
      from: http://HOST/
      version: 1.0.0
      revision: 1.0.0
      digest: DIGEST
    "#);

    let new = repository(&["1.0.0", "1.5.0"], |v| chart("web", v));
    moved(&folder, &old, &new);
    let again = sources(fresh(with(&folder, Locking::Add, None, false), &caches[1]), &new.url(""));
    assert_eq!((version(&again).as_deref(), again.save_lock()), (Ok("1.0.0"), Ok(false)));
    let other = sources(fresh(with(&folder, Locking::Add, Some(&["other"]), false), &caches[2]), &new.url(""));
    assert_eq!(version(&other).as_deref(), Ok("1.0.0"));
    let update = sources(fresh(with(&folder, Locking::Add, Some(&["charts"]), false), &caches[3]), &new.url(""));
    assert_eq!((version(&update).as_deref(), update.save_lock()), (Ok("1.5.0"), Ok(true)));
}

#[test]
fn other_bytes_under_a_locked_version_are_refused() {
    let (folder, caches) = (folder(), [folder(), folder()]);
    let old = repository(&["1.0.0"], |v| chart("web", v));
    let first = sources(fresh(with(&folder, Locking::Add, None, false), &caches[0]), &old.url(""));
    version(&first).expect("a chart");
    first.save_lock().expect("saved");
    let evil = repository(&["1.0.0"], |_| chart("web", "6.6.6"));
    moved(&folder, &old, &evil);
    for locking in [Locking::Add, Locking::Locked] {
        let sources = sources(fresh(with(&folder, locking, None, false), &caches[1]), &evil.url(""));
        let error = version(&sources).expect_err("an error");
        let (want, got) = (digest(&chart("web", "1.0.0")), digest(&chart("web", "6.6.6")));
        let text =
            format!("{}/web-1.0.0.tgz is not the pinned one: its digest is {got}, it should be {want}", evil.url(""));
        assert_eq!(error, FetchError::Tampered(text));
    }
}

#[test]
fn locked_means_that_nothing_is_added() {
    let (folder, cache) = (folder(), folder());
    let server = repository(&["1.0.0"], |v| chart("web", v));
    let sources = sources(fresh(with(&folder, Locking::Locked, None, false), &cache), &server.url(""));
    let error = version(&sources).expect_err("an error");
    assert!(matches!(&error, FetchError::NotFound(m) if m.contains("--locked prevents adding it")), "{error:?}");
    assert_eq!((sources.save_lock(), file(&folder).exists()), (Ok(false), false));
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn folders_are_their_owners() {
    let folder = folder();
    let at = folder.path().join("charts/web");
    let write = |version: &str| {
        for file in chart_files("web", version) {
            let path = at.join(file.name.to_string());
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, &file.data).expect("a file");
        }
    };
    let run = |locking, folders| {
        let sources = sources(with(&folder, locking, None, folders), &folder.path().display().to_string());
        let result = sources.chart(&wanted("GitRepository", "./charts/web", "")).map(drop);
        (result, sources.save_lock().expect("saved"))
    };
    write("1.0.0");
    assert_eq!(run(Locking::Add, false), (Ok(()), false), "nothing to lock");
    assert_eq!(run(Locking::Locked, false), (Ok(()), false));
    assert_eq!(run(Locking::Add, true), (Ok(()), true), "asked for by name");
    write("1.0.1");
    let (result, _) = run(Locking::Locked, true);
    assert!(matches!(&result, Err(FetchError::Tampered(m)) if m.contains("differs from")), "{result:?}");
    assert_eq!(run(Locking::Add, true), (Ok(()), true), "the file follows");
}

#[test]
fn damaged_lock_files_are_a_usage_error() {
    let folder = folder();
    fs::write(file(&folder), "charts: [").expect("written");
    let error = Sources::new(with(&folder, Locking::Add, None, false)).expect_err("an error").to_string();
    let want = format!("{}: this is not a lock file: ", Path::new(&file(&folder)).display());
    assert!(error.starts_with(&want), "{error}");
}
