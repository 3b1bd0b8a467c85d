//! A referral from need to end, through the domain's own machine: agreement, packet,
//! sending, the receiver's answer, dates, coming, ending. Receivers here are good,
//! slow, full, silent or wrong, as receivers are.

use super::words::NO_FROM_FULL;
use super::{Story, Told, plan};
use crate::directory::ServiceSeat;
use crate::pen::BrackenfordError;
use kith_domain::area::Area;
use kith_domain::consent::{Asked, Basis, Consent, ConsentKind, HowGiven, SaidNo};
use kith_domain::id::{ConsentId, NeedId, ReferralId, ServiceId, WorkerId};
use kith_domain::moves::{Move, Mover, Surroundings, apply, ended_by_death, stopped_by_person};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::NextDate;
use kith_domain::person::Person;
use kith_domain::record::{Author, Kind};
use kith_domain::referral::{
    BackTo, Business, Decline, DeclineReason, Happened, Helped, MessageBack, Offer, Outcome, Packet,
    PacketLine, Party, Referral, Status,
};
use kith_domain::sending::{Sending, check_sending, usual_reply_by};
use kith_domain::time::Instant;

/// What the receiver will do.
#[derive(Clone, Debug)]
pub enum Fate {
    /// Say yes, and help after about so many days.
    Helps {
        /// Days from sending to the first time.
        wait: i32,
        /// Does the person miss the first date?
        misses: bool,
        /// Months of help.
        months: i32,
    },
    /// Say no.
    Declines(DeclineReason, String),
    /// Say nothing; the asking side takes it back and looks on.
    Silent,
    /// Nothing yet, and nobody has done anything about it.
    Waits,
    /// Ask something, and then say yes.
    Asks(&'static str),
}

/// What is asked of whom.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The service.
    pub service: ServiceSeat,
    /// The need.
    pub need: NeedId,
    /// What will come of it.
    pub fate: Fate,
    /// How agreement was given.
    pub how: Asked,
    /// Another basis than the person's agreement.
    pub basis: Option<Basis>,
    /// What the person said no to.
    pub said_no: Vec<SaidNo>,
    /// The referral it is part of.
    pub parent: Option<ReferralId>,
}

impl Asking {
    /// An ordinary one: face to face, nothing left out.
    pub fn new(service: &ServiceSeat, need: NeedId, fate: Fate) -> Asking {
        let service = service.clone();
        Asking { service, need, fate, how: Asked::FaceToFace, basis: None, said_no: Vec::new(), parent: None }
    }
}

/// Draws what a receiver will do, from its wait; the planted unfairness makes some wait longer.
pub fn draw_fate(s: &mut Story<'_>, service: &ServiceSeat) -> Fate {
    let wait = s.chance.wait(service.wait.max(3));
    let wait = if s.town.unfair_to(&s.who) { wait * 22 / 10 } else { wait };
    let full = service.full || service.wait > 90;
    match s.chance.weighted(&[74, if full { 20 } else { 10 }, 8, 8]) {
        0 => Fate::Helps { wait, misses: s.chance.percent(14), months: s.chance.between(1, 7) },
        1 => decline(s, full, service.area),
        2 => Fate::Silent,
        _ => Fate::Asks("Which days are good, and is a home visit all right?"),
    }
}

/// A no, for a reason that such a service has: only a house has rules of its house, and only
/// where people live, work or are treated together does anybody ask for a diagnosis.
fn decline(s: &mut Story<'_>, full: bool, area: Area) -> Fate {
    let reasons = [
        DeclineReason::Full,
        DeclineReason::NotWhatWeDo,
        DeclineReason::TooComplex,
        DeclineReason::NotComplexEnough,
        DeclineReason::SubstanceUse,
        DeclineReason::OutOfArea,
        DeclineReason::Diagnosis,
        DeclineReason::CannotAdjust,
        DeclineReason::NotEnoughTold,
    ];
    let reason = reasons[s.chance.weighted(&[if full { 60 } else { 20 }, 14, 12, 9, 7, 5, 4, 4, 4])];
    let reason = match reason {
        DeclineReason::SubstanceUse if area != Area::Housing => DeclineReason::NotWhatWeDo,
        DeclineReason::Diagnosis
            if !matches!(area, Area::Housing | Area::WorkAndLearning | Area::HealthAndCare) =>
        {
            DeclineReason::NotWhatWeDo
        }
        reason => reason,
    };
    let words = match reason {
        DeclineReason::Full => *s.chance.pick(&NO_FROM_FULL),
        DeclineReason::TooComplex => {
            "We do not have the staff to support you safely here. We are sorry to say no."
        }
        DeclineReason::NotComplexEnough => {
            "You are doing too well for what we offer. We hope that is good news."
        }
        DeclineReason::SubstanceUse => "Our house is a dry house. We would be glad to hear from you again.",
        DeclineReason::OutOfArea => "We can only help people in another part of town.",
        DeclineReason::CannotAdjust => {
            "We have no lift, and we do not want you to find that out at the door."
        }
        _ => "This is not what we do. We have named a place that may be better.",
    };
    Fate::Declines(reason, words.into())
}

/// Sends it, and plans what comes of it.
///
/// # Errors
/// A rule refused a step.
pub fn send(s: &mut Story<'_>, asking: Asking) -> Result<Option<ReferralId>, BrackenfordError> {
    let Some(need) = s.get::<Need>(asking.need.into()).cloned() else { return Ok(None) };
    if need.status != NeedStatus::Open || !s.person_open() {
        return Ok(None);
    }
    let id = ReferralId::from(s.fresh());
    let consent = asking.basis.is_none().then(|| agreement(s, id, &asking, &need));
    let draft = draft(s, &asking, &need, consent.as_ref().map(|(id, _)| *id));
    s.by_navigator(id, "referral written", draft.clone());
    let sent = checked(s, id, &draft, &need, consent.as_ref())?;
    s.by_navigator(id, "referral sent", sent);
    answered(s, id, asking);
    Ok(Some(id))
}

fn agreement(s: &mut Story<'_>, id: ReferralId, asking: &Asking, need: &Need) -> (ConsentId, Consent) {
    let organisation = s.town.cast.seat(asking.service.team, asking.service.part).organisation;
    let from = s.today();
    let consent = Consent {
        organisation,
        areas: vec![need.area],
        purposes: vec![kith_domain::sending::PURPOSE.into()],
        max_sensitivity: need.sensitivity,
        categories: need.categories.clone(),
        from,
        until: Consent::default_end(from, &s.town.settings),
        contribute: false,
        end_told: None,
        made_for: None,
        withdrawn: None,
        kind: ConsentKind::Packet { referral: id },
        given: HowGiven {
            asked_by: s.holder().lead,
            how: asking.how,
            present: String::new(),
            offered_alone: true,
            said_no_to: asking.said_no.clone(),
            words: "Yes, send that. Just that.".into(),
            capacity_doubt: None,
            clinician: None,
            interpreter: None,
            at: s.now,
        },
    };
    let consent_id = ConsentId::from(s.fresh());
    s.in_their_words(consent_id, "agreement recorded", consent.clone());
    (consent_id, consent)
}

fn draft(s: &Story<'_>, asking: &Asking, need: &Need, consent: Option<ConsentId>) -> Referral {
    let seat = s.town.cast.seat(asking.service.team, asking.service.part);
    let team = &s.town.teams[&seat.team];
    let holder = s.holder();
    let today = s.today();
    let basis = match (&asking.basis, consent) {
        (Some(basis), _) => basis.clone(),
        (None, Some(consent)) => Basis::Agreement { consent },
        (None, None) => unreachable!("without another basis there is an agreement"),
    };
    let line = PacketLine {
        item: asking.need.into(),
        version: s.version(asking.need.into()),
        kind: Kind::Need,
        area: need.area,
        sensitivity: need.sensitivity,
        categories: need.categories.clone(),
        heading: "What I need".into(),
        words: need.words.clone(),
    };
    Referral {
        need: asking.need,
        area: need.area,
        service: asking.service.id,
        service_name: asking.service.name.clone(),
        sender: kith_domain::referral::End {
            organisation: holder.organisation,
            team: holder.team,
            worker: holder.lead,
        },
        receiver: seat.end(None),
        parent: asking.parent,
        status: Status::Draft,
        business: Business::None,
        packet: Packet {
            call_them: s.person().called.clone(),
            contact: contact_words(s.person()),
            lines: vec![line],
        },
        basis,
        reply_by: usual_reply_by(team, today, &s.town.when.calendar, &s.town.settings),
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
        held_next: NextDate::new("Send it", today),
        told_person: Some(s.now),
        settled: None,
        spoken_at: None,
        receiver_moved_at: None,
        message_back: MessageBack::default(),
        untold: None,
        kept_on: None,
        none_good: None,
    }
}

fn contact_words(person: &Person) -> String {
    let way = person.safe_contact.ways.first();
    way.map_or_else(|| "Ask the navigator".into(), |w| format!("{}: {}", w.channel.title(), w.detail))
}

fn checked(
    s: &Story<'_>,
    id: ReferralId,
    draft: &Referral,
    need: &Need,
    consent: Option<&(ConsentId, Consent)>,
) -> Result<Referral, BrackenfordError> {
    let versions: Vec<_> = draft.packet.lines.iter().map(|l| (l.item, l.version)).collect();
    let sending = Sending {
        id,
        referral: draft,
        person: s.person(),
        need: Some(need),
        service_shut: None,
        receiver: &s.town.organisations[&draft.receiver.organisation],
        receiver_team: &s.town.teams[&draft.receiver.team],
        role_ceiling: None,
        consent: consent.map(|(id, c)| (*id, c)),
        versions: &versions,
    };
    let checked =
        check_sending(&sending, s.now, &s.town.when.calendar, &s.town.settings).map_err(|problems| {
            let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
            s.broken(&format!("sending to {}", draft.service_name), words.join("; "))
        })?;
    moved(s, draft, &Move::Send(Box::new(checked)), Party::Requester, draft.sender.worker)
}

fn moved(
    s: &Story<'_>,
    referral: &Referral,
    step: &Move,
    party: Party,
    worker: Option<WorkerId>,
) -> Result<Referral, BrackenfordError> {
    let around = Surroundings {
        now: s.now,
        calendar: &s.town.when.calendar,
        settings: &s.town.settings,
        person: s.person(),
    };
    apply(referral, step, Mover { party, worker }, around)
        .map_err(|e| s.broken(&format!("{:?} of a referral", step.kind()), e))
}

/// The receiver makes a move; nothing when the referral has ended or the person has gone.
///
/// # Errors
/// The move is illegal.
pub fn receiver_moves(s: &mut Story<'_>, id: ReferralId, action: &'static str, step: &Move) -> Told {
    let Some(referral) = going_on(s, id) else { return Ok(()) };
    let author = receiver(s, &referral);
    let worker = match author {
        Author::Worker { worker, .. } => Some(worker),
        _ => None,
    };
    let after = moved(s, &referral, step, Party::Target, worker)?;
    s.write(id, author, action, after);
    if matches!(step, Move::Came { .. } | Move::Start { .. } | Move::Wait { .. }) && s.chance.percent(70) {
        let days = s.chance.between(1, 4);
        s.in_days(days, |s| {
            if s.person_open() {
                tell_the_person(s);
            }
            Ok(())
        });
    }
    Ok(())
}

/// The asking side makes a move.
///
/// # Errors
/// The move is illegal.
pub fn asker_moves(s: &mut Story<'_>, id: ReferralId, action: &'static str, step: &Move) -> Told {
    let Some(referral) = s.get::<Referral>(id.into()).cloned() else { return Ok(()) };
    let worker = s.holder().lead;
    let after = moved(s, &referral, step, Party::Requester, worker)?;
    s.by_navigator(id, action, after);
    Ok(())
}

fn receiver(s: &Story<'_>, referral: &Referral) -> Author {
    let organisation = referral.receiver.organisation;
    if !s.town.organisations[&organisation].has_accounts {
        return Author::LinkHolder { organisation };
    }
    let lead = s.town.teams[&referral.receiver.team].lead;
    let org_lead = s.town.organisations[&organisation].lead;
    match referral.receiver.worker.or(lead).or(org_lead) {
        Some(worker) => Author::Worker { worker, organisation },
        None => Author::LinkHolder { organisation },
    }
}

fn going_on(s: &Story<'_>, id: ReferralId) -> Option<Referral> {
    let referral = s.get::<Referral>(id.into())?;
    let works = |r: &Referral| s.town.organisations[&r.receiver.organisation].active(s.today());
    (!referral.status.terminal() && s.person_open() && works(referral)).then(|| referral.clone())
}

/// The receiver's next date.
fn next(s: &Story<'_>, what: &str, days: i32) -> Result<NextDate, BrackenfordError> {
    plan::next_date(s, what, days)
}

/// Plans the answer.
fn answered(s: &mut Story<'_>, id: ReferralId, asking: Asking) {
    let look = s.chance.between(0, 2);
    match asking.fate.clone() {
        Fate::Waits => {}
        Fate::Silent => {
            let referral = s.get::<Referral>(id.into()).map(|r| r.reply_by);
            let days = referral.map_or(8, |by| kith_domain::time::days_between(s.today(), by));
            s.in_days(days + 1, move |s| nobody_replied(s, id, &asking));
        }
        Fate::Declines(reason, words) => s.in_days(look, move |s| {
            receiver_moves(s, id, "referral seen", &Move::See)?;
            let days = s.chance.between(1, 4);
            s.in_days(days, move |s| declined(s, id, &asking, reason, words));
            Ok(())
        }),
        Fate::Asks(question) => s.in_days(look, move |s| {
            receiver_moves(s, id, "question asked", &Move::Ask(question.into()))?;
            s.in_days(1, move |s| {
                if going_on(s, id).is_some() {
                    asker_moves(
                        s,
                        id,
                        "question answered",
                        &Move::Answer("Any day but Monday. Yes.".into()),
                    )?;
                    s.in_days(2, move |s| accepted(s, id, 20, false, 3));
                }
                Ok(())
            });
            Ok(())
        }),
        Fate::Helps { wait, misses, months } => s.in_days(look, move |s| {
            receiver_moves(s, id, "referral seen", &Move::See)?;
            let days = s.chance.between(0, 2);
            s.in_days(days, move |s| accepted(s, id, wait, misses, months));
            Ok(())
        }),
    }
}

fn declined(
    s: &mut Story<'_>,
    id: ReferralId,
    asking: &Asking,
    reason: DeclineReason,
    words: String,
) -> Told {
    let better_place =
        (reason != DeclineReason::Full).then(|| "Ask the Advice Shop who else there is".to_owned());
    let decline = Decline { reason, words, better_place };
    receiver_moves(s, id, "referral declined", &Move::Decline(decline))?;
    if s.get::<Referral>(id.into()).is_some_and(|r| r.status == Status::Rejected) {
        came_back(s, id, asking);
    }
    Ok(())
}

/// No reply: the asking side takes it back on the next working day, tells the person and
/// looks on.
fn nobody_replied(s: &mut Story<'_>, id: ReferralId, asking: &Asking) -> Told {
    if going_on(s, id).is_none() {
        return Ok(());
    }
    let why = "No reply by the day".to_owned();
    asker_moves(s, id, "referral taken back", &Move::Cancel { why })?;
    look_on(s, asking.need)
}

/// It came back with a no: within a working day the person is told, with a next step.
fn came_back(s: &mut Story<'_>, id: ReferralId, asking: &Asking) {
    let need = asking.need;
    let days = if s.chance.percent(90) { 1 } else { 3 };
    s.in_days(days, move |s| {
        let settled = s.get::<Referral>(id.into()).is_some_and(|r| r.settled.is_some());
        if settled || !s.person_open() {
            return Ok(());
        }
        let step = Move::Settle { next: "Told them, and we look for another place together".into() };
        asker_moves(s, id, "person told", &step)?;
        look_on(s, need)
    });
}

/// Another service for the same need if there is one; else nothing meets it for now.
fn look_on(s: &mut Story<'_>, need: NeedId) -> Told {
    plan::need_goes_on(s, need, "Find another place together", 10)?;
    let asked: Vec<ServiceId> =
        s.all::<Referral>().into_iter().filter(|(_, r)| r.need == need).map(|(_, r)| r.service).collect();
    let code = s.get::<Need>(need.into()).and_then(|n| n.code.clone()).unwrap_or_default();
    let found = fitting(s, &code).into_iter().find(|service| !asked.contains(&service.id));
    let days = s.chance.between(2, 9);
    match found {
        Some(service) if asked.len() < 3 => s.in_days(days, move |s| {
            let fate = draw_fate(s, &service);
            send(s, Asking::new(&service, need, fate)).map(|_| ())
        }),
        _ => s.in_days(days, move |s| plan::unmet(s, need, kith_domain::need::UnmetReason::Declined)),
    }
    Ok(())
}

/// Services that can be asked for a need, the best known first.
pub fn fitting(s: &Story<'_>, code: &str) -> Vec<ServiceSeat> {
    let today = s.today();
    let ok = |service: &&ServiceSeat| {
        let seat = s.town.cast.seat(service.team, service.part);
        let organisation = &s.town.organisations[&seat.organisation];
        let area = crate::directory::area_of(code);
        service.takes_referrals
            && service.needs.contains(&code)
            && service.part == s.part()
            && service.only.is_none_or(|gender| gender == s.who.gender)
            && (service.ages.0..=service.ages.1).contains(&s.who.age)
            && organisation.active(today)
            && organisation
                .agreement
                .as_ref()
                .is_some_and(|a| a.areas.contains(&area) && a.ceiling >= plan::how_private(code))
    };
    s.town.directory.services.iter().filter(ok).cloned().collect()
}

/// The receiver says yes; then a wait with check-ins, a date, and help.
fn accepted(s: &mut Story<'_>, id: ReferralId, wait: i32, misses: bool, months: i32) -> Told {
    let Some(referral) = going_on(s, id).filter(|r| r.status == Status::Requested) else { return Ok(()) };
    let seat_worker = {
        let number = s.chance.below(9);
        s.town.cast.team(referral.receiver.team).and_then(|seat| seat.somebody(number))
    };
    let accepts = s.town.organisations[&referral.receiver.organisation].has_accounts;
    let worker = seat_worker.filter(|_| accepts);
    let step = Move::Accept { worker, next: next(s, "Make contact in the way they chose", 7)? };
    receiver_moves(s, id, "referral accepted", &step)?;
    waiting(s, id, wait, misses, months)
}

/// While waiting somebody says something at least every 26 days.
fn waiting(s: &mut Story<'_>, id: ReferralId, left: i32, misses: bool, months: i32) -> Told {
    if left > 24 {
        let check_in = next(s, "Ring while they wait: an honest word on how long", 24)?;
        let why = Some("Rang them, and they still wait".to_owned());
        let step = Move::Wait { next: NextDate { reason: why, ..check_in } };
        receiver_moves(s, id, "on the waiting list", &step)?;
        s.in_days(23, move |s| match going_on(s, id) {
            Some(_) => waiting(s, id, left - 23, misses, months),
            None => Ok(()),
        });
        return Ok(());
    }
    let days = left.max(3);
    let place = "Their room, ask at the desk".to_owned();
    let at = first_date(s, days);
    let dates = vec![Offer { at, place, with: None }];
    let step = Move::OfferDates { dates: dates.clone(), next: next(s, "Ask which date suits", 3)? };
    receiver_moves(s, id, "dates offered", &step)?;
    let date = dates.into_iter().next();
    s.in_days(1, move |s| {
        let (Some(_), Some(date)) = (going_on(s, id), date) else { return Ok(()) };
        asker_moves(s, id, "date agreed", &Move::AgreeDate(date))
    });
    s.at(Instant(at.0 + 2 * Instant::HOUR), move |s| met(s, id, at, misses, months));
    Ok(())
}

fn first_date(s: &mut Story<'_>, days: i32) -> Instant {
    let calendar = &s.town.when.calendar;
    let day = calendar.plus_working(kith_domain::time::plus_days(s.today(), days), 0);
    let day = day.max(calendar.plus_working(s.today(), 3));
    let hour = i8::try_from(s.chance.between(10, 16)).unwrap_or(11);
    s.town.when.calendar.moment(day, hour, 0)
}

/// The first date comes: they came, or could not.
fn met(s: &mut Story<'_>, id: ReferralId, at: Instant, misses: bool, months: i32) -> Told {
    if going_on(s, id).is_none() || s.person().whereabouts.away() {
        return Ok(());
    }
    if misses && going_on(s, id).is_some_and(|r| r.agreed.is_some()) {
        let step = Move::CouldNotCome {
            at,
            next: next(s, "Ask what would make it easier, and offer another date", 2)?,
        };
        receiver_moves(s, id, "could not come", &step)?;
        s.in_days(2, move |s| match going_on(s, id) {
            Some(_) => waiting(s, id, 8, false, months),
            None => Ok(()),
        });
        return Ok(());
    }
    let step = Move::Came { at, next: next(s, "See them again", 14)? };
    receiver_moves(s, id, "came", &step)?;
    s.in_days(s_between(months), move |s| {
        if going_on(s, id).is_none() {
            return Ok(());
        }
        let step = Move::Start { at: s.now, next: next(s, "See them again", 24)? };
        receiver_moves(s, id, "started", &step)?;
        helping(s, id, months * 30)
    });
    Ok(())
}

/// Help starts a few days after the first meeting.
fn s_between(months: i32) -> i32 {
    3 + months
}

/// Help goes on, with a next date each time, until it ends.
fn helping(s: &mut Story<'_>, id: ReferralId, left: i32) -> Told {
    if left <= 24 {
        s.in_days(left.max(4), move |s| finished(s, id));
        return Ok(());
    }
    s.in_days(23, move |s| {
        let Some(referral) = going_on(s, id) else { return Ok(()) };
        let moved = next(s, &referral.held_next.what, 24)?;
        receiver_moves(
            s,
            id,
            "next date set",
            &Move::SetNext { next: moved, why: "Saw them, and see them again".into(), spoken: true },
        )?;
        helping(s, id, left - 23)
    });
    Ok(())
}

/// Help ends: did it happen, did it help, in their words.
fn finished(s: &mut Story<'_>, id: ReferralId) -> Told {
    let Some(referral) = going_on(s, id) else { return Ok(()) };
    let code = s.get::<Need>(referral.need.into()).and_then(|n| n.code.clone()).unwrap_or_default();
    let helped =
        [Helped::Yes, Helped::ABit, Helped::No, Helped::NotSaid][s.chance.weighted(&[58, 24, 8, 10])];
    let after = super::words::NEEDS.iter().find(|n| n.code == code).map(|n| n.after);
    let words = after.filter(|_| helped != Helped::NotSaid).map(|after| (*s.chance.pick(&after)).to_owned());
    let outcome = Outcome { happened: Happened::Yes, helped, words: words.clone() };
    let told = s.chance.percent(88);
    receiver_moves(s, id, "help ended", &Move::End { outcome: told.then(|| outcome.clone()) })?;
    if !told {
        s.in_days(1, move |s| {
            let open =
                s.get::<Referral>(id.into()).is_some_and(|r| r.outcome.is_none() && r.settled.is_none());
            if open && s.person_open() {
                asker_moves(s, id, "asked how it was", &Move::Tell(outcome))?;
            }
            Ok(())
        });
    }
    message_back(s, id);
    let need = referral.need;
    if matches!(helped, Helped::Yes | Helped::ABit) {
        s.in_days(3, move |s| {
            let words = words.unwrap_or_else(|| "That's done.".into());
            if s.person_open() { plan::need_met(s, need, &words) } else { Ok(()) }
        });
    }
    Ok(())
}

/// The message back to whoever introduced them and to the GP practice, as they agreed.
fn message_back(s: &mut Story<'_>, id: ReferralId) {
    let Some(mut referral) = s.get::<Referral>(id.into()).cloned() else { return };
    let person = s.person();
    let gp = if person.gp.known().is_some() { BackTo::Sent { at: s.now } } else { BackTo::Nobody };
    let referrer = match &person.introducer {
        None => BackTo::Nobody,
        Some(i) if i.may_be_told => BackTo::Sent { at: s.now },
        Some(_) => BackTo::SaidNo,
    };
    let asked = s.chance.percent(80);
    referral.message_back = MessageBack { referrer, gp: if asked { gp } else { BackTo::SaidNo } };
    s.by_navigator(id, "message back", referral);
}

/// The person hears how their referrals stand, where the receivers have moved since.
pub fn tell_the_person(s: &mut Story<'_>) {
    for (id, referral) in s.all::<Referral>() {
        if kith_domain::today::untold(&referral) {
            let after = kith_domain::coming_back::told_the_person(&referral, s.now);
            s.by_navigator(id, "person told", after);
        }
    }
}

/// Everybody was told of a death: what is still open ends.
///
/// # Errors
/// A rule refused it.
pub fn end_all(s: &mut Story<'_>) -> Told {
    for (id, referral) in s.all::<Referral>() {
        if referral.status.terminal() || referral.status == Status::Draft {
            continue;
        }
        let around = Surroundings {
            now: s.now,
            calendar: &s.town.when.calendar,
            settings: &s.town.settings,
            person: s.person(),
        };
        let after = ended_by_death(&referral, around).map_err(|e| s.broken("ending a referral", e))?;
        s.by_navigator(id, "ended, everybody was told of a death", after);
    }
    Ok(())
}

/// Whatever is still with somebody else is taken back, because the person stopped.
///
/// # Errors
/// The move is illegal.
pub fn stop_all(s: &mut Story<'_>) -> Told {
    for (id, referral) in s.all::<Referral>() {
        if referral.status.terminal() || referral.status == Status::Draft {
            continue;
        }
        let around = Surroundings {
            now: s.now,
            calendar: &s.town.when.calendar,
            settings: &s.town.settings,
            person: s.person(),
        };
        let after = stopped_by_person(&referral, around).map_err(|e| s.broken("stopping a referral", e))?;
        s.in_their_words(id, "stopped by the person", after);
    }
    Ok(())
}
