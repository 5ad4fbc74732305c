//! Layouts: the elements of Go's reference time.

/// An element of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Elem {
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    Abbreviation,
    Offset(Offset),
    /// A fraction of the second of that many digits after the separator.
    Fraction {
        digits: usize,
        comma: bool,
        trim: bool,
    },
}

/// The forms of `-0700` and `Z07:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offset {
    /// Whether UTC is `Z`.
    pub(crate) z: bool,
    pub(crate) colon: bool,
    pub(crate) minutes: bool,
    pub(crate) seconds: bool,
}

/// A layout split at its first element.
pub(crate) struct Chunk<'a> {
    /// The text before it.
    pub(crate) prefix: &'a [u8],
    /// The element as written.
    pub(crate) text: &'a [u8],
    pub(crate) elem: Option<Elem>,
    /// The layout after it.
    pub(crate) rest: &'a [u8],
}

/// Finds the first element (`nextStdChunk`).
pub(crate) fn next_chunk(layout: &[u8]) -> Chunk<'_> {
    for (i, c) in layout.iter().enumerate() {
        if !c.is_ascii_alphanumeric() && !matches!(c, b'_' | b'-' | b'.' | b',') {
            continue;
        }
        let (prefix, at) = layout.split_at(i);
        let Some((elem, skip, len)) = elem_at(at) else { continue };
        // Of `_2006` the underscore is text.
        let (prefix, at) = if skip == 0 { (prefix, at) } else { layout.split_at(i + skip) };
        let (text, rest) = at.split_at(len);
        return Chunk { prefix, text, elem: Some(elem), rest };
    }
    Chunk { prefix: layout, text: &[], elem: None, rest: &[] }
}

/// The element at the start: how many bytes of text come first, how long it is.
fn elem_at(s: &[u8]) -> Option<(Elem, usize, usize)> {
    let elem = |elem, len| Some((elem, 0, len));
    let lower_next = |i: usize| s.get(i).is_some_and(u8::is_ascii_lowercase);
    match s {
        [b'J', b'a', b'n', b'u', b'a', b'r', b'y', ..] => elem(Elem::LongMonth, 7),
        [b'J', b'a', b'n', ..] if !lower_next(3) => elem(Elem::Month, 3),
        [b'M', b'o', b'n', b'd', b'a', b'y', ..] => elem(Elem::LongWeekday, 6),
        [b'M', b'o', b'n', ..] if !lower_next(3) => elem(Elem::Weekday, 3),
        [b'M', b'S', b'T', ..] => elem(Elem::Abbreviation, 3),
        [b'0', b'1', ..] => elem(Elem::ZeroMonth, 2),
        [b'0', b'2', ..] => elem(Elem::ZeroDay, 2),
        [b'0', b'3', ..] => elem(Elem::ZeroHour12, 2),
        [b'0', b'4', ..] => elem(Elem::ZeroMinute, 2),
        [b'0', b'5', ..] => elem(Elem::ZeroSecond, 2),
        [b'0', b'6', ..] => elem(Elem::Year, 2),
        [b'0', b'0', b'2', ..] => elem(Elem::ZeroYearDay, 3),
        [b'1', b'5', ..] => elem(Elem::Hour, 2),
        [b'1', ..] => elem(Elem::NumMonth, 1),
        [b'2', b'0', b'0', b'6', ..] => elem(Elem::LongYear, 4),
        [b'2', ..] => elem(Elem::Day, 1),
        [b'_', b'2', b'0', b'0', b'6', ..] => Some((Elem::LongYear, 1, 4)),
        [b'_', b'2', ..] => elem(Elem::UnderDay, 2),
        [b'_', b'_', b'2', ..] => elem(Elem::UnderYearDay, 3),
        [b'3', ..] => elem(Elem::Hour12, 1),
        [b'4', ..] => elem(Elem::Minute, 1),
        [b'5', ..] => elem(Elem::Second, 1),
        [b'P', b'M', ..] => elem(Elem::UpperPm, 2),
        [b'p', b'm', ..] => elem(Elem::LowerPm, 2),
        [sign @ (b'-' | b'Z'), b'0', b'7', tail @ ..] => {
            let (colon, minutes, seconds) = match tail {
                [b'0', b'0', b'0', b'0', ..] => (false, true, true),
                [b':', b'0', b'0', b':', b'0', b'0', ..] => (true, true, true),
                [b'0', b'0', ..] => (false, true, false),
                [b':', b'0', b'0', ..] => (true, true, false),
                _ => (false, false, false),
            };
            let pair = 2 + usize::from(colon);
            let len = 3 + pair * (usize::from(minutes) + usize::from(seconds));
            elem(Elem::Offset(Offset { z: *sign == b'Z', colon, minutes, seconds }), len)
        }
        [sep @ (b'.' | b','), digit @ (b'0' | b'9'), ..] => {
            let digits = s.iter().skip(1).take_while(|c| *c == digit).count();
            // More digits, and it is no fraction.
            if s.get(1 + digits).is_some_and(u8::is_ascii_digit) {
                return None;
            }
            // Go has twelve bits for their number.
            elem(Elem::Fraction { digits: digits & 0xfff, comma: *sep == b',', trim: *digit == b'9' }, 1 + digits)
        }
        _ => None,
    }
}
