//! Who holds what, worked out from facts: for worklists, the nightly check and figures.
