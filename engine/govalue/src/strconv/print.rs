//! Which characters Go thinks printable.

/// Whether a character prints as itself when quoted (`strconv.IsPrint`).
pub fn is_print(c: char) -> bool {
    !c.is_control()
}
