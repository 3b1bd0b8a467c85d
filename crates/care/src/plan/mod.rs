//! The plan: sections in the person's words, needs, goals, steps, next dates, drafts and merging.
