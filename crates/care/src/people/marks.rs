//! Who may read a note: how private it is, what it names, whether it is about somebody else or
//! hidden from the person's own pages, and to whom it is sealed.
//!
//! Sealed notes have pages of their own. They are asked for only after a fresh sign-in, by
//! everybody alike, so that asking says nothing; whoever is not named finds the same page
//! with nothing on it.

use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::plan::guarding::{SealedLine, sealed_lines};
use crate::principal::{Principal, access_role};
use kith_access::{Action, Ask, Draft, PersonWorld, Purpose, Role};
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::id::{OrganisationId, PersonId, RecordId, TeamId, WorkerId};
use kith_domain::marks::{HiddenReview, Marks, NotMarked, marked};
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::organisation::{Holder, WorkRole};
use kith_domain::person::Person;
use kith_domain::plan::{Note, NoteKind};
use kith_domain::record::Saved;
use kith_domain::supporter::Involvement;
use kith_store::look::Outcome;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What whoever hid a note reads on its day.
pub(crate) const NOTE_HIDDEN: &str =
    "A note is not on their own pages. Is there still a reason? Look at it again.";

/// So many people are offered to be named.
const MOST_NAMES: usize = 30;

/// A note, and how it is guarded.
#[derive(Debug)]
pub struct NoteMarks {
    /// The name the person likes to be called, where this reader may know it.
    pub called: Option<String>,
    /// The note.
    pub note: Saved<Note>,
    /// How it is guarded now.
    pub marks: Marks,
    /// May this reader guard it in another way?
    pub may_change: bool,
    /// Who could be named on it, and who is.
    pub could_be_named: Vec<(WorkerId, String)>,
}

/// The sealed notes that name this reader; for the person, all that are theirs to see.
#[derive(Debug)]
pub struct SealedNotes {
    /// The name the person likes to be called, where this reader may know it.
    pub called: Option<String>,
    /// The notes, the oldest first, each with who can open it.
    pub notes: Vec<(Saved<Note>, Vec<String>)>,
    /// The sealed lines of their plan.
    pub lines: Vec<SealedLine>,
    /// Who could be named on a new one.
    pub could_be_named: Vec<(WorkerId, String)>,
    /// May this reader write one?
    pub may_write: bool,
}

/// A new sealed note.
#[derive(Clone, Debug)]
pub struct NewSealed {
    /// In which area of life.
    pub area: Area,
    /// Where somebody stays, or anything else.
    pub address: bool,
    /// The words.
    pub words: String,
    /// What it names, if anything.
    pub categories: Vec<Category>,
    /// Who may open it, beside whoever writes it.
    pub names: Vec<WorkerId>,
}

/// Why a sealed note is looked at: for care, or to keep somebody safe (rule R06).
fn sealed_purpose(role: Role) -> Option<Purpose> {
    [Purpose::DirectCare, Purpose::Safeguarding].into_iter().find(|p| role.purposes().contains(p))
}

pub(crate) fn sealed_ask(who: &Principal, action: Action) -> Ask {
    let role = who.actor.role;
    Ask::new(action, sealed_purpose(role).unwrap_or_else(|| role.purpose_for(action)), who.now)
}

/// A new sealed note. Whoever writes it stands on its list.
fn sealed_note(who: &Principal, me: WorkerId, new: &NewSealed) -> Note {
    Note {
        area: new.area,
        sensitivity: Sensitivity::S4,
        categories: new.categories.clone(),
        hidden: false,
        hidden_reason: None,
        hidden_review: None,
        third_party: false,
        allow_list: std::iter::once(me).chain(new.names.iter().copied().filter(|w| *w != me)).collect(),
        marked: Vec::new(),
        kind: if new.address { NoteKind::SealedAddress } else { NoteKind::Story },
        words: new.words.clone(),
        on: who.partnership.today(who.now),
        contact_with: None,
        amends: None,
    }
}

/// Asked of everybody before anything is looked for, so that asking says nothing.
pub(crate) fn signed_in_lately(who: &Principal) -> Result<(), CareError> {
    match Kith::is_fresh(who) {
        true => Ok(()),
        false => Err(CareError::SignInAgain),
    }
}

/// Who can be named: whoever works with the person, and those of one's own teams, in a role that opens sealed notes at all; never somebody close to the person, nor anybody of an
/// organisation through which one who must never know could learn of it.
fn could_be_named(
    who: &Principal,
    world: &PersonWorld,
    people: &[Saved<Person>],
    involved: &[Saved<Involvement>],
) -> Vec<(WorkerId, String)> {
    let today = who.partnership.today(who.now);
    let mut teams: BTreeSet<(OrganisationId, TeamId)> = BTreeSet::new();
    let mut workers: BTreeSet<WorkerId> = BTreeSet::new();
    for i in involved.iter().map(|i| &i.value).filter(|i| i.in_date(today)) {
        match i.worker {
            Some(worker) => drop(workers.insert(worker)),
            None => drop(teams.insert((i.organisation, i.team))),
        }
    }
    teams.extend(people.iter().map(|p| (p.value.holder.organisation, p.value.holder.team)));
    let must_not_know = |o: OrganisationId| {
        people.iter().any(|p| p.value.safe_contact.must_not_know.iter().any(|m| m.organisation == Some(o)))
    };
    let close = |w: WorkerId| world.conflicts.iter().any(|c| c.worker == w && c.span.holds(who.now));
    let opens = |role: WorkRole| sealed_purpose(access_role(role)).is_some();
    let all = who.partnership.facts.workers.iter().filter(|(id, w)| w.active(today) && !close(**id));
    let mut found: Vec<(WorkerId, String)> = all
        .filter_map(|(id, w)| {
            let here = w.memberships.iter().filter(|m| m.in_date(today) && opens(m.role));
            let fits = |o: OrganisationId, t: TeamId| {
                !must_not_know(o)
                    && (who.actor.teams.contains(&t) || workers.contains(id) || teams.contains(&(o, t)))
            };
            let m = here.into_iter().find(|m| fits(m.organisation, m.team))?;
            let at = who.partnership.organisation_name(m.organisation).unwrap_or_default();
            Some((*id, format!("{}, {at}", w.name)))
        })
        .collect();
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found.truncate(MOST_NAMES);
    found
}

pub(crate) fn names_of(look: &mut Looking<'_>, about: &About) -> Result<Vec<(WorkerId, String)>, CareError> {
    let people = look.all::<Person>(about)?;
    let involved = look.all::<Involvement>(about)?;
    Ok(could_be_named(look.who, &about.world, &people, &involved))
}

/// The name the person likes to be called, where this reader sees their plan. Whoever was asked
/// for help knows them by the name that was sent, and by no other.
pub(crate) fn called(look: &mut Looking<'_>, about: &About) -> Result<Option<String>, CareError> {
    Ok(look.all::<Person>(about)?.pop().map(|p| p.value.called))
}

impl Kith {
    /// A note that this worker may add to, and how it is guarded.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn note_marks(
        &self,
        who: &Principal,
        person: PersonId,
        (note, sealed): (RecordId, bool),
    ) -> Result<NoteMarks, CareError> {
        who.worker()?;
        if sealed {
            signed_in_lately(who)?;
        }
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let ask = if sealed { sealed_ask(who, Action::View) } else { look.batch.ask(Action::View) };
        let result = match look.one::<Note>(&about, note, &ask) {
            Ok(note) if (Marks::of(&note.value).sensitivity == Sensitivity::S4) == sealed => {
                let could_be_named = names_of(&mut look, &about)?;
                let marks = Marks::of(&note.value);
                let change =
                    if sealed { sealed_ask(who, Action::Seal) } else { look.batch.ask(Action::Amend) };
                let may_change = look.may_open_for::<Note>(&about, note.meta.id, &change);
                Ok(NoteMarks { called: called(&mut look, &about)?, note, marks, may_change, could_be_named })
            }
            // A sealed note has its own page, and that page nothing else.
            Ok(_) => Err(CareError::Missing),
            Err(refused) => Err(refused),
        };
        look.finish_with(result).await
    }

    /// The sealed notes of a person that this reader may open. For the person themselves too.
    ///
    /// # Errors
    /// Whoever has nothing to do with the person finds nothing, like a person who is not there.
    pub async fn sealed_notes(&self, who: &Principal, person: PersonId) -> Result<SealedNotes, CareError> {
        signed_in_lately(who)?;
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let ask = sealed_ask(who, Action::View);
        let mut notes = Vec::new();
        for guarded in about.records.of::<Note>()? {
            if guarded.item().label.sensitivity != Sensitivity::S4 {
                continue;
            }
            if let Some(note) = look.quietly(&about.world, guarded, &ask, Outcome::Opened) {
                let names = note.value.allow_list.iter().map(|w| who.partnership.worker_name(*w)).collect();
                notes.push((note, names));
            }
        }
        let lines = sealed_lines(&mut look, &about)?;
        // Whoever is named finds what names them. For everybody else it is a page of the plan.
        let result = match notes.is_empty() && lines.is_empty() {
            true => look.person(&about).map(|p| Some(p.value.called)),
            false => called(&mut look, &about),
        };
        let result = match result {
            Ok(called) => {
                let could_be_named = names_of(&mut look, &about)?;
                let may_write = match who.worker() {
                    Ok((me, organisation)) => {
                        let new = NewSealed {
                            area: Area::Identity,
                            address: false,
                            words: String::new(),
                            categories: Vec::new(),
                            names: Vec::new(),
                        };
                        let draft = Draft::of(&sealed_note(who, me, &new), organisation);
                        let ask = sealed_ask(who, Action::Seal);
                        look.batch.permit_new(&about.world, &draft, &ask).is_ok()
                    }
                    Err(_) => false,
                };
                Ok(SealedNotes { called, notes, lines, could_be_named, may_write })
            }
            Err(refused) => Err(refused),
        };
        look.finish_with(result).await
    }

    /// Writes a sealed note. Whoever writes it stands on its list.
    ///
    /// # Errors
    /// It is refused, or somebody is named who cannot be.
    pub async fn write_sealed(
        &self,
        who: &Principal,
        person: PersonId,
        new: &NewSealed,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, organisation) = who.worker()?;
        signed_in_lately(who)?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let note = sealed_note(who, me, new);
        let ask = sealed_ask(who, Action::Seal);
        let id = RecordId(Uuid::now_v7());
        change.create_for(id, "note added", organisation, &note, &ask, None).await?;
        check_names(&mut change, &note.allow_list, &[me])?;
        change.finish(&format!("/people/{person}/sealed")).await
    }

    /// Guards a note in another way.
    ///
    /// # Errors
    /// It is refused, something is missing, or somebody changed it in between.
    pub async fn mark_note(
        &self,
        who: &Principal,
        person: PersonId,
        (note, version, sealed): (RecordId, u32, bool),
        (marks, why): (&Marks, Option<&str>),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, organisation) = who.worker()?;
        if sealed || marks.sensitivity == Sensitivity::S4 {
            signed_in_lately(who)?;
        }
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let seal = sealed_ask(who, Action::Seal);
        let saved = match sealed {
            true => change.open_for::<Note>(note, &seal)?,
            false => change.open::<Note>(note, Action::Amend)?,
        };
        Changing::expect_version(&saved, version)?;
        let team = who.partnership.teams_of(me, organisation, who.now).first().copied();
        let team = team.ok_or_else(|| CareError::refused("You are in no team here today."))?;
        let holder = Holder { organisation, team, lead: Some(me) };
        let when = (who.now, who.partnership.today(who.now));
        let after = marked(&saved.value, marks, why, (me, holder), when).map_err(|e| at_marks(&e))?;
        if marks.sensitivity == Sensitivity::S4 {
            change.permit_new(&Draft::of(&after, saved.meta.owner), &seal)?;
            check_names(&mut change, &after.allow_list, &saved.value.allow_list)?;
        }
        change.save("who may read it changed", &saved, &after, saved.meta.recorded_for).await?;
        if after.hidden_review != saved.value.hidden_review {
            reviewed(&mut change, note).await?;
        }
        if let Some(review) =
            after.hidden_review.as_ref().filter(|r| saved.value.hidden_review.as_ref() != Some(*r))
        {
            look_again(&mut change, note, review, NOTE_HIDDEN).await?;
        }
        let back = match marks.sensitivity == Sensitivity::S4 {
            true => format!("/people/{person}/sealed"),
            false => format!("/people/{person}#story"),
        };
        change.finish(&back).await
    }
}

/// Nobody is named who cannot be; whoever stood on the list already may stay.
pub(crate) fn check_names(
    change: &mut Changing<'_>,
    names: &[WorkerId],
    before: &[WorkerId],
) -> Result<(), CareError> {
    let people = change.all::<Person>(Action::View)?;
    let involved = change.all::<Involvement>(Action::View)?;
    let could = could_be_named(change.who, &change.world, &people, &involved);
    let fits = |w: &WorkerId| before.contains(w) || could.iter().any(|(id, _)| id == w);
    match names.iter().all(fits) {
        true => Ok(()),
        false => Err(CareError::field("names", "Choose from the people listed here.")),
    }
}

/// What is hidden from the person is a held thing of whoever hid it, on its day. It says no
/// word of the note, and stands on no page of the person's.
pub(crate) async fn look_again(
    change: &mut Changing<'_>,
    note: RecordId,
    review: &HiddenReview,
    words: &str,
) -> Result<(), CareError> {
    let message = Message {
        kind: MessageKind::Notice,
        from: change.who.actor.author(),
        to: MessageTo::Reader { holder: review.holder, read_by: review.on },
        words: words.into(),
        area: Area::Identity,
        sensitivity: Sensitivity::S1,
        about: Some(note),
        written_at: change.who.now,
        read_at: None,
        quiet: true,
        review: true,
        take_out: None,
    };
    change.create("to look at again", review.holder.organisation, &message, Action::Create, None).await?;
    Ok(())
}

/// What was to be looked at again has been.
pub(crate) async fn reviewed(change: &mut Changing<'_>, note: RecordId) -> Result<(), CareError> {
    for m in change.all::<Message>(Action::Update)? {
        if m.value.review
            && m.value.take_out.is_none()
            && m.value.read_at.is_none()
            && m.value.about == Some(note)
        {
            let after = Message { read_at: Some(change.who.now), ..m.value.clone() };
            change.save("looked at again", &m, &after, None).await?;
        }
    }
    Ok(())
}

pub(crate) fn at_marks(why: &NotMarked) -> CareError {
    let field = match why {
        NotMarked::NoLevel | NotMarked::Address => "level",
        NotMarked::NoName => "categories",
        NotMarked::NotMe => "names",
        NotMarked::NoHiddenReason => "hidden_reason",
        NotMarked::Review { .. } => "review",
        NotMarked::NoWhy => "why",
    };
    CareError::field(field, format!("{why}."))
}
