//! The help a person asked for: where each request stands, an honest wait, something to
//! do meanwhile, whom to ask, and "I do not want this help any more".

use super::stop::tell_plan_holder;
use super::{Reader, by_code_alone, reader};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::principal::{Identity, Principal};
use kith_access::{Action, ReferralStatus};
use kith_domain::area::Area;
use kith_domain::clock::HonestWait;
use kith_domain::consent::{Basis, Consent};
use kith_domain::directory::ServiceStatus;
use kith_domain::holding::asking_side;
use kith_domain::id::{PersonId, ReferralId};
use kith_domain::message::MessageKind;
use kith_domain::moves::{Surroundings, stopped_by_person};
use kith_domain::organisation::Holder;
use kith_domain::person::Person;
use kith_domain::record::Saved;
use kith_domain::referral::{Business, Offer, Outcome, Referral, Status};
use kith_domain::sharing;
use kith_domain::time::{Day, Instant, days_between};
use uuid::Uuid;

/// One request for help, as the person sees it.
#[derive(Clone, Debug)]
pub struct MyReferral {
    /// Which.
    pub id: ReferralId,
    /// To which service.
    pub service_name: String,
    /// In which area of life.
    pub area: Area,
    /// Of which organisation.
    pub organisation: String,
    /// How to ring the team that was asked.
    pub phone: Option<String>,
    /// The state.
    pub status: Status,
    /// What happens inside it.
    pub business: Business,
    /// They reply by this day.
    pub reply_by: Day,
    /// On which day it was sent.
    pub sent_on: Option<Day>,
    /// Days waited so far, for what has not started.
    pub waited: Option<i32>,
    /// How long people really wait; none when it is not a wait, or they are too few.
    pub honest: Option<HonestWait>,
    /// Dates that were offered.
    pub offered: Vec<Offer>,
    /// The date that was agreed.
    pub agreed: Option<Offer>,
    /// They said that none of the dates was good, and others follow.
    pub none_good: bool,
    /// An answer came, and somebody will talk with the person about it first.
    pub answer_coming: bool,
    /// What was said with a no, once somebody talked with the person about it.
    pub no_words: Option<String>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The person ended it themselves.
    pub ended_by_me: bool,
    /// Whom to ask about it.
    pub ask: Reader,
    /// Groups to go to meanwhile: address and name.
    pub meanwhile: Vec<(String, String)>,
}

impl MyReferral {
    /// Can the person still say that they do not want it?
    pub fn may_stop(&self) -> bool {
        self.status != Status::Draft && !self.status.terminal()
    }

    /// Dates were offered, and they have not answered.
    pub fn may_choose(&self) -> bool {
        let going = matches!(self.status, Status::Accepted | Status::InProgress);
        going && self.business == Business::DateOffered && !self.offered.is_empty()
    }

    /// Sent or accepted, and not begun.
    pub fn waiting(&self) -> bool {
        waiting(self.status, self.business)
    }
}

fn waiting(status: Status, business: Business) -> bool {
    matches!(status, Status::Requested | Status::Accepted | Status::OnHold)
        && !matches!(business, Business::Came | Business::Started)
}

impl Kith {
    /// The help they asked for.
    ///
    /// # Errors
    /// It is not a person who asks.
    pub async fn my_referrals(&self, who: &Principal) -> Result<Vec<MyReferral>, CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let result = my_referrals(&mut look, &about, Detail::Full).await;
        look.finish_with(result).await
    }

    /// "I do not want this help any more." Nothing else changes: other help goes on.
    ///
    /// # Errors
    /// It is not theirs, or it has ended.
    pub async fn stop_referral(
        &self,
        who: &Principal,
        person: PersonId,
        referral: ReferralId,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let me = change.open_person(Action::StopSharing)?;
        let saved = change.open::<Referral>(referral, Action::StopSharing)?;
        if !saved.value.person_may_see() && matches!(who.identity, Identity::Person { .. }) {
            return Err(CareError::Missing);
        }
        stop_one(&mut change, &me, &saved).await?;
        if by_code_alone(who) {
            let words = format!(
                "They stopped the help of {}, with a paper code and no word. If that may have been somebody \
                 else, ask them when they are alone, and ask {} again.",
                saved.value.service_name, saved.value.service_name
            );
            tell_plan_holder(&mut change, MessageKind::Notice, words).await?;
        }
        if let Basis::Agreement { consent } = saved.value.basis {
            let consent = change.open::<Consent>(consent, Action::StopSharing)?;
            if let Ok(after) = sharing::stopped(&consent.value, who.now) {
                change.save("stopped by the person", &consent, &after, None).await?;
            }
        }
        change.finish(answer).await
    }
}

/// Takes one referral back because the person stopped it.
pub(crate) async fn stop_one(
    change: &mut Changing<'_>,
    person: &Saved<Person>,
    referral: &Saved<Referral>,
) -> Result<(), CareError> {
    let who = change.who;
    let around = Surroundings {
        now: who.now,
        calendar: change.kith.calendar(),
        settings: who.partnership.settings(),
        person: &person.value,
    };
    let after = stopped_by_person(&referral.value, around)
        .map_err(|_| CareError::refused("This has ended already. There is nothing more to stop."))?;
    change.save("stopped by the person", referral, &after, None).await?;
    Ok(())
}

/// How much is worked out about each request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Where it stands.
    Short,
    /// Also how long people wait and what to do meanwhile.
    Full,
}

pub(crate) async fn my_referrals(
    look: &mut Looking<'_>,
    about: &About,
    detail: Detail,
) -> Result<Vec<MyReferral>, CareError> {
    let mut found: Vec<(Instant, MyReferral)> = Vec::new();
    let ask = look.batch.ask(Action::ViewReferralStatus);
    let plan = about.world.holder.as_ref();
    let plan = plan.and_then(|h| Some(Holder { organisation: h.organisation, team: h.team?, lead: h.lead }));
    for guarded in about.records.of::<Referral>()? {
        let id: ReferralId = guarded.item().id.into();
        let made = guarded.item().created;
        let Some(status) = look.listed(&about.world, guarded.status(), &ask) else { continue };
        if matches!(status.status, Status::Draft | Status::EnteredInError) || !status.person_may_see {
            continue;
        }
        found.push((status.requested_at.unwrap_or(made), one(look, id, status, (plan, detail)).await?));
    }
    found.sort_by_key(|(at, r)| (r.status.terminal(), std::cmp::Reverse(*at)));
    Ok(found.into_iter().map(|(_, r)| r).collect())
}

async fn one(
    look: &mut Looking<'_>,
    id: ReferralId,
    s: ReferralStatus,
    (plan, detail): (Option<Holder>, Detail),
) -> Result<MyReferral, CareError> {
    let who = look.who;
    let partnership = &who.partnership;
    let calendar = look.kith.calendar();
    let today = calendar.day(who.now);
    let is_waiting = waiting(s.status, s.business) && s.agreed.is_none();
    let sent_on = s.requested_at.map(|at| calendar.day(at));
    let ask_others = is_waiting && detail == Detail::Full;
    let honest = match ask_others {
        true => look.kith.honest_wait_of(&mut look.tx, s.service, partnership.settings(), who.now).await?,
        false => None,
    };
    // Whoever sent it talks with the person before the page tells them a no.
    let told = s.told_of_ending;
    let no = matches!(s.status, Status::Rejected | Status::Cancelled | Status::Failed);
    let ended_by_me = s.ended_by_person;
    let receiver: Holder = s.receiver.into();
    let team = partnership.team(receiver.team);
    Ok(MyReferral {
        id,
        organisation: partnership.organisation_name(s.receiver.organisation).unwrap_or_default(),
        phone: team.and_then(|t| t.phone.clone()),
        status: s.status,
        business: s.business,
        reply_by: s.reply_by,
        waited: sent_on.filter(|_| is_waiting).map(|day| days_between(day, today)),
        sent_on,
        honest,
        answer_coming: no && !told && !ended_by_me,
        no_words: s.decline.filter(|_| told).map(|d| d.words).filter(|w| !w.trim().is_empty()),
        outcome: s.outcome,
        offered: s.offered.into_iter().filter(|o| calendar.day(o.at) >= today).collect(),
        agreed: s.agreed,
        none_good: s.none_good,
        ended_by_me,
        ask: reader(who, &plan.map_or(s.sender.into(), |plan| asking_side(s.sender, plan))),
        meanwhile: if ask_others { meanwhile(look, s.area).await? } else { Vec::new() },
        service_name: s.service_name,
        area: s.area,
    })
}

/// Up to two groups that run, for the same part of life: nothing to be let in to.
async fn meanwhile(look: &mut Looking<'_>, area: Area) -> Result<Vec<(String, String)>, CareError> {
    let directory = look.kith.directory(&mut look.tx).await?;
    let fits = directory
        .groups
        .iter()
        .filter(|(_, g)| g.value.status == ServiceStatus::Active && g.value.areas.contains(&area));
    Ok(fits.take(2).map(|(id, g)| (format!("/groups/{id}"), g.value.name.clone())).collect())
}
