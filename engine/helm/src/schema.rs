//! Values against a chart's JSON schemas.
