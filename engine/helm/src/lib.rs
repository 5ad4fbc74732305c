//! Helm charts: loading, values, dependencies, rendering, sorting.
