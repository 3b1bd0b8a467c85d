//! Clocks, waiting lists and queues on the command line.

use super::Spell;
use super::clock::{End, Episode, History, journey, partner, published};
use super::ends::{self, ends};
use super::list::{Compat, Entry, stats};
use super::queue::{erlang, kingman, one_place};
use crate::error::InsightError;
use crate::figure::{Answer, Figure};
use crate::method::{Method, Options};
use crate::rates::interval::wilson;
use crate::table::Table;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The partner's clock and the whole journey.
pub const CLOCK: Method = Method {
    name: "wait-clock",
    about: "Partner waits or whole journeys from referrals: who was seen, declined, lost, and by when",
    columns: "received, came, ended, how (seen, declined, lost touch, died, left); for journeys also person, need, asked and need_ended with need_how",
    options: &[
        ("clock", "partner or journey; partner"),
        ("today", "the day up to which is known, such as 2026-04-01; needed"),
        ("by", "column of the groups; none, everybody together"),
        ("at", "days to tell the share of; 28,84,126,364"),
        ("level", "level of the interval; 0.95"),
    ],
    run: clock,
};

/// NHS England's published wait.
pub const PUBLISHED: Method = Method {
    name: "wait-published",
    about: "NHS England's published community mental health wait (a proposed standard, not adopted)",
    columns: "person, provider, what (referral, contact, outcome, assessment, plan or intervention), day, and until for referrals; all in scope",
    options: &[
        ("from", "first day of the period; needed"),
        ("to", "last day of the period; needed"),
        ("level", "level of the interval; 0.95"),
    ],
    run: published_wait,
};

/// Waiting-list theory.
pub const LIST: Method = Method {
    name: "waiting-list",
    about: "What a waiting list needs: demand, capacity, target size, relief, pressure",
    columns: "referral, removal (days)",
    options: &[
        ("target", "weeks within which nearly all are to be seen; 18"),
        ("from", "first day of the window; the first referral"),
        ("to", "last day of the window; the last thing that happened"),
        ("by", "column of the groups; none, everybody together"),
        ("compat", "nhsr answers as NHSRwaitinglist 0d85b69 does, with its defects"),
    ],
    run: waiting_list,
};

/// Queueing theory.
pub const QUEUE: Method = Method {
    name: "queue",
    about: "Waits of a service in balance: Erlang, Pollaczek-Khinchine, Kingman",
    columns: "arrivals, helped (by each place), both per week; places; for one place also varies_arriving, varies_helping",
    options: &[("longer", "weeks to tell the share of that waits longer; 4")],
    run: queue,
};

fn day(options: &Options, name: &str) -> Result<Option<Date>, InsightError> {
    let read =
        |t: &str| t.parse().map_err(|_| InsightError::option(name, t, "it is a day such as 2026-04-01"));
    options.text(name).map(read).transpose()
}

fn needed(options: &Options, name: &str) -> Result<Date, InsightError> {
    day(options, name)?.ok_or_else(|| InsightError::option(name, "", "it is a day such as 2026-04-01"))
}

fn ended(day: Option<Date>, how: Option<&str>, row: usize) -> Result<Option<(Date, End)>, InsightError> {
    let wrong = |how: &str| InsightError::BadCell {
        row: row + 1,
        column: "how".into(),
        text: how.to_owned(),
        wanted: "seen, declined, lost touch, died or left",
    };
    let Some(day) = day else { return Ok(None) };
    let how = how.unwrap_or("left");
    Ok(Some((day, End::of(how).ok_or_else(|| wrong(how))?)))
}

/// When something ended, and how, if it did.
type Ended = Option<(Date, End)>;

/// A group's name and its waits, with those not known.
type Grouped = Vec<(String, Vec<Spell>, u64)>;

fn episodes(table: &Table) -> Result<Vec<Option<Episode>>, InsightError> {
    let (received, came) = (table.maybe_days("received")?, table.maybe_days("came")?);
    let (ends, how) = (table.maybe_days("ended")?, table.texts("how")?);
    let asked = if table.has("asked") { table.maybe_days("asked")? } else { vec![None; table.len()] };
    let episode = |row: usize| {
        let ended = ended(ends[row], how[row], row)?;
        Ok(received[row].map(|received| Episode { asked: asked[row], received, came: came[row], ended }))
    };
    (0..table.len()).map(episode).collect()
}

fn journeys(
    table: &Table,
    rows: &[usize],
    episodes: &[Option<Episode>],
    today: Date,
) -> Result<(Vec<Spell>, u64), InsightError> {
    let (person, need) = (table.texts("person")?, table.texts("need")?);
    let need_ended =
        if table.has("need_ended") { table.maybe_days("need_ended")? } else { vec![None; table.len()] };
    let need_how = if table.has("need_how") { table.texts("need_how")? } else { vec![None; table.len()] };
    let mut needs: BTreeMap<_, (Vec<Episode>, Ended)> = BTreeMap::new();
    let mut missing = 0;
    for &row in rows {
        let Some(episode) = episodes[row] else {
            missing += 1;
            continue;
        };
        let of = needs.entry((person[row], need[row])).or_default();
        of.0.push(episode);
        of.1 = of.1.or(ended(need_ended[row], need_how[row], row)?);
    }
    Ok((needs.values().filter_map(|(episodes, end)| journey(episodes, *end, today)).collect(), missing))
}

fn clock(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let today = needed(options, "today")?;
    let (level, partners) =
        (options.level()?, options.one_of("clock", &["partner", "journey"])? == "partner");
    let episodes = episodes(table)?;
    let mut groups: Grouped = Vec::new();
    for (name, rows) in table.groups(options.text("by"))? {
        let (spells, missing) = match partners {
            true => {
                let missing = rows.iter().filter(|&&row| episodes[row].is_none()).count() as u64;
                (
                    rows.iter().filter_map(|&row| episodes[row].and_then(|e| partner(&e, today))).collect(),
                    missing,
                )
            }
            false => journeys(table, &rows, &episodes, today)?,
        };
        groups.push((name, spells, missing));
    }
    let at: Result<Vec<f64>, _> =
        options.text("at").unwrap_or("28,84,126,364").split(',').map(|t| t.trim().parse()).collect();
    let at = at.map_err(|_| {
        InsightError::option("at", options.text("at").unwrap_or(""), "it is numbers with commas")
    })?;
    let mut answer = Answer::default();
    for (name, spells, missing) in &groups {
        let of = |f: Figure| {
            let f = f.n(spells.len() as u64).missing(*missing);
            options.text("by").map_or(f.clone(), |by| f.of(by, name.clone()))
        };
        let figures = clock_figures(spells, &at, level);
        answer.figures.extend(figures.into_iter().map(of));
    }
    answer.notes.push(match partners {
        true => "Partner wait: received to first came. It never pauses. It is not NHS England's published wait.".into(),
        false => "Whole journey: first asked to help first happening. A decline does not end it. It is not NHS England's published wait.".into(),
    });
    Ok(answer)
}

fn clock_figures(spells: &[Spell], at: &[f64], level: f64) -> Vec<Figure> {
    let source = "Aalen and Johansen (1978); Kith's own clock";
    let still = spells.iter().filter(|s| s.end == 0).count();
    let mut figures = vec![Figure::new("wait-clock", source, "still waiting", still as f64).unit("waits")];
    for (end, points) in End::ALL.iter().zip(ends(spells, End::ALL.len())) {
        let count = spells.iter().filter(|s| s.end == *end as usize).count();
        figures.push(Figure::new("wait-clock", source, end.word(), count as f64).unit("waits"));
        if *end != End::Seen {
            continue;
        }
        for &day in at {
            let (share, (low, high)) =
                ends::at(&points, day).map_or((0.0, (0.0, 0.0)), |p| (p.share, p.interval(level)));
            let figure =
                Figure::new("wait-clock", source, format!("seen within {day} days"), share).unit("share");
            figures.push(figure.interval(low, high, level, "Gray, log-log"));
        }
        for p in [0.5, 0.9, 0.92] {
            let what = format!("day by which {} % of all are seen", crate::figure::plain(p * 100.0));
            let reached = points.iter().find(|point| point.share >= p - 1e-12);
            figures.push(match reached {
                Some(point) => Figure::new("wait-clock", source, what, point.day).unit("days"),
                None => Figure::none("wait-clock", source, what, "Not reached: so many have not been seen."),
            });
        }
    }
    figures
}

fn published_wait(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let (from, to, level) = (needed(options, "from")?, needed(options, "to")?, options.level()?);
    let (person, provider, what) = (table.texts("person")?, table.texts("provider")?, table.texts("what")?);
    let (days, until) = (table.maybe_days("day")?, table.maybe_days("until")?);
    let mut histories: BTreeMap<_, History> = BTreeMap::new();
    let mut missing = 0;
    for row in 0..table.len() {
        let Some(day) = days[row] else {
            missing += 1;
            continue;
        };
        let history = histories.entry((person[row], provider[row])).or_default();
        match what[row] {
            Some("referral") => history.referrals.push((day, until[row])),
            Some("contact") => history.contacts.push(day),
            Some("outcome") => history.outcomes.push(day),
            Some("assessment") => history.assessments.push(day),
            Some("plan" | "intervention") => history.plans.push(day),
            other => {
                return Err(InsightError::BadCell {
                    row: row + 1,
                    column: "what".into(),
                    text: other.unwrap_or("").to_owned(),
                    wanted: "referral, contact, outcome, assessment, plan or intervention",
                });
            }
        }
    }
    let source = "NHS England, Mental Health Services statistics, 4w_waits_prep.py (MIT)";
    let spells: Vec<_> = histories.values().flat_map(|h| published(h, to)).collect();
    let stopped: Vec<i64> = spells
        .iter()
        .filter(|s| s.stop.is_some_and(|d| from <= d && d <= to))
        .filter_map(|s| s.days())
        .collect();
    let quick = stopped.iter().filter(|d| **d < 28).count();
    let still: Vec<i64> = spells.iter().filter_map(|s| s.still(to)).collect();
    let mut second: Vec<f64> =
        spells.iter().filter_map(|s| s.still_for_second(to)).map(|d| d as f64).collect();
    second.sort_by(f64::total_cmp);
    let count = |what: &str, n: usize| {
        Figure::new("wait-published", source, what, n as f64).unit("referral spells").missing(missing)
    };
    let mut figures = vec![
        count("MRS01 clock stops in the period", stopped.len()),
        count("MRS01a of them in less than 4 weeks", quick),
    ];
    figures.push(match stopped.len() {
        0 => Figure::none(
            "wait-published",
            source,
            "MRS01b share in less than 4 weeks",
            "No clock stopped in the period.",
        ),
        n => {
            let e = wilson(quick as f64, n as f64, level)?;
            Figure::new("wait-published", source, "MRS01b share in less than 4 weeks", e.value)
                .interval(e.low, e.high, level, e.method)
                .n(n as u64)
        }
    });
    figures.push(count("MRS02 still waiting for a clock stop", still.len()));
    for (measure, weeks) in [("MRS02a", 104), ("MRS02c", 78), ("MRS02e", 52)] {
        let over = still.iter().filter(|d| **d > weeks * 7).count();
        figures.push(count(&format!("{measure} still waiting more than {weeks} weeks"), over));
    }
    figures.push(count("MRS03 waiting for a second contact", second.len()));
    for (measure, p, what) in [("MRS03a", 0.5, "median"), ("MRS03b", 0.9, "90th percentile")] {
        let name = format!("{measure} {what} of waits for a second contact so far");
        figures.push(match type7(&second, p) {
            Some(days) => {
                Figure::new("wait-published", source, name, days).unit("days").n(second.len() as u64)
            }
            None => Figure::none("wait-published", source, name, "Nobody waits for one."),
        });
    }
    let notes = vec![
        "The four-week standard was proposed in 2021 and has not been adopted. Counts are referral spells, not people.".into(),
    ];
    Ok(Answer { figures, notes })
}

/// The quantile of sorted values between neighbours, as R and spreadsheets have it.
pub fn type7(sorted: &[f64], p: f64) -> Option<f64> {
    let at = p * (sorted.len().checked_sub(1)? as f64);
    let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    Some(low + (high - low) * at.fract())
}

fn waiting_list(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let target = options.number("target", 18.0)?;
    let compat = match options.text("compat") {
        None => Compat::No,
        Some(_) => options.one_of("compat", &["nhsr"]).map(|_| Compat::Nhsr)?,
    };
    let window = (day(options, "from")?, day(options, "to")?);
    let (referral, removal) = (table.maybe_days("referral")?, table.maybe_days("removal")?);
    let source = "Fong and others (2022); NHSRwaitinglist (NHS-R, MIT), its defects mended";
    let mut answer = Answer::default();
    for (name, rows) in table.groups(options.text("by"))? {
        let list: Vec<Entry> = rows
            .iter()
            .filter_map(|&row| referral[row].map(|referral| Entry { referral, removal: removal[row] }))
            .collect();
        let missing = (rows.len() - list.len()) as u64;
        let s = stats(&list, window, target, compat)?;
        let of = |f: Figure| {
            let f = f.n(list.len() as u64).missing(missing);
            options.text("by").map_or(f.clone(), |by| f.of(by, name.clone()))
        };
        let mut push = |what: &str, value: f64, unit: &str| {
            answer.figures.push(of(Figure::new("waiting-list", source, what, value).unit(unit)));
        };
        push("demand", s.demand, "referrals a week");
        push("capacity", s.capacity, "removals a week while somebody waits");
        push("load", s.load, "demand over capacity");
        push("waiting at the end", s.queue as f64, "people");
        push("target size", s.target_queue, "people");
        push(
            "mean wait so far",
            s.mean_wait,
            if compat == Compat::Nhsr { "days (called weeks there)" } else { "weeks" },
        );
        push("pressure", s.pressure, "twice the mean wait over the target");
        push("variation of referrals", s.varies_in, "deviation over mean");
        push("variation of removals", s.varies_out, "deviation over mean");
        match (s.target_capacity, s.relief_capacity) {
            (Some(capacity), _) => push("target capacity", capacity, "removals a week"),
            (_, Some(capacity)) => push("relief capacity for 26 weeks", capacity, "removals a week"),
            _ => {}
        }
        answer.notes.push(format!("Window {} to {}, target {target} weeks.", s.window.0, s.window.1));
    }
    if compat == Compat::Nhsr {
        answer.notes.push("Answered as NHSRwaitinglist 0d85b69 does, with its defects: the mean wait is in days, and the pressure seven times too big.".into());
    }
    Ok(answer)
}

fn queue(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let longer = options.number("longer", 4.0)?;
    let (arrivals, helped, places) =
        (table.numbers("arrivals")?, table.numbers("helped")?, table.numbers("places")?);
    let varies =
        |name: &str| if table.has(name) { table.maybe_numbers(name) } else { Ok(vec![None; table.len()]) };
    let (arriving, helping) = (varies("varies_arriving")?, varies("varies_helping")?);
    let source = "Erlang (1917); Pollaczek and Khinchine; Kingman (1961)";
    let mut answer = Answer::default();
    for row in 0..table.len() {
        let e = erlang(arrivals[row], helped[row], places[row] as usize)?;
        let mut push = |what: String, value: f64, unit: &str| {
            answer
                .figures
                .push(Figure::new("queue", source, what, value).unit(unit).of("row", (row + 1).to_string()));
        };
        push("load".into(), e.load, "share of capacity");
        push("have to wait".into(), e.waits, "share");
        push("mean wait".into(), e.wait, "weeks");
        push("people waiting".into(), e.queue, "people");
        push(format!("wait longer than {longer} weeks"), e.longer_than(longer), "share");
        if let (1, Some(helping)) = (places[row] as usize, helping[row]) {
            let mean = 1.0 / helped[row];
            push("mean wait, help varying".into(), one_place(arrivals[row], mean, helping)?.0, "weeks");
            if let Some(arriving) = arriving[row] {
                push(
                    "mean wait, both varying (about)".into(),
                    kingman(arrivals[row], mean, arriving, helping)?,
                    "weeks",
                );
            }
        }
    }
    Ok(answer)
}
