//! Tar archives, as Go's `archive/tar` reads them.

use super::gzip::Inflater;

const BLOCK: usize = 512;
/// The longest PAX header or long name (`maxSpecialFileSize`).
const MAX_SPECIAL: usize = 1 << 20;

/// Why an archive cannot be read. `Display` is Go's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TarError {
    /// A header makes no sense.
    Header,
    /// A name or a PAX header is too long.
    FieldTooLong,
    /// A sparse file, which no chart needs; Helm reads it.
    Sparse,
    /// What was to be read failed or ended.
    Read(String),
}

impl std::fmt::Display for TarError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TarError::Header => f.write_str("archive/tar: invalid tar header"),
            TarError::FieldTooLong => f.write_str("archive/tar: header field too long"),
            TarError::Sparse => f.write_str("archive/tar: sparse files are not supported"),
            TarError::Read(text) => f.write_str(text),
        }
    }
}

/// A file, folder or something else in an archive.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its path.
    pub(super) name: Vec<u8>,
    /// Whether it is a folder.
    pub(super) is_dir: bool,
    /// Whether it is a header for all that follow.
    pub(super) is_global_header: bool,
    /// How large it says it is.
    pub(super) size: u64,
    /// Where its content starts in the archive.
    pub(super) start: usize,
    /// How much content follows in the archive.
    pub(super) length: usize,
}

/// An archive that is inflated as it is read.
pub(super) struct Archive<'a> {
    inflater: Inflater<'a>,
    /// How far it is read.
    at: usize,
    /// Where the next header is.
    next: usize,
}

/// What PAX headers say of the next file.
#[derive(Default)]
struct Pax {
    path: Option<Vec<u8>>,
    size: Option<i64>,
    invalid: bool,
    sparse: bool,
}

impl<'a> Archive<'a> {
    pub(super) fn new(inflater: Inflater<'a>) -> Archive<'a> {
        Archive { inflater, at: 0, next: 0 }
    }

    /// How much has been inflated so far.
    pub(super) fn inflated(&self) -> usize {
        self.inflater.total()
    }

    /// What it was inflated with.
    pub(super) fn into_inflater(self) -> Inflater<'a> {
        self.inflater
    }

    /// Goes to a place in the archive.
    fn skip_to(&mut self, place: usize) -> Result<(), TarError> {
        self.read(place.saturating_sub(self.at), None)
    }

    /// The next entry; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, TarError> {
        let mut pax = Pax::default();
        let mut long_name = Vec::new();
        loop {
            let Some(header) = self.header()? else { return Ok(None) };
            match header.kind {
                b'x' | b'g' => {
                    let size = header.size()?;
                    let text = self.special(size)?;
                    pax = parse_pax(&text).ok_or(TarError::Header)?;
                    if header.kind == b'g' {
                        return Ok(Some(Entry {
                            name: pax.path.unwrap_or(header.name),
                            is_dir: false,
                            is_global_header: true,
                            size: 0,
                            start: self.at,
                            length: 0,
                        }));
                    }
                }
                b'L' | b'K' => {
                    let size = header.size()?;
                    let text = self.special(size)?;
                    if header.kind == b'L' {
                        long_name = c_string(&text).to_vec();
                    }
                }
                _ => return self.entry(header, pax, long_name).map(Some),
            }
        }
    }

    fn entry(&mut self, header: Header, pax: Pax, long_name: Vec<u8>) -> Result<Entry, TarError> {
        header.size()?;
        if pax.invalid {
            return Err(TarError::Header);
        }
        if pax.sparse || header.kind == b'S' {
            return Err(TarError::Sparse);
        }
        let mut name = pax.path.unwrap_or(header.name);
        if !long_name.is_empty() {
            name = long_name;
        }
        let size = usize::try_from(pax.size.unwrap_or(header.size)).map_err(|_| TarError::Header)?;
        // Very old archives mark folders by their names.
        let is_old_dir = header.kind == 0 && name.ends_with(b"/");
        let is_dir = header.mode_is_dir || header.kind == b'5' || is_old_dir;
        let length = if has_no_content(header.kind) || is_old_dir { 0 } else { size };
        self.next = padded(self.at, length)?;
        Ok(Entry { name, is_dir, is_global_header: false, size: size as u64, start: self.at, length })
    }

    /// The content of a header that describes another.
    fn special(&mut self, size: usize) -> Result<Vec<u8>, TarError> {
        let start = self.at;
        let mut text = Vec::new();
        self.read(size.min(MAX_SPECIAL + 1), Some(&mut text))?;
        if size > MAX_SPECIAL {
            return Err(TarError::FieldTooLong);
        }
        self.next = padded(start, size)?;
        Ok(text)
    }

    /// Reads content; what is not kept passes by.
    ///
    /// # Errors
    /// If the archive ends before.
    pub(super) fn read(&mut self, length: usize, mut keep: Option<&mut Vec<u8>>) -> Result<(), TarError> {
        let mut left = length;
        while left > 0 {
            let some = self.inflater.some(left);
            if some.is_empty() {
                return Err(self.ended());
            }
            left -= some.len();
            self.at += some.len();
            if let Some(keep) = &mut keep {
                keep.extend_from_slice(some);
            }
        }
        Ok(())
    }

    /// Why the archive ends in the middle of something.
    fn ended(&self) -> TarError {
        TarError::Read(self.inflater.error().map_or_else(|| "unexpected EOF".to_owned(), |e| e.to_string()))
    }

    /// The block of the next header; `None` where the archive ends before it.
    fn block(&mut self) -> Result<Option<[u8; BLOCK]>, TarError> {
        // The padding of the last file may be missing, its content not.
        if self.skip_to(self.next).is_err() && self.inflater.error().is_none() {
            return Ok(None);
        }
        let (read, block) = self.inflater.block();
        self.at += read;
        self.next = self.at;
        match read {
            BLOCK => Ok(Some(block)),
            0 if self.inflater.error().is_none() => Ok(None),
            _ => Err(self.ended()),
        }
    }

    fn header(&mut self) -> Result<Option<Header>, TarError> {
        let Some(block) = self.block()? else { return Ok(None) };
        if block != [0; BLOCK] {
            return Header::parse(&block).map(Some);
        }
        // Two blocks of zeros end an archive.
        match self.block()? {
            Some(second) if second != [0; BLOCK] => Err(TarError::Header),
            _ => Ok(None),
        }
    }
}

/// Where the next header is after content at `start`.
fn padded(start: usize, length: usize) -> Result<usize, TarError> {
    let padded = length.checked_next_multiple_of(BLOCK);
    padded.and_then(|l| start.checked_add(l)).ok_or(TarError::Header)
}

/// Whether entries of this type have no content, whatever size they state
/// (`isHeaderOnlyType`).
fn has_no_content(kind: u8) -> bool {
    matches!(kind, b'1'..=b'6')
}

/// What matters of a header.
struct Header {
    kind: u8,
    name: Vec<u8>,
    size: i64,
    mode_is_dir: bool,
}

impl Header {
    fn parse(block: &[u8; BLOCK]) -> Result<Header, TarError> {
        let stated = octal(&block[148..156])?;
        // Of bytes, or of signed ones; the checksum itself counts as spaces.
        let sum = |of: fn(&[u8]) -> i32| of(block) - of(&block[148..156]) + 8 * i32::from(b' ');
        let unsigned = sum(|bytes| bytes.iter().map(|&b| i32::from(b)).sum());
        if stated != i64::from(unsigned) {
            let signed = sum(|bytes| bytes.iter().map(|&b| i32::from(b as i8)).sum());
            if stated != i64::from(signed) {
                return Err(TarError::Header);
            }
        }
        let mut name = c_string(&block[..100]).to_vec();
        let size = numeric(&block[124..136])?;
        let mode = numeric(&block[100..108])?;
        for range in [108..116, 116..124, 136..148] {
            numeric(&block[range])?;
        }
        let ustar = &block[257..263] == b"ustar\0";
        let star = ustar && &block[508..512] == b"tar\0";
        let gnu = &block[257..265] == b"ustar  \0";
        if ustar || gnu {
            numeric(&block[329..337])?;
            numeric(&block[337..345])?;
        }
        let prefix = if star {
            numeric(&block[476..488])?;
            numeric(&block[488..500])?;
            c_string(&block[345..476])
        } else if ustar {
            c_string(&block[345..500])
        } else if gnu {
            gnu_prefix(block)
        } else {
            b""
        };
        if !prefix.is_empty() {
            name = [prefix, b"/", &name].concat();
        }
        Ok(Header { kind: block[156], name, size, mode_is_dir: mode & !0o7777 == 0o040000 })
    }

    /// The size, which must not be negative where there is content.
    fn size(&self) -> Result<usize, TarError> {
        if has_no_content(self.kind) {
            return Ok(0);
        }
        usize::try_from(self.size).map_err(|_| TarError::Header)
    }
}

/// Old versions of Go wrote a prefix where GNU has times: it is one if it is no
/// time but text.
fn gnu_prefix(block: &[u8; BLOCK]) -> &[u8] {
    let time = |field: &[u8]| field[0] == 0 || numeric(field).is_ok();
    if time(&block[345..357]) && time(&block[357..369]) {
        return b"";
    }
    let prefix = c_string(&block[345..500]);
    if prefix.is_ascii() { prefix } else { b"" }
}

/// Text up to a NUL.
fn c_string(field: &[u8]) -> &[u8] {
    field.split(|&b| b == 0).next().expect("a split has a first part")
}

/// A number in octal or, where the first bit is set, in base 256.
fn numeric(field: &[u8]) -> Result<i64, TarError> {
    let Some(&first) = field.first() else { return Ok(0) };
    if first & 0x80 == 0 {
        return octal(field);
    }
    let invert = if first & 0x40 != 0 { 0xff } else { 0 };
    let mut n: u64 = 0;
    for (i, b) in field.iter().enumerate() {
        let mut b = b ^ invert;
        if i == 0 {
            b &= 0x7f;
        }
        if n >> 56 != 0 {
            return Err(TarError::Header);
        }
        n = n << 8 | u64::from(b);
    }
    let n = i64::try_from(n).map_err(|_| TarError::Header)?;
    Ok(if invert == 0 { n } else { !n })
}

/// A number in octal: blanks before and behind it, or anything behind a NUL.
fn octal(field: &[u8]) -> Result<i64, TarError> {
    let blank = |b: &u8| matches!(b, b' ' | 0);
    let start = field.iter().position(|b| !blank(b)).unwrap_or(field.len());
    let mut n: u64 = 0;
    let mut rest = &field[start..];
    while let [digit @ b'0'..=b'7', behind @ ..] = rest {
        n = n.checked_mul(8).and_then(|n| n.checked_add(u64::from(digit - b'0'))).ok_or(TarError::Header)?;
        rest = behind;
    }
    match rest {
        [] | [0, ..] => Ok(n as i64),
        rest if rest.iter().all(blank) => Ok(n as i64),
        _ => Err(TarError::Header),
    }
}

/// The records of a PAX header, `None` where they are not of its form.
fn parse_pax(mut text: &[u8]) -> Option<Pax> {
    let mut pax = Pax::default();
    while !text.is_empty() {
        let space = text.iter().position(|&b| b == b' ')?;
        let length: usize = std::str::from_utf8(&text[..space]).ok()?.parse().ok()?;
        if length < 5 || length > text.len() || length <= space + 1 {
            return None;
        }
        let (record, rest) = text.split_at(length);
        text = rest;
        let record = record[space + 1..].strip_suffix(b"\n")?;
        let equals = record.iter().position(|&b| b == b'=')?;
        let (key, value) = (&record[..equals], &record[equals + 1..]);
        let is_text = matches!(key, b"path" | b"linkpath" | b"uname" | b"gname");
        if key.is_empty() || (if is_text { value } else { key }).contains(&0) {
            return None;
        }
        if key.starts_with(b"GNU.sparse.") {
            pax.sparse = true;
        }
        // An empty value leaves what the header says.
        let value_text = std::str::from_utf8(value).unwrap_or("-");
        match key {
            b"path" => pax.path = (!value.is_empty()).then(|| value.to_vec()),
            b"size" if value.is_empty() => pax.size = None,
            b"size" => match value_text.parse() {
                Ok(size) => pax.size = Some(size),
                Err(_) => pax.invalid = true,
            },
            b"uid" | b"gid" => pax.invalid |= !value.is_empty() && value_text.parse::<i64>().is_err(),
            b"atime" | b"mtime" | b"ctime" => pax.invalid |= !value.is_empty() && !is_time(value_text),
            _ => {}
        }
    }
    Some(pax)
}

/// Whether a text is seconds with or without a fraction.
fn is_time(text: &str) -> bool {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    seconds.parse::<i64>().is_ok() && fraction.bytes().all(|b| b.is_ascii_digit())
}
