//! I am worried about someone.
