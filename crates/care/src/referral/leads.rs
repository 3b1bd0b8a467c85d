//! Declines that both leads see: for a diagnosis, substance use, "too complex" or "not
//! complex enough". No lead sees the packet for it, and none sees the name.

use super::words;
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::{Action, ReferralStatus, Role};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::consent::Confirmation;
use kith_domain::id::{MessageId, OrganisationId, PersonId, RecordId, TeamId, WorkerId};
use kith_domain::link as role;
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::organisation::{Holder, WorkRole};
use kith_domain::record::Saved;
use kith_domain::referral::{End, Referral};
use kith_domain::time::{Day, Instant};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Referrals read for one list.
const MOST: u32 = 1_000;

/// One decline, as leads see it.
#[derive(Clone, Debug)]
pub struct Declined {
    /// The referral, as a reference.
    pub referral: RecordId,
    /// The service that said no.
    pub service: String,
    /// The reason.
    pub reason: String,
    /// The words that the person reads.
    pub words: String,
    /// A better place, if one was named.
    pub better_place: Option<String>,
    /// When.
    pub at: Instant,
    /// Who asked.
    pub sender: OrganisationId,
    /// Who was asked.
    pub receiver: OrganisationId,
    /// The notice that waits to be read, with the person whose journal it stands in.
    pub unread: Option<(PersonId, MessageId)>,
}

/// Tells the leads on both sides of a decline that goes to them: a held message each,
/// which names the service and the reason and nobody.
pub(crate) async fn tell_both(c: &mut Changing<'_>, saved: &Saved<Referral>) -> Result<(), CareError> {
    let r = &saved.value;
    let Some(decline) = r.decline.as_ref().filter(|d| d.reason.goes_to_both_leads()) else { return Ok(()) };
    if r.ended_at != Some(saved.meta.at) {
        return Ok(());
    }
    let read_by = c.kith.calendar().plus_working(c.kith.calendar().day(c.who.now), 2);
    let words = format!("{} said no to a request: {}.", r.service_name, decline.reason.title());
    for side in sides(c, r) {
        let message = Message {
            kind: MessageKind::Notice,
            from: c.who.actor.author(),
            to: MessageTo::Reader { holder: side, read_by },
            words: words.clone(),
            area: r.area,
            sensitivity: Sensitivity::S1,
            about: Some(saved.meta.id),
            written_at: c.who.now,
            read_at: None,
            quiet: false,
            review: false,
            take_out: None,
        };
        let ask = c.batch.ask(Action::AnswerReferral).about_referral(saved.id());
        let id = RecordId(Uuid::now_v7());
        c.create_for(id, "leads told of a decline", side.organisation, &message, &ask, None).await?;
    }
    Ok(())
}

/// Who reads that something went without the person's agreement: the lead of the team that
/// asks, and the safeguarding lead of its organisation, where there is one.
pub(crate) fn readers_of_decision(who: &Principal, sender: &End) -> Vec<Holder> {
    let today = who.partnership.today(who.now);
    let team = who.partnership.team(sender.team).and_then(|t| t.lead);
    let lead = team.or_else(|| who.partnership.organisation(sender.organisation).and_then(|o| o.lead));
    let mut readers: Vec<Holder> = lead
        .map(|lead| Holder { organisation: sender.organisation, team: sender.team, lead: Some(lead) })
        .into_iter()
        .collect();
    let safeguarding =
        who.partnership.facts.workers.iter().filter(|(_, w)| w.active(today)).find_map(|(id, w)| {
            let mut here =
                w.memberships.iter().filter(|m| m.organisation == sender.organisation && m.in_date(today));
            let found = here.find(|m| m.role == WorkRole::SafeguardingLead)?;
            Some(Holder { organisation: sender.organisation, team: found.team, lead: Some(*id) })
        });
    readers.extend(safeguarding.filter(|h| Some(h.lead) != readers.first().map(|r| r.lead)));
    readers
}

/// Tells them: what was decided, by whom, and the day it is looked at again. A held message
/// each, that names the service and nobody.
pub(crate) async fn tell_of_decision(c: &mut Changing<'_>, saved: &Saved<Referral>) -> Result<(), CareError> {
    let r = &saved.value;
    let Some(decided) = r.basis.decided() else { return Ok(()) };
    let calendar = c.kith.calendar();
    let today = calendar.day(c.who.now);
    let read_by = calendar.plus_working(today, 2);
    let mut words = format!(
        "{} was asked without the person’s agreement: {}. Decided by {}. Why: {} Looked at again on {}.",
        r.service_name,
        kith_domain::text::lower(words::basis(&r.basis)),
        decided.decided_by,
        decided.why,
        kith_domain::next_date::words_of(decided.review_on)
    );
    let mut readers: Vec<(Holder, Day, String)> = Vec::new();
    let named = decided.worker.filter(|_| matches!(decided.confirmed, Some(Confirmation::Waits { .. })));
    let here = |worker: WorkerId| {
        let worker = c.who.partnership.facts.workers.get(&worker)?;
        worker.memberships.iter().find(|m| m.organisation == r.sender.organisation && m.in_date(today))
    };
    if let (Some(worker), Some(Confirmation::Waits { by })) = (named, decided.confirmed) {
        let by_words = kith_domain::next_date::words_of(by);
        // Whoever is named holds it where they work for the side that asks; else its lead asks them.
        match here(worker) {
            Some(m) => {
                let holder = Holder { organisation: m.organisation, team: m.team, lead: Some(worker) };
                let ask = format!(
                    "You are named as who decided this. Say by {by_words} whether it was so. {words}"
                );
                readers.push((holder, by, ask));
            }
            None => {
                words.push_str(&format!(" {} has to confirm it by {by_words}: ask them.", decided.decided_by))
            }
        }
    }
    let leads = readers_of_decision(c.who, &r.sender);
    let known = |h: &Holder| readers.iter().all(|(reader, ..)| reader.lead != h.lead);
    let leads: Vec<_> = leads.into_iter().filter(known).map(|h| (h, read_by, words.clone())).collect();
    readers.extend(leads);
    for (reader, read_by, words) in readers {
        let message = Message {
            kind: MessageKind::Notice,
            from: c.who.actor.author(),
            to: MessageTo::Reader { holder: reader, read_by },
            words,
            area: Area::Identity,
            sensitivity: Sensitivity::S2,
            about: Some(saved.meta.id),
            written_at: c.who.now,
            read_at: None,
            quiet: false,
            review: false,
            take_out: None,
        };
        c.create("leads told of a decision", reader.organisation, &message, Action::Create, None).await?;
    }
    Ok(())
}

/// The lead of each side's team, or of its organisation. A side without anybody named (a
/// charity that answers by links) has nobody to tell.
fn sides(c: &Changing<'_>, r: &Referral) -> Vec<Holder> {
    let lead_of = |end: &End| {
        let team = c.who.partnership.team(end.team).and_then(|t| t.lead);
        let lead = team.or_else(|| c.who.partnership.organisation(end.organisation).and_then(|o| o.lead))?;
        Some(Holder { organisation: end.organisation, team: end.team, lead: Some(lead) })
    };
    [&r.sender, &r.receiver].into_iter().filter_map(lead_of).collect()
}

impl Kith {
    /// The declines that this lead sees, the newest first.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn declines_for_leads(&self, who: &Principal) -> Result<Vec<Declined>, CareError> {
        let mut look = self.look(who).await?;
        let result = declines(&mut look).await;
        look.finish_with(result).await
    }

    /// The lead has read a notice.
    ///
    /// # Errors
    /// It is not theirs.
    pub async fn read_notice(
        &self,
        who: &Principal,
        person: PersonId,
        message: MessageId,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let saved = c.open::<Message>(message, Action::Update)?;
        if saved.value.read_at.is_none() {
            let read = Message { read_at: Some(who.now), ..saved.value.clone() };
            c.save("message read", &saved, &read, None).await?;
        }
        c.finish("/declines").await
    }
}

async fn declines(look: &mut Looking<'_>) -> Result<Vec<Declined>, CareError> {
    let mut found = Vec::new();
    for (role, target) in places(look) {
        found.extend(look.tx.list_linked::<Referral>(role, RecordId(target), false, MOST).await?);
    }
    let people: Vec<PersonId> = found.iter().filter_map(|g| g.item().person).collect();
    let worlds = look.worlds(&people).await?;
    let ask = look.batch.ask(Action::ViewReferralStatus);
    let mut all: BTreeMap<RecordId, Declined> = BTreeMap::new();
    for guarded in found {
        let Some(world) = guarded.item().person.and_then(|p| worlds.get(&p)) else { continue };
        let id = guarded.item().id;
        let Some(status) = look.listed(world, guarded.status(), &ask) else { continue };
        all.extend(declined(id, status).map(|d| (id, d)));
    }
    let mut unread = unread(look).await?;
    let mut list: Vec<Declined> =
        all.into_values().map(|d| Declined { unread: unread.remove(&d.referral), ..d }).collect();
    list.sort_by_key(|d| std::cmp::Reverse(d.at));
    Ok(list)
}

/// Where a lead's declines are found: their organisation's, or their teams'.
fn places(look: &Looking<'_>) -> Vec<(&'static str, Uuid)> {
    let actor = &look.who.actor;
    match (actor.role, actor.organisation) {
        (Role::TeamLead, _) => {
            let teams: Vec<TeamId> = actor.teams.clone();
            teams.iter().flat_map(|t| [(role::SENDER_TEAM, t.0), (role::RECEIVER_TEAM, t.0)]).collect()
        }
        (_, Some(o)) => vec![(role::SENDER_ORGANISATION, o.0), (role::RECEIVER_ORGANISATION, o.0)],
        _ => Vec::new(),
    }
}

fn declined(referral: RecordId, r: ReferralStatus) -> Option<Declined> {
    let decline = r.decline.filter(|d| d.reason.goes_to_both_leads())?;
    Some(Declined {
        referral,
        service: r.service_name,
        reason: decline.reason.title().to_owned(),
        words: decline.words,
        better_place: decline.better_place,
        at: r.ended_at?,
        sender: r.sender.organisation,
        receiver: r.receiver.organisation,
        unread: None,
    })
}

/// Notices to this worker that nobody has read yet, by what they are about.
async fn unread(look: &mut Looking<'_>) -> Result<BTreeMap<RecordId, (PersonId, MessageId)>, CareError> {
    let Some(worker) = look.who.actor.worker_id() else { return Ok(BTreeMap::new()) };
    let found = look.tx.list_linked::<Message>(role::HOLDER_LEAD, worker, true, MOST).await?;
    let people: Vec<PersonId> = found.iter().filter_map(|g| g.item().person).collect();
    let worlds = look.worlds(&people).await?;
    let ask = look.batch.ask(Action::View);
    let mut unread = BTreeMap::new();
    for guarded in found {
        let Some(person) = guarded.item().person else { continue };
        let Some(world) = worlds.get(&person) else { continue };
        if let Some(saved) = look.listed(world, guarded, &ask)
            && let (MessageKind::Notice, Some(about)) = (saved.value.kind, saved.value.about)
        {
            unread.insert(about, (person, saved.id()));
        }
    }
    Ok(unread)
}
