//! The side that is asked: a worker of the receiving team, or whoever holds the link. They
//! see the packet and nothing else (rule B5), and answer.

use super::{answered, leads, link, words};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::people::apart::check_times;
use crate::principal::{Identity, Principal};
use crate::telling_outside::person_as_job;
use kith_access::{Action, Item, PersonWorld};
use kith_domain::id::{PersonId, RecordId, ReferralId, TeamId};
use kith_domain::link as role;
use kith_domain::moves::{self, Move, MoveKind, Mover, Refused, Surroundings, who_may, without_packet};
use kith_domain::record::{Kind, Label, Saved};
use kith_domain::referral::{Business, PacketLine, Party, Referral, Status};
use kith_store::Guarded;
use kith_store::look::Outcome;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Requests of a team that are read for one inbox: so many that wait for an answer, so
/// many others that are open, and so many that ended. Each part has its own number, so
/// that a long waiting list never hides a new request.
const MOST_NEW: u32 = 60;
const MOST_OPEN: u32 = 60;
const MOST_ENDED: u32 = 15;
/// Days for which what has ended stays in the inbox.
const ENDED_DAYS: i64 = 30;

/// What waits for a worker's teams.
#[derive(Default)]
pub struct Inbox {
    /// The requests, each on its shelf, due first.
    pub shelves: BTreeMap<Shelf, Vec<Row>>,
    /// How many more wait for an answer.
    pub more_new: u64,
    /// How many more are open.
    pub more_open: u64,
}

/// The parts of an inbox, in the order of the page.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Shelf {
    /// Waits for an answer.
    New,
    /// Something was asked, and the sender has not answered yet.
    Asked,
    /// Said yes to, and nothing arranged yet.
    SaidYes,
    /// A date was offered or agreed.
    Dates,
    /// On the waiting list.
    Waiting,
    /// Help is going on.
    GoingOn,
    /// Paused.
    Paused,
    /// Ended lately.
    Ended,
}

impl Shelf {
    /// Every shelf, in order.
    pub const ALL: [Shelf; 8] = [
        Shelf::New,
        Shelf::Asked,
        Shelf::SaidYes,
        Shelf::Dates,
        Shelf::Waiting,
        Shelf::GoingOn,
        Shelf::Paused,
        Shelf::Ended,
    ];
    /// The heading on the page.
    pub fn title(self) -> &'static str {
        match self {
            Shelf::New => "Waiting for your answer",
            Shelf::Asked => "You asked something",
            Shelf::SaidYes => "You said yes: arrange a first time",
            Shelf::Dates => "Dates",
            Shelf::Waiting => "Your waiting list",
            Shelf::GoingOn => "Going on",
            Shelf::Paused => "Paused",
            Shelf::Ended => "Ended in the last 30 days",
        }
    }
    /// On which shelf a referral stands.
    pub fn of(r: &Referral) -> Shelf {
        let asked = r.question.as_ref().is_some_and(|q| q.answer.is_none());
        match (r.status, r.business) {
            (Status::Requested, _) if asked => Shelf::Asked,
            (Status::Draft | Status::Requested, _) => Shelf::New,
            (Status::OnHold, _) => Shelf::Paused,
            (Status::Accepted | Status::InProgress, Business::DateOffered | Business::DateAgreed) => {
                Shelf::Dates
            }
            (Status::Accepted | Status::InProgress, Business::Waiting) => Shelf::Waiting,
            (Status::Accepted, Business::None | Business::Seen | Business::CouldNotCome) => Shelf::SaidYes,
            (Status::Accepted | Status::InProgress, _) => Shelf::GoingOn,
            _ => Shelf::Ended,
        }
    }
}

/// A request as the receiver sees it.
pub struct Request {
    /// The referral, with its packet.
    pub saved: Saved<Referral>,
    /// The name, when it may be seen.
    pub called: Option<String>,
    /// The way to reach the person, when it may be seen.
    pub contact: Option<String>,
    /// The lines this reader may see. Without the name, the name is taken out of them.
    pub lines: Vec<PacketLine>,
    /// Lines that colleagues in another role see.
    pub hidden_lines: usize,
    /// The organisation that asks.
    pub from: String,
    /// The team that asks, with a number to ring.
    pub from_team: String,
    /// Its telephone number.
    pub from_phone: Option<String>,
    /// What this side may do now.
    pub may: BTreeSet<MoveKind>,
    /// A link holder has given their own name and the second code.
    pub named: bool,
    /// The person has stopped sharing with this organisation: where it stands, and no more.
    pub stopped: bool,
    /// Nobody is to be in touch with them: nothing is shown that would help to, and it can only
    /// be ended. Why, whoever asked tells those who may know.
    pub no_contact: bool,
}

/// One row of an inbox.
pub struct Row {
    /// The referral.
    pub saved: Saved<Referral>,
    /// Who asks.
    pub from: String,
    /// The person has stopped sharing with this organisation: where it stands, and no more.
    pub stopped: bool,
    /// Nobody is to be in touch with them.
    pub no_contact: bool,
}

impl Kith {
    /// The requests of the worker's teams, each on its shelf.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn inbox(&self, who: &Principal) -> Result<Inbox, CareError> {
        let mut look = self.look(who).await?;
        let result = inbox(&mut look).await;
        look.finish_with(result).await
    }

    /// One request, with exactly its packet.
    ///
    /// # Errors
    /// There is none that this actor may know of.
    pub async fn request(&self, who: &Principal, referral: ReferralId) -> Result<Request, CareError> {
        let mut look = self.look(who).await?;
        let result = request(&mut look, referral).await;
        look.finish_with(result).await
    }

    /// Answers a request: one or more moves of the receiving side, in one transaction.
    /// Returns the path to go on to.
    ///
    /// # Errors
    /// There is none that this actor may answer, or a rule says no, in words.
    pub async fn answer_referral(
        &self,
        who: &Principal,
        referral: ReferralId,
        version: Option<u32>,
        steps: Vec<Move>,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut tx = self.store().read().await?;
        let person = self.person_of_referral(&mut tx, referral).await?.ok_or(CareError::Missing)?;
        drop(tx);
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        link::add_grant(&mut c.tx, &mut c.world, who).await?;
        let saved = c.open::<Referral>(referral, Action::AnswerReferral)?;
        let sees = c.may_open(&saved, Action::View) || c.may_open(&saved, Action::ViewPacket);
        if !sees && steps.iter().any(|step| !without_packet(step.kind())) {
            return Err(CareError::refused(STOPPED));
        }
        if let Some(version) = version {
            Changing::expect_version(&saved, version)?;
        }
        let last = steps.last().map(Move::kind);
        let saved = make_moves(self, &mut c, saved, steps).await?;
        answered::keep(&mut c.tx, who, (referral, person), (&saved.value, last)).await?;
        leads::tell_both(&mut c, &saved).await?;
        let by_link = matches!(who.identity, Identity::LinkHolder { .. });
        link::send_next(self, &mut c, &saved).await?;
        let answer = match () {
            () if by_link => "/link/done".to_owned(),
            () if saved.value.status.terminal() && saved.value.status != Status::Completed => {
                "/inbox".to_owned()
            }
            () => format!("/inbox/{referral}"),
        };
        c.finish(&answer).await
    }
}

/// What a receiver is told who sees nothing of the person any more.
const STOPPED: &str =
    "They have stopped sharing with you. You can ask the one who sent it, say no, or end it.";

/// Each move in turn: its rule, its version, its entry in the journal.
pub(super) async fn make_moves(
    kith: &Kith,
    c: &mut Changing<'_>,
    mut saved: Saved<Referral>,
    steps: Vec<Move>,
) -> Result<Saved<Referral>, CareError> {
    let person = person_as_job(kith, &mut c.tx, &c.world.clone(), c.person, c.who.now).await?;
    let settings = c.who.partnership.place.value.settings.clone();
    let by = Mover { party: Party::Target, worker: c.who.worker().ok().map(|(worker, _)| worker) };
    for mut step in steps {
        if let Move::Accept { worker, .. } = &mut step {
            *worker = by.worker;
        }
        let around = Surroundings {
            now: c.who.now,
            calendar: kith.calendar(),
            settings: &settings,
            person: &person.value,
        };
        let new = moves::apply(&saved.value, &step, by, around).map_err(|no| told(&no, step.kind()))?;
        check_times(c, &person.value, &saved.value, &step)
            .await?
            .map_err(|no| CareError::field("date1", format!("{no}.")))?;
        saved = c.save(words::action_word(step.kind()), &saved, &new, None).await?;
    }
    Ok(saved)
}

/// A refusal of the machine, at the field it belongs to.
pub(crate) fn told(no: &Refused, kind: MoveKind) -> CareError {
    match no {
        Refused::NextDate(_) => CareError::field("next", no),
        Refused::Missing(_) => CareError::field(field_of(kind), no),
        other => CareError::refused(format!("{other}.")),
    }
}

fn field_of(kind: MoveKind) -> &'static str {
    match kind {
        MoveKind::Ask => "question",
        MoveKind::Answer => "answer",
        MoveKind::Decline => "words",
        MoveKind::OfferDates | MoveKind::AgreeDate => "date1",
        MoveKind::Came | MoveKind::CouldNotCome | MoveKind::Start => "on",
        MoveKind::Cancel | MoveKind::Hold | MoveKind::Fail | MoveKind::EnterInError => "why",
        _ => "next",
    }
}

async fn inbox(look: &mut Looking<'_>) -> Result<Inbox, CareError> {
    let mut inbox = Inbox::default();
    let mut found: Vec<Guarded<Saved<Referral>>> = Vec::new();
    let mut teams = look.who.actor.teams.clone();
    for team in look.who.actor.teams.iter() {
        teams.extend(look.who.partnership.teams_answered_by(*team, look.who.now));
    }
    for team in teams {
        read_team(look, team, &mut found, &mut inbox).await?;
    }
    let people: Vec<PersonId> = found.iter().filter_map(|g| g.item().person).collect();
    let worlds = look.worlds(&people).await?;
    let ask = look.batch.ask(Action::View);
    let shelves = &mut inbox.shelves;
    for guarded in found {
        let Some(world) = guarded.item().person.and_then(|p| worlds.get(&p)) else { continue };
        let stopped = look.batch.permit(world, guarded.item(), &ask).is_err();
        let saved = match stopped {
            false => look.listed(world, guarded, &ask),
            true => place_only(look, world, guarded, Outcome::Listed),
        };
        let Some(saved) = saved else { continue };
        let from = look.who.partnership.organisation(saved.value.sender.organisation);
        let from = from.map_or_else(|| "another organisation".to_owned(), |o| o.short.clone());
        let no_contact = world.died;
        shelves.entry(Shelf::of(&saved.value)).or_default().push(Row { saved, from, stopped, no_contact });
    }
    for rows in shelves.values_mut() {
        rows.sort_by_key(|row| (row.saved.value.receiver_due(), row.saved.value.requested_at));
    }
    Ok(inbox)
}

/// The requests of one team, as far as they are shown, and how many are not.
async fn read_team(
    look: &mut Looking<'_>,
    team: TeamId,
    found: &mut Vec<Guarded<Saved<Referral>>>,
    inbox: &mut Inbox,
) -> Result<(), CareError> {
    let link = (role::RECEIVER_TEAM, RecordId::from(team));
    let new = look.tx.list_linked(role::ASKED_TEAM, team, true, MOST_NEW).await?;
    let open = look.tx.list_linked_without(link, role::ASKED_TEAM, MOST_OPEN).await?;
    let since = look.who.now.plus_days(-ENDED_DAYS);
    let ended = look.tx.list_linked_ended(link, since, MOST_ENDED).await?;
    let roles = [role::ASKED_TEAM, role::RECEIVER_TEAM];
    let [all_new, all] = look.tx.count_linked(team.into(), Kind::Referral, roles).await?;
    let all_open = all - all_new;
    inbox.more_new += all_new.saturating_sub(new.len() as u64);
    inbox.more_open += all_open.saturating_sub(open.len() as u64);
    found.extend(new.into_iter().chain(open).chain(ended));
    Ok(())
}

async fn request(look: &mut Looking<'_>, referral: ReferralId) -> Result<Request, CareError> {
    let person = look.kith.person_of_referral(&mut look.tx, referral).await?;
    let Some(person) = person else {
        look.place(Action::AnswerReferral).err();
        return Err(CareError::Missing);
    };
    let mut about = look.about(person).await?;
    link::add_grant(&mut look.tx, &mut about.world, look.who).await?;
    let shown = match stopped(look, &about, referral)? {
        Some(request) => Ok(request),
        None => match look.who.identity {
            Identity::LinkHolder { referral: only, .. } if only != referral => Err(CareError::Missing),
            Identity::LinkHolder { name: None, .. } => nameless(look, &about, referral),
            _ => whole(look, &about, referral),
        },
    };
    shown.map(|request| if about.world.died { without_contact(request) } else { request })
}

/// Nothing that would help to be in touch, and nothing to do but to end it.
fn without_contact(request: Request) -> Request {
    let may = request.may.into_iter().filter(|kind| kind.closes()).collect();
    Request { contact: None, lines: Vec::new(), hidden_lines: 0, no_contact: true, may, ..request }
}

/// Where the person has stopped sharing and the place is kept: how it stands, for whoever
/// still answers. None when more may be seen, or nothing at all.
fn stopped(
    look: &mut Looking<'_>,
    about: &About,
    referral: ReferralId,
) -> Result<Option<Request>, CareError> {
    let found = about.records.one::<Referral>(RecordId(referral.0))?;
    let Some(guarded) = found else { return Ok(None) };
    for action in [Action::View, Action::ViewPacket] {
        let ask = look.batch.ask(action);
        if look.batch.permit(&about.world, guarded.item(), &ask).is_ok() {
            return Ok(None);
        }
    }
    let Some(saved) = place_only(look, &about.world, guarded, Outcome::Opened) else { return Ok(None) };
    let mut request = shown(look, saved, None, (Vec::new(), 0));
    request.may.retain(|kind| without_packet(*kind));
    request.stopped = true;
    Ok(Some(request))
}

/// A place in the queue, for a receiver who can still answer and sees nothing else.
fn place_only(
    look: &mut Looking<'_>,
    world: &PersonWorld,
    guarded: Guarded<Saved<Referral>>,
    outcome: Outcome,
) -> Option<Saved<Referral>> {
    let answers = look.batch.ask(Action::AnswerReferral);
    look.batch.permit(world, guarded.item(), &answers).ok()?;
    let ask = look.batch.ask(Action::ViewReferralStatus);
    look.quietly(world, guarded.without_packet(), &ask, outcome)
}

/// With the name: a worker of the team, or a link holder who gave their own.
fn whole(look: &mut Looking<'_>, about: &About, referral: ReferralId) -> Result<Request, CareError> {
    let ask = look.batch.ask(Action::View);
    let item = item_of(about, referral)?;
    let saved = look.one::<Referral>(about, RecordId(referral.0), &ask)?;
    let lines = saved.value.packet.lines.clone();
    let seen = readable(look, about, &item, lines);
    let (called, contact) = (saved.value.packet.call_them.clone(), saved.value.packet.contact.clone());
    Ok(shown(look, saved, Some((called, contact)), seen))
}

/// Without the name and the way to reach them, which are taken out before anything else
/// sees the packet.
fn nameless(look: &mut Looking<'_>, about: &About, referral: ReferralId) -> Result<Request, CareError> {
    let ask = look.batch.ask(Action::ViewPacket);
    let guarded = about.records.one::<Referral>(RecordId(referral.0))?;
    let guarded = guarded.ok_or(CareError::Missing)?;
    let item = guarded.item().clone();
    let packet = guarded.without_name();
    let saved = look.open(&about.world, packet, &ask)?;
    let lines = saved.value.packet.lines.clone();
    let seen = readable(look, about, &item, lines);
    Ok(shown(look, saved, None, seen))
}

fn item_of(about: &About, referral: ReferralId) -> Result<Item, CareError> {
    let all = about.records.of::<Referral>()?;
    let found = all.iter().find(|g| g.item().id == RecordId(referral.0));
    found.map(|g| g.item().clone()).ok_or(CareError::Missing)
}

/// The lines this reader may see, each decided by its own area and sensitivity, and how
/// many they may not.
fn readable(
    look: &mut Looking<'_>,
    about: &About,
    referral: &Item,
    lines: Vec<PacketLine>,
) -> (Vec<PacketLine>, usize) {
    let ask = look.batch.ask(Action::View);
    let all = lines.len();
    let may: Vec<PacketLine> = lines
        .into_iter()
        .filter(|line| {
            let label =
                Label { categories: line.categories.clone(), ..Label::of(line.area, line.sensitivity) };
            let item = Item::of_line(referral, line.item, line.version, line.kind, label);
            look.batch.permit(&about.world, &item, &ask).is_ok()
        })
        .collect();
    let hidden = all - may.len();
    (may, hidden)
}

fn shown(
    look: &Looking<'_>,
    saved: Saved<Referral>,
    who_it_is: Option<(String, String)>,
    (lines, hidden_lines): (Vec<PacketLine>, usize),
) -> Request {
    let r = &saved.value;
    let may = MoveKind::ALL.into_iter().filter(|k| who_may(r.status, *k).contains(&Party::Target));
    let partnership = &look.who.partnership;
    let organisation = partnership.organisation(r.sender.organisation);
    let team = partnership.team(r.sender.team);
    let (called, contact) = who_it_is.unzip();
    Request {
        called,
        contact,
        lines,
        hidden_lines,
        from: organisation.map_or_else(String::new, |o| o.name.clone()),
        from_team: partnership.team_name(r.sender.team),
        from_phone: team.and_then(|t| t.phone.clone()).or_else(|| organisation.and_then(|o| o.phone.clone())),
        may: may.collect(),
        named: !matches!(look.who.identity, Identity::LinkHolder { name: None, .. }),
        stopped: false,
        no_contact: false,
        saved,
    }
}
