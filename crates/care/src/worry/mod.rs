//! I am worried about someone. Kith is never the way to urgent help: numbers come first,
//! and a worry is not passed on until a human said by voice that they take it on. A
//! worry about somebody Kith knows stands with that person; one about somebody else
//! stands with the organisation of whoever raised it. Nothing here scores anybody.

use crate::change::loose::BegunLoose;
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::plan::own_holder;
use crate::principal::{Identity, Principal};
use kith_access::{Action, Ask, Guarded, PersonWorld};
use kith_domain::concern::{self, Concern, Made, NotRaised};
use kith_domain::id::{OrganisationId, PersonId, RecordId, TeamId, WorkerId, WorryId};
use kith_domain::link;
use kith_domain::organisation::{OrganisationKind, WorkRole};
use kith_domain::record::{Record, Saved};
use kith_domain::time::{Day, Instant};
use kith_domain::worry::{self, Check, NotPassedOn, Spoken, Worry, may_check, may_close};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Somebody who may be named for the next check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checker {
    /// Who.
    pub worker: WorkerId,
    /// In which of their teams.
    pub team: TeamId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// As what.
    pub role: WorkRole,
}

/// A worry to be written down.
#[derive(Clone, Debug)]
pub struct NewWorry {
    /// A person this worker supports, or nobody Kith knows.
    pub person: Option<PersonId>,
    /// About whom, in words.
    pub about: Option<String>,
    /// What worries them.
    pub words: String,
    /// Whom they have spoken to.
    pub spoken: Option<Spoken>,
    /// Who checks next, and by when.
    pub check: Option<(WorkerId, Instant)>,
}

/// What is done with a worry.
#[derive(Clone, Debug)]
pub enum WorryChange {
    /// Somebody was spoken to.
    Spoke(Spoken),
    /// Somebody took it on by voice, and this worker checks by this moment.
    PassOn(Spoken, WorkerId, Instant),
    /// It ended: what happened.
    Close(String),
    /// Say how they are now, while the council's answer is to come.
    Checked(String),
    /// Raise a safeguarding concern.
    Raise(Box<Concern>),
    /// It was made with the council, or the council was asked again.
    Made {
        /// By which route of the council's.
        route: String,
        /// The council's reference.
        reference: Option<String>,
        /// The day of its answer.
        reply_by: Day,
    },
    /// What the council answered.
    Answered(String),
}

/// A worry for reading.
#[derive(Debug)]
pub struct WorryPage {
    /// The worry.
    pub worry: Saved<Worry>,
    /// May this reader close it?
    pub may_close: bool,
    /// May this reader write in it at all?
    pub may_change: bool,
}

/// A line of "worries that are with you".
#[derive(Clone, Debug)]
pub struct WorryLine {
    /// Which.
    pub worry: WorryId,
    /// When it was raised.
    pub raised_at: Instant,
    /// About whom, in the words of whoever raised it.
    pub about: Option<String>,
    /// Was it passed on?
    pub passed_on: bool,
    /// By when something happens.
    pub at: Instant,
}

impl Principal {
    /// In which role a worker acts.
    fn work_role(&self) -> WorkRole {
        match self.identity {
            Identity::Worker { role, .. } => role,
            _ => WorkRole::Volunteer,
        }
    }
}

/// Everybody who may be named for a check today, by name. The lead of another
/// organisation's navigators reads nothing about safety, and so checks nothing there.
pub fn checkers(who: &Principal) -> Vec<Checker> {
    let today = who.partnership.today(who.now);
    let own = who.worker().ok().map(|(_, organisation)| organisation);
    let checks =
        |role, organisation| may_check(role) && (role != WorkRole::TeamLead || Some(organisation) == own);
    let mut found: Vec<(String, Checker)> = Vec::new();
    for (id, worker) in who.partnership.facts.workers.iter().filter(|(_, w)| w.active(today)) {
        let role = worker.memberships.iter().find(|m| m.in_date(today) && checks(m.role, m.organisation));
        let Some(m) = role else { continue };
        let works = who.partnership.facts.works(m.organisation, today);
        if works && worker.absence(today).is_none() {
            let checker = Checker { worker: *id, team: m.team, organisation: m.organisation, role: m.role };
            found.push((worker.name.clone(), checker));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.into_iter().map(|(_, checker)| checker).collect()
}

fn check_of(who: &Principal, worker: WorkerId, at: Instant) -> Result<Check, CareError> {
    let checker = checkers(who).into_iter().find(|c| c.worker == worker);
    let Some(c) = checker else {
        return Err(CareError::field("checker", format!("{}.", NotPassedOn::NotTheirs)));
    };
    Ok(Check {
        name: who.partnership.worker_name(worker),
        role: c.role,
        organisation: c.organisation,
        team: c.team,
        worker: Some(worker),
        at,
    })
}

/// The field of the form that a refusal is about.
fn at_field(why: NotPassedOn) -> CareError {
    let field = match why {
        NotPassedOn::NotByVoice => "took_it_on",
        NotPassedOn::NoName | NotPassedOn::NobodySpokenTo => "name",
        NotPassedOn::NotTheirs => "checker",
        NotPassedOn::NotInHours { .. } => "check_time",
        NotPassedOn::NoWords | NotPassedOn::ConcernOpen | NotPassedOn::NobodyChecks => "words",
        NotPassedOn::Closed | NotPassedOn::NotTheirsToClose => {
            return CareError::refused(format!("{why}."));
        }
    };
    CareError::field(field, format!("{why}."))
}

fn decide(who: &Principal, w: &Worry, what: &WorryChange) -> Result<(&'static str, Worry), CareError> {
    let (me, _) = who.worker()?;
    let settings = who.partnership.settings();
    let (word, after) = match what {
        WorryChange::Spoke(spoken) => ("spoke to somebody", worry::spoke(w, spoken.clone())),
        WorryChange::PassOn(spoken, worker, at) => {
            let check = check_of(who, *worker, *at)?;
            ("worry passed on", worry::pass_on(w, spoken.clone(), check, who.now, settings))
        }
        WorryChange::Close(_) if !may_close(w, me, who.work_role()) => {
            ("worry closed", Err(NotPassedOn::NotTheirsToClose))
        }
        WorryChange::Close(words) => ("worry closed", worry::close(w, words, me, who.now)),
        WorryChange::Checked(_) if !may_close(w, me, who.work_role()) => {
            ("checked", Err(NotPassedOn::NotTheirsToClose))
        }
        WorryChange::Checked(words) => ("checked", worry::checked(w, words, me, who.now)),
        other => return decide_concern(who, w, other),
    };
    Ok((word, after.map_err(at_field)?))
}

/// The field of the form that a refusal about a concern is about.
fn at_concern_field(why: NotRaised) -> CareError {
    let field = match why {
        NotRaised::NoWants => "wants",
        NotRaised::NoSafety => "safety",
        NotRaised::NobodyDecided => "decided_by",
        NotRaised::NoRoute => "route",
        NotRaised::Day { .. } => "reply",
        NotRaised::NoWords => "answer",
        NotRaised::Closed
        | NotRaised::Already
        | NotRaised::None
        | NotRaised::NotMade
        | NotRaised::Answered => return CareError::refused(format!("{why}.")),
    };
    CareError::field(field, format!("{why}."))
}

fn decide_concern(
    who: &Principal,
    w: &Worry,
    what: &WorryChange,
) -> Result<(&'static str, Worry), CareError> {
    let (me, _) = who.worker()?;
    let (today, settings) = (who.partnership.today(who.now), who.partnership.settings());
    let (word, after) = match what {
        WorryChange::Raise(concern) => {
            ("safeguarding concern raised", concern::raise(w, (**concern).clone()))
        }
        WorryChange::Made { route, reference, reply_by } => {
            let made = Made {
                at: who.now,
                route: route.clone(),
                reference: reference.clone(),
                reply_by: *reply_by,
                by: me,
            };
            ("safeguarding concern made", concern::made(w, made, today, settings))
        }
        WorryChange::Answered(words) => {
            ("safeguarding concern answered", concern::answered(w, words, me, who.now))
        }
        _ => return Err(CareError::Missing),
    };
    Ok((word, after.map_err(at_concern_field)?))
}

/// The councils of the place, each with its own way to be told: its name, telephone and pages.
pub fn councils(who: &Principal) -> Vec<(String, Option<String>, Option<String>)> {
    let today = who.partnership.today(who.now);
    let all = who.partnership.facts.organisations.values();
    let councils = all.filter(|o| o.kind == OrganisationKind::Council && o.active(today));
    councils.map(|o| (o.name.clone(), o.phone.clone(), o.website.clone())).collect()
}

impl Kith {
    /// Raises a worry. Whoever raises it holds it, with their team lead as the second
    /// named person, until somebody took it on by voice and a check is named.
    ///
    /// # Errors
    /// A field needs another look, or the person may not be known of.
    pub async fn raise_worry(
        &self,
        who: &Principal,
        new: &NewWorry,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        let mut value = Worry {
            about: new.about.clone(),
            words: new.words.clone(),
            numbers_first_at: who.now,
            raised_at: who.now,
            holder: own_holder(who)?,
            raised_as: who.work_role(),
            spoken: None,
            check: None,
            closed: None,
            checked: None,
            concern: None,
        };
        let next = match (&new.spoken, new.check) {
            (Some(spoken), Some((worker, at))) => Some(WorryChange::PassOn(spoken.clone(), worker, at)),
            (Some(spoken), None) => Some(WorryChange::Spoke(spoken.clone())),
            (None, _) => None,
        };
        if let Some(next) = &next {
            value = decide(who, &value, next)?.1;
        }
        let id: WorryId = self.new_id();
        let answer = format!("/worries/{id}?raised=yes");
        let Some(person) = new.person else {
            return match self.change_beside(who, organisation, submission).await? {
                BegunLoose::Before(answer) => Ok(answer),
                BegunLoose::Go(mut change) => {
                    let basis = change.permit_place(Action::RaiseWorry)?;
                    change.create(id, "worry raised", &value, &basis).await?;
                    change.finish(&answer).await
                }
            };
        };
        match self.change(who, person, submission).await? {
            Begun::Before(answer) => Ok(answer),
            Begun::Go(mut change) => {
                let ask = change.batch.ask(Action::SeeName);
                change.permit_person(&ask)?;
                let basis = change.permit_place(Action::RaiseWorry)?;
                if let Ok(saved) = change.open_person(Action::View) {
                    value.about = Some(saved.value.called);
                }
                change.create_permitted(id, "worry raised", organisation, &value, &basis, None).await?;
                change.finish(&answer).await
            }
        }
    }

    /// A worry.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn worry(&self, who: &Principal, worry: WorryId) -> Result<WorryPage, CareError> {
        let mut look = self.look(who).await?;
        let result = page(&mut look, worry).await;
        look.finish_with(result).await
    }

    /// Adds whom one spoke to, passes it on, or closes it.
    ///
    /// # Errors
    /// A field needs another look, somebody changed it in between, or it is refused.
    pub async fn change_worry(
        &self,
        who: &Principal,
        (worry, version): (WorryId, u32),
        what: &WorryChange,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        let answer = format!("/worries/{worry}");
        let mut tx = self.store().read().await?;
        let person = tx.find::<Worry>(worry).await?.map(|g| g.item().person);
        drop(tx);
        match person {
            None => Err(CareError::Missing),
            Some(Some(person)) => match self.change(who, person, submission).await? {
                Begun::Before(answer) => Ok(answer),
                Begun::Go(mut change) => {
                    let saved = change.open::<Worry>(worry, Action::Update)?;
                    Changing::expect_version(&saved, version)?;
                    let (word, after) = decide(who, &saved.value, what)?;
                    change.save(word, &saved, &after, None).await?;
                    change.finish(&answer).await
                }
            },
            Some(None) => match self.change_beside(who, organisation, submission).await? {
                BegunLoose::Before(answer) => Ok(answer),
                BegunLoose::Go(mut change) => {
                    let saved = change.open::<Worry>(worry, Action::Update).await?;
                    Changing::expect_version(&saved, version)?;
                    let (word, after) = decide(who, &saved.value, what)?;
                    change.save(word, &saved, &after).await?;
                    change.finish(&answer).await
                }
            },
        }
    }

    /// Open worries that this worker holds or checks, and the people they may choose from.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn worries_with(&self, who: &Principal) -> Result<Vec<WorryLine>, CareError> {
        let (me, _) = who.worker()?;
        let mut look = self.look(who).await?;
        let result = with(&mut look, me).await;
        look.finish_with(result).await
    }
}

/// The world around a worry: the person's, or nobody's.
async fn world_of(
    look: &mut Looking<'_>,
    worry: RecordId,
    person: Option<PersonId>,
) -> Result<PersonWorld, CareError> {
    match person {
        None => look.beside(worry).await,
        Some(person) => Ok(look.about(person).await?.world),
    }
}

async fn page(look: &mut Looking<'_>, worry: WorryId) -> Result<WorryPage, CareError> {
    let (me, _) = look.who.worker()?;
    let ask: Ask = look.batch.ask(Action::View);
    let Some(guarded) = look.tx.find::<Worry>(worry).await? else {
        look.batch.missing(&ask);
        return Err(CareError::Missing);
    };
    let item = guarded.item().clone();
    let world = world_of(look, item.id, item.person).await?;
    let saved = look.open(&world, guarded, &ask)?;
    let update = look.batch.ask(Action::Update);
    let may_change = saved.value.open() && look.batch.permit(&world, &item, &update).is_ok();
    let closes =
        may_change && saved.value.spoken.is_some() && may_close(&saved.value, me, look.who.work_role());
    Ok(WorryPage { worry: saved, may_close: closes, may_change })
}

async fn with(look: &mut Looking<'_>, me: WorkerId) -> Result<Vec<WorryLine>, CareError> {
    let hours = i64::from(look.who.partnership.settings().worry_hours);
    let ask = look.batch.ask(Action::View);
    let mut found: BTreeMap<RecordId, WorryLine> = BTreeMap::new();
    for role in [link::HOLDER_LEAD, link::OWNER_WORKER] {
        let near: Vec<Guarded<Saved<Worry>>> = look.tx.list_linked(role, me, true, 50).await?;
        for guarded in near {
            let (id, person) = (guarded.item().id, guarded.item().person);
            let world = world_of(look, id, person).await?;
            let Some(saved) = look.listed(&world, guarded, &ask) else { continue };
            let w = &saved.value;
            let at = w.check.as_ref().map_or(w.raised_at.plus_hours(hours), |c| c.at);
            let line = WorryLine {
                worry: saved.id(),
                raised_at: w.raised_at,
                about: w.about.clone(),
                passed_on: w.passed_on(),
                at,
            };
            found.insert(saved.meta.id, line);
        }
    }
    let mut lines: Vec<WorryLine> = found.into_values().collect();
    lines.sort_by_key(|l| l.at);
    Ok(lines)
}
