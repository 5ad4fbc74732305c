//! The conditions of questions: `a.b=true && (c!=x || d-e[0].f)`.

use crate::path::Path;

/// When a question shows. A condition that cannot be read always holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition(Option<Expr>);

#[derive(Clone, Debug, PartialEq)]
enum Expr {
    Compare {
        path: Path,
        /// `=` rather than `!=`.
        is_equal: bool,
        text: String,
    },
    /// The value is there, and is neither `false` nor empty.
    Is(Path),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
}

/// A condition nests no deeper.
const MAX_DEPTH: usize = 32;

impl Condition {
    /// Reads a condition. `&&` binds closer than `||`.
    pub fn read(text: &str) -> Condition {
        let mut reader = Reader { rest: text.trim(), depth: 0 };
        let expr = reader.or();
        Condition(expr.filter(|_| reader.rest.trim().is_empty()))
    }

    /// Whether it could be read.
    pub fn is_known(&self) -> bool {
        self.0.is_some()
    }

    /// Whether it holds. `text` gives the value at a path as a text; `None` if there is none.
    pub fn holds(&self, text: &dyn Fn(&Path) -> Option<String>) -> bool {
        self.0.as_ref().is_none_or(|expr| expr.holds(text))
    }

    /// The paths that it looks at.
    pub fn paths(&self) -> Vec<&Path> {
        let mut out = Vec::new();
        let mut open: Vec<&Expr> = self.0.iter().collect();
        while let Some(expr) = open.pop() {
            match expr {
                Expr::Compare { path, .. } | Expr::Is(path) => out.push(path),
                Expr::Not(inner) => open.push(inner),
                Expr::And(parts) | Expr::Or(parts) => open.extend(parts),
            }
        }
        out
    }
}

impl Expr {
    fn holds(&self, text: &dyn Fn(&Path) -> Option<String>) -> bool {
        match self {
            Expr::Compare { path, is_equal, text: wanted } => (text(path).unwrap_or_default() == *wanted) == *is_equal,
            Expr::Is(path) => text(path).is_some_and(|t| !t.is_empty() && t != "false"),
            Expr::Not(inner) => !inner.holds(text),
            Expr::And(parts) => parts.iter().all(|part| part.holds(text)),
            Expr::Or(parts) => parts.iter().any(|part| part.holds(text)),
        }
    }
}

struct Reader<'t> {
    rest: &'t str,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn take(&mut self, token: &str) -> bool {
        match self.rest.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn or(&mut self) -> Option<Expr> {
        let mut parts = vec![self.and()?];
        while self.take("||") {
            parts.push(self.and()?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Expr::Or(parts)) }
    }

    fn and(&mut self) -> Option<Expr> {
        let mut parts = vec![self.one()?];
        while self.take("&&") {
            parts.push(self.one()?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Expr::And(parts)) }
    }

    fn one(&mut self) -> Option<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let expr = if self.take("(") {
            let inner = self.or()?;
            self.take(")").then_some(inner)
        } else if !self.rest.trim_start().starts_with("!=") && self.take("!") {
            Some(Expr::Not(Box::new(self.one()?)))
        } else {
            self.comparison()
        };
        self.depth -= 1;
        expr
    }

    fn comparison(&mut self) -> Option<Expr> {
        let name = self.until(|rest| rest.starts_with(['=', ')', '(']) || rest.starts_with("!=") || is_joint(rest));
        let path = super::variable(name.trim())?;
        if self.take("!=") {
            return Some(Expr::Compare { path, is_equal: false, text: self.value() });
        }
        if self.take("==") || self.take("=") {
            return Some(Expr::Compare { path, is_equal: true, text: self.value() });
        }
        Some(Expr::Is(path))
    }

    fn value(&mut self) -> String {
        let rest = self.rest.trim_start();
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\''))
            && let Some((text, behind)) = rest.get(1..).and_then(|inner| inner.split_once(quote))
        {
            self.rest = behind;
            return text.to_owned();
        }
        self.until(|rest| rest.starts_with(')') || is_joint(rest)).trim().to_owned()
    }

    /// The text up to where something holds, or the end. What stands in quotes is passed over.
    fn until(&mut self, ends: impl Fn(&str) -> bool) -> &'t str {
        let whole = self.rest;
        let mut in_quotes = None;
        for (i, c) in whole.char_indices() {
            match in_quotes {
                Some(quote) if c == quote => in_quotes = None,
                Some(_) => {}
                None if c == '"' => in_quotes = Some(c),
                None => {
                    if whole.get(i..).is_some_and(&ends) {
                        self.rest = whole.get(i..).unwrap_or_default();
                        return whole.get(..i).unwrap_or_default();
                    }
                }
            }
        }
        self.rest = "";
        whole
    }
}

fn is_joint(rest: &str) -> bool {
    rest.starts_with("&&") || rest.starts_with("||")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn conditions() {
        let values =
            crate::parse("a: {b: true, c-d: x y}\nlist: [{v: 1}, {v: 2}]\nempty: ''\nnever: false\n\"e.f\": 1\n").unwrap();
        let text = |path: &Path| values.get(path).map(Value::shown);
        for (condition, want) in [
            ("a.b=true", true),
            ("a.b==true", true),
            ("a.b!=true", false),
            ("a.b", true),
            ("never", false),
            ("!never", true),
            ("missing", false),
            ("missing=", true),
            ("missing!=x", true),
            ("empty=", true),
            ("a.c-d=x y", true),
            ("a.c-d = \"x y\" && a.b=true", true),
            ("list[1].v=2", true),
            ("\"e.f\"=1", true),
            ("a.b=false && never=false || list[0].v=1", true),
            ("a.b=false && (never=false || list[0].v=1)", false),
            ("(a.b=true&&never=true)||(never=false)", true),
            ("((a.b=true))", true),
            // What cannot be read hides nothing.
            ("a.b=true &&", true),
            ("(never", true),
            ("", true),
        ] {
            assert_eq!(Condition::read(condition).holds(&text), want, "{condition}");
        }
        assert_eq!(Condition::read("a=1&&(b=2||c)").paths().len(), 3);
        assert!(!Condition::read(&"(".repeat(100)).is_known());
    }
}
