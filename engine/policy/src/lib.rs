//! Rules that rendered objects must keep, whoever wrote the chart.
//!
//! A file of policies ([`Policies::read`]) has rules; each asks one thing of the objects that a module deploys: which
//! registries images come from, which objects may belong to the whole cluster, what pods may do, how much everything
//! may ask for, or any condition as an expression of CEL, the language of Kubernetes' own
//! `ValidatingAdmissionPolicy`. [`Policies::judge`] names what breaks a rule: the object, the field, the line of the
//! template that wrote it, and the rule.
//!
//! ```
//! use contract::{ObjectOut, Summary, Text};
//! use policy::{Judged, Policies};
//!
//! let policies = Policies::read("house.yaml", r#"
//! apiVersion: chartwright.dev/v1alpha1
//! kind: Policy
//! metadata: {name: house}
//! spec:
//!   rules:
//!     - name: our-registry
//!       images: {registries: [registry.example.org]}
//!     - name: few-replicas
//!       match: {kinds: [Deployment]}
//!       cel: object.spec.replicas <= 5
//!       message: a deployment has at most five replicas
//! "#)?;
//! let web = ObjectOut {
//!     kind: "Deployment".into(),
//!     name: "web".into(),
//!     text: Text(b"spec: {replicas: 9, template: {spec: {containers: [{name: web, image: nginx}]}}}".to_vec()),
//!     ..ObjectOut::default()
//! };
//! let objects = policy::unfold(vec![web]);
//! // In earnest, the summary is that of the objects: `chartwright::api::summary(&objects)`.
//! let refusals = policies.judge(&Judged::new(&objects, &Summary::default()));
//! let said: Vec<String> = refusals.iter().map(ToString::to_string).collect();
//! assert_eq!(said, [
//!     "Deployment web: the image nginx is not from registry.example.org [house/our-registry]",
//!     "Deployment web: a deployment has at most five replicas [house/few-replicas]",
//! ]);
//! # Ok::<(), policy::PolicyError>(())
//! ```
//!
//! # Limits
//! Policies are trusted as much as whoever writes them: an expression may take as long as it needs. Objects are not: a
//! rule looks at each object once, and an expression that fails on an object refuses it.

mod error;
mod expression;
mod image;
mod judge;
mod object;
mod pods;
mod quota;
mod read;
mod refusal;
mod rule;
mod template;
mod unfold;

pub use error::PolicyError;
pub use judge::Judged;
pub use read::Policies;
pub use refusal::Refusal;
pub use rule::{Check, Forbidden, Images, Match, Quota, Rule, Scope};
pub use template::line_of;
pub use unfold::unfold;
