//! What Helm calls.
#![allow(missing_docs, reason = "the macro of the export drops its docs")]
#![allow(clippy::disallowed_methods, reason = "the command has a clock and standard streams")]

use std::io::{self, Read, Write};
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use chartwright::api::{Meter, NativeEngine};
use extism_pdk::{Error, FnResult, WithReturnCode, plugin_fn};
use serde::Deserialize;

/// The most that is read from standard input, in bytes.
const MOST_INPUT: u64 = 64 << 20;

/// Helm's message to a plugin of type `cli/v1`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    #[serde(default)]
    extra_args: Option<Vec<String>>,
}

/// The instance's memory, and the time since the call began.
struct Instance;

impl Meter for Instance {
    fn memory(&self) -> usize {
        const PAGE: usize = 1 << 16;
        std::arch::wasm32::memory_size(0) * PAGE
    }
}

/// The command `helm chartwright`. Its output message is empty: Helm 4 ignores it.
#[plugin_fn]
pub fn helm_plugin_main(message: Vec<u8>) -> FnResult<String> {
    let message: Message = serde_json::from_slice(&message).map_err(|e| failure(format!("Helm's message: {e}")))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let args = message.extra_args.unwrap_or_default();
    let engine = NativeEngine::new(|| Rc::new(Instance));
    let outcome = crate::run(&args, &mut input, i64::try_from(now).unwrap_or(i64::MAX), &engine);
    io::stderr().lock().write_all(outcome.stderr.as_bytes()).ok();
    let mut stdout = io::stdout().lock();
    // Who closed standard output does not want the rest.
    stdout.write_all(&outcome.stdout).and_then(|()| stdout.flush()).ok();
    match outcome.failure {
        None => Ok("{}".to_owned()),
        Some(message) => Err(failure(message)),
    }
}

fn input() -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    io::stdin().lock().take(MOST_INPUT + 1).read_to_end(&mut text)?;
    if text.len() as u64 > MOST_INPUT {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("more than {MOST_INPUT} bytes")));
    }
    Ok(text)
}

/// A failure that Helm prints, and ends with exit code 1 for. A code without a
/// text would make Helm 4.2 panic.
fn failure(message: String) -> WithReturnCode<Error> {
    WithReturnCode::new(Error::msg(message), 1)
}
