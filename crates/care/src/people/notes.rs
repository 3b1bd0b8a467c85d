//! The story so far: notes are their author's. Speaking with the person is written down
//! here, because it is what "heard nothing for a while" looks at.

use crate::change::Begun;
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::contact::Channel;
use kith_domain::id::PersonId;
use kith_domain::life;
use kith_domain::marks::NotMarked;
use kith_domain::person::Person;
use kith_domain::plan::{Note, NoteKind};
use kith_domain::plausible::happened_lately;
use kith_domain::record::{Author, Kind};
use kith_domain::time::Day;
use uuid::Uuid;

/// A note to be added.
#[derive(Clone, Debug)]
pub struct NewNote {
    /// The area it belongs to.
    pub area: Area,
    /// The words.
    pub words: String,
    /// Are these the person's own words, written down for them?
    pub own_words: bool,
    /// On which day it happened.
    pub on: Day,
    /// If it was a contact: how, and whether they were reached.
    pub contact: Option<(Channel, bool)>,
    /// How private: ordinary, private or restricted.
    pub sensitivity: Sensitivity,
    /// For restricted notes: what it is about.
    pub categories: Vec<Category>,
    /// About somebody other than the person.
    pub third_party: bool,
    /// Whoever visits alone needs to know it.
    pub visiting: bool,
}

/// What the form for a note offers this reader.
pub struct NoteToWrite {
    /// What the person likes to be called.
    pub called: String,
    /// The parts of life it may be about.
    pub areas: Vec<Area>,
    /// May they say that they were in touch? That is written on the person beside the note.
    pub may_say_contact: bool,
}

impl Kith {
    /// What the form for a note offers.
    ///
    /// # Errors
    /// There is no such person for this reader, or no note that they may write.
    pub async fn note_to_write(&self, who: &Principal, person: PersonId) -> Result<NoteToWrite, CareError> {
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let result = look.person(&about).and_then(|p| {
            Ok(NoteToWrite {
                called: p.value.called,
                areas: look.areas_to_add(&about, Kind::Note)?,
                may_say_contact: look.may_open::<Person>(&about, person, Action::Update),
            })
        });
        look.finish_with(result).await
    }

    /// Adds a note; a contact also counts as having been in touch, or as a try.
    ///
    /// # Errors
    /// It is refused, the day is in the future, or no more tries than they agreed to.
    pub async fn add_note(
        &self,
        who: &Principal,
        person: PersonId,
        new: &NewNote,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        if new.on > who.partnership.today(who.now) {
            return Err(CareError::field(
                "on",
                "Enter a day that has come. A note is about something that happened.",
            ));
        }
        if new.contact.is_some() {
            let today = who.partnership.today(who.now);
            happened_lately(new.on, today).map_err(|no| CareError::field("on", format!("{no}.")))?;
        }
        if new.sensitivity == Sensitivity::S3 && new.categories.is_empty() {
            return Err(CareError::field("categories", format!("{}.", NotMarked::NoName)));
        }
        if new.sensitivity > Sensitivity::S3 {
            return Err(CareError::field("level", "A sealed note is written on its own page."));
        }
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        // What the next one who visits has to know comes first: that somebody was there, and how, is
        // written on the person beside it.
        let kind = match new.contact {
            _ if new.visiting => NoteKind::Visiting,
            Some((_, true)) => NoteKind::Contact,
            Some((_, false)) => NoteKind::Tried,
            None => NoteKind::Story,
        };
        let note = Note {
            area: new.area,
            sensitivity: new.sensitivity,
            categories: if new.sensitivity == Sensitivity::S3 { new.categories.clone() } else { Vec::new() },
            hidden: false,
            hidden_reason: None,
            third_party: new.third_party,
            allow_list: Vec::new(),
            kind,
            words: new.words.clone(),
            on: new.on,
            contact_with: new.contact.map(|(channel, _)| channel),
            amends: None,
            hidden_review: None,
            marked: Vec::new(),
        };
        let recorded_for = new.own_words.then_some(Author::Person { person });
        change.create("note added", organisation, &note, Action::Create, recorded_for).await?;
        if let Some((channel, reached)) = new.contact {
            let saved = change.open_person(Action::Update)?;
            let settings = who.partnership.settings();
            let after = if reached {
                life::spoken_to(&saved.value, who.now)
            } else {
                life::tried(&saved.value, channel, false, who.now, settings)
            };
            let after = after.map_err(|why| CareError::refused(format!("{why}.")))?;
            change.save("contact written down", &saved, &after, None).await?;
        }
        change.finish(&format!("/people/{person}#story")).await
    }
}
