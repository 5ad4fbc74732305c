//! The store: what it keeps, with other programs beside, and on files that are not as they should be.

use std::{fs, thread};

use chartwright_api::ApiError;

use super::*;

fn text(namespace: &str, name: &str, version: &str) -> String {
    format!(
        "apiVersion: chartwright.dev/v1alpha1\nkind: HelmChartDescriptor\n\
         metadata: {{name: {name}, namespace: {namespace}, labels: {{team: {namespace}}}}}\n\
         spec:\n  module: {{version: {version}}}\n\
         \x20 template: {{chart: modulebase, sourceRef: {{kind: GitRepository, name: charts}}}}\n\
         \x20 components:\n    - name: web\n"
    )
}

fn id(namespace: &str, name: &str) -> Id {
    Id::new(namespace, name).expect("labels")
}

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("store.db")).expect("a store");
    (folder, store)
}

fn all(store: &Store) -> DescriptorList {
    store.list(&Namespaces::All, None, &Selector::default(), 1000, None).expect("a list")
}

fn names(list: &DescriptorList) -> Vec<String> {
    list.items.iter().map(|head| format!("{}/{}", head.namespace, head.name)).collect()
}

#[test]
fn a_descriptor_lives() {
    let (_folder, store) = store();
    let mut events = store.events();
    let (shop, present) = (id("a", "shop"), Precondition::Present);
    let made = store.create(&text("a", "shop", "1.0.0")).expect("created");
    assert_eq!((made.metadata.generation, made.metadata.version.as_str()), (1, "1.0.0"));
    assert!(matches!(store.create(&text("a", "shop", "1.0.0")), Err(StoreError::Exists(_))));
    let old = Precondition::Digests(vec![made.metadata.digest]);
    let (next, created) = store.replace(&shop, &text("a", "shop", "1.1.0"), &old).expect("replaced");
    assert_eq!((next.metadata.generation, created), (2, false));
    assert!(matches!(store.replace(&shop, &text("a", "shop", "1.2.0"), &old), Err(StoreError::Changed(_))));
    let same = store.replace(&shop, &text("a", "shop", "1.1.0"), &present).expect("the same");
    assert_eq!(same.0.metadata.generation, 2, "the same text is no new version");
    assert!(matches!(store.replace(&shop, &text("a", "other", "1.0.0"), &present), Err(StoreError::OtherName { .. })));
    let back = store.rollback(&shop, 1, None).expect("back");
    assert_eq!((back.metadata.generation, back.metadata.version.as_str()), (3, "1.0.0"));
    let history = store.history(&shop).expect("history").items;
    assert_eq!(
        history.iter().map(|r| (r.generation, r.current)).collect::<Vec<_>>(),
        [(3, true), (2, false), (1, false)]
    );
    assert!(matches!(store.delete(&shop, Some(&Precondition::Digests(vec![]))), Err(StoreError::Changed(_))));
    store.delete(&shop, None).expect("deleted");
    assert!(matches!(store.read(&shop), Err(StoreError::NotFound(_))));
    assert!(matches!(store.delete(&shop, None), Err(StoreError::NotFound(_))));
    assert_eq!(store.history(&shop).expect("it stays").items.len(), 3);
    assert_eq!(store.rollback(&shop, 2, None).expect("it comes back").metadata.generation, 4);
    let told: Vec<_> = std::iter::from_fn(|| events.try_recv().ok()).map(|e| (e.action, e.generation)).collect();
    assert_eq!(
        told,
        [
            (Action::Created, 1),
            (Action::Replaced, 2),
            (Action::Replaced, 3),
            (Action::Deleted, 3),
            (Action::Created, 4)
        ]
    );
}

#[test]
fn it_is_the_same_after_a_restart() {
    let (folder, store) = store();
    store.create(&text("a", "shop", "1.0.0")).expect("created");
    let (next, _) = store.replace(&id("a", "shop"), &text("a", "shop", "2.0.0"), &Precondition::Present).expect("new");
    store.create(&text("a", "gone", "1.0.0")).expect("created");
    store.delete(&id("a", "gone"), None).expect("deleted");
    drop(store);
    let store = Store::open(&folder.path().join("store.db")).expect("a store");
    assert_eq!(store.read(&id("a", "shop")).expect("read"), next);
    assert_eq!(all(&store).items, [next.metadata]);
    assert_eq!(store.create(&text("a", "gone", "1.1.0")).expect("again").metadata.generation, 2);
}

#[test]
fn two_programs_have_the_same_store() {
    let (folder, one) = store();
    let two = Store::open(&folder.path().join("store.db")).expect("the same store");
    let mut events = one.events();
    one.create(&text("a", "shop", "1.0.0")).expect("created");
    assert_eq!(names(&all(&two)), ["a/shop"]);
    let tag = two.read(&id("a", "shop")).expect("read").metadata.digest;
    two.replace(&id("a", "shop"), &text("a", "shop", "2.0.0"), &Precondition::Digests(vec![tag.clone()])).expect("new");
    let lost = one.replace(&id("a", "shop"), &text("a", "shop", "3.0.0"), &Precondition::Digests(vec![tag]));
    assert!(matches!(lost, Err(StoreError::Changed(_))), "what the other one wrote is not lost");
    assert_eq!(all(&one).items[0].version, "2.0.0");
    two.delete(&id("a", "shop"), None).expect("deleted");
    assert!(all(&one).items.is_empty());
    let told: Vec<_> = std::iter::from_fn(|| events.try_recv().ok()).map(|event| event.action).collect();
    assert_eq!(told, [Action::Created, Action::Replaced, Action::Deleted]);
    // Both at once: every one of the writes is there.
    thread::scope(|scope| {
        for (at, store) in [&one, &two, &one, &two].into_iter().enumerate() {
            scope.spawn(move || {
                for module in 0..25 {
                    store.create(&text("b", &format!("m{at}-{module}"), "1.0.0")).expect("created");
                }
            });
        }
    });
    assert_eq!((all(&one).items.len(), all(&two).items.len()), (100, 100));
}

#[test]
fn older_stores_become_newer_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.db");
    let old = Connection::open(&path).expect("a file");
    old.execute_batch(schema::MIGRATIONS[0]).expect("the first schema");
    old.execute_batch("PRAGMA application_id = 0x63777374; PRAGMA user_version = 1").expect("its version");
    old.execute_batch(
        "INSERT INTO descriptors VALUES ('a', 'shop', 3, 'sha256:00', 1, 2, '1.0.0', 'A shop', '{\"t\":\"x\"}', 0, 7);
         INSERT INTO revisions VALUES ('a', 'shop', 3, 'sha256:00', 1, 'text');",
    )
    .expect("a row");
    drop(old);
    let store = Store::open(&path).expect("a store");
    let head = &all(&store).items[0];
    assert_eq!((head.generation, head.labels["t"].as_str()), (3, "x"));
    assert_eq!(store.read(&id("a", "shop")).expect("read").text, "text");
    let version: i64 =
        lock(&store.reader).pragma_query_value(None, "user_version", |row| row.get(0)).expect("a version");
    assert_eq!(version, i64::try_from(schema::VERSION).expect("a number"));
}

#[test]
fn other_files_are_refused() {
    let (folder, newer) = store();
    lock(&newer.writer).pragma_update(None, "user_version", 99).expect("set");
    drop(newer);
    let why = |name: &str| Store::open(&folder.path().join(name)).expect_err(name).to_string();
    assert!(
        why("store.db").contains("a newer Chartwright has written this store (its schema is 99"),
        "{}",
        why("store.db")
    );
    let other = Connection::open(folder.path().join("other.db")).expect("a file");
    other.execute_batch("CREATE TABLE t (x)").expect("a table");
    drop(other);
    assert!(why("other.db").contains("not a store of Chartwright"), "{}", why("other.db"));
    fs::write(folder.path().join("text.db"), "This is not a database, and long enough to be seen as none. ".repeat(50))
        .expect("written");
    assert!(why("text.db").contains("not a store, or damaged"), "{}", why("text.db"));
    fs::create_dir(folder.path().join("dir")).expect("a folder");
    assert!(why("dir").contains("chartwright store import"), "{}", why("dir"));
    assert!(matches!(Store::open_existing(&folder.path().join("none.db")), Err(StoreError::Open { .. })));
    assert!(!folder.path().join("none.db").exists());
}

#[test]
fn damage_is_noticed() {
    let (folder, store) = store();
    for at in 0..200 {
        store.create(&text("a", &format!("m{at}"), "1.0.0")).expect("created");
    }
    drop(store);
    let path = folder.path().join("store.db");
    let mut bytes = fs::read(&path).expect("read");
    let length = bytes.len();
    bytes[4096..length].fill(0xa5);
    fs::write(&path, bytes).expect("written");
    let error = Store::open(&path).expect_err("it is damaged");
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    let copy = folder.path().join("copy.db");
    assert!(backup(&path, &copy).is_err());
    assert!(!copy.exists(), "a damaged store gives no backup");
    assert_eq!(
        fs::read_dir(folder.path())
            .expect("a folder")
            .filter(|entry| {
                entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with(".backup"))
            })
            .count(),
        0
    );
}

#[test]
fn a_full_disk_changes_nothing() {
    let (_folder, store) = store();
    store.create(&text("a", "shop", "1.0.0")).expect("created");
    store.limit_pages(1);
    let large = format!("{}# {}\n", text("a", "shop", "2.0.0"), "x".repeat(200_000));
    let error = store.replace(&id("a", "shop"), &large, &Precondition::Present).expect_err("no room");
    assert!(matches!(error, StoreError::Write(_)), "{error}");
    assert!(matches!(ApiError::from(error), ApiError::Store(_)));
    assert_eq!(store.read(&id("a", "shop")).expect("read").metadata.version, "1.0.0");
    assert_eq!(store.history(&id("a", "shop")).expect("history").items.len(), 1);
    store.limit_pages(100_000);
    assert_eq!(store.replace(&id("a", "shop"), &large, &Precondition::Present).expect("room").0.metadata.generation, 2);
}

#[test]
fn backups_are_whole() {
    let (folder, store) = store();
    for at in 0..50 {
        store.create(&text("a", &format!("m{at}"), "1.0.0")).expect("created");
    }
    let copy = folder.path().join("copy.db");
    let stop = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for at in 0.. {
                if stop.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                let text = text("a", "busy", &format!("1.0.{at}"));
                let condition = if at == 0 { Precondition::Absent } else { Precondition::Present };
                store.replace(&id("a", "busy"), &text, &condition).expect("written");
            }
        });
        let done = backup(store.path(), &copy);
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        done.expect("a backup");
    });
    assert!(matches!(backup(store.path(), &copy), Err(StoreError::FileExists(_))));
    let restored = Store::open_existing(&copy).expect("a store");
    assert!(all(&restored).items.len() >= 50);
    assert_eq!(restored.read(&id("a", "m7")).expect("read"), store.read(&id("a", "m7")).expect("read"));
}

#[test]
fn a_store_is_a_folder_and_back() {
    let (folder, store) = store();
    store.create(&text("a", "shop", "1.0.0")).expect("created");
    store.create(&text("b", "web", "1.0.0")).expect("created");
    let files = folder.path().join("files");
    assert_eq!(store.export(&files, false).expect("exported"), 2);
    assert_eq!(fs::read_to_string(files.join("b/web.yaml")).expect("read"), text("b", "web", "1.0.0"));
    assert_eq!(store.export(&files, false).expect("nothing is new"), 0);
    fs::write(files.join("b/web.yaml"), text("b", "web", "2.0.0")).expect("written");
    assert!(matches!(store.export(&files, false), Err(StoreError::FileExists(_))));
    fs::write(files.join("kustomization.yaml"), "kind: Kustomization\n").expect("written");
    fs::create_dir_all(files.join(".git")).expect("a folder");
    fs::write(files.join(".git/x.yaml"), text("c", "git", "1.0.0")).expect("written");
    fs::write(files.join("other name.yml"), text("c", "new", "1.0.0")).expect("written");
    let imported = store.import(&files).expect("imported");
    assert_eq!((imported.written.len(), imported.same), (2, 1));
    assert_eq!(imported.skipped, [files.join("kustomization.yaml")]);
    assert_eq!(names(&all(&store)), ["a/shop", "b/web", "c/new"]);
    assert_eq!(store.read(&id("b", "web")).expect("read").metadata.generation, 2);
    fs::write(files.join("a/shop.yaml"), text("a", "shop", "3.0.0")).expect("written");
    fs::write(files.join("z.yaml"), "kind: HelmChartDescriptor\n").expect("written");
    let error = store.import(&files).expect_err("one is broken").to_string();
    assert!(error.contains("z.yaml"), "{error}");
    assert_eq!(store.read(&id("a", "shop")).expect("read").metadata.version, "1.0.0", "all of them, or none");
    assert_eq!(store.export(&files, true).expect("replaced"), 2);
}

#[test]
fn lists_have_pages() {
    let (_folder, store) = store();
    for namespace in ["a", "b", "c"] {
        for at in 0..5 {
            store.create(&text(namespace, &format!("m{at}"), "1.0.0")).expect("created");
        }
    }
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = store.list(&Namespaces::All, None, &Selector::default(), 4, after.as_ref()).expect("a list");
        assert!(page.items.len() <= 4);
        found.extend(names(&page));
        let Some(next) = page.next else { break };
        after = next.split_once('/').map(|(a, b)| (a.to_owned(), b.to_owned()));
    }
    assert_eq!(found.len(), 15);
    assert!(found.is_sorted());
    let only = |labels: &str| Selector::parse(labels).expect("a selector");
    let list = |namespace, labels: &str, limit, after: Option<&(String, String)>| {
        store.list(&Namespaces::All, namespace, &only(labels), limit, after).expect("a list")
    };
    assert_eq!(names(&list(Some("b"), "", 2, None)), ["b/m0", "b/m1"]);
    let before = ("a".to_owned(), "m4".to_owned());
    assert_eq!(names(&list(Some("b"), "", 1, Some(&before))), ["b/m0"]);
    assert_eq!(list(None, "team=c", 5, None).next, None, "nothing that fits is left");
    assert_eq!(list(None, "team!=c", 100, None).items.len(), 10);
    let mine = Namespaces::Only(std::sync::Arc::new(["b".to_owned()].into()));
    let list = store.list(&mine, None, &Selector::default(), 5, None).expect("a list");
    assert_eq!((names(&list).len(), list.next), (5, None), "what others have is neither listed nor announced");
}

#[test]
fn one_of_many_writers_wins() {
    let (_folder, store) = store();
    let made = store.create(&text("a", "shop", "1.0.0")).expect("created");
    let condition = Precondition::Digests(vec![made.metadata.digest]);
    let won: usize = thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|at| {
                let (store, condition) = (&store, &condition);
                let text = text("a", "shop", &format!("2.0.{at}"));
                scope.spawn(move || usize::from(store.replace(&id("a", "shop"), &text, condition).is_ok()))
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().expect("joined")).sum()
    });
    assert_eq!(won, 1);
    assert_eq!(store.read(&id("a", "shop")).expect("read").metadata.generation, 2);
}

#[test]
fn old_versions_go() {
    let (_folder, store) = store();
    store.create(&text("a", "shop", "0.0.0")).expect("created");
    for at in 1..60 {
        let text = text("a", "shop", &format!("0.0.{at}"));
        store.replace(&id("a", "shop"), &text, &Precondition::Present).expect("replaced");
    }
    let history = store.history(&id("a", "shop")).expect("history").items;
    assert_eq!((history.len(), history[0].generation), (50, 60));
    assert!(matches!(store.revision(&id("a", "shop"), 1), Err(StoreError::NoRevision { .. })));
}

#[test]
fn several_descriptors_are_refused() {
    let (_folder, store) = store();
    let two = format!("{}---\n{}", text("a", "one", "1.0.0"), text("a", "two", "1.0.0"));
    for bad in [two.as_str(), "", "a: [", "kind: ConfigMap", "{}", &text("..", "a", "1.0.0"), &text("a", "A", "1.0.0")]
    {
        assert!(matches!(store.create(bad), Err(StoreError::Descriptor { .. })), "{bad}");
    }
}
