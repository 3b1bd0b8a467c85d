//! Brackenford: a made-up English town, so that anybody can try Kith.
pub mod chance;
pub mod geography;
pub mod names;
