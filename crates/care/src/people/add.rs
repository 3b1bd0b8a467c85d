//! Adding someone, in under a minute, with only the name they like to be called. It
//! always succeeds and never says whether anybody else knows them.

use crate::change::Begun;
use crate::error::{CareError, FieldProblem};
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::contact::SafeContact;
use kith_domain::id::PersonId;
use kith_domain::next_date::check_next_date;
use kith_domain::organisation::Holder;
use kith_domain::person::{Birth, CameBy, Known, NhsNumber, Person};
use kith_domain::time::Day;
use uuid::Uuid;

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
