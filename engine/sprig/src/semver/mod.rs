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

#[cfg(test)]
mod tests {
    use govalue::{Args, Value};

    use super::{parse, version};

    #[test]
    fn methods_see_the_version() {
        let pointer = version::pointer(&parse(b"v1.2.3-rc.1+b").unwrap_or_default());
        assert_eq!(pointer.ty().map(|t| t.to_string()).as_deref(), Some("*semver.Version"));
        let Value::Pointer(object) = &pointer else { panic!("a pointer") };
        for (name, arg, want) in [
            ("String", Value::Nil, "Str(\"1.2.3-rc.1+b\")"),
            ("Original", Value::Nil, "Str(\"v1.2.3-rc.1+b\")"),
            ("Prerelease", Value::Nil, "Str(\"rc.1\")"),
            ("Metadata", Value::Nil, "Str(\"b\")"),
            ("Compare", pointer.clone(), "Int(0)"),
            ("LessThan", version::pointer(&parse(b"1.2.3").unwrap_or_default()), "Bool(true)"),
            ("Equal", Value::Nil, "Bool(false)"),
        ] {
            let Some(method) = object.named().method(name) else { panic!("no method {name}") };
            let got = (method.call)(&pointer, &mut Args::new(&mut [arg]));
            assert_eq!(got.map(|v| format!("{v:?}")).ok().as_deref(), Some(want), "{name}");
        }
        let Some(method) = object.named().method("Compare") else { panic!("no method") };
        let got = (method.call)(&pointer, &mut Args::new(&mut [Value::Nil]));
        assert_eq!(
            got.err().map(|e| e.to_string()).as_deref(),
            Some("runtime error: invalid memory address or nil pointer dereference")
        );
    }
}
