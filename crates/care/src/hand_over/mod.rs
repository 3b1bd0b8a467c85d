//! Handing people over to a colleague.
