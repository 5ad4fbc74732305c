//! Digests of bytes, by the browser's own SHA-256.

use crate::load::Trouble;

/// Compares the digest of a file with the one that a catalog names; `""` names none.
///
/// # Errors
/// If they differ.
pub fn compare(found: &str, named: &str) -> Result<(), Trouble> {
    if named.is_empty() || found == named {
        return Ok(());
    }
    let what = "the file is not the one that the catalog names: its digest differs";
    Err(Trouble::new(what).hint("reload the page; the catalog may have changed"))
}

/// Lower-case hexadecimal digits of bytes.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(if n < 10 { b'0' + n } else { b'a' + n - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// `sha256:` and the digest of bytes. `None` where the browser has no digests: on pages over plain HTTP that are not
/// from this machine.
#[cfg(target_family = "wasm")]
pub async fn of(bytes: &[u8]) -> Option<String> {
    use wasm_bindgen_futures::JsFuture;
    let subtle = chartwright_kit::dom::window().crypto().ok()?.subtle();
    let digest = subtle.digest_with_str_and_u8_array("SHA-256", bytes).ok()?;
    let buffer = JsFuture::from(digest).await.ok()?;
    Some(format!("sha256:{}", hex(&js_sys::Uint8Array::new(&buffer).to_vec())))
}

#[cfg(test)]
mod tests {
    #[test]
    fn other_files_are_refused() {
        assert!(super::compare("sha256:aa", "sha256:aa").is_ok());
        assert!(super::compare("sha256:aa", "").is_ok());
        assert!(super::compare("sha256:aa", "sha256:bb").is_err());
    }

    #[test]
    fn digits_are_lower_case() {
        assert_eq!(super::hex(&[0, 0x9f, 0xff]), "009fff");
    }
}
