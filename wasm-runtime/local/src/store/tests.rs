//! The store, against files that others change.

use std::os::unix::fs::symlink;
use std::thread;

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
    let store = Store::open(&folder.path().join("store")).expect("a store");
    (folder, store)
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
    let told: Vec<_> = std::iter::from_fn(|| events.try_recv().ok()).map(|e| (e.id, e.action, e.generation)).collect();
    assert_eq!(
        told,
        [
            (1, Action::Created, 1),
            (2, Action::Replaced, 2),
            (3, Action::Replaced, 3),
            (4, Action::Deleted, 3),
            (5, Action::Created, 4)
        ]
    );
}

#[test]
fn what_others_write_is_noticed() {
    let (folder, store) = store();
    let root = folder.path().join("store");
    fs::create_dir(root.join("b")).expect("a folder");
    let path = root.join("b/hand.yaml");
    fs::write(&path, text("b", "hand", "1.0.0")).expect("written");
    store.scan().expect("scanned");
    let all = || store.list(None, &Selector::default(), 10, None);
    assert_eq!(names(&all()), ["b/hand"]);
    fs::write(&path, text("b", "hand", "2.0.0")).expect("written");
    let read = store.read(&id("b", "hand")).expect("read");
    assert_eq!((read.metadata.generation, read.metadata.version.as_str()), (2, "2.0.0"));
    let stale = Precondition::Digests(vec![read.metadata.digest]);
    fs::write(&path, text("b", "hand", "3.0.0")).expect("written");
    let lost = store.replace(&id("b", "hand"), &text("b", "hand", "4.0.0"), &stale);
    assert!(matches!(lost, Err(StoreError::Changed(_))), "edits by hand are not lost");
    fs::write(&path, "a: [").expect("written");
    fs::write(root.join("b/other.yaml"), text("b", "hand", "1.0.0")).expect("written");
    fs::write(root.join("b/bytes.yaml"), b"\xff").expect("written");
    fs::write(root.join("b/large.yaml"), vec![b'#'; 2 << 20]).expect("written");
    fs::write(root.join("b/Not_A_Label.yaml"), text("b", "hand", "1.0.0")).expect("written");
    symlink("/etc/passwd", root.join("b/link.yaml")).expect("a link");
    store.scan().expect("scanned");
    let list = all();
    assert_eq!(names(&list), ["b/bytes", "b/hand", "b/other"]);
    let why: Vec<_> = list.items.iter().filter_map(|head| head.broken.as_deref()).collect();
    assert_eq!(why[0], "the file is not UTF-8");
    assert!(why[1].starts_with("the text is not one whole HelmChartDescriptor: "), "{}", why[1]);
    assert_eq!(why[2], "the text is of b/hand");
    assert!(matches!(store.read(&id("b", "link")), Err(StoreError::NotFound(_))));
    assert!(matches!(store.read(&id("b", "large")), Err(StoreError::TooLarge { .. })));
    assert!(matches!(store.read(&id("b", "bytes")), Err(StoreError::NotText(_))));
    fs::remove_dir_all(root.join("b")).expect("removed");
    store.scan().expect("scanned");
    assert!(all().items.is_empty());
}

#[test]
fn it_is_the_same_after_a_restart() {
    let (folder, store) = store();
    let root = folder.path().join("store");
    store.create(&text("a", "shop", "1.0.0")).expect("created");
    let (next, _) = store.replace(&id("a", "shop"), &text("a", "shop", "2.0.0"), &Precondition::Present).expect("new");
    assert!(matches!(Store::open(&root), Err(StoreError::InUse(_))));
    drop(store);
    // A program that ended in the middle of writing leaves this.
    fs::write(root.join("a/.new-1-1"), "half").expect("written");
    let store = Store::open(&root).expect("a store");
    assert_eq!(store.read(&id("a", "shop")).expect("read"), next);
    assert_eq!(store.list(None, &Selector::default(), 10, None).items, [next.metadata]);
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
        let page = store.list(None, &Selector::default(), 4, after.as_ref());
        assert!(page.items.len() <= 4);
        found.extend(names(&page));
        let Some(next) = page.next else { break };
        after = next.split_once('/').map(|(a, b)| (a.to_owned(), b.to_owned()));
    }
    assert_eq!(found.len(), 15);
    assert!(found.is_sorted());
    let only = |labels: &str| Selector::parse(labels).expect("a selector");
    assert_eq!(names(&store.list(Some("b"), &only(""), 2, None)), ["b/m0", "b/m1"]);
    let before = ("a".to_owned(), "m4".to_owned());
    assert_eq!(names(&store.list(Some("b"), &only(""), 1, Some(&before))), ["b/m0"]);
    assert_eq!(store.list(None, &only("team=c"), 5, None).next, None, "nothing that fits is left");
    assert_eq!(store.list(None, &only("team!=c"), 100, None).items.len(), 10);
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
    assert_eq!((history.len(), history[0].generation), (MOST_REVISIONS, 60));
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
