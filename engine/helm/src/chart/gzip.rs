//! Gzip, inflated as far as it is read.

mod crc;

use flate2::{Decompress, FlushDecompress, Status};

pub(super) use self::crc::crc32;

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

/// Members of a gzip file on their way into one buffer.
pub(super) struct Inflater<'a> {
    input: &'a [u8],
    most: usize,
    out: Vec<u8>,
    state: State,
}

enum State {
    /// In a member, whose content starts there in the output.
    Member { inflate: Box<Decompress>, start: usize },
    /// All is read, or reading failed.
    Done(Option<GzipError>),
}

/// Deflate makes at most this many bytes of one.
const MAX_RATIO: usize = 1032;
/// What the buffer grows by at least.
const CHUNK: usize = 64 * 1024;

impl<'a> Inflater<'a> {
    /// Starts to inflate a file to at most `most` bytes.
    pub(super) fn new(file: &'a [u8], most: usize) -> Result<Inflater<'a>, GzipError> {
        let input = header(file)?;
        // The last four bytes are the length, if there is one member; a wrong
        // length costs no more than what the file can really hold.
        let length = file.last_chunk().map_or(0, |c| u32::from_le_bytes(*c) as usize);
        let capacity = length.min(most).min(file.len().saturating_mul(MAX_RATIO)).min(16 << 20);
        let state = State::Member { inflate: Box::new(Decompress::new(false)), start: 0 };
        Ok(Inflater { input, most, out: Vec::with_capacity(capacity), state })
    }

    /// The output so far, inflated up to `end` if it goes so far.
    pub(super) fn up_to(&mut self, end: usize) -> &[u8] {
        while self.out.len() < end {
            let State::Member { inflate, .. } = &mut self.state else { break };
            if self.out.len() >= self.most {
                self.state = State::Done(Some(GzipError::TooLarge));
                break;
            }
            if self.out.len() == self.out.capacity() {
                self.out.reserve(CHUNK.max(self.out.len() / 2));
            }
            let (read, written) = (inflate.total_in(), self.out.len());
            let status = inflate.decompress_vec(self.input, &mut self.out, FlushDecompress::None);
            let consumed = (inflate.total_in() - read) as usize;
            self.input = self.input.get(consumed..).unwrap_or_default();
            match status {
                Err(_) => self.state = State::Done(Some(GzipError::Corrupt(inflate.total_in()))),
                Ok(Status::StreamEnd) => self.end_member(),
                Ok(_) if consumed == 0 && self.out.len() == written => {
                    self.state = State::Done(Some(GzipError::UnexpectedEnd));
                }
                Ok(_) => {}
            }
        }
        &self.out
    }

    /// Checks a member that has ended, and goes on with the next.
    fn end_member(&mut self) {
        let State::Member { mut inflate, start } = std::mem::replace(&mut self.state, State::Done(None)) else {
            return;
        };
        let content = self.out.get(start..).unwrap_or_default();
        let Some((trailer, rest)) = self.input.split_at_checked(8) else {
            self.state = State::Done(Some(GzipError::UnexpectedEnd));
            return;
        };
        let trailer_of = [crc32(content).to_le_bytes(), (content.len() as u32).to_le_bytes()].concat();
        self.state = if trailer != trailer_of {
            State::Done(Some(GzipError::Checksum))
        } else {
            match header(rest) {
                Ok(input) => {
                    self.input = input;
                    inflate.reset(false);
                    State::Member { inflate, start: self.out.len() }
                }
                Err(GzipError::Empty) => State::Done(None),
                Err(e) => State::Done(Some(e)),
            }
        };
    }

    /// Why the output ends where it ends, if not because all is read.
    pub(super) fn error(&self) -> Option<GzipError> {
        match self.state {
            State::Done(error) => error,
            State::Member { .. } => None,
        }
    }

    /// The output, moved out.
    pub(super) fn into_output(self) -> Vec<u8> {
        self.out
    }
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
        if u16::from_le_bytes(*sum) != crc32(&file[..file.len() - rest.len()]) as u16 {
            return Err(GzipError::Header);
        }
        rest = after;
    }
    Ok(rest)
}
