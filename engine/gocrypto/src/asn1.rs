//! Reading private keys as Go's `encoding/asn1` does, with its messages.

use num_bigint::BigUint;

/// What a field holds.
pub(crate) enum Kind {
    Int,
    BigInt,
    Bytes,
    Oid,
    BitString,
    /// Any element.
    Raw,
    /// A struct of that Go name.
    Struct(&'static str, &'static [Field]),
    /// Any number of structs.
    List(&'static str, &'static [Field]),
}

/// A field of a struct.
pub(crate) struct Field {
    kind: Kind,
    optional: bool,
    explicit: Option<u8>,
}

impl Field {
    pub(crate) const fn new(kind: Kind) -> Field {
        Field { kind, optional: false, explicit: None }
    }

    pub(crate) const fn optional(kind: Kind) -> Field {
        Field { kind, optional: true, explicit: None }
    }

    /// An optional field inside an element of that context-specific tag.
    pub(crate) const fn explicit(kind: Kind, tag: u8) -> Field {
        Field { kind, optional: true, explicit: Some(tag) }
    }
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item<'a> {
    Int(i64),
    /// A number's bytes; `None` if it is negative.
    Big(Option<&'a [u8]>),
    /// The content of bytes, bits and object identifiers; a raw element whole.
    Bytes(&'a [u8]),
    Struct(Vec<Item<'a>>),
    List(Vec<Item<'a>>),
    Absent,
}

/// Why a field holds what its form says.
const AS_READ: &str = "what is read follows the form";

impl<'a> Item<'a> {
    /// The bytes of a field that holds some; none where it is absent.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        match self {
            Item::Bytes(b) => b,
            Item::Absent => &[],
            other => unreachable!("{AS_READ}: {other:?} is no bytes"),
        }
    }

    pub(crate) fn int(&self) -> i64 {
        match self {
            Item::Int(n) => *n,
            other => unreachable!("{AS_READ}: {other:?} is no integer"),
        }
    }

    /// A number above zero.
    pub(crate) fn positive(&self) -> Option<BigUint> {
        match self {
            Item::Big(bytes) => bytes.map(BigUint::from_bytes_be).filter(|n| *n != BigUint::ZERO),
            other => unreachable!("{AS_READ}: {other:?} is no large number"),
        }
    }

    /// The fields of a struct.
    pub(crate) fn fields<const N: usize>(&self) -> &[Item<'a>; N] {
        match self {
            Item::Struct(fields) => fields.as_array().expect(AS_READ),
            other => unreachable!("{AS_READ}: {other:?} is no struct"),
        }
    }

    /// The elements of a list; none where it is absent.
    pub(crate) fn elements(&self) -> &[Item<'a>] {
        match self {
            Item::List(elements) => elements,
            Item::Absent => &[],
            other => unreachable!("{AS_READ}: {other:?} is no list"),
        }
    }
}

struct Tag {
    class: u8,
    tag: u64,
    length: usize,
    compound: bool,
}

fn syntax(message: &str) -> String {
    format!("asn1: syntax error: {message}")
}

fn structure(message: &str) -> String {
    format!("asn1: structure error: {message}")
}

/// Reads a struct from the start of the bytes; returns what follows it too.
///
/// # Errors
/// Go's text of what is wrong.
pub(crate) fn unmarshal<'a>(bytes: &'a [u8], field: &Field) -> Result<(Item<'a>, &'a [u8]), String> {
    let (item, offset) = read(bytes, 0, field)?;
    Ok((item, &bytes[offset..]))
}

/// Reads a field (`parseField`).
fn read<'a>(bytes: &'a [u8], start: usize, field: &Field) -> Result<(Item<'a>, usize), String> {
    if start == bytes.len() {
        return if field.optional { Ok((Item::Absent, start)) } else { Err(syntax("sequence truncated")) };
    }
    let (mut tag, mut at) = read_tag(bytes, start)?;
    if let Some(explicit) = field.explicit {
        if at == bytes.len() {
            return Err(structure("explicit tag has no child"));
        }
        if tag.class != 2 || tag.tag != u64::from(explicit) || (tag.length > 0 && !tag.compound) {
            return Ok((Item::Absent, start));
        }
        if tag.length == 0 {
            return Err(structure("zero length explicit tag was not an asn1.Flag"));
        }
        (tag, at) = read_tag(bytes, at)?;
    }
    let (expected, compound, name) = match field.kind {
        Kind::Int => (2, false, "int"),
        Kind::BigInt => (2, false, ""),
        Kind::Bytes => (4, false, ""),
        Kind::Oid => (6, false, "ObjectIdentifier"),
        Kind::BitString => (3, false, "BitString"),
        Kind::Raw => (tag.tag, tag.compound, "RawValue"),
        Kind::Struct(name, _) => (16, true, name),
        Kind::List(..) => (16, true, ""),
    };
    let any = matches!(field.kind, Kind::Raw);
    if !any && (tag.class != 0 || tag.tag != expected || tag.compound != compound) {
        if field.optional {
            return Ok((Item::Absent, start));
        }
        let Tag { class, tag, length, compound } = tag;
        return Err(structure(&format!(
            "tags don't match ({expected} vs {{class:{class} tag:{tag} length:{length} isCompound:{compound}}}) \
             {{optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> \
             stringType:0 timeType:0 set:false omitEmpty:false}} {name} @{at}"
        )));
    }
    let end = at.saturating_add(tag.length);
    let Some(content) = bytes.get(at..end) else { return Err(syntax("data truncated")) };
    let item = match &field.kind {
        Kind::Int => Item::Int(int(content)?),
        Kind::BigInt => {
            check_integer(content)?;
            let negative = content.first().is_some_and(|b| b & 0x80 != 0);
            Item::Big((!negative).then_some(content))
        }
        Kind::Bytes => Item::Bytes(content),
        Kind::Oid => {
            oid_text(content)?;
            Item::Bytes(content)
        }
        Kind::BitString => Item::Bytes(bit_string(content)?),
        Kind::Raw => Item::Bytes(&bytes[start..end]),
        Kind::Struct(_, fields) => Item::Struct(read_struct(content, fields)?),
        Kind::List(name, fields) => {
            let element = Field::new(Kind::Struct(name, fields));
            check_elements(content)?;
            let (mut items, mut offset) = (Vec::new(), 0);
            while offset < content.len() {
                let (item, next) = read(content, offset, &element)?;
                items.push(item);
                offset = next;
            }
            Item::List(items)
        }
    };
    Ok((item, end))
}

/// Checks that bytes are a row of structs, whatever is in them (`parseSequenceOf`).
fn check_elements(content: &[u8]) -> Result<(), String> {
    let mut offset = 0;
    while offset < content.len() {
        let (tag, at) = read_tag(content, offset)?;
        if tag.class != 0 || tag.tag != 16 || !tag.compound {
            return Err(structure("sequence tag mismatch"));
        }
        offset = at.saturating_add(tag.length);
        if offset > content.len() {
            return Err(syntax("truncated sequence"));
        }
    }
    Ok(())
}

fn read_struct<'a>(content: &'a [u8], fields: &[Field]) -> Result<Vec<Item<'a>>, String> {
    let mut offset = 0;
    fields
        .iter()
        .map(|field| {
            let (item, next) = read(content, offset, field)?;
            offset = next;
            Ok(item)
        })
        .collect()
}

/// Reads a tag and a length (`parseTagAndLength`).
fn read_tag(bytes: &[u8], start: usize) -> Result<(Tag, usize), String> {
    let mut at = start;
    let mut next = || {
        let byte = bytes.get(at).copied();
        at += 1;
        byte
    };
    let truncated = || syntax("truncated tag or length");
    let first = next().ok_or("asn1: internal error in parseTagAndLength")?;
    let mut tag = u64::from(first & 0x1f);
    if tag == 0x1f {
        tag = base128(&mut next)?;
        if tag < 0x1f {
            return Err(syntax("non-minimal tag"));
        }
    }
    let byte = next().ok_or_else(truncated)?;
    let mut length = usize::from(byte & 0x7f);
    if byte & 0x80 != 0 {
        if length == 0 {
            return Err(syntax("indefinite length found (not DER)"));
        }
        let count = std::mem::take(&mut length);
        for _ in 0..count {
            let byte = next().ok_or_else(truncated)?;
            if length >= 1 << 23 {
                return Err(structure("length too large"));
            }
            length = length << 8 | usize::from(byte);
            if length == 0 {
                return Err(structure("superfluous leading zeros in length"));
            }
        }
        if length < 0x80 {
            return Err(structure("non-minimal length"));
        }
    }
    Ok((Tag { class: first >> 6, tag, length, compound: first & 0x20 != 0 }, at))
}

fn base128(next: &mut impl FnMut() -> Option<u8>) -> Result<u64, String> {
    let mut n = 0;
    for i in 0..5 {
        let byte = next().ok_or_else(|| syntax("truncated base 128 integer"))?;
        if i == 0 && byte == 0x80 {
            return Err(syntax("integer is not minimally encoded"));
        }
        n = n << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return if n > i32::MAX as u64 { Err(structure("base 128 integer too large")) } else { Ok(n) };
        }
    }
    match next() {
        Some(_) => Err(structure("base 128 integer too large")),
        None => Err(syntax("truncated base 128 integer")),
    }
}

fn check_integer(content: &[u8]) -> Result<(), String> {
    match content {
        [] => Err(structure("empty integer")),
        [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => Err(structure("integer not minimally-encoded")),
        _ => Ok(()),
    }
}

fn int(content: &[u8]) -> Result<i64, String> {
    check_integer(content)?;
    if content.len() > 8 {
        return Err(structure("integer too large"));
    }
    let start = if content.first().is_some_and(|b| b & 0x80 != 0) { -1 } else { 0 };
    Ok(content.iter().fold(start, |n: i64, b| n << 8 | i64::from(*b)))
}

fn bit_string(content: &[u8]) -> Result<&[u8], String> {
    let Some((padding, bits)) = content.split_first() else { return Err(syntax("zero length BIT STRING")) };
    let unused = 1_u8.checked_shl((*padding).into()).map(|bit| bit - 1);
    if *padding > 7
        || bits.last().is_some_and(|b| unused.is_some_and(|u| b & u != 0))
        || bits.is_empty() && *padding > 0
    {
        return Err(syntax("invalid padding bits in BIT STRING"));
    }
    Ok(bits)
}

/// An object identifier as text: `1.2.840`.
pub(crate) fn oid_text(content: &[u8]) -> Result<String, String> {
    if content.is_empty() {
        return Err(syntax("zero length OBJECT IDENTIFIER"));
    }
    let mut bytes = content.iter().copied().peekable();
    let first = base128(&mut || bytes.next())?;
    let (root, branch) = if first < 80 { (first / 40, first % 40) } else { (2, first - 80) };
    let mut text = format!("{root}.{branch}");
    while bytes.peek().is_some() {
        text.push_str(&format!(".{}", base128(&mut || bytes.next())?));
    }
    Ok(text)
}
