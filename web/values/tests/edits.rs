//! Edits by path, as a person would have made them in the text.

use chartwright_values::{Layer, Model, Path, Refused, parse};

const DEFAULTS: &str = "\
replicas: 1
image:
  repository: nginx
  tag: '1.27'
service:
  type: ClusterIP
  port: 80
hosts:
  - name: a.example.org
    path: /
  - name: b.example.org
    path: /b
labels: {}
mode: 0644
debug: false
";

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

/// Runs edits, one a line, on a text: `set PATH YAML`, `unset PATH`, `insert PATH INDEX YAML`, `remove PATH INDEX`,
/// `move PATH FROM TO`, `add PATH KEY YAML`, `rename PATH KEY`, `delete PATH`, `undo`, `redo`.
fn run(text: &str, edits: &str) -> (Model, Vec<Refused>) {
    let mut model = Model::new(DEFAULTS).unwrap();
    model.set_text(text);
    let mut refused = Vec::new();
    for edit in edits.lines() {
        let mut words = edit.trim().splitn(4, ' ');
        let mut next = || words.next().unwrap_or_default();
        let (verb, at) = (next(), path(next()));
        let (a, b) = (next().to_owned(), next().to_owned());
        let value = |text: &str| parse(text).unwrap();
        let index = |text: &str| text.parse::<usize>().unwrap();
        let whole = if b.is_empty() { a.clone() } else { format!("{a} {b}") };
        let result = match verb {
            "set" => model.set(&at, value(&whole)),
            "unset" => model.unset(&at),
            "insert" => model.insert_item(&at, index(&a), value(&b)),
            "remove" => model.remove_item(&at, index(&a)),
            "move" => model.move_item(&at, index(&a), index(&b)),
            "add" => model.add_key(&at, &a, value(&b)),
            "rename" => model.rename_key(&at, &a),
            "delete" => model.remove_key(&at),
            "undo" => {
                model.undo();
                Ok(())
            }
            "redo" => {
                model.redo();
                Ok(())
            }
            verb => panic!("no edit {verb}"),
        };
        refused.extend(result.err());
        // What the model holds is what its text says.
        let values = parse(model.text()).unwrap();
        assert_eq!(
            if values == parse("null").unwrap() { parse("{}").unwrap() } else { values },
            *model.values(),
            "{edit}"
        );
    }
    (model, refused)
}

#[test]
fn the_text_that_a_person_would_write() {
    for (text, edits, want) in [
        ("", "set replicas 3", "replicas: 3\n"),
        ("# mine\n", "set replicas 3", "# mine\nreplicas: 3\n"),
        ("# mine", "set image.tag 1.28", "# mine\nimage:\n  tag: 1.28\n"),
        ("", "set image.tag \"1.28\"\nset image.repository web", "image:\n  repository: web\n  tag: \"1.28\"\n"),
        (
            "",
            "set debug true\nset service.port 8080\nset replicas 2",
            "replicas: 2\nservice:\n  port: 8080\ndebug: true\n",
        ),
        ("a: 1 # one\nb: 2 # two\n", "set a 3", "a: 3 # one\nb: 2 # two\n"),
        ("a: 1 # one\n\n# about b\nb: 2 # two\n", "unset a", "\n# about b\nb: 2 # two\n"),
        ("a:   'x'   # one\n", "set a z", "a:   z   # one\n"),
        (
            "mode: 0755\nbig: 12345678901234567890\ne: 1e3\n",
            "set replicas 2",
            "replicas: 2\nmode: 0755\nbig: 12345678901234567890\ne: 1e3\n",
        ),
        ("mode: 0644\n", "set mode 0755", "mode: 0755\n"),
        ("", "set image.tag 1e3", "image:\n  tag: 1e3\n"),
        ("a: {b: 1, c: 2} # x\n", "set a.b 3", "a: {b: 3, c: 2} # x\n"),
        ("a: {b: 1, c: 2}\n", "set a.d [1, \"x y\"]", "a: {b: 1, c: 2, d: [1, x y]}\n"),
        ("a: {b: 1, c: 2}\n", "unset a.b", "a: {c: 2}\n"),
        ("a: {b: 1, c: 2}\n", "unset a.c", "a: {b: 1}\n"),
        ("a: {}\n", "set a.b 1", "a:\n  b: 1\n"),
        ("a: {} # none\n", "set a.b 1", "a: # none\n  b: 1\n"),
        ("a:\n", "set a.b 1", "a:\n  b: 1\n"),
        ("a: # later\nb: 1\n", "set a 2", "a: 2 # later\nb: 1\n"),
        ("a:\n  # c\n  b: 1\n", "set a x", "a: x\n"),
        ("{}\n", "set a 1", "a: 1\n"),
        ("{a: 1}\n", "set b 2", "{a: 1, b: 2}\n"),
        ("---\na: 1\n", "set b 2", "---\na: 1\nb: 2\n"),
        ("a: |\n  one\n  two\n\nb: 1\n", "set a x", "a: x\n\nb: 1\n"),
        ("a: x # c\n", "set a \"one\\ntwo\\n\"", "a: | # c\n  one\n  two\n"),
        ("a: | # c\n  one\nb: 1\n", "set a \"two\\n\\nthree\"", "a: |- # c\n  two\n\n  three\nb: 1\n"),
        ("a: \"one\n  two\"\nb: 1\n", "set a 2", "a: 2\nb: 1\n"),
        ("b: |+\n  x\n\n", "set c 1", "b: |+\n  x\n\nc: 1\n"),
        // Lists.
        (
            "",
            "set hosts[0].path /x",
            "hosts:\n  - name: a.example.org\n    path: /x\n  - name: b.example.org\n    path: /b\n",
        ),
        ("hosts:\n- name: x # n\n", "set hosts[0].name z", "hosts:\n- name: z # n\n"),
        ("hosts:\n- name: x\n", "insert hosts 1 {name: z, path: /}", "hosts:\n- name: x\n- name: z\n  path: /\n"),
        ("hosts:\n  # first\n  - name: x\n", "insert hosts 0 z", "hosts:\n  # first\n  - z\n  - name: x\n"),
        (
            "hosts:\n  - a\n  # about b\n  - b\n  - c # c\n",
            "move hosts 1 2",
            "hosts:\n  - a\n  - c # c\n  # about b\n  - b\n",
        ),
        ("hosts:\n  - a\n  # about b\n  - b\n  - c", "move hosts 2 0", "hosts:\n  - c\n  - a\n  # about b\n  - b\n"),
        ("hosts: [a, b, c]\n", "move hosts 0 2", "hosts: [b, c, a]\n"),
        ("hosts: [a, b, c]\n", "remove hosts 1", "hosts: [a, c]\n"),
        ("hosts: [a]\n", "remove hosts 0", "hosts: []\n"),
        ("hosts:\n  - a\n  - b\n", "remove hosts 0", "hosts:\n  - b\n"),
        ("hosts:\n  - a\n", "remove hosts 0", "hosts: []\n"),
        ("", "remove hosts 0", "hosts:\n  - name: b.example.org\n    path: /b\n"),
        (
            "",
            "insert hosts 2 {name: c}",
            "hosts:\n  - name: a.example.org\n    path: /\n  - name: b.example.org\n    path: /b\n  - name: c\n",
        ),
        ("x:\n- - a\n  - b\n- - c\n", "set x[0][1] z", "x:\n- - a\n  - z\n- - c\n"),
        ("x:\n- - a\n  - b\n", "remove x[0] 0", "x:\n- - b\n"),
        ("x:\n- a: 1\n  b: 2\n", "unset x[0].a", "x:\n- b: 2\n"),
        ("x:\n- a: 1 # c\n  # d\n  b: 2\n", "unset x[0].a", "x:\n- \n  # d\n  b: 2\n"),
        ("x:\n-\n- b\n", "set x[0] a", "x:\n- a\n- b\n"),
        // Maps.
        ("labels:\n  a: 1 # c\n", "rename labels.a b", "labels:\n  b: 1 # c\n"),
        ("", "add labels app.kubernetes.io/name web", "labels:\n  app.kubernetes.io/name: web\n"),
        ("", "delete image.tag", "image:\n  tag: null\n"),
        ("image:\n  pull: x\n", "delete image.pull", "image: {}\n"),
        ("", "rename service.port targetPort", "service:\n  targetPort: 80\n  port: null\n"),
        (
            "",
            "rename hosts[0].path prefix",
            "hosts:\n  - name: a.example.org\n    prefix: /\n  - name: b.example.org\n    path: /b\n",
        ),
        ("", "add labels 8080 x\nadd labels 0755 z", "labels:\n  8080: x\n  \"0755\": z\n"),
        // Resets.
        ("", "set image.tag x\nunset image.tag", ""),
        ("image:\n  tag: x\n", "unset image.tag", "image: {}\n"),
        ("a: 1\n", "set service.port 1\nunset service.port", "a: 1\n"),
        ("a: 1\nb: 2\n", "unset ", ""),
        ("", "set a.b.c 1\nset a.d 2\nunset a.b.c", "a:\n  d: 2\n"),
        // Nothing, null, and what is empty are not the same.
        (
            "",
            "set image null\nset labels {}\nset hosts []\nset debug \"\"",
            "image: null\nhosts: []\nlabels: {}\ndebug: \"\"\n",
        ),
        (
            "",
            "set a \"true\"\nset b \"1.0\"\nset c \"null\"\nset d \"0x1f\"\nset e \"yes\"\nset f \"web\"",
            "a: \"true\"\nb: \"1.0\"\nc: \"null\"\nd: \"0x1f\"\ne: \"yes\"\nf: web\n",
        ),
        // A whole map, of which only what differs is written.
        (
            "a:\n  # one\n  b: 1 # b\n  c: 2\n  # three\n  d: [1, 2]\n",
            "set a {b: 1, d: [1, 3], e: 4}",
            "a:\n  # one\n  b: 1 # b\n  # three\n  d: [1, 3]\n  e: 4\n",
        ),
        // Anchors and merges.
        ("a: &x {p: 1}\nb: *x\n", "set b.p 2", "a: &x {p: 1}\nb:\n  p: 2\n"),
        ("a: &x {p: 1}\nb:\n  <<: *x\n  q: 1\n", "set b.p 2", "a: &x {p: 1}\nb:\n  <<: *x\n  q: 1\n  p: 2\n"),
        ("a: &x {p: 1}\nb:\n  <<: *x\n  q: 1\n", "unset b.p", "a: &x {p: 1}\nb:\n  q: 1\n"),
        ("a: &x # c\n  p: 1\nb: *x # d\n", "set a.p 2", "a: &x # c\n  p: 2\nb: # d\n  p: 1\n"),
        ("a: &n 2 # two\nb: [*n, 1]\nc: *n\n", "set a 3", "a: 3 # two\nb: [2, 1]\nc: 2\n"),
        ("a: &n 2\nb: {m: *n}\n", "unset a", "b: {m: 2}\n"),
        // Undo.
        ("a: 1\n", "set a 2\nset a 3\nset b 1\nundo\nundo\nredo", "a: 3\n"),
        ("a: 1\r\nb: 2 # two\r\n", "set a 3\nset c {d: 1}", "a: 3\r\nb: 2 # two\r\nc:\r\n  d: 1\r\n"),
    ] {
        let (model, refused) = run(text, edits);
        assert_eq!(refused, [], "{text:?}: {edits}");
        assert_eq!(model.text(), want, "{text:?}: {edits}");
    }
}

#[test]
fn what_is_refused() {
    for (text, edits, want) in [
        ("a: [1\n", "", ""),
        ("", "insert replicas 0 1", "replicas is not a list"),
        ("", "insert hosts 3 1", "hosts has no item 4"),
        ("", "remove hosts 2", "hosts has no item 3"),
        ("", "set hosts[5].a 1", "hosts has no item 6"),
        ("", "set replicas[0] 1", "replicas is not a list"),
        ("", "add image tag x", "there is a image.tag already"),
        ("", "add labels ", "a key needs a name"),
        ("", "add replicas x 1", "replicas is not a map"),
        ("", "rename image.tag repository", "there is a image.repository already"),
        ("", "delete nothing", "there is no nothing"),
        (
            "a: &x # c\n  p: 1\nb:\n  <<: *x\n",
            "set a.p 2",
            "a.p is written in a way that only the YAML editor can change, as with anchors",
        ),
    ] {
        if edits.is_empty() {
            continue;
        }
        let (model, refused) = run(text, edits);
        assert_eq!(refused.iter().map(ToString::to_string).collect::<Vec<_>>(), [want], "{edits}");
        assert_eq!(model.text(), text);
    }
    let mut model = Model::new(DEFAULTS).unwrap();
    model.set_text("replicas: 2\n");
    model.set_text("replicas: [2\n");
    assert_eq!(model.values(), &parse("replicas: 2").unwrap());
    let refused = model.set(&path("debug"), true.into()).unwrap_err();
    insta::assert_snapshot!(refused, @"the YAML has an error, so the form cannot change it: line 1: did not find expected ',' or ']'");
    assert_eq!(model.text(), "replicas: [2\n");
    // Nothing of it is lost when the tab is closed.
    let mut other = Model::new(DEFAULTS).unwrap();
    other.restore(&model.snapshot());
    assert_eq!((other.text(), other.values(), other.error()), (model.text(), model.values(), model.error()));
    model.undo();
    assert_eq!((model.text(), model.error()), ("", None));
}

#[test]
fn who_set_what() {
    let layers = vec![
        Layer::read("developer", "replicas: 2\nimage: {tag: dev}\nhosts: [{name: d}]\nservice: null\n").unwrap(),
        Layer::read("saved", "replicas: 3\n").unwrap(),
    ];
    let mut model = Model::new(DEFAULTS).unwrap().with_layers(layers);
    model.set_text("replicas: 4\nimage:\n  pull: Always\nlabels: null\nnew: 1\n");
    let shown = |at: &str| {
        let e = model.effective(&path(at));
        let losers: Vec<_> = e.losers.iter().map(|l| format!("{} {}", l.origin.name(), l.value.shown())).collect();
        let value = e.value.map_or("-".to_owned(), |v| v.shown());
        format!("{at}: {value} by {}; {}", e.origin.name(), losers.join(", "))
    };
    insta::assert_snapshot!(
        ["replicas", "image.tag", "image.repository", "image", "hosts", "hosts[0].name", "hosts[1].name", "service",
         "service.port", "labels", "new", "none", "debug"].map(shown).join("\n"), @"
    replicas: 4 by yours; saved 3, developer 2, default 1
    image.tag: dev by developer; default 1.27
    image.repository: nginx by default; 
    image: 3 keys by yours; developer 1 key, default 2 keys
    hosts: 1 item by developer; default 2 items
    hosts[0].name: d by developer; default a.example.org
    hosts[1].name: - by developer; default b.example.org
    service: - by developer; default 2 keys
    service.port: - by developer; default 80
    labels: - by yours; default {}
    new: 1 by yours; 
    none: - by unset; 
    debug: false by default; 
    ");
    let lines: Vec<_> = model.merged_lines().iter().map(|l| format!("{:<28} {}", l.text, l.origin.name())).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    replicas: 4                  yours
    image:                       yours
      repository: nginx          default
      tag: dev                   developer
      pull: Always               yours
    hosts:                       developer
      - name: d                  developer
    mode: 0644                   default
    debug: false                 default
    new: 1                       yours
    ");
    assert_eq!(
        model.set_paths().iter().map(Path::to_string).collect::<Vec<_>>(),
        ["replicas", "image.pull", "labels", "new"]
    );
    let joined: Vec<_> = model.merged_lines().into_iter().map(|l| l.text + "\n").collect();
    assert_eq!(joined.concat(), model.merged_text());
}

#[test]
fn undo_brings_steps_back() {
    let mut model = Model::new(DEFAULTS).unwrap();
    // Letter by letter.
    for n in [1, 12, 123, 13, 3] {
        model.set(&path("replicas"), i64::into(n)).unwrap();
    }
    // Another number at once.
    model.set(&path("replicas"), 9.into()).unwrap();
    model.set_text("replicas: 10\n");
    model.set_text("replicas: 1\n");
    let mut texts = Vec::new();
    while model.undo() {
        texts.push(model.text().to_owned());
    }
    assert_eq!(texts, ["replicas: 9\n", "replicas: 3\n", ""]);
    assert!(!model.can_undo() && model.can_redo());
    while model.redo() {}
    assert_eq!(model.text(), "replicas: 1\n");
    model.undo();
    model.set(&path("debug"), true.into()).unwrap();
    assert!(!model.can_redo());
}
