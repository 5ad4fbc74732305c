//! Go's dynamic values, for engines that speak Go templates: strings that are
//! bytes, maps that are shared and sorted, slices, structs with methods, and the
//! function signatures by which `text/template` checks its calls.
//!
//! ```
//! use govalue::{Map, Value};
//!
//! let values: Map = [("replicas", Value::int64(2)), ("name", Value::from("web"))].into_iter().collect();
//! // Maps are shared, as Go's are, and sorted by key.
//! let same = values.clone();
//! same.insert("image", Value::from("nginx"));
//! let keys: Vec<String> = values.keys().iter().map(ToString::to_string).collect();
//! assert_eq!(keys, ["image", "name", "replicas"]);
//! ```

mod entries;
mod equal;
pub mod fmt;
mod frozen;
mod func;
mod growth;
mod index;
mod limits;
mod list;
mod map;
mod object;
pub mod sort;
pub mod sorted;
mod str;
pub mod strconv;
pub mod time;
mod types;
pub mod url;
pub mod utf8;
mod value;

pub use equal::{deep_equal, deep_equal_metered};
pub use frozen::{Content, Frozen};
pub use func::{Args, Env, Func, FuncError, FuncErrorKind, Limit, Signature};
pub use index::Index;
pub use limits::{MAX_DEPTH, MAX_TEXT};
pub use list::List;
pub use map::Map;
pub use object::Object;
pub use str::Str;
pub use types::{Field, Kind, MarshalJson, Method, Named, Shape, Type};
pub use value::{Num, Value};
