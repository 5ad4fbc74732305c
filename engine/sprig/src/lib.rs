//! The functions that Helm's templates call: sprig 3.3.0's, and Helm's own
//! codecs (`toYaml`, `fromJson`, …).
//!
//! Each module holds one group: a table of [`Func`]s on top, the functions
//! below it. Their results, result types and error texts are those of the Go
//! functions; what Go does by panicking is an error here.
//!
//! ```
//! let mut functions = gotemplate::FuncMap::new();
//! for group in sprig::FUNCTIONS {
//!     functions.add(group);
//! }
//! gotemplate::parse("a.yaml", "{{ .name | trunc 63 | trimSuffix \"-\" | quote }}", &functions)?;
//! # Ok::<(), gotemplate::ParseError>(())
//! ```

use govalue::Func;

/// What functions that need keys or certificates fail with where the feature `keys` is off.
pub use gocrypto::LEFT_OUT;

pub(crate) mod casing;
pub(crate) mod cast;
pub(crate) mod copy;
pub(crate) mod crypto;
pub(crate) mod date;
pub(crate) mod decimal;
pub(crate) mod defaults;
pub(crate) mod dicts;
pub(crate) mod encoding;
pub(crate) mod helm_codec;
pub(crate) mod lists;
pub(crate) mod merge;
pub(crate) mod numeric;
pub(crate) mod paths;
pub(crate) mod reflect;
pub(crate) mod regex;
pub(crate) mod runes;
pub(crate) mod search;
pub(crate) mod semver;
pub(crate) mod sig;
pub(crate) mod strings;
pub(crate) mod support;
pub(crate) mod url;
pub(crate) mod words;

/// All functions, a table for each group.
///
pub const FUNCTIONS: &[&[Func]] = &[
    strings::FUNCTIONS,
    casing::FUNCTIONS,
    lists::FUNCTIONS,
    dicts::FUNCTIONS,
    numeric::FUNCTIONS,
    decimal::FUNCTIONS,
    defaults::FUNCTIONS,
    reflect::FUNCTIONS,
    encoding::FUNCTIONS,
    helm_codec::FUNCTIONS,
    regex::FUNCTIONS,
    paths::FUNCTIONS,
    url::FUNCTIONS,
    crypto::FUNCTIONS,
    date::FUNCTIONS,
    semver::FUNCTIONS,
];
