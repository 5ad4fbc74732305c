//! What functions do with what they are given.

use std::sync::OnceLock;

use govalue::Str;
use rustc_hash::FxHashMap;

use super::abs::Abs;
use super::walk::Walk;

/// An argument of a function.
pub(super) struct Arg {
    pub(super) value: Abs,
    /// Its text, if it is a literal.
    pub(super) literal: Option<Str>,
    /// Its name, if it is a variable and nothing else.
    pub(super) variable: Option<Str>,
    /// Whether it was just made, so that nobody else sees it change.
    pub(super) fresh: bool,
    /// Whether it is put together to the path of a template file.
    pub(super) is_path: bool,
}

impl Arg {
    pub(super) fn of(value: Abs) -> Arg {
        Arg { value, literal: None, variable: None, fresh: false, is_path: false }
    }

    /// Whether others see it change, in ways that are not followed: the chart's values, or the map of a caller.
    fn is_shared(&self) -> bool {
        let of_chart = !self.value.values.is_empty() || !self.value.scopes.is_empty();
        of_chart || self.variable.is_none() && !self.fresh
    }
}

type Function = fn(&mut Walk<'_>, Vec<Arg>) -> Abs;

/// Calls a function. One that is not known here reads all that it is given, and makes something new of it.
pub(super) fn call(walk: &mut Walk<'_>, name: &Str, args: Vec<Arg>) -> Abs {
    match known(name).and_then(|index| FUNCTIONS.get(usize::from(index))) {
        Some((_, function)) => function(walk, args),
        None => {
            args.iter().for_each(|arg| walk.consume(&arg.value));
            Abs::default()
        }
    }
}

/// Where a function is among those that are known.
fn known(name: &[u8]) -> Option<u16> {
    static INDEXES: OnceLock<FxHashMap<&[u8], u16>> = OnceLock::new();
    let indexes = INDEXES.get_or_init(|| {
        let functions = (0..).zip(FUNCTIONS);
        functions.flat_map(|(index, (names, _))| names.split(' ').map(move |name| (name.as_bytes(), index))).collect()
    });
    indexes.get(name).copied()
}

/// The functions that are known.
const FUNCTIONS: &[(&str, Function)] = &[
    ("include", include),
    ("tpl", tpl),
    ("dict", dict),
    ("list tuple", |_, args| Abs::list(union(args))),
    ("set", set),
    ("merge mergeOverwrite mustMerge mustMergeOverwrite", merge),
    ("default coalesce and or concat mustConcat", any),
    ("ternary", ternary),
    ("required", |_, args| args.into_iter().nth(1).map(|a| a.value).unwrap_or_default()),
    ("deepCopy mustDeepCopy rest mustRest initial mustInitial reverse mustReverse compact mustCompact", |_, args| {
        union(args)
    }),
    ("omit pick unset slice mustSlice", |_, args| first(args)),
    ("first mustFirst last mustLast", |walk, args| walk.item(&first(args))),
    ("append mustAppend push mustPush prepend mustPrepend", |_, args| append(args)),
    ("index", index),
    ("get", get),
    ("hasKey", |walk, args| {
        get(walk, args);
        Abs::default()
    }),
    ("dig", dig),
    ("pluck", pluck),
    ("values", |walk, args| Abs::list(walk.item(&union(args)))),
    ("keys", |walk, args| {
        walk.item(&union(args));
        Abs::default()
    }),
    ("len empty not kindOf kindIs typeOf typeIs typeIsLike", |walk, args| {
        args.iter().for_each(|arg| walk.touch_all(&arg.value));
        Abs::default()
    }),
];

/// All but the one that is taken are only tested.
fn any(walk: &mut Walk<'_>, args: Vec<Arg>) -> Abs {
    args.iter().for_each(|arg| walk.touch_all(&arg.value));
    union(args)
}

fn ternary(walk: &mut Walk<'_>, mut args: Vec<Arg>) -> Abs {
    if let Some(test) = args.pop() {
        walk.touch_all(&test.value);
    }
    union(args)
}

fn index(walk: &mut Walk<'_>, args: Vec<Arg>) -> Abs {
    let mut args = args.into_iter();
    let value = args.next().map(|a| a.value).unwrap_or_default();
    args.fold(value, |value, key| at(walk, &value, key))
}

fn get(walk: &mut Walk<'_>, args: Vec<Arg>) -> Abs {
    let mut args = args.into_iter();
    match (args.next(), args.next()) {
        (Some(map), Some(key)) => at(walk, &map.value, key),
        _ => Abs::default(),
    }
}

fn pluck(walk: &mut Walk<'_>, args: Vec<Arg>) -> Abs {
    let mut args = args.into_iter();
    let key = args.next().and_then(|a| a.literal);
    let mut found = Abs::default();
    for map in args {
        let key = Arg { literal: key.clone(), ..Arg::of(Abs::default()) };
        found.join(at(walk, &map.value, key));
    }
    Abs::list(found)
}

fn union(args: Vec<Arg>) -> Abs {
    args.into_iter().fold(Abs::default(), |mut all, arg| {
        all.join(arg.value);
        all
    })
}

fn first(args: Vec<Arg>) -> Abs {
    args.into_iter().next().map(|a| a.value).unwrap_or_default()
}

/// The value at a key, or any if the key is not a literal.
fn at(walk: &mut Walk<'_>, value: &Abs, key: Arg) -> Abs {
    walk.consume(&key.value);
    match key.literal {
        Some(key) => walk.field(value, &key),
        None => walk.item(value),
    }
}

fn include(walk: &mut Walk<'_>, args: Vec<Arg>) -> Abs {
    let mut args = args.into_iter();
    let (name, dot) = (args.next(), args.next().map(|a| a.value).unwrap_or_default());
    match name {
        Some(Arg { literal: Some(name), .. }) => walk.call_template(&name, dot),
        // `include (print $.Template.BasePath "/configmap.yaml") .`: files are walked through anyway.
        Some(name) if name.is_path => walk.consume(&name.value),
        Some(name) => {
            walk.consume(&name.value);
            walk.call_any(&dot);
        }
        None => {}
    }
    Abs::default()
}

fn tpl(walk: &mut Walk<'_>, args: Vec<Arg>) -> Abs {
    let mut args = args.into_iter();
    if let Some(text) = args.next() {
        walk.consume(&text.value);
    }
    walk.call_tpl(args.next().map(|a| a.value).unwrap_or_default());
    Abs::default()
}

fn dict(walk: &mut Walk<'_>, args: Vec<Arg>) -> Abs {
    let mut made = Abs::default();
    let mut args = args.into_iter();
    while let Some(key) = args.next() {
        let value = args.next().map(|a| a.value).unwrap_or_default();
        match key.literal {
            Some(key) => made.fields.or_default(key).join(value),
            None => {
                walk.consume(&key.value);
                made.items.get_or_insert_default().join(value);
            }
        }
    }
    made
}

/// `set` changes its map, which may have a name.
fn set(walk: &mut Walk<'_>, args: Vec<Arg>) -> Abs {
    let mut args = args.into_iter();
    let (Some(map), Some(key), Some(value)) = (args.next(), args.next(), args.next()) else {
        return Abs::default();
    };
    if map.is_shared() {
        walk.consume(&value.value);
    }
    walk.consume(&key.value);
    let mut changed = map.value;
    match key.literal {
        Some(key) => changed.fields.or_default(key).join(value.value),
        None => changed.items.get_or_insert_default().join(value.value),
    }
    if let Some(variable) = map.variable {
        walk.assign(&variable, changed.clone());
    }
    changed
}

/// Merging changes the first map, which may have a name.
fn merge(walk: &mut Walk<'_>, args: Vec<Arg>) -> Abs {
    let into = args.first();
    let variable = into.and_then(|a| a.variable.clone());
    if into.is_some_and(Arg::is_shared) {
        args.iter().skip(1).for_each(|arg| {
            if !arg.value.is_opaque() {
                walk.consume(&arg.value);
            }
        });
    }
    let merged = union(args);
    if let Some(variable) = variable {
        walk.assign(&variable, merged.clone());
    }
    merged
}

fn append(args: Vec<Arg>) -> Abs {
    let mut args = args.into_iter();
    let mut list = args.next().map(|a| a.value).unwrap_or_default();
    if let Some(item) = args.next() {
        list.items.get_or_insert_default().join(item.value);
    }
    list
}

fn dig(walk: &mut Walk<'_>, args: Vec<Arg>) -> Abs {
    let mut keys = args;
    let (Some(map), Some(default)) = (keys.pop(), keys.pop()) else { return Abs::default() };
    let mut found = keys.into_iter().fold(map.value, |value, key| at(walk, &value, key));
    found.join(default.value);
    found
}
