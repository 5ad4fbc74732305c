//! Conditions in CEL.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use cel::common::ast::{EntryExpr, Expr};
use cel::objects::Key;
use cel::{Context, ExecutionError, IdedExpr, ParseErrors, Program, Value};
use contract::ObjectOut;
use serde_json::Value as Json;

/// A condition. It sees `object` (the manifest), `component`, `release` (`name` and `namespace` of the HelmRelease that
/// deploys the object; empty texts without one) and `level`.
#[derive(Clone)]
pub struct Expression {
    source: Arc<str>,
    program: Arc<Program>,
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.source).finish()
    }
}

/// The longest expression. What parses it takes a multiple of its length in memory.
const LONGEST: usize = 16 << 10;

/// What expressions see.
const VARIABLES: [&str; 4] = ["object", "component", "release", "level"];

/// Types, which are values in CEL: `type(object.x) == string`.
const TYPES: [&str; 10] = ["bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"];

/// Names that are neither there nor bound by a macro such as `all(name, …)`.
fn add_unknown<'e>(of: &'e IdedExpr, bound: &mut Vec<&'e str>, unknown: &mut Vec<&'e str>) {
    match &of.expr {
        Expr::Unspecified | Expr::Literal(_) => {}
        Expr::Ident(name) => {
            let is_in = |names: &[&str]| names.contains(&name.as_str());
            if !is_in(&VARIABLES) && !is_in(&TYPES) && !is_in(bound) {
                unknown.push(name);
            }
        }
        Expr::Call(call) => {
            call.target.iter().for_each(|target| add_unknown(target, bound, unknown));
            call.args.iter().for_each(|argument| add_unknown(argument, bound, unknown));
        }
        Expr::Comprehension(all) => {
            [&all.iter_range, &all.accu_init].into_iter().for_each(|outer| add_unknown(outer, bound, unknown));
            let before = bound.len();
            bound.extend([&*all.iter_var, &*all.accu_var]);
            bound.extend(all.iter_var2.as_deref());
            [&all.loop_cond, &all.loop_step, &all.result]
                .into_iter()
                .for_each(|inner| add_unknown(inner, bound, unknown));
            bound.truncate(before);
        }
        Expr::List(list) => list.elements.iter().for_each(|item| add_unknown(item, bound, unknown)),
        Expr::Map(map) => map.entries.iter().for_each(|entry| add_unknown_of_entry(&entry.expr, bound, unknown)),
        Expr::Struct(of) => of.entries.iter().for_each(|entry| add_unknown_of_entry(&entry.expr, bound, unknown)),
        Expr::Select(select) => add_unknown(&select.operand, bound, unknown),
    }
}

fn add_unknown_of_entry<'e>(entry: &'e EntryExpr, bound: &mut Vec<&'e str>, unknown: &mut Vec<&'e str>) {
    match entry {
        EntryExpr::StructField(field) => add_unknown(&field.value, bound, unknown),
        EntryExpr::MapEntry(entry) => {
            add_unknown(&entry.key, bound, unknown);
            add_unknown(&entry.value, bound, unknown);
        }
    }
}

impl Expression {
    /// Reads an expression.
    pub(crate) fn read(source: &str) -> Result<Expression, String> {
        if source.len() > LONGEST {
            return Err(format!("it has more than {LONGEST} bytes"));
        }
        let program = Program::compile(source).map_err(|errors: ParseErrors| one_line(&errors.to_string()))?;
        let mut unknown = Vec::new();
        add_unknown(program.expression(), &mut Vec::new(), &mut unknown);
        if let Some(name) = unknown.first() {
            return Err(format!("unknown name {name}: an expression sees {}", VARIABLES.join(", ")));
        }
        Ok(Expression { source: source.into(), program: Arc::new(program) })
    }

    /// As it is written.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Whether an object meets it; why nobody can tell, if it fails.
    pub(crate) fn holds(&self, out: &ObjectOut, object: &Json) -> Result<bool, String> {
        let mut context = Context::default();
        let (namespace, name) =
            out.helm_release.as_deref().and_then(|release| release.split_once('/')).unwrap_or_default();
        let release =
            HashMap::from([("name".to_owned(), Value::from(name)), ("namespace".to_owned(), Value::from(namespace))]);
        context.add_variable_from_value("object", value(object));
        context.add_variable_from_value("component", out.component.clone().unwrap_or_default());
        context.add_variable_from_value("release", release);
        context.add_variable_from_value("level", i64::from(out.level));
        match self.program.execute(&context) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(other) => Err(format!("the expression gives {}, not true or false", other.type_of())),
            Err(error) => Err(said(&error)),
        }
    }
}

/// What an expression failed with; values, which may be secret, stay away.
fn said(error: &ExecutionError) -> String {
    match error {
        ExecutionError::NoSuchKey(key) => format!("the expression asks for {key}, which the object does not have"),
        ExecutionError::NoSuchOverload(error) => format!("the expression cannot be evaluated: {error}"),
        ExecutionError::UndeclaredReference(name) => format!("the expression uses {name}, which does not exist"),
        ExecutionError::FunctionError { function, .. } => format!("the expression fails in {function}"),
        ExecutionError::IndexOutOfBounds(_) => "the expression asks for an item that a list does not have".to_owned(),
        _ => "the expression does not fit the types of the object's fields".to_owned(),
    }
}

/// The first line of a parser's report.
fn one_line(report: &str) -> String {
    let line = report.lines().next().unwrap_or_default();
    line.trim_start_matches("ERROR: ").trim_start_matches("<input>:").trim().to_owned()
}

/// JSON as CEL has it. Whole numbers are `int`, as in Kubernetes' own rules.
fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(bool) => Value::Bool(*bool),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(int), _) => Value::Int(int),
            (None, Some(float)) if float.fract() == 0.0 && float.abs() < 9e15 => Value::Int(float as i64),
            (None, float) => Value::Float(float.unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::from(items.iter().map(value).collect::<Vec<_>>()),
        Json::Object(map) => {
            let entries = map.iter().map(|(key, item)| (Key::from(key.as_str()), value(item)));
            Value::from(entries.collect::<HashMap<Key, Value>>())
        }
    }
}
