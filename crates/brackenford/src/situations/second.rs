//! Stories by hand: dying, standing in for somebody, services that say no, and what goes
//! wrong among those who help.

use super::begin::{met, steady};
use super::first::in_hospital;
use crate::story::life::{self, Ending};
use crate::story::plan::{self, section};
use crate::story::referral::{Asking, Fate, send};
use crate::story::{Story, Told, beside};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::consent::{Basis, Decided, MadeFor, Power};
use kith_domain::organisation::{Holder, WorkRole};
use kith_domain::person::{Conflict, ConflictKind};
use kith_domain::plan::{Asks, NoteKind, Part, Step, StepOwner, StepStatus};
use kith_domain::referral::DeclineReason;
use kith_domain::right::{AnswerWay, CameAs, Right, RightKind, SaidBack, answer_day};
use kith_domain::supporter::{Proof, Supporter, SupporterKind};
use kith_domain::time::plus_days;
use kith_domain::worry::{Spoken, Worry};

pub(super) fn died(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    steady(s);
    let at = s.town.when.at_day(s.town.when.working_ago(1), 10);
    s.at(at, |s| {
        life::end(s, Ending::Died)?;
        // The coroner asks for everything about him to be kept.
        let asks = "The coroner, reference C-104";
        let by = s.holder().lead.ok_or_else(|| s.broken("who keeps everything", "nobody leads"))?;
        let after = kith_domain::removal::keep_all(s.person(), asks, by, s.now)
            .map_err(|e| s.broken("what is kept", e))?;
        s.by_navigator(s.id, "everything is kept", after);
        Ok(())
    });
    Ok(())
}

pub(super) fn died_by_mistake(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    plan::need(s, "physical-check")?;
    steady(s);
    s.in_days(30, |s| {
        let by = s.navigator();
        let after = kith_domain::life::died(s.person(), None, by, s.now, s.today())
            .map_err(|e| s.broken("a death", e))?;
        s.by_navigator(s.id, "death recorded", after);
        s.in_days(1, taken_back);
        Ok(())
    });
    Ok(())
}

fn taken_back(s: &mut Story<'_>) -> Told {
    let after = kith_domain::life::not_died(s.person()).map_err(|e| s.broken("a mistake", e))?;
    s.by_navigator(s.id, "death taken back", after);
    let words = "It was another man of that name. Rang him. He laughed, then he didn't.";
    life::note(s, NoteKind::Story, Area::Identity, Sensitivity::S1, words, None);
    life::contacts(s, 4);
    Ok(())
}

pub(super) fn bereaved(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    section(
        s,
        Part::AboutMe,
        None,
        "I cared for my son for nineteen years. He died in the spring. I don't know what I am now.",
        "",
        "",
    );
    let need = plan::need(s, "health-grief")?;
    let grief = s.town.directory.service("grief").clone();
    send(s, Asking::new(&grief, need, Fate::Helps { wait: 15, misses: true, months: 5 }))?;
    s.in_days(110, |s| {
        let on = s.town.when.working(4);
        beside::hidden(
            s,
            "Her sister rang. She wants to arrange a day in the park for the anniversary, as a surprise.",
            "Her sister asked us not to say until it is arranged",
            on,
        );
        Ok(())
    });
    steady(s);
    Ok(())
}

pub(super) fn attorney(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let id = beside::supporter(
        s,
        "Marian Elderstead",
        "niece; attorney for money and property only",
        SupporterKind::AttorneyMoney,
        &[Area::Money],
    );
    if let Some(mut supporter) = s.get::<Supporter>(id.into()).cloned()
        && let Some(seen_by) = s.holder().lead
    {
        supporter.proof = Some(Proof {
            what: "Lasting power of attorney for property and financial affairs, registered".into(),
            seen_by,
            on: s.today(),
        });
        s.by_navigator(id, "proof seen", supporter);
    }
    plan::need(s, "money-budget")?;
    steady(s);
    Ok(())
}

pub(super) fn imha(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    s.in_days(10, |s| {
        in_hospital(s, false)?;
        beside::supporter(
            s,
            "Carol Whinford",
            "independent mental health advocate",
            SupporterKind::AdvocateImha,
            &[Area::HealthAndCare],
        );
        plan::need(s, "health-advocate").map(|_| ())
    });
    steady(s);
    Ok(())
}

pub(super) fn best_interests(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let need = plan::need(s, "health-care-act")?;
    let care = s.town.directory.service("social_care").clone();
    let worker = s.town.cast.worker("graham");
    let mut asking = Asking::new(&care, need, Fate::Helps { wait: 14, misses: false, months: 8 });
    asking.basis = Some(Basis::BestInterests(Decided {
        looked_again: Vec::new(),
        decided_by: "Graham Northgate, social worker".into(),
        confirmed: None,
        worker: Some(worker),
        why: "Could not weigh this up that week. Her sister and the ward were asked; this is what she has always wanted.".into(),
        least: "Only that she needs help at home in the mornings, and how to reach her".into(),
        review_on: s.town.when.working(3),
    }));
    send(s, asking)?;
    s.in_days(95, |s| {
        let (trust, until) = (s.town.cast.organisation("trust"), s.town.when.day(12));
        let made = MadeFor {
            power: Power::BestInterests { decided_by: "Graham Northgate, social worker".into() },
            decision: "Whether the trust's nurse may read what helps her in the mornings".into(),
            found: "Graham and the nurse, on two mornings, with pictures and time".into(),
            consulted: "Maura first. Her sister Bernadette, and the ward".into(),
            least: "Health and name only, nothing very private, for one season".into(),
        };
        let areas = [Area::HealthAndCare, Area::Identity];
        beside::decided_for(s, trust, &areas, &["direct_care"], until, made);
        Ok(())
    });
    steady(s);
    Ok(())
}

pub(super) fn three_doors(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let need = plan::need_in(
        s,
        "housing-supported",
        "A home with somebody in the building.",
        "Ask the first place",
    )?;
    let (a, b) = (s.town.directory.service("harbour").clone(), s.town.directory.service("larch").clone());
    let words = "We do not have the staff to support you safely here. We are sorry to say no.";
    send(s, Asking::new(&a, need, Fate::Declines(DeclineReason::TooComplex, words.into())))?;
    s.in_days(9, move |s| {
        let words = "You are doing too well for what we offer. We hope that is good news.";
        send(s, Asking::new(&b, need, Fate::Declines(DeclineReason::NotComplexEnough, words.into())))
            .map(|_| ())
    });
    steady(s);
    Ok(())
}

/// Sent six working days ago to a team that replies within five, and nobody has.
pub(super) fn silent(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let need = plan::need(s, "work-job")?;
    let ips = s.town.directory.service("ips").clone();
    let mut asking = Asking::new(&ips, need, Fate::Waits);
    asking.how = kith_domain::consent::Asked::Phone;
    let at = s.town.when.at_day(s.town.when.working_ago(6), 15);
    s.at(at, move |s| {
        plan::need_goes_on(s, need, "Wait for the work coach to answer", 12)?;
        send(s, asking).map(|_| ())
    });
    steady(s);
    Ok(())
}

pub(super) fn email_only(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let need = plan::need_in(
        s,
        "connection-interest",
        "Get my hands in the soil again.",
        "Wait for Hazel or Ted to answer",
    )?;
    let plot = s.town.directory.service("plot").clone();
    let at = s.town.when.at_day(s.town.when.working_ago(2), 14);
    s.at(at, move |s| send(s, Asking::new(&plot, need, Fate::Waits)).map(|_| ()));
    steady(s);
    Ok(())
}

pub(super) fn lapsed(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let need = plan::need(s, "connection-befriend")?;
    let befriend = s.town.directory.service("befriend").clone();
    send(s, Asking::new(&befriend, need, Fate::Helps { wait: 15, misses: false, months: 14 }))?;
    steady(s);
    Ok(())
}

/// One of the nine people whom the Beacon was helping when it shut: that is back with the
/// navigator who asked.
pub(super) fn beacon(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let need = plan::need(s, "connection-company")?;
    let beacon = s.town.directory.service("beacon").clone();
    s.in_days(2, move |s| {
        send(s, Asking::new(&beacon, need, Fate::Helps { wait: 4, misses: false, months: 14 })).map(|_| ())
    });
    steady(s);
    Ok(())
}

pub(super) fn sick_leave(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    plan::need(s, "physical-gp")?;
    steady(s);
    Ok(())
}

pub(super) fn neighbour(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let community = s.town.cast.seat("community", 0).holder(None);
    life::involve(s, community, None, "Community mental health team", false);
    section(
        s,
        Part::Area,
        Some(Area::HealthAndCare),
        "",
        "The team comes on Mondays.",
        "That my business stays mine.",
    );
    s.in_days(50, |s| {
        let words = "She saw in \u{201c}who looked\u{201d} that a neighbour who works for the team opened her plan at night. Reported.";
        life::note(s, NoteKind::Story, Area::Identity, Sensitivity::S1, words, None);
        let worker = s.town.cast.worker("anneka");
        s.change_person("conflict recorded", |p| {
            p.conflicts.push(Conflict { worker, kind: ConflictKind::Friend });
        });
        Ok(())
    });
    steady(s);
    Ok(())
}

/// A step that a desk without a lead took on.
pub(super) fn duty(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let need = plan::need(s, "health-care-act")?;
    let seat = s.town.cast.seat("duty", 0);
    step_for(
        s,
        "Ring about the rails in the bathroom",
        Some(need),
        StepOwner::Team { organisation: seat.organisation, team: seat.team },
        s.town.when.working(1),
    )?;
    steady(s);
    Ok(())
}

fn step_for(
    s: &mut Story<'_>,
    what: &str,
    need: Option<kith_domain::id::NeedId>,
    owner: StepOwner,
    by: kith_domain::time::Day,
) -> Told {
    let value = Step {
        area: need
            .and_then(|n| s.get::<kith_domain::need::Need>(n.into()).map(|n| n.area))
            .unwrap_or(Area::Identity),
        sensitivity: Sensitivity::S1,
        what: what.into(),
        need,
        goal: None,
        owner,
        by,
        asks: Asks::Asks,
        accepted: Some(s.now),
        said_no: None,
        holder: s.holder(),
        status: StepStatus::Open,
        moves_without_contact: 0,
        categories: Vec::new(),
        guard: Default::default(),
    };
    let id = s.fresh();
    s.by_navigator(id, "step set", value);
    Ok(())
}

pub(super) fn safeguarding(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    plan::need(s, "housing-keep")?;
    steady(s);
    let at = s.town.when.ago(1, 15);
    s.at(at, |s| {
        let holder = s.holder();
        let value = Worry {
            about: None,
            words: "A man from upstairs has her bank card and sleeps on her sofa. She says it is fine and will not look at me.".into(),
            numbers_first_at: s.now,
            raised_at: s.now,
            holder,
            raised_as: WorkRole::Navigator,
            spoken: Some(Spoken {
                name: "the council's safeguarding line".into(),
                organisation: "Brackenford Council".into(),
                at: s.now,
                agreed: "Left a message. Nobody has rung back.".into(),
                took_it_on: false,
            }),
            check: None,
            closed: None,
            checked: None,
            concern: None,
        };
        let id = s.fresh();
        s.by_navigator(id, "worry raised", value);
        Ok(())
    });
    Ok(())
}

/// A complaint about information at day 28, that nobody has said a word about, and a copy at day
/// 27 that he was told about and nobody has opened yet. Both with the records officer.
pub(super) fn complaint(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    plan::need(s, "health-advocate")?;
    let alasdair = s.town.cast.worker("alasdair");
    let asked = s.town.when.at_day(s.town.when.day(-27), 11);
    s.at(asked, move |s| {
        let mut copy = by_right(s, RightKind::Copy, None);
        copy.said = Some(SaidBack {
            by: alasdair,
            at: s.now.plus_hours(3),
            words: "I have your request. You get your copy, on paper, within one month. Alasdair".into(),
        });
        let id = s.fresh();
        s.in_their_words(id, "asked by right", copy);
        Ok(())
    });
    let complained = s.town.when.at_day(s.town.when.day(-28), 11);
    s.at(complained, move |s| {
        let words = "They talked about my money in front of the whole room. I never said that was all right.";
        let complaint = by_right(s, RightKind::DataComplaint, Some(words));
        let id = s.fresh();
        s.in_their_words(id, "asked by right", complaint);
        Ok(())
    });
    steady(s);
    Ok(())
}

/// Something asked by right today, of the organisation that holds the plan, and held by its
/// records officer.
fn by_right(s: &Story<'_>, kind: RightKind, words: Option<&str>) -> Right {
    let (town, asked_on) = (s.town, s.today());
    let seat = town.cast.seat("net", 0);
    let (say_by, answer_by) = answer_day(kind, asked_on, &town.settings, &town.when.calendar);
    let lead = Some(town.cast.worker("alasdair"));
    Right {
        kind,
        called: s.person().called.clone(),
        words: words.map(str::to_owned),
        organisation: seat.organisation,
        asked_on,
        made_at: s.now,
        came: CameAs::Said,
        way: AnswerWay::Paper,
        holder: Holder { organisation: seat.organisation, team: seat.team, lead },
        say_by,
        answer_by,
        said: None,
        more_time: None,
        second: None,
        lines: Vec::new(),
        release: None,
        went: None,
        ended: None,
    }
}

pub(super) fn benefit_stopped(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let need = plan::need_in(
        s,
        "money-benefits",
        "They stopped it last Friday. There's four pounds.",
        "Ring DebtHelp together",
    )?;
    let benefits = s.town.directory.service("benefits").clone();
    let at = s.town.when.at_day(s.town.when.working_ago(3), 10);
    s.at(at, move |s| {
        send(s, Asking::new(&benefits, need, Fate::Asks("Can he bring the letter on Tuesday?"))).map(|_| ())
    });
    steady(s);
    Ok(())
}

pub(super) fn bailiff(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let need = plan::need_in(
        s,
        "money-debt",
        "They're coming tomorrow. It's on the card they put through the door.",
        "Ring DebtHelp today about breathing space",
    )?;
    let (organisation, team) = (s.holder().organisation, s.holder().team);
    let Some(worker) = s.holder().lead else { return Ok(()) };
    let by = s.town.when.calendar.plus_working(s.town.when.day(0), 1);
    let owner = StepOwner::Worker { organisation, team, worker };
    let at = s.town.when.ago(0, 9);
    s.at(at, move |s| {
        step_for(s, "Be there when the bailiff comes; have the adviser on the phone", Some(need), owner, by)
    });
    steady(s);
    Ok(())
}

/// Offered to a colleague, who has not answered by the day: it is with the team lead now.
pub(super) fn offered(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    plan::need(s, "connection-company")?;
    steady(s);
    Ok(())
}

pub(super) fn unmet(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let need = plan::need_in(
        s,
        "connection-travel",
        "There's no bus out here after six and the group's at seven.",
        "See if anybody drives",
    )?;
    s.in_days(7, move |s| plan::unmet(s, need, kith_domain::need::UnmetReason::TooFar));
    steady(s);
    Ok(())
}

pub(super) fn question(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let need = plan::need(s, "housing-keep")?;
    let tenancy = s.town.directory.service("tenancy").clone();
    let at = s.town.when.at_day(s.town.when.working_ago(1), 9);
    s.at(at, move |s| {
        let Some(id) = send(s, Asking::new(&tenancy, need, Fate::Waits))? else { return Ok(()) };
        let soon = kith_domain::time::Instant(s.now.0 + 3 * kith_domain::time::Instant::HOUR);
        s.at(soon, move |s| {
            let step = kith_domain::moves::Move::Ask("Is there a court date yet?".into());
            crate::story::referral::receiver_moves(s, id, "question asked", &step)
        });
        Ok(())
    });
    steady(s);
    Ok(())
}

pub(super) fn unread_words(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    plan::need(s, "connection-company")?;
    steady(s);
    let at = s.town.when.ago(0, 1);
    let before = plus_days(s.town.when.today(), -1);
    let at = at.min(s.town.when.at_day(before, 22));
    s.at(at, |s| {
        beside::writes_down(
            s,
            "I keep thinking about what we said. Can we talk about the flat on Thursday? Not before.",
        );
        Ok(())
    });
    Ok(())
}
