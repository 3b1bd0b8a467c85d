//! What is open about a person, with whom its record leaves it, and by when something
//! happens next.

use crate::clock::check_in_due;
use crate::coming_in::ComingIn;
use crate::consent::Consent;
use crate::hand_over::HandOver;
use crate::id::PersonId;
use crate::look_question::LookQuestion;
use crate::marks::HIDDEN_DAYS;
use crate::message::{MessageKind, MessageTo};
use crate::need::Need;
use crate::need_next::{Following, need_next};
use crate::organisation::Holder;
use crate::person::{Person, Standing, Whereabouts};
use crate::plan::{Step, StepOwner};
use crate::record::{Author, Kind, Meta, Record, Saved};
use crate::referral::{End, Referral, Status};
use crate::sharing::{end_to_tell, to_look_at_again};
use crate::time::{Calendar, Day, Instant, days_between, plus_days};

use super::facts::{LooseFacts, PartnershipFacts, PersonFacts};
use super::resolve::Passed;
use super::{Held, RecordRef};

/// What about a record is open.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum About {
    /// The person's plan: what happens next.
    Plan,
    /// Nothing was said to the person for too long.
    Silence,
    /// The person said not now: ask once, on the day.
    NotNow,
    /// The door is open: look again, on the day.
    DoorOpen,
    /// The person died: tell everybody who was helping, and speak to the family.
    Death,
    /// A need.
    Need,
    /// A need that nothing meets.
    Unmet,
    /// A step.
    Step,
    /// Whoever was asked to do a step said no.
    StepSaidNo,
    /// Told about something: did they get there?
    Telling,
    /// A referral that is being written.
    Draft,
    /// A referral that waits for a reply.
    Reply,
    /// A referral whose receiver asked something.
    Question,
    /// A referral that was accepted.
    Help,
    /// Nobody replied by the day.
    NoReply,
    /// The receiver said no.
    Declined,
    /// The receiver took it back.
    TakenBack,
    /// Could not come twice.
    CouldNotCome,
    /// It ended without help.
    EndedWithoutHelp,
    /// It ended, and nobody said how.
    EndedWithoutOutcome,
    /// The receiver does not work here any more.
    ReceiverOut,
    /// The person stopped, and this is still with somebody.
    TakeBack,
    /// Somebody waits for a first date: say something to them.
    CheckIn,
    /// An agreement ends soon: speak to the person before it does.
    ConsentEnds,
    /// It went without the person's agreement: tell them, or write why not.
    ToTell,
    /// A decision to send without agreement is looked at again.
    LookAgain,
    /// Words to read.
    Read,
    /// A worry about the person.
    Worry,
    /// A safeguarding concern: to be made with the council, or to be answered by it.
    Concern,
    /// Someone coming in.
    ComingIn,
    /// People offered by a colleague.
    HandOver,
    /// People that a colleague did not take by the day.
    HandOverNotTaken,
    /// An organisation's data-sharing agreement ends, or has ended.
    AgreementEnds,
    /// Who has which place in an organisation is looked at again.
    AccessReview,
    /// The place of whoever looks at everybody's there is looked at again.
    LeadAccessReview,
    /// A worker's last day in a team is near.
    LastDay,
    /// What somebody said about an entry of the directory.
    Listing,
    /// A question about looks to answer or to decide.
    Looked,
    /// Whoever looked is asked about it.
    LookAsked,
    /// The lived-experience panel is asked something.
    PanelAnswer,
    /// A yes of the panel ends: it looks again.
    PanelAgain,
    /// Something the person asked for by right.
    Right,
    /// The second person over a copy is asked.
    RightSecond,
    /// Two records that may be one person: to be decided by two people.
    Match,
}

/// What happens next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldNext {
    /// What, in words.
    pub what: String,
    /// On which day.
    pub on: Day,
    /// By which moment, for what is due within hours.
    pub at: Option<Instant>,
}

/// An open thing, with whom its record leaves it.
#[derive(Clone, Debug)]
pub(super) struct Due {
    pub what: RecordRef,
    pub person: Option<PersonId>,
    pub about: About,
    pub holder: Holder,
    pub next: HeldNext,
    pub since: Instant,
    pub moves: u8,
    pub needs_navigator: bool,
    /// It passes on together with the plan, to the same place.
    pub with_plan: bool,
    pub farthest_days: i32,
}

impl About {
    /// How far ahead the date of such a thing can be, with the widest settings.
    pub(super) fn farthest_days(self) -> i32 {
        match self {
            About::NotNow | About::DoorOpen => NOT_NOW_DAYS,
            About::Unmet => 92,
            About::Reply | About::PanelAnswer => 60,
            About::LookAgain => NOT_NOW_DAYS,
            // The notice before an agreement ends may be half a year.
            About::AgreementEnds => 180,
            // A complaint about care may take six months.
            About::Right => 200,
            _ => 42,
        }
    }
}

/// "Not now" asks again within about a year.
const NOT_NOW_DAYS: i32 = 366;

impl Due {
    pub(super) fn new<T: Record>(meta: &Meta, about: About, holder: Holder, what: &str, on: Day) -> Due {
        Due {
            what: RecordRef { kind: T::KIND, id: meta.id },
            person: meta.person,
            about,
            holder,
            next: HeldNext { what: what.to_owned(), on, at: None },
            since: meta.at,
            moves: 0,
            needs_navigator: false,
            with_plan: false,
            farthest_days: about.farthest_days(),
        }
    }
    pub(super) fn since(self, at: Option<Instant>) -> Due {
        Due { since: at.unwrap_or(self.since), ..self }
    }
    fn moved(self, moves: u8) -> Due {
        Due { moves, ..self }
    }
}

pub(super) fn person_dues(
    partnership: &PartnershipFacts,
    facts: &PersonFacts,
    now: Instant,
    today: Day,
) -> Vec<Due> {
    let calendar = &partnership.calendar;
    let mut dues = match facts.person.value.standing {
        Standing::Died { recorded_at, everyone_told: None, .. } => {
            let on = calendar.plus_working(calendar.day(recorded_at), 2);
            let what = "Tell everybody who was helping, and speak to those close to them";
            let due =
                Due::new::<Person>(&facts.person.meta, About::Death, facts.person.value.holder, what, on);
            vec![due.since(Some(recorded_at))]
        }
        Standing::Died { .. } => Vec::new(),
        Standing::Stopped { on } | Standing::Left { on } | Standing::Finished { on, .. } => {
            after_stopping(partnership, facts, on, now, today)
        }
        Standing::Open | Standing::NotNow { .. } | Standing::DoorOpen { .. } => {
            everything(partnership, facts, now, today)
        }
    };
    dues.extend(current(&facts.messages).filter_map(|m| match m.value.to {
        MessageTo::Reader { holder, read_by } if m.value.read_at.is_none() => {
            let review = m.value.review;
            let by_job = matches!(m.value.from, Author::Job | Author::Worker { .. });
            let what = match m.value.kind {
                _ if review => "Look at this again, quietly",
                MessageKind::Notice if m.value.quiet && by_job => "Read what has happened",
                _ => "Read what they wrote",
            };
            let due = Due::new::<crate::message::Message>(&m.meta, About::Read, holder, what, read_by);
            // What is hidden from somebody is looked at again within a quarter.
            Some(if review { Due { farthest_days: HIDDEN_DAYS, ..due } } else { due })
        }
        _ => None,
    }));
    dues.extend(current(&facts.worries).flat_map(|w| super::worries::worry(partnership, w, today)));
    dues.extend(current(&facts.looks).flat_map(looked));
    dues.extend(current(&facts.rights).flat_map(|r| super::rights::right(r, calendar, today)));
    dues.extend(current(&facts.matches).flat_map(|m| super::rights::possible(m, calendar)));
    let plan = facts.person.value.holder;
    for due in &mut dues {
        due.person = due.person.or(Some(facts.id()));
        stay_with_plan(partnership, due, plan, today);
    }
    dues
}

/// What stops with its organisation goes where the plan is. A need, a step, a promise to ask
/// or words to read that the plan's own team holds pass on together with the plan; those of
/// another organisation come to whoever holds the plan before they come to the net, which
/// does not know the person.
fn stay_with_plan(partnership: &PartnershipFacts, due: &mut Due, plan: Holder, today: Day) {
    if !matches!(due.what.kind, Kind::Need | Kind::Step | Kind::Telling | Kind::Message) {
        return;
    }
    if fell_to_the_net(partnership, &due.holder, today) {
        due.holder = plan;
    }
    due.with_plan = (due.holder.organisation, due.holder.team) == (plan.organisation, plan.team);
}

/// Is nobody there where this holder is, so that only the net is left? Not where a record
/// names what does not exist: that is a breach, and stays one.
pub(super) fn fell_to_the_net(partnership: &PartnershipFacts, holder: &Holder, today: Day) -> bool {
    let net = (partnership.place.net_organisation, partnership.place.net_team);
    let found = partnership.resolve(holder, today, false);
    let breach = |p: &Passed| {
        matches!(
            p,
            Passed::UnknownOrganisation(_)
                | Passed::UnknownTeam(_)
                | Passed::UnknownWorker(_)
                | Passed::NotAMember(_)
        )
    };
    (found.organisation, found.team) == net
        && (holder.organisation, holder.team) != net
        && !found.passed.iter().any(breach)
}

pub(super) fn loose_dues(partnership: &PartnershipFacts, facts: &LooseFacts, today: Day) -> Vec<Due> {
    let coming = current(&facts.coming_ins)
        .filter(|c| c.value.open())
        .map(|c| coming_in(&c.meta, &c.value, &partnership.calendar));
    let hand_overs = current(&facts.hand_overs)
        .filter(|h| h.value.open())
        .map(|h| hand_over(&h.meta, &h.value, &partnership.calendar, today));
    let worries = current(&facts.worries).flat_map(|w| super::worries::worry(partnership, w, today));
    let looks = current(&facts.looks).flat_map(looked);
    coming.chain(hand_overs).chain(worries).chain(looks).collect()
}

/// To be answered; then, to tell the one who asked.
fn coming_in(meta: &Meta, c: &ComingIn, calendar: &Calendar) -> Due {
    let due = |what, on| Due {
        needs_navigator: true,
        ..Due::new::<ComingIn>(meta, About::ComingIn, c.holder, what, on)
    };
    match c.answered_at() {
        None => due("Answer, and make contact in a safe way", c.reply_by).since(Some(c.arrived_at)),
        Some(at) => due(
            "Tell the one who asked, or write down that they are not told",
            calendar.plus_working(calendar.day(at), 1),
        )
        .since(Some(at)),
    }
}

/// Records that were not taken back as a mistake.
fn current<T>(saved: &[Saved<T>]) -> impl Iterator<Item = &Saved<T>> {
    saved.iter().filter(|s| !s.meta.entered_in_error)
}

/// The person stopped, left or finished: what is still with somebody is taken back by
/// the one who sent it, and what the person kept goes on. Nobody chases the person.
fn after_stopping(
    partnership: &PartnershipFacts,
    facts: &PersonFacts,
    stopped: Day,
    now: Instant,
    today: Day,
) -> Vec<Due> {
    let person = &facts.person.value;
    let on = partnership.calendar.plus_working(stopped, 1);
    let mut dues = Vec::new();
    for r in current(&facts.referrals) {
        if r.value.kept_when_stopped(stopped) {
            referral(partnership, r, person, now, today, &mut dues);
        } else if !r.value.status.terminal() {
            let what = "The person stopped: take this back, kindly and without reasons";
            let holder = asking_side(r.value.sender, person.holder);
            dues.push(Due::new::<Referral>(&r.meta, About::TakeBack, holder, what, on));
        }
    }
    dues
}

fn everything(partnership: &PartnershipFacts, facts: &PersonFacts, now: Instant, today: Day) -> Vec<Due> {
    let person = &facts.person.value;
    let calendar = &partnership.calendar;
    let mut dues = vec![plan(facts, calendar)];
    dues.extend(silence(partnership, facts, today));
    dues.extend(current(&facts.needs).filter_map(|n| need(n, facts, calendar)));
    dues.extend(current(&facts.steps).filter(|s| s.value.open()).map(|s| {
        let holder = step_holder(partnership, &s.value, today);
        if let Some(no) = &s.value.said_no {
            let what = format!("They said no: decide who does this: {}", s.value.what);
            let on = calendar.plus_working(calendar.day(no.at), 1);
            return Due::new::<Step>(&s.meta, About::StepSaidNo, s.value.holder, &what, on)
                .since(Some(no.at));
        }
        let due = Due::new::<Step>(&s.meta, About::Step, holder, &s.value.what, s.value.by);
        due.moved(s.value.moves_without_contact)
    }));
    dues.extend(current(&facts.tellings).filter(|t| t.value.open()).map(|t| {
        let what = format!("Ask: did you get to {}?", t.value.name);
        let due =
            Due::new::<crate::plan::Telling>(&t.meta, About::Telling, t.value.holder, &what, t.value.ask_on);
        due.since(Some(t.value.told_at))
    }));
    for r in current(&facts.referrals) {
        referral(partnership, r, person, now, today, &mut dues);
    }
    dues.extend(check_ins(partnership, facts, today));
    dues.extend(agreements_ending(partnership, facts, now, today));
    if let Standing::NotNow { until } | Standing::DoorOpen { again: until, .. } = person.standing {
        // Nobody chases before the day. What partners do, and what was promised, goes on.
        let asks_the_person = |a: About| {
            matches!(
                a,
                About::Need
                    | About::Unmet
                    | About::Step
                    | About::StepSaidNo
                    | About::Telling
                    | About::ConsentEnds
            )
        };
        let quiet = dues.iter_mut().filter(|d| asks_the_person(d.about));
        quiet.for_each(|d| {
            d.next.on = d.next.on.max(until);
            d.farthest_days = NOT_NOW_DAYS;
        });
    }
    dues
}

fn plan(facts: &PersonFacts, calendar: &Calendar) -> Due {
    let person = &facts.person.value;
    let due = |about, what: &str, on| Due {
        needs_navigator: true,
        ..Due::new::<Person>(&facts.person.meta, about, person.holder, what, on)
    };
    match (&person.standing, &person.whereabouts) {
        (Standing::NotNow { until }, _) => due(About::NotNow, "Ask once whether now is a good time", *until),
        (Standing::DoorOpen { again, .. }, _) => due(About::DoorOpen, "Look again: the door is open", *again),
        (_, Whereabouts::Prison { release: Some(release), .. })
            if before(*release, calendar) < person.next.on =>
        {
            due(
                About::Plan,
                "Before release: agree who meets them, where they sleep, and medicines",
                before(*release, calendar),
            )
        }
        _ => due(About::Plan, &person.next.what, person.next.on).moved(person.next.moves_without_contact),
    }
}

/// The last working day before a release, so that a Friday is not too late.
fn before(release: Day, calendar: &Calendar) -> Day {
    let mut day = plus_days(release, -1);
    while !calendar.is_working(day) {
        day = plus_days(day, -1);
    }
    day
}

fn silence(partnership: &PartnershipFacts, facts: &PersonFacts, today: Day) -> Option<Due> {
    let person = &facts.person.value;
    if person.standing != Standing::Open {
        return None;
    }
    let since = person.heard_at.unwrap_or(facts.person.meta.created);
    let days = i32::from(partnership.settings().silent_days);
    let last = partnership.calendar.day(since);
    let on = plus_days(last, days);
    let what = format!("Say something to them: nobody has for {} days", days_between(last, today));
    let due = Due::new::<Person>(&facts.person.meta, About::Silence, person.holder, &what, on);
    (on <= today).then(|| due.since(Some(since)))
}

/// While somebody waits: a word to them in the place's rhythm, from the side that asked.
/// Not where the referral itself says to speak to them already, and nobody chases who said
/// not now.
fn check_ins(partnership: &PartnershipFacts, facts: &PersonFacts, today: Day) -> Vec<Due> {
    let person = &facts.person.value;
    if person.standing != Standing::Open {
        return Vec::new();
    }
    let (calendar, settings) = (&partnership.calendar, partnership.settings());
    let due = |saved: &Saved<Referral>| {
        let r = &saved.value;
        let back = r.could_not_come >= 2 || (r.status == Status::Requested && r.reply_by < today);
        let on = check_in_due(r, person.heard_at, calendar, settings).filter(|on| !back && *on <= today)?;
        let what = format!("They wait for {}: say how it stands, and ask how they are", r.service_name);
        let due = Due::new::<Referral>(
            &saved.meta,
            About::CheckIn,
            asking_side(r.sender, person.holder),
            &what,
            on,
        );
        Some(due.since(r.requested_at))
    };
    current(&facts.referrals).filter_map(due).collect()
}

/// What the person agreed to does not lapse in silence: before it ends somebody asks them
/// whether it goes on.
fn agreements_ending(
    partnership: &PartnershipFacts,
    facts: &PersonFacts,
    now: Instant,
    today: Day,
) -> Vec<Due> {
    let (calendar, settings) = (&partnership.calendar, partnership.settings());
    let due = |saved: &Saved<Consent>| {
        let c = &saved.value;
        let holder = facts.person.value.holder;
        if to_look_at_again(c, &facts.consents, today, settings) {
            let name = partnership.organisations.get(&c.organisation).map_or("others", |o| o.short.as_str());
            let what = format!("Look again at what was decided for them: what {name} sees");
            let due = Due::new::<Consent>(&saved.meta, About::LookAgain, holder, &what, c.until);
            return Some(due.since(Some(calendar.start(c.reminder_on(settings)))));
        }
        if !end_to_tell(c, &facts.consents, now, today, settings) {
            return None;
        }
        let name = partnership.organisations.get(&c.organisation).map_or("others", |o| o.short.as_str());
        let what = format!(
            "Ask whether {name} may go on seeing what they agreed to. It ends on {}",
            crate::next_date::words_of(c.until)
        );
        let from = c.reminder_on(settings);
        let on = calendar.plus_working(from, 5).min(c.until);
        let due = Due::new::<Consent>(&saved.meta, About::ConsentEnds, holder, &what, on);
        Some(due.since(Some(calendar.start(from))))
    };
    current(&facts.consents).filter_map(due).collect()
}

/// What happens next about a need follows the help that was asked for; what it is due by is
/// never sooner than the day in the need.
fn need(need: &Saved<Need>, facts: &PersonFacts, calendar: &Calendar) -> Option<Due> {
    let n = &need.value;
    let (next, on) = need_next(n, need.id(), &facts.referrals, calendar)?;
    let what = next.for_worker();
    let due = |about| Due::new::<Need>(&need.meta, about, n.holder, &what, on);
    Some(match (&next, &n.unmet) {
        (Following::LookAgain, Some(unmet)) => {
            due(About::Unmet).since(Some(unmet.since)).moved(n.next.moves_without_contact)
        }
        (Following::AskOnce, _) => Due { farthest_days: NOT_NOW_DAYS, ..due(About::Need) },
        (Following::Written(_) | Following::Reply(_), _) => {
            due(About::Need).since(Some(n.raised_at)).moved(n.next.moves_without_contact)
        }
        // The day after the one that the service chose for what it does.
        _ => Due { farthest_days: 56, ..due(About::Need).since(Some(n.raised_at)) },
    })
}

/// Accepting makes responsible; until then it is the holder's, and the person's own
/// steps stay with the holder, who asks how it went. Where nobody of the one who accepted is
/// there any more, it is the holder's again.
fn step_holder(partnership: &PartnershipFacts, step: &Step, today: Day) -> Holder {
    let accepted = match (step.owner, step.accepted) {
        (StepOwner::Worker { organisation, team, worker }, Some(_)) => {
            Some(Holder { organisation, team, lead: Some(worker) })
        }
        (StepOwner::Team { organisation, team }, Some(_)) => Some(Holder { organisation, team, lead: None }),
        _ => None,
    };
    accepted.filter(|h| !fell_to_the_net(partnership, h, today)).unwrap_or(step.holder)
}

/// The asking side of a referral today: where the sender's team holds the plan, whoever
/// holds the plan now; else the sender.
pub fn asking_side(sender: End, plan: Holder) -> Holder {
    let same_team = (sender.organisation, sender.team) == (plan.organisation, plan.team);
    if same_team { plan } else { sender.into() }
}

fn referral(
    partnership: &PartnershipFacts,
    saved: &Saved<Referral>,
    person: &Person,
    now: Instant,
    today: Day,
    dues: &mut Vec<Due>,
) {
    let r = &saved.value;
    let calendar = &partnership.calendar;
    let asking = asking_side(r.sender, person.holder);
    let due = |about, holder, what: &str, on| Due::new::<Referral>(&saved.meta, about, holder, what, on);
    let back = |about, what: &str, on| due(about, asking, what, on);
    let kept =
        |about| back(about, &r.held_next.what, r.held_next.on).moved(r.held_next.moves_without_contact);
    let after = |at: Option<Instant>, days| calendar.plus_working(calendar.day(at.unwrap_or(now)), days);

    // Who was sent for without their agreement is told, however it went on.
    if r.to_be_told() {
        let what =
            format!("{} was asked without their agreement: tell them, or write why not", r.service_name);
        dues.push(back(About::ToTell, &what, after(r.requested_at, 1)).since(r.requested_at));
    }
    if r.closed() {
        return;
    }
    if let Some(decided) = r.basis.decided().filter(|_| !r.status.terminal() && r.status != Status::Draft) {
        let what = format!("Look again at the decision to ask {} without agreement", r.service_name);
        dues.push(back(About::LookAgain, &what, decided.review_on).since(r.requested_at));
    }

    let question = r.question.as_ref().filter(|q| q.answer.is_none());
    if let Some(q) = question.filter(|_| !r.status.terminal()) {
        let what = format!("Answer what {} asked", r.service_name);
        dues.push(back(About::Question, &what, after(Some(q.asked_at), 2)).since(Some(q.asked_at)));
    }
    let (answering, out) = answering_side(partnership, r, asking, today);
    let whole = match r.status {
        Status::EnteredInError => return,
        Status::Draft => kept(About::Draft),
        Status::Rejected => kept(About::Declined).since(r.ended_at),
        Status::Cancelled => kept(About::TakenBack).since(r.ended_at),
        Status::Failed => kept(About::EndedWithoutHelp).since(r.ended_at),
        Status::Completed => kept(About::EndedWithoutOutcome).since(r.ended_at),
        Status::Requested | Status::Accepted | Status::InProgress | Status::OnHold if out.is_some() => {
            let from = out.unwrap_or(today).max(calendar.day(r.requested_at.unwrap_or(saved.meta.created)));
            let what = "They cannot help any more: tell the person, with a next step ready";
            let due = back(About::ReceiverOut, what, calendar.plus_working(from, 1));
            due.since(Some(calendar.start(from)))
        }
        // While a question waits for the sender, the receiver is not late.
        Status::Requested if question.is_some() => return,
        Status::Requested if r.reply_by < today => {
            let what = "No reply: tell the person, with a next step ready";
            let due = back(About::NoReply, what, calendar.plus_working(r.reply_by, 1));
            due.since(Some(calendar.start(plus_days(r.reply_by, 1))))
        }
        Status::Requested => due(About::Reply, answering, "Reply", r.reply_by).since(r.requested_at),
        Status::Accepted | Status::InProgress | Status::OnHold if r.could_not_come >= 2 => {
            let what = "They could not come twice: speak to them about what would help";
            back(About::CouldNotCome, what, after(r.could_not_come_at, 1)).since(r.could_not_come_at)
        }
        Status::Accepted | Status::InProgress | Status::OnHold => {
            let next = &r.held_next;
            due(About::Help, answering, &next.what, next.on)
                .since(r.accepted_at)
                .moved(next.moves_without_contact)
        }
    };
    dues.push(whole);
}

/// The side that answers today, and since when it is out with nobody to take over. If
/// nobody is named on that side at all (a charity that answers by link only), the asking
/// side keeps it, so that somebody named always has it.
fn answering_side(
    partnership: &PartnershipFacts,
    r: &Referral,
    asking: Holder,
    today: Day,
) -> (Holder, Option<Day>) {
    let receiver = Holder::from(r.receiver);
    let net = (partnership.place.net_organisation, partnership.place.net_team);
    let resolved = partnership.resolve(&receiver, today, false);
    if (resolved.organisation, resolved.team) != net || (receiver.organisation, receiver.team) == net {
        return (receiver, None);
    }
    let out = resolved.passed.iter().find_map(|p| match *p {
        Passed::OrganisationOut(id) => partnership.organisations.get(&id).and_then(|o| o.out_since(today)),
        Passed::TeamClosed(id) => partnership.teams.get(&id).and_then(|t| t.closed).map(|c| c.on),
        _ => None,
    });
    (asking, out)
}

/// With the one who answers or decides, and beside that with whoever looked, while they are asked.
fn looked(saved: &Saved<LookQuestion>) -> Vec<Due> {
    let q = &saved.value;
    if q.decided.is_some() {
        return Vec::new();
    }
    let due = |about, holder, what: &str, on| {
        Due::new::<LookQuestion>(&saved.meta, about, holder, what, on).since(Some(q.made_at))
    };
    let mut whole = due(About::Looked, q.holder, q.cause.what_to_do(), q.due_on);
    whole.next.at = q.due_at;
    let asked = q.asked.as_ref().filter(|a| a.answer.is_none());
    let asked =
        asked.map(|a| due(About::LookAsked, a.holder, "Answer what you are asked about your looks", a.by));
    std::iter::once(whole).chain(asked).collect()
}

/// To the colleague until the day; then to the team lead of the one who offered.
fn hand_over(meta: &Meta, h: &HandOver, calendar: &Calendar, today: Day) -> Due {
    let due = if today <= h.accept_by {
        Due::new::<HandOver>(
            meta,
            About::HandOver,
            h.to,
            "Say yes or no to the people offered to you",
            h.accept_by,
        )
    } else {
        let lead = Holder { lead: None, ..h.from };
        let on = calendar.plus_working(h.accept_by, 1);
        let what = "Decide who takes these people on";
        // Who decides may take them on, and so is somebody who can hold plans.
        Due { needs_navigator: true, ..Due::new::<HandOver>(meta, About::HandOverNotTaken, lead, what, on) }
    };
    due.since(Some(h.offered_at))
}

impl Held {
    /// Is this about somebody's plan as a whole?
    pub fn is_plan(&self) -> bool {
        self.what.kind == Kind::Person && matches!(self.about, About::Plan | About::NotNow | About::DoorOpen)
    }
}
