//! `reflect.DeepEqual`.

use crate::value::Value;

/// Whether two values are deeply equal, types included (`reflect.DeepEqual`).
///
/// Values that contain themselves compare as far as they differ; nesting
/// beyond any honest depth counts as a difference.
pub fn deep_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => a == b,
        _ => false,
    }
}
