//! The functions that need a render: `include`, `tpl`, `required`, `fail`, `lookup`.

use std::sync::OnceLock;

use gotemplate::{FuncMap, Machine, Nested, Reply, Target};
use govalue::{Args, FuncError, Map, Signature, Str, Type, Value};

use super::error::{WARN_END, WARN_START};
use super::host::RenderHost;
use super::world::LookupQuery;
use super::{ROOT, find, without_no_value};

/// All functions of Helm's templates.
pub(super) fn func_map() -> &'static FuncMap {
    static FUNCS: OnceLock<FuncMap> = OnceLock::new();
    FUNCS.get_or_init(|| {
        let mut funcs = text_func_map().clone();
        const TEXT: &[Type] = &[Type::String, Type::Error];
        const ANY: &[Type] = &[Type::Any, Type::Error];
        const NAME_AND_DATA: &[Type] = &[Type::String, Type::Any];
        const FOUR_STRINGS: &[Type] = &[Type::String, Type::String, Type::String, Type::String];
        funcs
            .add_machine("include", Signature::new(NAME_AND_DATA, TEXT), include)
            .add_machine("tpl", Signature::new(NAME_AND_DATA, TEXT), tpl)
            .add_machine("required", Signature::new(NAME_AND_DATA, ANY), required)
            .add_machine("fail", Signature::new(&[Type::String], TEXT), fail)
            .add_machine("lookup", Signature::new(FOUR_STRINGS, &[Type::ANY_MAP, Type::Error]), lookup);
        funcs
    })
}

/// The functions that need no chart.
pub(super) fn text_func_map() -> &'static FuncMap {
    static FUNCS: OnceLock<FuncMap> = OnceLock::new();
    FUNCS.get_or_init(|| {
        let mut funcs = FuncMap::new();
        for group in sprig::FUNCTIONS {
            funcs.add(group);
        }
        funcs
    })
}

/// The names of all functions beside those of `text/template` itself, sorted.
pub fn function_names() -> Vec<&'static str> {
    func_map().names().collect()
}

/// The render that a machine belongs to.
pub(super) fn host<'m>(machine: &'m mut Machine<'_>) -> Result<&'m mut RenderHost, FuncError> {
    machine.host().as_any().downcast_mut().ok_or_else(|| FuncError::new("no render"))
}

fn include(machine: &mut Machine<'_>, args: &mut Args<'_>) -> Result<Reply, FuncError> {
    let name = args.str(0);
    if !host(machine)?.includes.enter(name.clone()) {
        return Err(FuncError::new(format!(
            "rendering template has a nested reference name: {name}: unable to execute template"
        )));
    }
    Ok(Reply::Run(Box::new(Nested {
        target: Target::Name(name),
        data: args.take(1),
        set: None,
        state: Value::Nil,
        done: |machine, _, output| {
            host(machine)?.includes.leave();
            Ok(Value::Str(Str::from(output)))
        },
        failed: |machine, _| {
            if let Ok(host) = host(machine) {
                host.includes.leave();
            }
            String::new()
        },
    })))
}

fn tpl(machine: &mut Machine<'_>, args: &mut Args<'_>) -> Result<Reply, FuncError> {
    let text = args.str(0);
    if find(&text, b"{{").is_none() {
        return Ok(Reply::Value(if find(&text, b"<no value>").is_some() {
            Value::from(without_no_value(text.to_vec()))
        } else {
            Value::Str(text)
        }));
    }
    let funcs = machine.funcs();
    let file = host(machine)?
        .programs
        .snippet(ROOT, &text, funcs)
        .map_err(|e| FuncError::new(format!("cannot parse template {}: {e}", govalue::strconv::quote(&text))))?;
    let mut set = machine.set().clone();
    set.add(&file);
    Ok(Reply::Run(Box::new(Nested {
        target: Target::File(file),
        data: args.take(1),
        set: Some(set),
        state: Value::Str(text),
        done: |_, _, output| {
            Ok(if find(output, b"<no value>").is_some() {
                Value::from(without_no_value(output.to_vec()))
            } else {
                Value::Str(Str::from(output))
            })
        },
        failed: |_, text| {
            let text = if let Value::Str(s) = text { s } else { Str::EMPTY };
            format!("error during tpl function execution for {}: ", govalue::strconv::quote(&text))
        },
    })))
}

fn required(_: &mut Machine<'_>, args: &mut Args<'_>) -> Result<Reply, FuncError> {
    match args.take(1) {
        Value::Nil => Err(warning(args.bytes(0))),
        Value::Str(s) if s.is_empty() => Err(warning(args.bytes(0))),
        value => Ok(Reply::Value(value)),
    }
}

fn fail(_: &mut Machine<'_>, args: &mut Args<'_>) -> Result<Reply, FuncError> {
    Err(warning(args.bytes(0)))
}

/// A message of the chart's author, marked so that it is found in what is wrapped around it.
fn warning(message: &[u8]) -> FuncError {
    FuncError::new(format!("{WARN_START}{}{WARN_END}", String::from_utf8_lossy(message)))
}

fn lookup(machine: &mut Machine<'_>, args: &mut Args<'_>) -> Result<Reply, FuncError> {
    let query = LookupQuery { api_version: args.str(0), kind: args.str(1), namespace: args.str(2), name: args.str(3) };
    Ok(Reply::Value(match host(machine)?.lookup(query)? {
        Value::Map(m) => Value::Map(m),
        _ => Value::Map(Map::new()),
    }))
}
