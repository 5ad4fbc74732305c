//! Semantic versions (sprig: semver.go, `Masterminds/semver`).

mod version;

use gosemver::{Constraints, Version};
use govalue::{Args, Env, Func, FuncError, Value};

use crate::sig::{BOOL, ERROR, STRING};

/// The functions of this group.
pub(crate) const FUNCTIONS: &[Func] = &TABLE;

static TABLE: [Func; 2] = [
    Func::new("semver", &[STRING], &version::POINTER_OR_ERROR, semver),
    Func::new("semverCompare", &[STRING, STRING], &[BOOL, ERROR], semver_compare),
];

fn semver(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(version::pointer(&parse(args.bytes(0))?))
}

fn semver_compare(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let constraints = Constraints::parse(args.bytes(0)).map_err(|e| FuncError::new(e.to_string()))?;
    Ok(Value::Bool(constraints.check(&parse(args.bytes(1))?)))
}

fn parse(text: &[u8]) -> Result<Version, FuncError> {
    Version::parse(text).map_err(|e| FuncError::new(e.to_string()))
}
