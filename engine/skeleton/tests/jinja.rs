//! What templates come to, compared with minijinja.
#![allow(clippy::unwrap_used, reason = "tests")]

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, UndefinedBehavior};
use serde_json::{Value, json};
use skeleton::{Environment, ErrorKind, Filter};

const FILTERS: &[(&str, Filter)] = &[("shout", |value, _| Ok(format!("{}!", value.as_str().unwrap_or("?"))))];

const INCLUDED: &str = "[<< name >>]<% set name = \"inner\" %>";

fn context() -> Value {
    json!({
        "name": "shop",
        "empty": "",
        "none": null,
        "yes": true,
        "no": false,
        "seven": 7,
        "half": 0.5,
        "list": ["b", "a", "C", "a"],
        "numbers": [3, 1, 2],
        "map": {"z": 1, "a": {"b": [10, 20, 30]}},
        "people": [
            {"name": "Ada", "age": 36, "tags": ["x"]},
            {"name": "grace", "age": 85, "tags": []},
            {"name": "Bob", "age": 36},
        ],
        "text": "one two\nthree",
    })
}

fn ours(text: &str) -> Result<String, Box<skeleton::Error>> {
    let mut environment = Environment::new(FILTERS);
    environment.add("included", INCLUDED)?;
    environment.add("main", text)?;
    let context = context();
    let names: Vec<(&str, &Value)> = context.as_object().unwrap().iter().map(|(k, v)| (k.as_str(), v)).collect();
    environment.render("main", &names)
}

fn theirs(text: &str) -> Result<String, minijinja::Error> {
    let mut environment = minijinja::Environment::new();
    let syntax = SyntaxConfig::builder()
        .block_delimiters("<%", "%>")
        .variable_delimiters("<<", ">>")
        .comment_delimiters("<#", "#>")
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .unwrap();
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_fuel(Some(1_000_000));
    environment.add_filter("shout", |text: &str| format!("{text}!"));
    environment.add_template("included", INCLUDED)?;
    environment.add_template("main", text)?;
    environment.get_template("main")?.render(minijinja::value::Value::from(minijinja::value::Serde(context())))
}

#[test]
fn what_jinja_says() {
    let mut wrong = Vec::new();
    for text in include_str!("cases.txt").split("\n====\n") {
        let (ours, theirs) = (ours(text), theirs(text));
        match (&ours, &theirs) {
            (Ok(a), Ok(b)) if a == b => {}
            // Where it fails, in what line and how, but not in which words.
            (Err(a), Err(b)) if Some(a.line as usize) == b.line() && kind(a.kind) == kind_of(b.kind()) => {}
            _ => wrong.push(format!("{text}\n-- ours: {ours:?}\n-- Jinja: {theirs:?}\n")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn kind(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Syntax => "syntax",
        ErrorKind::Undefined => "undefined",
        ErrorKind::Steps => "steps",
        _ => "operation",
    }
}

fn kind_of(kind: minijinja::ErrorKind) -> &'static str {
    match kind {
        minijinja::ErrorKind::SyntaxError => "syntax",
        minijinja::ErrorKind::UndefinedError => "undefined",
        minijinja::ErrorKind::OutOfFuel => "steps",
        _ => "operation",
    }
}

#[test]
fn what_is_wrong_is_said() {
    for (text, line, message) in [
        ("<< nam >>", 1, "nam is not defined"),
        ("\n<< map.a.c.d >>", 2, "c is not defined"),
        ("<% macro x() %>", 1, "there is no block `macro`"),
        ("a\n<% if yes %>\nb\n", 4, "the block has no end: endif"),
        ("a\n<< yes ", 2, "the tag has no end: >>"),
        ("<< list | nofilter >>", 1, "there is no filter nofilter"),
        ("<< list is notest >>", 1, "there is no test notest"),
        ("<< 1 < 2 < 3 >>", 1, "a comparison has two sides: use `and`"),
        ("<< list | join(1, 2) >>", 1, "there are too many arguments"),
        ("<< seven + list >>", 1, "cannot calculate with a number and a list"),
        ("<% include 'main' %>", 1, "templates include each other more than 20 deep"),
        ("<% if yes foo %>", 1, "expected the end of the tag, found `foo`"),
    ] {
        let error = ours(text).unwrap_err();
        assert_eq!((error.line, error.message.as_str(), error.template.as_str()), (line, message, "main"), "{text}");
    }
}

#[test]
fn all_is_bounded() {
    let deep = |open: &str, close: &str| format!("<< {}1{} >>", open.repeat(5000), close.repeat(5000));
    for text in [
        deep("(", ")"),
        deep("[", "]"),
        deep("-", ""),
        deep("not ", ""),
        deep("1 + ", ""),
        deep("", " | string"),
        deep("", ".a"),
        "<% if yes %>".repeat(5000),
    ] {
        assert_eq!(ours(&text).unwrap_err().kind, ErrorKind::Syntax);
    }
    let text = "<% set x = 'aaaaaaaaaaaaaaaa' %>".to_owned() + &"<% set x = x ~ x %>".repeat(40);
    for text in ["<% for i in range(90000) %><% for j in range(90000) %>.<% endfor %><% endfor %>", &text] {
        assert_eq!(ours(text).unwrap_err().kind, ErrorKind::Steps);
    }
}
