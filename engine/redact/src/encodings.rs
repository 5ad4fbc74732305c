//! The forms in which a text occurs in other text.

use base64::Engine;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use govalue::sort::sort_by;

/// What is left of a text in base64 must have this length to be looked for as it is: shorter parts are found by
/// chance.
const SHORTEST_CORE: usize = 8;

/// Longer secrets are not looked for in the middle of base64, or not in base64 of base64, where they are not decoded
/// anyway: each form costs as many states as it has bytes.
const LONGEST_ONCE: usize = 1024;
const LONGEST_TWICE: usize = 64;

/// Longer secrets are not looked for in URLs.
const LONGEST_IN_URL: usize = 4096;

/// The forms of a secret that are looked for: as it is, escaped for URLs, and what its bytes look like in base64, once
/// and twice, wherever it begins there. What is quoted for JSON, YAML or HTML is found by its plain form.
pub(crate) fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![secret.to_vec()];
    if secret.len() <= LONGEST_IN_URL {
        for form in [url(secret, "%20", b""), url(secret, "+", b""), url(secret, "%20", b"$&+=:@")] {
            forms.push(form.lowercase());
            forms.push(form.0);
        }
    }
    let once = ALPHABETS.iter().filter(|_| secret.len() <= LONGEST_ONCE).flat_map(|alphabet| cores(secret, alphabet));
    let once: Vec<Vec<u8>> = once.collect();
    let short = once.iter().filter(|_| secret.len() <= LONGEST_TWICE);
    let twice = short.flat_map(|core| ALPHABETS.iter().flat_map(|alphabet| cores(core, alphabet)));
    let encoded: Vec<Vec<u8>> = twice.chain(once.iter().cloned()).filter(|c| c.len() >= SHORTEST_CORE).collect();
    forms.extend(encoded);
    sort_by(&mut forms, Vec::cmp);
    forms.dedup();
    forms
}

const ALPHABETS: [GeneralPurpose; 2] = [STANDARD_NO_PAD, URL_SAFE_NO_PAD];

/// What these bytes look like in base64 whatever precedes and follows them: three bytes become four letters, so
/// they may begin in three ways.
fn cores(bytes: &[u8], alphabet: &GeneralPurpose) -> Vec<Vec<u8>> {
    (0..3)
        .filter_map(|before| {
            let text = alphabet.encode([&vec![0; before], bytes].concat()).into_bytes();
            // Letters that carry bits of what is before or behind differ from text to text.
            let (start, end) = ((before * 8).div_ceil(6), (before + bytes.len()) * 8 / 6);
            text.get(start..end).map(<[u8]>::to_vec)
        })
        .collect()
}

/// Text in a URL.
struct InUrl(Vec<u8>);

/// As in a URL: in a query, or in a path.
fn url(bytes: &[u8], space: &str, plain: &[u8]) -> InUrl {
    let mut out = Vec::new();
    for &b in bytes {
        match b {
            b' ' => out.extend_from_slice(space.as_bytes()),
            b if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) || plain.contains(&b) => out.push(b),
            b => out.extend_from_slice(format!("%{b:02X}").as_bytes()),
        }
    }
    InUrl(out)
}

impl InUrl {
    /// The same with `%2f` in place of `%2F`.
    fn lowercase(&self) -> Vec<u8> {
        let mut out = self.0.clone();
        let mut at = 0;
        while at < out.len() {
            if out[at] == b'%' && at + 2 < out.len() {
                out[at + 1..at + 3].make_ascii_lowercase();
                at += 2;
            }
            at += 1;
        }
        out
    }
}
