//! `urlParse`, `urlJoin` (sprig: url.go) and `getHostByName`.

use govalue::url::{Url, Userinfo};
use govalue::{Args, Env, Func, FuncError, Map, Str, Value};

use crate::sig::{DICT, STRING};
use crate::support::NIL_DEREFERENCE;

pub(crate) const FUNCTIONS: &[Func] = &[
    Func::new("getHostByName", &[STRING], &[STRING], host_by_name),
    Func::new("urlJoin", &[DICT], &[STRING], join),
    Func::new("urlParse", &[STRING], &[DICT], parse),
];

/// Helm does not ask DNS unless told to, and answers with nothing.
fn host_by_name(_: &mut dyn Env, _: &mut Args<'_>) -> Result<Value, FuncError> {
    Ok(Value::Str(Str::EMPTY))
}

fn parse(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let url = Url::parse(args.bytes(0)).map_err(|e| FuncError::new(format!("unable to parse url: {e}")))?;
    let hostname = Str::from(url.hostname());
    let userinfo = url.user.as_ref().map(Userinfo::escaped).unwrap_or_default();
    let entries = [
        ("fragment", Str::from(url.fragment)),
        ("host", Str::from(url.host)),
        ("hostname", hostname),
        ("opaque", Str::from(url.opaque)),
        ("path", Str::from(url.path)),
        ("query", Str::from(url.query)),
        ("scheme", Str::from(url.scheme)),
        ("userinfo", Str::from(userinfo)),
    ];
    Ok(Value::Map(entries.into_iter().map(|(k, v)| (k, Value::Str(v))).collect()))
}

/// A key that must be a string if it is there.
fn text(map: &Map, key: &str) -> Result<Vec<u8>, FuncError> {
    match map.get(key) {
        None => Ok(Vec::new()),
        Some(Value::Str(s)) => Ok(s.to_vec()),
        Some(Value::Nil) => Err(FuncError::new(NIL_DEREFERENCE)),
        Some(other) => {
            let found = other.kind().name();
            Err(FuncError::new(format!("unable to parse {key} key, must be of type string, but {found} found")))
        }
    }
}

fn join(_: &mut dyn Env, args: &mut Args<'_>) -> Result<Value, FuncError> {
    let map = args.map(0);
    let mut url = Url {
        scheme: text(&map, "scheme")?,
        host: text(&map, "host")?,
        path: text(&map, "path")?,
        query: text(&map, "query")?,
        opaque: text(&map, "opaque")?,
        fragment: text(&map, "fragment")?,
        ..Url::default()
    };
    let userinfo = text(&map, "userinfo")?;
    if !userinfo.is_empty() {
        let whole = [b"proto://", &*userinfo, b"@host"].concat();
        let parsed =
            Url::parse(&whole).map_err(|e| FuncError::new(format!("unable to parse userinfo in dict: {e}")))?;
        url.user = parsed.user;
    }
    Ok(Value::from(url.to_bytes()))
}
