//! Semantic versions and constraints as Helm understands them.
