//! Which compression a browser accepts.

/// A compression, the better first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// All of them, the better first.
    pub(crate) const ALL: [Encoding; 2] = [Encoding::Brotli, Encoding::Gzip];

    /// The word of `Content-Encoding`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Encoding::Brotli => "br",
            Encoding::Gzip => "gzip",
        }
    }

    /// The end of the name of a compressed copy.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Encoding::Brotli => ".br",
            Encoding::Gzip => ".gz",
        }
    }

    /// Whether `Accept-Encoding` allows it (RFC 9110, 12.5.3).
    pub(crate) fn is_accepted(self, accept: &str) -> bool {
        let mut any = false;
        for item in accept.split(',') {
            let mut parts = item.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            // A weight that is no number is taken for none at all.
            let wanted = quality.is_none_or(|q| q.trim().parse::<f32>().is_ok_and(|q| q > 0.0));
            if name.eq_ignore_ascii_case(self.word()) || self == Encoding::Gzip && name.eq_ignore_ascii_case("x-gzip") {
                return wanted;
            }
            any |= name == "*" && wanted;
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_accepted() {
        for (accept, want) in [
            ("gzip, deflate, br, zstd", "br gzip"),
            ("gzip", "gzip"),
            ("x-gzip", "gzip"),
            ("br;q=0, gzip;q=0.5", "gzip"),
            ("BR", "br"),
            ("*", "br gzip"),
            ("*;q=0", ""),
            ("gzip;q=0, *", "br"),
            ("br;q=x", ""),
            ("identity", ""),
            ("", ""),
        ] {
            let accepted = Encoding::ALL.into_iter().filter(|encoding| encoding.is_accepted(accept));
            assert_eq!(accepted.map(Encoding::word).collect::<Vec<_>>().join(" "), want, "{accept}");
        }
    }
}
