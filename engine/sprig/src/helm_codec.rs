//! YAML, JSON and TOML in templates: Helm's functions (its pkg/engine/funcs.go)
//! and those of sprig's defaults.go that Helm leaves in place.

use govalue::{Args, Env, Func, FuncError, List, Value};
use goyaml::{json, toml, yaml};

use crate::sig::{ANY, DICT, ERROR, LIST, STRING};
use crate::support::charged;

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("fromJson", &[STRING], &[DICT], from_json),
    Func::new("fromJsonArray", &[STRING], &[LIST], from_json_array),
    Func::new("fromToml", &[STRING], &[DICT], from_toml),
    Func::new("fromYaml", &[STRING], &[DICT], from_yaml),
    Func::new("fromYamlArray", &[STRING], &[LIST], from_yaml_array),
    Func::new("mustFromJson", &[STRING], &[ANY, ERROR], must_from_json),
    Func::new("mustToJson", &[ANY], &[STRING], must_to_json),
    Func::new("mustToPrettyJson", &[ANY], &[STRING, ERROR], must_to_pretty_json),
    Func::new("mustToRawJson", &[ANY], &[STRING, ERROR], to_raw_json),
    Func::new("mustToToml", &[ANY], &[STRING], must_to_toml),
    Func::new("mustToYaml", &[ANY], &[STRING], must_to_yaml),
    Func::new("toJson", &[ANY], &[STRING], to_json),
    Func::new("toPrettyJson", &[ANY], &[STRING], to_pretty_json),
    Func::new("toRawJson", &[ANY], &[STRING], to_raw_json),
    Func::new("toToml", &[ANY], &[STRING], to_toml),
    Func::new("toYaml", &[ANY], &[STRING], to_yaml),
    Func::new("toYamlPretty", &[ANY], &[STRING], to_yaml_pretty),
];

/// What a template sees of text that could not be encoded: nothing, unless a
/// limit was exceeded.
fn or_nothing(env: &mut dyn Env, value: &Value, result: Result<Vec<u8>, FuncError>) -> Result<Vec<u8>, FuncError> {
    match result {
        Err(e) if e.kind() == govalue::FuncErrorKind::Plain => {
            charge_failed(env, value)?;
            Ok(Vec::new())
        }
        other => other,
    }
}

/// Charges for an encoding that failed: it may have been a lot of work before
/// that, and a template can try again and again.
fn charge_failed(env: &mut dyn Env, value: &Value) -> Result<(), FuncError> {
    let mut left = govalue::MAX_TEXT as u64;
    spend(value, govalue::MAX_DEPTH, &mut left);
    env.charge(govalue::MAX_TEXT as u64 - left)
}

/// Takes what a value takes to encode, about, from what is left.
fn spend(value: &Value, depth: usize, left: &mut u64) {
    let own = match value {
        Value::Str(s) | Value::Bytes(s) => s.len() as u64,
        _ => 1,
    };
    *left = left.saturating_sub(own);
    if depth == 0 || *left == 0 {
        return;
    }
    match value {
        Value::List(items) => {
            for item in items.iter() {
                spend(item, depth - 1, left);
                if *left == 0 {
                    return;
                }
            }
        }
        Value::Map(map) => {
            for (key, item) in map.entries() {
                *left = left.saturating_sub(key.len() as u64);
                spend(&item, depth - 1, left);
                if *left == 0 {
                    return;
                }
            }
        }
        _ => {}
    }
}

fn without_line_end(mut text: Vec<u8>) -> Vec<u8> {
    text.pop_if(|b| *b == b'\n');
    text
}

fn to_yaml(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let text = or_nothing(env, args.value(0), yaml::to_yaml(args.value(0)))?;
    charged(env, without_line_end(text))
}

fn must_to_yaml(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let text = yaml::to_yaml(args.value(0))?;
    charged(env, without_line_end(text))
}

fn to_yaml_pretty(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let text = or_nothing(env, args.value(0), yaml::to_yaml_pretty(args.value(0)))?;
    charged(env, without_line_end(text))
}

fn to_json(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let text = or_nothing(env, args.value(0), json::to_json(args.value(0), true))?;
    charged(env, text)
}

fn must_to_json(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    charged(env, json::to_json(args.value(0), true)?)
}

fn to_pretty_json(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let text = or_nothing(env, args.value(0), json::to_json_indent(args.value(0), "", "  "))?;
    charged(env, text)
}

fn must_to_pretty_json(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    charged(env, json::to_json_indent(args.value(0), "", "  ")?)
}

fn to_raw_json(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    charged(env, json::to_json(args.value(0), false)?)
}

/// As text the error itself, which Helm returns in place of the TOML; but nil
/// makes the encoder panic.
fn to_toml(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    if matches!(args.value(0), Value::Nil) {
        return must_to_toml(env, args);
    }
    match toml::to_toml(args.value(0)) {
        Err(e) if e.kind() == govalue::FuncErrorKind::Plain => {
            charge_failed(env, args.value(0))?;
            Ok(Value::from(e.message()))
        }
        text => charged(env, text?),
    }
}

fn must_to_toml(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    charged(env, toml::to_toml(args.value(0))?)
}

/// The map that Helm makes of an error.
fn error_map(message: String) -> Value {
    Value::Map([("Error", Value::from(message))].into_iter().collect())
}

/// The list that Helm makes of an error.
fn error_list(message: String) -> Value {
    Value::List(List::new(vec![Value::from(message)]))
}

fn from_yaml(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let s = args.bytes(0);
    env.charge(s.len() as u64)?;
    Ok(yaml::from_yaml_map(s).map_or_else(|e| error_map(e.to_string()), Value::Map))
}

fn from_yaml_array(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let s = args.bytes(0);
    env.charge(s.len() as u64)?;
    Ok(yaml::from_yaml_list(s).map_or_else(|e| error_list(e.to_string()), Value::List))
}

fn from_toml(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let s = args.bytes(0);
    env.charge(s.len() as u64)?;
    Ok(toml::from_toml(s).map_or_else(|e| error_map(e.to_string()), Value::Map))
}

/// Beside the error, the map holds what Go decoded in spite of it.
fn from_json(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let s = args.bytes(0);
    env.charge(s.len() as u64)?;
    Ok(json::from_json_map(s).map_or_else(
        |e| {
            let message = Value::from(e.to_string());
            match e.into_partial() {
                Some(Value::Map(map)) => {
                    map.insert("Error", message);
                    Value::Map(map)
                }
                _ => Value::Map([("Error", message)].into_iter().collect()),
            }
        },
        Value::Map,
    ))
}

fn from_json_array(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let s = args.bytes(0);
    env.charge(s.len() as u64)?;
    Ok(json::from_json_list(s).map_or_else(|e| error_list(e.to_string()), Value::List))
}

fn must_from_json(env: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let s = args.bytes(0);
    env.charge(s.len() as u64)?;
    json::from_json(s).map_err(|e| FuncError::new(e.to_string()))
}
