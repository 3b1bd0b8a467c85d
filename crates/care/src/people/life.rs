//! What has changed in somebody's life. Each is one fact about the person; who holds
//! what, and which waits go on, follows from it by itself.

use crate::change::Changing;
use crate::error::CareError;
use crate::kith::Kith;
use crate::mine::stop::{Help, end_everything};
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::death::{self, Around, ToRead};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::life;
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::moves::{self, Surroundings};
use kith_domain::organisation::Holder;
use kith_domain::person::{Person, Whereabouts};
use kith_domain::record::Saved;
use kith_domain::referral::{Referral, Status};
use kith_domain::time::Day;
use kith_store::versions::Version;
use uuid::Uuid;

/// What has changed.
#[derive(Clone, Debug, PartialEq)]
pub enum LifeChange {
    /// They are somewhere else, or back home.
    IsAt(Whereabouts),
    /// They said not now; ask again on this day.
    NotNow(Day),
    /// They said they have finished, in their words.
    Finished(Option<String>),
    /// They leave Kith, and may still be helped without it.
    Left,
    /// They are open to help again: what happens next, and when.
    Reopen(String, Day),
    /// They died.
    Died(Option<Day>),
    /// That was a mistake.
    NotDied,
    /// Everybody who was helping was told, and those close to them spoken to.
    EveryoneTold,
    /// Tried as often as they agreed; look again on this day.
    OpenDoor(Day),
}

impl LifeChange {
    fn word(&self) -> &'static str {
        match self {
            LifeChange::IsAt(Whereabouts::Hospital { .. }) => "in hospital",
            LifeChange::IsAt(Whereabouts::Prison { .. }) => "in prison",
            LifeChange::IsAt(Whereabouts::MovedAway { .. }) => "moved away",
            LifeChange::IsAt(Whereabouts::NoFixedAddress) => "no fixed address",
            LifeChange::IsAt(Whereabouts::Home) => "back home",
            LifeChange::NotNow(_) => "said not now",
            LifeChange::Finished(_) => "finished",
            LifeChange::Left => "left",
            LifeChange::Reopen(..) => "open again",
            LifeChange::Died(_) => "death recorded",
            LifeChange::NotDied => "death taken back",
            LifeChange::EveryoneTold => "everyone told",
            LifeChange::OpenDoor(_) => "door left open",
        }
    }
}

impl Kith {
    /// Writes down what has changed. A death stops every message that has not left, and
    /// finishing or leaving ends what was agreed and takes back what is open, in the same
    /// transaction.
    ///
    /// # Errors
    /// In words: a day that cannot be, or a change that does not fit.
    pub async fn change_life(
        &self,
        who: &Principal,
        person: PersonId,
        what: LifeChange,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        use crate::change::Begun;
        let today = who.partnership.today(who.now);
        let settings = who.partnership.settings().clone();
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open_person(Action::Update)?;
        let p = &saved.value;
        let word = what.word();
        let died = matches!(what, LifeChange::Died(_));
        let lives = matches!(what, LifeChange::NotDied);
        let told = matches!(what, LifeChange::EveryoneTold);
        let after = match what {
            LifeChange::IsAt(place) => life::is_at(p, place, today),
            LifeChange::NotNow(until) => life::not_now(p, until, today, &settings),
            LifeChange::Finished(words) => life::finish(p, words, today),
            LifeChange::Left => life::leave(p, today),
            LifeChange::Reopen(what, on) => life::reopen(p, &what, on, today, &settings),
            LifeChange::Died(on) => life::died(p, on, who.actor.author(), who.now, today),
            LifeChange::NotDied => life::not_died(p),
            LifeChange::EveryoneTold => life::everyone_told(p, who.now),
            LifeChange::OpenDoor(again) => life::open_door(p, again, today, &settings),
        };
        let after = after.map_err(|why| CareError::field("day", format!("{why}.")))?;
        if after.standing.stopped() && !saved.value.standing.stopped() {
            end_everything(&mut change, &saved, Help::Ended).await?;
        }
        change.save(word, &saved, &after, None).await?;
        if died {
            change.tx.stop_messages(person, "the person died").await?;
            tell_of_death(&mut change, p).await?;
        }
        if told {
            end_what_is_open(&mut change, &after).await?;
        }
        if lives {
            tell_of_life(&mut change).await?;
            open_what_was_ended(&mut change, &saved).await?;
        }
        change.finish(&format!("/people/{person}")).await
    }
}

/// Whoever was helping is told, and whoever holds the plan speaks to a carer who is left behind.
async fn tell_of_death(change: &mut Changing<'_>, person: &Person) -> Result<(), CareError> {
    let (referrals, involved) = (change.all_there_are()?, change.all_there_are()?);
    let (steps, supporters) = (change.all_there_are()?, change.all_there_are()?);
    let around =
        Around { person, referrals: &referrals, involved: &involved, steps: &steps, supporters: &supporters };
    let follows = death::follows(&change.who.partnership.facts, around, change.who.now);
    write(change, "told of a death", &follows).await
}

/// Everybody was told: what was still asked for is not needed any more.
async fn end_what_is_open(change: &mut Changing<'_>, person: &Person) -> Result<(), CareError> {
    let settings = change.who.partnership.place.value.settings.clone();
    for old in change.all_there_are::<Referral>()? {
        let around = Surroundings {
            now: change.who.now,
            calendar: change.kith.calendar(),
            settings: &settings,
            person,
        };
        if old.value.status.terminal() || old.value.status == Status::Draft {
            continue;
        }
        let new = moves::ended_by_death(&old.value, around).map_err(CareError::refused)?;
        change.save("ended, everybody was told of a death", &old, &new, None).await?;
    }
    Ok(())
}

/// The death was a mistake: what was ended or answered since is as it stood when the death was
/// written, each place too, whoever ended it. `dead` is the person as they stood until now.
async fn open_what_was_ended(change: &mut Changing<'_>, dead: &Saved<Person>) -> Result<(), CareError> {
    let Some(death) = entry_of_death(change, dead).await? else { return Ok(()) };
    for now in change.all_there_are::<Referral>()?.into_iter().filter(|r| !r.meta.entered_in_error) {
        let versions = change.tx.list_versions::<Referral>(now.meta.id).await?;
        let Some(at_death) = as_at(change, versions, death)? else { continue };
        if let Some(after) = death::as_it_stood(&now.value, &at_death) {
            change.save("as it was before a death that was a mistake", &now, &after, None).await?;
        }
    }
    Ok(())
}

/// The entry in the chain by which the death was written.
async fn entry_of_death(change: &mut Changing<'_>, dead: &Saved<Person>) -> Result<Option<i64>, CareError> {
    let mut first = None;
    let versions = change.tx.list_versions::<Person>(dead.meta.id).await?;
    for version in versions.into_iter().rev().filter(|v| v.number <= dead.meta.version) {
        match version.value.map(|v| change.as_the_program(v)).transpose()? {
            Some(person) if !person.value.died() => break,
            _ => first = Some(version.entry),
        }
    }
    Ok(first)
}

/// The referral as it stood before an entry of the chain. Where the text of that version was taken
/// out since, what stands in its place tells the same of where it stood. None when there was none.
fn as_at(
    change: &Changing<'_>,
    versions: Vec<Version<Referral>>,
    entry: i64,
) -> Result<Option<Referral>, CareError> {
    let Some(mut wanted) = versions.iter().rfind(|v| v.entry < entry).map(|v| v.number) else {
        return Ok(None);
    };
    while versions.iter().any(|v| v.number == wanted && v.value.is_none()) {
        let instead = versions.iter().rfind(|v| v.stands_for() == Some(wanted));
        match instead {
            Some(instead) => wanted = instead.number,
            None => return Ok(None),
        }
    }
    let found = versions.into_iter().find(|v| v.number == wanted).and_then(|v| v.value);
    found.map(|v| Ok(change.as_the_program(v)?.value)).transpose()
}

/// What was written because of the death is put away, and whoever was told is told that it was
/// a mistake.
async fn tell_of_life(change: &mut Changing<'_>) -> Result<(), CareError> {
    let who = change.who;
    let about = Some(RecordId(change.person.0));
    let mut told: Vec<Holder> = Vec::new();
    for m in change.all_there_are::<Message>()? {
        let MessageTo::Reader { holder, .. } = m.value.to else { continue };
        // What is looked at again quietly is about the person too, and is another matter.
        let of_death = m.value.about == about && m.value.kind == MessageKind::Notice && m.value.quiet;
        if !of_death || m.value.review {
            continue;
        }
        told.push(holder);
        if m.value.read_at.is_none() {
            let after = Message { read_at: Some(who.now), ..m.value.clone() };
            change.save("the death was taken back", &m, &after, None).await?;
        }
    }
    let again = death::was_a_mistake(&who.partnership.facts, &told, who.now);
    write(change, "told that a death was a mistake", &again).await
}

/// Held words, each in the part of the organisation that reads them. Not for the person's own
/// pages: a death may have been recorded by mistake.
async fn write(change: &mut Changing<'_>, word: &str, all: &[ToRead]) -> Result<(), CareError> {
    let ask = change.batch.ask(Action::StopSharing);
    let basis = change.permit_person(&ask)?;
    for read in all {
        let message = Message {
            kind: MessageKind::Notice,
            from: change.who.actor.author(),
            to: MessageTo::Reader { holder: read.holder, read_by: read.by },
            words: read.words.clone(),
            area: Area::Identity,
            sensitivity: Sensitivity::S1,
            about: Some(RecordId(change.person.0)),
            written_at: change.who.now,
            read_at: None,
            quiet: true,
            review: false,
            take_out: None,
        };
        let id = RecordId(Uuid::now_v7());
        change.create_permitted(id, word, read.holder.organisation, &message, &basis, None).await?;
    }
    Ok(())
}
