//! The filters, tests and functions of Jinja that skeletons have.
//!
//! minijinja brings them too, each with a wrapper for the types of its arguments: in WebAssembly that is four times as
//! much code. These all take their arguments in one way, and a test compares what they make with what minijinja's
//! make.

use std::borrow::Cow;
use std::cmp::Ordering;

use govalue::sort::sort_by;
use minijinja::value::{Kwargs, Rest, ValueKind, ValueOrKwargs, from_args};
use minijinja::{Environment, Error, ErrorKind, State, Value};

/// The most numbers of a `range`.
const MOST_NUMBERS: i64 = 100_000;

/// What a filter, a test or a function is called with.
pub(super) struct Args<'a> {
    /// The value before the bar, then what stands between the parentheses.
    values: &'a [Value],
    named: &'a Kwargs,
}

/// What a template calls by its name.
pub(super) struct Named {
    name: &'static str,
    /// The least and the most arguments that it takes, its subject among them.
    takes: (usize, usize),
    run: fn(&Args<'_>) -> Result<Value, Error>,
}

impl Named {
    /// A filter, a test or a function of that name.
    pub(super) const fn new(
        name: &'static str,
        takes: (usize, usize),
        run: fn(&Args<'_>) -> Result<Value, Error>,
    ) -> Named {
        Named { name, takes, run }
    }

    fn call(&self, values: &[Value]) -> Result<Value, Error> {
        let (values, named): (&[Value], Kwargs) = from_args(values)?;
        let (least, most) = self.takes;
        if values.len() < least {
            return Err(ErrorKind::MissingArgument.into());
        }
        if values.len() > most {
            return Err(ErrorKind::TooManyArguments.into());
        }
        let made = (self.run)(&Args { values, named: &named })?;
        named.assert_all_used()?;
        Ok(made)
    }

    fn find(table: &'static [&'static [Named]], name: &str) -> Option<&'static Named> {
        table.iter().copied().flatten().find(|n| n.name == name)
    }
}

/// Adds everything to an environment.
pub(super) fn add(env: &mut Environment<'_>) {
    for filter in FILTERS.iter().copied().flatten() {
        let run = |_: &mut State<'_, '_>, args: Rest<ValueOrKwargs>| filter.call(&args.into_values());
        env.add_filter(filter.name, run);
    }
    for test in TESTS.iter().copied().flatten() {
        let run = |_: &mut State<'_, '_>, args: Rest<ValueOrKwargs>| test.call(&args.into_values());
        env.add_test(test.name, run);
    }
    let run = |_: &mut State<'_, '_>, args: Rest<ValueOrKwargs>| RANGE.call(&args.into_values());
    env.add_function(RANGE.name, run);
}

const FILTERS: &[&[Named]] = &[
    &[
        Named::new("count", (1, 1), length),
        Named::new("d", (1, 3), default),
        Named::new("default", (1, 3), default),
        Named::new("first", (1, 1), |args| Ok(args.list()?.into_iter().next().unwrap_or_default())),
        Named::new("items", (1, 1), items),
        Named::new("join", (1, 3), join),
        Named::new("last", (1, 1), |args| Ok(args.list()?.pop().unwrap_or_default())),
        Named::new("length", (1, 1), length),
        Named::new("list", (1, 1), |args| args.list().map(Value::from)),
        Named::new("lower", (1, 1), |args| Ok(args.text(0)?.to_lowercase().into())),
        Named::new("map", (1, usize::MAX), map),
        Named::new("reject", (1, usize::MAX), |args| select(args, false, false)),
        Named::new("rejectattr", (2, usize::MAX), |args| select(args, true, false)),
        Named::new("replace", (3, 3), |args| Ok(args.text(0)?.replace(&*args.text(1)?, &args.text(2)?).into())),
        Named::new("reverse", (1, 1), reverse),
        Named::new("select", (1, usize::MAX), |args| select(args, false, true)),
        Named::new("selectattr", (2, usize::MAX), |args| select(args, true, true)),
        Named::new("sort", (1, 1), sort),
        Named::new("split", (1, 3), split),
        Named::new("trim", (1, 2), trim),
        Named::new("unique", (1, 1), unique),
        Named::new("upper", (1, 1), |args| Ok(args.text(0)?.to_uppercase().into())),
    ],
    super::skeleton::FILTERS,
];

const TESTS: &[&[Named]] = &[&[
    Named::new("defined", (1, 1), |args| Ok((!args.subject().is_undefined()).into())),
    Named::new("endingwith", (2, 2), |args| Ok(args.text(0)?.ends_with(&*args.text(1)?).into())),
    Named::new("eq", (2, 2), |args| compared(args, Ordering::is_eq)),
    Named::new("ge", (2, 2), |args| compared(args, Ordering::is_ge)),
    Named::new("gt", (2, 2), |args| compared(args, Ordering::is_gt)),
    Named::new("in", (2, 2), is_in),
    Named::new("iterable", (1, 1), |args| Ok(args.subject().try_iter().is_ok().into())),
    Named::new("le", (2, 2), |args| compared(args, Ordering::is_le)),
    Named::new("lt", (2, 2), |args| compared(args, Ordering::is_lt)),
    Named::new("mapping", (1, 1), |args| args.is(&[ValueKind::Map])),
    Named::new("ne", (2, 2), |args| compared(args, Ordering::is_ne)),
    Named::new("none", (1, 1), |args| args.is(&[ValueKind::None])),
    Named::new("number", (1, 1), |args| args.is(&[ValueKind::Number, ValueKind::Bool])),
    Named::new("sequence", (1, 1), |args| args.is(&[ValueKind::Seq, ValueKind::Undefined])),
    Named::new("startingwith", (2, 2), |args| Ok(args.text(0)?.starts_with(&*args.text(1)?).into())),
    Named::new("string", (1, 1), |args| args.is(&[ValueKind::String])),
    Named::new("undefined", (1, 1), |args| Ok(args.subject().is_undefined().into())),
]];

static RANGE: Named = Named::new("range", (1, 3), range);

impl<'a> Args<'a> {
    /// The value that a filter or a test is for.
    pub(super) fn subject(&self) -> &'a Value {
        self.values.first().unwrap_or(&Value::UNDEFINED)
    }

    /// An argument as text.
    ///
    /// # Errors
    /// It is undefined.
    pub(super) fn text(&self, at: usize) -> Result<Cow<'a, str>, Error> {
        text(self.values.get(at).unwrap_or(&Value::UNDEFINED))
    }

    /// An argument as number.
    pub(super) fn number(&self, at: usize) -> Result<Option<i64>, Error> {
        self.optional(at).map(|v| i64::try_from(v.clone())).transpose()
    }

    /// An argument that is given, and not `none`.
    fn optional(&self, at: usize) -> Option<&'a Value> {
        self.values.get(at).filter(|v| !v.is_none())
    }

    /// An argument with a name.
    fn named(&self, name: &str) -> Result<Option<Value>, Error> {
        self.named.get::<Option<Value>>(name)
    }

    fn flag(&self, name: &str) -> Result<bool, Error> {
        Ok(self.named(name)?.is_some_and(|v| v.is_true()))
    }

    /// The subject's items: keys of a map, characters of a string.
    fn list(&self) -> Result<Vec<Value>, Error> {
        list(self.subject())
    }

    fn is(&self, kinds: &[ValueKind]) -> Result<Value, Error> {
        Ok(kinds.contains(&self.subject().kind()).into())
    }
}

fn list(value: &Value) -> Result<Vec<Value>, Error> {
    known(value)?.try_iter().map(Iterator::collect)
}

fn text(value: &Value) -> Result<Cow<'_, str>, Error> {
    Ok(known(value)?.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed))
}

/// A value that is there: an undefined one is a slip of the pen.
pub(super) fn known(value: &Value) -> Result<&Value, Error> {
    if value.is_undefined() { Err(ErrorKind::UndefinedError.into()) } else { Ok(value) }
}

fn invalid(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

/// What a path such as `chart.name` or `0.name` leads to; undefined if it leads nowhere.
fn at_path(value: &Value, path: &str) -> Result<Value, Error> {
    let mut at = value.clone();
    for part in path.split('.') {
        at = match part.parse::<usize>() {
            Ok(index) => at.get_item_by_index(index),
            Err(_) => at.get_attr(part),
        }?;
    }
    Ok(at)
}

/// The part of an item that an `attribute` names; the item if there is none.
fn key(item: &Value, attribute: Option<&Value>) -> Value {
    match attribute {
        Some(path) => at_path(item, path.as_str().unwrap_or_default()).unwrap_or_default(),
        None => item.clone(),
    }
}

fn default(args: &Args<'_>) -> Result<Value, Error> {
    let value = args.subject();
    let lax = args.values.get(2).is_some_and(Value::is_true);
    let missing = value.is_undefined() || lax && !value.is_true();
    Ok(if missing { args.values.get(1).cloned().unwrap_or_else(|| "".into()) } else { value.clone() })
}

fn length(args: &Args<'_>) -> Result<Value, Error> {
    let length = known(args.subject())?.len();
    length.map(Value::from).ok_or_else(|| invalid("only what holds something has a length"))
}

fn items(args: &Args<'_>) -> Result<Value, Error> {
    let map = args.subject();
    if map.kind() != ValueKind::Map {
        return Err(invalid("only a map has items"));
    }
    let pairs = args.list()?.into_iter().map(|key| {
        let value = map.get_item(&key)?;
        Ok((key, value).into())
    });
    pairs.collect::<Result<Vec<Value>, Error>>().map(Value::from)
}

fn join(args: &Args<'_>) -> Result<Value, Error> {
    let (given, named) = (args.named("d")?, args.named("attribute")?);
    let between = args.optional(1).or(given.as_ref()).map(text).transpose()?.unwrap_or_default();
    let attribute = args.optional(2).or(named.as_ref());
    let mut joined = String::new();
    for (i, item) in args.list()?.iter().enumerate() {
        if i > 0 {
            joined.push_str(&between);
        }
        let item = key(item, attribute);
        joined.push_str(&item.as_str().map_or_else(|| Cow::Owned(item.to_string()), Cow::Borrowed));
    }
    Ok(joined.into())
}

fn map(args: &Args<'_>) -> Result<Value, Error> {
    let list = args.list()?;
    if let Some(attribute) = args.named("attribute")? {
        if args.values.len() > 1 {
            return Err(ErrorKind::TooManyArguments.into());
        }
        let default = args.named("default")?.unwrap_or_default();
        let found = list.iter().map(|item| match (attribute.as_str(), &default) {
            (Some(path), default) => match at_path(item, path) {
                Ok(value) if !value.is_undefined() => Ok(value),
                Err(e) if default.is_undefined() => Err(e),
                _ => Ok(default.clone()),
            },
            (None, _) => item.get_item(&attribute),
        });
        return found.collect::<Result<Vec<Value>, Error>>().map(Value::from);
    }
    let name = args.values.get(1).and_then(Value::as_str).ok_or_else(|| invalid("map wants the name of a filter"))?;
    let filter = Named::find(FILTERS, name).ok_or(ErrorKind::UnknownFilter)?;
    each(args, 2, list, |_, values| filter.call(values)).map(Value::from)
}

/// What comes of each item, with the arguments from one on.
fn each(
    args: &Args<'_>,
    from: usize,
    items: Vec<Value>,
    mut run: impl FnMut(&Value, &[Value]) -> Result<Value, Error>,
) -> Result<Vec<Value>, Error> {
    let rest = args.values.get(from..).unwrap_or_default();
    let results = items.into_iter().map(|item| {
        let mut values = vec![item.clone()];
        values.extend_from_slice(rest);
        run(&item, &values)
    });
    results.collect()
}

/// `select`, `reject`, and those that look at an attribute.
fn select(args: &Args<'_>, attribute: bool, passing: bool) -> Result<Value, Error> {
    let at = 1 + usize::from(attribute);
    let test = match args.values.get(at) {
        Some(name) => Some(Named::find(TESTS, &text(name)?).ok_or(ErrorKind::UnknownTest)?),
        None => None,
    };
    let path = if attribute { Some(args.text(1)?) } else { None };
    let items = args.list()?;
    let tested = match &path {
        Some(path) => items.iter().map(|item| at_path(item, path)).collect::<Result<Vec<Value>, Error>>()?,
        None => items.clone(),
    };
    let passed = each(args, at + 1, tested, |item, values| match test {
        Some(test) => test.call(values),
        None => Ok(item.clone()),
    })?;
    let kept = items.into_iter().zip(passed).filter(|(_, passed)| passed.is_true() == passing);
    Ok(kept.map(|(item, _)| item).collect::<Vec<Value>>().into())
}

fn reverse(args: &Args<'_>) -> Result<Value, Error> {
    if let Some(text) = args.subject().as_str() {
        return Ok(text.chars().rev().collect::<String>().into());
    }
    let mut list = args.list()?;
    list.reverse();
    Ok(list.into())
}

fn sort(args: &Args<'_>) -> Result<Value, Error> {
    let (folds, falls) = (!args.flag("case_sensitive")?, args.flag("reverse")?);
    let attribute = args.named("attribute")?;
    let paths = attribute.as_ref().and_then(Value::as_str).unwrap_or_default();
    let paths: Vec<Value> = paths.split(',').map(str::trim).filter(|p| !p.is_empty()).map(Value::from).collect();
    let part = |item: &Value, path: Option<&Value>| fold(key(item, path), folds);
    let keyed = args.list()?.into_iter().map(|item| {
        let keys = match paths.as_slice() {
            [] => vec![part(&item, None)],
            paths => paths.iter().map(|path| part(&item, Some(path))).collect(),
        };
        (keys, item)
    });
    let mut keyed: Vec<(Vec<Value>, Value)> = keyed.collect();
    sort_by(&mut keyed, |(a, _), (b, _)| if falls { b.cmp(a) } else { a.cmp(b) });
    Ok(keyed.into_iter().map(|(_, item)| item).collect::<Vec<Value>>().into())
}

/// A value as it is compared where case makes no difference.
fn fold(value: Value, folds: bool) -> Value {
    match value.as_str() {
        Some(text) if folds => text.to_lowercase().into(),
        _ => value,
    }
}

fn split(args: &Args<'_>) -> Result<Value, Error> {
    let (whole, between) = (args.text(0)?, args.optional(1).map(text).transpose()?);
    if between.as_ref().is_some_and(|b| b.is_empty()) {
        return Err(invalid("an empty text separates nothing"));
    }
    let most = args.number(2)?.and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
    let (mut rest, mut parts) = (&*whole, Vec::new());
    while parts.len() < most {
        let cut = match &between {
            Some(between) => rest.split_once(&**between),
            None => {
                rest = rest.trim_start();
                rest.split_once(char::is_whitespace)
            }
        };
        let Some((part, behind)) = cut else { break };
        parts.push(Value::from(part));
        rest = behind;
    }
    if between.is_none() {
        rest = rest.trim_start();
    }
    if between.is_some() || !rest.is_empty() {
        parts.push(rest.into());
    }
    Ok(parts.into())
}

fn trim(args: &Args<'_>) -> Result<Value, Error> {
    let text = args.text(0)?;
    Ok(match args.optional(1) {
        Some(_) => {
            let these = args.text(1)?;
            text.trim_matches(|c| these.contains(c)).into()
        }
        None => text.trim().into(),
    })
}

fn unique(args: &Args<'_>) -> Result<Value, Error> {
    let (folds, attribute) = (!args.flag("case_sensitive")?, args.named("attribute")?);
    let list = args.list()?;
    let key = |(place, item)| (fold(key(item, attribute.as_ref()), folds), place);
    let mut keyed: Vec<(Value, usize)> = list.iter().enumerate().map(key).collect();
    sort_by(&mut keyed, Ord::cmp);
    keyed.dedup_by(|later, first| later.0 == first.0);
    sort_by(&mut keyed, |a, b| a.1.cmp(&b.1));
    Ok(keyed.into_iter().filter_map(|(_, place)| list.get(place).cloned()).collect::<Vec<Value>>().into())
}

fn compared(args: &Args<'_>, wanted: fn(Ordering) -> bool) -> Result<Value, Error> {
    match args.values {
        [a, b] => Ok(wanted(if a == b { Ordering::Equal } else { a.cmp(b).then(Ordering::Less) }).into()),
        _ => Err(ErrorKind::MissingArgument.into()),
    }
}

fn is_in(args: &Args<'_>) -> Result<Value, Error> {
    let (value, whole) = (args.subject(), args.values.get(1).unwrap_or(&Value::UNDEFINED));
    Ok(match known(whole)?.as_str() {
        Some(whole) => whole.contains(&*args.text(0)?),
        None => list(whole).is_ok_and(|list| list.contains(value)),
    }
    .into())
}

fn range(args: &Args<'_>) -> Result<Value, Error> {
    let (first, second) = (args.number(0)?.ok_or(ErrorKind::MissingArgument)?, args.number(1)?);
    let (start, end) = second.map_or((0, first), |end| (first, end));
    let step = args.number(2)?.unwrap_or(1);
    let apart = if step > 0 { end.checked_sub(start) } else { start.checked_sub(end) };
    let by = step.unsigned_abs();
    match apart {
        _ if by == 0 => Err(invalid("a range cannot have steps of 0")),
        Some(apart) if apart.max(0).unsigned_abs().div_ceil(by) <= MOST_NUMBERS.unsigned_abs() => {
            let count = apart.max(0).unsigned_abs().div_ceil(by).cast_signed();
            Ok((0..count).map(|i| Value::from(start + i * step)).collect::<Vec<Value>>().into())
        }
        _ => Err(invalid("a range has at most 100,000 numbers")),
    }
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;

    /// What minijinja's own filters and tests make, and what these do.
    fn both(expression: &str) -> [Result<String, ErrorKind>; 2] {
        let mut ours = Environment::empty();
        add(&mut ours);
        [Environment::new(), ours].map(|mut env| {
            env.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
            let context = context! {
                text => "Two Words", space => "  a  b c ", none => (), yes => true, two => 2, half => 0.5,
                list => vec!["b", "A", "a", "C"], numbers => vec![3, 1, 2, 3], empty => Vec::<Value>::new(),
                map => context! { b => 1, a => context! { c => 2 } },
                people => vec![
                    context! { name => "Bo", age => 9, on => true, at => vec![context! { host => "x" }] },
                    context! { name => "al", age => 9, on => false, at => vec![context! { host => "y" }] },
                    context! { name => "Cy", age => 7, on => true, at => vec![context! { host => "y" }] },
                ],
            };
            env.render_str(&format!("{{{{ {expression} }}}}"), context).map_err(|e| e.kind())
        })
    }

    #[test]
    fn they_are_those_of_minijinja() {
        let expressions = "nowhere | default('x'); text | default('x'); '' | d('x', true); none | d; 0 | d('x', true); nowhere | d
            list | length; text | count; map | length; two | length; none | length
            list | first; text | first; empty | first | d('none'); list | last; text | last; empty | last | d('none')
            map | items | list; list | items; two | items
            list | join; list | join(', '); numbers | join('-'); text | join('.'); people | join(' ', attribute='name')
            people | join(' ', 'at.0.host'); list | join(d='+'); two | join; list | join('', '', ''); list | join(x=1)
            list | list; text | list; map | list; two | list; nowhere | list
            text | lower; text | upper; 1.5 | upper; true | lower; 'ÄÖß' | upper; nowhere | lower; text | lower(1)
            people | map(attribute='name') | join(' '); people | map(attribute='at.0.host') | list
            people | map(attribute='nothing') | map('d', 'x') | list; people | map(attribute='no', default='x') | list
            list | map('upper') | join; list | map('replace', 'a', 'o') | join; list | map('nothing'); list | map
            list | map('upper', attribute='x'); two | map('upper'); [[1, 2], [3, 4]] | map(attribute=1) | list
            numbers | select('gt', 1) | list; numbers | reject('eq', 3) | list; ['', 'a', 0] | select | list
            ['', 'a', 0] | reject | list; people | selectattr('on') | map(attribute='name') | list
            people | rejectattr('on') | map(attribute='name') | list; list | select('nothing')
            people | selectattr('age', 'eq', 9) | map(attribute='name') | list; people | selectattr
            people | rejectattr('name', 'in', ['al', 'Cy']) | map(attribute='name') | list
            text | replace('Two', 'Three'); text | replace('x', ''); 121 | replace('1', 'x'); text | replace('x')
            text | reverse; numbers | reverse | list; two | reverse
            numbers | sort; list | sort; list | sort(case_sensitive=true); list | sort(reverse=true); [] | sort
            people | sort(attribute='name') | map(attribute='name') | list; map | sort; two | sort; list | sort(x=1)
            people | sort(attribute='age, name') | map(attribute='name') | list; [[2], [1, 3], [1]] | sort
            people | sort(attribute='age', reverse=true) | map(attribute='name') | list; people | sort('name')
            space | split; space | split(' '); text | split('x'); 'a,b,c' | split(',', 1); space | split(none, 1)
            'a,b,c' | split(',', 9); '' | split; '' | split(','); 'a,b,c' | split(',', 0); 'a b' | split(none, 0)
            'a,b,c' | split(',', -1)
            space | trim; 'xxaxx' | trim('x'); 'xyayx' | trim('xy'); 5 | trim; nowhere | trim
            numbers | unique | list; list | unique | list; list | unique(case_sensitive=true) | list
            people | unique(attribute='age') | map(attribute='name') | list; two | unique
            nowhere is defined; text is defined; nowhere is undefined; text is undefined; none is none; text is none
            text is endingwith('ds'); text is endingwith 'x'; text is startingwith('Two'); 12 is startingwith('1')
            two is eq 2; two is eq('2'); text is ne('x'); two is lt 3; two is le 2; two is gt 2; two is ge 2; 'a' is lt 'b'
            [1, 2] is lt [1, 3]; half is gt 0; true is eq 1; two is eq; two is eq(1, 2); map is eq map; none is lt 1
            'b' is in list; 'x' is in list; 'Two' is in text; 'a' is in map; two is in two; 1 is in nowhere; 1 is in '1'
            list is iterable; text is iterable; two is iterable; map is iterable; none is iterable; map is mapping
            list is mapping; two is number; half is number; yes is number; '1' is number; list is sequence
            text is sequence; map is sequence; nowhere is sequence; text is string; two is string
            range(3) | list; range(1, 4) | list; range(0, 10, 3) | list; range(3, 0, -1) | list; range(-2) | list
            range(5, 1) | list; range(10, 0, -4) | list; range(1, 2, 0); range(100000) | length; range(100001); range()
            range('x'); range(1, 2, 3, 4); range(2, none) | list; range(9223372036854775807, 9223372036854775800, -3) | list";
        let expressions = expressions.split(['\n', ';']).map(str::trim).filter(|e| !e.is_empty());
        let (mut seen, mut wrong) = (0, Vec::new());
        for expression in expressions {
            let [theirs, ours] = both(expression);
            seen += 1;
            if ours.as_ref().ok() != theirs.as_ref().ok() {
                wrong.push(format!("{expression}: {ours:?}, not {theirs:?}"));
            }
        }
        assert!(seen > 150, "{seen}");
        assert_eq!(wrong, [] as [String; 0]);
    }

    #[test]
    fn mistakes_are_told_apart() {
        for (expression, kind) in [
            ("nowhere | upper", ErrorKind::UndefinedError),
            ("nowhere | length", ErrorKind::UndefinedError),
            ("nowhere | join", ErrorKind::UndefinedError),
            ("text | upper(1)", ErrorKind::TooManyArguments),
            ("text | replace('x')", ErrorKind::MissingArgument),
            ("list | sort(wrong=1)", ErrorKind::TooManyArguments),
            ("list | map('wrong')", ErrorKind::UnknownFilter),
            ("list | select('wrong')", ErrorKind::UnknownTest),
            ("two | sort", ErrorKind::InvalidOperation),
            ("text | split('')", ErrorKind::InvalidOperation),
            ("two is eq", ErrorKind::MissingArgument),
        ] {
            assert_eq!(both(expression)[1], Err(kind), "{expression}");
        }
    }
}
