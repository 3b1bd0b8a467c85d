//! How the partnership is doing: waits, declines, unmet needs, overdue, kept moving, lost.
