//! The format string: `%`, flags, argument index, width, precision, verb.

use super::field::Flags;
use super::printer::Printer;
use crate::func::{FuncError, Limit};
use crate::limits::MAX_TEXT;
use crate::types::Kind;
use crate::utf8;
use crate::value::Value;

/// Go takes no larger width or precision from an argument; those in the format
/// may have one digit more.
const MAX_NUMBER: i64 = 1_000_000;

/// `fmt.Sprintf`.
///
/// ```
/// use govalue::{Value, fmt::sprintf};
/// let text = sprintf(b"%s-%02d %q", &[Value::from("web"), Value::Int(7)])?;
/// assert_eq!(text, b"web-07 %!q(MISSING)");
/// # Ok::<(), govalue::FuncError>(())
/// ```
///
/// # Errors
/// Only where values nest too deep or the text gets too large; all else that is
/// wrong shows in the result, as in Go.
pub fn sprintf(format: &[u8], args: &[Value]) -> Result<Vec<u8>, FuncError> {
    let mut out = Vec::with_capacity(format.len() + 16 * args.len());
    let mut scan = Scan { rest: format, args, next: 0, reordered: false, index_ok: true };
    while let Some(percent) = scan.rest.iter().position(|b| *b == b'%') {
        out.extend_from_slice(&scan.rest[..percent]);
        scan.rest = &scan.rest[percent + 1..];
        scan.directive(&mut out)?;
        if out.len() > MAX_TEXT {
            return Err(FuncError::limit(Limit::Output, "fmt: text too large"));
        }
    }
    out.extend_from_slice(scan.rest);
    if !scan.reordered && scan.next < args.len() {
        extra(&mut out, &args[scan.next..])?;
    }
    Ok(out)
}

/// `%!(EXTRA int=1)`: arguments that no verb asked for.
fn extra(out: &mut Vec<u8>, args: &[Value]) -> Result<(), FuncError> {
    out.extend_from_slice(b"%!(EXTRA ");
    for (i, arg) in args.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        match arg.ty() {
            None => out.extend_from_slice(b"<nil>"),
            Some(ty) => {
                out.extend_from_slice(ty.to_string().as_bytes());
                out.push(b'=');
                Printer::new(out).print_arg(arg, 'v')?;
            }
        }
    }
    out.push(b')');
    Ok(())
}

struct Scan<'a> {
    /// What of the format is still to read.
    rest: &'a [u8],
    args: &'a [Value],
    /// The argument that the next verb takes.
    next: usize,
    /// Whether any directive had an argument index.
    reordered: bool,
    /// Whether this directive's argument indexes were good.
    index_ok: bool,
}

impl Scan<'_> {
    /// Reads a directive after its `%` and prints what it says.
    fn directive(&mut self, out: &mut Vec<u8>) -> Result<(), FuncError> {
        let mut flags = Flags::default();
        self.index_ok = true;
        while let Some(b) = self.rest.first() {
            match b {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.skip(1);
        }

        let mut after_index = self.index();
        if self.take(b'*') {
            let width = self.star();
            if width.is_none() {
                out.extend_from_slice(b"%!(BADWIDTH)");
            }
            if width.is_some_and(|w| w < 0) {
                flags.minus = true;
                flags.zero = false;
            }
            flags.width = width.map(|w| w.unsigned_abs() as usize);
            after_index = false;
        } else {
            flags.width = self.number();
            if after_index && flags.width.is_some() {
                self.index_ok = false;
            }
        }

        if self.rest.len() > 1 && self.take(b'.') {
            if after_index {
                self.index_ok = false;
            }
            after_index = self.index();
            if self.take(b'*') {
                flags.precision = self.star().and_then(|p| usize::try_from(p).ok());
                if flags.precision.is_none() {
                    out.extend_from_slice(b"%!(BADPREC)");
                }
                after_index = false;
            } else {
                flags.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !after_index {
            self.index();
        }

        if self.rest.is_empty() {
            out.extend_from_slice(b"%!(NOVERB)");
            return Ok(());
        }
        let (verb, size) = utf8::decode(self.rest);
        self.skip(size);
        let problem: &[u8] = if verb == '%' {
            out.push(b'%');
            return Ok(());
        } else if !self.index_ok {
            b"(BADINDEX)"
        } else if let Some(arg) = self.args.get(self.next) {
            self.next += 1;
            if matches!(verb, 'v' | 'w') {
                flags.sharp_v = std::mem::take(&mut flags.sharp);
                flags.plus_v = std::mem::take(&mut flags.plus);
            }
            return Printer::with_flags(out, flags).print_arg(arg, verb);
        } else {
            b"(MISSING)"
        };
        out.extend_from_slice(b"%!");
        utf8::push(out, verb);
        out.extend_from_slice(problem);
        Ok(())
    }

    fn skip(&mut self, n: usize) {
        self.rest = &self.rest[n..];
    }

    fn take(&mut self, b: u8) -> bool {
        let found = self.rest.first() == Some(&b);
        if found {
            self.skip(1);
        }
        found
    }

    /// Reads a number; one that is too large also eats the rest of the format.
    fn number(&mut self) -> Option<usize> {
        match number(self.rest) {
            Some((n, used)) => {
                self.skip(used);
                (used > 0).then_some(n)
            }
            None => {
                self.rest = &[];
                None
            }
        }
    }

    /// Takes the argument of a `*`, if it is an integer of reasonable size.
    fn star(&mut self) -> Option<i64> {
        let arg = self.args.get(self.next)?;
        self.next += 1;
        let n = match arg {
            Value::Int(n) => *n,
            Value::Num(n) if n.ty().kind().is_int() => n.as_i64(),
            Value::Num(n) if n.ty().kind() != Kind::Float32 => i64::try_from(n.as_u64()).ok()?,
            _ => return None,
        };
        (-MAX_NUMBER..=MAX_NUMBER).contains(&n).then_some(n)
    }

    /// Reads an argument index such as `[2]`; says whether there is one.
    fn index(&mut self) -> bool {
        if self.rest.first() != Some(&b'[') {
            return false;
        }
        self.reordered = true;
        let close = self.rest.iter().position(|b| *b == b']').filter(|_| self.rest.len() > 2);
        let Some(close) = close else {
            self.index_ok = false;
            self.skip(1);
            return false;
        };
        let inside = &self.rest[1..close];
        let index = number(inside).filter(|(_, used)| *used > 0 && *used == inside.len()).map(|(n, _)| n);
        self.skip(close + 1);
        match index {
            Some(n) if n > 0 && n <= self.args.len() => self.next = n - 1,
            _ => self.index_ok = false,
        }
        index.is_some()
    }
}

/// The number at the start and its length; `None` if it is too large.
fn number(s: &[u8]) -> Option<(usize, usize)> {
    let mut n = 0;
    for (i, b) in s.iter().enumerate() {
        if !b.is_ascii_digit() {
            return Some((n as usize, i));
        }
        if n > MAX_NUMBER {
            return None;
        }
        n = n * 10 + i64::from(b - b'0');
    }
    Some((n as usize, s.len()))
}
