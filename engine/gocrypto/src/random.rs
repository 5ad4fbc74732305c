//! The host's randomness, as RustCrypto asks for it.

use govalue::{Env, FuncError};
use rand_core::{TryCryptoRng, TryRng};

/// What charging for a draw comes to; a source that gives always the same must
/// not hang.
const UNITS: u64 = 1_000;

/// Random bytes of the host.
pub(crate) struct Source<'a>(pub(crate) &'a mut dyn Env);

impl TryRng for Source<'_> {
    type Error = FuncError;

    fn try_next_u32(&mut self) -> Result<u32, FuncError> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, FuncError> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), FuncError> {
        self.0.charge(UNITS)?;
        self.0.random(bytes)
    }
}

impl TryCryptoRng for Source<'_> {}
