//! Gzip, inflated as far as it is read.

mod crc;

use std::ops::Range;

use flate2::{Decompress, FlushDecompress, Status};

pub(super) use self::crc::Crc32;

/// Why a stream cannot be inflated. `Display` is Go's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GzipError {
    /// Nothing is there.
    Empty,
    /// It ends too early.
    UnexpectedEnd,
    /// It is not gzip.
    Header,
    /// The checksum or the length does not fit.
    Checksum,
    /// The compressed data is damaged, near this offset.
    Corrupt(u64),
    /// It inflates to more than allowed.
    TooLarge,
}

impl std::fmt::Display for GzipError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            GzipError::Empty => f.write_str("EOF"),
            GzipError::UnexpectedEnd => f.write_str("unexpected EOF"),
            GzipError::Header => f.write_str("gzip: invalid header"),
            GzipError::Checksum => f.write_str("gzip: invalid checksum"),
            GzipError::Corrupt(offset) => write!(f, "flate: corrupt input before offset {offset}"),
            GzipError::TooLarge => f.write_str("archive inflates to more than is allowed"),
        }
    }
}

/// Members of a gzip file, inflated through a small buffer: most of an archive
/// passes by without ever taking memory of its own.
pub(super) struct Inflater<'a> {
    input: &'a [u8],
    most: usize,
    /// How much has been inflated so far.
    total: usize,
    buffer: Vec<u8>,
    /// What of the buffer is inflated and not taken yet.
    ready: Range<usize>,
    state: State<'a>,
}

enum State<'a> {
    /// In a member, whose compressed content starts there.
    Member { inflate: Box<Decompress>, content: &'a [u8] },
    /// A member has ended; its checksum is looked at only if more is wanted.
    Ended { inflate: Box<Decompress>, content: &'a [u8] },
    /// All is read, or reading failed.
    Done(Option<GzipError>),
}

/// Up to this length a file is inflated at once, where that is what its content comes to.
const WHOLE: usize = 5 << 18;
/// The most that is inflated ahead: it fits the processor's cache.
const BUFFER: usize = 128 * 1024;
/// The least, whatever the file says of its length.
const SMALL_BUFFER: usize = 16 * 1024;

impl<'a> Inflater<'a> {
    /// Starts to inflate a file to at most `most` bytes.
    pub(super) fn new(file: &'a [u8], most: usize) -> Result<Inflater<'a>, GzipError> {
        let input = header(file)?;
        let buffer = vec![0; stated_length(file).clamp(SMALL_BUFFER, BUFFER)];
        let state = State::Member { inflate: Box::new(Decompress::new(false)), content: input };
        Ok(Inflater { input, most, total: 0, buffer, ready: 0..0, state })
    }

    /// Inflates the first member of a small file at once: what is taken stays where it
    /// is ([`Inflater::into_whole`]). It ends in an error where the member ends, for
    /// nobody has looked at what is behind that.
    ///
    /// Nothing where the file is large, or is not what it says: to find out why is up
    /// to [`Inflater::new`].
    pub(super) fn whole(file: &'a [u8], most: usize) -> Option<Inflater<'a>> {
        let stated = stated_length(file);
        if stated > WHOLE.min(most) {
            return None;
        }
        let mut buffer = vec![0; stated];
        let fits = inflate_into(header(file).ok()?, &mut buffer);
        let state = State::Done(Some(GzipError::UnexpectedEnd));
        fits.then_some(Inflater { input: &[], most, total: stated, ready: 0..stated, buffer, state })
    }

    /// All that has been inflated, of one that inflates at once.
    pub(super) fn into_whole(self) -> Vec<u8> {
        self.buffer
    }

    /// How much has been inflated so far.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// Takes up to `n` bytes, as they come; none at the end only.
    pub(super) fn some(&mut self, n: usize) -> &[u8] {
        if self.ready.is_empty() && n > 0 {
            self.ready = 0..0;
            self.inflate();
        }
        let start = self.ready.start;
        self.ready.start += n.min(self.ready.len());
        &self.buffer[start..self.ready.start]
    }

    /// Takes as many bytes as the array has; fewer at the end.
    pub(super) fn block<const N: usize>(&mut self) -> (usize, [u8; N]) {
        let mut block = [0; N];
        let mut filled = 0;
        while filled < N {
            let some = self.some(N - filled);
            if some.is_empty() {
                break;
            }
            let next = filled + some.len();
            block[filled..next].copy_from_slice(some);
            filled = next;
        }
        (filled, block)
    }

    /// Inflates more, unless all is read or reading failed. The buffer is empty.
    fn inflate(&mut self) {
        while self.ready.is_empty() {
            match &mut self.state {
                State::Done(_) => return,
                State::Ended { .. } => self.next_member(),
                State::Member { inflate, .. } => {
                    let room = self.buffer.len().min(self.most - self.total);
                    if room == 0 {
                        self.state = State::Done(Some(GzipError::TooLarge));
                        return;
                    }
                    let (read, written) = (inflate.total_in(), inflate.total_out());
                    let place = &mut self.buffer[..room];
                    let status = inflate.decompress(self.input, place, FlushDecompress::None);
                    let consumed = (inflate.total_in() - read) as usize;
                    let made = (inflate.total_out() - written) as usize;
                    self.input = &self.input[consumed..];
                    self.ready = 0..made;
                    self.total += made;
                    match status {
                        Err(_) => self.state = State::Done(Some(GzipError::Corrupt(inflate.total_in()))),
                        Ok(Status::StreamEnd) => self.end_member(),
                        Ok(_) if consumed == 0 && made == 0 => {
                            self.state = State::Done(Some(GzipError::UnexpectedEnd));
                        }
                        Ok(_) => {}
                    }
                }
            }
        }
    }

    fn end_member(&mut self) {
        match std::mem::replace(&mut self.state, State::Done(None)) {
            State::Member { inflate, content } => self.state = State::Ended { inflate, content },
            _ => unreachable!("only a member that is being read ends"),
        }
    }

    /// Checks the member that has ended, and goes on with the next. Archives
    /// end before their members do, as a rule: few checksums are ever needed.
    fn next_member(&mut self) {
        let State::Ended { mut inflate, content } = std::mem::replace(&mut self.state, State::Done(None)) else {
            unreachable!("the next member comes after one that has ended");
        };
        let Some((trailer, rest)) = self.input.split_at_checked(8) else {
            self.state = State::Done(Some(GzipError::UnexpectedEnd));
            return;
        };
        let (sum, length) = self.checksum(&mut inflate, content);
        self.state = if trailer != [sum.to_le_bytes(), length.to_le_bytes()].concat() {
            State::Done(Some(GzipError::Checksum))
        } else {
            match header(rest) {
                Ok(input) => {
                    self.input = input;
                    inflate.reset(false);
                    State::Member { inflate, content: input }
                }
                Err(GzipError::Empty) => State::Done(None),
                Err(e) => State::Done(Some(e)),
            }
        };
    }

    /// Checksum and length of a member that has been inflated before.
    fn checksum(&mut self, inflate: &mut Decompress, mut content: &[u8]) -> (u32, u32) {
        inflate.reset(false);
        let mut sum = Crc32::default();
        loop {
            let (read, written) = (inflate.total_in(), inflate.total_out());
            let status = inflate.decompress(content, &mut self.buffer, FlushDecompress::None);
            let made = (inflate.total_out() - written) as usize;
            sum.update(&self.buffer[..made]);
            content = &content[(inflate.total_in() - read) as usize..];
            if !matches!(status, Ok(Status::Ok)) {
                return (sum.sum(), inflate.total_out() as u32);
            }
        }
    }

    /// Why the output ends where it ends, if not because all is read.
    pub(super) fn error(&self) -> Option<GzipError> {
        match self.state {
            State::Done(error) => error,
            State::Member { .. } | State::Ended { .. } => None,
        }
    }
}

/// Inflates all of a member's content; whether it has exactly that length.
#[cfg(feature = "libdeflate")]
fn inflate_into(content: &[u8], buffer: &mut [u8]) -> bool {
    let length = buffer.len();
    libdeflater::Decompressor::new().deflate_decompress(content, buffer).is_ok_and(|made| made == length)
}

/// Inflates all of a member's content; whether it has exactly that length.
#[cfg(not(feature = "libdeflate"))]
fn inflate_into(content: &[u8], buffer: &mut [u8]) -> bool {
    let mut inflate = Decompress::new(false);
    let status = inflate.decompress(content, buffer, FlushDecompress::Finish);
    matches!(status, Ok(Status::StreamEnd)) && inflate.total_out() == buffer.len() as u64
}

/// How long a file of one member says that its content is; nothing to rely on.
pub(super) fn stated_length(file: &[u8]) -> usize {
    file.last_chunk().map_or(0, |c| u32::from_le_bytes(*c) as usize)
}

/// Skips the header of a member (RFC 1952).
fn header(file: &[u8]) -> Result<&[u8], GzipError> {
    const CRC: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    let Some((fixed, mut rest)) = file.split_at_checked(10) else {
        return Err(if file.is_empty() { GzipError::Empty } else { GzipError::UnexpectedEnd });
    };
    if fixed[..3] != [0x1f, 0x8b, 8] {
        return Err(GzipError::Header);
    }
    let flags = fixed[3];
    if flags & EXTRA != 0 {
        let (length, after) = rest.split_first_chunk().ok_or(GzipError::UnexpectedEnd)?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..).ok_or(GzipError::UnexpectedEnd)?;
    }
    for flag in [NAME, COMMENT] {
        if flags & flag != 0 {
            // Go reads at most 512 bytes of a text.
            let end = match rest.iter().take(512).position(|&b| b == 0) {
                Some(end) => end,
                None if rest.len() >= 512 => return Err(GzipError::Header),
                None => return Err(GzipError::UnexpectedEnd),
            };
            rest = &rest[end + 1..];
        }
    }
    if flags & CRC != 0 {
        let (sum, after) = rest.split_first_chunk().ok_or(GzipError::UnexpectedEnd)?;
        if u16::from_le_bytes(*sum) != Crc32::of(&file[..file.len() - rest.len()]) as u16 {
            return Err(GzipError::Header);
        }
        rest = after;
    }
    Ok(rest)
}
