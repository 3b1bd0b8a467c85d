//! The pages, a module a feature. Each has its routes and its views; both are listed
//! here, so that the inventory of routes and the check over all views see them.

pub mod audit;
pub mod beside;
pub mod coming_in;
pub mod directory;
pub mod equality;
pub mod fact;
pub mod fairness;
pub mod glass;
pub mod hand_over;
pub mod identity;
pub mod inbox;
pub mod looks;
pub mod looks_kept;
pub mod merge;
pub mod mine;
mod names;
pub mod organisations;
pub mod panel;
pub mod partnership;
pub mod people;
pub mod plan;
pub mod public;
pub mod referral;
pub mod rights;
pub mod sharing;
pub mod sign_in;
pub mod supporters;
pub mod telling;
pub mod today;
pub mod workers;
pub mod worry;

use crate::app::Routes;
use crate::app::routes::Declared;
use crate::view::Registered;
use axum::http::Method;
use kith_care::Identity;
use std::sync::LazyLock;

/// Does the page at this address let in who asks, as far as its audience goes? An address that is no page of
/// Kith does not. What they may see there is decided by the page itself.
pub fn opens_for(address: &str, identity: &Identity) -> bool {
    static PAGES: LazyLock<Vec<Declared>> =
        LazyLock::new(|| routes().declared().iter().filter(|r| r.method == Method::GET).cloned().collect());
    let address = address.split(['?', '#']).next().unwrap_or_default();
    // A route that is written out comes before one with an id in its place, as in the router.
    let fitting = PAGES.iter().filter(|r| r.fits(address));
    fitting.min_by_key(|r| r.path.matches('{').count()).is_some_and(|r| r.audience.lets_in(identity))
}

/// Every route of every feature.
pub fn routes() -> Routes {
    Routes::new()
        .merge(audit::routes())
        .merge(beside::routes())
        .merge(coming_in::routes())
        .merge(directory::routes())
        .merge(equality::routes())
        .merge(fact::routes())
        .merge(fairness::routes())
        .merge(glass::routes())
        .merge(hand_over::routes())
        .merge(identity::routes())
        .merge(inbox::routes())
        .merge(looks::routes())
        .merge(looks_kept::routes())
        .merge(mine::routes())
        .merge(organisations::routes())
        .merge(panel::routes())
        .merge(partnership::routes())
        .merge(people::routes())
        .merge(plan::routes())
        .merge(public::routes())
        .merge(referral::routes())
        .merge(rights::routes())
        .merge(sharing::routes())
        .merge(sign_in::routes())
        .merge(supporters::routes())
        .merge(telling::routes())
        .merge(today::routes())
        .merge(workers::routes())
        .merge(worry::routes())
}

/// Every view of every feature.
pub fn views() -> Vec<Registered> {
    [
        audit::views(),
        beside::views(),
        coming_in::views(),
        directory::views(),
        equality::views(),
        fact::views(),
        fairness::views(),
        glass::views(),
        hand_over::views(),
        identity::views(),
        inbox::views(),
        looks::views(),
        looks_kept::views(),
        mine::views(),
        organisations::views(),
        panel::views(),
        partnership::views(),
        people::views(),
        plan::views(),
        public::views(),
        referral::views(),
        rights::views(),
        sharing::views(),
        sign_in::views(),
        supporters::views(),
        telling::views(),
        today::views(),
        workers::views(),
        worry::views(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
