//! Stopping, narrowing and giving. Stopping counts from the next request, takes nobody off
//! a list, and is told to whoever holds the plan so that somebody speaks to the service.

use super::preview::{actors_of, headings, purposes_of, would_see};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::mine::stop::tell_plan_holder;
use crate::principal::{Identity, Principal};
use kith_access::{Action, Involvement, Party, Span};
use kith_domain::area::Area;
use kith_domain::consent::{Consent, HowGiven};
use kith_domain::id::{ConsentId, OrganisationId, PersonId, RecordId};
use kith_domain::message::MessageKind;
use kith_domain::person::Person;
use kith_domain::record::Author;
use kith_domain::sharing::{self, Giving, NotShared};
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
    /// Also what is private.
    pub private: bool,
    /// Also add to the plan there.
    pub contribute: bool,
    /// The last day.
    pub until: Day,
    /// How it was given.
    pub given: HowGiven,
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
    #[expect(clippy::too_many_arguments, reason = "one for each field of the form")]
    pub async fn narrow_sharing(
        &self,
        who: &Principal,
        person: PersonId,
        consent: (ConsentId, u32),
        (areas, contribute): (&[Area], bool),
        until: Day,
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
        let after =
            sharing::narrowed(&saved.value, areas, contribute, until, today).map_err(|e| field_of(&e))?;
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
        let result = match look.person(&about) {
            Ok(p) => agreed(who, &p.value, new).and_then(|consent| {
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
        let consent = agreed(who, &saved.value, new)?;
        let ask = change.batch.ask(Action::ManageConsent).with_reason();
        let id = RecordId(Uuid::now_v7());
        let for_whom = recorded_for(who, person);
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
fn agreed(who: &Principal, person: &Person, new: &NewSharing) -> Result<Consent, CareError> {
    sharing::may_share_with(person, new.organisation).map_err(|e| field_of(&e))?;
    let giving = Giving {
        organisation: new.organisation,
        areas: new.areas.clone(),
        purposes: purposes_of(who, new.organisation),
        private: new.private,
        contribute: new.contribute,
        until: new.until,
        given: new.given.clone(),
    };
    let agreement = who.partnership.organisation(new.organisation).and_then(|o| o.agreement.as_ref());
    let today = who.partnership.today(who.now);
    sharing::given(giving, agreement, today, who.partnership.settings()).map_err(|e| field_of(&e))
}

/// Whose decision it is when a worker writes it down.
fn recorded_for(who: &Principal, person: PersonId) -> Option<Author> {
    matches!(who.identity, Identity::Worker { .. }).then_some(Author::Person { person })
}

fn field_of(why: &NotShared) -> CareError {
    let field = match why {
        NotShared::End { .. } => "until",
        NotShared::NoAgreement | NotShared::MustNotKnow => "organisation",
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
