//! Somebody who works here is close to a person. Said by themselves or by a lead; from the
//! next request they open nothing of the person's, and what they held is another's, by name.

use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::principal::Principal;
use crate::telling_outside::person_as_job;
use kith_access::{Action, Item};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::close::{NotClose, close, is_close, not_close};
use kith_domain::holding::{PersonFacts, may_hold};
use kith_domain::id::{PersonId, RecordId, ReferralId, WorkerId};
use kith_domain::life::take_on;
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::organisation::Holder;
use kith_domain::person::{Conflict, ConflictKind, Person};
use kith_domain::plan::{Note, NoteKind};
use kith_domain::record::Saved;
use kith_domain::referral::{End, Referral};
use kith_domain::supporter::Involvement;
use kith_domain::time::plus_days;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What the page says.
#[derive(Debug)]
pub struct ClosePage {
    /// The name the person likes to be called.
    pub called: String,
    /// Does the reader hold the plan, so that somebody has to take it over?
    pub holds: bool,
    /// May the reader say it of a colleague, and take it back?
    pub may_lead: bool,
    /// Colleagues it can be said of: whoever works with the person, and the plan's own team.
    pub colleagues: Vec<(WorkerId, String)>,
    /// Who can take the plan over.
    pub takers: Vec<(WorkerId, String)>,
    /// Who is close, as far as it is written down; only for whoever may take it back.
    pub known: Vec<(WorkerId, String, ConflictKind)>,
}

impl Kith {
    /// The page for it: for everybody who sees the person's plan.
    ///
    /// # Errors
    /// It may not be seen by this reader.
    pub async fn close_page(&self, who: &Principal, person: PersonId) -> Result<ClosePage, CareError> {
        let (me, _) = who.worker()?;
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let result = match look.person(&about) {
            Ok(p) => page(&mut look, &about, &p, me),
            Err(refused) => Err(refused),
        };
        look.finish_with(result).await
    }

    /// Writes down that a worker is close to the person: themselves, or a colleague.
    ///
    /// # Errors
    /// Somebody has to take the plan over, or it is not this worker's to say.
    pub async fn say_close(
        &self,
        who: &Principal,
        person: PersonId,
        (conflict, taker): (Conflict, Option<WorkerId>),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, _) = who.worker()?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let own = conflict.worker == me;
        // Making access less is everybody's who works with the person; naming another is not.
        let saved = change.open_person(if own { Action::StopSharing } else { Action::Update })?;
        let involved = change.all::<Involvement>(Action::View)?;
        if !own && !colleagues(who, &saved.value, &involved).iter().any(|(id, _)| *id == conflict.worker) {
            return Err(CareError::field("worker", "Choose from the people listed here."));
        }
        let today = who.partnership.today(who.now);
        let to = match taker.filter(|_| saved.value.holder.lead == Some(conflict.worker)) {
            None => None,
            Some(taker) => {
                let to = Holder { lead: Some(taker), ..saved.value.holder };
                may_hold(&who.partnership.facts, &to, true, today)
                    .map_err(|why| CareError::field("taker", format!("{why}.")))?;
                Some(to)
            }
        };
        let after = close(&saved.value, conflict, to).map_err(|why| field_of(&why))?;
        if let Some(to) = to {
            pass_on(&mut change, &saved, to).await?;
        }
        change.save("somebody is close to them", &saved, &after, None).await?;
        end_involvement(&mut change, conflict.worker).await?;
        if let Some(to) = to {
            tell_taker(&mut change, to).await?;
        }
        let answer = if own { "/today".to_owned() } else { format!("/people/{person}/close") };
        change.finish(&answer).await
    }

    /// Whoever may go on with a request in the place of this worker: the others of the team it was sent to.
    pub fn others_for_request(&self, who: &Principal, referral: &Referral) -> Vec<(WorkerId, String)> {
        let today = who.partnership.today(who.now);
        let me = who.worker().ok().map(|(me, _)| me);
        let all = who.partnership.facts.workers.iter().filter(|(id, w)| {
            Some(**id) != me && w.active(today) && w.member_of(referral.receiver.team, today)
        });
        all.map(|(id, w)| (*id, w.name.clone())).collect()
    }

    /// A worker to whom a request was sent is close to the person: from the next request they open neither
    /// it nor anything else of the person's, and a colleague whom they name goes on with it. They see no
    /// plan, so the person's record is opened by the program, under the permit to answer, and shown to nobody.
    ///
    /// # Errors
    /// Nobody fit goes on with it, or it is not theirs to answer.
    pub async fn say_close_to_request(
        &self,
        who: &Principal,
        referral: ReferralId,
        (kind, taker): (ConflictKind, WorkerId),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, _) = who.worker()?;
        let mut tx = self.store().read().await?;
        let person = self.person_of_referral(&mut tx, referral).await?.ok_or(CareError::Missing)?;
        drop(tx);
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Referral>(referral, Action::AnswerReferral)?;
        let them = person_as_job(self, &mut change.tx, &change.world, person, who.now).await?;
        if them.value.holder.lead == Some(me) {
            return Err(CareError::refused(HOLDS_IT));
        }
        let others = self.others_for_request(who, &saved.value);
        if !others.iter().any(|(id, _)| *id == taker) || is_close(&them.value, taker) {
            return Err(CareError::field("taker", "Choose somebody from the list who does not know them."));
        }
        let after = close(&them.value, Conflict { worker: me, kind }, None).map_err(|why| field_of(&why))?;
        change.save("somebody is close to them", &them, &after, None).await?;
        let receiver = End { worker: Some(taker), ..saved.value.receiver };
        change.save("passed on", &saved, &Referral { receiver, ..saved.value.clone() }, None).await?;
        end_involvement(&mut change, me).await?;
        change.finish("/inbox").await
    }

    /// It was not so after all; said by somebody else, with a reason, which stands in the story
    /// and not on the person's pages.
    ///
    /// # Errors
    /// There is no reason, or it is not this worker's to say.
    pub async fn say_not_close(
        &self,
        who: &Principal,
        person: PersonId,
        (worker, why): (WorkerId, &str),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, organisation) = who.worker()?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open_person(Action::Update)?;
        let after = not_close(&saved.value, worker, me, why).map_err(|why| field_of(&why))?;
        change.save("nobody is close to them there", &saved, &after, None).await?;
        let name = who.partnership.worker_name(worker);
        let note = Note {
            area: Area::Identity,
            sensitivity: Sensitivity::S2,
            categories: Vec::new(),
            hidden: false,
            hidden_reason: None,
            hidden_review: None,
            third_party: true,
            allow_list: Vec::new(),
            marked: Vec::new(),
            kind: NoteKind::Story,
            words: format!("{name} is not close to them after all: {}", why.trim()),
            on: who.partnership.today(who.now),
            contact_with: None,
            amends: None,
        };
        change.create("note added", organisation, &note, Action::Create, None).await?;
        change.finish(&format!("/people/{person}/close")).await
    }
}

const HOLDS_IT: &str =
    "You hold this person’s plan. Say it on their page, so that somebody takes the plan over.";

fn field_of(why: &NotClose) -> CareError {
    let field = match why {
        NotClose::NobodyTakesOver | NotClose::CloseToo => "taker",
        NotClose::NoWhy => "why",
        NotClose::Known | NotClose::NotKnown | NotClose::OwnAccess => {
            return CareError::refused(format!("{why}."));
        }
    };
    CareError::field(field, format!("{why}."))
}

fn page(
    look: &mut Looking<'_>,
    about: &About,
    person: &Saved<Person>,
    me: WorkerId,
) -> Result<ClosePage, CareError> {
    let update = look.batch.ask(Action::Update);
    let may_lead = look.batch.permit(&about.world, &Item::of_saved(person), &update).is_ok();
    let involved = look.all::<Involvement>(about)?;
    let who = look.who;
    let p = &person.value;
    let name = |c: &Conflict| (c.worker, who.partnership.worker_name(c.worker), c.kind);
    let known = if may_lead { p.conflicts.iter().map(name).collect() } else { Vec::new() };
    let others = |(id, _): &(WorkerId, String)| *id != me;
    let colleagues = match may_lead {
        true => colleagues(who, p, &involved).into_iter().filter(others).collect(),
        false => Vec::new(),
    };
    Ok(ClosePage {
        called: p.called.clone(),
        holds: p.holder.lead == Some(me),
        may_lead,
        colleagues,
        takers: takers(who, p),
        known,
    })
}

/// Whoever works with the person by name, and those of the plan's own team.
fn colleagues(who: &Principal, p: &Person, involved: &[Saved<Involvement>]) -> Vec<(WorkerId, String)> {
    let today = who.partnership.today(who.now);
    let named: BTreeSet<WorkerId> =
        involved.iter().filter(|i| i.value.in_date(today)).filter_map(|i| i.value.worker).collect();
    let all = who.partnership.facts.workers.iter().filter(|(id, w)| {
        let with = named.contains(id) || w.member_of(p.holder.team, today);
        w.active(today) && with && !is_close(p, **id)
    });
    all.map(|(id, w)| (*id, w.name.clone())).collect()
}

/// Who can hold the plan where it is.
fn takers(who: &Principal, p: &Person) -> Vec<(WorkerId, String)> {
    let today = who.partnership.today(who.now);
    let all = who.partnership.facts.workers.iter().filter(|(id, w)| {
        let to = Holder { lead: Some(**id), ..p.holder };
        let here = may_hold(&who.partnership.facts, &to, true, today).is_ok() && w.absence(today).is_none();
        here && Some(**id) != p.holder.lead && !is_close(p, **id)
    });
    all.map(|(id, w)| (*id, w.name.clone())).collect()
}

/// What they held of the plan goes where the plan goes. The person's own record is written by
/// the caller.
async fn pass_on(change: &mut Changing<'_>, person: &Saved<Person>, to: Holder) -> Result<(), CareError> {
    const WORD: &str = "passed on";
    let facts = PersonFacts {
        needs: change.all(Action::Update)?,
        steps: change.all(Action::Update)?,
        tellings: change.all(Action::Update)?,
        messages: change.all(Action::Update)?,
        ..PersonFacts::new(person.clone())
    };
    // To somebody of the same team: what was asked for follows by itself.
    let taken = take_on(&facts, to, person.value.holder);
    for need in &taken.needs {
        change.save(WORD, need, &need.value, None).await?;
    }
    for step in &taken.steps {
        change.save(WORD, step, &step.value, None).await?;
    }
    for telling in &taken.tellings {
        change.save(WORD, telling, &telling.value, None).await?;
    }
    for message in &taken.messages {
        change.save(WORD, message, &message.value, None).await?;
    }
    Ok(())
}

/// They do not work with the person any more, as far as this worker may write that down. What
/// they may open has ended all the same.
async fn end_involvement(change: &mut Changing<'_>, worker: WorkerId) -> Result<(), CareError> {
    let yesterday = plus_days(change.who.partnership.today(change.who.now), -1);
    for i in change.all::<Involvement>(Action::Update)? {
        let current = i.value.until.is_none_or(|until| until > yesterday);
        if i.value.worker == Some(worker) && current {
            let until = Some(yesterday.max(i.value.from));
            change.save("ended", &i, &Involvement { until, ..i.value.clone() }, None).await?;
        }
    }
    Ok(())
}

/// Whoever holds the plan now reads that they do, by the next working day but one.
async fn tell_taker(change: &mut Changing<'_>, to: Holder) -> Result<(), CareError> {
    let today = change.who.partnership.today(change.who.now);
    let message = Message {
        kind: MessageKind::Notice,
        from: change.who.actor.author(),
        to: MessageTo::Reader { holder: to, read_by: change.kith.calendar().plus_working(today, 2) },
        words: "You hold this plan from now on. Whoever held it before is close to them, and sees nothing \
                of it any more. Say hello to them soon."
            .into(),
        area: Area::Identity,
        sensitivity: Sensitivity::S1,
        about: None,
        written_at: change.who.now,
        read_at: None,
        quiet: true,
        review: false,
        take_out: None,
    };
    let ask = change.batch.ask(Action::StopSharing);
    let basis = change.permit_person(&ask)?;
    let id = RecordId(Uuid::now_v7());
    change.create_permitted(id, "told", to.organisation, &message, &basis, None).await?;
    Ok(())
}
