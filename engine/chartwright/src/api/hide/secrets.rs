//! The secrets that an input gives: Secrets among its objects, the platform's token, credentials in URLs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contract::{Code, Failure, FailureKind, Place, Platform, Problem, RenderInput, Severity, Subject, TextFile};
use govalue::{Map, Value, strconv};
use helm::manifest::split;

use crate::api::platform;
use redact::Redactor;

/// Shorter texts are found by chance too often.
const SHORTEST: usize = 4;

/// Numbers with fewer digits are ports, counts and the like.
const SHORTEST_NUMBER: usize = 6;

/// Shorter pieces of a secret may well be words.
const SHORTEST_PIECE: usize = 8;

/// So many lines of texts are looked for by themselves, too: each costs time and memory.
const MOST_LINES: usize = 2000;

/// How deep the YAML in a Secret is searched.
const DEPTH: u32 = 32;

/// Words of most manifests: hiding them would hide the manifest.
const COMMON: [&str; 34] = [
    "true",
    "false",
    "null",
    "none",
    "default",
    "enabled",
    "disabled",
    "auto",
    "always",
    "never",
    "admin",
    "root",
    "user",
    "username",
    "guest",
    "test",
    "name",
    "data",
    "value",
    "values",
    "kind",
    "secret",
    "password",
    "token",
    "opaque",
    "string",
    "http",
    "https",
    "localhost",
    "latest",
    "info",
    "debug",
    "prod",
    "main",
];

/// What is hidden in part: values that are too short or too common to be looked for.
pub(crate) type Partly = Vec<Problem>;

/// What hides the secrets of an input, and what is said of those that cannot be told from other text.
///
/// # Errors
/// Kind `secrets` if something that may be a Secret cannot be read: then it is not known what to hide.
pub(crate) fn hidden(input: &RenderInput) -> Result<(Redactor, Partly), Failure> {
    if input.show_secrets {
        return Ok((Redactor::default(), Vec::new()));
    }
    let world = &input.world;
    let mut found = Found { open: open_facts(world.platform.as_ref(), &world.objects), ..Found::default() };
    if let Some(token) = world.platform.as_ref().and_then(|p| p.token.as_deref()) {
        found.value(token.as_bytes(), "the platform's token");
        found.report("", "the platform's token");
    }
    if let Some(username) = world.platform.as_ref().and_then(|p| p.username.as_deref()) {
        found.account(username.as_bytes(), "the platform's username");
        found.report("", "the platform's username");
    }
    let manifests = match &input.subject {
        Subject::Manifests(files) => files.as_slice(),
        _ => &[],
    };
    for file in world.objects.iter().chain(&world.hidden).chain(manifests) {
        found.file(file)?;
    }
    Ok((Redactor::new(found.secrets), found.problems))
}

/// Whether an input has nothing that [`hidden`] could look at.
pub(crate) fn nothing_to_hide(input: &RenderInput) -> bool {
    let world = &input.world;
    let open = |platform: &Platform| platform.token.is_none() && platform.username.is_none();
    let none = world.objects.is_empty() && world.hidden.is_empty() && world.platform.as_ref().is_none_or(open);
    input.show_secrets || none && !matches!(input.subject, Subject::Manifests(_))
}

/// The same for files alone: what they hide of each other.
pub(crate) fn hidden_in(files: &[TextFile]) -> Result<Redactor, Failure> {
    let mut found = Found { open: open_facts(None, files), ..Found::default() };
    files.iter().try_for_each(|file| found.file(file))?;
    Ok(Redactor::new(found.secrets))
}

/// What is said openly of the platform: the facts of its file, and those of its ConfigMap.
fn open_facts(platform: Option<&Platform>, objects: &[TextFile]) -> Vec<String> {
    let mut open = Vec::new();
    if let Some(platform) = platform {
        let Platform { registry, repository, domain, namespace, username: _, token: _ } = platform;
        open.extend([registry, repository, domain, namespace].into_iter().flatten().cloned());
    }
    for file in objects.iter().filter(|file| file.text.contains(platform::CONFIG_MAP)) {
        for range in split(file.text.as_bytes()) {
            // What is not YAML is not an object that a template could look up.
            let object = goyaml::yaml::from_yaml(&file.text.as_bytes()[range]).unwrap_or_default();
            let Value::Map(object) = object else { continue };
            let Some(Value::Map(metadata)) = object.get("metadata") else { continue };
            if string(&object, "kind") == "ConfigMap"
                && string(&metadata, "name") == platform::CONFIG_MAP
                && let Some(Value::Map(data)) = object.get("data")
            {
                open.extend(data.entries().into_iter().map(|(_, value)| scalar(&value)));
            }
        }
    }
    open
}

#[derive(Default)]
struct Found {
    /// Facts that are never hidden.
    open: Vec<String>,
    /// How many lines of texts are looked for by themselves.
    lines: usize,
    secrets: Vec<Vec<u8>>,
    /// The keys whose values cannot be told from other text, of the Secret that is being read.
    common: Vec<String>,
    /// The keys whose values have lines that are hidden only together.
    whole: Vec<String>,
    problems: Vec<Problem>,
}

impl Found {
    fn file(&mut self, file: &TextFile) -> Result<(), Failure> {
        let text = file.text.as_bytes();
        for range in split(text) {
            let document = &text[range.clone()];
            // Every Secret has this word in it, even where its text is escaped: `kind` is the same for all of them.
            let may_be_secret = memchr::memmem::find(document, b"Secret").is_some();
            let may_have_url = memchr::memmem::find(document, b"@").is_some();
            if !may_be_secret && !may_have_url && !escaped(document) {
                continue;
            }
            match goyaml::yaml::from_yaml(document) {
                Ok(object) => self.object(&object, &file.name)?,
                Err(_) if may_be_secret || escaped(document) => {
                    let line = 1 + text.iter().take(range.start).filter(|&&b| b == b'\n').count();
                    return Err(unreadable(&file.name, line, "the document is not YAML, and may have Secrets"));
                }
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn object(&mut self, object: &Value, file: &str) -> Result<(), Failure> {
        let Value::Map(map) = object else { return Ok(()) };
        let kind = string(map, "kind");
        if let (true, Some(Value::List(items))) = (kind.ends_with("List"), map.get("items")) {
            return items.iter().try_for_each(|item| self.object(item, file));
        }
        if kind == "Secret" {
            self.applied(map, file)?;
            return self.secret(map, file);
        }
        if string(map, "apiVersion").starts_with("source.toolkit.fluxcd.io/")
            && let Some(Value::Map(spec)) = map.get("spec")
        {
            self.url(&string(&spec, "url"));
        }
        Ok(())
    }

    /// What `kubectl apply` keeps of a Secret beside it.
    fn applied(&mut self, secret: &Map, file: &str) -> Result<(), Failure> {
        let Some(Value::Map(metadata)) = secret.get("metadata") else { return Ok(()) };
        let Some(Value::Map(annotations)) = metadata.get("annotations") else { return Ok(()) };
        let last = string(&annotations, "kubectl.kubernetes.io/last-applied-configuration");
        match goyaml::yaml::from_yaml(last.as_bytes()) {
            Ok(Value::Map(last)) => self.secret(&last, file),
            _ => Ok(()),
        }
    }

    fn secret(&mut self, secret: &Map, file: &str) -> Result<(), Failure> {
        let id = match secret.get("metadata") {
            Some(Value::Map(metadata)) => match (string(&metadata, "namespace"), string(&metadata, "name")) {
                (namespace, name) if namespace.is_empty() => name,
                (namespace, name) => format!("{namespace}/{name}"),
            },
            _ => String::new(),
        };
        // The platform's facts are hidden alike, whether they are given as its file or as this object.
        let facts = id == platform::SECRET || id.ends_with(&format!("/{}", platform::SECRET));
        let fail = |what: String| Err(unreadable(file, 0, &format!("Secret {id}: {what}")));
        // Both fields: `stringData` wins where the API server stores it, and a text that it replaces is a secret too.
        for (field, encoded) in [("data", true), ("stringData", false)] {
            let data = match secret.get(field) {
                None | Some(Value::Nil) => continue,
                Some(Value::Map(data)) => data,
                Some(_) => return fail(format!("{field} is not a mapping")),
            };
            for (key, value) in data.entries() {
                let key = key.to_str_lossy().into_owned();
                let bytes = match value {
                    Value::Nil => continue,
                    Value::Str(text) if encoded => {
                        let letters: Vec<u8> = text.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
                        match STANDARD.decode(&letters) {
                            Ok(bytes) => bytes,
                            Err(_) => return fail(format!("{field}.{key} is not base64")),
                        }
                    }
                    Value::Str(text) => text.to_vec(),
                    // The API server refuses such a Secret; what is in it must not be seen for that.
                    other => scalar(&other).into_bytes(),
                };
                if facts && key == "username" {
                    self.account(&bytes, &key);
                } else {
                    self.value(&bytes, &key);
                }
            }
        }
        self.report(file, &format!("Secret {id}"));
        Ok(())
    }

    /// The account of the platform. One that is part of an open fact is not a secret: `demo` in `demo.example.org`.
    fn account(&mut self, bytes: &[u8], key: &str) {
        let known = std::str::from_utf8(bytes).is_ok_and(|text| self.open.iter().any(|fact| fact.contains(text)));
        if !known {
            self.value(bytes, key);
        }
    }

    /// A value of a Secret: the whole of it, each line of it, and each scalar where it is YAML or JSON.
    fn value(&mut self, bytes: &[u8], key: &str) {
        self.add(bytes, key);
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        self.url(text.trim());
        if matches!(key, ".dockerconfigjson" | ".dockercfg") {
            return self.docker(text, key);
        }
        match goyaml::yaml::from_yaml(bytes) {
            Ok(value @ (Value::Map(_) | Value::List(_))) => {
                self.scalars(&value, key, DEPTH);
                // A scalar that is written with escapes is not found by what it means.
                for line in text.lines().filter(|line| line.contains('\\')) {
                    self.add(line.as_bytes(), key);
                }
            }
            _ if text.trim().contains('\n') => self.each_line(text, key),
            _ => {
                self.pieces(text);
                self.as_set(text, key);
            }
        }
    }

    /// The lines of a text, as a template may print some of them.
    fn each_line(&mut self, text: &str, key: &str) {
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with("-----")) {
            if self.lines >= MOST_LINES {
                if !self.whole.iter().any(|k| k == key) {
                    self.whole.push(key.to_owned());
                }
                return;
            }
            self.lines += 1;
            self.add(line.as_bytes(), key);
            self.pieces(line);
            // `password=…`, `password = …`
            if let Some((_, value)) = line.split_once('=') {
                self.add(value.trim().trim_matches(['"', '\'']).as_bytes(), key);
            }
        }
    }

    /// What is left of a text between characters that may be escaped in various ways.
    fn pieces(&mut self, text: &str) {
        let escaped = |c: char| !c.is_ascii() || c.is_ascii_control() || "\"'\\<>&`".contains(c);
        let pieces = text.split(escaped).map(str::trim).filter(|piece| piece.len() >= SHORTEST_PIECE);
        self.secrets.extend(pieces.filter(|piece| !common(piece.as_bytes())).map(|piece| piece.as_bytes().to_vec()));
    }

    /// The credentials of a registry's configuration. Its hosts and accounts are not secrets.
    fn docker(&mut self, text: &str, key: &str) {
        let Ok(value) = goyaml::yaml::from_yaml(text.as_bytes()) else { return };
        self.fields(&value, &["username", "email"], key, DEPTH);
    }

    fn fields(&mut self, value: &Value, open: &[&str], key: &str, depth: u32) {
        match value {
            Value::Map(map) if depth > 0 => {
                for (name, value) in map.entries() {
                    match &value {
                        Value::Str(text) if !open.iter().any(|n| *name == *n.as_bytes()) => {
                            self.add(text, key);
                            self.pieces(&text.to_str_lossy());
                            // An account and its password in one text.
                            let decoded = STANDARD.decode(&**text).ok();
                            if let Some(at) = decoded.as_ref().and_then(|d| d.iter().position(|&b| b == b':')) {
                                self.add(&decoded.unwrap_or_default()[at + 1..], key);
                            }
                        }
                        _ => self.fields(&value, open, key, depth - 1),
                    }
                }
            }
            Value::List(items) if depth > 0 => items.iter().for_each(|v| self.fields(v, open, key, depth - 1)),
            _ => {}
        }
    }

    /// Each scalar of YAML in a value, also of YAML in its texts. Messages name the key of the Secret only: keys of the
    /// YAML may be secrets too.
    fn scalars(&mut self, value: &Value, key: &str, depth: u32) {
        if depth == 0 {
            return;
        }
        match value {
            Value::Map(map) => map.entries().iter().for_each(|(_, value)| self.scalars(value, key, depth - 1)),
            Value::List(items) => items.iter().for_each(|item| self.scalars(item, key, depth - 1)),
            Value::Nil => {}
            Value::Str(text) => {
                self.add(text, key);
                if let Ok(inner @ (Value::Map(_) | Value::List(_))) = goyaml::yaml::from_yaml(text) {
                    return self.scalars(&inner, key, depth - 1);
                }
                let text = text.to_str_lossy();
                self.pieces(&text);
                self.url(text.trim());
                if text.trim().contains('\n') {
                    self.each_line(&text, key);
                }
            }
            other => self.add(scalar(other).as_bytes(), key),
        }
    }

    /// What a text means where `valuesFrom` gives it a `targetPath`: it is read as `--set` reads it.
    fn as_set(&mut self, text: &str, key: &str) {
        let text = text.trim();
        if text.contains('\n') {
            return;
        }
        let quoted = |quote| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = quoted('"').or(quoted('\'')) {
            self.add(inner.as_bytes(), key);
        }
        if text.contains('\\') {
            self.add(text.replace('\\', "").as_bytes(), key);
        }
        let parts = text.split([',', '{', '}']).flat_map(|part| [Some(part), part.split_once('=').map(|(_, v)| v)]);
        for part in parts.flatten().filter(|part| part.len() >= SHORTEST_PIECE && part.len() < text.len()) {
            self.add(part.as_bytes(), key);
        }
    }

    /// The password of a URL, as it is written and as it is meant.
    fn url(&mut self, url: &str) {
        let Some((_, rest)) = url.split_once("://") else { return };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (user, _) = authority.rsplit_once('@').unwrap_or_default();
        // A lone account may well be a token.
        let password = user.split_once(':').map_or(user, |(_, password)| password);
        // A slash that should have been escaped ends the authority too early.
        if let Some((user, _)) = rest.rsplit_once('@')
            && let Some((_, password)) = user.split_once(':')
        {
            self.add(password.as_bytes(), "a URL");
            password.split('/').for_each(|part| self.pieces(part));
        }
        self.add(password.as_bytes(), "a URL");
        self.pieces(password);
        self.add(&unescaped(password), "a URL");
    }

    /// Adds a text that must not be seen, or notes that it is not a text that could be searched for.
    fn add(&mut self, bytes: &[u8], key: &str) {
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() {
            return;
        }
        if !common(bytes) {
            self.secrets.push(bytes.to_vec());
            self.secrets.extend(as_float(bytes));
        } else if !self.common.iter().any(|k| k == key) {
            self.common.push(key.to_owned());
        }
    }

    /// Says which values are hidden in part only.
    fn report(&mut self, file: &str, whose: &str) {
        let (common, whole) = (std::mem::take(&mut self.common), std::mem::take(&mut self.whole));
        let too_many = format!("hidden as a whole, but not line by line beyond {MOST_LINES} lines");
        for (what, keys) in [("too short or too common to be hidden in text", common), (too_many.as_str(), whole)] {
            if !keys.is_empty() {
                let message = format!("{whose}: {what}: {}", keys.join(", "));
                let place = Place { file: file.to_owned(), ..Place::default() };
                self.problems.push(Problem::new(Severity::Warning, Code::HiddenInPart, message, place));
            }
        }
    }
}

/// The forms in which Go prints a number once it is a float, as numbers of values are.
fn as_float(text: &[u8]) -> Vec<Vec<u8>> {
    let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok()).filter(|f| f.is_finite());
    let forms = number.into_iter().flat_map(|f| {
        [(b'g', -1), (b'f', -1), (b'e', -1)]
            .map(|(form, digits)| strconv::format_float(f, form, digits, 64).into_bytes())
    });
    forms.filter(|form| form != text && !common(form)).collect()
}

/// Whether a text is in too many manifests to be hidden.
fn common(text: &[u8]) -> bool {
    let number = text.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    let word = text.to_ascii_lowercase();
    text.len() < SHORTEST || number && text.len() < SHORTEST_NUMBER || COMMON.iter().any(|c| c.as_bytes() == word)
}

/// Whether YAML may write the word `Secret` in another way than by its letters.
fn escaped(document: &[u8]) -> bool {
    document.iter().any(|&b| b == b'\\' || b == 0) || memchr::memmem::find(document, b"!!binary").is_some()
}

fn unreadable(file: &str, line: usize, what: &str) -> Failure {
    let line = u32::try_from(line).ok().filter(|&line| line > 0);
    let at = line.map_or(String::new(), |line| format!(":{line}"));
    let message = format!("{file}{at}: {what}: nothing is printed, because it is not known what to hide");
    Failure { file: Some(file.to_owned()), line, ..Failure::new(FailureKind::Secrets, message) }
}

fn string(map: &Map, key: &str) -> String {
    match map.get(key) {
        Some(Value::Str(text)) => text.to_str_lossy().into_owned(),
        _ => String::new(),
    }
}

/// A number or boolean as manifests write it.
fn scalar(value: &Value) -> String {
    goyaml::json::to_json(value, false).ok().and_then(|json| String::from_utf8(json).ok()).unwrap_or_default()
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        match digits.and_then(|d| u8::from_str_radix(d, 16).ok()).filter(|_| first == b'%') {
            Some(byte) => {
                out.push(byte);
                rest = &behind[2..];
            }
            None => {
                out.push(first);
                rest = behind;
            }
        }
    }
    out
}
