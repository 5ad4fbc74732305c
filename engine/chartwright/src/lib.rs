//! The facade that hosts use: one call from chart to manifests.
