//! Single items with flags, width and precision.

use crate::strconv::{append_float, append_quote, append_quote_rune, append_quote_to_ascii, can_backquote, is_print};
use crate::utf8;

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%+v`
    pub(super) plus_v: bool,
    /// `%#v`
    pub(super) sharp_v: bool,
}

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";

impl Flags {
    /// Appends text, padded to the width.
    pub(super) fn pad(&self, out: &mut Vec<u8>, text: &[u8]) {
        let fill = match self.width {
            None | Some(0) => 0,
            Some(w) => w.saturating_sub(utf8::count(text)),
        };
        if !self.minus {
            self.fill(out, fill);
        }
        out.extend_from_slice(text);
        if self.minus {
            self.fill(out, fill);
        }
    }

    fn fill(&self, out: &mut Vec<u8>, n: usize) {
        out.resize(out.len() + n, if self.zero && !self.minus { b'0' } else { b' ' });
    }

    fn without_zero(mut self) -> Flags {
        self.zero = false;
        self
    }

    /// `%s`
    pub(super) fn string(&self, out: &mut Vec<u8>, s: &[u8]) {
        self.pad(out, self.cut(s));
    }

    /// As many characters as the precision allows.
    fn cut<'s>(&self, s: &'s [u8]) -> &'s [u8] {
        let Some(precision) = self.precision else { return s };
        let mut end = 0;
        for _ in 0..precision {
            match utf8::decode(&s[end..]) {
                (_, 0) => break,
                (_, n) => end += n,
            }
        }
        &s[..end]
    }

    /// `%q`
    pub(super) fn quoted(&self, out: &mut Vec<u8>, s: &[u8]) {
        let s = self.cut(s);
        let mut text = Vec::with_capacity(s.len() + 2);
        if self.sharp && can_backquote(s) {
            text.push(b'`');
            text.extend_from_slice(s);
            text.push(b'`');
        } else if self.plus {
            append_quote_to_ascii(&mut text, s);
        } else {
            append_quote(&mut text, s);
        }
        self.pad(out, &text);
    }

    /// `%x` and `%X` of bytes.
    pub(super) fn hex(&self, out: &mut Vec<u8>, s: &[u8], upper: bool) {
        let s = &s[..self.precision.unwrap_or(s.len()).min(s.len())];
        let digits = if upper { UPPER } else { LOWER };
        let prefix = if upper { b"0X" } else { b"0x" };
        let mut text = Vec::with_capacity(2 * s.len());
        for (i, b) in s.iter().enumerate() {
            if self.space && i > 0 {
                text.push(b' ');
            }
            if self.sharp && (self.space || i == 0) {
                text.extend_from_slice(prefix);
            }
            text.extend_from_slice(&[digits[usize::from(b >> 4)], digits[usize::from(b & 15)]]);
        }
        self.pad(out, &text);
    }

    /// Integers in a base; `O` puts `0o` before octal ones.
    pub(super) fn integer(&self, out: &mut Vec<u8>, n: u64, signed: bool, base: u64, verb: char) {
        let negative = signed && (n as i64) < 0;
        let mut rest = if negative { n.wrapping_neg() } else { n };
        if self.precision == Some(0) && rest == 0 {
            self.without_zero().fill(out, self.width.unwrap_or(0));
            return;
        }
        let sign: &[u8] = match () {
            () if negative => b"-",
            () if self.plus => b"+",
            () if self.space => b" ",
            () => b"",
        };
        let least = match (self.precision, self.width) {
            (Some(p), _) => p,
            (None, Some(w)) if self.zero && !self.minus => w.saturating_sub(sign.len()),
            _ => 0,
        };

        let mut buf = [0; 64];
        let mut start = buf.len();
        let alphabet = if verb == 'X' { UPPER } else { LOWER };
        for slot in buf.iter_mut().rev() {
            *slot = alphabet[(rest % base) as usize];
            rest /= base;
            start -= 1;
            if rest == 0 {
                break;
            }
        }
        let digits = &buf[start..];
        let zeros = least.saturating_sub(digits.len());
        let prefix: &[u8] = match (self.sharp, base) {
            (true, 2) => b"0b",
            (true, 8) if zeros == 0 && digits.first() != Some(&b'0') => b"0",
            (true, 16) => {
                if verb == 'X' {
                    b"0X"
                } else {
                    b"0x"
                }
            }
            _ => b"",
        };
        let letter: &[u8] = if verb == 'O' { b"0o" } else { b"" };

        let length = sign.len() + letter.len() + prefix.len() + zeros + digits.len();
        let fill = self.width.unwrap_or(0).saturating_sub(length);
        let flags = self.without_zero();
        if !flags.minus {
            flags.fill(out, fill);
        }
        for part in [sign, letter, prefix] {
            out.extend_from_slice(part);
        }
        out.resize(out.len() + zeros, b'0');
        out.extend_from_slice(digits);
        if flags.minus {
            flags.fill(out, fill);
        }
    }

    /// `%U`: `U+0078`, with `#` also `'x'`.
    pub(super) fn unicode(&self, out: &mut Vec<u8>, n: u64) {
        let plain = Flags { precision: Some(self.precision.unwrap_or(0).max(4)), ..Flags::default() };
        let mut text = b"U+".to_vec();
        plain.integer(&mut text, n, false, 16, 'X');
        if let (true, Some(c)) = (self.sharp, u32::try_from(n).ok().and_then(char::from_u32))
            && is_print(c)
        {
            text.extend_from_slice(b" '");
            utf8::push(&mut text, c);
            text.push(b'\'');
        }
        self.without_zero().pad(out, &text);
    }

    /// `%c`
    pub(super) fn character(&self, out: &mut Vec<u8>, n: u64) {
        let c = u32::try_from(n).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
        self.pad(out, c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// `%q` of an integer.
    pub(super) fn quoted_character(&self, out: &mut Vec<u8>, n: u64) {
        let mut text = Vec::new();
        append_quote_rune(&mut text, u32::try_from(n).unwrap_or(u32::MAX), self.plus);
        self.pad(out, &text);
    }

    /// Floats; `verb` is one of `b e E f g G x X`.
    pub(super) fn float(&self, out: &mut Vec<u8>, f: f64, bits: u32, verb: u8, default: Option<usize>) {
        let precision = self.precision.or(default).and_then(|p| i32::try_from(p).ok()).unwrap_or(-1);
        let mut num = vec![b'+'];
        append_float(&mut num, f, verb, precision, bits);
        if matches!(num.get(1), Some(b'-' | b'+')) {
            num.remove(0);
        }
        if self.space && !self.plus && num.first() == Some(&b'+') {
            num[0] = b' ';
        }
        if f.is_nan() || f.is_infinite() {
            let bare = f.is_nan() && !self.space && !self.plus;
            self.without_zero().pad(out, &num[usize::from(bare)..]);
            return;
        }
        if self.sharp && verb != b'b' {
            keep_point(&mut num, verb, precision);
        }
        if !self.plus && num.first() == Some(&b'+') {
            self.pad(out, &num[1..]);
        } else if self.zero && !self.minus && self.width.is_some_and(|w| w > num.len()) {
            out.push(num[0]);
            self.fill(out, self.width.unwrap_or(0) - num.len());
            out.extend_from_slice(&num[1..]);
        } else {
            self.pad(out, &num);
        }
    }
}

/// The `#` flag: a decimal point in any case, and for `%g` trailing zeros up to
/// the precision. `num` starts with its sign.
fn keep_point(num: &mut Vec<u8>, verb: u8, precision: i32) {
    let mut missing = match verb {
        b'g' | b'G' | b'x' => usize::try_from(precision).unwrap_or(6),
        _ => 0,
    };
    let hex = matches!(verb, b'x' | b'X');
    let exponent = |b: &u8| matches!(b, b'p' | b'P') || !hex && matches!(b, b'e' | b'E');
    let tail = num.iter().position(exponent).map(|i| num.split_off(i)).unwrap_or_default();
    let digits = num.iter().skip(1).filter(|b| **b != b'.');
    missing = missing.saturating_sub(digits.skip_while(|b| **b == b'0').count());
    if !num.contains(&b'.') {
        if num.get(1..) == Some(b"0") {
            missing = missing.saturating_sub(1);
        }
        num.push(b'.');
    }
    num.resize(num.len() + missing, b'0');
    num.extend_from_slice(&tail);
}
