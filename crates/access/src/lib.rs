//! Who may do what, and the proof that it was asked.
//!
//! Every look at and every change of anything about a person passes here. The way is
//! always the same: storage loads what stands around the person ([`PersonWorld`]) and
//! behind the actor ([`Standing`]) in the snapshot of the page; [`facts()`] works out a few
//! dozen yes-or-no facts; the readable policies in `policies/` combine them
//! ([`Decider`]); a [`Permit`] opens a [`Guarded`] value. Forbids always win, and without
//! a permit basis nothing is allowed (rule R01).
//!
//! This crate reads no clock and no database. It decides about facts; whether storage
//! loaded them rightly is storage's to prove.

mod action;
mod actor;
mod ask;
mod batch;
mod code;
mod cost;
mod decide;
mod facts;
mod guarded;
mod item;
mod limits;
mod parts;
mod permit;
mod reaching;
mod role;
mod scene;
mod sending;
#[cfg(test)]
mod table;
mod world;

pub use action::Action;
pub use actor::{Actor, Agreement, Standing, Who};
pub use ask::{Ask, Scopes};
pub use batch::{Batch, Denial};
pub use cost::{decide_cost, page_cost};
pub use decide::{Basis, Decider, Decision, Obligation, PolicyFault, Visibility};
pub use facts::Facts;
pub use guarded::{Extent, Guarded, WrongPermit};
pub use item::{About, Draft, Item, Party, is_living, is_place};
pub use limits::{Limits, Numbers, OutOfBounds};
pub use parts::{ReferralStatus, SafetyStub};
pub use permit::{Granted, Permit, PersonPermit, PlacePermit, Proof};
pub use role::{Purpose, Role};
pub use scene::facts;
pub use sending::{Beyond, may_receive};
pub use world::{
    Coercion, Conflict, ConflictKind, Gift, Given, Glass, GlassReason, Holder, Involvement, LinkGrant,
    PassedOn, PersonWorld, RecordsCase, ReferralFacts, ReferralStage, Sharing, Side, Span, Support,
    may_break_glass,
};
