//! Stopping, narrowing and giving. Stopping counts from the next request, takes nobody off
//! a list, and is told to whoever holds the plan so that somebody speaks to the service.

use super::preview::{actors_of, headings, most_there, purposes_of, would_see};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::mine::stop::tell_plan_holder;
use crate::principal::{Identity, Principal};
use kith_access::{Action, Involvement, Party, Span};
use kith_domain::area::{Area, Category};
use kith_domain::consent::{Consent, HowGiven, MadeFor, Power};
use kith_domain::deciding::{CLOSE_INTERPRETER, decider, interpreter_is_close};
use kith_domain::id::{ConsentId, OrganisationId, PersonId, RecordId, SupporterId};
use kith_domain::message::MessageKind;
use kith_domain::person::Person;
use kith_domain::record::{Author, Saved};
use kith_domain::sharing::{self, Giving, Lacks, Less, NotShared, There};
use kith_domain::supporter::Supporter;
use kith_domain::time::Day;
use kith_store::world::sharing_of;
use uuid::Uuid;

/// What the person lets an organisation go on seeing, as it was asked.
#[derive(Clone, Debug)]
pub struct NewSharing {
    /// Which organisation.
    pub organisation: OrganisationId,
    /// Which areas.
    pub areas: Vec<Area>,
    /// For which purposes.
    pub purposes: Vec<String>,
    /// Also what is private.
    pub private: bool,
    /// Of what is very private: the things that were named.
    pub categories: Vec<Category>,
    /// Also add to the plan there.
    pub contribute: bool,
    /// The last day.
    pub until: Day,
    /// How it was given.
    pub given: HowGiven,
    /// Somebody decides for the person, who cannot decide this now.
    pub made_for: Option<MadeFor>,
}

impl Kith {
    /// Stops everything that is shared with one organisation, at once.
    ///
    /// # Errors
    /// It may not be done by this actor, or nothing is shared with them.
    pub async fn stop_sharing(
        &self,
        who: &Principal,
        person: PersonId,
        organisation: OrganisationId,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let consents = change.all::<Consent>(Action::StopSharing)?;
        let mut stopped = 0;
        for consent in consents.iter().filter(|c| c.value.organisation == organisation) {
            if let Ok(after) = sharing::stopped(&consent.value, who.now) {
                let opened = change.open::<Consent>(consent.id::<ConsentId>(), Action::StopSharing)?;
                change.save("sharing stopped", &opened, &after, recorded_for(who, person)).await?;
                stopped += 1;
            }
        }
        if stopped == 0 {
            return Err(CareError::refused("Nothing is shared with them now. There is nothing to stop."));
        }
        let saved = change.open_person(Action::StopSharing)?;
        if !saved.value.stopped_organisations.contains(&organisation) {
            let mut person = saved.value.clone();
            person.stopped_organisations.push(organisation);
            change.save("sharing stopped", &saved, &person, recorded_for(who, saved.id())).await?;
        }
        tell_holder(&mut change, organisation).await?;
        change.finish(answer).await
    }

    /// Makes a standing agreement less: fewer areas, an earlier end, or no adding.
    ///
    /// # Errors
    /// It would be more, or it may not be done by this actor.
    pub async fn narrow_sharing(
        &self,
        who: &Principal,
        person: PersonId,
        consent: (ConsentId, u32),
        less: &Less,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Consent>(consent.0, Action::StopSharing)?;
        Changing::expect_version(&saved, consent.1)?;
        let today = who.partnership.today(who.now);
        let after = sharing::narrowed(&saved.value, less, today).map_err(|e| field_of(&e))?;
        change.save("sharing made less", &saved, &after, recorded_for(who, person)).await?;
        change.finish(answer).await
    }

    /// Somebody spoke with the person about the end of an agreement; nothing else changes.
    ///
    /// # Errors
    /// It has ended, or it may not be done by this actor.
    pub async fn told_of_end(
        &self,
        who: &Principal,
        person: PersonId,
        consent: ConsentId,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Consent>(consent, Action::StopSharing)?;
        let today = who.partnership.today(who.now);
        let after = sharing::end_told(&saved.value, who.now, today)
            .map_err(|why| CareError::refused(format!("{why}.")))?;
        change.save("spoken about its end", &saved, &after, None).await?;
        change.finish(answer).await
    }

    /// What an organisation could open if this were agreed: shown before it is.
    ///
    /// # Errors
    /// It is more than the organisation's agreement covers, or somebody there must not know.
    pub async fn would_open(
        &self,
        who: &Principal,
        person: PersonId,
        new: &NewSharing,
    ) -> Result<Vec<String>, CareError> {
        let mut look = self.look(who).await?;
        let mut about = look.about(person).await?;
        let supporters = look.all::<Supporter>(&about)?;
        let result = match look.person(&about) {
            Ok(p) => agreed(who, &p.value, &supporters, new).and_then(|consent| {
                about.world.sharings.push(sharing_of(&consent, self.calendar()));
                about.world.stopped.remove(&new.organisation);
                // As if everybody there supported the person: that is the most it could come to.
                for actor in actors_of(who, new.organisation) {
                    let Some(worker) = actor.worker_id() else { continue };
                    about.world.involvements.push(Involvement {
                        party: Party::Worker(worker),
                        organisation: new.organisation,
                        span: Span::since(who.now),
                    });
                }
                let all = headings(&mut look, &about)?;
                Ok(would_see(&look, &about.world, &all, new.organisation))
            }),
            Err(e) => Err(e),
        };
        look.finish_with(result).await
    }

    /// A new standing agreement: by the person, or with them by a worker who writes down
    /// how it was given.
    ///
    /// # Errors
    /// It is more than the organisation's agreement covers, or it may not be done.
    pub async fn give_sharing(
        &self,
        who: &Principal,
        person: PersonId,
        new: &NewSharing,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open_person(Action::StopSharing)?;
        let holder = who.partnership.holder_today(&saved.value.holder, true, who.now);
        let supporters = change.all::<Supporter>(Action::View)?;
        let consent = agreed(who, &saved.value, &supporters, new)?;
        let ask = change.batch.ask(Action::ManageConsent).with_reason();
        let id = RecordId(Uuid::now_v7());
        let for_whom = match consent.made_for.as_ref().map(|m| &m.power) {
            None => recorded_for(who, person),
            Some(Power::Representative { supporter, .. }) => {
                Some(Author::Supporter { supporter: *supporter })
            }
            Some(Power::BestInterests { .. }) => None,
        };
        change.create_for(id, "sharing agreed", holder.organisation, &consent, &ask, for_whom).await?;
        // Who was stopped before and is let in again is let in.
        if saved.value.stopped_organisations.contains(&new.organisation) {
            let mut person = saved.value.clone();
            person.stopped_organisations.retain(|o| *o != new.organisation);
            change.save("sharing agreed", &saved, &person, for_whom).await?;
        }
        change.finish(answer).await
    }
}

/// The agreement as it would be, or why it cannot be.
fn agreed(
    who: &Principal,
    person: &Person,
    supporters: &[Saved<Supporter>],
    new: &NewSharing,
) -> Result<Consent, CareError> {
    sharing::may_share_with(person, new.organisation).map_err(|e| field_of(&e))?;
    let today = who.partnership.today(who.now);
    let beside = supporters.iter().map(|s| s.value.name.as_str());
    if new.given.interpreter.as_deref().is_some_and(|named| interpreter_is_close(named, beside)) {
        return Err(CareError::field("interpreter", CLOSE_INTERPRETER));
    }
    let made_for = match &new.made_for {
        Some(_) if !matches!(who.identity, Identity::Worker { .. }) => return Err(CareError::Missing),
        Some(made) => Some(made_for(who, made, supporters, new, today)?),
        None => None,
    };
    let giving = Giving {
        organisation: new.organisation,
        areas: new.areas.clone(),
        purposes: new.purposes.clone(),
        private: new.private,
        categories: new.categories.clone(),
        contribute: new.contribute,
        until: new.until,
        given: new.given.clone(),
        made_for,
    };
    let there = There {
        agreement: who.partnership.organisation(new.organisation).and_then(|o| o.agreement.as_ref()),
        purposes: &purposes_of(who, new.organisation),
        most: &most_there(who, new.organisation),
    };
    sharing::given(giving, &there, today, who.partnership.settings()).map_err(|e| field_of(&e))
}

/// A decision made for the person, within the power of whoever decides, whose name is the one
/// that stands among the people beside them.
fn made_for(
    who: &Principal,
    made: &MadeFor,
    supporters: &[Saved<Supporter>],
    new: &NewSharing,
    today: Day,
) -> Result<MadeFor, CareError> {
    let mut made = made.clone();
    let mut attorney = None;
    if let Power::Representative { supporter, name } = &mut made.power {
        attorney = supporters.iter().find(|s| s.id::<SupporterId>() == *supporter).map(|s| &s.value);
        *name = attorney.map(|a| format!("{}, {}", a.name, a.kind.title())).unwrap_or_default();
    }
    sharing::made_for(&made, &new.areas, attorney, who.now, today).map_err(|e| field_of(&e))?;
    if let Power::BestInterests { decided_by } = &mut made.power {
        let named = decider(&who.partnership.facts, decided_by, today);
        *decided_by = named.map_err(|why| CareError::field("decided_by", format!("{why}.")))?.words;
    }
    Ok(made)
}

/// Whose decision it is when a worker writes it down.
fn recorded_for(who: &Principal, person: PersonId) -> Option<Author> {
    matches!(who.identity, Identity::Worker { .. }).then_some(Author::Person { person })
}

fn field_of(why: &NotShared) -> CareError {
    let field = match why {
        NotShared::End { .. } => "until",
        NotShared::NoPurpose => "purposes",
        NotShared::NamesWithoutPrivate => "private",
        NotShared::NobodyThere => "categories",
        NotShared::NoPowerNow => "decides",
        NotShared::DecisionLacks(Lacks::Decision) => "decision",
        NotShared::DecisionLacks(Lacks::Found) => "found",
        NotShared::DecisionLacks(Lacks::Who) => "decided_by",
        NotShared::DecisionLacks(Lacks::Consulted) => "consulted",
        NotShared::DecisionLacks(Lacks::Least) => "least",
        _ => "areas",
    };
    CareError::field(field, format!("{why}."))
}

/// Whoever holds the plan reads that sharing stopped, by the usual day. Not for a worker
/// who did it together with the person: they know.
async fn tell_holder(change: &mut Changing<'_>, organisation: OrganisationId) -> Result<(), CareError> {
    if !matches!(change.who.identity, Identity::Person { .. }) {
        return Ok(());
    }
    let name = change.who.partnership.organisation_name(organisation).unwrap_or_default();
    let words = format!(
        "They stopped sharing with {name}. {name} sees nothing new from now on. Their place in the queue is \
         kept. Speak to {name}: if it cannot go on without a fact, it says which fact and why."
    );
    tell_plan_holder(change, MessageKind::Notice, words).await
}
