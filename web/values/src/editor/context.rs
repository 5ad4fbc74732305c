//! Where a cursor is in a text that need not be YAML yet: by its indentation alone.

use crate::path::{Path, Step};

/// What a cursor is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Context {
    /// The map in which a key stands, or the value's own path.
    pub(super) path: Path,
    /// What is being typed.
    pub(super) part: Part,
    /// What stands there up to the cursor.
    pub(super) typed: String,
    /// In which column, in characters, that starts.
    pub(super) from: usize,
}

/// What is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Key,
    Value,
    /// Inside a comment, a string in quotes or a block of text: nothing to suggest.
    Nothing,
}

/// The steps down to a line, each with how deep it stands: a key's column twice, and one more for a dash, which may stand
/// right below its key.
#[derive(Default)]
struct Stack(Vec<(usize, Step)>);

impl Stack {
    fn item(&mut self, column: usize) {
        let depth = column * 2 + 1;
        let mut index = 0;
        while let Some((at, step)) = self.0.pop_if(|(at, _)| *at >= depth) {
            if let (true, Step::Index(before)) = (at == depth, step) {
                index = before + 1;
            }
        }
        self.0.push((depth, Step::Index(index)));
    }

    fn leave(&mut self, column: usize) {
        while self.0.pop_if(|(at, _)| *at >= column * 2).is_some() {}
    }

    fn key(&mut self, column: usize, key: &str) {
        self.leave(column);
        self.0.push((column * 2, Step::Key(key.into())));
    }

    fn path(&self) -> Path {
        Path::from(self.0.iter().map(|(_, step)| step.clone()).collect::<Vec<_>>())
    }
}

/// A line's text behind its dashes, the key in it, and what follows the key.
pub(super) struct Parts<'l> {
    pub(super) column: usize,
    pub(super) rest: &'l str,
    /// The key, and where its value starts in `rest`.
    pub(super) key: Option<(String, usize)>,
}

/// Takes a line apart, and tells the stack of its dashes.
fn parts<'l>(line: &'l str, stack: &mut Stack) -> Parts<'l> {
    let mut rest = line.trim_start_matches(' ');
    let mut column = line.len() - rest.len();
    while let Some(behind) = rest.strip_prefix('-').filter(|r| r.is_empty() || r.starts_with(' ')) {
        stack.item(column);
        let trimmed = behind.trim_start_matches(' ');
        column += rest.len() - trimmed.len();
        rest = trimmed;
    }
    Parts { column, rest, key: key_of(rest) }
}

fn key_of(text: &str) -> Option<(String, usize)> {
    if text.starts_with(['#', '[', '{', '|', '>', '&', '*', '!', '%', '@']) {
        return None;
    }
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let (key, behind) = text.get(1..)?.split_once(quote)?;
        let value = behind.strip_prefix(':').filter(|v| v.is_empty() || v.starts_with(' '))?;
        return Some((key.to_owned(), text.len() - value.len()));
    }
    let at = text
        .match_indices(':')
        .map(|(i, _)| i)
        .find(|i| text.get(i + 1..).is_some_and(|r| r.is_empty() || r.starts_with(' ')))?;
    let key = text.get(..at)?.trim_end();
    (!key.contains(" #") && !key.is_empty()).then(|| (key.to_owned(), at + 1))
}

/// Whether a value is `|` or `>`: what is below is text.
fn starts_block(value: &str) -> bool {
    let value = value.trim_start();
    value.starts_with(['|', '>'])
        && value.get(1..).is_some_and(|v| v.split('#').next().unwrap_or_default().trim().len() <= 2)
}

/// Finds out where a cursor is. Line and column are counted from 0, the column in characters.
pub(super) fn context(text: &str, line: usize, column: usize) -> Context {
    let mut stack = Stack::default();
    let mut block: Option<usize> = None;
    for (number, full) in text.split('\n').enumerate() {
        let full = full.trim_end_matches('\r');
        let indent = full.len() - full.trim_start_matches(' ').len();
        let is_blank = full.trim().is_empty();
        let in_block = block.is_some_and(|column| is_blank || indent > column);
        if number == line {
            let end = full.char_indices().nth(column).map_or(full.len(), |(i, _)| i);
            let before = full.get(..end).unwrap_or_default();
            let in_block = in_block && (!is_blank || block.is_some_and(|at| column > at));
            return at_cursor(before, in_block, stack);
        }
        if in_block || is_blank || full.trim_start().starts_with('#') {
            continue;
        }
        block = None;
        if full.starts_with("---") {
            stack.0.clear();
            continue;
        }
        let parts = parts(full, &mut stack);
        let value = match &parts.key {
            Some((key, value)) => {
                stack.key(parts.column, key);
                parts.rest.get(*value..).unwrap_or_default()
            }
            None => parts.rest,
        };
        if starts_block(value) {
            let dash = full.len() - full.trim_start_matches(' ').len();
            block = Some(if parts.key.is_some() { parts.column } else { dash });
        }
    }
    Context { path: stack.path(), part: Part::Key, typed: String::new(), from: column }
}

fn at_cursor(before: &str, in_block: bool, mut stack: Stack) -> Context {
    let nothing = |path: Path| Context { path, part: Part::Nothing, typed: String::new(), from: 0 };
    if in_block {
        return nothing(stack.path());
    }
    let parts = parts(before, &mut stack);
    let count = |text: &str| text.chars().count();
    match &parts.key {
        Some((key, at)) => {
            stack.key(parts.column, key);
            let value = parts.rest.get(*at..).unwrap_or_default();
            let typed = value.trim_start();
            if value.is_empty()
                || typed.starts_with(['#', '"', '\'', '[', '{', '|', '>', '&', '*'])
                || value.contains(" #")
            {
                return nothing(stack.path());
            }
            Context {
                path: stack.path(),
                part: Part::Value,
                typed: typed.to_owned(),
                from: count(before) - count(typed),
            }
        }
        None if parts.rest.starts_with(['#', '"', '\'', '[', '{', '|', '>', '&', '*']) => nothing(stack.path()),
        None => {
            stack.leave(parts.column);
            Context {
                path: stack.path(),
                part: Part::Key,
                typed: parts.rest.to_owned(),
                from: count(before) - count(parts.rest),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors() {
        let text = "a:\n  b: x\n  \nlist:\n- n: 1\n  m\n- \n- - q\nscript: |\n  a: b\n  \nzz: t\n\"k.x\": \ninner:\n    deep:\n      - k: v\n        w:\n  ";
        for (line, column, want) in [
            (0, 1, "Key  'a' 0"),
            (1, 4, "Nothing a.b '' 0"),
            (1, 6, "Value a.b 'x' 5"),
            (2, 2, "Key a '' 2"),
            (2, 0, "Key  '' 0"),
            (5, 3, "Key list[0] 'm' 2"),
            (6, 2, "Key list[1] '' 2"),
            (7, 5, "Key list[2][0] 'q' 4"),
            (9, 4, "Nothing script '' 0"),
            (10, 2, "Nothing script '' 0"),
            (11, 2, "Key  'zz' 0"),
            (12, 7, "Value \"k.x\" '' 7"),
            (16, 10, "Nothing inner.deep[0].w '' 0"),
            (17, 2, "Key inner '' 2"),
        ] {
            let context = context(text, line, column);
            let got = format!("{:?} {} '{}' {}", context.part, context.path, context.typed, context.from);
            assert_eq!(got, want, "{line}:{column}");
        }
    }
}
