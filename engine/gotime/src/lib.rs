//! Go's `time` package: instants, zones, layouts and durations.
