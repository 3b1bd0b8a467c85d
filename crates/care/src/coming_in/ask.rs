//! Asking for help, without an account: it arrives once, held and with a day.

use super::{ASKED, id_of, reference};
use crate::change::loose::BegunLoose;
use crate::error::{CareError, FieldProblem};
use crate::kith::Kith;
use crate::principal::Principal;
use crate::telling_outside::again::Guard;
use crate::telling_outside::back::clear_outside;
use kith_access::Action;
use kith_domain::arriving::{Asking, Missing, answer_by, arrive, missing_of, reading_team};
use kith_domain::coming_in::ComingIn;
use kith_domain::contact::{AboutNobody, Channel, Cleared, Content, MayLeave, Outgoing, may_send};
use kith_domain::id::RecordId;
use kith_domain::next_date::NextDate;
use kith_domain::person::{CameBy, Person};
use kith_domain::record::Saved;
use kith_domain::text::is_email;
use kith_domain::time::Day;
use kith_store::WriteTx;
use kith_store::outbox::NewMessage;
use kith_store::submission::Submitted;
use uuid::Uuid;

/// Who reads what comes in, and by when: told before anybody writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The team.
    pub team: String,
    /// Its organisation.
    pub organisation: String,
    /// How to ring them in the daytime.
    pub phone: Option<String>,
    /// What is sent now is answered by this day.
    pub answer_by: Day,
}

/// What the one who asked is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sent {
    /// What to say on the phone.
    pub reference: String,
    /// Who reads it.
    pub asked: Asked,
    /// The day by which they are answered.
    pub answer_by: Day,
}

impl Kith {
    /// Who reads what comes in, and by when.
    pub fn asking(&self, who: &Principal) -> Asked {
        let facts = &who.partnership.facts;
        let today = who.partnership.today(who.now);
        let holder = reading_team(facts, today);
        let team = who.partnership.team(holder.team);
        let organisation = who.partnership.organisation(holder.organisation);
        Asked {
            team: who.partnership.team_name(holder.team),
            organisation: organisation.map(|o| o.name.clone()).unwrap_or_default(),
            phone: team.and_then(|t| t.phone.clone()).or_else(|| organisation.and_then(|o| o.phone.clone())),
            answer_by: answer_by(who.now, &facts.calendar, facts.settings().answer_working_days),
        }
    }

    /// Takes a request. Sent twice on one day, it makes one, and the answer is the same.
    ///
    /// # Errors
    /// What is missing, each at its field.
    pub async fn ask_for_help(
        &self,
        who: &Principal,
        asking: Asking,
        submission: Uuid,
    ) -> Result<String, CareError> {
        let today = who.partnership.today(who.now);
        let print = id_of(&fingerprint(&asking, today));
        let coming = arrive(asking, print.simple().to_string(), &who.partnership.facts, who.now)
            .map_err(|missing| CareError::Fields(missing.into_iter().map(problem).collect()))?;
        let mut change = match self.change_beside(who, coming.holder.organisation, Some(submission)).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        // The chain is locked: of two that come at once, the second sees the first.
        if let Submitted::Before(answer) = change.tx.find_submission(print, ASKED).await? {
            return change.finish(&answer).await;
        }
        let id: RecordId = self.new_id();
        let answer = format!("/ask-for-help/sent/{id}");
        let basis = change.permit_place(Action::AskForHelp)?;
        change.create(id, "asked for help", &coming, &basis).await?;
        change.tx.record_submission(print, ASKED, who.now, &answer).await?;
        change.tx.record_submission(id.0, ASKED, who.now, &coming.reply_by.to_string()).await?;
        self.tell_it_arrived(who, &mut change.tx, id, &coming).await?;
        change.finish(&answer).await
    }

    /// What is shown to the one who asked, however often they look. It says nothing of
    /// what was written.
    ///
    /// # Errors
    /// Nothing was asked under this id.
    pub async fn sent(&self, who: &Principal, id: RecordId) -> Result<Sent, CareError> {
        let mut tx = self.store().read().await?;
        let Submitted::Before(day) = tx.find_submission(id.0, ASKED).await? else {
            return Err(CareError::Missing);
        };
        let answer_by = day.parse().map_err(|_| CareError::Missing)?;
        Ok(Sent { reference: reference(id), asked: self.asking(who), answer_by })
    }

    /// An e-mail that says only that something arrived, where an address was given for the
    /// answer. To the person it goes only as the one guard allows.
    async fn tell_it_arrived(
        &self,
        who: &Principal,
        tx: &mut WriteTx,
        id: RecordId,
        coming: &ComingIn,
    ) -> Result<(), CareError> {
        let by = coming.reply_by.strftime("%A %-d %B");
        let body = format!(
            "Thank you. Your message has arrived.\n\nYou will have an answer by {by}.\nYour reference is {}.\n\n\
             Nobody reads messages at night. If somebody is in danger now, call 999.\n",
            reference(id)
        );
        let dedupe = format!("coming-in:{id}:arrived");
        self.write_to_asker(who, tx, (coming, None), &dedupe, ("Your message has arrived", body)).await
    }

    /// Puts a content-free e-mail to the one who asked into the outbox, where they gave an address
    /// and it may go there. `person` is who came of it, if somebody did: what is safe is then asked
    /// of them, whoever asked.
    pub(super) async fn write_to_asker(
        &self,
        who: &Principal,
        tx: &mut WriteTx,
        (coming, person): (&ComingIn, Option<&Saved<Person>>),
        dedupe: &str,
        (subject, body): (&str, String),
    ) -> Result<(), CareError> {
        let Some(way) = self.way_to_asker(who, coming, person) else { return Ok(()) };
        let message = NewMessage {
            id: Uuid::now_v7(),
            at: who.now.0,
            person: person.map(|p| p.meta.id.0),
            channel: "email".into(),
            address: way.address,
            subject: subject.into(),
            body,
            dedupe: dedupe.into(),
            guard: way.guard.stored()?,
        };
        let may = match &way.cleared {
            Some(cleared) => MayLeave::Cleared(cleared),
            None => MayLeave::AboutNobody(AboutNobody::Asker),
        };
        tx.record_message(&message, may).await?;
        Ok(())
    }

    /// Where a content-free e-mail to the one who asked may go now.
    fn way_to_asker(
        &self,
        who: &Principal,
        coming: &ComingIn,
        person: Option<&Saved<Person>>,
    ) -> Option<WayToAsker> {
        if coming.sender.by != CameBy::Themselves {
            let address = coming.sender.contact.clone().filter(|c| is_email(c))?;
            let Some(person) = person else {
                // About their own message, and nobody's plan: it names nobody.
                return Some(WayToAsker { address, guard: Guard::Asker, cleared: None });
            };
            let (cleared, asked_for) = clear_outside(self, who, &person.value).ok()?;
            let guard = Guard::Outside { asked_for };
            return Some(WayToAsker { address, guard, cleared: Some(cleared) });
        }
        let them = person.map_or_else(|| not_yet(coming), |p| p.value.clone());
        let ask = |at| {
            let notice = Outgoing::notice(Channel::Email, Content::Free, at);
            may_send(&them, &notice, self.calendar(), who.partnership.settings())
        };
        // Where only the hour is wrong, it waits in the outbox and is asked again there.
        let cleared = ask(who.now).or_else(|no| no.not_before.map_or(Err(no.clone()), ask)).ok()?;
        let address = cleared.detail().map(str::to_owned).filter(|d| is_email(d))?;
        let way = them.safe_contact.ways.iter().find(|w| w.channel == Channel::Email);
        let guard = Guard::Themselves { hours: way.and_then(|w| w.hours) };
        Some(WayToAsker { address, guard, cleared: Some(cleared) })
    }
}

/// How the one who asked may be written to.
struct WayToAsker {
    address: String,
    guard: Guard,
    cleared: Option<Cleared>,
}

/// Who would come of a request by somebody for themselves, to ask what is safe for them.
fn not_yet(coming: &ComingIn) -> Person {
    let next = NextDate::new("answer", coming.reply_by);
    let mut them = Person::new(coming.called.clone(), coming.holder, next, coming.sender.by);
    them.safe_contact = coming.safe_contact.clone();
    them
}

/// Everything that was said, so that two people with one name who write on one day stay
/// two.
fn fingerprint(asking: &Asking, today: Day) -> String {
    let ways: Vec<String> =
        asking.safe_contact.ways.iter().map(|w| format!("{} {}", w.channel.code(), w.detail)).collect();
    let sender = [asking.name.as_deref(), asking.organisation.as_deref(), asking.contact.as_deref()];
    let sender: Vec<&str> = sender.into_iter().flatten().collect();
    ComingIn::fingerprint_of(
        &asking.called,
        &ways,
        asking.words.as_deref().unwrap_or_default(),
        Some(&sender.join(" ")),
        today,
    )
}

/// What a request lacks, each at its field.
pub fn missing(asking: &Asking) -> Vec<FieldProblem> {
    missing_of(asking).into_iter().map(problem).collect()
}

fn problem(missing: Missing) -> FieldProblem {
    let field = match missing {
        Missing::Way => "way1-detail",
        Missing::SenderName => "name",
        Missing::SenderOrganisation => "organisation",
        Missing::SenderContact => "contact",
        Missing::Knows => "knows",
    };
    FieldProblem { field: field.into(), problem: format!("{missing}.") }
}
