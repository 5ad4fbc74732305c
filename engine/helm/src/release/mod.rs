//! A whole `helm template` run.
