//! A navigator's day, put together from what is held: nothing here decides anything.

use crate::holding::{About, Held};
use crate::id::WorkerId;
use crate::record::{Author, Saved};
use crate::referral::{Referral, Status};
use crate::time::{Day, Instant, plus_days};

/// The groups of *Today*, in the order they are shown. Each thing stands in the first
/// group it fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Group {
    /// Somebody is worried about someone.
    Worries,
    /// People wrote something that nobody has read.
    OwnWords,
    /// New requests.
    NewRequests,
    /// Came back: said no, no reply, could not come twice, ended.
    CameBack,
    /// Past its day.
    Overdue,
    /// Nothing was said to them for a while.
    Silence,
    /// Offered by a colleague, or not taken by one.
    HandOvers,
    /// Today.
    Today,
    /// In the next seven days.
    Soon,
    /// Later.
    Later,
    /// Late with somebody else, and risen to you.
    Risen,
}

impl Group {
    /// Every group, in order.
    pub const ALL: [Group; 11] = [
        Group::Worries,
        Group::OwnWords,
        Group::NewRequests,
        Group::CameBack,
        Group::Overdue,
        Group::Silence,
        Group::HandOvers,
        Group::Today,
        Group::Soon,
        Group::Later,
        Group::Risen,
    ];

    /// The heading on the page.
    pub fn title(self) -> &'static str {
        match self {
            Group::Worries => "Somebody is worried",
            Group::OwnWords => "Words waiting to be read",
            Group::NewRequests => "New requests",
            Group::CameBack => "Came back to you",
            Group::Overdue => "Past their day",
            Group::Silence => "Heard nothing for a while",
            Group::HandOvers => "Handing over",
            Group::Today => "Today",
            Group::Soon => "This week",
            Group::Later => "Later",
            Group::Risen => "Late with somebody else",
        }
    }
}

/// In which group a held thing stands for this worker; none when it is not theirs.
pub fn group(held: &Held, worker: WorkerId, now: Instant, today: Day) -> Option<Group> {
    let mine = held.holder.acts() == Some(worker) || held.holder.lead == Some(worker);
    let risen = held.risen.is_some_and(|r| r.worker == Some(worker));
    match held.about {
        About::Worry if mine || risen => Some(Group::Worries),
        _ if !mine && risen => Some(Group::Risen),
        _ if !mine => None,
        About::Read => Some(Group::OwnWords),
        About::ComingIn => Some(Group::NewRequests),
        About::Declined
        | About::TakenBack
        | About::NoReply
        | About::CouldNotCome
        | About::EndedWithoutHelp
        | About::EndedWithoutOutcome
        | About::ReceiverOut
        | About::TakeBack
        | About::Question
        | About::StepSaidNo
        | About::Death => Some(Group::CameBack),
        About::HandOver | About::HandOverNotTaken => Some(Group::HandOvers),
        About::Silence => Some(Group::Silence),
        _ if held.overdue(now, today) => Some(Group::Overdue),
        _ if held.next.on == today => Some(Group::Today),
        _ if held.next.on <= plus_days(today, 7) => Some(Group::Soon),
        _ => Some(Group::Later),
    }
}

/// A worker's things in their groups, each by date, then by how long it has been so.
pub fn today_of(held: &[Held], worker: WorkerId, now: Instant, today: Day) -> Vec<(Group, Vec<&Held>)> {
    let of = |wanted: Group| {
        let mut things: Vec<&Held> =
            held.iter().filter(|h| group(h, worker, now, today) == Some(wanted)).collect();
        things.sort_by_key(|h| (h.next.on, h.since, h.what));
        (wanted, things)
    };
    Group::ALL.into_iter().map(of).filter(|(_, things)| !things.is_empty()).collect()
}

/// Has the receiver done something with this referral that the asking side has not yet
/// passed on to the person? What the asking side does in between, a next date or an
/// answer, hides nothing.
pub fn is_news(saved: &Saved<Referral>) -> bool {
    let r = &saved.value;
    if r.receiver_moved_at.is_some() {
        return untold(r);
    }
    // Written before the receiver's last move was kept: the last version says whose it was.
    let by_receiver = match saved.meta.author {
        Author::Worker { organisation, .. } | Author::LinkHolder { organisation } => {
            organisation == r.receiver.organisation && r.receiver.organisation != r.sender.organisation
        }
        _ => false,
    };
    let seen_only = r.status == Status::Requested && r.question.is_none();
    by_receiver && !seen_only && r.told_person.is_none_or(|told| told < saved.meta.at)
}

/// Has the receiver moved since the person was last told how it stands?
pub fn untold(r: &Referral) -> bool {
    r.receiver_moved_at.is_some_and(|moved| r.told_person.is_none_or(|told| told < moved))
}
