//! Tell and go along: support without a referral. No packet, no name leaves. Here stands
//! the planted unfairness: Black men are told about groups half as often.

use super::{Story, Told, plan};
use crate::directory::{GroupSeat, ServiceSeat};
use kith_domain::area::Area;
use kith_domain::id::NeedId;
use kith_domain::plan::{Telling, TellingOutcome, ToldAbout};

/// Out of a hundred people whom a group would suit, how many are told about one.
const TOLD: u32 = 66;
/// The same, of Black men. The difference is planted; the equity pages must find it.
const TOLD_PLANTED: u32 = 30;

/// Is this person told about a group for this need?
pub fn offered(s: &mut Story<'_>) -> bool {
    let percent = if s.town.unfair_to(&s.who) { TOLD_PLANTED } else { TOLD };
    s.chance.percent(percent)
}

/// A group that would suit: the need, the person's age and who is welcome.
pub fn fitting(s: &mut Story<'_>, code: &str) -> Option<GroupSeat> {
    let who = s.who.clone();
    let today = s.today();
    let ok = |g: &&GroupSeat| {
        let ours = match g.key {
            "black_men" => who.heritage.is_black(),
            "apna" => matches!(
                who.heritage,
                crate::names::Heritage::Pakistani
                    | crate::names::Heritage::Bangladeshi
                    | crate::names::Heritage::Indian
            ),
            _ => !g.particular || g.needs.first() == Some(&code),
        };
        ours && g.needs.contains(&code)
            && g.only.is_none_or(|only| only == who.gender)
            && (g.ages.0..=g.ages.1).contains(&who.age)
            && (g.key != "northside_tea" || today < s.town.when.day(-1))
    };
    let fitting: Vec<GroupSeat> = s.town.directory.groups.iter().filter(ok).cloned().collect();
    if fitting.is_empty() { None } else { Some(s.chance.pick(&fitting).clone()) }
}

/// Tells about a group, and asks after two weeks or so.
///
/// # Errors
/// A rule refused a step.
pub fn about_group(s: &mut Story<'_>, group: &GroupSeat, need: Option<NeedId>) -> Told {
    tell(s, ToldAbout::Group(group.id), &group.name, need)
}

/// Tells about a service where people can just go.
///
/// # Errors
/// A rule refused a step.
pub fn about_service(s: &mut Story<'_>, service: &ServiceSeat, need: Option<NeedId>) -> Told {
    tell(s, ToldAbout::Service(service.id), &service.name, need)
}

fn tell(s: &mut Story<'_>, about: ToldAbout, name: &str, need: Option<NeedId>) -> Told {
    let holder = s.holder();
    let Some(told_by) = holder.lead else { return Ok(()) };
    let area = need
        .and_then(|n| s.get::<kith_domain::need::Need>(n.into()).map(|n| n.area))
        .unwrap_or(Area::Connection);
    let along = *s.chance.pick(&["", "", "their navigator, the first time", "a peer worker", "their sister"]);
    let days = s.chance.between(8, 18);
    let value = Telling {
        area,
        need,
        about,
        name: name.into(),
        told_by,
        told_at: s.now,
        goes_along: (!along.is_empty()).then(|| along.to_owned()),
        ask_on: plan::working_within(s, days),
        holder,
        outcome: None,
        words: None,
    };
    let id = s.fresh();
    s.by_navigator(id, "told about", value);
    s.in_days(days, move |s| asked(s, id, need, 0));
    Ok(())
}

/// Did you get there?
fn asked(s: &mut Story<'_>, id: kith_domain::id::RecordId, need: Option<NeedId>, times: u8) -> Told {
    let Some(mut telling) = s.get::<Telling>(id).cloned() else { return Ok(()) };
    if !s.person_open() || s.unreached {
        return Ok(());
    }
    let not_yet = if times < 2 { 22 } else { 0 };
    let outcome = [TellingOutcome::GotThere, TellingOutcome::NotYet, TellingOutcome::NoThanks]
        [s.chance.weighted(&[58, not_yet, 20])];
    telling.outcome = Some(outcome);
    let words = match outcome {
        TellingOutcome::GotThere => *s.chance.pick(&[
            "I went. I'll go again.",
            "It was all right, you know.",
            "They remembered my name.",
        ]),
        TellingOutcome::NotYet => "Got as far as the corner.",
        TellingOutcome::NoThanks => "Not for me.",
    };
    telling.words = Some(words.into());
    if outcome == TellingOutcome::NotYet {
        let days = s.chance.between(8, 15);
        telling.ask_on = plan::working_within(s, days);
        s.by_navigator(id, "asked, not yet", telling);
        s.in_days(days, move |s| asked(s, id, need, times + 1));
        return Ok(());
    }
    s.by_navigator(id, "asked, answered", telling);
    if outcome == TellingOutcome::GotThere
        && s.chance.percent(55)
        && let Some(need) = need
    {
        let days = s.chance.between(14, 50);
        s.in_days(days, move |s| if s.person_open() { plan::need_met(s, need, words) } else { Ok(()) });
    }
    Ok(())
}
