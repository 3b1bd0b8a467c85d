//! The people of Brackenford whose stories nobody wrote by hand: drawn as such a town
//! has them, each with a story that takes its own way.

use crate::names::{self, Gender, Heritage};
use crate::pen::BrackenfordError;
use crate::story::life::{self, Ending};
use crate::story::referral::{Asking, draw_fate, fitting, send};
use crate::story::{Story, Told, Town, Who, Write, beside, fairness, plan, telling};
use kith_domain::area::Area;
use kith_domain::id::NeedId;
use kith_domain::need::UnmetReason;

/// Draws somebody.
pub fn draw(town: &Town, number: u32) -> Who {
    let mut chance = town.seed.stream("who", number.into());
    let heritage: Heritage = names::heritage(&mut chance);
    let gender: Gender = names::gender(&mut chance);
    let name = names::draw(&mut chance, heritage, gender);
    let (least, most) = [(18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 74), (75, 93)]
        [chance.weighted(&[11, 21, 21, 19, 14, 9, 5])];
    let age = u8::try_from(chance.between(least, most)).unwrap_or(40);
    Who { number, name, gender, heritage, age }
}

/// The whole story of the person with this number.
///
/// # Errors
/// A rule refused a step: a mistake in this crate.
pub fn story(town: &Town, number: u32) -> Result<Vec<Write>, BrackenfordError> {
    let who = draw(town, number);
    let mut chance = town.seed.stream("story", number.into());
    // A larger place is a younger one, so that it has about forty journal entries a person.
    let weights = if number < crate::PEOPLE { [22, 30, 48] } else { [48, 38, 14] };
    let days = match chance.weighted(&weights) {
        0 => chance.between(7, 60),
        1 => chance.between(61, 240),
        _ => chance.between(241, 548),
    };
    let began = town.when.at_day(town.when.working(-days), 10);
    let mut s = Story::new(town, who, chance, began);
    let beginning = life::draw(&mut s);
    s.at(began, move |s| life::begin(s, beginning, ordinary));
    s.tell()
}

/// From the day of being made: a plan, needs, what comes of them, and some ending.
fn ordinary(s: &mut Story<'_>) -> Told {
    let first = s.chance.between(1, 6);
    s.in_days(first, plan::sections);
    let most = [1, 2, 3, 4][s.chance.weighted(&[28, 40, 24, 8])];
    for (at, code) in plan::draw_needs(s, most).into_iter().enumerate() {
        let later = if at == 0 { 0 } else { s.chance.between(0, 60) };
        s.in_days(first + later, move |s| if s.person_open() { need(s, code) } else { Ok(()) });
    }
    let rhythm = s.chance.between(6, 14);
    life::contacts(s, rhythm);
    besides(s);
    s.in_days(first + 1, |s| if s.person_open() { fairness::answers(s) } else { Ok(()) });
    ending(s);
    Ok(())
}

/// What some people have besides: staying well, supporters, agreements, words of their own.
fn besides(s: &mut Story<'_>) {
    if s.chance.percent(45) {
        let days = s.chance.between(25, 70);
        s.in_days(days, |s| if s.person_open() { plan::staying_well(s) } else { Ok(()) });
    }
    if s.chance.percent(22) {
        s.in_days(9, |s| if s.person_open() { beside::some_supporter(s) } else { Ok(()) });
    }
    if s.chance.percent(22) {
        s.in_days(12, |s| {
            let trust = s.town.cast.organisation("trust");
            if s.person_open() {
                beside::standing(s, trust, &[Area::HealthAndCare, Area::Housing], &["direct_care"], 11);
            }
            Ok(())
        });
    }
    for _ in 0..s.chance.weighted(&[55, 25, 14, 6]) {
        let days = s.chance.between(10, 300);
        s.in_days(days, |s| if s.person_open() { beside::writes(s) } else { Ok(()) });
    }
    if s.chance.percent(14) {
        let disagree = s.chance.percent(50);
        let words = if disagree {
            "That's not how I'd put it. It was three years ago."
        } else {
            "And I'm good with animals."
        };
        let days = s.chance.between(15, 120);
        s.in_days(days, move |s| if s.person_open() { plan::own_words(s, words, disagree) } else { Ok(()) });
    }
}

fn ending(s: &mut Story<'_>) {
    let (days, ending) = match s.chance.weighted(&[44, 32, 8, 6, 4, 1, 3, 2]) {
        0 => return,
        1 => (s.chance.between(120, 380), Ending::Finished),
        2 => (s.chance.between(40, 300), Ending::NotNow),
        3 => (s.chance.between(60, 300), Ending::DoorOpen),
        4 => (s.chance.between(20, 200), Ending::Stopped),
        5 => (s.chance.between(20, 100), Ending::Left),
        6 => (s.chance.between(90, 400), Ending::MovedAway),
        _ => (s.chance.between(60, 400), Ending::Died),
    };
    let older = if ending == Ending::Died && s.who.age < 50 { 200 } else { 0 };
    life::ends(s, days + older, ending);
}

/// A need with a goal and a step, and the way it takes: a group, a referral, a place to
/// walk into, or nothing that meets it.
fn need(s: &mut Story<'_>, code: &'static str) -> Told {
    let id = plan::need(s, code)?;
    let words = plan::words_of(code);
    if s.chance.percent(50) {
        let goal = plan::goal(s, words.goal, crate::directory::area_of(code));
        if s.chance.percent(35) {
            let days = s.chance.between(60, 250);
            s.in_days(
                days,
                move |s| if s.person_open() { plan::goal_reached(s, goal, "Did it.") } else { Ok(()) },
            );
        }
    }
    if s.chance.percent(55) {
        let days = s.chance.between(3, 12);
        plan::step(s, words.step, Some(id), None, days)?;
    }
    let days = s.chance.between(0, 9);
    s.in_days(days, move |s| if s.person_open() { way(s, code, id) } else { Ok(()) });
    Ok(())
}

fn way(s: &mut Story<'_>, code: &'static str, id: NeedId) -> Told {
    if let Some(group) = telling::fitting(s, code)
        && telling::offered(s)
    {
        return telling::about_group(s, &group, Some(id));
    }
    if s.chance.percent(9) {
        let reasons =
            [UnmetReason::TooFar, UnmetReason::Full, UnmetReason::NoAdjustment, UnmetReason::NotEligible];
        let reason = *s.chance.pick(&reasons);
        return plan::unmet(s, id, reason);
    }
    let services = fitting(s, code);
    if !services.is_empty() {
        // Mostly the one that is best known; sometimes another.
        let at = s.chance.weighted(&[70, 20, 10]).min(services.len() - 1);
        let fate = draw_fate(s, &services[at]);
        return send(s, Asking::new(&services[at], id, fate)).map(|_| ());
    }
    let walk_in = s.town.directory.services.iter().find(|x| {
        x.needs.contains(&code) && x.part == s.part() && x.only.is_none_or(|only| only == s.who.gender)
    });
    match walk_in.cloned() {
        Some(service) => telling::about_service(s, &service, Some(id)),
        None => plan::unmet(s, id, UnmetReason::NoService),
    }
}
