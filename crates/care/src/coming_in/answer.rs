//! What the navigator team does with a request: reads it, takes it up or closes it, and
//! tells the one who asked.

use super::reference;
use crate::change::loose::{BegunLoose, Loose};
use crate::change::{Begun, Changing};
use crate::error::{CareError, FieldProblem};
use crate::kith::Kith;
use crate::principal::Principal;
use crate::telling_outside::again::person_now;
use crate::telling_outside::back::standing;
use kith_access::Action;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::arriving::{NotNow, close, not_told, outcome_told, take_up, taken_up};
use kith_domain::coming_in::{Answered, ComingIn, PersonKnows};
use kith_domain::id::{OrganisationId, PersonId, RecordId};
use kith_domain::next_date::check_next_date;
use kith_domain::organisation::Holder;
use kith_domain::person::CameBy;
use kith_domain::plan::{Note, NoteKind};
use kith_domain::record::{Author, Saved};
use kith_domain::text::is_email;
use kith_domain::time::Day;
use kith_store::Writing;
use kith_store::chain::ChainKind;
use uuid::Uuid;

/// What a navigator says when taking somebody up.
#[derive(Clone, Debug)]
pub struct TakeUp {
    /// The name they like to be called.
    pub called: String,
    /// What happens next.
    pub next_what: String,
    /// On which day.
    pub next_on: Day,
    /// The navigator has spoken to them and they want this.
    pub spoken: bool,
    /// The version of the request that the page showed.
    pub version: u32,
}

impl Kith {
    /// One request, for the team that reads it.
    ///
    /// # Errors
    /// There is none with this id, or it is another team's.
    pub async fn coming_in(&self, who: &Principal, id: RecordId) -> Result<Saved<ComingIn>, CareError> {
        let mut look = self.look(who).await?;
        let ask = look.batch.ask(Action::View);
        let result = match look.tx.find::<ComingIn>(id).await? {
            Some(guarded) => match look.beside(id).await {
                Ok(world) => look.open(&world, guarded, &ask),
                Err(fault) => Err(fault),
            },
            None => {
                look.batch.missing(&ask);
                Err(CareError::Missing)
            }
        };
        look.finish_with(result).await
    }

    /// Has somebody spoken to the person who came of a request, as far as this worker may see?
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn spoken_to_since(&self, who: &Principal, request: &ComingIn) -> Result<bool, CareError> {
        let Some(Answered::BecamePerson { person, .. }) = request.answered else { return Ok(false) };
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let found = look.person(&about);
        look.finish().await?;
        Ok(found.is_ok_and(|p| p.value.heard_at.is_some()))
    }

    /// Makes a person of a request: held by this navigator, with a next date, how they
    /// came and their words. The answer is the path of their page.
    ///
    /// # Errors
    /// A field needs another look, the person does not know yet, or somebody was quicker.
    pub async fn take_up(
        &self,
        who: &Principal,
        id: RecordId,
        form: &TakeUp,
        submission: Uuid,
    ) -> Result<String, CareError> {
        let (me, organisation) = who.worker()?;
        let (today, settings) = (who.partnership.today(who.now), who.partnership.settings());
        let team = who
            .partnership
            .navigating_team(who, today)
            .ok_or_else(|| CareError::refused("Your team does not hold plans. A navigator takes this up."))?;
        let next = check_next_date(&form.next_what, form.next_on, today, settings)
            .map_err(|why| next_problem(&why))?;
        // The id comes from the form, so that the same form locks the same chain.
        let person_id = PersonId(submission);
        let mut change = match self.change(who, person_id, Some(submission)).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let owner = self.owner_of_request(who, id).await?;
        change.tx.lock(ChainKind::Organisation, &[owner.0]).await?;
        let request = change.open_beside::<ComingIn>(id, Action::Update).await?;
        Changing::expect_version(&request, form.version)?;
        let holder = Holder { organisation, team, lead: Some(me) };
        let person = take_up(&request.value, form.called.clone(), holder, next, form.spoken, who.now)
            .map_err(not_now)?;
        let basis = change.permit_place(Action::AddPerson)?;
        change.create_permitted(person_id, "person came in", organisation, &person, &basis, None).await?;
        if let Some((note, from)) = their_words(&request.value, person_id, today) {
            let at: RecordId = self.new_id();
            change
                .create_permitted(at, "what was said on coming in", organisation, &note, &basis, from)
                .await?;
        }
        let answered = taken_up(&request.value, person_id, who.now);
        let writing = Writing {
            at: who.now,
            author: who.actor.author(),
            recorded_for: None,
            basis: "as opened".into(),
        };
        change.tx.change(&writing, "request taken up", &request.meta, &answered).await?;
        // What waits to be sent to whoever asked is asked about from now on.
        change.tx.set_message_person(&format!("coming-in:{id}:arrived"), person_id).await?;
        self.note_possible_matches(&mut change, person_id, &person).await?;
        change.finish(&format!("/people/{person_id}")).await
    }

    /// Closes a request with words for the one who asked.
    ///
    /// # Errors
    /// Somebody answered it meanwhile, or it is another team's.
    pub async fn close_request(
        &self,
        who: &Principal,
        id: RecordId,
        version: u32,
        words: String,
        submission: Uuid,
    ) -> Result<String, CareError> {
        let mut change = match self.begin_answer(who, id, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let request = change.open::<ComingIn>(id, Action::Update).await?;
        Changing::expect_version(&request, version)?;
        let closed = close(&request.value, words, who.now).map_err(not_now)?;
        change.save("request closed with words", &request, &closed).await?;
        self.tell_there_is_an_answer(&mut change, id, &closed).await?;
        change.finish(&format!("/coming-in/{id}")).await
    }

    /// Writes down that the one who asked was told what happened. `agreed`: the person said to us
    /// that they may be.
    ///
    /// # Errors
    /// Nothing has happened yet, or the person has not agreed.
    pub async fn sender_told(
        &self,
        who: &Principal,
        id: RecordId,
        version: u32,
        agreed: bool,
        submission: Uuid,
    ) -> Result<String, CareError> {
        let mut change = match self.begin_answer(who, id, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let request = change.open::<ComingIn>(id, Action::Update).await?;
        Changing::expect_version(&request, version)?;
        let told = outcome_told(&request.value, agreed, who.now).map_err(|why| match why {
            NotNow::NotAgreed => CareError::field("agreed", format!("{why}.")),
            other => not_now(other),
        })?;
        change.save("the one who asked was told", &request, &told).await?;
        if matches!(told.answered, Some(Answered::BecamePerson { .. })) {
            self.tell_there_is_an_answer(&mut change, id, &told).await?;
        }
        change.finish(&format!("/coming-in/{id}")).await
    }

    /// Writes down that the person said no to telling the one who asked.
    ///
    /// # Errors
    /// Nothing has happened yet, or it is another team's.
    pub async fn sender_not_told(
        &self,
        who: &Principal,
        id: RecordId,
        version: u32,
        submission: Uuid,
    ) -> Result<String, CareError> {
        let mut change = match self.begin_answer(who, id, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let request = change.open::<ComingIn>(id, Action::Update).await?;
        Changing::expect_version(&request, version)?;
        let settled = not_told(&request.value, who.now).map_err(not_now)?;
        change.save("the one who asked is not told", &request, &settled).await?;
        change.finish(&format!("/coming-in/{id}")).await
    }

    async fn begin_answer<'a>(
        &'a self,
        who: &'a Principal,
        id: RecordId,
        submission: Uuid,
    ) -> Result<BegunLoose<'a>, CareError> {
        let owner = self.owner_of_request(who, id).await?;
        self.change_beside(who, owner, Some(submission)).await
    }

    /// In whose part a request stands: that chain is locked to answer it. It is another
    /// organisation's where the request passed on from one that shut.
    async fn owner_of_request(&self, who: &Principal, id: RecordId) -> Result<OrganisationId, CareError> {
        let (_, own) = who.worker()?;
        let mut tx = self.store().read().await?;
        Ok(tx.find::<ComingIn>(id).await?.map_or(own, |g| g.item().owner))
    }

    /// An e-mail that says only that there is an answer and whom to ring.
    async fn tell_there_is_an_answer(
        &self,
        change: &mut Loose<'_>,
        id: RecordId,
        request: &ComingIn,
    ) -> Result<(), CareError> {
        let who = change.who;
        let person = match request.answered {
            Some(Answered::BecamePerson { person, .. }) => {
                Some(person_now(self, &mut change.tx, person, who.now).await?)
            }
            _ => None,
        };
        let ring = match who.partnership.team(request.holder.team).and_then(|t| t.phone.clone()) {
            Some(phone) => format!("Ring us in the daytime on {phone}"),
            None => "Ring us in the daytime".to_owned(),
        };
        let body = format!(
            "There is an answer to your message.\n\n{ring} and say your reference: {}.\n\n\
             If somebody is in danger now, call 999.\n",
            reference(id)
        );
        let about = (request, person.as_ref());
        self.write_to_asker(who, &mut change.tx, about, &answer_key(id), ("There is an answer for you", body))
            .await
    }

    /// Where the e-mail to whoever asked stands, in words, once they were told.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn mail_to_asker(&self, id: RecordId, request: &ComingIn) -> Result<Option<String>, CareError> {
        let gave_one = request.sender.contact.as_ref().is_some_and(|c| is_email(c));
        let told = request.outcome_told_at.is_some();
        if request.sender.by == CameBy::Themselves || !gave_one || !told {
            return Ok(None);
        }
        let mut tx = self.store().read().await?;
        let row = tx.find_message(&answer_key(id)).await?;
        Ok(Some(row.map_or_else(
            || "not sent: nobody knows that it is safe. Tell them yourself".into(),
            |row| standing(row, self.calendar()),
        )))
    }
}

fn answer_key(id: RecordId) -> String {
    format!("coming-in:{id}:answer")
}

/// What was said, as the first note of the story, and whose words they are.
fn their_words(request: &ComingIn, person: PersonId, today: Day) -> Option<(Note, Option<Author>)> {
    if request.words.trim().is_empty() {
        return None;
    }
    let own = request.sender.by == CameBy::Themselves;
    // Somebody close who asks without the person knowing speaks in confidence.
    let in_confidence = matches!(request.sender.knows, PersonKnows::No | PersonKnows::NotSure);
    let words = match (own, &request.sender.name) {
        (true, _) => request.words.clone(),
        (false, Some(name)) => format!("{name} wrote: {}", request.words),
        (false, None) => format!("Whoever asked for them wrote: {}", request.words),
    };
    let note = Note {
        area: Area::Identity,
        sensitivity: Sensitivity::S2,
        categories: Vec::new(),
        hidden: in_confidence,
        hidden_reason: in_confidence.then(|| "Said in confidence by somebody who asked for them".into()),
        third_party: false,
        allow_list: Vec::new(),
        kind: NoteKind::Story,
        words,
        on: today,
        contact_with: None,
        amends: None,
        hidden_review: None,
        marked: Vec::new(),
    };
    Some((note, Some(if own { Author::Person { person } } else { Author::Public })))
}

fn next_problem(why: &kith_domain::next_date::BadNextDate) -> CareError {
    use kith_domain::next_date::BadNextDate;
    let field = match why {
        BadNextDate::NoWhat | BadNextDate::Words(_) => "next-what",
        _ => "next",
    };
    CareError::Fields(vec![FieldProblem { field: field.into(), problem: format!("{why}.") }])
}

fn not_now(why: NotNow) -> CareError {
    match why {
        NotNow::NotSpoken => CareError::field("spoken", format!("{why}.")),
        other => CareError::refused(format!("{other}.")),
    }
}
