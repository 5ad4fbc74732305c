//! Rendered manifests: split into documents, sorted for installation, hooks
//! apart (Helm: `pkg/release/v1/util`).

mod head;
mod heads;
mod hook;
mod order;
mod sort;
mod split;

pub use head::Head;
pub use heads::Heads;
pub use hook::{Hook, HookEvent};
pub use sort::{Manifest, ManifestError, Sorted, Split, sort, sort_split};
pub use split::{is_blank, is_comment, split, split_4_2_2, trim_space};
