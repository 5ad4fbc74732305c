//! Panics, told to the host.

use extism_pdk::Memory;

/// From now on the text of a panic is Extism's error. The instance traps after it.
pub(crate) fn tell_the_host() {
    std::panic::set_hook(Box::new(|info| {
        if let Ok(memory) = Memory::from_bytes(format!("panic: {info}")) {
            set_error(memory.offset());
        }
    }));
}

#[expect(unsafe_code, reason = "Extism's import has no safe form")]
fn set_error(offset: u64) {
    // SAFETY: the offset is that of a block of Extism's memory that is never freed.
    unsafe { extism_pdk::extism::error_set(offset) }
}
