//! A navigator's day: what is new, late, quiet, answered, or written by people themselves.
