use govalue::Value;
use goyaml::yaml::from_yaml;

use super::*;

fn catalog(index: &str) -> Catalog {
    Catalog::from_index(index.as_bytes(), "charts").unwrap_or_else(|e| panic!("{e}\n{index}"))
}

/// What Helm writes, with what people write by hand among it.
const INDEX: &str = r#"# An index.
apiVersion: v1
entries:
  redis:
  - annotations:
      artifacthub.io/images: |
        - name: redis
          image: example.org/redis:8
      category: Database
    apiVersion: v2
    appVersion: 8.0.1
    created: "2026-01-02T03:04:05.678Z"
    dependencies:
    - name: common
      repository: oci://example.org/charts
      version: 2.x.x
    description: Redis(R) is an open source, advanced key-value store. It is often
      referred to as a data structure server since keys can contain strings, hashes,
      lists, sets and sorted sets.
    digest: 0123abcd
    home: https://example.org/redis
    icon: https://example.org/redis.png
    keywords:
    - redis
    - 'key: value'
    - "nosql \u00fc"
    maintainers:
    - name: Someone
      url: https://example.org
    name: redis
    sources: [https://example.org/redis, "https://example.org/two, three"]
    urls:
    - redis-9.0.0.tgz
    version: 9.0.0
  - {version: 10.0.0-rc.1, urls: ["redis-10.tgz", other], keywords: [a, 'b ''c'], deprecated: false, description: it's new}
  - &anchor
    version: "8.9"
    deprecated: true
    urls: [redis-8.9.tgz]
  - version: 1.0.0
    urls:
  common:
  - type: library
    version: 1.0.0
    urls: [common-1.0.0.tgz]
  "my shop":
    - version: 1.2.3 # the first
      description: >-
        A shop,
        folded.

        In two paragraphs.
      urls: # where it is
        - "https://example.org/my-shop-1.2.3.tgz"
      appVersion: null
      home: ~
      icon: "data:image/svg+xml;base64,\
        AAAA"
  empty: []
  nothing:
generated: "2026-01-02T03:04:05Z"
serverInfo: {}
"#;

#[test]
fn an_index_becomes_a_catalog() {
    let json = serde_json::to_string_pretty(&catalog(INDEX)).expect("JSON");
    insta::assert_snapshot!(json);
}

/// As `goyaml` reads it: a second reader of the whole of YAML.
fn by_goyaml(text: &str) -> Value {
    from_yaml(text.as_bytes()).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

#[test]
fn texts_are_read_as_goyaml_reads_them() {
    for text in [
        "plain",
        "plain # comment",
        "it's",
        "a:b",
        "a#b",
        "'single'",
        "'it''s'",
        "'two\n  lines'",
        "'two\n\n  paragraphs'",
        "\"double\"",
        "\"esc \\\" \\\\ \\n \\t \\u00fc \\x41 \\U0001F600\"",
        "\"two\n  lines\"",
        "\"joined \\\n  lines\"",
        "\"joined\\\n  \\ lines\"",
        "\"even \\\\\n  lines\"",
        "\"ends on its own line\n  \"",
        "two\n  lines",
        "two\n\n  paragraphs",
        "three\n\n\n  paragraphs",
        "two\n  lines # comment",
        "|\n    literal\n      deeper\n    text\n",
        "|-\n    literal\n\n    text\n",
        "|+\n    literal\n\n\n",
        ">\n    folded\n    text\n\n    more\n",
        ">-\n    folded\n    text\n",
        "|\n    # no comment\n    text\n",
        "!!str 1.0",
        "&a anchored",
        "null",
        "~",
        "",
    ] {
        let text = text.replace("\n ", "\n     ");
        let text =
            format!("apiVersion: v1\nentries:\n  a:\n  - urls: [u]\n    description: {text}\n    version: 1.0.0\n");
        let read = catalog(&text).modules.into_iter().next().map(|m| m.description);
        let Value::Map(root) = by_goyaml(&text) else { panic!("no mapping") };
        let whole = format!("{:?}", root.get("entries"));
        let want = match walk(&root, &["entries", "a"]) {
            Some(Value::List(items)) => match items.iter().next() {
                Some(Value::Map(first)) => match first.get("description") {
                    Some(Value::Str(text)) => text.to_str_lossy().into_owned(),
                    _ => String::new(),
                },
                _ => panic!("{whole}"),
            },
            _ => panic!("{whole}"),
        };
        assert_eq!(read.as_deref(), Some(want.as_str()), "{text}");
    }
}

fn walk(map: &govalue::Map, path: &[&str]) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    match (rest, map.get(*first)?) {
        ([], value) => Some(value),
        (rest, Value::Map(map)) => walk(&map, rest),
        _ => None,
    }
}

#[test]
fn an_index_in_json_is_read_too() {
    let json = r#" {"apiVersion":"v1","entries":{"web":[{"version":"1.0.0","urls":["a\/b.tgz"],"appVersion":2.5,"keywords":null,
        "annotations":{"category":"Web"}},null]}}"#;
    let web = catalog(json);
    let module = web.module("web").expect("a module");
    assert_eq!((module.category.as_str(), module.versions[0].url.as_str()), ("Web", "a/b.tgz"));
    assert_eq!(module.versions[0].app_version, "2.5");
}

#[test]
fn what_is_no_index_says_where() {
    for (index, words) in [
        ("", "the file is empty"),
        ("<html>\n<body>", "not an index of a Helm repository: line 1: a key is expected"),
        ("entries: {}", "not an index of a Helm repository: line 1: it names no apiVersion"),
        ("apiVersion: v1\nnonsense\n", "not an index of a Helm repository: line 2: a key is expected"),
        (
            "apiVersion: v1\nentries:\n  a:\n  - version: \"1.0\n",
            "not an index of a Helm repository: line 4: a quotation mark is not closed",
        ),
        (
            "apiVersion: v1\nentries:\n  a: [{version: 1\n",
            "not an index of a Helm repository: line 3: a bracket is not closed",
        ),
        ("{\"apiVersion\": 1", "not a catalog: EOF while parsing an object at line 1 column 16"),
        ("{}", "not an index of a Helm repository: line 1: it names no apiVersion"),
    ] {
        let got = Catalog::from_index(index.as_bytes(), "x").map_err(|e| e.to_string());
        assert_eq!(got.map(|_| ()), Err(words.to_owned()), "{index}");
    }
    let got = Catalog::from_index(b"apiVersion: v1\n\n\xff", "x").map_err(|e| e.to_string());
    assert_eq!(got.map(|_| ()), Err("not an index of a Helm repository: line 3: not UTF-8".to_owned()));
}

#[test]
fn no_index_makes_it_stumble() {
    // Every prefix of an index, and every index without one of its lines: an answer, whatever it is.
    for end in 0..INDEX.len() {
        if INDEX.is_char_boundary(end) {
            let _ = Catalog::from_index(&INDEX.as_bytes()[..end], "x");
        }
    }
    let lines: Vec<&str> = INDEX.lines().collect();
    for without in 0..lines.len() {
        let rest: Vec<&str> =
            lines.iter().enumerate().filter(|(at, _)| *at != without).map(|(_, line)| *line).collect();
        let _ = Catalog::from_index(rest.join("\n").as_bytes(), "x");
    }
    let deep = format!("apiVersion: v1\nentries: {}", "[".repeat(100_000));
    assert!(Catalog::from_index(deep.as_bytes(), "x").is_err());
}
