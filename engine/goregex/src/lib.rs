//! Go's regexp: RE2 syntax with Go's error texts, matched in linear time.
