//! Before anybody writes a form: can this service be asked through Kith today, what came
//! of asking before, and what do several services asked for one need say together.

use crate::directory::{Joining, Service, ServiceStatus};
use crate::find::Tried;
use crate::id::ServiceId;
use crate::moves::{Whole, parent_status};
use crate::need::Need;
use crate::organisation::{Organisation, Team};
use crate::record::Saved;
use crate::referral::{DeclineReason, Party, Referral, Status};
use crate::time::{Calendar, Day};

/// How somebody can start with a service today.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MayAsk {
    /// Ask through Kith.
    Yes,
    /// No request is needed or taken: tell the person, and go along. Why, in words.
    GoAlong(String),
    /// Not now. Why, in words.
    No(String),
}

impl MayAsk {
    /// Why it cannot be asked through Kith; none when it can.
    pub fn why_not(&self) -> Option<&str> {
        match self {
            MayAsk::Yes => None,
            MayAsk::GoAlong(why) | MayAsk::No(why) => Some(why),
        }
    }
}

/// Can this service be asked through Kith today? Every reason stands in the directory or
/// the partnership's own records; nothing about a person is needed.
pub fn may_ask(
    service: &Service,
    organisation: Option<&Organisation>,
    team: Option<&Team>,
    today: Day,
) -> MayAsk {
    let no = |why: String| MayAsk::No(why);
    if service.status != ServiceStatus::Active {
        return no(format!("It {}", status_words(service.status)));
    }
    if !service.joining.is_empty() && !service.joining.contains(&Joining::Referral) {
        return MayAsk::GoAlong(match service.joining.contains(&Joining::WalkIn) {
            true => "People just go along. Nobody has to ask for them".into(),
            false => "People ask for it themselves. You can help them to".into(),
        });
    }
    let (Some(organisation), Some(team)) = (organisation, team) else {
        return MayAsk::GoAlong("It takes no requests through Kith".into());
    };
    if !organisation.agreement.as_ref().is_some_and(|a| a.in_date(today)) {
        return no(format!("{} has no data-sharing agreement in date", organisation.short));
    }
    if !organisation.active(today) || !team.active(today) {
        return no(format!("{} is not working at the moment", organisation.short));
    }
    if !organisation.has_accounts && team.email.as_deref().unwrap_or_default().trim().is_empty() {
        return no(format!("{} has no account here and no email address. Phone them", organisation.short));
    }
    if !service.capacity.space.takes_people(today) {
        return no(format!("It is {}", service.capacity.space.words()));
    }
    MayAsk::Yes
}

fn status_words(status: ServiceStatus) -> &'static str {
    match status {
        ServiceStatus::Active => "is running",
        ServiceStatus::Inactive => "is not running now",
        ServiceStatus::Defunct => "has ended",
        ServiceStatus::TemporarilyClosed => "is closed for a while",
    }
}

/// What came of asking this service for this person before, the oldest first: for the
/// search, so that nobody is sent to the same closed door twice. Another's referral, one
/// taken back by the asking side in time, and one that ended with help say nothing.
pub fn tried(
    service: ServiceId,
    referrals: &[Saved<Referral>],
    today: Day,
    calendar: &Calendar,
) -> Vec<Tried> {
    let mut of: Vec<&Saved<Referral>> =
        referrals.iter().filter(|r| r.value.service == service && !r.meta.entered_in_error).collect();
    of.sort_by_key(|r| r.value.requested_at);
    of.into_iter().filter_map(|r| tried_once(&r.value, today, calendar)).collect()
}

/// What the person said of this service before anything was sent, as a try.
pub fn said_no_before(service: ServiceId, needs: &[Saved<Need>]) -> Vec<Tried> {
    let current = needs.iter().filter(|n| !n.meta.entered_in_error);
    let nos = current.flat_map(|n| n.value.said_no_to.iter()).filter(|no| no.service == service);
    nos.map(|no| Tried::PersonSaidNo { on: no.on }).collect()
}

fn tried_once(r: &Referral, today: Day, calendar: &Calendar) -> Option<Tried> {
    let asked_on = calendar.day(r.requested_at?);
    let ended_on = r.ended_at.map(|at| calendar.day(at));
    let late = |on: Day| r.accepted_at.is_none() && r.reply_by < on;
    match r.status {
        Status::Requested if late(today) => Some(Tried::Silent { reply_by: r.reply_by }),
        Status::Requested | Status::Accepted | Status::InProgress | Status::OnHold => {
            Some(Tried::OpenNow { since: asked_on })
        }
        Status::Rejected => {
            let (on, decline) = (ended_on.unwrap_or(asked_on), r.decline.as_ref()?);
            Some(match decline.reason {
                DeclineReason::Full => Tried::Full { on },
                DeclineReason::PersonSaidNo => Tried::PersonSaidNo { on },
                reason => Tried::Declined { on, why: why(reason, &decline.words) },
            })
        }
        Status::Cancelled if r.ended_by == Some(Party::Person) => {
            Some(Tried::PersonSaidNo { on: ended_on.unwrap_or(asked_on) })
        }
        Status::Cancelled if r.ended_by == Some(Party::Requester) && late(ended_on?) => {
            Some(Tried::Silent { reply_by: r.reply_by })
        }
        Status::Cancelled | Status::Failed if r.ended_by == Some(Party::Target) => {
            let why = r.reason.clone().unwrap_or_default();
            Some(Tried::Declined { on: ended_on.unwrap_or(asked_on), why })
        }
        _ => None,
    }
}

fn why(reason: DeclineReason, words: &str) -> String {
    match reason {
        DeclineReason::Other => words.to_owned(),
        known => known.title().to_lowercase(),
    }
}

/// Where the services asked for one need stand together; none when fewer than two were
/// asked. "Decide" means that every part has ended without help and somebody decides.
pub fn together(parts: &[&Referral]) -> Option<Whole> {
    let states: Vec<Status> =
        parts.iter().map(|r| r.status).filter(|s| *s != Status::EnteredInError).collect();
    (states.len() > 1).then(|| parent_status(&states))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::{Area, Sensitivity};
    use crate::directory::{Capacity, Space};
    use crate::id::{OrganisationId, TeamId};
    use crate::organisation::{Agreement, ControllerRole, OrganisationKind, OrganisationStatus};
    use jiff::civil::date;
    use uuid::Uuid;

    const TODAY: Day = date(2026, 11, 23);

    fn organisation() -> Organisation {
        Organisation {
            name: "Open Door".into(),
            short: "Open Door".into(),
            kind: OrganisationKind::Charity,
            ods: None,
            charity_number: None,
            phone: None,
            email: None,
            website: None,
            agreement: Some(Agreement {
                reference: "A1".into(),
                from: date(2026, 1, 1),
                until: date(2027, 1, 1),
                areas: vec![Area::Housing],
                ceiling: Sensitivity::S2,
                role: ControllerRole::Controller,
                data_protection_contact: "dpo".into(),
                purposes: vec!["Support that the person asked for".into()],
                dpia: "DPIA-1".into(),
                caldicott: "Caldicott Guardian".into(),
            }),
            status: OrganisationStatus::Active,
            has_accounts: true,
            successors: Vec::new(),
            access: Default::default(),
            lead: None,
        }
    }

    fn team() -> Team {
        Team {
            organisation: OrganisationId(Uuid::from_u128(1)),
            name: "Homes".into(),
            lead: None,
            net: false,
            navigators: false,
            closed: None,
            email: None,
            phone: None,
            reply_working_days: 5,
        }
    }

    fn service() -> Service {
        let mut service = Service::new("Homes with support", OrganisationId(Uuid::from_u128(1)));
        service.team = Some(TeamId(Uuid::from_u128(2)));
        service
    }

    fn ask(change: impl FnOnce(&mut Service, &mut Organisation, &mut Team)) -> MayAsk {
        let (mut s, mut o, mut t) = (service(), organisation(), team());
        change(&mut s, &mut o, &mut t);
        may_ask(&s, Some(&o), Some(&t), TODAY)
    }

    #[test]
    fn an_open_service_with_an_agreement_can_be_asked() {
        assert_eq!(ask(|_, _, _| {}), MayAsk::Yes);
    }

    #[test]
    fn each_reason_against_is_told() {
        let full = ask(|s, _, _| {
            s.capacity =
                Capacity { space: Space::Full { until: Some(date(2027, 1, 4)) }, ..Capacity::default() };
        });
        assert_eq!(full.why_not(), Some("It is full until Monday 4 January 2027"));
        let lapsed = ask(|_, o, _| o.agreement.as_mut().unwrap().until = date(2026, 11, 22));
        assert!(matches!(lapsed, MayAsk::No(why) if why.contains("no data-sharing agreement")));
        let mute = ask(|_, o, _| o.has_accounts = false);
        assert!(matches!(mute, MayAsk::No(why) if why.contains("Phone them")));
        assert!(matches!(ask(|s, _, _| s.status = ServiceStatus::Defunct), MayAsk::No(_)));
    }

    #[test]
    fn where_people_just_go_along_nobody_writes_a_request() {
        let walk_in = ask(|s, _, _| s.joining = vec![Joining::WalkIn]);
        assert!(matches!(walk_in, MayAsk::GoAlong(why) if why.contains("go along")));
        assert!(matches!(may_ask(&service(), None, None, TODAY), MayAsk::GoAlong(_)));
        assert_eq!(ask(|s, _, _| s.joining = vec![Joining::WalkIn, Joining::Referral]), MayAsk::Yes);
    }
}
