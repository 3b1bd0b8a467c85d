//! How good an entry of the directory is for somebody who has to decide whether to go: 0 to 100
//! points, field by field, with what would make it better. It is shown to those who keep the entry.
//! It is never used to rank one service before another.
//!
//! The fields and their points follow the completeness, validity and freshness checks proposed for
//! Open Referral UK directories (assured at most three months ago); they are the partnership's own
//! judgement of what people ask before they go.

use super::{Contact, Cost, Delivery, Eligibility, GenderPolicy, Group, Known, Location, Serves, Service};
use crate::time::{Day, days_between};

/// What is looked at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Aspect {
    /// How to reach it.
    Contact,
    /// Where it is, or whom it serves.
    Place,
    /// When it is open or meets.
    Times,
    /// Who it is for.
    WhoFor,
    /// What it costs.
    Cost,
    /// What it does to make it easier to come.
    Adjustments,
    /// What needs it meets.
    Needs,
    /// How lately somebody checked it.
    Checked,
    /// Whether what it says can be right.
    Sense,
}

impl Aspect {
    /// Every aspect, in the order of a page.
    pub const ALL: [Aspect; 9] = [
        Aspect::Contact,
        Aspect::Place,
        Aspect::Times,
        Aspect::WhoFor,
        Aspect::Cost,
        Aspect::Adjustments,
        Aspect::Needs,
        Aspect::Checked,
        Aspect::Sense,
    ];
    /// Points at most.
    pub fn points(self) -> u8 {
        match self {
            Aspect::Contact | Aspect::Place | Aspect::Checked => 15,
            Aspect::Times | Aspect::WhoFor | Aspect::Adjustments | Aspect::Needs | Aspect::Sense => 10,
            Aspect::Cost => 5,
        }
    }
    /// The words on a page.
    pub fn title(self) -> &'static str {
        match self {
            Aspect::Contact => "How to reach it",
            Aspect::Place => "Where it is",
            Aspect::Times => "When it is open",
            Aspect::WhoFor => "Who it is for",
            Aspect::Cost => "What it costs",
            Aspect::Adjustments => "What makes it easier to come",
            Aspect::Needs => "What it helps with",
            Aspect::Checked => "When it was checked",
            Aspect::Sense => "Whether it can be right",
        }
    }
}

/// One aspect of an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// Which.
    pub aspect: Aspect,
    /// Points it has, of [`Aspect::points`].
    pub points: u8,
    /// What would make it better, in words; none when it has all points.
    pub better: Option<String>,
}

/// An entry, looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quality {
    /// Every aspect, in the order of [`Aspect::ALL`].
    pub parts: Vec<Part>,
}

impl Quality {
    /// All points: 0 to 100.
    pub fn points(&self) -> u8 {
        self.parts.iter().map(|p| p.points).sum()
    }

    /// What would make the most difference.
    pub fn next(&self) -> Option<&Part> {
        let missing = |p: &&Part| p.aspect.points() - p.points;
        self.parts.iter().filter(|p| p.better.is_some()).max_by_key(missing)
    }

    /// Of a service.
    pub fn of_service(s: &Service, today: Day) -> Quality {
        let nowhere = s.delivery.iter().any(|d| *d != Delivery::InPerson) || s.serves != Serves::NotSaid;
        let times = !s.opening.week.is_not_said() || !s.opening.text.trim().is_empty();
        Quality {
            parts: vec![
                contact(&s.contact),
                place(s.locations.iter(), nowhere),
                part(
                    Aspect::Times,
                    if times { 10 } else { 0 },
                    "Say when it is open, or that people ring first",
                ),
                who_for(&s.eligibility),
                cost(&s.cost),
                adjustments(s.adjustments.len(), s.cannot_adjust.len()),
                part(Aspect::Needs, if s.needs.is_empty() { 0 } else { 10 }, "Say what it helps with"),
                checked(s.checked, today),
                sense(
                    &s.contact,
                    &s.eligibility,
                    s.description.as_str(),
                    s.locations.iter(),
                    s.checked,
                    today,
                ),
            ],
        }
    }

    /// Of a group.
    pub fn of_group(g: &Group, today: Day) -> Quality {
        let about = if g.interests.is_empty() && g.needs.is_empty() { 0 } else { 10 };
        Quality {
            parts: vec![
                contact(&g.contact),
                place(std::iter::once(&g.location), false),
                part(Aspect::Times, 10, ""),
                who_for(&g.eligibility),
                cost(&g.cost),
                adjustments(g.adjustments.len(), g.cannot_adjust.len()),
                part(Aspect::Needs, about, "Say what people do there"),
                checked(g.checked, today),
                sense(
                    &g.contact,
                    &g.eligibility,
                    g.description.as_str(),
                    std::iter::once(&g.location),
                    g.checked,
                    today,
                ),
            ],
        }
    }
}

fn part(aspect: Aspect, points: u8, better: &str) -> Part {
    let better = (points < aspect.points()).then(|| better.to_owned());
    Part { aspect, points, better }
}

fn contact(c: &Contact) -> Part {
    let points = match (c.phone.is_some(), c.email.is_some() || c.url.is_some()) {
        (true, true) => 15,
        (true, false) | (false, true) => 10,
        (false, false) => 0,
    };
    let better = if c.phone.is_none() { "Add a phone number" } else { "Add an email address or a website" };
    part(Aspect::Contact, points, better)
}

fn place<'a>(mut locations: impl Iterator<Item = &'a Location> + Clone, nowhere: bool) -> Part {
    let found = |l: &Location| match l {
        Location::At { postcode, address, .. } => postcode.is_some() && !address.trim().is_empty(),
        Location::Confidential { .. } => true,
    };
    let some = locations.clone().next().is_some();
    let points = match (locations.any(found), some, nowhere) {
        (true, ..) => 15,
        (false, true, _) => 7,
        (false, false, true) => 15,
        (false, false, false) => 0,
    };
    part(Aspect::Place, points, "Add the address with its postcode, or say where people can live")
}

fn who_for(e: &Eligibility) -> Part {
    let said = [
        e.age_min.is_some() || e.age_max.is_some() || !e.text.trim().is_empty(),
        e.gender != GenderPolicy::NotSaid,
        e.substance_use_ok != Known::NotSaid || e.needs_diagnosis != Known::NotSaid,
    ];
    let points = match said.iter().filter(|s| **s).count() {
        0 => 0,
        1 => 5,
        2 => 8,
        _ => 10,
    };
    let better = match said {
        [false, ..] => "Say for which ages it is",
        [_, false, _] => "Say whether it is for everyone, for women or for men",
        _ => "Say whether people need a diagnosis, and whether they can come if they drink or use drugs",
    };
    part(Aspect::WhoFor, points, better)
}

fn cost(c: &Cost) -> Part {
    let said = c.free != Known::NotSaid || !c.text.trim().is_empty();
    part(Aspect::Cost, if said { 5 } else { 0 }, "Say what it costs, or that it is free")
}

fn adjustments(yes: usize, no: usize) -> Part {
    let points = match (yes, yes + no) {
        (_, 0) => 0,
        (_, 1 | 2) => 6,
        _ => 10,
    };
    part(Aspect::Adjustments, points, "Say what you can do to make it easier to come, and what you cannot")
}

fn checked(day: Option<Day>, today: Day) -> Part {
    let points = match day.map(|d| days_between(d, today)) {
        Some(..=90) => 15,
        Some(91..=180) => 8,
        Some(181..=365) => 4,
        Some(_) | None => 0,
    };
    part(Aspect::Checked, points, "Look through it and say that it is right")
}

/// What cannot be: an address of the web that is none, ages the wrong way round, a point nowhere, a
/// day of checking that has not come, no words about what it is.
fn sense<'a>(
    c: &Contact,
    e: &Eligibility,
    about: &str,
    mut locations: impl Iterator<Item = &'a Location>,
    checked: Option<Day>,
    today: Day,
) -> Part {
    let web = |u: &String| !(u.starts_with("http://") || u.starts_with("https://"));
    let digits = |p: &String| {
        p.chars().filter(char::is_ascii_digit).count() < 5 && !p.contains("111") && !p.contains("999")
    };
    let wrong = if c.url.as_ref().is_some_and(web) {
        Some("The website has to begin with https://")
    } else if c.email.as_ref().is_some_and(|m| !m.contains('@')) {
        Some("The email address has no @")
    } else if c.phone.as_ref().is_some_and(digits) {
        Some("The phone number is too short")
    } else if matches!((e.age_min, e.age_max), (Some(min), Some(max)) if min > max) {
        Some("The youngest age is above the oldest")
    } else if locations.any(|l| l.point().is_some_and(|p| p.lat.abs() < 1.0 && p.lon.abs() < 1.0)) {
        Some("The point on the map is in the sea")
    } else if checked.is_some_and(|d| d > today) {
        Some("The day it was checked has not come yet")
    } else if about.trim().chars().count() < 20 {
        Some("Say in a sentence what it is")
    } else {
        None
    };
    match wrong {
        Some(words) => part(Aspect::Sense, 0, words),
        None => part(Aspect::Sense, 10, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{AdjustmentCode, NeedCode};
    use crate::id::OrganisationId;
    use crate::place::Postcode;
    use crate::time::plus_days;
    use jiff::civil::date;
    use uuid::Uuid;

    const TODAY: Day = date(2026, 11, 24);

    fn whole() -> Service {
        let mut s = Service::new("Advice", OrganisationId(Uuid::from_u128(1)));
        s.description = "Help with letters about money.".into();
        s.contact = Contact {
            phone: Some("01632 960000".into()),
            email: Some("a@example.org".into()),
            url: Some("https://example.org".into()),
        };
        s.locations = vec![Location::at("1 High Street", Postcode::parse("M33 1AA").ok())];
        s.opening.text = "Ring first".into();
        s.eligibility.age_min = Some(18);
        s.eligibility.gender = GenderPolicy::Everyone;
        s.eligibility.needs_diagnosis = Known::No;
        s.cost.free = Known::Yes;
        s.needs = vec![NeedCode::parse("money-debt").unwrap()];
        let some = crate::directory::adjustments::ALL.iter().take(3);
        s.adjustments = some.filter_map(|a| AdjustmentCode::parse(a.code).ok()).collect();
        s.checked = Some(plus_days(TODAY, -10));
        s
    }

    #[test]
    fn a_whole_entry_has_a_hundred_points_and_an_empty_one_next_to_none() {
        let best = Quality::of_service(&whole(), TODAY);
        assert_eq!((best.points(), best.next()), (100, None), "{best:?}");
        assert_eq!(Aspect::ALL.iter().map(|a| u32::from(a.points())).sum::<u32>(), 100);
        let bare = Quality::of_service(&Service::new("Walk", whole().organisation), TODAY);
        assert_eq!(bare.points(), 0);
        assert_eq!(bare.next().map(|p| p.aspect.points()), Some(15));
        assert!(bare.parts.iter().all(|p| p.better.as_ref().is_some_and(|b| !b.is_empty())));
    }

    #[test]
    fn each_thing_taken_away_costs_points_and_says_what_is_missing() {
        type Change = fn(&mut Service);
        let changes: [(Aspect, Change); 9] = [
            (Aspect::Contact, |s| s.contact.phone = None),
            (Aspect::Place, |s| s.locations.clear()),
            (Aspect::Times, |s| s.opening.text.clear()),
            (Aspect::WhoFor, |s| s.eligibility.gender = GenderPolicy::NotSaid),
            (Aspect::Cost, |s| s.cost.free = Known::NotSaid),
            (Aspect::Adjustments, |s| s.adjustments.clear()),
            (Aspect::Needs, |s| s.needs.clear()),
            (Aspect::Checked, |s| s.checked = Some(plus_days(TODAY, -91))),
            (Aspect::Sense, |s| s.contact.url = Some("example".into())),
        ];
        for (aspect, change) in changes {
            let mut s = whole();
            change(&mut s);
            let found = Quality::of_service(&s, TODAY);
            let less: Vec<Aspect> =
                found.parts.iter().filter(|p| p.better.is_some()).map(|p| p.aspect).collect();
            assert_eq!(less, [aspect]);
            assert!(found.points() < 100);
        }
    }

    #[test]
    fn a_kept_secret_place_and_help_by_phone_lack_no_address() {
        let mut s = whole();
        s.locations = vec![Location::Confidential { area: "in Brackenford".into(), place: None }];
        assert_eq!(Quality::of_service(&s, TODAY).points(), 100);
        s.locations.clear();
        s.delivery = vec![Delivery::Phone];
        assert_eq!(Quality::of_service(&s, TODAY).points(), 100);
    }
}
