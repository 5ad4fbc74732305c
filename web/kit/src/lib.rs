//! View parts without a domain word.
