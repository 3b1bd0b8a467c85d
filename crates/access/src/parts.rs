//! The parts of a record that may be seen by somebody who may not see all of it.
//!
//! What a part holds is decided here and not by the caller: a function handed in from
//! outside could carry the rest away.

use crate::guarded::{Extent, Guarded};
use kith_domain::area::Area;
use kith_domain::id::{OrganisationId, ServiceId};
use kith_domain::person::Person;
use kith_domain::plan::PlanSection;
use kith_domain::record::Saved;
use kith_domain::referral::{Business, Decline, End, Offer, Outcome, Referral, Status};
use kith_domain::time::{Day, Instant};

/// Where a referral stands and how it ended: nothing of the packet, of what was asked and
/// answered, or of why it was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReferralStatus {
    /// To which service.
    pub service: ServiceId,
    /// Its name when it was sent.
    pub service_name: String,
    /// In which area of life.
    pub area: Area,
    /// Who asks.
    pub sender: End,
    /// Who is asked.
    pub receiver: End,
    /// The state.
    pub status: Status,
    /// What happens inside it.
    pub business: Business,
    /// The receiver replies by this day.
    pub reply_by: Day,
    /// The dates offered last.
    pub offered: Vec<Offer>,
    /// The date that was agreed.
    pub agreed: Option<Offer>,
    /// The person said that none of the dates was good, and others follow.
    pub none_good: bool,
    /// When it was sent.
    pub requested_at: Option<Instant>,
    /// When the receiver said yes.
    pub accepted_at: Option<Instant>,
    /// When help started.
    pub started_at: Option<Instant>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// The receiver's no.
    pub decline: Option<Decline>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// May the person's own pages show it?
    pub person_may_see: bool,
    /// Has somebody spoken to the person about how it ended?
    pub told_of_ending: bool,
    /// The person ended it.
    pub ended_by_person: bool,
}

/// That a safety plan exists, and whom to ask.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SafetyStub {
    /// The organisation that keeps it.
    pub ask: OrganisationId,
    /// When it was last changed.
    pub at: Instant,
    /// The day it is looked at again.
    pub review_on: Option<Day>,
}

impl Guarded<Saved<Person>> {
    /// The name they like to be called, and nothing else.
    pub fn name(self) -> Guarded<String> {
        self.keep(Extent::Name, |saved| saved.value.called)
    }
}

impl Guarded<Saved<Referral>> {
    /// Where it stands.
    pub fn status(self) -> Guarded<ReferralStatus> {
        self.keep(Extent::Status, |saved| {
            let r = saved.value;
            ReferralStatus {
                person_may_see: r.person_may_see(),
                told_of_ending: r.told_of_ending(),
                ended_by_person: r.ended_by == Some(kith_domain::referral::Party::Person),
                service: r.service,
                service_name: r.service_name,
                area: r.area,
                sender: r.sender,
                receiver: r.receiver,
                status: r.status,
                business: r.business,
                reply_by: r.reply_by,
                offered: r.offered,
                agreed: r.agreed,
                none_good: r.none_good.is_some(),
                requested_at: r.requested_at,
                accepted_at: r.accepted_at,
                started_at: r.started_at,
                ended_at: r.ended_at,
                decline: r.decline,
                outcome: r.outcome,
            }
        })
    }

    /// All of it but the name, the way to reach the person, and lines that are the
    /// person's own record. The name is taken out of the words too: people write their
    /// own.
    pub fn without_name(self) -> Guarded<Saved<Referral>> {
        self.keep(Extent::Packet, |mut saved| {
            let r = &mut saved.value;
            let name = std::mem::take(&mut r.packet.call_them);
            r.packet.contact.clear();
            r.packet.lines.retain(|line| line.kind != kith_domain::record::Kind::Person);
            for line in &mut r.packet.lines {
                line.heading = hide(&line.heading, &name);
                line.words = hide(&line.words, &name);
            }
            if let Some(question) = &mut r.question {
                question.words = hide(&question.words, &name);
                if let Some(answer) = &mut question.answer {
                    answer.words = hide(&answer.words, &name);
                }
            }
            r.held_next.what = hide(&r.held_next.what, &name);
            if let Some(words) = r.none_good.as_mut().and_then(|none| none.words.as_mut()) {
                *words = hide(words, &name);
            }
            saved
        })
    }

    /// A place in a queue: who asks, for which service, and how it stands, with nothing of the
    /// packet, no name, no way to reach the person, and no answer to what was asked. For a
    /// receiver with whom the person has stopped sharing.
    pub fn without_packet(self) -> Guarded<Saved<Referral>> {
        let bare = self.without_name();
        bare.keep(Extent::Status, |mut saved| {
            let r = &mut saved.value;
            r.packet.lines.clear();
            // One fact that the person themselves said yes to, after they had stopped, is theirs to
            // give; every other answer goes with the packet.
            let given = r.question.as_ref().is_some_and(kith_domain::fact::given);
            if let Some(answer) = r.question.as_mut().and_then(|q| q.answer.as_mut()).filter(|_| !given) {
                answer.words.clear();
            }
            if let Some(none) = &mut r.none_good {
                none.words = None;
            }
            r.message_back = Default::default();
            saved
        })
    }
}

/// The words with the name, in any case, taken out of them.
fn hide(words: &str, name: &str) -> String {
    let name = name.trim();
    if name.is_empty() {
        return words.to_owned();
    }
    let (lower, wanted) = (words.to_lowercase(), name.to_lowercase());
    if !lower.contains(&wanted) {
        return words.to_owned();
    }
    // Lower case changes the length of a text in a few scripts: then nothing is left.
    if lower.len() != words.len() || wanted.len() != name.len() {
        return "(shown with the name)".to_owned();
    }
    let mut out = String::with_capacity(words.len());
    let mut at = 0;
    while let Some(found) = lower[at..].find(&wanted) {
        let Some(before) = words.get(at..at + found) else { return "(shown with the name)".to_owned() };
        out.push_str(before);
        out.push_str("(name)");
        at += found + wanted.len();
    }
    out.push_str(words.get(at..).unwrap_or_default());
    out
}

impl Guarded<Saved<PlanSection>> {
    /// That it exists and whom to ask.
    pub fn stub(self) -> Guarded<SafetyStub> {
        self.keep(Extent::Stub, |saved| SafetyStub {
            ask: saved.meta.owner,
            at: saved.meta.at,
            review_on: saved.value.review_on,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::hide;

    #[test]
    fn a_name_is_taken_out_of_a_persons_own_words() {
        assert_eq!(hide("Call me Badger. BADGER!", "Badger"), "Call me (name). (name)!");
        assert_eq!(hide("Nothing here", "Badger"), "Nothing here");
        assert_eq!(hide("Zo\u{eb} is here", "zo\u{eb}"), "(name) is here");
        assert_eq!(hide("x", " "), "x");
        assert_eq!(hide("\u{130}stanbul and \u{130}", "\u{130}"), "(shown with the name)");
    }
}
