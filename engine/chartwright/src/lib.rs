//! The facade that hosts use: from a chart and values to manifests, in one call.
//!
//! The engine is pure. What a render may ask for (objects for `lookup`, files
//! of values, the clock, randomness) comes from a [`World`]; [`FixedWorld`] is
//! one that always gives the same answers.
//!
//! ```
//! use std::rc::Rc;
//! use chartwright::{File, FixedWorld, LoadedChart, Request};
//!
//! let file = |name: &str, text: &str| File { name: name.into(), data: text.as_bytes().into() };
//! let chart = LoadedChart::from_folder("shop", vec![
//!     file("Chart.yaml", "{apiVersion: v2, name: shop, version: 1.0.0}"),
//!     file("values.yaml", "replicas: 2"),
//!     file("templates/web.yaml", "kind: Deployment\nspec: {replicas: {{ .Values.replicas }}}"),
//! ])?;
//! let mut request = Request::default();
//! request.values.values.push("replicas=3".into());
//! let rendered = chart.render(&request, Rc::new(FixedWorld::default()))?;
//! let object = rendered.objects().next().unwrap();
//! assert_eq!(object.source, "shop/templates/web.yaml");
//! assert_eq!(object.text, b"kind: Deployment\nspec: {replicas: 3}");
//! # Ok::<(), chartwright::Error>(())
//! ```

pub mod api;
mod chart;
mod diagnostic;
mod error;
mod hint;
mod random;
mod rendered;
mod snippet;
mod world;

pub use chart::{LoadedChart, Request};
pub use diagnostic::{Diagnostic, TracePoint};
pub use error::Error;
pub use random::ChaCha;
pub use rendered::{Object, Rendered, Role, TextOptions};
pub use snippet::{Snippet, SnippetOutput};
pub use world::FixedWorld;

pub use contract::{FailureKind, Hint};
pub use govalue::{FuncError, Limit, Map, Str, Value};
pub use helm::Warning;
pub use helm::capabilities::{Capabilities, KubeVersion};
pub use helm::chart::{Bytes, Chart, File, Ignore};
pub use helm::engine::{Asked, LEFT_OUT, Limits, LookupQuery, Objects, World};
pub use helm::release::{ReleaseOptions, render_name};
pub use helm::values::ValueOptions;
