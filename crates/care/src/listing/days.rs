//! The days of a group, for those who run it: calling one off so that nobody stands before a closed
//! door, and how many people came. Never who.

use crate::change::loose::BegunLoose;
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::{Action, Item, PersonWorld};
use kith_domain::directory::days::{BACK_DAYS, NotSaid, OfDay, say_of_day};
use kith_domain::directory::{Group, Meeting, Session};
use kith_domain::id::{GroupId, RecordId};
use kith_domain::record::Saved;
use kith_domain::time::{Day, plus_days};
use kith_store::NewRecord;
use kith_store::chain::ChainKind;
use uuid::Uuid;

/// How many next days are listed.
const NEXT: usize = 8;

/// A group with its days.
#[derive(Clone, Debug)]
pub struct GroupDays {
    /// The group.
    pub group: Group,
    /// The next days, today among them; what is called off is marked.
    pub next: Vec<Meeting>,
    /// Days of the last weeks on which it was on, newest first, with how many came. Today too.
    pub past: Vec<(Meeting, Option<u16>)>,
}

impl Kith {
    /// The days of a group.
    ///
    /// # Errors
    /// It is not there, or not theirs to keep.
    pub async fn group_days(&self, who: &Principal, id: GroupId) -> Result<GroupDays, CareError> {
        let mut look = self.look(who).await?;
        let directory = look.kith.directory(&mut look.tx).await?;
        let result = match directory.groups.get(&id) {
            Some(saved) => {
                let ask = look.batch.ask(Action::KeepListing);
                let permit = look.permit(&PersonWorld::nobody(), &Item::of_saved(saved), &ask);
                permit.map(|_| days(self, saved, &own(&directory.sessions, id), who))
            }
            None => Err(CareError::Missing),
        };
        look.finish_with(result).await
    }

    /// Says something of one day.
    ///
    /// # Errors
    /// It cannot be said of that day, or it is not theirs to keep.
    pub async fn say_of_day(
        &self,
        who: &Principal,
        id: GroupId,
        (day, what): (Day, &OfDay),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let net = who.partnership.facts.place.net_organisation;
        let mut change = match self.change_beside(who, net, submission).await? {
            BegunLoose::Before(answer) => return Ok(answer),
            BegunLoose::Go(change) => change,
        };
        let group = change.tx.find_common::<Group>(id).await?.ok_or(CareError::Missing)?;
        let basis = change.permit_about_place(&group, Action::KeepListing)?;
        change.tx.lock(ChainKind::Organisation, &[group.meta.owner.0]).await?;
        let all: Vec<Saved<Session>> = change.tx.list_common::<Session>().await?;
        let sessions = own(&all, id);
        let today = self.calendar().day(who.now);
        let after = say_of_day((id, &group.value), &sessions, day, what, today, self.calendar())
            .map_err(|why| CareError::field(field(what, &why), format!("{why}.")))?;
        let before = all.iter().rev().find(|s| s.value.group == id && s.value.day == day);
        let writing = change.writing(&basis);
        match before {
            Some(before) => {
                change.tx.change(&writing, word(what), &before.meta, &after).await?;
            }
            None => {
                let new = NewRecord { id: RecordId(Uuid::now_v7()), person: None, owner: group.meta.owner };
                change.tx.create(&writing, word(what), new, &after).await?;
            }
        }
        change.finish(&format!("/groups/{id}/days")).await
    }
}

fn own(all: &[Saved<Session>], id: GroupId) -> Vec<Session> {
    all.iter().filter(|s| s.value.group == id).map(|s| s.value.clone()).collect()
}

fn days(kith: &Kith, saved: &Saved<Group>, own: &[Session], who: &Principal) -> GroupDays {
    let (calendar, today) = (kith.calendar(), kith.calendar().day(who.now));
    let rhythm = &saved.value.rhythm;
    let came = |day: Day| own.iter().rev().find(|s| s.day == day).and_then(|s| s.came);
    let past = (0..=BACK_DAYS)
        .filter_map(|back| rhythm.on(plus_days(today, -back), own, calendar))
        .filter(Meeting::is_on)
        .map(|m| {
            let n = came(m.day);
            (m, n)
        });
    GroupDays {
        group: saved.value.clone(),
        next: rhythm.next(own, today, NEXT, calendar),
        past: past.collect(),
    }
}

fn word(what: &OfDay) -> &'static str {
    match what {
        OfDay::Off(_) => "called off",
        OfDay::On => "on after all",
        OfDay::Came(_) => "people counted",
    }
}

fn field(what: &OfDay, why: &NotSaid) -> &'static str {
    match (what, why) {
        (_, NotSaid::Words(_)) => "why",
        (OfDay::Came(_), _) => "came",
        (OfDay::Off(_) | OfDay::On, _) => "day",
    }
}
