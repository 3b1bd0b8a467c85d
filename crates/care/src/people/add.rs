//! Adding someone, in under a minute, with only the name they like to be called. It
//! always succeeds and never says whether anybody else knows them.

use crate::change::Begun;
use crate::error::{CareError, FieldProblem};
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::contact::SafeContact;
use kith_domain::id::PersonId;
use kith_domain::next_date::check_next_date;
use kith_domain::organisation::Holder;
use kith_domain::person::{Birth, CameBy, Known, NhsNumber, Person};
use kith_domain::text::fold;
use kith_domain::time::{Day, Instant};
use uuid::Uuid;

/// Somebody whom this worker has just added under the same name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AddedJustNow {
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Instant,
}

/// Within so many minutes the same name, added by the same worker, is probably the same
/// person: two windows, or a page gone back to.
const JUST_NOW_MINUTES: i64 = 15;

/// People of one name that are looked at for this.
const MOST_OF_A_NAME: u32 = 50;

/// What a navigator writes down about somebody they have just met.
#[derive(Clone, Debug)]
pub struct AddPerson {
    /// The name they like to be called.
    pub called: String,
    /// When they were born, or a guess.
    pub birth: Birth,
    /// NHS number.
    pub nhs_number: Known<NhsNumber>,
    /// Telephone number.
    pub phone: Known<String>,
    /// Address.
    pub address: Known<kith_domain::person::Address>,
    /// The safe way to reach them, as far as it was asked.
    pub safe_contact: SafeContact,
    /// What happens next.
    pub next_what: String,
    /// On which day.
    pub next_on: Day,
    /// How they came.
    pub came_by: CameBy,
}

impl Kith {
    /// The person of this name whom this worker added a few minutes ago with another form.
    /// Only their own are looked at: nobody learns here whom anybody else knows.
    ///
    /// # Errors
    /// It is not a worker who asks, or the database could not be read.
    pub async fn added_just_now(
        &self,
        who: &Principal,
        called: &str,
        submission: Uuid,
    ) -> Result<Option<AddedJustNow>, CareError> {
        let mut look = self.look(who).await?;
        let result = just_now(&mut look, called, submission).await;
        look.finish_with(result).await
    }

    /// Adds a person. Sent twice, it makes one. The answer is the path of their page.
    ///
    /// # Errors
    /// A field needs another look, or this worker's team does not hold plans.
    pub async fn add_person(
        &self,
        who: &Principal,
        new: &AddPerson,
        submission: Uuid,
    ) -> Result<String, CareError> {
        let (me, organisation) = who.worker()?;
        let today = who.partnership.today(who.now);
        let settings = who.partnership.settings();
        let team = who.partnership.navigating_team(who, today).ok_or_else(|| {
            CareError::refused(
                "Your team does not hold plans. Ask a navigator to add them, or use Ask for help.",
            )
        })?;
        let mut problems = Vec::new();
        if !new.birth.old_enough(today, settings) {
            problems.push(FieldProblem {
                field: "birth".into(),
                problem: format!(
                    "Kith is for people aged {} and over. Ask your lead who can help them.",
                    settings.youngest
                ),
            });
        }
        // A kind of way is none without the number, address or place, and nobody asked for it.
        if new.safe_contact.ways.iter().any(|way| way.detail.trim().is_empty()) {
            problems.push(FieldProblem {
                field: "safe_way".into(),
                problem: "Enter the number, address or place.".into(),
            });
        }
        let next = match check_next_date(&new.next_what, new.next_on, today, settings) {
            Ok(next) => Some(next),
            Err(why) => {
                problems.push(FieldProblem { field: "next".into(), problem: format!("{why}.") });
                None
            }
        };
        let Some(next) = next.filter(|_| problems.is_empty()) else {
            return Err(CareError::Fields(problems));
        };
        let holder = Holder { organisation, team, lead: Some(me) };
        let mut person = Person::new(new.called.clone(), holder, next, new.came_by);
        person.birth = new.birth;
        person.nhs_number = new.nhs_number;
        person.phone = new.phone.clone();
        person.address = self.placed(&new.address).await?;
        person.safe_contact = new.safe_contact.clone();
        // A safe way that was written down was asked for.
        if !person.safe_contact.ways.is_empty() {
            person.safe_contact.asked = Some(who.now);
        }
        person.heard_at = (new.came_by == CameBy::Met).then_some(who.now);
        // The id comes from the form, so that the same form locks the same chain.
        let id = PersonId(submission);
        let mut change = match self.change(who, id, Some(submission)).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let basis = change.permit_place(Action::AddPerson)?;
        change.create_permitted(id, "person added", organisation, &person, &basis, None).await?;
        self.note_possible_matches(&mut change, id, &person).await?;
        change.finish(&format!("/people/{id}")).await
    }
}

async fn just_now(
    look: &mut Looking<'_>,
    called: &str,
    submission: Uuid,
) -> Result<Option<AddedJustNow>, CareError> {
    let (me, _) = look.who.worker()?;
    let since = Instant(look.who.now.0 - JUST_NOW_MINUTES * 60 * 1_000_000);
    let named = look.tx.list_people_named(&fold(called), MOST_OF_A_NAME).await?;
    let others: Vec<PersonId> = named.into_iter().filter(|id| id.0 != submission).collect();
    let worlds = look.worlds(&others).await?;
    let ask = look.batch.ask(Action::View);
    let mut found: Option<AddedJustNow> = None;
    for (person, world) in worlds {
        let Some(guarded) = look.tx.find::<Person>(person).await? else { continue };
        let Some(saved) = look.listed(&world, guarded, &ask) else { continue };
        let mine = saved.value.holder.lead == Some(me) && saved.meta.created > since;
        if mine && found.is_none_or(|f| f.at < saved.meta.created) {
            found = Some(AddedJustNow { person, at: saved.meta.created });
        }
    }
    Ok(found)
}
