//! A person's page: what matters first, then six areas side by side, who is involved,
//! what happens next and who holds it, the story so far.

use super::marks::kept;
use super::story::{StoryRow, author, story};
use crate::app::{App, Oops, SignedInWorker};
use crate::page::PageContext;
use crate::pages::coming_in::answer::safe_lines;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use jiff::civil::Date;
use kith_care::Principal;
use kith_care::people::PersonPage;
use kith_domain::area::Area;
use kith_domain::guarding::marks_of;
use kith_domain::holding::Held;
use kith_domain::id::PersonId;
use kith_domain::message::MessageKind;
use kith_domain::need::NeedStatus;
use kith_domain::person::{Birth, Known, Person, Standing, Whereabouts};
use kith_domain::plan::{GoalStatus, NoteKind, Part, PlanSection, StepOwner};
use kith_domain::record::Saved;
use kith_domain::time::Calendar;
use serde::Serialize;

/// A person's page.
#[derive(Debug, Serialize)]
pub struct PersonView {
    id: String,
    called: String,
    facts: Vec<Fact>,
    notice: Option<String>,
    matters: Vec<Words>,
    areas: Vec<AreaView>,
    next: Vec<NextRow>,
    referrals: Vec<ReferralRow>,
    involved: Vec<Fact>,
    story: Vec<StoryRow>,
    earlier: Vec<StoryRow>,
    messages: Vec<StoryRow>,
    at_a_glance: Vec<String>,
    may_change: bool,
    /// After a death nothing new is planned.
    died: bool,
    navigator: bool,
    safe_asked: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Fact {
    name: String,
    value: String,
}

#[derive(Debug, Clone, Serialize)]
struct Words {
    title: String,
    words: String,
    own: bool,
    href: String,
    kept: String,
    said: Vec<Beside>,
}

/// What was said beside a line: added, or seen differently.
#[derive(Debug, Clone, Serialize)]
struct Beside {
    line: Option<String>,
    differently: bool,
    who: String,
    when: String,
    words: String,
}

#[derive(Debug, Clone, Serialize)]
struct AreaView {
    code: &'static str,
    title: &'static str,
    going_well: String,
    want_different: String,
    needs: Vec<Line>,
    goals: Vec<Line>,
    steps: Vec<Line>,
    href: String,
    kept: String,
    said: Vec<Beside>,
}

#[derive(Debug, Clone, Serialize)]
struct Line {
    id: String,
    words: String,
    state: String,
    tag: &'static str,
    open: bool,
    /// Who may not hear it, where somebody may not.
    kept: String,
}

#[derive(Debug, Clone, Serialize)]
struct NextRow {
    what: String,
    when: String,
    late: bool,
    moved: bool,
    holder: String,
}

#[derive(Debug, Clone, Serialize)]
struct ReferralRow {
    href: String,
    service: String,
    state: String,
    tag: &'static str,
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Html, Oops> {
    let data = app.kith.person_page(&who, person).await?;
    Ok(render(&page, &PersonView::new(&data, &who, app.kith.calendar())))
}

impl PersonView {
    fn new(data: &PersonPage, who: &Principal, calendar: &Calendar) -> PersonView {
        let today = calendar.day(who.now);
        let id = data.facts.id().to_string();
        let person = &data.facts.person.value;
        let mut story = story(data, who, calendar, today);
        let earlier = story.split_off(story.len().min(STORY_FIRST));
        PersonView {
            called: person.called.clone(),
            at_a_glance: at_a_glance(data, who, today),
            earlier,
            story,
            facts: visiting_facts(data, today).into_iter().chain(facts_of(person, today)).collect(),
            notice: notice(person, today),
            matters: matters(data, &id, who, calendar),
            areas: Area::SIX.into_iter().map(|a| area_view(data, a, &id, who, calendar)).collect(),
            next: data.held.iter().map(|h| next_row(h, who, today)).collect(),
            referrals: data.facts.referrals.iter().map(|r| referral_row(r, &id)).collect(),
            involved: involved(data, who),
            messages: messages(data, who, calendar, today, &id),
            may_change: data.may_change,
            died: person.died(),
            navigator: matches!(who.actor.role, kith_access::Role::Navigator | kith_access::Role::TeamLead),
            safe_asked: person.safe_contact.asked.is_some(),
            id,
        }
    }
}

/// So much of the story stands open; what is older is one step away.
const STORY_FIRST: usize = 6;

/// Who they are and how they are reached, in one line.
fn at_a_glance(data: &PersonPage, who: &Principal, today: Date) -> Vec<String> {
    let person = &data.facts.person.value;
    let age = match (&person.birth, person.birth.age(today)) {
        (Birth::Exact(_), Some(years)) => Some(format!("{years} years old")),
        (_, Some(years)) => Some(format!("about {years} years old (a guess)")),
        _ => None,
    };
    let safe = person.safe_contact.ways.first().map(|w| match w.detail.is_empty() {
        true => w.channel.title().to_owned(),
        false => format!("{}: {}", w.channel.title(), w.detail),
    });
    let holder = match person.holder.lead {
        Some(lead) => who.partnership.worker_name(lead),
        None => who.partnership.team_name(person.holder.team),
    };
    let language = person.language.clone();
    [age, safe, language, Some(format!("plan held by {holder}"))].into_iter().flatten().collect()
}

fn facts_of(person: &Person, today: Date) -> Vec<Fact> {
    let fact = |name: &str, value: String| Fact { name: name.into(), value };
    let known = |k: &Known<String>| match k {
        Known::Known(v) => v.clone(),
        Known::None => "none".into(),
        Known::NotYet => "not asked yet".into(),
    };
    let mut facts = emergency_facts(person);
    facts.extend(safe_facts(person));
    facts.extend([
        fact("Age", age(&person.birth, today)),
        fact("Phone (use only if it is a safe way)", known(&person.phone)),
        fact(
            "GP practice",
            match &person.gp {
                Known::Known(gp) => gp.name.clone(),
                Known::None => "no GP".into(),
                Known::NotYet => "not asked yet".into(),
            },
        ),
        fact(
            "Key worker",
            person
                .key_worker
                .as_ref()
                .map_or_else(|| "none named".into(), |k| format!("{}, {}", k.name, k.organisation)),
        ),
    ]);
    if let Some(language) = &person.language {
        facts.push(fact("Language", language.clone()));
    }
    if let Some(interpreter) = &person.interpreter {
        facts.push(fact("Interpreter", interpreter.language.clone()));
    }
    if !person.adjustments.is_empty() || person.adjustment_words.is_some() {
        let labels: Vec<String> = person
            .adjustments
            .iter()
            .map(|code| {
                kith_domain::directory::adjustments::find(code)
                    .map_or_else(|| code.clone(), |a| a.label.to_owned())
            })
            .chain(person.adjustment_words.clone())
            .collect();
        facts.push(fact("Adjustments", labels.join("; ")));
    }
    facts
}

/// After so many days a fact for visits is asked about again.
const VISITING_OLD_DAYS: i64 = 183;

/// What whoever visits alone needs to know, each with its day: the newest first.
fn visiting_facts(data: &PersonPage, today: Date) -> Vec<Fact> {
    let mut notes: Vec<_> =
        data.notes.iter().filter(|n| n.value.kind == NoteKind::Visiting).map(|n| &n.value).collect();
    notes.sort_by_key(|n| std::cmp::Reverse(n.on));
    let fact = |n: &kith_domain::plan::Note| {
        let old = text::days_between(n.on, today) > VISITING_OLD_DAYS;
        let again = if old { ". Ask whether this is still so" } else { "" };
        Fact {
            name: "Before you visit".into(),
            value: format!("{} ({}{again})", n.words, text::day(n.on, today)),
        }
    };
    notes.into_iter().map(fact).collect()
}

/// What they said beforehand about an emergency: first of all.
fn emergency_facts(person: &Person) -> Vec<Fact> {
    let Some(wish) = &person.emergency else { return Vec::new() };
    let fact =
        |name: &str, words: &Option<String>| words.clone().map(|value| Fact { name: name.into(), value });
    let said = [
        fact("In an emergency, in their words", &wish.words),
        fact("Do not call in an emergency", &wish.not_call),
    ];
    said.into_iter().flatten().collect()
}

/// What is known of reaching them safely, all of it, and whose word it is.
fn safe_facts(person: &Person) -> Vec<Fact> {
    let safe = &person.safe_contact;
    let nothing = *safe == kith_domain::contact::SafeContact::default();
    let mut facts = Vec::new();
    if nothing {
        facts.push(Fact { name: "Safe contact".into(), value: "not asked yet".into() });
    } else {
        if safe.asked.is_none() {
            let value = "Said by whoever asked, not yet by them".into();
            facts.push(Fact { name: "Safe contact".into(), value });
        }
        facts.extend(safe_lines(safe).into_iter().map(|(name, value)| Fact { name, value }));
    }
    if person.address_sealed {
        let value = "Sealed: it never leaves Kith".into();
        facts.push(Fact { name: "Where they live".into(), value });
    }
    facts
}

fn age(birth: &Birth, today: Date) -> String {
    match (birth, birth.age(today)) {
        (Birth::Exact(_), Some(years)) => years.to_string(),
        (Birth::Guess { .. }, Some(years)) => format!("about {years} (a guess)"),
        (Birth::None, _) => "not known to them, or they do not want to say".into(),
        _ => "not asked yet".into(),
    }
}

fn notice(person: &Person, today: Date) -> Option<String> {
    let standing = match &person.standing {
        Standing::Open => None,
        Standing::NotNow { until } => {
            Some(format!("Said “not now”. Ask once on {}.", text::day(*until, today)))
        }
        Standing::Finished { on, .. } => {
            Some(format!("Said they have finished, {}. Nobody chases.", text::day(*on, today)))
        }
        Standing::Stopped { on } => {
            Some(format!("Stopped everything, {}. Nobody chases.", text::day(*on, today)))
        }
        Standing::Left { on } => {
            Some(format!("Left Kith, {}. They can still be helped without it.", text::day(*on, today)))
        }
        Standing::DoorOpen { again, .. } => Some(format!(
            "Could not be reached. The door is open; look again on {}.",
            text::day(*again, today)
        )),
        Standing::Died { .. } => Some(
            "It is recorded that they have died. Nothing is sent. Tell everybody who was helping.".into(),
        ),
    };
    let place = match &person.whereabouts {
        Whereabouts::Hospital { since, .. } => {
            Some(format!("In hospital since {}. Places in queues are kept.", text::day(*since, today)))
        }
        Whereabouts::Prison { release: Some(day), .. } => {
            Some(format!("In prison. Release on {}. Places in queues are kept.", text::day(*day, today)))
        }
        Whereabouts::Prison { since, .. } => {
            Some(format!("In prison since {}. Places in queues are kept.", text::day(*since, today)))
        }
        Whereabouts::MovedAway { on, .. } => Some(format!("Moved away, {}.", text::day(*on, today))),
        Whereabouts::NoFixedAddress => Some("No fixed address.".into()),
        Whereabouts::Home => None,
    };
    let parts: Vec<String> = [standing, place].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// What the person, or anybody, said beside the lines of a section, oldest first.
fn beside(section: &PlanSection, who: &Principal, calendar: &Calendar, called: &str) -> Vec<Beside> {
    let row = |line: Option<&String>, differently, by, at, words: &str| {
        let when = text::day(calendar.day(at), calendar.day(who.now));
        let view = Beside {
            line: line.cloned(),
            differently,
            who: author(by, who, called),
            when,
            words: words.into(),
        };
        (at, view)
    };
    let differs = section.disagreements.iter().map(|d| row(Some(&d.line), true, &d.by, d.at, &d.words));
    let added = section.added_words.iter().map(|a| row(a.line.as_ref(), false, &a.by, a.at, &a.words));
    let mut all: Vec<_> = differs.chain(added).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, view)| view).collect()
}

fn matters(data: &PersonPage, id: &str, who: &Principal, calendar: &Calendar) -> Vec<Words> {
    let called = &data.facts.person.value.called;
    [Part::Matters, Part::AboutMe, Part::Strengths]
        .into_iter()
        .map(|part| {
            let section = data.sections.iter().find(|s| s.value.part == part);
            Words {
                title: part.title().into(),
                words: section.map(|s| s.value.words.clone()).unwrap_or_default(),
                own: section.is_some_and(|s| s.value.by_person),
                href: format!("/people/{id}/plan/{}", part.code()),
                kept: section.map(|s| kept(&marks_of(&s.value))).unwrap_or_default(),
                said: section.map(|s| beside(&s.value, who, calendar, called)).unwrap_or_default(),
            }
        })
        .collect()
}

/// Its id, and who may not hear it.
fn at<T: kith_domain::guarding::Line>(line: &Saved<T>) -> (String, String) {
    (line.meta.id.to_string(), kept(&marks_of(&line.value)))
}

fn area_view(data: &PersonPage, area: Area, id: &str, who: &Principal, calendar: &Calendar) -> AreaView {
    let section: Option<&Saved<PlanSection>> =
        data.sections.iter().find(|s| s.value.part == Part::Area && s.value.area == Some(area));
    let line = |(id, kept): (String, String), words: &str, state: &str, tag: &'static str, open: bool| Line {
        id,
        kept,
        words: words.to_owned(),
        state: state.to_owned(),
        tag,
        open,
    };
    let needs = data.facts.needs.iter().filter(|n| n.value.area == area).map(|n| {
        let (state, tag, open) = match &n.value.status {
            NeedStatus::Open if n.value.unmet.is_some() => ("nothing meets it yet", "attention", true),
            NeedStatus::Open => ("open", "open", true),
            NeedStatus::Met { .. } => ("met", "done", false),
            NeedStatus::NotNow { .. } => ("not now", "quiet", true),
            NeedStatus::SaidNo { .. } => ("said no", "quiet", false),
            NeedStatus::Finished { .. } => ("over", "quiet", false),
        };
        line(at(n), &n.value.words, state, tag, open)
    });
    let goals = data.goals.iter().filter(|g| g.value.area == area).map(|g| {
        let (state, tag) = match g.value.status {
            GoalStatus::Open => ("", "open"),
            GoalStatus::Reached { .. } => ("reached", "done"),
            GoalStatus::LetGo { .. } => ("let go", "quiet"),
        };
        line(at(g), &g.value.words, state, tag, true)
    });
    let steps = data.facts.steps.iter().filter(|s| s.value.area == area).map(|s| {
        let owner = match s.value.owner {
            StepOwner::Person => "the person".to_owned(),
            StepOwner::Worker { worker, .. } => who.partnership.worker_name(worker),
            StepOwner::Team { team, .. } => who.partnership.team_name(team),
        };
        let words = format!("{} ({owner})", s.value.what);
        let open = matches!(s.value.status, kith_domain::plan::StepStatus::Open);
        line(at(s), &words, if open { "" } else { "done" }, if open { "open" } else { "done" }, open)
    });
    AreaView {
        code: area.code(),
        title: area.title(),
        going_well: section.map(|s| s.value.going_well.clone()).unwrap_or_default(),
        want_different: section.map(|s| s.value.want_different.clone()).unwrap_or_default(),
        needs: needs.collect(),
        goals: goals.collect(),
        steps: steps.collect(),
        href: format!("/people/{id}/plan/area/{}", area.code()),
        kept: section.map(|s| kept(&marks_of(&s.value))).unwrap_or_default(),
        said: section
            .map(|s| beside(&s.value, who, calendar, &data.facts.person.value.called))
            .unwrap_or_default(),
    }
}

fn next_row(held: &Held, who: &Principal, today: Date) -> NextRow {
    let worker = held.holder.acts().map(|w| who.partnership.worker_name(w));
    let team = who.partnership.team_name(held.holder.team);
    NextRow {
        what: text::capitalised(&held.next.what),
        when: text::day_and_relative(held.next.on, today),
        late: held.overdue(who.now, today),
        moved: held.moves_without_contact >= 2,
        holder: worker.map_or_else(|| team.clone(), |w| format!("{w}, {team}")),
    }
}

fn referral_row(r: &Saved<kith_domain::referral::Referral>, id: &str) -> ReferralRow {
    use kith_domain::referral::{Business, Status};
    let v = &r.value;
    let inside = match (v.status, v.business) {
        (Status::Accepted | Status::InProgress, b) if b != Business::None => b.title(),
        (s, _) => s.title(),
    };
    let tag = match v.status {
        Status::Requested | Status::Draft => "waiting",
        Status::Accepted | Status::InProgress | Status::OnHold => "open",
        Status::Completed => "done",
        _ => "attention",
    };
    ReferralRow {
        href: format!("/people/{id}/referrals/{}", r.meta.id),
        service: v.service_name.clone(),
        state: inside.to_owned(),
        tag,
    }
}

fn involved(data: &PersonPage, who: &Principal) -> Vec<Fact> {
    let person = &data.facts.person.value;
    let holder = who.partnership.holder_today(&person.holder, true, who.now);
    let team = who.partnership.team_name(holder.team);
    let mut all = vec![Fact {
        name: "Holds the plan".into(),
        value: match holder.lead {
            Some(lead) => format!("{}, {team}", who.partnership.worker_name(lead)),
            None => team,
        },
    }];
    if holder.organisation != person.holder.organisation {
        all.extend(who.partnership.organisation_name(person.holder.organisation).map(|before| Fact {
            name: "Before that".into(),
            value: format!("{before}, which is not there for it now"),
        }));
    }
    all.extend(data.also.iter().map(|(id, name)| Fact {
        name: "Also entered here as".into(),
        value: format!("{name}, reference {}", kith_care::coming_in::reference((*id).into())),
    }));
    all.extend(data.involved.iter().filter(|i| i.value.until.is_none()).map(|i| Fact {
        name: i.value.role.clone(),
        value: format!(
                "{}, {}",
                i.value.worker.map_or_else(
                    || who.partnership.team_name(i.value.team),
                    |w| who.partnership.worker_name(w)
                ),
                who.partnership.organisation_name(i.value.organisation).unwrap_or_default()
            ),
    }));
    all.extend(
        data.supporters.iter().map(|s| Fact { name: s.value.relation.clone(), value: s.value.name.clone() }),
    );
    all
}

fn messages(data: &PersonPage, who: &Principal, calendar: &Calendar, today: Date, id: &str) -> Vec<StoryRow> {
    let called = &data.facts.person.value.called;
    let unread = data.facts.messages.iter().filter(|m| m.value.read_at.is_none());
    unread
        .filter(|m| matches!(m.value.to, kith_domain::message::MessageTo::Reader { .. }))
        .map(|m| StoryRow {
            when: text::relative_day(calendar.day(m.value.written_at), today),
            who: author(&m.value.from, who, called),
            words: m.value.words.clone(),
            own: m.value.kind == MessageKind::OwnWords,
            href: Some(format!("/people/{id}/messages/{}", m.meta.id)),
            ..StoryRow::default()
        })
        .collect()
}

impl View for PersonView {
    const TEMPLATE: &'static str = "people/person.html";

    fn title(&self) -> String {
        "A person I support".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![
            ("ordinary", sample("Badger", "Get my money back", 1)),
            ("empty", sample("Badger", "", 0)),
            ("longest", sample(&"Long name ".repeat(9), &"Many words that matter. ".repeat(60), 6)),
            ("difficult", sample("O'Neil <b>\"x\"</b>", "<script>alert(1)</script> & so on", 1)),
        ]
    }
}

fn sample(called: &str, words: &str, n: usize) -> PersonView {
    let some = |v: Vec<Line>| v;
    let line = |w: &str| Line {
        id: "x".into(),
        words: w.into(),
        state: "open".into(),
        tag: "open",
        open: true,
        kept: String::new(),
    };
    PersonView {
        id: "x".into(),
        called: called.into(),
        facts: vec![Fact {
            name: "Safe contact".into(),
            value: "Face to face: Tuesday drop-in, ask Joan".into(),
        }],
        notice: (n > 1).then(|| "In hospital since Monday. Places in queues are kept.".to_owned()),
        matters: vec![Words {
            title: "What matters to me".into(),
            words: words.into(),
            own: true,
            href: "/".into(),
            kept: String::new(),
            said: vec![beside_sample(words); n.min(1)],
        }],
        areas: Area::SIX
            .into_iter()
            .map(|a| AreaView {
                code: a.code(),
                title: a.title(),
                going_well: String::new(),
                want_different: words.chars().take(300).collect(),
                needs: some((0..n).map(|_| line(words.get(..words.len().min(80)).unwrap_or(""))).collect()),
                goals: Vec::new(),
                steps: Vec::new(),
                href: "/".into(),
                kept: if a == Area::Housing { "about somebody else".into() } else { String::new() },
                said: vec![beside_sample(words); n.min(1)],
            })
            .collect(),
        next: (0..n)
            .map(|_| NextRow {
                what: "Ring about the flat".into(),
                when: "Tuesday 24 November, today".into(),
                late: true,
                moved: true,
                holder: "Aisha Rahman, Navigators".into(),
            })
            .collect(),
        referrals: (0..n)
            .map(|_| ReferralRow {
                href: "/".into(),
                service: "Benefits advice".into(),
                state: "A date was offered".into(),
                tag: "open",
            })
            .collect(),
        involved: vec![Fact { name: "Holds the plan".into(), value: "Aisha Rahman, Navigators".into() }],
        at_a_glance: vec!["about 40 years old (a guess)".into(), "Tuesday drop-in, ask Joan".into()],
        earlier: Vec::new(),
        story: (0..n * 5)
            .map(|_| StoryRow {
                when: "yesterday".into(),
                who: "Aisha Rahman".into(),
                words: words.chars().take(400).collect(),
                own: false,
                kind: "In touch",
                said: Some(words.chars().take(200).collect()),
                href: None,
                tags: vec!["private".into(), "about somebody else".into()],
                marks: Some("/people/x/notes/y".into()),
            })
            .collect(),
        messages: Vec::new(),
        may_change: true,
        died: false,
        navigator: true,
        safe_asked: n > 0,
    }
}

fn beside_sample(words: &str) -> Beside {
    Beside {
        line: Some(words.chars().take(80).collect()),
        differently: true,
        who: "Badger".into(),
        when: "Monday 23 November".into(),
        words: words.chars().take(80).collect(),
    }
}
