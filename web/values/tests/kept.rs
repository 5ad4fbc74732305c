//! What is kept and shared of an override: its values without the secrets, in whatever way they are written, and the
//! secrets nowhere.

mod support;

use chartwright_values::{Model, Path, Schema, Secrets, Step, Value, to_text};
use support::dice::Dice;

/// Writes random values as a person might, with secrets that are known, and remembers where they are.
struct Writer {
    dice: Dice,
    text: String,
    secrets: Vec<String>,
}

const SCHEMA: &str = r#"{"properties": {"code": {"format": "password"}}}"#;

const KEYS: [&str; 14] =
    ["a", "b", "motd", "name", "x.y/z", "\"q q\"", "'it''s'", "8080", "env", "value", "image", "\"# k\"", "é", "deep"];

const TEXTS: [&str; 22] = [
    "web",
    "\"see # token: none here\"",
    "'see # token: none'",
    "a#b",
    "\"two # x\\n # password: y\"",
    "'it''s # b'",
    "[a, b]",
    "{c: d, e: '# f'}",
    "\"\\u0023 g\"",
    "!!str 12",
    "null",
    "true",
    "0755",
    "1.50",
    "~",
    "\"\"",
    "plain text",
    "-x",
    "<none>",
    "'[{'",
    "\"a: [\"",
    "x y # z",
];

const COMMENTS: [&str; 9] = [
    "# c",
    "# a: 1",
    "# see https://example.org/#a",
    "#",
    "# it's fine",
    "# \"quoted\"",
    "#- x",
    "# ünï",
    "# a: [b, {c: d",
];

const SECRET_KEYS: [&str; 8] =
    ["password", "\"pass\\u0077ord\"", "apiKey", "clientSecret", "DB_PASSWORD", "code", "token2", "'signingKey'"];

impl Writer {
    fn secret(&mut self) -> String {
        let secret = format!("S3c{}x{}", self.dice.below(1_000_000), self.secrets.len());
        self.secrets.push(secret.clone());
        secret
    }

    fn line(&mut self, indent: usize, text: &str) {
        let comment = match self.dice.below(5) {
            0 => format!(" {}", self.dice.of(&COMMENTS)),
            1 if self.dice.below(4) == 0 => format!(" # password: {}", self.secret()),
            _ => String::new(),
        };
        self.raw(indent, &format!("{text}{comment}"));
    }

    fn raw(&mut self, indent: usize, text: &str) {
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn comment(&mut self, indent: usize) {
        match self.dice.below(12) {
            0..4 => {
                let comment = self.dice.of(&COMMENTS).to_owned();
                self.raw(indent, &comment);
            }
            4 => {
                let secret = self.secret();
                self.raw(indent, &format!("# password: {secret}"));
            }
            5 => {
                let secret = self.secret();
                self.raw(indent, "# token: |");
                self.raw(indent, &format!("#   {secret}"));
            }
            6 => {
                let secret = self.secret();
                self.raw(indent, "# - name: DB_PASSWORD");
                self.raw(indent, &format!("#   value: {secret}"));
            }
            7 => {
                let secret = self.secret();
                self.raw(indent, &format!("# postgres://u:{secret}@h/d"));
            }
            8 => self.text.push('\n'),
            _ => {}
        }
    }

    fn map(&mut self, indent: usize, depth: usize) {
        let mut taken = Vec::new();
        for _ in 0..1 + self.dice.below(4) {
            self.comment(indent);
            let key = self.dice.of(&KEYS).to_owned();
            if !taken.contains(&key) {
                self.entry(indent, &key, depth);
                taken.push(key);
            }
            let key = self.dice.of(&SECRET_KEYS).to_owned();
            // Known by the schema, which has it at the top.
            let key = if indent > 0 && key == "code" { "password".to_owned() } else { key };
            // What is repeated has a test of its own.
            let name = key.replace("\\u0077", "w").replace(['"', '\''], "");
            if self.dice.below(4) == 0 && !taken.contains(&name) {
                self.secret_entry(indent, &key);
                taken.push(name);
            }
        }
    }

    fn entry(&mut self, indent: usize, key: &str, depth: usize) {
        match self.dice.below(if depth == 0 { 5 } else { 8 }) {
            0..3 => {
                let text = self.dice.of(&TEXTS).to_owned();
                self.line(indent, &format!("{key}: {text}"));
            }
            3 => {
                let head = self.dice.of(&["|", "|-", ">", "|+", "| # head"]).to_owned();
                self.raw(indent, &format!("{key}: {head}"));
                self.raw(indent + 2, "# password: see the vault");
                self.raw(indent + 2, "x # token: none");
                if self.dice.below(2) == 0 {
                    self.text.push('\n');
                }
            }
            4 => {
                let secret = self.secret();
                let text = self.dice.of(&["postgres://u:@h/d", "--password=", "Bearer 0123456789"]).to_owned();
                let text = if text.contains('@') { text.replace('@', &format!("{secret}@")) } else { text + &secret };
                self.line(indent, &format!("{key}: {text}"));
            }
            5 => {
                self.line(indent, &format!("{key}:"));
                self.map(indent + 2, depth - 1);
            }
            _ => {
                self.line(indent, &format!("{key}:"));
                for _ in 0..1 + self.dice.below(3) {
                    self.comment(indent);
                    match self.dice.below(4) {
                        0 => {
                            let secret = self.secret();
                            self.line(indent, "- name: DB_PASSWORD");
                            self.line(indent + 2, &format!("value: {secret}"));
                        }
                        1 => {
                            let secret = self.secret();
                            self.line(indent, &format!("- {{value: '{secret}', name: API_TOKEN}}"));
                        }
                        2 => {
                            self.line(indent, "-");
                            self.map(indent + 2, depth - 1);
                        }
                        _ => {
                            let text = self.dice.of(&TEXTS).to_owned();
                            self.line(indent, &format!("- {text}"));
                        }
                    }
                }
            }
        }
    }

    fn secret_entry(&mut self, indent: usize, key: &str) {
        let secret = self.secret();
        match self.dice.below(7) {
            0 => self.line(indent, &format!("{key}: {secret}")),
            1 => self.line(indent, &format!("{key}: \"{secret} # x\"")),
            2 => {
                self.raw(indent, &format!("{key}: |"));
                self.raw(indent + 2, &secret);
                self.raw(indent + 2, &format!("# {secret}"));
            }
            3 if key != "code" => self.line(indent, &format!("{key}: {{plain: {secret}}}")),
            4 if key != "code" => {
                self.line(indent, "passwords:");
                self.raw(indent, &format!("- {secret}"));
            }
            5 => {
                self.line(indent, &format!("{key}: &s{} {secret}", self.secrets.len()));
                self.line(indent, &format!("alias{0}: *s{0}", self.secrets.len()));
            }
            6 => {
                self.line(indent, &format!("{key}: {secret}"));
                self.line(indent, &format!("dsn{}: user=u;x={secret}", self.secrets.len()));
            }
            _ => self.line(indent, &format!("{key}:\n{}{secret}", " ".repeat(indent + 2))),
        }
    }
}

fn written(seed: u64) -> (String, Vec<String>) {
    let mut writer = Writer { dice: Dice::new(seed), text: String::new(), secrets: Vec::new() };
    writer.map(0, 3);
    writer.comment(0);
    let text = match writer.dice.below(8) {
        0 => writer.text.replace('\n', "\r\n"),
        1 => writer.text.replace('\n', "\r"),
        2 => format!("---\n{}", writer.text),
        3 => format!("{}---\nmore: 1 # password: S3cmore1\n", writer.text),
        _ => writer.text,
    };
    (text, writer.secrets)
}

/// The values without those at some paths, in other words than the library's.
fn without(values: &Value, gone: &[Path]) -> Value {
    let mut out = values.clone();
    // From behind, so that items keep their numbers.
    for path in gone.iter().rev() {
        let mut path = path.clone();
        while let Some((parent, step)) = path.split_last() {
            if let Step::Index(_) = step {
                let empty =
                    if out.get(&path).is_some_and(Value::is_scalar) { Value::from("") } else { Value::empty_map() };
                out = out.with(path.steps(), empty);
                break;
            }
            out = out.without(path.steps());
            if !out.get(&parent).is_some_and(Value::is_empty_collection) {
                break;
            }
            path = parent;
        }
    }
    out
}

#[test]
fn what_is_kept_has_the_same_values() {
    let schema = Schema::read(SCHEMA).unwrap();
    let secrets = Secrets::new(Some(&schema), None);
    let (mut read, mut with_comments) = (0, 0);
    for seed in 0..3000 {
        let (text, hidden) = written(seed);
        let mut model = Model::new("").unwrap();
        model.set_text(&text);
        if model.error().is_some() {
            continue;
        }
        read += 1;
        let kept = model.text_without_secrets(&secrets);
        let what = format!("seed {seed}\n{text}\n-- kept:\n{kept}");
        let mut again = Model::new("").unwrap();
        again.set_text(&kept);
        assert_eq!(again.error(), None, "{what}");
        let want = without(model.values(), &model.secret_paths(&secrets));
        assert_eq!(*again.values(), want, "{what}\n-- want:\n{}", to_text(&want));
        assert_eq!(model.values_without_secrets(&secrets), want, "{what}");
        for secret in &hidden {
            assert!(!kept.contains(&**secret), "{secret}: {what}");
        }
        // It is kept once more as it is.
        assert_eq!(again.text_without_secrets(&secrets), kept, "{what}");
        with_comments += usize::from(kept.contains("# c"));
    }
    assert!(read > 2000 && with_comments > 300, "{read} {with_comments}");
}

#[test]
fn long_texts_are_kept_soon_enough() {
    let secrets = Secrets::new(None, None);
    let block = |n: usize| {
        format!(
            "part{n}:\n  # -- How many\n  # Set it with care: see https://example.org/docs\n  replicas: 1\n  # password: old{}\n  text: |\n    # x\n",
            n % 9
        )
    };
    let text: String = (0..3000).map(block).collect();
    let mut model = Model::new("").unwrap();
    model.set_text(&text);
    let kept = model.text_without_secrets(&secrets);
    assert_eq!(
        kept,
        text.lines().filter(|line| !line.contains("password")).map(|line| format!("{line}\n")).collect::<String>()
    );
    model.set_text(&format!("{text}x: ["));
    assert!(model.text_without_secrets(&secrets).contains("replicas"));
}

#[test]
fn half_typed_text_keeps_no_secret() {
    let schema = Schema::read(SCHEMA).unwrap();
    let secrets = Secrets::new(Some(&schema), None);
    let mut broken = 0;
    for seed in 0..1500 {
        let (text, hidden) = written(seed);
        let mut dice = Dice::new(seed + 7);
        let at =
            (0..=text.len()).rev().filter(|at| text.is_char_boundary(*at)).nth(dice.below(text.chars().count() + 1));
        let typed = match dice.below(3) {
            0 => text.get(..at.unwrap_or_default()).unwrap_or_default().to_owned(),
            1 => format!("{text}x: ["),
            _ => format!("x: [\n{text}"),
        };
        let mut model = Model::new("").unwrap();
        model.set_text(&typed);
        if model.error().is_none() {
            continue;
        }
        broken += 1;
        let kept = model.text_without_secrets(&secrets);
        for secret in hidden {
            // As long as its name is not typed, nobody knows.
            let is_nameless = typed.contains(&format!("value: '{secret}"))
                && !typed.contains(&format!("value: '{secret}', name: API_TOKEN"));
            assert!(is_nameless || !kept.contains(&secret), "{secret} seed {seed}\n{typed}\n-- kept:\n{kept}");
        }
    }
    assert!(broken > 700, "{broken}");
}
