//! Values by verb: what Go's `printArg` and `printValue` do.

use super::field::Flags;
use crate::func::{Args, FuncError, FuncErrorKind, Limit};
use crate::limits::{MAX_DEPTH, MAX_TEXT};
use crate::list::List;
use crate::map::Map;
use crate::object::Object;
use crate::str::Str;
use crate::types::{Kind, Method, Type};
use crate::utf8;
use crate::value::Value;

/// What a pointer shows as its address. Go's differs from run to run, but nearly
/// always has twelve digits.
const ADDRESS: u64 = 0x2bca_7703_c000;

/// The address of what takes no memory: a fixed place in the program.
const NOWHERE: u64 = 0x35e_72c0;

type Printed = Result<(), FuncError>;

/// Prints values by a verb and its flags.
pub(super) struct Printer<'o> {
    out: &'o mut Vec<u8>,
    /// Where `out` may end.
    end: usize,
    flags: Flags,
    /// Inside `%!verb(…)`: methods are left alone.
    erroring: bool,
}

impl<'o> Printer<'o> {
    pub(super) fn new(out: &'o mut Vec<u8>) -> Printer<'o> {
        Printer::with_flags(out, Flags::default())
    }

    pub(super) fn with_flags(out: &'o mut Vec<u8>, flags: Flags) -> Printer<'o> {
        let end = out.len().saturating_add(MAX_TEXT);
        Printer { out, end, flags, erroring: false }
    }

    /// Prints an argument.
    pub(super) fn print_arg(&mut self, arg: &Value, verb: char) -> Printed {
        let Some(ty) = arg.ty() else {
            return match verb {
                'T' | 'v' => self.pad(b"<nil>"),
                _ => self.bad_verb(arg, verb),
            };
        };
        match verb {
            'T' => {
                self.flags.string(self.out, ty.to_string().as_bytes());
                return Ok(());
            }
            'p' => return self.pointer(arg, verb),
            _ => {}
        }
        match arg {
            Value::Bytes(b) => self.bytes(b, verb, "[]byte"),
            _ if self.handled_by_method(arg, verb)? => Ok(()),
            _ => self.print_value(arg, Type::Any, verb, 0, true),
        }
    }

    /// Prints a value. `slot` is the static type of where it is; `open` says
    /// that its methods may be called (unexported fields' may not).
    fn print_value(&mut self, v: &Value, slot: Type, verb: char, depth: usize, open: bool) -> Printed {
        if depth > MAX_DEPTH {
            return Err(FuncError::limit(Limit::Depth, "fmt: value nested too deep"));
        }
        if depth > 0 && open && !matches!(v, Value::Nil) && self.handled_by_method(v, verb)? {
            return Ok(());
        }
        match v {
            Value::Nil => {
                if self.flags.sharp_v {
                    self.push(&format!("{slot}(nil)"));
                } else {
                    self.out.extend_from_slice(b"<nil>");
                }
                Ok(())
            }
            Value::Bool(b) => match verb {
                't' | 'v' => self.pad(if *b { b"true" } else { b"false" }),
                _ => self.bad_verb(v, verb),
            },
            Value::Int(n) => self.integer(v, *n as u64, true, verb),
            Value::Float(f) => self.float(v, *f, 64, verb),
            Value::Num(n) => match n.ty().kind() {
                Kind::Float32 => self.float(v, n.as_f64(), 32, verb),
                Kind::Float64 => self.float(v, n.as_f64(), 64, verb),
                kind if kind.is_int() => self.integer(v, n.as_i64() as u64, true, verb),
                _ => self.integer(v, n.as_u64(), false, verb),
            },
            Value::Complex(c) => self.complex(v, **c, verb),
            Value::Str(s) => self.string(v, s, verb),
            Value::Bytes(b) => match verb {
                's' | 'q' | 'x' | 'X' => self.bytes(b, verb, "[]uint8"),
                _ => self.each_byte(b, verb, depth),
            },
            Value::List(l) => self.list(l, verb, depth, open),
            Value::Map(m) => self.map(m, verb, depth, open),
            Value::Struct(o) => self.structure(o, verb, depth, open),
            Value::Pointer(o) if depth == 0 => {
                self.out.push(b'&');
                self.print_value(&Value::Struct(o.clone()), Type::Any, verb, depth + 1, open)
            }
            Value::Pointer(_) | Value::NilPointer(_) => self.pointer(v, verb),
        }
    }

    fn push(&mut self, s: &str) {
        self.out.extend_from_slice(s.as_bytes());
    }

    fn pad(&mut self, s: &[u8]) -> Printed {
        self.flags.pad(self.out, s);
        Ok(())
    }

    /// `%!verb(type=value)`
    fn bad_verb(&mut self, v: &Value, verb: char) -> Printed {
        self.push("%!");
        utf8::push(self.out, verb);
        self.out.push(b'(');
        match v.ty() {
            None => self.push("<nil>"),
            Some(ty) => {
                self.push(&format!("{ty}="));
                let was = std::mem::replace(&mut self.erroring, true);
                self.print_value(v, Type::Any, 'v', 0, true)?;
                self.erroring = was;
            }
        }
        self.out.push(b')');
        Ok(())
    }

    /// Prints by `GoString`, `Error` or `String`, if the verb allows and the type has it.
    fn handled_by_method(&mut self, v: &Value, verb: char) -> Result<bool, FuncError> {
        if self.erroring {
            return Ok(false);
        }
        if verb == 'w' {
            return self.bad_verb(v, verb).map(|()| true);
        }
        let Some(named) = (match v {
            Value::Num(_)
            | Value::List(_)
            | Value::Map(_)
            | Value::Struct(_)
            | Value::Pointer(_)
            | Value::NilPointer(_) => v.ty().and_then(Type::named),
            _ => None,
        }) else {
            return Ok(false);
        };
        let pointer = matches!(v, Value::Pointer(_) | Value::NilPointer(_));
        let find = |name| named.method(name).filter(|m| is_stringer(m) && (pointer || !m.pointer));
        let method = match verb {
            _ if self.flags.sharp_v => find("GoString"),
            'v' | 's' | 'x' | 'X' | 'q' => find("Error").or_else(|| find("String")),
            _ => None,
        };
        let Some(method) = method else { return Ok(false) };
        if let Value::NilPointer(_) = v {
            self.push("<nil>");
            return Ok(true);
        }
        match (method.call)(v, &mut Args::new(&mut [])) {
            Ok(Value::Str(s)) if self.flags.sharp_v => self.flags.string(self.out, &s),
            Ok(text) => {
                let text = if let Value::Str(s) = text { s } else { Str::EMPTY };
                self.string(v, &text, verb)?;
            }
            Err(e) if matches!(e.kind(), FuncErrorKind::Limit(_)) => return Err(e),
            Err(e) => {
                self.push("%!");
                utf8::push(self.out, verb);
                self.push(&format!("(PANIC={} method: {e})", method.name));
            }
        }
        Ok(true)
    }

    fn integer(&mut self, v: &Value, n: u64, signed: bool, verb: char) -> Printed {
        let f = &self.flags;
        match verb {
            'v' if f.sharp_v && !signed => self.hex_number(n, true),
            'v' | 'd' => f.integer(self.out, n, signed, 10, verb),
            'b' => f.integer(self.out, n, signed, 2, verb),
            'o' | 'O' => f.integer(self.out, n, signed, 8, verb),
            'x' | 'X' => f.integer(self.out, n, signed, 16, verb),
            'c' => f.character(self.out, n),
            'q' => f.quoted_character(self.out, n),
            'U' => f.unicode(self.out, n),
            _ => return self.bad_verb(v, verb),
        }
        Ok(())
    }

    fn hex_number(&mut self, n: u64, prefix: bool) {
        let flags = Flags { sharp: prefix, ..self.flags };
        flags.integer(self.out, n, false, 16, 'v');
    }

    fn float(&mut self, v: &Value, f: f64, bits: u32, verb: char) -> Printed {
        let (letter, default) = match verb {
            'v' => (b'g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => (verb as u8, None),
            'e' | 'E' | 'f' => (verb as u8, Some(6)),
            'F' => (b'f', Some(6)),
            _ => return self.bad_verb(v, verb),
        };
        self.flags.float(self.out, f, bits, letter, default);
        Ok(())
    }

    fn complex(&mut self, v: &Value, [re, im]: [f64; 2], verb: char) -> Printed {
        if !matches!(verb, 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E') {
            return self.bad_verb(v, verb);
        }
        let plus = self.flags.plus;
        self.out.push(b'(');
        self.float(v, re, 64, verb)?;
        self.flags.plus = true;
        self.float(v, im, 64, verb)?;
        self.push("i)");
        self.flags.plus = plus;
        Ok(())
    }

    fn string(&mut self, v: &Value, s: &[u8], verb: char) -> Printed {
        let f = &self.flags;
        match verb {
            'v' if f.sharp_v => f.quoted(self.out, s),
            'v' | 's' => f.string(self.out, s),
            'x' | 'X' => f.hex(self.out, s, verb == 'X'),
            'q' => f.quoted(self.out, s),
            _ => return self.bad_verb(v, verb),
        }
        Ok(())
    }

    fn bytes(&mut self, b: &Str, verb: char, ty: &str) -> Printed {
        match verb {
            'v' | 'd' if self.flags.sharp_v => {
                self.push(ty);
                self.sequence(b"{", b", ", b"}", b.iter(), |p, b| {
                    p.hex_number(u64::from(*b), true);
                    Ok(())
                })
            }
            'v' | 'd' => self.sequence(b"[", b" ", b"]", b.iter(), |p, b| {
                p.flags.integer(p.out, u64::from(*b), false, 10, verb);
                Ok(())
            }),
            's' => {
                self.flags.string(self.out, b);
                Ok(())
            }
            'x' | 'X' => {
                self.flags.hex(self.out, b, verb == 'X');
                Ok(())
            }
            'q' => {
                self.flags.quoted(self.out, b);
                Ok(())
            }
            _ => self.each_byte(b, verb, 0),
        }
    }

    /// Bytes as a slice of `uint8`.
    fn each_byte(&mut self, b: &Str, verb: char, depth: usize) -> Printed {
        let (open, sep, close): (&[u8], &[u8], &[u8]) =
            if self.flags.sharp_v { (b"[]uint8{", b", ", b"}") } else { (b"[", b" ", b"]") };
        self.sequence(open, sep, close, b.iter(), |p, b| {
            p.print_value(&Value::uint8(*b), Type::Uint8, verb, depth + 1, true)
        })
    }

    fn list(&mut self, l: &List, verb: char, depth: usize, open: bool) -> Printed {
        let ty = l.ty();
        let elem = ty.elem().unwrap_or(Type::Any);
        if !self.flags.sharp_v {
            return self.sequence(b"[", b" ", b"]", l.iter(), |p, v| p.print_value(v, elem, verb, depth + 1, open));
        }
        self.push(&ty.to_string());
        if l.is_nil() {
            self.push("(nil)");
            return Ok(());
        }
        self.sequence(b"{", b", ", b"}", l.iter(), |p, v| p.print_value(v, elem, verb, depth + 1, open))
    }

    fn map(&mut self, m: &Map, verb: char, depth: usize, open: bool) -> Printed {
        let ty = m.ty();
        let elem = ty.elem().unwrap_or(Type::Any);
        let (start, sep, close): (&[u8], &[u8], &[u8]) = if self.flags.sharp_v {
            self.push(&ty.to_string());
            if m.is_nil() {
                self.push("(nil)");
                return Ok(());
            }
            (b"{", b", ", b"}")
        } else {
            (b"map[", b" ", b"]")
        };
        self.sequence(start, sep, close, m.borrow().iter(), |p, (key, v)| {
            if verb == 'v' && !p.flags.sharp_v {
                p.flags.string(p.out, key);
            } else {
                p.print_value(&Value::Str(key.clone()), Type::String, verb, depth + 1, open)?;
            }
            p.out.push(b':');
            p.print_value(v, elem, verb, depth + 1, open)
        })
    }

    fn structure(&mut self, o: &Object, verb: char, depth: usize, open: bool) -> Printed {
        let (sharp, names) = (self.flags.sharp_v, self.flags.sharp_v || self.flags.plus_v);
        if sharp {
            self.push(o.named().name);
        }
        let fields = o.named().fields().iter().zip(o.fields());
        self.sequence(b"{", if sharp { b", " } else { b" " }, b"}", fields, |p, (field, v)| {
            if names {
                p.push(field.name);
                p.out.push(b':');
            }
            p.print_value(v, field.ty, verb, depth + 1, open && field.exported())
        })
    }

    /// Prints items between brackets, as long as there is room.
    fn sequence<T>(
        &mut self,
        open: &[u8],
        separator: &[u8],
        close: &[u8],
        items: impl Iterator<Item = T>,
        mut print: impl FnMut(&mut Self, T) -> Printed,
    ) -> Printed {
        self.out.extend_from_slice(open);
        for (i, item) in items.enumerate() {
            if i > 0 {
                self.out.extend_from_slice(separator);
            }
            print(self, item)?;
            if self.out.len() > self.end {
                return Err(FuncError::limit(Limit::Output, "fmt: text too large"));
            }
        }
        self.out.extend_from_slice(close);
        Ok(())
    }

    /// The address of what has one.
    fn pointer(&mut self, v: &Value, verb: char) -> Printed {
        let address = match v {
            Value::List(l) if l.is_nil() => 0,
            Value::Map(m) if m.is_nil() => 0,
            Value::NilPointer(_) => 0,
            Value::List(l) if l.capacity() == 0 => NOWHERE,
            Value::Bytes(b) if b.is_empty() => NOWHERE,
            Value::Bytes(_) | Value::List(_) | Value::Map(_) | Value::Pointer(_) => ADDRESS,
            _ => return self.bad_verb(v, verb),
        };
        match verb {
            'v' if self.flags.sharp_v => {
                self.push(&format!("({})(", v.ty().unwrap_or(Type::Any)));
                if address == 0 {
                    self.push("nil");
                } else {
                    self.hex_number(address, true);
                }
                self.out.push(b')');
                Ok(())
            }
            'v' if address == 0 => self.pad(b"<nil>"),
            'v' | 'p' => {
                self.hex_number(address, !self.flags.sharp);
                Ok(())
            }
            'b' | 'o' | 'd' | 'x' | 'X' => self.integer(v, address, false, verb),
            _ => self.bad_verb(v, verb),
        }
    }
}

/// Whether it is a `func() string`.
fn is_stringer(m: &Method) -> bool {
    m.sig.params.is_empty() && matches!(m.sig.results, [Type::String])
}
