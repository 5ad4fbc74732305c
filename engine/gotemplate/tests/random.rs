//! Templates made of random pieces: nothing panics, and what prints parses again.

mod support;

use gotemplate::{Limits, TemplateSet, parse};

const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{{- ",
    " -}}",
    "{{end}}",
    "{{else}}",
    "{{if ",
    "{{with ",
    "{{range ",
    "{{else if ",
    "{{define \"a\"}}",
    "{{block \"b\" .}}",
    "{{template \"a\" .}}",
    "{{break}}",
    "{{continue}}",
    "{{/*",
    "*/}}",
    "(",
    ")",
    "|",
    ",",
    ":=",
    "=",
    ".",
    ".x",
    ".m.k",
    ".l",
    "$",
    "$x",
    "$y",
    "$x.k",
    "nil",
    "true",
    "1",
    "-2.5",
    "1i",
    "'a'",
    "\"s\"",
    "`r`",
    "print",
    "len",
    "index",
    "and",
    "or",
    "not",
    "eq",
    "obj",
    "obj.Add",
    ".Join",
    "list",
    "dict",
    " ",
    "\n",
    "text",
    "é",
    "\u{2018}",
    "\"",
    "'",
    "`",
    "0x",
    "%",
    "1e",
];

/// A small generator of numbers (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

fn try_one(source: &[u8]) {
    let funcs = support::funcs();
    let Ok(file) = parse("t", source, &funcs) else { return };
    let printed = file.print("t").expect("the file has a body");
    if let Ok(again) = parse("t", printed.as_slice(), &funcs) {
        assert_eq!(again.print("t").as_ref(), Some(&printed), "{}", String::from_utf8_lossy(source));
    }
    let mut set = TemplateSet::new("t");
    set.add(&file);
    let limits = Limits { template_depth: 50, depth: 50, output: 1 << 16 };
    if let Err(error) = support::execute(&funcs, set, limits) {
        assert!(error.to_string().starts_with("template: t:"), "{error}");
    }
}

#[test]
fn pieces_in_any_order() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        let count = numbers.below(14);
        let source: String = (0..count).map(|_| PIECES[numbers.below(PIECES.len())]).collect();
        try_one(source.as_bytes());
    }
}

#[test]
fn actions_of_pieces() {
    let mut numbers = Numbers(0x1234_5678_9abc_def1);
    for _ in 0..20_000 {
        let mut source = String::from("{{$x := .m}}{{$y := 1}}");
        for _ in 0..=numbers.below(3) {
            source.push_str("{{");
            for _ in 0..=numbers.below(6) {
                source.push_str(PIECES[17 + numbers.below(PIECES.len() - 17)]);
                source.push(' ');
            }
            source.push_str("}}");
        }
        try_one(source.as_bytes());
    }
}

#[test]
fn bytes_changed() {
    let mut numbers = Numbers(0xfeed_beef_cafe_f00d);
    let source = include_bytes!("cases/control.txt");
    let whole: Vec<&[u8]> = source.split(|b| *b == b'\n').filter(|l| l.starts_with(b"{{")).collect();
    for _ in 0..20_000 {
        let mut line = whole[numbers.below(whole.len())].to_vec();
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(line.len());
            line[at] = numbers.below(256) as u8;
        }
        try_one(&line);
    }
}
