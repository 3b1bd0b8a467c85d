//! Emergency access (rule B7): three short pages, four hours, told to the person, looked at
//! by somebody outside the team. As easy for a dying person at two in the morning as it is
//! hard for a nosy neighbour: whom it is about is looked for only after the reason and a fresh
//! sign-in, so that asking tells nobody who is known here, and every try is in the log.

use crate::change::Begun;
use crate::error::{CareError, FieldProblem};
use crate::holding::Checking;
use crate::kith::Kith;
use crate::look::{About, refused};
use crate::principal::{Identity, Principal};
use crate::telling_outside::again::Guard;
use crate::telling_outside::{SITE, person_as_job};
use kith_access::{Action, Item, PersonWorld, may_break_glass};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::contact::Channel;
use kith_domain::glass::{Glass, GlassReason, NotOpened, check_reason, close};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::link;
use kith_domain::look_question::{LookCause, LookQuestion, Told, review_due, reviewer};
use kith_domain::matching::keys;
use kith_domain::may_send::{Content, MayLeave, Outgoing, may_send};
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::need::Need;
use kith_domain::next_date::NextDate;
use kith_domain::nhs_number::NhsNumber;
use kith_domain::organisation::Holder;
use kith_domain::person::{Birth, CameBy, Known, Person};
use kith_domain::plan::{Note, PlanSection};
use kith_domain::record::Saved;
use kith_domain::referral::Referral;
use kith_domain::text::{bare, is_email};
use kith_domain::time::{Day, Instant};
use kith_store::look::{LookRow, LookSearch};
use kith_store::outbox::NewMessage;
use kith_store::{Personal, Tx};
use uuid::Uuid;

/// Openings of one worker that are read for the bar.
const MOST: u32 = 500;
/// People with one birthday or number that are compared.
const MOST_ALIKE: u32 = 200;

/// Whom it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The plan at this address.
    Known(PersonId),
    /// Somebody of this name and birthday, or of this NHS number.
    Named {
        /// Their name, whole, or the name they like to be called.
        name: String,
        /// When they were born.
        birth: Option<Day>,
        /// Their NHS number.
        nhs: Option<NhsNumber>,
    },
}

/// Emergency access that is open for whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenGlass {
    /// To whose plan.
    pub person: PersonId,
    /// Which opening.
    pub glass: RecordId,
    /// Until when.
    pub until: Instant,
}

/// What the first page says: what is open to this worker without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenAlready {
    /// The parts.
    pub parts: Vec<&'static str>,
}

impl Kith {
    /// Does this worker's role open emergency access at all?
    pub fn may_ask_for_glass(who: &Principal) -> bool {
        may_break_glass(who.actor.role)
    }

    /// Is the last sign-in recent enough for what needs a fresh one?
    pub fn is_fresh(who: &Principal) -> bool {
        let age = who.now.seconds_since(who.actor.signed_in_at);
        (0..=who.standing.limits.numbers().fresh_seconds).contains(&age)
    }

    /// What is open already. The same for somebody unknown as for somebody not open.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn open_already(&self, who: &Principal, person: PersonId) -> Result<OpenAlready, CareError> {
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let mut parts = Vec::new();
        let ask = look.batch.ask(Action::View);
        let items = [
            items::<Person>(&about)?,
            items::<PlanSection>(&about)?,
            items::<Need>(&about)?,
            items::<Referral>(&about)?,
            items::<Note>(&about)?,
        ];
        for item in items.into_iter().flatten() {
            let part = crate::look::part_name(&item);
            if look.batch.permit(&about.world, &item, &ask).is_ok() && !parts.contains(&part) {
                parts.push(part);
            }
        }
        look.finish().await?;
        Ok(OpenAlready { parts })
    }

    /// What is open for this worker now: for the bar on every page.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn open_glass(&self, who: &Principal) -> Result<Vec<OpenGlass>, CareError> {
        let mut tx = self.store().read().await?;
        self.open_glass_in(&mut tx, who).await
    }

    /// The same, in a snapshot that is open.
    pub(crate) async fn open_glass_in(
        &self,
        tx: &mut Tx,
        who: &Principal,
    ) -> Result<Vec<OpenGlass>, CareError> {
        if !may_break_glass(who.actor.role) {
            return Ok(Vec::new());
        }
        let (me, organisation) = who.worker()?;
        let found = tx.list_linked::<Glass>(link::WORKER, me, false, MOST).await?;
        let (actor, standing) = Kith::job(who.now);
        let mut checking = Checking::new(self, &actor, &standing, who.now);
        let mut open = Vec::new();
        for guarded in found {
            let Some(person) = guarded.item().person else { continue };
            let saved = checking.open_all(&PersonWorld::of(person), vec![guarded])?;
            let counts = |s: &&Saved<Glass>| s.value.is_open(who.now) && s.value.organisation == organisation;
            open.extend(saved.iter().filter(counts).map(|s| OpenGlass {
                person,
                glass: s.meta.id,
                until: s.value.until,
            }));
        }
        Ok(open)
    }

    /// Opens emergency access. The answer is the person's page.
    ///
    /// # Errors
    /// The role may not, the sign-in is not fresh, the reason is too short, nobody or more than
    /// one matches, they said no, or they are close to whoever asks (rule R05).
    pub async fn break_glass(
        &self,
        who: &Principal,
        whom: &Whom,
        (reason, words): (GlassReason, &str),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, organisation) = who.worker()?;
        if !may_break_glass(who.actor.role) {
            return Err(CareError::Missing);
        }
        if !Kith::is_fresh(who) {
            return Err(CareError::SignInAgain);
        }
        check_reason(reason, words, false, who.partnership.settings()).map_err(at_field)?;
        let person = match whom {
            Whom::Known(person) => *person,
            Whom::Named { name, birth, nhs } => self.person_of_name(who, name, *birth, nhs.as_ref()).await?,
        };
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let answer = format!("/people/{person}");
        let ask = change.batch.ask(Action::BreakGlass).with_reason();
        let basis = change.permit_person(&ask)?;
        // Somebody who does not exist has an empty world: the same page as for one not open.
        let world = change.world.clone();
        let them = person_as_job(self, &mut change.tx, &world, person, who.now).await?;
        let settings = who.partnership.settings();
        let letters =
            check_reason(reason, words, them.value.emergency_dissent, settings).map_err(at_field)?;
        if self.open_glass(who).await?.iter().any(|g| g.person == person) {
            return Ok(answer);
        }
        let until = who.now.plus_hours(settings.glass_hours.into());
        let (id, review) = (RecordId(Uuid::now_v7()), RecordId(Uuid::now_v7()));
        let told = self.tell_of_glass(&mut change, &them.value, id).await?;
        let glass = Glass {
            worker: me,
            organisation,
            reason,
            letters,
            opened_at: who.now,
            until,
            closed_at: None,
            review,
        };
        change.create_permitted(id, "emergency access opened", organisation, &glass, &basis, None).await?;
        let today = who.partnership.today(who.now);
        let (due_on, due_at) = review_due(who.now, self.calendar(), settings);
        let question = LookQuestion {
            cause: LookCause::Emergency {
                glass: id,
                reason,
                words: words.to_owned(),
                opened_at: who.now,
                until,
                told,
            },
            worker: Some(me),
            name: who.name.clone(),
            organisation,
            day: today,
            holder: reviewer(&who.partnership.facts, Some(me), organisation, today),
            made_at: who.now,
            due_on,
            due_at: Some(due_at),
            asked: None,
            decided: None,
        };
        change
            .create_permitted(
                review,
                "emergency access to be looked at",
                organisation,
                &question,
                &basis,
                None,
            )
            .await?;
        change.finish(&answer).await
    }

    /// Closes emergency access before its time.
    ///
    /// # Errors
    /// It is not theirs, or it is over.
    pub async fn close_glass(
        &self,
        who: &Principal,
        (person, glass): (PersonId, RecordId),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Glass>(glass, Action::Update)?;
        let closed = close(&saved.value, who.now).map_err(|why| CareError::refused(format!("{why}.")))?;
        change.save("emergency access closed", &saved, &closed, None).await?;
        change.finish("/today").await
    }

    /// Tells the person, in the same change: on their own pages, and by a message that says
    /// nothing, where the one guard of everything that leaves allows it. While somebody presses
    /// them no notice that names a service is written (rule R08); "who looked" lists it all the
    /// same, and the reviewer is told that somebody has to speak to them.
    async fn tell_of_glass(
        &self,
        change: &mut crate::Changing<'_>,
        them: &Person,
        glass: RecordId,
    ) -> Result<Told, CareError> {
        let who = change.who;
        if them.coercion.is_some() {
            let why = "somebody close may be making them do things: tell them face to face, alone";
            return Ok(Told::NoSafeMessage(why.into()));
        }
        let words = format!(
            "{} ({}) opened your plan in an emergency. Somebody outside their team now looks at whether that \
             was right, and you get their answer here. “Who looked” shows what they opened.",
            who.name,
            who.organisation_name.clone().unwrap_or_default()
        );
        self.put_notice(change, words, glass).await?;
        let id = change.person;
        self.put_safe_email(change, them, id, &format!("glass:{glass}")).await
    }

    /// Words to the person on their own pages.
    pub(crate) async fn put_notice(
        &self,
        change: &mut crate::Changing<'_>,
        words: String,
        about: RecordId,
    ) -> Result<(), CareError> {
        let who = change.who;
        let organisation = who.actor.organisation.ok_or(CareError::SignIn)?;
        let notice = Message {
            kind: MessageKind::Notice,
            from: who.actor.author(),
            to: MessageTo::Person,
            words,
            area: Area::Identity,
            sensitivity: Sensitivity::S1,
            about: Some(about),
            written_at: who.now,
            read_at: None,
            quiet: false,
            review: false,
            take_out: None,
        };
        let at = RecordId(Uuid::now_v7());
        change.create_permitted(at, "they were told", organisation, &notice, "telling", None).await?;
        Ok(())
    }

    /// An e-mail that says only that there is something to read, if it may go; else why not.
    pub(crate) async fn put_safe_email(
        &self,
        change: &mut crate::Changing<'_>,
        them: &Person,
        id: PersonId,
        dedupe: &str,
    ) -> Result<Told, CareError> {
        let who = change.who;
        let ask = |at| {
            let notice = Outgoing::notice(Channel::Email, Content::Free, at);
            may_send(them, &notice, self.calendar(), who.partnership.settings())
        };
        // Where only the hour is wrong, it waits in the outbox and is asked again there.
        let cleared = match ask(who.now).or_else(|no| no.not_before.map_or(Err(no.clone()), ask)) {
            Ok(cleared) => cleared,
            Err(no) => return Ok(Told::NoSafeMessage(no.words)),
        };
        let Some(address) = cleared.detail().map(str::to_owned).filter(|d| is_email(d)) else {
            return Ok(Told::OnTheirPages);
        };
        let message = NewMessage {
            id: Uuid::now_v7(),
            at: cleared.at().0,
            person: Some(id.0),
            channel: "email".into(),
            address,
            subject: "There is something to read".into(),
            body: format!(
                "There is something new for you to read. Open it here when you are alone:\n{SITE}\n"
            ),
            dedupe: dedupe.into(),
            guard: Guard::Themselves { hours: None }.stored()?,
        };
        change.tx.record_message(&message, MayLeave::Cleared(&cleared)).await?;
        Ok(Told::WithMessage)
    }

    /// Guessing names is no way to learn who is here: after some that are nobody's, no more are
    /// looked for until a day has passed, and information governance is told. Whoever has the
    /// address of the plan, or asks the duty lead, is not held up by it.
    async fn not_too_many_names(&self, who: &Principal) -> Result<(), CareError> {
        let (me, organisation) = who.worker()?;
        let search = LookSearch {
            organisation: organisation.0,
            from: who.now.plus_days(-1),
            before: (who.now, Uuid::max(), 0),
            person: None,
            action: Action::BreakGlass.code().to_owned(),
            outcome: "out",
        };
        let mut tx = self.store().read().await?;
        let rows = tx.search_looks(&search, MOST).await?;
        drop(tx);
        let mine = |row: &&LookRow| {
            row.person.is_none()
                && matches!(serde_json::from_str(&row.who), Ok(Identity::Worker { worker, .. }) if worker == me)
        };
        let wrong = rows.iter().filter(mine).count();
        if wrong < usize::from(who.partnership.settings().glass_wrong_names) {
            return Ok(());
        }
        who.refusals.alert();
        let words = "You have tried too many names that are nobody's here, so no more are looked for today. Ring \
                     your duty lead: a colleague can open it. If somebody may die, ring 999 now.";
        Err(CareError::field("name", words))
    }

    /// The one person of this name and birthday, or NHS number. Every try that finds nobody, or
    /// more than one, is in the log as refused.
    async fn person_of_name(
        &self,
        who: &Principal,
        name: &str,
        birth: Option<Day>,
        nhs: Option<&NhsNumber>,
    ) -> Result<PersonId, CareError> {
        self.not_too_many_names(who).await?;
        let place = &who.partnership.place.value;
        let net = Holder { organisation: place.net_organisation, team: place.net_team, lead: None };
        let today = who.partnership.today(who.now);
        let mut probe = Person::new(name.to_owned(), net, NextDate::new("look", today), CameBy::Met);
        probe.birth = birth.map_or(Birth::NotYet, Birth::Exact);
        probe.nhs_number = nhs.map_or(Known::NotYet, |n| Known::Known(*n));
        let mut tx = self.store().read().await?;
        let (actor, standing) = Kith::job(who.now);
        let mut checking = Checking::new(self, &actor, &standing, who.now);
        let mut found: Vec<PersonId> = Vec::new();
        for key in keys(&probe) {
            for person in tx.list_people_sharing(key.role, key.target, MOST_ALIKE).await? {
                let Some(guarded) = tx.find::<Person>(person).await? else { continue };
                let saved = checking.open_all(&PersonWorld::of(person), vec![guarded])?;
                if saved.first().is_some_and(|s| matches(&s.value, &probe)) && !found.contains(&person) {
                    found.push(person);
                }
            }
        }
        drop(tx);
        match found.as_slice() {
            [one] => Ok(*one),
            none_or_more => {
                let actor = &who.actor;
                let mut batch = kith_access::Batch::new(self.decider(), actor, &who.standing, who.now);
                let ask = batch.ask(Action::BreakGlass).with_reason();
                let denial = batch.missing(&ask);
                let _ = refused(who, None, &ask, &denial, "other");
                let words = match none_or_more.is_empty() {
                    true => {
                        "Nobody here matches exactly. Check the spelling and the day, or use the NHS number."
                    }
                    false => "More than one person matches. Use the NHS number.",
                };
                Err(CareError::Fields(vec![FieldProblem { field: "name".into(), problem: words.into() }]))
            }
        }
    }
}

fn items<T: Personal>(about: &About) -> Result<Vec<Item>, CareError> {
    Ok(about.records.of::<T>()?.into_iter().map(|g| g.item().clone()).collect())
}

/// The same NHS number, or the same birthday and one of the names, whatever accents and case.
fn matches(known: &Person, probe: &Person) -> bool {
    let number = probe.nhs_number.known();
    if number.is_some() {
        return known.nhs_number.known() == number;
    }
    let wanted = bare(&probe.called);
    let names = known.names.iter().map(|n| n.text.as_str()).chain([known.called.as_str()]);
    known.birth == probe.birth && names.map(bare).any(|name| name == wanted)
}

fn at_field(why: NotOpened) -> CareError {
    match why {
        NotOpened::TooShort { .. } => CareError::field("words", format!("{why}.")),
        NotOpened::SaidNo => CareError::field("reason", format!("{why}.")),
        NotOpened::Over => CareError::refused(format!("{why}.")),
    }
}
