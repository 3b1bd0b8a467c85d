//! Coming in, being spoken to, and how a time with Kith ends: finished, not now, not
//! reached, stopped, moved, died.

use super::words::{ABOUT, CONTACT};
use super::{Story, Told, plan};
use crate::names::Gender;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::coming_in::{Answered, ComingIn, PersonKnows, Sender};
use kith_domain::contact::{Channel, Hours, SafeContact, SafeWay};
use kith_domain::life::NotSo;
use kith_domain::need::NeedStatus;
use kith_domain::next_date::{NextDate, move_next_date};
use kith_domain::organisation::Holder;
use kith_domain::person::{
    Address, Birth, CameBy, GpPractice, Introducer, KeyWorker, Known, NhsNumber, Person, Standing,
    Whereabouts,
};
use kith_domain::plan::{Note, NoteKind};
use kith_domain::record::Author;
use kith_domain::supporter::Involvement;
use kith_domain::time::{Day, plus_days};

/// How somebody comes to Kith: drawn, then changed where a story needs it.
pub struct Beginning {
    /// How they came.
    pub came_by: CameBy,
    /// The person, as first written down.
    pub person: Person,
}

/// Draws an ordinary beginning.
pub fn draw(s: &mut Story<'_>) -> Beginning {
    let (seat, navigator) = s.town.cast.navigator(s.who.number);
    let holder = seat.holder(Some(navigator));
    let came_by = [
        CameBy::Themselves,
        CameBy::Carer,
        CameBy::GpPractice,
        CameBy::HospitalWard,
        CameBy::CommunityTeam,
        CameBy::Housing,
        CameBy::Prison,
        CameBy::Charity,
        CameBy::Met,
    ][s.chance.weighted(&[22, 8, 20, 9, 16, 8, 3, 8, 6])];
    let next = NextDate::new("Meet and make a plan together", plan::working_within(s, 7));
    let called = if s.chance.percent(93) { s.who.name.whole() } else { s.who.name.given.clone() };
    let mut person = Person::new(called, holder, next, came_by);
    person.birth = birth(s);
    person.nhs_number = nhs_number(s);
    person.phone = phone(s);
    person.address = address(s);
    person.gp = gp(s);
    person.language = language(s);
    person.safe_contact = safe_contact(s, &person);
    person.adjustments = adjustments(s);
    person.key_worker = key_worker(s, came_by);
    person.introducer = introducer(s, came_by);
    Beginning { came_by, person }
}

fn birth(s: &mut Story<'_>) -> Birth {
    let today = s.town.when.today();
    let back = i32::from(s.who.age) * 365 + i32::from(s.who.age) / 4 + s.chance.between(20, 340);
    match s.chance.weighted(&[90, 6, 4]) {
        0 => Birth::Exact(plus_days(today, -back)),
        1 => Birth::Guess { years: s.who.age, on: s.today() },
        _ => Birth::NotYet,
    }
}

/// Numbers that start with 999 are for testing and are never given to anybody.
fn nhs_number(s: &mut Story<'_>) -> Known<NhsNumber> {
    if s.chance.percent(25) {
        return Known::NotYet;
    }
    test_number(s.who.number * 7 + 3).map_or(Known::NotYet, Known::Known)
}

/// The first number from this one on, in the range for testing, whose check digit exists.
pub fn test_number(from: u32) -> Option<NhsNumber> {
    (0..20).find_map(|more| {
        let nine = format!("999{:06}", (u64::from(from) + more) % 1_000_000);
        (0..10).find_map(|check| NhsNumber::parse(&format!("{nine}{check}")).ok())
    })
}

/// 07700 900000 to 900999 are set aside by Ofcom for stories and never connect.
fn phone(s: &mut Story<'_>) -> Known<String> {
    match s.chance.weighted(&[88, 5, 7]) {
        0 => Known::Known(format!("07700 900{:03}", s.chance.below(1_000))),
        1 => Known::None,
        _ => Known::NotYet,
    }
}

fn address(s: &mut Story<'_>) -> Known<Address> {
    if s.chance.percent(5) {
        return Known::None;
    }
    let fact = s.town.ground.home(&mut s.chance).clone();
    let street = *s.chance.pick(&[
        "Mill Lane",
        "Quarry Street",
        "Canal Row",
        "Hope Terrace",
        "Larch Avenue",
        "Weir Court",
    ]);
    Known::Known(Address {
        lines: vec![format!("{} {street}", s.chance.between(1, 140)), "Brackenford".into()],
        postcode: Some(fact.postcode.to_string()),
        place: fact.neighbourhood.map(String::from),
    })
}

fn gp(s: &mut Story<'_>) -> Known<GpPractice> {
    let name = *s.chance.pick(&[
        "Millbrook Surgery",
        "Station Road Surgery",
        "Lammas Health Centre",
        "Hilltop Practice",
    ]);
    match s.chance.weighted(&[82, 8, 10]) {
        0 => Known::Known(GpPractice { name: name.into(), ods: None, email: None }),
        1 => Known::None,
        _ => Known::NotYet,
    }
}

fn language(s: &mut Story<'_>) -> Option<String> {
    let language = s.who.heritage.language()?;
    s.chance.percent(22).then(|| language.to_owned())
}

fn safe_contact(s: &mut Story<'_>, person: &Person) -> SafeContact {
    let way = |channel, detail: String| SafeWay {
        channel,
        detail,
        voicemail_safe: Some(false),
        hours: None,
        shared: false,
        note: None,
    };
    let mut ways = Vec::new();
    if let Some(number) = person.phone.known() {
        let channel = if s.chance.percent(55) { Channel::Text } else { Channel::Phone };
        let hours = s.chance.percent(25).then_some(Hours { from: 11, until: 18 });
        ways.push(SafeWay {
            hours,
            voicemail_safe: Some(s.chance.percent(50)),
            ..way(channel, number.clone())
        });
    }
    if ways.is_empty() || s.chance.percent(20) {
        let place = *s.chance.pick(&[
            "Tuesday breakfast at St Aldric's",
            "the library on Thursdays",
            "Kindred's front room",
        ]);
        ways.push(way(Channel::InPerson, place.into()));
    }
    SafeContact {
        asked: Some(s.now),
        ways,
        paper_safe: Some(s.chance.percent(80)),
        must_not_know: Vec::new(),
        name_service_ok: s.chance.percent(70),
    }
}

fn adjustments(s: &mut Story<'_>) -> Vec<String> {
    const COMMON: [&str; 12] = [
        "adj-reminder",
        "adj-later",
        "adj-companion",
        "adj-same-person",
        "adj-longer",
        "adj-quiet",
        "adj-plain",
        "adj-written",
        "adj-missed-ok",
        "adj-near-exit",
        "adj-no-unknown",
        "adj-step-free",
    ];
    let most = s.chance.weighted(&[35, 25, 25, 15]);
    s.chance.some(&COMMON, most).into_iter().map(|c| (*c).to_owned()).collect()
}

fn key_worker(s: &mut Story<'_>, came_by: CameBy) -> Option<KeyWorker> {
    let likely = if came_by == CameBy::CommunityTeam { 95 } else { 30 };
    if !s.chance.percent(likely) {
        return None;
    }
    let seat = s.town.cast.seat("community", s.part());
    let worker = seat.somebody(s.chance.below(3))?;
    Some(KeyWorker {
        name: s.town.cast.name(worker).to_owned(),
        organisation: "Bracken Vale".into(),
        worker: Some(worker),
        phone: Some("01632 960111".into()),
    })
}

fn introducer(s: &mut Story<'_>, came_by: CameBy) -> Option<Introducer> {
    let from = match came_by {
        CameBy::Themselves | CameBy::Met => return None,
        CameBy::Carer => None,
        CameBy::GpPractice => Some("Station Road Surgery"),
        CameBy::HospitalWard => Some("Alder hospital ward"),
        CameBy::CommunityTeam => Some("Community mental health team"),
        CameBy::Housing => Some("Housing options"),
        CameBy::Prison => Some("Resettlement team"),
        CameBy::Charity => Some("Tidewell Recovery"),
    };
    let heritage = crate::names::heritage(&mut s.chance);
    let name = crate::names::draw(&mut s.chance, heritage, Gender::Woman).whole();
    Some(Introducer {
        name,
        organisation: from.map(str::to_owned),
        contact: Some("01632 960222".into()),
        may_be_told: s.chance.percent(70),
    })
}

/// The request that came first, for those whom somebody introduced or who asked; then
/// the person, with the navigator's part in their life.
///
/// # Errors
/// A rule refused a step.
pub fn begin(
    s: &mut Story<'_>,
    beginning: Beginning,
    then: impl FnOnce(&mut Story<'_>) -> Told + 'static,
) -> Told {
    let Beginning { came_by, person } = beginning;
    if came_by == CameBy::Met {
        make(s, person)?;
        return then(s);
    }
    let coming = coming_in(s, came_by, &person);
    let days = s.chance.between(1, 2);
    s.in_days(days, move |s| {
        make(s, person)?;
        let Some(mut request) = s.get::<ComingIn>(coming).cloned() else { return Ok(()) };
        request.answered = Some(Answered::BecamePerson { at: s.now, person: s.id });
        if request.sender.may_be_told {
            request.outcome_told_at = Some(s.now);
        } else {
            request.not_told_at = Some(s.now);
        }
        s.by_navigator(coming, "request answered", request);
        then(s)
    });
    Ok(())
}

/// Makes the person. Always works.
///
/// # Errors
/// A rule refused a step.
pub fn make(s: &mut Story<'_>, mut person: Person) -> Told {
    person.next = NextDate::new(person.next.what, plan::working_within(s, 7));
    person.heard_at = Some(s.now);
    person.safe_contact.asked = person.safe_contact.asked.map(|_| s.now);
    let holder = person.holder;
    let author = match holder.lead {
        Some(worker) => Author::Worker { worker, organisation: holder.organisation },
        None => Author::Operator,
    };
    let key_worker = person.key_worker.clone();
    s.write(s.id, author, "person added", person);
    involve(s, holder, holder.lead, "Navigator", false);
    if let Some(worker) = key_worker.and_then(|k| k.worker) {
        let seat = s.town.cast.seat("community", s.part());
        let holder = seat.holder(Some(worker));
        involve(s, holder, Some(worker), "Community nurse", true);
    }
    Ok(())
}

/// A worker's or team's part in the person's life.
pub fn involve(
    s: &mut Story<'_>,
    seat: Holder,
    worker: Option<kith_domain::id::WorkerId>,
    role: &str,
    key_worker: bool,
) {
    let value = Involvement {
        organisation: seat.organisation,
        team: seat.team,
        worker,
        role: role.into(),
        key_worker,
        areas: Area::SIX.to_vec(),
        from: s.today(),
        until: None,
    };
    let id = s.fresh();
    s.by_navigator(id, "involvement recorded", value);
}

/// Somebody asks for help, for themselves or for another.
pub fn coming_in(s: &mut Story<'_>, by: CameBy, person: &Person) -> kith_domain::id::RecordId {
    let about = *s.chance.pick(&ABOUT);
    let alone = by == CameBy::Themselves;
    let introducer = person.introducer.as_ref();
    let calendar = &s.town.when.calendar;
    let reply_by = calendar.plus_working(s.today(), s.town.settings.answer_working_days.into());
    let words = match by {
        CameBy::Themselves => format!("I would like someone to help me find my way. {about}"),
        CameBy::Carer => "I care for them and I can't do it on my own any more.".to_owned(),
        CameBy::HospitalWard => "Going home next week. Would like somebody from the first day.".to_owned(),
        CameBy::Prison => "Released soon, no address yet. Would like to be met.".to_owned(),
        _ => "They would like help with more than we can do here.".to_owned(),
    };
    let holder = Holder { lead: None, ..person.holder };
    let value = ComingIn {
        sender: Sender {
            by,
            name: introducer.map(|i| i.name.clone()),
            organisation: introducer.and_then(|i| i.organisation.clone()),
            contact: introducer.and_then(|i| i.contact.clone()),
            knows: if alone { PersonKnows::Themselves } else { PersonKnows::Yes },
            may_be_told: introducer.is_some_and(|i| i.may_be_told),
        },
        called: person.called.clone(),
        safe_contact: person.safe_contact.clone(),
        words,
        arrived_at: s.now,
        holder,
        reply_by,
        // Pages hash name, ways, words and sender; here the person's id serves as well.
        fingerprint: format!("{:032x}", s.id.0.as_u128()),
        sender_told_at: Some(s.now),
        outcome_told_at: None,
        not_told_at: None,
        answered: None,
    };
    let id = s.fresh();
    s.write(id, Author::Public, "asked for help", value);
    id
}

/// The rhythm of being spoken to, until something ends it. Each time the next date is
/// set, and now and then it slips.
pub fn contacts(s: &mut Story<'_>, days: i32) {
    s.in_days(days, |s| {
        if !s.person_open() || s.unreached {
            return Ok(());
        }
        if s.chance.percent(4) {
            return slips(s);
        }
        let gap = s.chance.between(11, 25);
        spoken(s, None, gap)?;
        let late = if s.chance.percent(93) { 0 } else { s.chance.between(1, 8) };
        contacts(s, gap + late);
        Ok(())
    });
}

/// The next date is moved, with a reason, and nobody spoke to the person.
fn slips(s: &mut Story<'_>) -> Told {
    let days = s.chance.between(3, 8);
    let on = plan::working_within(s, days);
    let old = s.person().next.clone();
    if on > old.on {
        let heard = s.person().heard_at;
        let reason = *s.chance.pick(&["I was off ill", "They asked for another day", "The drop-in was shut"]);
        let what = old.what.clone();
        let next = move_next_date(&old, (&what, on), reason, heard, s.now, s.today(), &s.town.settings)
            .map_err(|e| s.broken("moving a next date", e))?;
        s.change_person("next date moved", |p| p.next = next);
    }
    contacts(s, days);
    Ok(())
}

/// Somebody spoke to the person: a note, and a next date in so many days. What else is
/// open and would be late by then is looked at too.
///
/// # Errors
/// A rule refused it.
pub fn spoken(s: &mut Story<'_>, words: Option<&str>, days: i32) -> Told {
    let mut person = kith_domain::life::spoken_to(s.person(), s.now).map_err(|e| s.broken("a contact", e))?;
    let words = match words {
        Some(words) => words.to_owned(),
        None => (*s.chance.pick(&CONTACT)).to_owned(),
    };
    let channel = person.safe_contact.ways.first().map(|w| w.channel);
    note(s, NoteKind::Contact, Area::Identity, Sensitivity::S1, &words, channel);
    let what = *s.chance.pick(&[
        "Meet again",
        "Ring, as agreed",
        "See how the week went",
        "Look at the plan together",
    ]);
    person.next = plan::next_date(s, what, days)?;
    let by = person.next.on;
    s.by_navigator(s.id, "spoken to", person);
    super::referral::tell_the_person(s);
    needs_go_on(s, by, days)
}

/// A note in the story.
pub fn note(
    s: &mut Story<'_>,
    kind: NoteKind,
    area: Area,
    sensitivity: Sensitivity,
    words: &str,
    contact_with: Option<Channel>,
) -> kith_domain::id::RecordId {
    let value = Note {
        area,
        sensitivity,
        categories: Vec::new(),
        hidden: false,
        hidden_reason: None,
        third_party: false,
        allow_list: Vec::new(),
        kind,
        words: words.into(),
        on: s.today(),
        contact_with,
        amends: None,
        hidden_review: None,
        marked: Vec::new(),
    };
    let id = s.fresh();
    s.by_navigator(id, "note written", value);
    id
}

fn needs_go_on(s: &mut Story<'_>, by: Day, days: i32) -> Told {
    for (id, need) in s.open_needs() {
        match (&need.unmet, &need.status) {
            (Some(unmet), _) if unmet.review_on <= by => plan::unmet_again(s, id)?,
            (None, NeedStatus::Open) if need.next.on <= by => {
                let what = plan::how_far(&need);
                plan::need_goes_on(s, id, &what, days)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// How it ends for somebody, some day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// They have finished.
    Finished,
    /// Not now.
    NotNow,
    /// Not reached: the door stays open.
    DoorOpen,
    /// They stopped everything.
    Stopped,
    /// They left Kith.
    Left,
    /// They moved away, and finished here.
    MovedAway,
    /// They died.
    Died,
}

/// Plans an ending, in so many days.
pub fn ends(s: &mut Story<'_>, days: i32, ending: Ending) {
    s.in_days(days, move |s| if s.person_open() { end(s, ending) } else { Ok(()) });
}

/// The ending itself. What is still with others is taken back first, as a navigator would.
///
/// # Errors
/// A rule refused it.
pub fn end(s: &mut Story<'_>, ending: Ending) -> Told {
    let (today, settings) = (s.today(), s.town.settings.clone());
    let person = s.person().clone();
    if matches!(ending, Ending::Finished | Ending::Stopped | Ending::Left | Ending::MovedAway) {
        super::referral::stop_all(s)?;
    }
    let after = match ending {
        Ending::Finished => {
            let words = *s.chance.pick(&[
                "I'm all right now. Thank you.",
                "I've got what I came for.",
                "I know where you are.",
            ]);
            kith_domain::life::finish(&person, Some(words.into()), today)
        }
        Ending::NotNow => {
            let until = plus_days(today, s.chance.between(40, 300));
            kith_domain::life::not_now(&person, until, today, &settings)
        }
        Ending::Stopped => kith_domain::life::stop(&person, today),
        Ending::Left => kith_domain::life::leave(&person, today),
        Ending::MovedAway => {
            let to = Some("To be near family".to_owned());
            let gone = kith_domain::life::is_at(&person, Whereabouts::MovedAway { on: today, to }, today);
            gone.and_then(|p| kith_domain::life::finish(&p, Some("New start.".into()), today))
        }
        Ending::Died => return died(s),
        Ending::DoorOpen => return not_reached(s, 3),
    };
    let after = after.map_err(|e| s.broken("an ending", e))?;
    if matches!(ending, Ending::Finished | Ending::MovedAway) {
        for (id, mut need) in s.open_needs() {
            need.status = NeedStatus::Finished { on: today };
            s.in_their_words(id, "need finished", need);
        }
    }
    s.in_their_words(s.id, standing_words(&after.standing), after);
    Ok(())
}

fn standing_words(standing: &Standing) -> &'static str {
    match standing {
        Standing::NotNow { .. } => "said not now",
        Standing::Finished { .. } => "said they have finished",
        Standing::Stopped { .. } => "stopped everything",
        Standing::Left { .. } => "left Kith",
        _ => "standing changed",
    }
}

/// The person died: recorded, and two days later everybody has been told.
///
/// # Errors
/// A rule refused it.
pub fn died(s: &mut Story<'_>) -> Told {
    let on = plus_days(s.today(), -1);
    let by = s.navigator();
    let after = kith_domain::life::died(s.person(), Some(on), by, s.now, s.today());
    let after = after.map_err(|e| s.broken("a death", e))?;
    s.by_navigator(s.id, "death recorded", after);
    s.in_days(2, |s| {
        let Ok(after) = kith_domain::life::everyone_told(s.person(), s.now) else { return Ok(()) };
        s.by_navigator(s.id, "everybody told", after);
        super::referral::end_all(s)
    });
    Ok(())
}

/// Tries by the ways they chose, as often as they agreed; then the door stays open.
///
/// # Errors
/// A rule refused it.
pub fn not_reached(s: &mut Story<'_>, tries: u8) -> Told {
    let channel = s.person().safe_contact.ways.first().map_or(Channel::InPerson, |w| w.channel);
    s.unreached = true;
    s.change_person("number of tries agreed", |p| p.tries_agreed = Some(tries));
    for n in 0..i32::from(tries) {
        s.in_days(n * 4, move |s| one_try(s, channel));
    }
    s.in_days(i32::from(tries) * 4 + 3, move |s| door_open(s, channel));
    Ok(())
}

fn one_try(s: &mut Story<'_>, channel: Channel) -> Told {
    let settings = s.town.settings.clone();
    let after = kith_domain::life::tried(s.person(), channel, false, s.now, &settings);
    let after = after.map_err(|e| s.broken("a try", e))?;
    note(s, NoteKind::Tried, Area::Identity, Sensitivity::S1, "Tried as agreed. No answer.", Some(channel));
    s.by_navigator(s.id, "tried to reach", after);
    Ok(())
}

/// The door stays open, when there were as many tries as they agreed. Tries that were due on the days of Easter
/// are made on one day after it, and count once: then another comes first.
fn door_open(s: &mut Story<'_>, channel: Channel) -> Told {
    let again = plus_days(s.today(), 90);
    let settings = s.town.settings.clone();
    match kith_domain::life::open_door(s.person(), again, s.today(), &settings) {
        Err(NotSo::TriesLeft { .. }) => {
            one_try(s, channel)?;
            s.in_days(4, move |s| door_open(s, channel));
        }
        after => {
            let after = after.map_err(|e| s.broken("an open door", e))?;
            s.by_navigator(s.id, "door left open", after);
        }
    }
    Ok(())
}

impl Story<'_> {
    /// Made, and still with Kith: neither gone nor waiting to be asked again.
    pub fn person_open(&self) -> bool {
        self.get::<Person>(self.id.into()).is_some_and(|p| p.standing == Standing::Open)
    }
}
