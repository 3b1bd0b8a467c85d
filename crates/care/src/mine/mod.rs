//! A person's own pages: next thing, plan, referrals, words, stop, and the code on paper
//! that opens them.
//!
//! With a paper code alone only the next thing, the help they asked for, help now and
//! stop are open (design, Access, Levels); the access rules say so, and these use cases
//! read no more than that.

pub mod code;
pub mod dates;
pub mod emergency;
pub mod next;
pub mod plan;
pub mod print;
pub mod referrals;
pub mod stop;
pub mod wait;
pub mod words;

use crate::error::CareError;
use crate::principal::{Identity, Principal};
use kith_domain::id::{OrganisationId, WorkerId};
use kith_domain::organisation::Holder;
use kith_domain::person::Person;
use kith_domain::time::Day;

/// Who reads what a person writes or answers what they ask, today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The worker, when one is named.
    pub worker: Option<WorkerId>,
    /// Their name, or the team's.
    pub name: String,
    /// The team.
    pub team: String,
    /// The organisation.
    pub organisation: String,
    /// Its id.
    pub organisation_id: OrganisationId,
    /// How to ring the team.
    pub phone: Option<String>,
    /// Read by this day.
    pub by: Day,
}

/// Who acts for this holder today: the cover when the named one is away.
pub(crate) fn reader(who: &Principal, holder: &Holder) -> Reader {
    let partnership = &who.partnership;
    let today = partnership.today(who.now);
    let found = partnership.facts.resolve(holder, today, false);
    let worker = found.cover.map(|c| c.worker).or(found.lead);
    let team = partnership.team_name(found.team);
    let working = u32::from(partnership.settings().read_working_days);
    Reader {
        worker,
        name: worker.map_or_else(|| team.clone(), |w| partnership.worker_name(w)),
        team,
        organisation: partnership.organisation_name(found.organisation).unwrap_or_default(),
        organisation_id: found.organisation,
        phone: partnership.team(found.team).and_then(|t| t.phone.clone()),
        by: partnership.facts.calendar.plus_working(today, working),
    }
}

/// Who holds somebody's plan today, wherever it has passed on to.
pub(crate) fn plan_reader(who: &Principal, person: &Person) -> Reader {
    reader(who, &who.partnership.holder_today(&person.holder, true, who.now))
}

/// What a code alone does not open is said so, with what to do. Nothing else about it is
/// different: it was refused by the rules and logged.
pub(crate) fn word_needed<T>(who: &Principal, result: Result<T, CareError>) -> Result<T, CareError> {
    match result {
        Err(CareError::Missing | CareError::Forbidden(_) | CareError::SignInAgain) if by_code_alone(who) => Err(CareError::Forbidden(
            "Your code opens your next thing, the help you asked for, help now and stop. For the rest you \
                 need a new code with a word that only you know. Ask your navigator: “I want a code with a \
                 word.”"
                .into(),
        )),
        other => other,
    }
}

/// Did the person come in with a paper code and without their word?
pub fn by_code_alone(who: &Principal) -> bool {
    matches!(who.identity, Identity::Person { paper_code: true, .. })
}
