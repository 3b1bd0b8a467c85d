//! The plan on paper: refused, in words, unless paper is known to be safe. A copy for the
//! person is written down: for whom, by whom, when. So is a person's own word, at their own
//! screen, that paper is safe for them this time.

use super::plan::{MyPlan, plan_for};
use super::word_needed;
use crate::change::Begun;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::About;
use crate::principal::Principal;
use kith_access::{Action, Actor, Ask, Batch, Item};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::may_send::{Cleared, NotSafe, Outgoing, may_send};
use kith_domain::person::Person;
use kith_domain::plan::{Note, NoteKind};
use kith_domain::record::Saved;
use uuid::Uuid;

/// The words that begin a note about a copy on paper.
pub const COPY: &str = "A copy of the plan was put on paper and given to ";

/// The plan, ready for paper.
#[derive(Debug)]
pub struct OnPaper {
    /// The guard's answer. Nothing is put on paper without one.
    pub cleared: Cleared,
    /// The plan.
    pub plan: MyPlan,
    /// How often the plan has changed in all: the version on the paper.
    pub version: u32,
    /// "Copy given to", oldest first: the day, and the words.
    pub copies: Vec<(kith_domain::time::Day, String)>,
}

/// What came of asking for paper.
#[derive(Debug)]
pub enum Paper {
    /// It may be put on paper.
    May(Box<OnPaper>),
    /// It may not; why and what to do. The name is for the page.
    NotSafe(String, NotSafe),
}

impl Kith {
    /// A person's own plan at their own screen, to print. Where paper is not known to be
    /// safe they are asked first, and decide: `said` is the form by which they said so
    /// ([`Kith::say_paper_is_safe`]).
    ///
    /// # Errors
    /// It is not a person who asks, or they signed in a while ago.
    pub async fn print_mine(&self, who: &Principal, said: Option<Uuid>) -> Result<Paper, CareError> {
        let me = who.person()?;
        let written = self.answered_before(who, said).await?;
        let now = said.filter(|id| written == Some(own_print(*id)));
        let what = if now.is_some() { Outgoing::print_said_safe(who.now) } else { Outgoing::print(who.now) };
        self.print(who, me, &what).await
    }

    /// Writes down that a person said, at their own screen, that their plan on paper is safe for
    /// them now. Gives the page from which it is printed. What else speaks against paper still does.
    ///
    /// # Errors
    /// It is not a person who says it, something else speaks against it, or they signed in a
    /// while ago.
    pub async fn say_paper_is_safe(&self, who: &Principal, submission: Uuid) -> Result<String, CareError> {
        let me = who.person()?;
        let result = self.written_down(who, me, submission).await;
        word_needed(who, result)
    }

    async fn written_down(
        &self,
        who: &Principal,
        me: PersonId,
        submission: Uuid,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, me, Some(submission)).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let p = change.open_person(Action::Print)?;
        let what = Outgoing::print_said_safe(who.now);
        may_send(&p.value, &what, self.calendar(), who.partnership.settings()).map_err(CareError::refused)?;
        let ask = change.batch.ask(Action::Print);
        let basis = change.permit_person(&ask)?;
        let holder = who.partnership.holder_today(&p.value.holder, true, who.now);
        let words = format!("{COPY}{}, who printed it and said that it is safe for them.", p.value.called);
        let note = paper_note(who, words);
        let id = RecordId(Uuid::now_v7());
        change
            .create_permitted(id, "plan put on paper by the person", holder.organisation, &note, &basis, None)
            .await?;
        change.finish(&own_print(submission)).await
    }

    /// The plan to print for the person, by somebody who helps them.
    ///
    /// # Errors
    /// It may not be done by this worker, or they signed in a while ago.
    pub async fn print_plan(&self, who: &Principal, person: PersonId) -> Result<Paper, CareError> {
        who.worker()?;
        self.print(who, person, &Outgoing::print(who.now)).await
    }

    async fn print(&self, who: &Principal, person: PersonId, what: &Outgoing) -> Result<Paper, CareError> {
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let settings = who.partnership.settings();
        let result = match look.person(&about) {
            Ok(p) => match may_send(&p.value, what, self.calendar(), settings) {
                Err(why) => Ok(Paper::NotSafe(p.value.called, why)),
                Ok(cleared) => {
                    let ask = look.batch.ask(Action::Print);
                    on_paper(&mut look, &about, &ask, cleared).map(|p| Paper::May(Box::new(p)))
                }
            },
            Err(e) => Err(e),
        };
        look.finish_with(word_needed(who, result)).await
    }

    /// Writes down that the person was given a copy.
    ///
    /// # Errors
    /// Paper is not safe, or it may not be done by this worker.
    pub async fn record_copy(
        &self,
        who: &Principal,
        person: PersonId,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let p = change.open_person(Action::Print)?;
        self.paper_is_safe(who, &p).map_err(CareError::refused)?;
        let note = paper_note(who, format!("{COPY}{}, by {}.", p.value.called, who.name));
        change.create("plan put on paper", organisation, &note, Action::Create, None).await?;
        change.finish(&format!("/people/{person}/plan/print/copy")).await
    }

    /// The guard over everything that leaves, asked about paper into their own hand.
    pub(crate) fn paper_is_safe(&self, who: &Principal, person: &Saved<Person>) -> Result<Cleared, NotSafe> {
        let settings = who.partnership.settings();
        may_send(&person.value, &Outgoing::print(who.now), self.calendar(), settings)
    }
}

/// Where a person prints their own plan after they said, by this form, that paper is safe.
fn own_print(form: Uuid) -> String {
    format!("/mine/plan/print?said={form}")
}

/// A note about something put on paper.
pub(crate) fn paper_note(who: &Principal, words: String) -> Note {
    Note {
        area: Area::Identity,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        hidden: false,
        hidden_reason: None,
        third_party: false,
        allow_list: Vec::new(),
        kind: NoteKind::Story,
        words,
        on: who.partnership.today(who.now),
        contact_with: None,
        amends: None,
        hidden_review: None,
        marked: Vec::new(),
    }
}

/// What the person could not read on their own pages does not come to them on paper either,
/// whoever prints it: decided for them by the same rules.
fn as_the_person_reads(look: &crate::Looking<'_>, about: &About, plan: &mut MyPlan) {
    let (who, person) = (look.who, about.person);
    let actor = Actor::person(person, 2, who.now);
    let standing = who.partnership.standing(None, who.now);
    let mut batch = Batch::new(look.kith.decider(), &actor, &standing, who.now);
    let ask = batch.ask(Action::View);
    let mut reads = |item: &Item| batch.permit(&about.world, item, &ask).is_ok();
    plan.sections.retain(|s| reads(&Item::of_saved(s)));
    plan.needs.retain(|n| reads(&Item::of_saved(n)));
    plan.goals.retain(|g| reads(&Item::of_saved(g)));
    plan.steps.retain(|s| reads(&Item::of_saved(s)));
}

fn on_paper(
    look: &mut crate::Looking<'_>,
    about: &About,
    ask: &Ask,
    cleared: Cleared,
) -> Result<OnPaper, CareError> {
    let mut plan = plan_for(look, about, ask)?;
    as_the_person_reads(look, about, &mut plan);
    let notes = look.all_for::<Note>(about, ask)?;
    let copies = notes
        .iter()
        .filter_map(|n| n.value.words.strip_prefix(COPY).map(|to| (n.value.on, to.to_owned())))
        .collect();
    let version = plan.sections.iter().map(|s| s.meta.version).sum::<u32>()
        + plan.needs.iter().map(|n| n.meta.version).sum::<u32>()
        + plan.goals.iter().map(|g| g.meta.version).sum::<u32>()
        + plan.steps.iter().map(|s| s.meta.version).sum::<u32>();
    Ok(OnPaper { cleared, plan, version, copies })
}
