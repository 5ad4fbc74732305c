//! Icons: pictures of a known kind, and small ones.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The most bytes of an icon.
pub(crate) const MOST_BYTES: u64 = 256 << 10;

/// The names of an icon beside a descriptor or in a chart.
pub(crate) const NAMES: [&str; 6] = ["icon.svg", "icon.png", "icon.webp", "icon.jpg", "icon.jpeg", "icon.gif"];

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Icon {
    pub(crate) data: Vec<u8>,
    /// The end of its file's name.
    pub(crate) suffix: &'static str,
}

/// Why a file is not taken for an icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IconError {
    #[error("the icon is larger than 256 KiB")]
    TooLarge,
    #[error("the icon is not an SVG, PNG, JPEG, GIF or WebP picture")]
    Kind,
    #[error("the icon is an SVG picture with scripts, or with references to other files")]
    Active,
    #[error("the icon's data: URL cannot be read")]
    Data,
}

impl Icon {
    /// Takes a picture by what its bytes say that it is; its name says nothing.
    pub(crate) fn of(data: Vec<u8>) -> Result<Icon, IconError> {
        if data.len() as u64 > MOST_BYTES {
            return Err(IconError::TooLarge);
        }
        let suffix = match data.as_slice() {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "png",
            [0xff, 0xd8, 0xff, ..] => "jpg",
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "gif",
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "webp",
            _ => {
                svg(&data)?;
                "svg"
            }
        };
        Ok(Icon { data, suffix })
    }

    /// The picture in a `data:` URL.
    pub(crate) fn of_url(url: &str) -> Result<Icon, IconError> {
        let (head, data) = url.strip_prefix("data:").and_then(|rest| rest.split_once(',')).ok_or(IconError::Data)?;
        if !head.to_ascii_lowercase().starts_with("image/") {
            return Err(IconError::Kind);
        }
        let data = match head.to_ascii_lowercase().ends_with(";base64") {
            true => STANDARD.decode(data.trim()).map_err(|_| IconError::Data)?,
            false => percent_decoded(data),
        };
        Icon::of(data)
    }
}

/// Whether a text is an SVG picture that does nothing. In an `<img>` no picture does anything; but a catalog's files can
/// be opened by themselves, from any server.
fn svg(data: &[u8]) -> Result<(), IconError> {
    let text = std::str::from_utf8(data).map_err(|_| IconError::Kind)?;
    let text = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    if !(text.starts_with("<svg") || text.starts_with("<?xml") || text.starts_with("<!--")) || !text.contains("<svg") {
        return Err(IconError::Kind);
    }
    const ACTIVE: [&str; 9] = [
        "<script",
        "<foreignobject",
        "<iframe",
        "<!entity",
        "<!doctype",
        "javascript:",
        "<?xml-stylesheet",
        "@import",
        ":script",
    ];
    if ACTIVE.iter().any(|sign| text.contains(sign)) || has_handler(&text) || refers_elsewhere(&text) {
        return Err(IconError::Active);
    }
    Ok(())
}

/// Whether a tag has an attribute such as `onload`.
fn has_handler(text: &str) -> bool {
    text.split('<').skip(1).any(|tag| {
        let tag = tag.split('>').next().unwrap_or_default();
        tag.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/')).any(|word| {
            word.starts_with("on")
                && word
                    .split('=')
                    .next()
                    .is_some_and(|name| name.len() > 2 && name.bytes().all(|c| c.is_ascii_alphabetic()))
                && (word.contains('=') || tag.contains(&format!("{word} =")))
        })
    })
}

/// Whether a picture refers to anything but parts of itself and `data:` pictures.
fn refers_elsewhere(text: &str) -> bool {
    let after = |sign: &'static str| text.split(sign).skip(1).map(|rest| rest.trim_start());
    let hrefs = after("href=").chain(after("src=")).map(|rest| rest.trim_start_matches(['"', '\'']));
    let urls = after("url(").map(|rest| rest.trim_start_matches(['"', '\'']));
    hrefs.chain(urls).any(|target| !target.starts_with('#') && !target.starts_with("data:image/"))
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let digit = |byte: u8| char::from(byte).to_digit(16);
        match (first, after) {
            (b'%', [high, low, behind @ ..]) if digit(*high).is_some() && digit(*low).is_some() => {
                let value = digit(*high).unwrap_or_default() * 16 + digit(*low).unwrap_or_default();
                bytes.push(u8::try_from(value).unwrap_or_default());
                rest = behind;
            }
            _ => bytes.push(*first),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_their_bytes() {
        for (data, want) in [
            (&b"\x89PNG\r\n\x1a\n..."[..], Ok("png")),
            (b"\xff\xd8\xff\xe0", Ok("jpg")),
            (b"GIF89a", Ok("gif")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Ok("webp")),
            (b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>", Ok("svg")),
            (b"<?xml version='1.0'?>\n<svg><use href='#a'/><rect fill='url(#b)'/></svg>", Ok("svg")),
            (b"<svg><image href='data:image/png;base64,AA'/></svg>", Ok("svg")),
            (b"<svg><text>on the way = far</text></svg>", Ok("svg")),
            (b"<svg><script>alert(1)</script></svg>", Err(IconError::Active)),
            (b"<svg onload=\"alert(1)\"/>", Err(IconError::Active)),
            (b"<svg OnLoad = 'alert(1)'/>", Err(IconError::Active)),
            (b"<svg/onload=alert(1)>", Err(IconError::Active)),
            (b"<svg><a href='javascript:alert(1)'/></svg>", Err(IconError::Active)),
            (b"<svg><a xlink:href=' https://example.org'/></svg>", Err(IconError::Active)),
            (b"<svg><foreignObject/></svg>", Err(IconError::Active)),
            (b"<!-- --><!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", Err(IconError::Active)),
            (b"<svg><style>@import 'x';</style></svg>", Err(IconError::Active)),
            (b"<svg><rect fill='url(https://example.org/x.svg#a)'/></svg>", Err(IconError::Active)),
            (b"<html><svg/></html>", Err(IconError::Kind)),
            (b"", Err(IconError::Kind)),
            (b"\0\0\x01\0", Err(IconError::Kind)),
        ] {
            let got = Icon::of(data.to_vec()).map(|icon| icon.suffix);
            assert_eq!(got, want, "{}", String::from_utf8_lossy(data));
        }
        assert_eq!(Icon::of(vec![b' '; 300 << 10]), Err(IconError::TooLarge));
    }

    #[test]
    fn pictures_in_addresses() {
        for (url, want) in [
            ("data:image/svg+xml;base64,PHN2Zy8+", Ok("svg")),
            ("data:image/svg+xml,%3Csvg/%3E", Ok("svg")),
            ("data:image/svg+xml;base64,!", Err(IconError::Data)),
            ("data:text/html,<svg/>", Err(IconError::Kind)),
            ("data:image/png", Err(IconError::Data)),
            ("https://example.org/icon.png", Err(IconError::Data)),
        ] {
            assert_eq!(Icon::of_url(url).map(|icon| icon.suffix), want, "{url}");
        }
    }
}
