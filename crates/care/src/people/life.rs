//! What has changed in somebody's life. Each is one fact about the person; who holds
//! what, and which waits go on, follows from it by itself.

use crate::error::CareError;
use crate::kith::Kith;
use crate::mine::stop::{Help, end_everything};
use crate::principal::Principal;
use kith_domain::id::PersonId;
use kith_domain::life;
use kith_domain::person::Whereabouts;
use kith_domain::time::Day;
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
        use kith_access::Action;
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
        }
        change.finish(&format!("/people/{person}")).await
    }
}
