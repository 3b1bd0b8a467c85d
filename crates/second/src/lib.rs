//! The access rule book, read a second time.
//!
//! Kith's decisions are made by the `access` crate. This crate decides the same questions again: it
//! was written from the text of the rule book alone, by somebody who had not seen the first, with
//! its own small types and its own reading of a raw world. It is for tests only. Where the two
//! disagree, one of them has misread the text, or the text can be read in two ways; each reading
//! taken here is written down in `AMBIGUITIES.md`.
//!
//! Everything is a pure function of a [`World`] and a [`Request`]. Nothing is kept between two
//! decisions, which is how rule T1 is met: "Changes (withdrawal, expiry, suspension, end of care
//! team, conflict) take effect on the next request; no cache may outlive them."
//!
//! The order of authority is: the amendments of the design, the rule book (R01 to V1), the purposes
//! of each role, the permission matrix as a further ceiling, and last the sample policies.

pub mod ceilings;
pub mod decision;
pub mod facts;
pub mod matrix;
pub mod random;
pub mod request;
pub mod rules;
pub mod ties;
pub mod time;
pub mod words;
pub mod world;

pub use decision::{Basis, Decision, Obligation, Outcome, Rule};
pub use request::{Request, Scenario, ScenarioFile};
pub use time::Time;
pub use words::{Action, Area, Role};
pub use world::World;

use request::BreakGlass;

/// Decides one request in one world.
#[must_use]
pub fn decide(world: &World, request: &Request) -> Decision {
    let mut decision = judge(world, request);
    if !decision.is_allowed() {
        decision.break_glass_offered = glass_would_help(world, request);
        if decision.reveals() && judge(world, &signed_in_again(request)).is_allowed() {
            decision.obligations.insert(Obligation::StepUp);
        }
    }
    decision
}

/// The decision without the two hints that need a second look at the same world.
fn judge(world: &World, request: &Request) -> Decision {
    match facts::Facts::of(world, request) {
        Some(facts) => rules::judge(&facts),
        None => Decision::missing(),
    }
}

/// The scenarios' note: "expect.break_glass_offered: a properly used break-glass would change this
/// decision". It changes it only where nothing but B7 would open the item.
fn glass_would_help(world: &World, request: &Request) -> bool {
    let mut with_glass = signed_in_again(request);
    with_glass.break_glass = Some(BreakGlass {
        started: request.at,
        reason: rules::LIFE_AT_RISK.to_owned(),
        text: "a properly written reason".to_owned(),
        suppress_notice: false,
    });
    judge(world, &with_glass).basis() == Some(Basis::B7)
}

/// The same request a moment after signing in with two factors.
fn signed_in_again(request: &Request) -> Request {
    Request { aal: 2, auth_age_s: 0, paper_code: None, ..request.clone() }
}
