//! One fact that a service says it cannot go on without: asked for by the service with a
//! reason, held like any question, and answered yes or no by the person, on their own page or
//! together with whoever asked for the help.

use super::receiver::make_moves;
use super::words;
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::mine::by_code_alone;
use crate::principal::{Identity, Principal};
use kith_access::Action;
use kith_domain::fact::{self, NoFact};
use kith_domain::id::{PersonId, ReferralId};
use kith_domain::moves::{self, Move, Mover, Surroundings};
use kith_domain::record::{Author, Saved};
use kith_domain::referral::{Party, Referral};
use uuid::Uuid;

/// A fact that was asked for and waits for the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// With which request.
    pub referral: ReferralId,
    /// The version that was read.
    pub version: u32,
    /// By which service.
    pub service: String,
    /// Of which organisation.
    pub organisation: String,
    /// Which fact.
    pub what: String,
    /// Why.
    pub why: String,
}

impl Kith {
    /// A service asks for one fact and says why it cannot go on without it.
    ///
    /// # Errors
    /// The request is not theirs, or the fact or the reason is missing.
    pub async fn ask_for_fact(
        &self,
        who: &Principal,
        referral: ReferralId,
        version: Option<u32>,
        (what, why): (&str, &str),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut tx = self.store().read().await?;
        let person = self.person_of_referral(&mut tx, referral).await?.ok_or(CareError::Missing)?;
        drop(tx);
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let saved = c.open::<Referral>(referral, Action::AnswerReferral)?;
        if let Some(version) = version {
            Changing::expect_version(&saved, version)?;
        }
        let words = fact::question_words(what, why);
        let saved = make_moves(self, &mut c, saved, vec![Move::Ask(words)]).await?;
        let after = fact::asked(&saved.value, what, why).map_err(|e| field_of(&e))?;
        c.save("one fact asked for", &saved, &after, None).await?;
        c.finish(&format!("/inbox/{referral}")).await
    }

    /// The facts that wait for the person's yes or no. A code alone opens none.
    ///
    /// # Errors
    /// It is not a person who asks.
    pub async fn facts_asked(&self, who: &Principal) -> Result<Vec<Asked>, CareError> {
        let me = who.person()?;
        if by_code_alone(who) {
            return Ok(Vec::new());
        }
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let result = all_asked(&mut look, &about);
        look.finish_with(result).await
    }

    /// One fact that waits, for the person or whoever asked for the help with them.
    ///
    /// # Errors
    /// Nothing waits, or it may not be seen.
    pub async fn fact_asked(
        &self,
        who: &Principal,
        person: PersonId,
        referral: ReferralId,
    ) -> Result<(String, Asked), CareError> {
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let result = look.person(&about).and_then(|p| {
            let found = all_asked(&mut look, &about)?.into_iter().find(|a| a.referral == referral);
            Ok((p.value.called, found.ok_or(CareError::Missing)?))
        });
        look.finish_with(result).await
    }

    /// The person says yes or no. A yes gives exactly the words that come with it.
    ///
    /// # Errors
    /// Nothing waits, a yes has no words, or it is not theirs to answer.
    pub async fn answer_fact(
        &self,
        who: &Principal,
        (person, referral): (PersonId, ReferralId),
        version: Option<u32>,
        (yes, words): (bool, Option<&str>),
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let own = matches!(who.identity, Identity::Person { .. });
        let saved = c.open::<Referral>(referral, if own { Action::Contribute } else { Action::Update })?;
        if own && !saved.value.person_may_see() {
            return Err(CareError::Missing);
        }
        if let Some(version) = version {
            Changing::expect_version(&saved, version)?;
        }
        let words = fact::answer_words(&saved.value, yes, words).map_err(|e| field_of(&e))?;
        let me = c.open_person(if own { Action::Contribute } else { Action::Update })?;
        let around = Surroundings {
            now: who.now,
            calendar: self.calendar(),
            settings: who.partnership.settings(),
            person: &me.value,
        };
        let by = Mover { party: Party::Requester, worker: who.worker().ok().map(|(worker, _)| worker) };
        let step = Move::Answer(words);
        let answered = moves::apply(&saved.value, &step, by, around)
            .map_err(|no| super::receiver::told(&no, step.kind()))?;
        let after = fact::said(&answered, yes, who.now);
        let for_whom = (!own).then_some(Author::Person { person });
        c.save(words::action_word(step.kind()), &saved, &after, for_whom).await?;
        c.finish(answer).await
    }
}

fn all_asked(look: &mut Looking<'_>, about: &About) -> Result<Vec<Asked>, CareError> {
    let own = matches!(look.who.identity, Identity::Person { .. });
    let referrals = look.all::<Referral>(about)?;
    let seen = referrals.into_iter().filter(|r| !own || r.value.person_may_see());
    Ok(seen.filter_map(|r| asked(look.who, &r)).collect())
}

fn asked(who: &Principal, r: &Saved<Referral>) -> Option<Asked> {
    let question = r.value.question.as_ref().filter(|q| fact::waits_for_person(q))?;
    let fact = question.fact.as_ref().filter(|_| r.value.goes_on())?;
    Some(Asked {
        referral: r.id(),
        version: r.meta.version,
        service: r.value.service_name.clone(),
        organisation: who.partnership.organisation_name(r.value.receiver.organisation).unwrap_or_default(),
        what: fact.what.clone(),
        why: fact.why.clone(),
    })
}

fn field_of(why: &NoFact) -> CareError {
    match why {
        NoFact::What => CareError::field("what", format!("{why}.")),
        NoFact::Why => CareError::field("why", format!("{why}.")),
        NoFact::Words => CareError::field("words", format!("{why}.")),
        NoFact::Nothing => CareError::refused(format!("{why}.")),
    }
}
