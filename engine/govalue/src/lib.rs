//! Go's dynamic values, types, fmt verbs and strconv rules.
