//! Brackenford: a made-up English town, so that anybody can try Kith.
pub mod cast;
pub mod chance;
pub mod directory;
pub mod geography;
pub mod later;
pub mod names;
pub mod pen;
pub mod when;
