//! What the cluster can do, as charts see it.
