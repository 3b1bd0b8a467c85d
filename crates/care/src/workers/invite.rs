//! Inviting a worker, inviting them again, taking an invitation back, stopping somebody.
//! Each is a change in the worker's own organisation, with its journal entry and a line in
//! the access log.

use super::giver;
use crate::change::loose::{BegunLoose, Loose};
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::{Identity, Principal};
use crate::sign_in::join::{Invitation, KIND};
use crate::sign_in::session::hash_of;
use crate::telling_outside::SITE;
use crate::telling_outside::again::{Guard, hex_of};
use kith_access::{Action, Draft};
use kith_domain::contact::{AboutNobody, MayLeave};
use kith_domain::id::{RecordId, TeamId, WorkerId};
use kith_domain::joining::{CannotJoin, joins, let_back, may_give, stopped};
use kith_domain::next_date::words_of;
use kith_domain::organisation::{WorkRole, Worker};
use kith_domain::record::Saved;
use kith_domain::text::is_email;
use kith_store::NewRecord;
use kith_store::outbox::NewMessage;
use uuid::Uuid;

/// Somebody who is invited for the first time.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Their name, as people they support will see it.
    pub name: String,
    /// Their team.
    pub team: TeamId,
    /// Their role.
    pub role: WorkRole,
    /// Their e-mail address at work.
    pub email: String,
}

/// An invitation to be handed over, or that it was made before.
#[derive(Clone, Debug)]
pub enum Handed {
    /// Made now: the code, shown once, and for whom.
    Now {
        /// Their name.
        name: String,
        /// The invitation.
        invitation: Invitation,
        /// A notice goes to this address; the code does not.
        email: Option<String>,
    },
    /// The same form was sent before; its code was shown then.
    Before,
}

/// What is done about a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerAct {
    /// Their open invitation stops working.
    TakeBack,
    /// They are stopped: out at the next click.
    Stop,
    /// They are let back in.
    LetBack,
}

fn at_field(why: &CannotJoin) -> CareError {
    let field = match why {
        CannotJoin::Organisation | CannotJoin::LinksOnly | CannotJoin::Team => "team",
        CannotJoin::Role => "role",
        CannotJoin::Oneself | CannotJoin::NotHere | CannotJoin::Net(_) | CannotJoin::NobodyKeeps => {
            return CareError::refused(format!("{why}."));
        }
    };
    CareError::field(field, format!("{why}."))
}

impl Kith {
    /// Makes a worker and their invitation.
    ///
    /// # Errors
    /// A field needs another look, or it is not this administrator's to do.
    pub async fn invite_worker(
        &self,
        who: &Principal,
        form: Invite,
        submission: Option<Uuid>,
    ) -> Result<Handed, CareError> {
        let role = giver(who).ok_or(CareError::Missing)?;
        self.real_people_join()?;
        let organisation =
            who.partnership.team(form.team).map(|t| t.organisation).ok_or(CareError::Missing)?;
        let mut change = match self.change_beside(who, organisation, submission).await? {
            BegunLoose::Before(_) => return Ok(Handed::Before),
            BegunLoose::Go(change) => change,
        };
        let today = who.partnership.today(who.now);
        let facts = &who.partnership.facts;
        if let Some(known) = facts.workers.values().find(|w| same_address(w, &form.email)) {
            let words = format!("{} has this address. Invite them from the list.", known.name);
            return Err(CareError::field("email", words));
        }
        let email = Some(form.email.clone());
        let place = (organisation, form.team, form.role);
        let worker = joins(facts, (form.name, email), place, role, today).map_err(|why| at_field(&why))?;
        let basis = change.permit_place_new(&Draft::of(&worker, organisation), Action::Administer)?;
        let id = RecordId(Uuid::now_v7());
        let writing = change.writing(&basis);
        let new = NewRecord { id, person: None, owner: organisation };
        change.tx.create(&writing, "worker joined", new, &worker).await?;
        let identity = Identity::Worker { worker: id.into(), organisation, role: form.role };
        let invitation =
            self.hand_invitation(&mut change, &worker, &identity, &login_of(&worker), Told::Invited).await?;
        change.finish("/workers").await?;
        Ok(Handed::Now { name: worker.name, invitation, email: Some(form.email) })
    }

    /// Invites somebody who is in the list and has no way in yet: for the first time, or once
    /// more. Whoever lost theirs is let back in by two ([`super::back_in`]).
    ///
    /// # Errors
    /// It is not this administrator's to do.
    pub async fn invite_again(
        &self,
        who: &Principal,
        worker: WorkerId,
        role: WorkRole,
        submission: Option<Uuid>,
    ) -> Result<Handed, CareError> {
        let (mut change, saved) = match self.about_worker(who, worker, submission).await? {
            About::Before => return Ok(Handed::Before),
            About::Go(change, saved) => (change, saved),
        };
        let today = who.partnership.today(who.now);
        let membership = saved.value.memberships.iter().find(|m| m.role == role && m.in_date(today));
        let membership = membership.filter(|_| saved.value.active(today)).ok_or(CareError::Missing)?;
        if !giver(who).is_some_and(|giver| may_give(giver, role)) {
            return Err(CareError::refused(format!("{}.", CannotJoin::Role)));
        }
        let links_only =
            who.partnership.organisation(membership.organisation).is_some_and(|o| !o.has_accounts);
        if links_only {
            return Err(CareError::refused(format!("{}.", CannotJoin::LinksOnly)));
        }
        let identity = Identity::Worker { worker, organisation: membership.organisation, role };
        let key = serde_json::to_string(&identity).unwrap_or_default();
        let account = change.tx.find_account_of(&key).await?;
        self.one_may_invite(&mut change, account.is_some(), &identity).await?;
        let login = account.map_or_else(|| login_of(&saved.value), |account| account.login);
        let invitation =
            self.hand_invitation(&mut change, &saved.value, &identity, &login, Told::Invited).await?;
        change.finish("/workers").await?;
        Ok(Handed::Now { name: saved.value.name.clone(), invitation, email: saved.value.email.clone() })
    }

    /// Takes an invitation back, stops somebody, or lets them back in.
    ///
    /// # Errors
    /// It is themselves, the net would fall, or it is not this administrator's to do.
    pub async fn decide_about_worker(
        &self,
        who: &Principal,
        worker: WorkerId,
        act: WorkerAct,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (mut change, saved) = match self.about_worker(who, worker, submission).await? {
            About::Before => return Ok("/workers".into()),
            About::Go(change, saved) => (change, saved),
        };
        let (me, _) = who.worker()?;
        let today = who.partnership.today(who.now);
        let facts = &who.partnership.facts;
        let told = |why: CannotJoin| CareError::refused(format!("{why}."));
        change.tx.end_codes(worker.0, KIND, who.now).await?;
        let writing = change.writing("administration");
        match act {
            WorkerAct::TakeBack => {}
            WorkerAct::Stop => {
                let after = stopped(facts, worker, me, today).map_err(told)?;
                change.tx.change(&writing, "worker stopped", &saved.meta, &after).await?;
                end_sessions(&mut change, worker).await?;
            }
            WorkerAct::LetBack => {
                let after = let_back(facts, worker, me, today).map_err(told)?;
                change.tx.change(&writing, "worker let back", &saved.meta, &after).await?;
            }
        }
        change.finish("/workers").await
    }

    /// Begins a change about one worker, with the permit for it.
    async fn about_worker<'a>(
        &'a self,
        who: &'a Principal,
        worker: WorkerId,
        submission: Option<Uuid>,
    ) -> Result<About<'a>, CareError> {
        if who.actor.worker_id() == Some(worker) {
            return Err(CareError::refused(format!("{}.", CannotJoin::Oneself)));
        }
        let owner =
            who.partnership.worker(worker).and_then(|w| w.memberships.first()).map(|m| m.organisation);
        let owner = owner.ok_or(CareError::Missing)?;
        let mut change = match self.change_beside(who, owner, submission).await? {
            BegunLoose::Before(_) => return Ok(About::Before),
            BegunLoose::Go(change) => change,
        };
        let saved = change.tx.find_common::<Worker>(worker).await?.ok_or(CareError::Missing)?;
        change.permit_about_place(&saved, Action::Administer)?;
        Ok(About::Go(change, Box::new(saved)))
    }

    /// The invitation, and a notice that it was made. The code goes another way.
    pub(super) async fn hand_invitation(
        &self,
        change: &mut Loose<'_>,
        worker: &Worker,
        identity: &Identity,
        login: &str,
        told: Told,
    ) -> Result<Invitation, CareError> {
        let who = change.who;
        let invitation = self.make_invitation(&mut change.tx, identity, login, who.now).await?;
        let Identity::Worker { worker: id, .. } = identity else { return Ok(invitation) };
        let Some(address) = worker.email.clone().filter(|a| is_email(a)) else { return Ok(invitation) };
        let by = if who.name.is_empty() { "Whoever invites you" } else { who.name.as_str() };
        let hash = hash_of(&invitation.code.replace('-', ""));
        let code = hex_of(&hash);
        let message = NewMessage {
            id: Uuid::now_v7(),
            at: who.now.0,
            person: None,
            channel: "email".into(),
            address,
            subject: told.subject().into(),
            body: format!(
                "Hello,\n\n{} Open this page:\n{SITE}/join\n\n\
                 You need a code. {} tells you the code, in person or by phone. It never stands in an email.\n\
                 It works until {}.\n\nIf you did not expect this, tell your manager.\n",
                told.words(),
                by,
                words_of(self.calendar().day(invitation.until))
            ),
            dedupe: format!("invitation:{}", hex_of(&hash[..8])),
            guard: Guard::Invitation { worker: *id, code }.stored()?,
        };
        change.tx.record_message(&message, MayLeave::AboutNobody(AboutNobody::Invitation)).await?;
        Ok(invitation)
    }
}

/// What the notice says beside where to go. The code is never in it.
pub(super) enum Told {
    /// They are invited.
    Invited,
    /// These colleagues let them back in.
    BackIn(Vec<String>),
}

impl Told {
    fn subject(&self) -> &'static str {
        match self {
            Told::Invited => "Your invitation",
            Told::BackIn(_) => "A new way to sign in",
        }
    }

    fn words(&self) -> String {
        match self {
            Told::Invited => "You are invited to sign in.".into(),
            Told::BackIn(names) => format!(
                "{} said that you lost your phone or password, and let you back in. \
                 What you signed in with before has stopped working.",
                names.join(" and ")
            ),
        }
    }
}

enum About<'a> {
    Before,
    Go(Box<Loose<'a>>, Box<Saved<Worker>>),
}

fn same_address(worker: &Worker, email: &str) -> bool {
    worker.email.as_deref().is_some_and(|e| e.trim().eq_ignore_ascii_case(email.trim()))
}

/// The half of an address before the @, as a first proposal for a sign-in name.
pub(super) fn login_of(worker: &Worker) -> String {
    let email = worker.email.as_deref().unwrap_or_default();
    email.split('@').next().unwrap_or_default().trim().to_lowercase()
}

/// Everything a worker is signed in to ends, in every role they have.
pub(crate) async fn end_sessions(change: &mut Loose<'_>, worker: WorkerId) -> Result<(), CareError> {
    let now = change.who.now;
    Ok(change.tx.end_sessions_whose(&format!("worker:{worker}"), now).await?)
}
