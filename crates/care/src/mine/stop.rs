//! Stop everything, finished, or not now: one page, one confirm, no reason asked, and the
//! door stays open.

use super::{Reader, by_code_alone, reader};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::consent::Consent;
use kith_domain::id::RecordId;
use kith_domain::letting_go::let_go;
use kith_domain::life;
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::moves::Surroundings;
use kith_domain::organisation::Holder;
use kith_domain::person::Person;
use kith_domain::record::Saved;
use kith_domain::referral::Referral;
use kith_domain::time::Day;
use uuid::Uuid;

/// What the person chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Stop everything: all sharing; and what becomes of the help they asked for.
    Everything(Help),
    /// They have finished, in their words if they like.
    Finished(Help, Option<String>),
    /// Not now: nobody asks before this day, and every place in a queue is kept.
    NotNow(Day),
}

/// What becomes of the help they asked for, when they stop: a question of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Help {
    /// They keep their places, and help that has started goes on.
    Kept,
    /// It ends too.
    Ended,
}

/// What the page to stop says before anything is stopped.
#[derive(Debug)]
pub struct BeforeStopping {
    /// Who reads what they write.
    pub reader: Option<Reader>,
    /// They can say that the help ends too. Not with a code alone: somebody else may have
    /// found it, and a place that was given up is gone.
    pub may_end_help: bool,
}

impl Kith {
    /// What the page to stop says.
    ///
    /// # Errors
    /// It is not a person who asks.
    pub async fn before_stopping(&self, who: &Principal) -> Result<BeforeStopping, CareError> {
        let me = who.person()?;
        let mut look = self.look(who).await?;
        let about = look.about(me).await?;
        let world = &about.world;
        let holds = world.passed_on.as_ref().map(|p| &p.to).or(world.holder.as_ref());
        let holder = holds
            .and_then(|h| h.team.map(|team| Holder { organisation: h.organisation, team, lead: h.lead }));
        let reader = holder.map(|h| reader(who, &h));
        let may_end_help = !by_code_alone(who);
        look.finish_with(Ok(BeforeStopping { reader, may_end_help })).await
    }

    /// Does what the person chose, all of it at once. Sharing ends, what they no longer want
    /// is taken back, every message that has not left stays here, and whoever holds the plan
    /// is told. With "not now" nothing ends.
    ///
    /// # Errors
    /// A day that cannot be, or help that a code alone cannot end.
    pub async fn stop_mine(
        &self,
        who: &Principal,
        stop: Stop,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let me = who.person()?;
        let mut change = match self.change(who, me, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let today = who.partnership.today(who.now);
        let saved = change.open_person(Action::StopSharing)?;
        let after = match &stop {
            Stop::Everything(_) => life::stop(&saved.value, today),
            Stop::Finished(_, words) => life::finish(&saved.value, words.clone(), today),
            Stop::NotNow(until) => life::not_now(&saved.value, *until, today, who.partnership.settings()),
        };
        let after = after.map_err(|why| CareError::field("until", format!("{why}.")))?;
        if let Stop::Everything(help) | Stop::Finished(help, _) = stop {
            if help == Help::Ended && by_code_alone(who) {
                return Err(CareError::field(
                    "help",
                    "With a code alone your places are kept. Ring us to end help.",
                ));
            }
            tell_plan_holder(&mut change, MessageKind::Notice, stopped_words(who, &stop, help)).await?;
            if let Stop::Finished(_, Some(words)) = &stop {
                tell_plan_holder(&mut change, MessageKind::OwnWords, words.clone()).await?;
            }
            end_everything(&mut change, &saved, help).await?;
        }
        let word = match stop {
            Stop::Everything(_) => "stopped everything",
            Stop::Finished(..) => "finished",
            Stop::NotNow(_) => "said not now",
        };
        change.save(word, &saved, &after, None).await?;
        change.finish(answer).await
    }
}

fn stopped_words(who: &Principal, stop: &Stop, help: Help) -> String {
    let what = match stop {
        Stop::Finished(..) => "They have finished",
        _ => "They stopped everything",
    };
    let code = if by_code_alone(who) { ", with a paper code and no word" } else { "" };
    let places = match help {
        Help::Kept => "Their places are kept, and help that has started goes on.",
        Help::Ended => "They gave up their places, and help that had started has ended.",
    };
    format!("{what}{code}. Do not contact them about their plan. Cancel what you had planned. {places}")
}

/// Words for whoever holds the plan today, to be read by the usual day.
pub(crate) async fn tell_plan_holder(
    change: &mut Changing<'_>,
    kind: MessageKind,
    words: String,
) -> Result<(), CareError> {
    let who = change.who;
    let person = change.open_person(Action::StopSharing)?;
    let holder = who.partnership.holder_today(&person.value.holder, true, who.now);
    let ask = change.batch.ask(Action::StopSharing);
    let basis = change.permit_person(&ask)?;
    let message = Message {
        kind,
        from: who.actor.author(),
        to: MessageTo::Reader { holder, read_by: reader(who, &holder).by },
        words,
        area: Area::Identity,
        sensitivity: Sensitivity::S1,
        about: None,
        written_at: who.now,
        read_at: None,
        quiet: false,
        review: false,
        take_out: None,
    };
    let id = RecordId(Uuid::now_v7());
    let word = if kind == MessageKind::OwnWords { "own words" } else { "holder told" };
    change.create_permitted(id, word, holder.organisation, &message, &basis, None).await?;
    Ok(())
}

/// What follows from stopping, leaving and finishing, whoever wrote it down: what is open is
/// taken back or marked as kept, every agreement ends, and nothing that waits to be sent
/// leaves. Coming back later begins with new agreements. What was sent to keep somebody from
/// harm, without agreement, is not ended by it.
pub(crate) async fn end_everything(
    change: &mut Changing<'_>,
    person: &Saved<Person>,
    help: Help,
) -> Result<(), CareError> {
    let referrals = change.all::<Referral>(Action::StopSharing)?;
    let consents = change.all::<Consent>(Action::StopSharing)?;
    let who = change.who;
    let around = Surroundings {
        now: who.now,
        calendar: change.kith.calendar(),
        settings: who.partnership.settings(),
        person: &person.value,
    };
    let today = who.partnership.today(who.now);
    let (kept, ended): (&[_], &[_]) = match help {
        Help::Kept => (&referrals, &[]),
        Help::Ended => (&[], &referrals),
    };
    let gone = let_go(ended, &consents, around);
    for old in kept.iter().filter(|r| r.value.goes_on() && r.value.theirs_to_stop()) {
        let after = Referral { kept_on: Some(today), ..old.value.clone() };
        change.save("kept by the person", old, &after, None).await?;
    }
    for (old, after) in &gone.referrals {
        change.save("stopped by the person", old, after, None).await?;
    }
    for (old, after) in &gone.consents {
        change.save("stopped by the person", old, after, None).await?;
    }
    change.tx.stop_messages(person.id(), "the person stopped").await?;
    Ok(())
}
