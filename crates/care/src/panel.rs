//! The lived-experience panel at work: what waits for its answer, what was decided, and what
//! changed. Nothing here reads anything about a person; members have no permit for that.

use crate::change::loose::{BegunLoose, Loose};
use crate::error::CareError;
use crate::kith::Kith;
use crate::partnership::Partnership;
use crate::principal::{Identity, Principal};
use kith_access::{Action, Draft, Item, PersonWorld};
use kith_domain::id::{ProposalId, RecordId, WorkerId};
use kith_domain::organisation::WorkRole;
use kith_domain::panel::{self, Answer, CannotPropose, NotSettled, Proposal, Put};
use kith_domain::record::Saved;
use kith_store::NewRecord;
use std::sync::Arc;
use uuid::Uuid;

/// The panel's own page.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Who is on it, who has been there longest first.
    pub members: Vec<(WorkerId, String)>,
    /// Who holds what is put to it.
    pub contact: Option<WorkerId>,
    /// Is the reader on it?
    pub on_it: bool,
    /// What waits for its answer, soonest first; then what was decided, newest first.
    pub proposals: Vec<(ProposalId, Proposal)>,
}

/// One proposal, for somebody who may read what the panel is asked.
#[derive(Clone, Debug)]
pub struct ProposalPage {
    /// The proposal as it is stored.
    pub saved: Saved<Proposal>,
    /// Is the reader on the panel?
    pub on_it: bool,
    /// How many are on it today.
    pub members: usize,
    /// Did the reader put it forward?
    pub own: bool,
}

/// What is done with a proposal.
#[derive(Clone, Debug)]
pub enum PanelAct {
    /// Words about it.
    Comment(String),
    /// What a member says, and why.
    Answer(Answer, String),
    /// What the panel decided, in its own words.
    Decide(bool, String),
    /// A yes ends, and why.
    End(String),
    /// What changed because of it.
    Changed(String),
}

impl PanelAct {
    fn word(&self) -> &'static str {
        match self {
            PanelAct::Comment(_) => "said to the panel",
            PanelAct::Answer(..) => "panel member answered",
            PanelAct::Decide(true, _) => "panel agreed",
            PanelAct::Decide(false, _) => "panel said no",
            PanelAct::End(_) => "panel ended its yes",
            PanelAct::Changed(_) => "what changed because of the panel",
        }
    }
    fn action(&self) -> Action {
        match self {
            PanelAct::Comment(_) | PanelAct::Changed(_) => Action::AskPanel,
            PanelAct::Answer(..) | PanelAct::Decide(..) | PanelAct::End(_) => Action::DecidePanel,
        }
    }
    /// The field of a form in which its words stand.
    fn field(&self) -> &'static str {
        match self {
            PanelAct::Comment(_) => "words",
            PanelAct::Answer(..) => "why",
            PanelAct::Decide(..) => "decision",
            PanelAct::End(_) => "end",
            PanelAct::Changed(_) => "changed",
        }
    }
}

fn at_field(why: &CannotPropose) -> CareError {
    let field = match why {
        CannotPropose::Empty(field) => field,
        CannotPropose::AnswerBy(..) => "by",
        CannotPropose::Until(_) => "until",
        CannotPropose::Decision | CannotPropose::NoDecision | CannotPropose::Already => "decision",
    };
    CareError::field(field, format!("{why}."))
}

fn refused(what: &PanelAct, why: &NotSettled) -> CareError {
    CareError::field(what.field(), format!("{why}."))
}

/// May this reader put something to the panel and read what it is asked?
pub(crate) fn reads(who: &Principal) -> bool {
    let roles = [WorkRole::PanelMember, WorkRole::PartnershipManager];
    matches!(who.identity, Identity::Worker { role, .. } if roles.contains(&role))
}

/// Is this reader on the panel, in this sign-in?
fn sits(who: &Principal, members: &[WorkerId]) -> bool {
    match who.identity {
        Identity::Worker { worker, role: WorkRole::PanelMember, .. } => members.contains(&worker),
        _ => false,
    }
}

impl Kith {
    /// The panel's own page.
    ///
    /// # Errors
    /// It is not theirs to read.
    pub async fn panel(&self, who: &Principal) -> Result<Panel, CareError> {
        let mut look = self.look(who).await?;
        let stored = look.tx.list_common::<Proposal>().await?;
        let ask = look.batch.ask(Action::AskPanel);
        let mut proposals = Vec::new();
        for saved in stored {
            if look.permit(&PersonWorld::nobody(), &Item::of_saved(&saved), &ask).is_ok() {
                proposals.push((saved.id::<ProposalId>(), saved.value));
            }
        }
        look.finish().await?;
        if !reads(who) {
            return Err(CareError::Missing);
        }
        proposals.sort_by_key(|(id, p)| match &p.settled {
            None => (false, i64::from(p.answer_by.year()) * 400 + i64::from(p.answer_by.day_of_year()), *id),
            Some(s) => (true, -s.at.0, *id),
        });
        let today = who.partnership.today(who.now);
        let members = panel::members(&who.partnership.facts, today);
        Ok(Panel {
            on_it: sits(who, &members),
            contact: panel::contact(&who.partnership.facts, today),
            members: members.into_iter().map(|w| (w, who.partnership.worker_name(w))).collect(),
            proposals,
        })
    }

    /// One proposal.
    ///
    /// # Errors
    /// It is not there, or not theirs to read.
    pub async fn panel_proposal(&self, who: &Principal, id: ProposalId) -> Result<ProposalPage, CareError> {
        let mut look = self.look(who).await?;
        let found = look.tx.find_common::<Proposal>(id).await?;
        let ask = look.batch.ask(Action::AskPanel);
        let may = |saved: &Saved<Proposal>| {
            look.permit(&PersonWorld::nobody(), &Item::of_saved(saved), &ask).is_ok()
        };
        let result = found.filter(may).ok_or(CareError::Missing);
        let saved = look.finish_with(result).await?;
        let members = panel::members(&who.partnership.facts, who.partnership.today(who.now));
        let own = who.worker().is_ok_and(|(me, _)| me == saved.value.by);
        Ok(ProposalPage { saved, on_it: sits(who, &members), members: members.len(), own })
    }

    /// What this place's panel has decided, newest first: for everybody.
    pub fn decided_by_panel(&self, who: &Principal) -> Vec<(ProposalId, Proposal)> {
        let all = who.partnership.facts.proposals.iter();
        let mut found: Vec<_> =
            all.filter(|(_, p)| p.settled.is_some()).map(|(id, p)| (*id, p.clone())).collect();
        found.sort_by_key(|(id, p)| (p.settled.as_ref().map(|s| -s.at.0), *id));
        found
    }

    /// Puts something to the panel.
    ///
    /// # Errors
    /// A field needs another look, or it is not theirs to do.
    pub async fn put_to_panel(
        &self,
        who: &Principal,
        put: Put,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (me, organisation) = who.worker()?;
        let (mut change, partnership) = match self.change_of_place(who, organisation, submission).await? {
            (BegunLoose::Before(answer), _) => return Ok(answer),
            (BegunLoose::Go(change), partnership) => (change, partnership),
        };
        let others = &partnership.facts.proposals;
        let today = partnership.today(who.now);
        let new = panel::propose(put, others, me, who.now, today).map_err(|why| at_field(&why))?;
        let basis = change.permit_place_new(&Draft::of(&new, organisation), Action::AskPanel)?;
        let writing = change.writing(&basis);
        let id = RecordId(Uuid::now_v7());
        let record = NewRecord { id, person: None, owner: organisation };
        change.tx.create(&writing, "put to the panel", record, &new).await?;
        change.finish(&format!("/panel/{id}")).await
    }

    /// Says something about a proposal, answers it, decides it, ends it, or writes what changed.
    ///
    /// # Errors
    /// A field needs another look, or it is not theirs to do.
    pub async fn change_proposal(
        &self,
        who: &Principal,
        id: ProposalId,
        what: &PanelAct,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let owner = who.partnership.metas.get(&id.into()).map(|m| m.owner).ok_or(CareError::Missing)?;
        let (mut change, partnership) = match self.change_of_place(who, owner, submission).await? {
            (BegunLoose::Before(answer), _) => return Ok(answer),
            (BegunLoose::Go(change), partnership) => (change, partnership),
        };
        let saved = change.tx.find_common::<Proposal>(id).await?.ok_or(CareError::Missing)?;
        let basis = permit(&mut change, &saved, what)?;
        let after = changed(who, &partnership, &saved.value, what).map_err(|why| refused(what, &why))?;
        let writing = change.writing(&basis);
        change.tx.change(&writing, what.word(), &saved.meta, &after).await?;
        change.finish(&format!("/panel/{id}")).await
    }
}

/// That something is asked is nobody's to know but those it is for.
fn permit(change: &mut Loose<'_>, saved: &Saved<Proposal>, what: &PanelAct) -> Result<String, CareError> {
    change.permit_about_place(saved, what.action()).map_err(|error| match error {
        CareError::Forbidden(_) => CareError::Missing,
        other => other,
    })
}

fn changed(
    who: &Principal,
    partnership: &Arc<Partnership>,
    p: &Proposal,
    what: &PanelAct,
) -> Result<Proposal, NotSettled> {
    let Ok((me, _)) = who.worker() else { return Err(NotSettled::NotMember) };
    let today = partnership.today(who.now);
    let members = panel::members(&partnership.facts, today);
    match what {
        PanelAct::Comment(words) => panel::comment(p, me, words, who.now),
        PanelAct::Answer(answer, why) => panel::answer(p, &members, me, (*answer, why), who.now),
        PanelAct::Decide(agreed, words) => panel::decide(p, &members, me, (*agreed, words), who.now, today),
        PanelAct::End(why) => panel::end(p, &members, me, why, who.now),
        PanelAct::Changed(words) => panel::add_change(p, me, words, who.now),
    }
}
