//! Shared beginnings of the stories that are written by hand.

use crate::story::life::{self, Beginning};
use crate::story::plan;
use crate::story::{Story, Told};
use kith_domain::contact::{Channel, SafeContact, SafeWay};
use kith_domain::person::{CameBy, Known, Person};

/// An ordinary person, known in the usual ways, met by the navigator.
pub fn met(s: &mut Story<'_>, change: impl FnOnce(&mut Story<'_>, &mut Person)) -> Told {
    let Beginning { mut person, .. } = life::draw(s);
    let navigator = super::special(s.who.number).map_or("aisha", |special| special.navigator);
    let (seat, worker) = s.town.cast.navigator_named(navigator);
    person.holder = seat.holder(Some(worker));
    person.came_by = CameBy::Met;
    person.introducer = None;
    person.called = s.who.name.whole();
    known(s, &mut person);
    change(s, &mut person);
    life::make(s, person)
}

/// A phone and a safe way, so that hand-written stories do not depend on the draw.
fn known(s: &mut Story<'_>, person: &mut Person) {
    if person.phone.known().is_none() {
        person.phone = Known::Known(format!("07700 900{:03}", s.who.number % 1_000));
    }
    let number = person.phone.known().cloned().unwrap_or_default();
    person.safe_contact = SafeContact {
        asked: Some(s.now),
        ways: vec![way(Channel::Phone, &number)],
        paper_safe: Some(true),
        must_not_know: Vec::new(),
        name_service_ok: true,
    };
    person.language = None;
    person.key_worker = None;
}

/// One safe way.
pub fn way(channel: Channel, detail: &str) -> SafeWay {
    SafeWay {
        channel,
        detail: detail.into(),
        voicemail_safe: Some(false),
        hours: None,
        shared: false,
        note: None,
    }
}

/// A plan, and somebody who speaks to them every few weeks, so that the next date lies
/// ahead.
pub fn steady(s: &mut Story<'_>) {
    if s.who.number != super::number("nickname") {
        s.in_days(1, |s| if s.person_open() { plan::sections(s) } else { Ok(()) });
    }
    keep(s, 6);
}

fn keep(s: &mut Story<'_>, days: i32) {
    s.in_days(days, |s| {
        if s.person_open() && !s.unreached {
            life::spoken(s, None, 21)?;
            keep(s, 18);
        }
        Ok(())
    });
}
