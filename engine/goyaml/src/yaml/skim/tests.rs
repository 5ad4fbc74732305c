use govalue::Value;

use super::super::decode::{Numbers, decode};
use super::super::reader::Input;
use super::super::{Document, Wanted, from_yaml_part, from_yaml_typed};
use super::*;

fn keys(text: &str) -> Option<Vec<&str>> {
    let entries = entries(text.as_bytes())?;
    let end = entries.iter().fold(entries.first()?.1.start, |end, (key, entry)| {
        assert_eq!((key.start, entry.start), (end, end), "entries stand one behind the other: {text}");
        entry.end
    });
    assert_eq!(end, text.len(), "{text}");
    Some(entries.into_iter().map(|(key, _)| &text[key]).collect())
}

#[test]
fn simple_documents_are_gone_over() {
    for text in [
        "a: 1\nb: [ 'x' , \"y\", 5 ]  # c\n_b:\n  c: d # e\n  f:\n  - g\n  - h: i\n    j: \"k\\n\"\n# l\nz: {}\n",
        "a:\n- - b\n  - c\n-\n  d: e\n- # f\n  g: 'h'\nz:",
        "a: |\n\n  b: c: d\n\n   - e\n\tz: [\n",
        "a: |-\n  b\n   \n# c\nz: http://d#e",
        "a:\n  - >+\n   b\n  - |\n  - --c=d\nz: []\n\n",
    ] {
        let got = keys(text);
        let is_good = from_yaml_typed(text.as_bytes()).is_ok();
        assert_eq!(got.map(|keys| (keys[0], keys[keys.len() - 1])), is_good.then_some(("a", "z")), "{text:?}");
    }
}

#[test]
fn what_is_not_simple_is_left_to_the_parser() {
    for text in [
        "",
        "# a",
        "a",
        "- a",
        " a: b",
        "a: b\n  c",
        "a: b\n c: d",
        "a:\n  b: c\n d: e",
        "a: *b",
        "a: &b c",
        "a: !!str b",
        "a: {b: c}",
        "a: [b c]",
        "a: [b,]",
        "a: [b",
        "a: [b: c]",
        "a: [-b]",
        "a: [[]]",
        "a: [{}]",
        "a: [\"b\\n\"]",
        "a: [b], c",
        "a: [, b]",
        "a: {\t}",
        "a: b: c",
        "a: b:",
        "a: \"b",
        "a: \"b\\x\"",
        "a: 'b''c'",
        "a: |2\n  b",
        "a: | # b\n  c",
        "? a",
        "<<: a",
        "null: a",
        "1: a",
        "a b: c",
        "a: .inf",
        "a: -.inf",
        "a: b\r\n",
        "a:\tb",
        "a: b\tc",
        "\ta: b",
        "---\na: b",
        "a: b\n...\n",
        "a: b\n- c",
        "a:\n  - b\n  c: d",
        "a: |\n\tb",
        "a: |\n    \n  b",
        "a: |\n  b\n \tc",
        "a: b\u{85}c: d",
        "a: |\n  b\u{2028}c",
        "a: \"b\" c",
        "a: {} b",
        "a: \"b\"#c",
    ] {
        assert_eq!(keys(text), None, "{text:?}");
    }
}

#[test]
fn what_is_gone_over_reads_as_all_of_it() {
    const PIECES: &[&str] = &[
        "a:",
        "kind:",
        "b: c",
        "kind: x",
        "- ",
        "-",
        "- a: b",
        "- c",
        "  ",
        "    ",
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\n  - ",
        "# d",
        " # e",
        "|",
        " |",
        " >-",
        " |-",
        "text",
        "\"q\"",
        "'s'",
        "{}",
        "[]",
        "{ }",
        "[a, \"b\"]",
        "[",
        ",",
        "]",
        ": ",
        ":",
        "#",
        "\t",
        "~",
        "---",
        "-x",
        " ",
        "\nkind:",
        "\na: ",
        "\n- ",
        "\n   ",
        "\"\\\"\\n\"",
        "1.0",
        "yes",
        ".5",
        "\n\n",
    ];
    let mut n = 1u64;
    let mut next = |most: usize| {
        n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (n >> 33) as usize % most
    };
    let (mut simple, mut read) = (0, 0);
    for _ in 0..100_000 {
        let mut text: String = (0..1 + next(14)).map(|_| PIECES[next(PIECES.len())]).collect();
        if next(4) > 0 {
            text.push('\n');
        }
        let whole = || decode(&Document::parse(text.as_bytes()).unwrap(), Numbers::Keep);
        if entries(text.as_bytes()).is_some() {
            simple += 1;
            let Ok(Value::Map(whole)) = whole() else { panic!("{text:?}") };
            let want = whole.with_keys(|key| Ok::<_, ()>(*key == "kind")).map(Value::Map);
            let part = from_yaml_part(text.as_bytes(), &[Wanted::all("kind")]);
            assert_eq!(format!("{part:?}"), format!("{want:?}"), "{text:?}");
        }
        if let Some((nodes, owned)) = nodes(text.as_bytes()) {
            read += 1;
            let got = decode(&Document::from_parts(Input::new(text.as_bytes()), owned, nodes), Numbers::Keep);
            assert_eq!(format!("{got:?}"), format!("{:?}", whole()), "{text:?}");
        }
    }
    assert!(simple > 3000 && read > 2000, "{simple} {read}");
}
