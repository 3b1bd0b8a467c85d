//! Changing what is known about a person: names, contact, the safe way to reach them,
//! GP practice and key worker, what happens next.

use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::contact::SafeContact;
use kith_domain::id::PersonId;
use kith_domain::matching::keys;
use kith_domain::next_date::move_next_date;
use kith_domain::person::{Address, Birth, GpPractice, KeyWorker, Known, NhsNumber, Person};
use kith_domain::record::Saved;
use kith_domain::time::Day;
use uuid::Uuid;

/// Who they are, as a worker writes it with them.
#[derive(Clone, Debug)]
pub struct Details {
    /// The name they like to be called.
    pub called: String,
    /// When they were born.
    pub birth: Birth,
    /// NHS number.
    pub nhs_number: Known<NhsNumber>,
    /// Telephone number.
    pub phone: Known<String>,
    /// E-mail address.
    pub email: Known<String>,
    /// Where they live.
    pub address: Known<Address>,
    /// Their GP practice.
    pub gp: Known<GpPractice>,
    /// Their named key worker.
    pub key_worker: Option<KeyWorker>,
    /// The language they want to use.
    pub language: Option<String>,
    /// Where they live is sealed.
    pub address_sealed: bool,
}

impl Kith {
    /// The person's record for a form.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn person_details(
        &self,
        who: &Principal,
        person: PersonId,
    ) -> Result<Saved<Person>, CareError> {
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let result = look.person(&about);
        look.finish_with(result).await
    }

    /// The person's record, for a page that is one form about it: opened as that form opens it, so that
    /// nobody is shown what they may not send.
    ///
    /// # Errors
    /// There is none that this actor may know of, or it is not theirs to change.
    pub async fn person_to_change(
        &self,
        who: &Principal,
        person: PersonId,
    ) -> Result<Saved<Person>, CareError> {
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let ask = look.batch.ask(Action::Update);
        let result = look.one::<Person>(&about, person, &ask);
        look.finish_with(result).await
    }

    /// Saves who they are.
    ///
    /// # Errors
    /// Somebody saved in between, a field needs another look, or it is refused.
    pub async fn save_details(
        &self,
        who: &Principal,
        person: PersonId,
        version: u32,
        details: &Details,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let today = who.partnership.today(who.now);
        if !details.birth.old_enough(today, who.partnership.settings()) {
            let youngest = who.partnership.settings().youngest;
            return Err(CareError::field(
                "birth",
                format!("Kith is for people aged {youngest} and over. Check the date."),
            ));
        }
        let details = Details { address: self.placed(&details.address).await?, ..details.clone() };
        self.change_person(who, person, Some(version), "details changed", submission, move |p| {
            Ok(Person {
                called: details.called,
                birth: details.birth,
                nhs_number: details.nhs_number,
                phone: details.phone,
                email: details.email,
                address: details.address,
                gp: details.gp,
                key_worker: details.key_worker,
                language: details.language,
                address_sealed: details.address_sealed,
                ..p.clone()
            })
        })
        .await
    }

    /// Saves the adjustments they need, as codes of the list and in their words.
    ///
    /// # Errors
    /// Somebody saved in between, or it is refused.
    pub async fn save_adjustments(
        &self,
        who: &Principal,
        person: PersonId,
        version: u32,
        adjustments: Vec<String>,
        words: Option<String>,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        self.change_person(who, person, Some(version), "adjustments changed", submission, move |p| {
            Ok(Person { adjustments, adjustment_words: words, ..p.clone() })
        })
        .await
    }

    /// Saves the safe way to reach them. It is asked before anything is sent.
    ///
    /// # Errors
    /// Somebody saved in between, or it is refused.
    pub async fn save_safe_contact(
        &self,
        who: &Principal,
        person: PersonId,
        version: u32,
        safe: SafeContact,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let now = who.now;
        self.change_person(who, person, Some(version), "safe contact asked", submission, move |p| {
            Ok(Person { safe_contact: safe.as_asked(&p.safe_contact, now), ..p.clone() })
        })
        .await
    }

    /// Sets what happens next for the person, with a reason when it moves. `seen` is what
    /// the writer saw: the person's record changes for many reasons, and only another next
    /// thing in between is a conflict.
    ///
    /// # Errors
    /// The day cannot be a next date, no reason was given, or somebody set it in between.
    pub async fn set_next(
        &self,
        who: &Principal,
        person: PersonId,
        seen: (&str, Day),
        next: (String, Day, String),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (what, on, reason) = next;
        let today = who.partnership.today(who.now);
        let settings = who.partnership.settings().clone();
        let now = who.now;
        self.change_person(who, person, None, "next date set", submission, move |p| {
            if (p.next.what.as_str(), p.next.on) != seen {
                return Err(CareError::Conflict { expected: 0, now: 0 });
            }
            let next = move_next_date(&p.next, (&what, on), &reason, p.heard_at, now, today, &settings)
                .map_err(|why| CareError::field(next_field(&why), format!("{why}.")))?;
            Ok(Person { next, ..p.clone() })
        })
        .await
    }

    /// One change of the person's own record: opened for update, decided by `decide`,
    /// saved, and back to their page.
    pub(crate) async fn change_person(
        &self,
        who: &Principal,
        person: PersonId,
        version: Option<u32>,
        word: &str,
        submission: Option<Uuid>,
        decide: impl FnOnce(&Person) -> Result<Person, CareError> + Send,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open_person(Action::Update)?;
        if let Some(version) = version {
            Changing::expect_version(&saved, version)?;
        }
        let after = decide(&saved.value)?;
        change.save(word, &saved, &after, None).await?;
        // More is known of them now than when they came: quietly look again.
        if keys(&after) != keys(&saved.value) || after.called != saved.value.called {
            self.note_possible_matches(&mut change, person, &after).await?;
        }
        change.finish(&format!("/people/{person}")).await
    }
}

/// The field of the form that a refused next date is about.
pub fn next_field(why: &kith_domain::next_date::BadNextDate) -> &'static str {
    use kith_domain::next_date::BadNextDate;
    match why {
        BadNextDate::NoWhat | BadNextDate::Words(_) => "what",
        BadNextDate::NoReason => "reason",
        _ => "on",
    }
}
