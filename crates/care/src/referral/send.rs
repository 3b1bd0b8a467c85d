//! Sending: everything is checked once more in the transaction that sends, and nothing
//! leaves that was not shown, agreed and still true.

use super::draft::{self, BasisDraft, ReferDraft};
use super::packet::{Parts, Receiver, broken, choices, chosen};
use super::{leads, link, start, words};
use crate::change::{Begun, Changing};
use crate::error::{CareError, FieldProblem};
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::area::Sensitivity;
use kith_domain::consent::{Asked, Basis, Consent, ConsentKind, HowGiven, SaidNo};
use kith_domain::deciding::{CLOSE_INTERPRETER, interpreter_is_close};
use kith_domain::id::{ConsentId, NeedId, OrganisationId, PersonId, RecordId, ReferralId, ServiceId};
use kith_domain::moves::{self, Move, MoveKind, Mover, Surroundings};
use kith_domain::need::Need;
use kith_domain::next_date::{self, NextDate};
use kith_domain::record::{Author, Saved};
use kith_domain::referral::{Business, End, MessageBack, Packet, Party, Referral, Status};
use kith_domain::sending::{Checked, PURPOSE, Problem, Sending, check_sending};
use kith_domain::supporter::Supporter;
use kith_domain::time::Day;
use uuid::Uuid;

/// The form field at which a problem of sending is told.
const SEND: &str = "send";

impl Kith {
    /// Sends what was written, as the page before showed it ([`ReferDraft::checked`]): one transaction with
    /// the agreement, the referral, the need's next date and the message to a receiver without accounts.
    ///
    /// # Errors
    /// Every reason against it, in words; or what would go, or why, was changed since the page was opened.
    pub async fn send_referral(
        &self,
        who: &Principal,
        (person, need, service): (PersonId, NeedId, ServiceId),
        checked: &str,
        reply_by: Day,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let Some(mut draft) = draft::find(&mut c.tx, who, need, service).await? else {
            return Err(CareError::refused(
                "There is nothing here to send. It was sent already, or nothing was chosen yet.",
            ));
        };
        if draft.checked() != checked {
            return Err(refuse(vec![
                "What goes, or how they agreed, was changed since this page was opened. Nothing was sent. Here it \
                 is as it stands now: look at each line again before you send it"
                    .into(),
            ]));
        }
        draft.reply_by = Some(reply_by);
        let asking = load(&mut c, need, service).await?;
        let (sender, sender_organisation) = sender(who, &asking.parts)?;
        never_a_relative(&mut c, &draft)?;
        let prepared = prepare(who, &asking, &draft, sender, reply_by, self)?;
        let checked = check(self, who, &asking, &draft, &prepared)?;
        let sent = sent(self, who, &asking, &prepared.referral, checked)?;
        if let Some(consent) = &prepared.consent {
            let by = Some(Author::Person { person });
            c.create_with_id(
                draft.consent,
                "agreement given",
                sender_organisation,
                consent,
                Action::SendReferral,
                by,
            )
            .await?;
        }
        let saved = c
            .create_with_id(
                draft.referral,
                words::action_word(MoveKind::Send),
                sender_organisation,
                &sent,
                Action::SendReferral,
                None,
            )
            .await?;
        leads::tell_of_decision(&mut c, &saved).await?;
        next_for_need(self, &mut c, &asking.need, &sent).await?;
        if asking.to.by_link() {
            link::send_next(self, &mut c, &saved).await?;
        }
        c.tx.clear_draft(&who.key(), &draft::form_key(need, service)).await?;
        c.finish(&format!("/people/{person}/referrals/{}", draft.referral)).await
    }

    /// Every reason against sending what was written, before anybody presses the button.
    ///
    /// # Errors
    /// There is no such person, need or service for this actor.
    pub async fn referral_problems(
        &self,
        who: &Principal,
        (person, need, service): (PersonId, NeedId, ServiceId),
        reply_by: Day,
    ) -> Result<Vec<String>, CareError> {
        let mut look = self.look(who).await?;
        let result = draft::load(&mut look, person, need, service).await;
        let asking = look.finish_with(result).await?;
        let Some(draft) = asking.draft.clone() else { return Ok(vec!["Choose first what goes".into()]) };
        let (sender, _) = sender(who, &asking.parts)?;
        let outcome = prepare(who, &asking, &draft, sender, reply_by, self)
            .and_then(|prepared| check(self, who, &asking, &draft, &prepared).map(|_| ()));
        match outcome {
            Ok(()) => Ok(Vec::new()),
            Err(CareError::Fields(problems)) => Ok(problems.into_iter().map(|p| p.problem).collect()),
            Err(other) => Err(other),
        }
    }
}

/// Nobody who stands beside the person interpreted their yes, by whatever name.
fn never_a_relative(c: &mut Changing<'_>, draft: &ReferDraft) -> Result<(), CareError> {
    let Some(BasisDraft::Agreed(agreed)) = &draft.basis else { return Ok(()) };
    let Some(interpreter) = &agreed.interpreter else { return Ok(()) };
    let beside = c.all::<Supporter>(Action::View)?;
    match interpreter_is_close(interpreter, beside.iter().map(|s| s.value.name.as_str())) {
        true => Err(refuse(vec![CLOSE_INTERPRETER.trim_end_matches('.').to_owned()])),
        false => Ok(()),
    }
}

/// The same facts as the pages had, read again behind the person's lock.
async fn load(c: &mut Changing<'_>, need: NeedId, service: ServiceId) -> Result<draft::Asking, CareError> {
    let parts = Parts {
        person: c.open_person(Action::View)?,
        needs: c.all(Action::View)?,
        goals: c.all(Action::View)?,
        steps: c.all(Action::View)?,
        sections: c.all(Action::View)?,
        consents: c.all(Action::View)?,
    };
    let need = parts.need(RecordId(need.0))?;
    let referrals = c.all(Action::View)?;
    let to = Receiver::load(c.kith, &mut c.tx, service, c.who.now).await?;
    let choices = choices(&parts, &need, &to, c.who.now, c.kith.calendar());
    let may_say_no = c.may_open(&need, Action::Update);
    Ok(draft::Asking { parts, need, to, choices, referrals, draft: None, may_say_no })
}

/// The asking side: the team that holds the plan when the worker is in it, else their own.
pub(super) fn sender(who: &Principal, parts: &Parts) -> Result<(End, OrganisationId), CareError> {
    let (worker, organisation) = who.worker()?;
    let holder = parts.person.value.holder;
    let teams = &who.actor.teams;
    let team = if holder.organisation == organisation && teams.contains(&holder.team) {
        Some(holder.team)
    } else {
        teams.first().copied()
    };
    let team =
        team.ok_or_else(|| CareError::refused("You are in no team today, so nobody could take the answer."))?;
    Ok((End { organisation, team, worker: Some(worker) }, organisation))
}

/// What would be sent.
struct Prepared {
    referral: Referral,
    consent: Option<Consent>,
}

fn prepare(
    who: &Principal,
    asking: &draft::Asking,
    draft: &ReferDraft,
    sender: End,
    reply_by: Day,
    kith: &Kith,
) -> Result<Prepared, CareError> {
    let to = &asking.to;
    let Some(team) = to.team_id else { return Err(refuse(vec!["It takes no requests through Kith".into()])) };
    let packet =
        Packet { call_them: draft.call_them.clone(), contact: draft.contact.clone(), lines: draft.going() };
    let today = kith.calendar().day(who.now);
    let (basis, consent) = match &draft.basis {
        None => return Err(refuse(vec!["Ask the person, and write down how they agreed".into()])),
        Some(BasisDraft::Decided(by, decided)) => (by.basis(decided.clone()), None),
        Some(BasisDraft::Agreed(_)) => {
            let consent = consent(who, asking, draft, &packet, today)?;
            (Basis::Agreement { consent: draft.consent }, Some(consent))
        }
    };
    let of_need = asking.referrals.iter().filter(|r| r.value.need == asking.need.id::<NeedId>());
    let first = of_need.filter(|r| !r.value.status.terminal()).min_by_key(|r| r.value.requested_at);
    let referral = Referral {
        need: asking.need.id(),
        area: asking.need.value.area,
        service: to.service_id,
        service_name: to.service.value.name.clone(),
        sender,
        receiver: End { organisation: to.organisation_id, team, worker: None },
        parent: first.map(|r| r.value.parent.unwrap_or_else(|| r.id::<ReferralId>())),
        status: Status::Draft,
        business: Business::None,
        packet,
        basis,
        reply_by,
        offered: Vec::new(),
        agreed: None,
        question: None,
        decline: None,
        reason: None,
        could_not_come: 0,
        could_not_come_at: None,
        missed_on: None,
        outcome: None,
        requested_at: None,
        seen_at: None,
        accepted_at: None,
        first_came_at: None,
        started_at: None,
        ended_at: None,
        ended_by: None,
        held_next: NextDate::new("Reply", reply_by),
        // Whoever agreed was told by that. Whoever did not is told by somebody, and soon.
        told_person: consent.is_some().then_some(who.now),
        settled: None,
        spoken_at: None,
        receiver_moved_at: None,
        message_back: MessageBack::default(),
        untold: None,
        kept_on: None,
        none_good: None,
    };
    Ok(Prepared { referral, consent })
}

/// The agreement: exactly what was read or shown, with what the person said no to.
fn consent(
    who: &Principal,
    asking: &draft::Asking,
    draft: &ReferDraft,
    packet: &Packet,
    today: Day,
) -> Result<Consent, CareError> {
    let Some(BasisDraft::Agreed(agreed)) = &draft.basis else { return Err(broken("no agreement")) };
    let (worker, _) = who.worker()?;
    let areas = agreed.no_areas.iter().map(|area| SaidNo {
        words: format!("Anything about {}", area.title().to_lowercase()),
        area: Some(*area),
        item: None,
    });
    // A line that stands beside the need (adjustments, an interpreter) has no record of
    // its own: the no is kept in words, and the line is left out.
    let of_key = |key: &String| asking.choices.iter().find(|c| c.key == *key);
    let lines = agreed.no_lines.iter().filter_map(of_key).map(|c| SaidNo {
        words: c.line.heading.clone(),
        area: None,
        item: (!packet.lines.iter().any(|l| l.item == c.line.item)).then_some(c.line.item),
    });
    let said = agreed.no_words.iter().map(|w| SaidNo { words: w.clone(), area: None, item: None });
    let said_no_to = areas.chain(lines).chain(said).collect();
    let mut covered: Vec<_> = packet.lines.iter().map(|l| l.area).collect();
    covered.push(asking.need.value.area);
    covered.retain(|a| !agreed.no_areas.contains(a));
    covered.sort_unstable();
    covered.dedup();
    let mut categories: Vec<_> = packet.lines.iter().flat_map(|l| l.categories.clone()).collect();
    categories.sort_unstable();
    categories.dedup();
    let most = packet.lines.iter().map(|l| l.sensitivity).max().unwrap_or(Sensitivity::S1);
    Ok(Consent {
        organisation: asking.to.organisation_id,
        areas: covered,
        purposes: vec![PURPOSE.to_owned()],
        max_sensitivity: most,
        categories,
        from: today,
        until: Consent::default_end(today, &who.partnership.place.value.settings),
        contribute: false,
        end_told: None,
        made_for: None,
        withdrawn: None,
        kind: ConsentKind::Packet { referral: draft.referral },
        given: HowGiven {
            asked_by: (agreed.how != Asked::OnScreen).then_some(worker),
            how: agreed.how,
            present: agreed.present.clone(),
            offered_alone: agreed.offered_alone,
            said_no_to,
            words: agreed.words.clone(),
            capacity_doubt: agreed.capacity_doubt.clone(),
            clinician: agreed.clinician.clone(),
            interpreter: agreed.interpreter.clone(),
            at: agreed.at,
        },
    })
}

/// Every reason against it.
fn check(
    kith: &Kith,
    who: &Principal,
    asking: &draft::Asking,
    draft: &ReferDraft,
    prepared: &Prepared,
) -> Result<Checked, CareError> {
    let today = kith.calendar().day(who.now);
    let mut against: Vec<String> = Vec::new();
    let shut = start::why(asking, who, today);
    let (Some(organisation), Some(team)) = (&asking.to.organisation, &asking.to.team) else {
        return Err(refuse(vec![shut.why_not().unwrap_or("It takes no requests through Kith").to_owned()]));
    };
    // Words that stand beside the need can change without its version: shown again first.
    let now = chosen(&asking.choices, &draft.keys).unwrap_or_default();
    for (key, line) in draft.keys.iter().zip(&draft.lines) {
        let same = now.iter().any(|c| c.key == *key && c.line == *line);
        if !same && !draft.said_no(key, line) {
            against.push(Problem::Changed { heading: line.heading.clone() }.to_string());
        }
    }
    against.extend(now.iter().filter(|c| !draft.said_no(&c.key, &c.line)).filter_map(|c| {
        c.why_not
            .as_ref()
            .map(|why| format!("“{}” cannot go: {}", c.line.heading, kith_domain::text::lower(why)))
    }));
    if draft.call_them != asking.parts.person.value.called {
        against.push("The name they like to be called has changed. Show it again before it goes".into());
    }
    let versions = asking.parts.versions();
    let sending = Sending {
        id: draft.referral,
        referral: &prepared.referral,
        person: &asking.parts.person.value,
        need: Some(&asking.need.value),
        service_shut: shut.why_not(),
        receiver: organisation,
        receiver_team: team,
        role_ceiling: None,
        consent: prepared.consent.as_ref().map(|c| (ConsentId(draft.consent.0), c)),
        versions: &versions,
    };
    let settings = &who.partnership.place.value.settings;
    match check_sending(&sending, who.now, kith.calendar(), settings) {
        Ok(checked) if against.is_empty() => Ok(checked),
        Ok(_) => Err(refuse(against)),
        Err(problems) => {
            against.extend(problems.iter().map(ToString::to_string));
            against.sort();
            against.dedup();
            Err(refuse(against))
        }
    }
}

fn refuse(problems: Vec<String>) -> CareError {
    let field = |problem: String| match problem.starts_with("Choose a reply-by") {
        true => FieldProblem { field: "reply_by".into(), problem: format!("{problem}.") },
        false => FieldProblem { field: SEND.into(), problem: format!("{problem}.") },
    };
    CareError::Fields(problems.into_iter().map(field).collect())
}

fn sent(
    kith: &Kith,
    who: &Principal,
    asking: &draft::Asking,
    draft: &Referral,
    checked: Checked,
) -> Result<Referral, CareError> {
    let around = Surroundings {
        now: who.now,
        calendar: kith.calendar(),
        settings: &who.partnership.place.value.settings,
        person: &asking.parts.person.value,
    };
    let by = Mover { party: Party::Requester, worker: draft.sender.worker };
    moves::apply(draft, &Move::Send(Box::new(checked)), by, around).map_err(CareError::refused)
}

/// The need's next date: look for the reply, at most as far ahead as a next date may be.
async fn next_for_need(
    kith: &Kith,
    c: &mut Changing<'_>,
    need: &Saved<Need>,
    sent: &Referral,
) -> Result<(), CareError> {
    let today = kith.calendar().day(c.who.now);
    let latest = next_date::latest(today, &c.who.partnership.place.value.settings);
    let old = c.open::<Need>(need.meta.id, Action::Update)?;
    let what = format!("Look for the reply from {}", sent.service_name);
    let next = NextDate::new(what, sent.reply_by.min(latest));
    let new = Need { next, unmet: None, follows_help: true, ..old.value.clone() };
    c.save("need: a service was asked", &old, &new, None).await?;
    Ok(())
}

/// The person a referral is about, for addresses that name the referral alone.
pub(crate) fn person_of(person: Option<PersonId>) -> Result<PersonId, CareError> {
    person.ok_or_else(|| broken("a referral is about somebody"))
}
