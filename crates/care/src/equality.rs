//! A person's answers about equality: theirs to give, to change and to keep out of every figure.
//! Nobody else opens them (rule K5); the program counts them, and what leaves has passed the
//! disclosure gate.

use crate::change::Begun;
use crate::error::CareError;
use crate::kith::Kith;
use crate::mine::word_needed;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::clock::{Wait, WaitsOfPeople, honest_wait};
use kith_domain::equality::{
    ETHNICITY_5, ETHNICITY_2001, Equality, EqualityAnswer, EqualityQuestion, ethnicity_5, ethnicity_2001,
};
use kith_domain::id::PersonId;
use kith_domain::plan::{Telling, ToldAbout};
use kith_domain::record::{Record, Saved};
use kith_domain::referral::Referral;
use kith_domain::settings::Settings;
use kith_domain::time::{Day, Instant, plus_days};
use kith_insight::disclosure::{Additive, Policy, Shown, count, one_way};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How far back groups and waits are counted, in days.
pub const PERIOD_DAYS: i32 = 365;

/// Figures about equality, through the gate.
#[derive(Debug)]
pub struct EqualityFigures {
    /// The first day of the period.
    pub from: Day,
    /// The day they were made.
    pub to: Day,
    /// People with an open plan.
    pub people: Shown,
    /// Each question with its counts.
    pub answers: Vec<AnswerRows>,
    /// The same answers in the 16+1 categories of 2001, for the NHS.
    pub categories_2001: AnswerRows,
    /// Who was told about a group, and how long people waited, by ethnic group.
    pub offers: Vec<OfferRow>,
}

/// The counts of one question.
#[derive(Debug)]
pub struct AnswerRows {
    /// Its heading.
    pub title: &'static str,
    /// Each choice, then "rather not say", "ask me later" and "own words only".
    pub rows: Vec<(&'static str, Shown)>,
    /// Of people with an open plan who may be counted, how many have said nothing yet.
    pub missing: Shown,
    /// All who may be counted.
    pub total: Shown,
}

/// One ethnic group: how many people, how many of them were told about a group.
#[derive(Debug)]
pub struct OfferRow {
    /// The group.
    pub title: &'static str,
    /// People in it.
    pub people: Shown,
    /// Of these, told about a peer group in the period.
    pub told: Shown,
    /// The share in per cent, with its 95% interval (Wilson), from the counts that are shown.
    pub share: Option<(f64, f64, f64)>,
    /// From asking a service to first coming, in days: most people's waits.
    pub wait: Option<(u32, Option<u32>)>,
}

impl Kith {
    /// The person's own answers; none when they have given none.
    ///
    /// # Errors
    /// It is not a person who asks, or a code alone does not reach this far.
    pub async fn my_equality(&self, who: &Principal) -> Result<Option<Saved<Equality>>, CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let result = match look.person(&about) {
            Ok(_) => look.all::<Equality>(&about).map(|all| all.into_iter().next_back()),
            Err(e) => Err(e),
        };
        look.finish_with(word_needed(who, result)).await
    }

    /// Keeps the person's answers, whole. An answer may be changed and taken back at any time.
    ///
    /// # Errors
    /// An answer is not one of its choices, or a code alone does not reach this far.
    pub async fn save_my_equality(
        &self,
        who: &Principal,
        answers: Equality,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let me = who.person()?;
        let answers = answers
            .checked()
            .map_err(|q| CareError::field(q.code(), "Choose one of these, or write it in your own words."))?;
        let answers = Equality { at: Some(who.now), ..answers };
        let mut change = match self.change(who, me, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        match change.all::<Equality>(Action::Contribute)?.into_iter().next_back() {
            Some(before) => {
                change.save("equality answers changed", &before, &answers, None).await?;
            }
            None => {
                // It belongs to whoever keeps Kith for the place, and to no service's part.
                let owner = who.partnership.place.value.net_organisation;
                change.create("equality answered", owner, &answers, Action::Contribute, None).await?;
            }
        }
        change.finish(answer).await
    }

    /// Figures about equality, through the gate.
    ///
    /// # Errors
    /// This actor may not see figures, or the database could not be read.
    pub async fn equality_figures(&self, who: &Principal) -> Result<EqualityFigures, CareError> {
        let mut look = self.look(who).await?;
        let permitted = look.place(Action::Aggregate);
        look.finish_with(permitted).await?;
        let counts = self.count_equality(who.now).await?;
        let settings = who.partnership.settings();
        let policy = Policy::local(settings.suppress_under.into(), settings.round_to.into());
        let to = self.calendar().day(who.now);
        let ethnicity = counts.ethnicity(&policy, settings);
        let others = EqualityQuestion::ALL.into_iter().filter(|q| *q != EqualityQuestion::Ethnicity);
        let others = others.map(|q| counts.rows(q, &policy));
        Ok(EqualityFigures {
            from: plus_days(to, -PERIOD_DAYS),
            to,
            people: count(counts.people.len() as u64, &policy),
            answers: std::iter::once(ethnicity.groups).chain(others).collect(),
            categories_2001: ethnicity.categories_2001,
            offers: ethnicity.offers,
        })
    }

    async fn count_equality(&self, now: Instant) -> Result<Counts, CareError> {
        let mut counts = Counts::default();
        let since = self.calendar().start(plus_days(self.calendar().day(now), -PERIOD_DAYS));
        let mut tx = self.store().read().await?;
        self.for_everybody(&mut tx, now, |facts| {
            if facts.person.value.open() {
                counts.people.insert(facts.person.id());
            }
        })
        .await?;
        self.for_every::<Equality>(&mut tx, now, |e| {
            let Some(person) = e.meta.person else { return };
            match e.value.not_counted {
                true => counts.out.insert(person),
                false => counts.said.insert(person, e.value.clone()).is_none(),
            };
        })
        .await?;
        self.for_every::<Telling>(&mut tx, now, |t| {
            let of_a_group = matches!(t.value.about, ToldAbout::Group(_)) && t.meta.created >= since;
            counts.told.extend(t.meta.person.filter(|_| of_a_group));
        })
        .await?;
        self.for_every::<Referral>(&mut tx, now, |r| {
            if let Some(person) = r.meta.person.filter(|_| r.meta.created >= since) {
                counts.waits.entry(person).or_default().add(person, &r.value, now, self.calendar());
            }
        })
        .await?;
        // Who does not want to be counted is in no figure of this page, not even as missing.
        counts.people.retain(|p| !counts.out.contains(p));
        counts.said.retain(|p, _| counts.people.contains(p));
        Ok(counts)
    }
}

#[derive(Default)]
struct Counts {
    people: BTreeSet<PersonId>,
    out: BTreeSet<PersonId>,
    said: BTreeMap<PersonId, Equality>,
    told: BTreeSet<PersonId>,
    waits: BTreeMap<PersonId, WaitsOfPeople>,
}

const NOT_SAID: [(&str, &str); 3] =
    [("rather_not_say", "Rather not say"), ("later", "Ask me later"), ("own_words", "In their own words")];

fn key(answer: Option<&EqualityAnswer>) -> Option<&str> {
    Some(match answer? {
        EqualityAnswer::Chosen(code) => code,
        EqualityAnswer::RatherNotSay => "rather_not_say",
        EqualityAnswer::Later => "later",
        EqualityAnswer::OwnWords => "own_words",
    })
}

impl Counts {
    /// Counts by these rows; what is in none of them is missing.
    fn table(
        &self,
        title: &'static str,
        rows: Vec<(&'static str, &'static str)>,
        policy: &Policy,
        row_of: impl Fn(&Equality) -> Option<String>,
    ) -> AnswerRows {
        let mut numbers = vec![0_u64; rows.len() + 1];
        for person in &self.people {
            let row = self.said.get(person).and_then(&row_of);
            let at = row.and_then(|row| rows.iter().position(|(code, _)| *code == row)).unwrap_or(rows.len());
            numbers[at] += 1;
        }
        let shown = one_way(&numbers, policy);
        let mut cells = shown.cells;
        let missing = cells.pop().unwrap_or(Shown::Hidden);
        let rows = rows.into_iter().zip(cells).map(|((_, title), n)| (title, n)).collect();
        AnswerRows { title, rows, missing, total: shown.total }
    }

    fn rows(&self, question: EqualityQuestion, policy: &Policy) -> AnswerRows {
        let rows = question.choices().iter().copied().chain(NOT_SAID).collect();
        self.table(question.title(), rows, policy, |e| {
            key(e.answers.get(&question).map(|a| &a.answer)).map(str::to_owned)
        })
    }

    /// Everything about ethnic group is one table to the gate: the groups of 2021, the
    /// categories of 2001 and the five groups are sums of the same people, so that what is hidden
    /// in one cannot be worked out from another.
    fn ethnicity(&self, policy: &Policy, settings: &Settings) -> Ethnicity {
        let question = EqualityQuestion::Ethnicity;
        let codes: Vec<&str> =
            question.choices().iter().chain(&NOT_SAID).map(|(code, _)| *code).chain(["missing"]).collect();
        let said = |p: &PersonId| key(self.said.get(p)?.answers.get(&question).map(|a| &a.answer));
        let mut numbers = vec![0_u64; codes.len()];
        let mut told = vec![0_u64; ETHNICITY_5.len()];
        let mut waits: Vec<Vec<Wait>> = vec![Vec::new(); ETHNICITY_5.len()];
        for person in &self.people {
            let at = said(person).and_then(|code| codes.iter().position(|c| *c == code));
            let at = at.unwrap_or(codes.len() - 1);
            numbers[at] += 1;
            if at < question.choices().len() {
                let five = five_of(codes[at]);
                told[five] += u64::from(self.told.contains(person));
                // One wait a person, so that nobody counts twice in a group.
                waits[five].extend(self.waits.get(person).and_then(|w| w.waits().into_iter().next()));
            }
        }
        let mut table = Additive::new();
        let cells: Vec<usize> = numbers.iter().map(|n| table.cell(*n)).collect();
        let all = table.total(cells.clone());
        let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<usize> {
            cells.iter().zip(&codes).filter(|(_, code)| wanted(code)).map(|(cell, _)| *cell).collect()
        };
        // A sum of one is that one; there is nothing to add up.
        let sum = |table: &mut Additive, parts: Vec<usize>| match parts[..] {
            [one] => one,
            _ => table.total(parts),
        };
        let old: Vec<usize> = ETHNICITY_2001
            .iter()
            .map(|(category, _)| {
                sum(&mut table, of(&|code| code != "missing" && ethnicity_2001(code) == *category))
            })
            .collect();
        let chosen = |code: &str| question.choice(code).is_some();
        let fives: Vec<(usize, usize)> = ETHNICITY_5
            .iter()
            .enumerate()
            .map(|(at, (five, _))| {
                let people = sum(&mut table, of(&|code| chosen(code) && ethnicity_5(code) == *five));
                let n: u64 = table.values()[people];
                let yes = table.cell(told[at]);
                let no = table.cell(n - told[at]);
                table.also(people, vec![yes, no]);
                (people, yes)
            })
            .collect();
        let shown = table.gate(policy);
        let titles = question.choices().iter().chain(&NOT_SAID).map(|(_, title)| *title);
        let offers = ETHNICITY_5.iter().enumerate().map(|(at, (_, title))| {
            let (people, told) = (shown[fives[at].0], shown[fives[at].1]);
            let wait = honest_wait(&waits[at], settings).map(|h| (h.from, h.to));
            OfferRow { title, people, told, share: share(told, people), wait }
        });
        let (missing, total) = (shown[codes.len() - 1], shown[all]);
        Ethnicity {
            groups: AnswerRows {
                title: question.title(),
                rows: titles.zip(shown.iter().copied()).collect(),
                missing,
                total,
            },
            categories_2001: AnswerRows {
                title: "Ethnic category of 2001 (16+1), for the NHS",
                rows: ETHNICITY_2001.iter().zip(&old).map(|((_, title), at)| (*title, shown[*at])).collect(),
                missing,
                total,
            },
            offers: offers.collect(),
        }
    }
}

struct Ethnicity {
    groups: AnswerRows,
    categories_2001: AnswerRows,
    offers: Vec<OfferRow>,
}

/// Where the high-level group of a group of 2021 stands.
fn five_of(code: &str) -> usize {
    let five = ethnicity_5(code);
    ETHNICITY_5.iter().position(|(c, _)| *c == five).unwrap_or(ETHNICITY_5.len() - 1)
}

/// The share with its interval, from what is shown and nothing else.
fn share(told: Shown, people: Shown) -> Option<(f64, f64, f64)> {
    let (x, n) = (told.number()?, people.number()?);
    if n == 0 || x > n {
        return None;
    }
    let estimate = kith_insight::rates::interval::wilson(x as f64, n as f64, 0.95).ok()?;
    Some((100.0 * x as f64 / n as f64, 100.0 * estimate.low, 100.0 * estimate.high))
}
