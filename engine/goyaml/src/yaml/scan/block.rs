//! Block scalars: `|` and `>`.

use super::chars::Break;
use super::token::{Mark, Style, Token, TokenKind};
use super::{Problem, Scanner};

/// Which line breaks at the end of a block scalar are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Scanner<'_> {
    pub(super) fn scan_block_scalar(&mut self, literal: bool) -> Result<(), Problem> {
        let start = self.mark();
        self.pos += 1;
        let (chomping, increment) = self.scan_block_header()?;
        let mut end = self.mark();
        let mut indent = match increment {
            0 => 0,
            n if self.indent >= 0 => self.indent + n,
            n => n,
        };
        let from = self.owned.len();
        self.breaks.clear();
        self.scan_block_breaks(&mut indent, &mut end)?;
        self.need(1)?;
        let mut leading_break: Option<Break> = None;
        let mut leading_blank = false;
        while self.column() == indent && !self.at_end() {
            let blank = self.at_blank();
            if let Some(first) = leading_break.take() {
                if !literal && !leading_blank && !blank && first == Break::Line {
                    if self.breaks.is_empty() {
                        self.owned.push(b' ');
                    }
                } else {
                    first.append_to(&mut self.owned);
                }
            }
            self.owned.append(&mut self.breaks);
            leading_blank = blank;
            let line = self.pos;
            self.skip_to_break();
            self.owned.extend_from_slice(&self.text[line..self.pos]);
            self.need(2)?;
            leading_break = self.at_break().then(|| self.skip_break());
            self.scan_block_breaks(&mut indent, &mut end)?;
        }
        if chomping != Chomping::Strip
            && let Some(kind) = leading_break
        {
            kind.append_to(&mut self.owned);
        }
        if chomping == Chomping::Keep {
            self.owned.append(&mut self.breaks);
        }
        let style = if literal { Style::Literal } else { Style::Folded };
        let kind = TokenKind::Scalar(self.owned_span(from), style);
        self.queue.push(Token { kind, start, end });
        Ok(())
    }

    /// Reads `+`, `-` and the indentation in any order, and the rest of the line.
    fn scan_block_header(&mut self) -> Result<(Chomping, i64), Problem> {
        self.need(1)?;
        let mut chomping = self.scan_chomping();
        if chomping.is_some() {
            self.need(1)?;
        }
        let mut increment = 0;
        if self.byte(0).is_ascii_digit() {
            if self.byte(0) == b'0' {
                return Err(self.problem("found an indentation indicator equal to 0"));
            }
            increment = i64::from(self.byte(0) - b'0');
            self.pos += 1;
            if chomping.is_none() {
                self.need(1)?;
                chomping = self.scan_chomping();
            }
        }
        self.end_of_line()?;
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    fn scan_chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.byte(0) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.pos += 1;
        Some(chomping)
    }

    /// Moves over indentation and empty lines; finds out the indentation by the
    /// first line that has more.
    fn scan_block_breaks(&mut self, indent: &mut i64, end: &mut Mark) -> Result<(), Problem> {
        *end = self.mark();
        let mut max_indent = 0;
        loop {
            self.need(1)?;
            while (*indent == 0 || self.column() < *indent) && self.byte(0) == b' ' {
                self.pos += 1;
            }
            self.need(1)?;
            max_indent = max_indent.max(self.column());
            if (*indent == 0 || self.column() < *indent) && self.byte(0) == b'\t' {
                return Err(self.problem("found a tab character where an indentation space is expected"));
            }
            if !self.at_break() {
                break;
            }
            self.need(2)?;
            let kind = self.skip_break();
            kind.append_to(&mut self.breaks);
            *end = self.mark();
        }
        if *indent == 0 {
            *indent = max_indent.max(self.indent + 1).max(1);
        }
        Ok(())
    }
}
