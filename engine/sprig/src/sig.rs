//! Short names of the types that signatures are made of.

use govalue::Type;

pub(crate) const ANY: Type = Type::Any;
pub(crate) const BOOL: Type = Type::Bool;
pub(crate) const DICT: Type = Type::ANY_MAP;
pub(crate) const ERROR: Type = Type::Error;
pub(crate) const FLOAT: Type = Type::Float64;
pub(crate) const INT: Type = Type::Int;
pub(crate) const INT64: Type = Type::Int64;
pub(crate) const LIST: Type = Type::ANY_SLICE;
pub(crate) const STRING: Type = Type::String;
pub(crate) const STRINGS: Type = Type::STRING_SLICE;
