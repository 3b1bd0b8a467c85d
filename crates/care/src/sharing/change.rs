//! Stopping, narrowing and giving. Stopping counts from the next request, takes nobody off
//! a list, and is told to whoever holds the plan so that somebody speaks to the service.

use super::preview::purposes_of;
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::mine::reader;
use crate::principal::{Identity, Principal};
use kith_access::Action;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::consent::{Consent, HowGiven};
use kith_domain::id::{ConsentId, OrganisationId, PersonId, RecordId};
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::record::{Author, Saved};
use kith_domain::sharing::{self, Giving, NotShared};
use kith_domain::time::Day;
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
        let organisation = who.partnership.organisation(new.organisation);
        let giving = Giving {
            organisation: new.organisation,
            areas: new.areas.clone(),
            purposes: purposes_of(who, new.organisation),
            private: new.private,
            contribute: new.contribute,
            until: new.until,
            given: new.given.clone(),
        };
        let agreement = organisation.and_then(|o| o.agreement.as_ref());
        let today = who.partnership.today(who.now);
        let consent =
            sharing::given(giving, agreement, today, who.partnership.settings()).map_err(|e| field_of(&e))?;
        let ask = change.batch.ask(Action::ManageConsent).with_reason();
        let id = RecordId(Uuid::now_v7());
        let for_whom = recorded_for(who, person);
        change
            .create_for(id, "sharing agreed", holder.organisation, &consent, &ask, for_whom.clone())
            .await?;
        // Who was stopped before and is let in again is let in.
        if saved.value.stopped_organisations.contains(&new.organisation) {
            let mut person = saved.value.clone();
            person.stopped_organisations.retain(|o| *o != new.organisation);
            change.save("sharing agreed", &saved, &person, for_whom).await?;
        }
        change.finish(answer).await
    }
}

/// Whose decision it is when a worker writes it down.
fn recorded_for(who: &Principal, person: PersonId) -> Option<Author> {
    matches!(who.identity, Identity::Worker { .. }).then_some(Author::Person { person })
}

fn field_of(why: &NotShared) -> CareError {
    let field = match why {
        NotShared::End { .. } => "until",
        NotShared::NoAgreement => "organisation",
        _ => "areas",
    };
    CareError::field(field, format!("{why}."))
}

/// Whoever holds the plan reads that sharing stopped, by the usual day. Not for a worker
/// who did it together with the person: they know.
async fn tell_holder(change: &mut Changing<'_>, organisation: OrganisationId) -> Result<(), CareError> {
    let who = change.who;
    if !matches!(who.identity, Identity::Person { .. }) {
        return Ok(());
    }
    let person: Saved<kith_domain::person::Person> = change.open_person(Action::StopSharing)?;
    let holder = who.partnership.holder_today(&person.value.holder, true, who.now);
    let ask = change.batch.ask(Action::StopSharing);
    let basis = change.permit_person(&ask)?;
    let name = who.partnership.organisation_name(organisation).unwrap_or_default();
    let notice = Message {
        kind: MessageKind::Notice,
        from: who.actor.author(),
        to: MessageTo::Reader { holder, read_by: reader(who, &holder).by },
        words: format!(
            "They stopped sharing with {name}. {name} sees nothing new from now on. Their place in the queue \
             is kept. Speak to {name}: if it cannot go on without a fact, it says which fact and why."
        ),
        area: Area::Identity,
        sensitivity: Sensitivity::S1,
        about: None,
        written_at: who.now,
        read_at: None,
    };
    let id = RecordId(Uuid::now_v7());
    change.create_permitted(id, "sharing stopped", holder.organisation, &notice, &basis, None).await?;
    Ok(())
}
