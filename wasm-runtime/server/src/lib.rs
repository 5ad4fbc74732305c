//! What `chartwright serve` serves.
