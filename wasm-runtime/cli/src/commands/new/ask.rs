//! Questions, on a terminal or over a pipe.

use std::io::{BufRead, IsTerminal, Write};

/// Asks line by line.
pub(super) struct Asker {
    /// Whether defaults are used without asking.
    silent: bool,
    /// Whether the questions appear on a terminal.
    terminal: bool,
}

impl Asker {
    pub(super) fn new(silent: bool) -> Asker {
        Asker { silent, terminal: std::io::stdin().is_terminal() }
    }

    /// Whether defaults are used for everything: on request, or because the input has ended.
    pub(super) fn is_silent(&self) -> bool {
        self.silent
    }

    /// Asks until the answer is valid. An empty answer means the default.
    ///
    /// # Errors
    /// If there is no terminal, the first invalid answer.
    pub(super) fn ask(
        &mut self,
        question: &str,
        default: &str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Result<String, String> {
        loop {
            let answer = if self.silent { String::new() } else { self.line(question, default) };
            let answer = if answer.is_empty() { default.to_owned() } else { answer };
            match check(&answer) {
                Ok(()) => return Ok(answer),
                Err(message) if self.terminal && !self.silent => crate::say!("  {message}"),
                Err(message) => return Err(format!("{}: {message}", question.trim())),
            }
        }
    }

    /// Asks a yes-or-no question.
    pub(super) fn yes_or_no(&mut self, question: &str, default: bool) -> Result<bool, String> {
        let fine = |text: &str| match text.to_ascii_lowercase().as_str() {
            "y" | "yes" | "n" | "no" => Ok(()),
            _ => Err("answer yes or no".to_owned()),
        };
        let answer = self.ask(question, if default { "yes" } else { "no" }, fine)?;
        Ok(answer.to_ascii_lowercase().starts_with('y'))
    }

    fn line(&mut self, question: &str, default: &str) -> String {
        let mut stderr = std::io::stderr().lock();
        let shown = if default.is_empty() { String::new() } else { format!(" [{default}]") };
        let _ = write!(stderr, "{question}{shown}: ");
        let _ = stderr.flush();
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        if !self.terminal {
            let _ = writeln!(stderr, "{}", line.trim());
        }
        if !matches!(read, Ok(n) if n > 0) {
            self.silent = true;
        }
        line.trim().to_owned()
    }
}
