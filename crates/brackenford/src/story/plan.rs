//! The plan: sections in the person's words, needs, goals and small steps.

use super::words::{ABOUT, GOING_WELL, MATTERS, NEEDS, NO_HOME, NeedWords, STAYING_WELL, STRENGTHS};
use super::{Story, Told};
use crate::directory::area_of;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::coming_back::{self, NextStep};
use kith_domain::id::{GoalId, NeedId};
use kith_domain::need::{Need, NeedStatus, UnmetReason};
use kith_domain::next_date::{NextDate, check_next_date};
use kith_domain::plan::{
    Addition, Agreed, Asks, Disagreement, Goal, GoalStatus, Part, PlanSection, Step, StepOwner, StepStatus,
};
use kith_domain::record::Author;
use kith_domain::time::{Day, Instant, plus_days};

/// The words for a need.
///
/// # Panics
/// There are none, which is a mistake in the lists of this crate.
pub fn words_of(code: &str) -> &'static NeedWords {
    NEEDS.iter().find(|n| n.code == code).unwrap_or_else(|| panic!("no words for {code}"))
}

/// A few needs, drawn as this place has them, each in another kind of life.
pub fn draw_needs(s: &mut Story<'_>, most: usize) -> Vec<&'static str> {
    let mut codes: Vec<&'static str> = Vec::new();
    for _ in 0..most * 4 {
        let weights: Vec<u32> = NEEDS.iter().map(|n| n.weight).collect();
        let code = NEEDS[s.chance.weighted(&weights)].code;
        let fits = match code {
            "work-job" | "work-keep" => s.who.age < 66,
            "connection-culture" => s.who.heritage.language().is_some() || s.who.heritage.is_black(),
            _ => true,
        };
        let new = !codes.iter().any(|c| area_of(c) == area_of(code));
        if fits && (new || (codes.len() > 1 && !codes.contains(&code))) {
            codes.push(code);
        }
        if codes.len() == most {
            break;
        }
    }
    codes
}

/// The first sections: about me, what matters, strengths, and two or three areas. What
/// is written already stays as it is.
pub fn sections(s: &mut Story<'_>) -> Told {
    let about = *s.chance.pick(&ABOUT);
    let matters = *s.chance.pick(&MATTERS);
    let strengths = *s.chance.pick(&STRENGTHS);
    let tells = s.chance.percent(60);
    let there: Vec<Part> = s.all::<PlanSection>().into_iter().map(|(_, p)| p.part).collect();
    for (part, words, wanted) in
        [(Part::AboutMe, about, true), (Part::Matters, matters, true), (Part::Strengths, strengths, tells)]
    {
        if wanted && !there.contains(&part) {
            section(s, part, None, words, "", "");
        }
    }
    let areas: Vec<(usize, Area)> = Area::SIX.into_iter().enumerate().collect();
    let most = usize::try_from(s.chance.between(1, 3)).unwrap_or(1);
    for (at, area) in s.chance.some(&areas, most).into_iter().copied().collect::<Vec<_>>() {
        let (well, different) = match area {
            // Nobody without a home says that their flat is quiet.
            Area::Housing if !s.has_home() => NO_HOME,
            _ => GOING_WELL[at],
        };
        if !there.contains(&Part::Area) {
            section(s, Part::Area, Some(area), "", well, different);
        }
    }
    Ok(())
}

/// What to do to stay well, some weeks in.
pub fn staying_well(s: &mut Story<'_>) -> Told {
    let words = *s.chance.pick(&STAYING_WELL);
    section(s, Part::StayingWell, None, words, "", "");
    Ok(())
}

/// One section, in the person's words, agreed with them.
pub fn section(
    s: &mut Story<'_>,
    part: Part,
    area: Option<Area>,
    words: &str,
    going_well: &str,
    want_different: &str,
) -> kith_domain::id::RecordId {
    let id = s.fresh();
    let today = s.today();
    let with = s.holder().lead.map(|w| s.town.cast.name(w).to_owned());
    let value = PlanSection {
        words: words.into(),
        going_well: going_well.into(),
        want_different: want_different.into(),
        by_person: true,
        review_on: Some(plus_days(today, 180)),
        agreed: Some(Agreed { on: today, by_person: true, with }),
        ..PlanSection::new(part, area)
    };
    s.in_their_words(id, "plan section written", value);
    id
}

/// The person adds words to a section, or sees a line differently.
pub fn own_words(s: &mut Story<'_>, words: &str, disagree: bool) -> Told {
    let sections = s.all::<PlanSection>();
    let Some((id, mut section)) = sections.into_iter().find(|(_, p)| p.part == Part::AboutMe) else {
        return Ok(());
    };
    let by = Author::Person { person: s.id };
    let line = section.words.lines().next().unwrap_or_default().to_owned();
    if disagree {
        section.disagreements.push(Disagreement { line, words: words.into(), at: s.now, by });
    } else {
        section.added_words.push(Addition { line: None, words: words.into(), at: s.now, by });
    }
    s.write(id, by, if disagree { "disagreement added" } else { "words added" }, section);
    Ok(())
}

/// A need, in their words.
///
/// # Errors
/// The next date breaks a rule.
pub fn need(s: &mut Story<'_>, code: &'static str) -> Result<NeedId, crate::pen::BrackenfordError> {
    let words = *s.chance.pick(&words_of(code).said);
    need_in(s, code, words, "Find out what would help")
}

/// A need with these words and this next thing.
///
/// # Errors
/// The next date breaks a rule.
pub fn need_in(
    s: &mut Story<'_>,
    code: &'static str,
    words: &str,
    next: &str,
) -> Result<NeedId, crate::pen::BrackenfordError> {
    let area = area_of(code);
    let next = next_date(s, next, 14)?;
    let value = Need {
        area,
        words: words.into(),
        code: Some(code.into()),
        sensitivity: how_private(code),
        categories: Vec::new(),
        raised_at: s.now,
        status: NeedStatus::Open,
        holder: s.holder(),
        next,
        unmet: None,
        said_no_to: Vec::new(),
        follows_help: false,
        guard: Default::default(),
    };
    let id = s.fresh();
    s.in_their_words(id, "need raised", value);
    Ok(id.into())
}

/// How private a need of this kind is: what would tell a stranger about somebody's
/// health or debts is more so than wanting company, food or a swim.
pub fn how_private(code: &str) -> Sensitivity {
    const MORE: [&str; 14] = [
        "money-benefits",
        "money-debt",
        "money-budget",
        "health-talk",
        "health-key-worker",
        "health-medicine",
        "health-drink-drugs",
        "health-trauma",
        "health-care-act",
        "health-advocate",
        "health-grief",
        "health-memory",
        "physical-check",
        "physical-pain",
    ];
    if MORE.contains(&code) { Sensitivity::S2 } else { Sensitivity::S1 }
}

/// A next date some days on, on a working day, checked by the rule.
///
/// # Errors
/// The rule refused it.
pub fn next_date(s: &Story<'_>, what: &str, days: i32) -> Result<NextDate, crate::pen::BrackenfordError> {
    let on = working_within(s, days);
    check_next_date(what, on, s.today(), &s.town.settings).map_err(|e| s.broken("a next date", e))
}

/// A working day about `days` on, never further than a next date can be.
pub fn working_within(s: &Story<'_>, days: i32) -> Day {
    let calendar = &s.town.when.calendar;
    let latest = plus_days(s.today(), i32::from(s.town.settings.next_date_days));
    let mut on = calendar.plus_working(plus_days(s.today(), days), 0);
    while on > latest || !calendar.is_working(on) {
        on = plus_days(on, -1);
    }
    on.max(s.today())
}

/// The next thing about a need on which others are working.
pub fn how_far(need: &Need) -> String {
    let label = need.code.as_deref().and_then(kith_domain::directory::needs::find).map_or("", |n| n.label);
    let mut letters = label.chars();
    let label: String = match letters.next() {
        Some(first) if !label.starts_with("GP") && !label.starts_with("ID") && !label.starts_with("LGBT") => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => label.to_owned(),
    };
    format!("See how far we are: {label}")
}

/// Moves the next date of a need, because somebody spoke to the person.
///
/// # Errors
/// The rule refused it.
pub fn need_goes_on(s: &mut Story<'_>, id: NeedId, what: &str, days: i32) -> Told {
    let on = working_within(s, days);
    let now = Some(s.now);
    goes_on(s, id, "next date set", &NextStep::Date { what: what.into(), on }, now)
}

fn goes_on(
    s: &mut Story<'_>,
    id: NeedId,
    action: &'static str,
    step: &NextStep,
    heard_at: Option<Instant>,
) -> Told {
    let Some(need) = s.get::<Need>(id.into()).cloned().filter(|n| n.status == NeedStatus::Open) else {
        return Ok(());
    };
    let place = s.person().address.known().and_then(|a| a.place.clone());
    let told = ("Spoke to them about it", heard_at);
    let after = coming_back::goes_on(&need, step, place.as_deref(), told, s.now, s.today(), &s.town.settings)
        .map_err(|e| s.broken("what is done next about a need", e))?;
    s.by_navigator(id, action, after);
    Ok(())
}

/// The need is met, in their words.
pub fn need_met(s: &mut Story<'_>, id: NeedId, words: &str) -> Told {
    let Some(mut need) = s.get::<Need>(id.into()).cloned() else { return Ok(()) };
    if need.status != NeedStatus::Open {
        return Ok(());
    }
    need.status = NeedStatus::Met { on: s.today(), words: Some(words.into()) };
    need.unmet = None;
    s.in_their_words(id, "need met", need);
    Ok(())
}

/// Nothing here meets it.
///
/// # Errors
/// The rule refused it.
pub fn unmet(s: &mut Story<'_>, id: NeedId, reason: UnmetReason) -> Told {
    if s.get::<Need>(id.into()).is_none_or(|n| n.unmet.is_some()) {
        return Ok(());
    }
    let most = i32::from(s.town.settings.unmet_review_days);
    let review_on = plus_days(s.today(), s.chance.between(most / 2, most));
    let heard_at = s.person().heard_at;
    goes_on(s, id, "need unmet", &NextStep::Unmet { reason, review_on }, heard_at)
}

/// Looked at again: still nothing.
///
/// # Errors
/// The rule refused it.
pub fn unmet_again(s: &mut Story<'_>, id: NeedId) -> Told {
    let Some(reason) = s.get::<Need>(id.into()).and_then(|n| n.unmet.as_ref().map(|u| u.reason)) else {
        return Ok(());
    };
    let review_on = plus_days(s.today(), i32::from(s.town.settings.unmet_review_days));
    let now = Some(s.now);
    goes_on(s, id, "unmet need looked at again", &NextStep::Unmet { reason, review_on }, now)
}

/// A goal.
pub fn goal(s: &mut Story<'_>, words: &str, area: Area) -> GoalId {
    let value = Goal {
        area,
        words: words.into(),
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        status: GoalStatus::Open,
        review_on: Some(plus_days(s.today(), 90)),
        guard: Default::default(),
    };
    let id = s.fresh();
    s.in_their_words(id, "goal set", value);
    id.into()
}

/// They got there.
pub fn goal_reached(s: &mut Story<'_>, id: GoalId, words: &str) -> Told {
    let Some(mut goal) = s.get::<Goal>(id.into()).cloned() else { return Ok(()) };
    goal.status = GoalStatus::Reached { on: s.today(), words: Some(words.into()) };
    s.in_their_words(id, "goal reached", goal);
    Ok(())
}

/// A small step, done in most stories about when it was planned.
pub fn step(s: &mut Story<'_>, what: &str, need: Option<NeedId>, goal: Option<GoalId>, days: i32) -> Told {
    let area = need.and_then(|n| s.get::<Need>(n.into()).map(|n| n.area)).unwrap_or(Area::Connection);
    let own = s.chance.percent(45);
    let holder = s.holder();
    let owner = match holder.lead {
        Some(worker) if !own => {
            StepOwner::Worker { organisation: holder.organisation, team: holder.team, worker }
        }
        _ => StepOwner::Person,
    };
    let by = working_within(s, days);
    let value = Step {
        area,
        sensitivity: Sensitivity::S1,
        what: what.into(),
        need,
        goal,
        owner,
        by,
        asks: Asks::ForInformation,
        accepted: matches!(owner, StepOwner::Worker { .. }).then_some(s.now),
        said_no: None,
        holder,
        status: StepStatus::Open,
        moves_without_contact: 0,
        categories: Vec::new(),
        guard: Default::default(),
    };
    let id = s.fresh();
    s.by_navigator(id, "step set", value);
    let late = if s.chance.percent(85) { 0 } else { s.chance.between(1, 9) };
    s.in_days((days + late - 1).max(1), move |s| {
        let Some(mut step) = s.get::<Step>(id).cloned() else { return Ok(()) };
        if step.status != StepStatus::Open || !s.person_open() {
            return Ok(());
        }
        let on = s.today();
        step.status = if s.chance.percent(88) {
            StepStatus::Done { on, words: None }
        } else {
            StepStatus::Dropped { on, why: Some("Not what I want any more".into()) }
        };
        s.by_navigator(id, "step done", step);
        Ok(())
    });
    Ok(())
}
