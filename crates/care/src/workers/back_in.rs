//! Letting back in a worker who lost their phone or password: two colleagues, a code that
//! works once, and everything they signed in with before stops.
//!
//! Each colleague's word is an entry in the journal of the worker's own record, with who
//! said it and how they knew. The worker is told by e-mail; the code goes by voice.

use super::invite::{Handed, Told, end_sessions};
use crate::change::loose::{BegunLoose, Loose};
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::principal::{Identity, Principal};
use kith_access::Action;
use kith_domain::id::{OrganisationId, WorkerId};
use kith_domain::organisation::{WorkRole, Worker};
use kith_domain::record::Saved;
use kith_domain::time::Instant;
use kith_domain::vouching::{KnewThem, VOUCH_HOURS, let_back_by_two, speaks_for};
use kith_store::ways_in::VouchRow;
use uuid::Uuid;

/// What a colleague has said already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Their name.
    pub by: String,
    /// How they knew.
    pub how: KnewThem,
    /// When.
    pub at: Instant,
    /// It is whoever looks.
    pub oneself: bool,
}

/// A worker who may be let back in.
#[derive(Clone, Debug)]
pub struct BackIn {
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: WorkRole,
    /// Their organisation's name.
    pub organisation: String,
    /// Who has spoken so far.
    pub said: Vec<Said>,
}

/// What came of a colleague's word.
#[derive(Clone, Debug)]
pub enum Vouched {
    /// It is the first: another colleague has until then.
    First(Instant),
    /// It is the second: the code.
    Both(Handed),
    /// The same form was sent before.
    Before,
}

/// Whom it is about, after asking whether this colleague may speak.
struct Whom {
    organisation: OrganisationId,
    keeps: bool,
}

/// May whoever asks speak for this worker in this role? Somebody who may not is told
/// nothing about the worker.
fn whom(who: &Principal, worker: WorkerId, role: WorkRole) -> Result<Whom, CareError> {
    let Identity::Worker { worker: me, organisation: at, role: as_role } = who.identity else {
        return Err(CareError::Missing);
    };
    let today = who.partnership.today(who.now);
    let them = who.partnership.worker(worker).filter(|w| w.active(today)).ok_or(CareError::Missing)?;
    let here = them.memberships.iter().find(|m| m.role == role && m.in_date(today));
    let organisation = here.map(|m| m.organisation).ok_or(CareError::Missing)?;
    let speaks = speaks_for((me, at, as_role), (worker, organisation, role)).ok_or(CareError::Missing)?;
    Ok(Whom { organisation, keeps: speaks == kith_domain::vouching::Speaks::Keeps })
}

/// An identity as accounts and keys hold it.
fn stored(identity: &Identity) -> Result<String, CareError> {
    serde_json::to_string(identity).map_err(|e| Fault::Broken(format!("identity: {e}")).into())
}

fn since(now: Instant) -> Instant {
    now.plus_hours(-VOUCH_HOURS)
}

impl Kith {
    /// Who has spoken for a worker so far.
    ///
    /// # Errors
    /// It is not this colleague's to see.
    pub async fn back_in(
        &self,
        who: &Principal,
        worker: WorkerId,
        role: WorkRole,
    ) -> Result<BackIn, CareError> {
        let whom = whom(who, worker, role)?;
        self.real_people_join()?;
        let mut tx = self.store().read().await?;
        let rows = tx.list_vouches(worker.0, role.code(), since(who.now)).await?;
        drop(tx);
        let me = who.actor.worker_id();
        let said = rows.into_iter().filter_map(|row| {
            let by = WorkerId(row.voucher);
            let how = KnewThem::from_code(&row.how)?;
            Some(Said {
                by: who.partnership.worker_name(by),
                how,
                at: Instant(row.at),
                oneself: me == Some(by),
            })
        });
        Ok(BackIn {
            name: who.partnership.worker_name(worker),
            role,
            organisation: who.partnership.organisation_name(whom.organisation).unwrap_or_default(),
            said: said.collect(),
        })
    }

    /// A colleague says that it is them, and how they know. The second one to say so gets
    /// the code to tell; everything that worked before stops in the same transaction.
    ///
    /// # Errors
    /// It is not this colleague's to say, their sign-in is not fresh, or this is the made-up
    /// place.
    pub async fn vouch_for(
        &self,
        who: &Principal,
        (worker, role): (WorkerId, WorkRole),
        how: KnewThem,
        submission: Option<Uuid>,
    ) -> Result<Vouched, CareError> {
        let about = whom(who, worker, role)?;
        if !Kith::is_fresh(who) {
            return Err(CareError::SignInAgain);
        }
        self.real_people_join()?;
        let (me, _) = who.worker()?;
        let mut change = match self.change_beside(who, about.organisation, submission).await? {
            BegunLoose::Before(_) => return Ok(Vouched::Before),
            BegunLoose::Go(change) => change,
        };
        let saved = change.tx.find_common::<Worker>(worker).await?.ok_or(CareError::Missing)?;
        if about.keeps {
            change.permit_about_place(&saved, Action::Administer)?;
        }
        let now = who.now;
        let word = VouchRow { voucher: me.0, how: how.code().into(), at: now.0 };
        change.tx.save_vouch(worker.0, role.code(), &word).await?;
        let spoken = change.tx.list_vouches(worker.0, role.code(), since(now)).await?;
        let vouchers: Vec<WorkerId> = spoken.iter().map(|row| WorkerId(row.voucher)).collect();
        let identity = Identity::Worker { worker, organisation: about.organisation, role };
        let today = who.partnership.today(now);
        // As the place is in this transaction: whoever was stopped a moment ago does not count.
        let workers = &change.who.partnership.facts.workers;
        let enough = let_back_by_two(workers, (worker, about.organisation, role), &vouchers, today);
        let writing = change.writing(&format!("knows them: {}", how.code()));
        let action = if enough { "let back in by a second colleague" } else { "vouched for by a colleague" };
        change.tx.change(&writing, action, &saved.meta, &saved.value).await?;
        if !enough {
            change.finish("/workers").await?;
            return Ok(Vouched::First(now.plus_hours(VOUCH_HOURS)));
        }
        let login = self.end_ways_in(&mut change, &identity, worker).await?;
        let login = login.unwrap_or_else(|| super::invite::login_of(&saved.value));
        let told = Told::BackIn(vouchers.iter().map(|v| who.partnership.worker_name(*v)).collect());
        let handed = self.hand_back(&mut change, &saved, &identity, &login, told).await?;
        change.finish("/workers").await?;
        Ok(Vouched::Both(handed))
    }

    async fn hand_back(
        &self,
        change: &mut Loose<'_>,
        saved: &Saved<Worker>,
        identity: &Identity,
        login: &str,
        told: Told,
    ) -> Result<Handed, CareError> {
        let invitation = self.hand_invitation(change, &saved.value, identity, login, told).await?;
        let (name, email) = (saved.value.name.clone(), saved.value.email.clone());
        Ok(Handed::Now { name, invitation, email })
    }

    /// Everything a worker signs in with in this role stops, their passkeys and what they
    /// are joined to elsewhere too, and every open session. The sign-in name is told back.
    async fn end_ways_in(
        &self,
        change: &mut Loose<'_>,
        identity: &Identity,
        worker: WorkerId,
    ) -> Result<Option<String>, CareError> {
        let key = identity.key();
        change.tx.clear_vouches(worker.0).await?;
        change.tx.clear_passkeys(&key).await?;
        for joined in change.tx.list_elsewhere(&key).await? {
            change.tx.remove_elsewhere(&joined.issuer, &key).await?;
        }
        end_sessions(change, worker).await?;
        let who = stored(identity)?;
        let Some(mut account) = change.tx.find_account_of(&who).await? else { return Ok(None) };
        account.suspended = 1;
        change.tx.save_account(&account).await?;
        change.tx.clear_devices(&account.login).await?;
        Ok(Some(account.login))
    }

    /// Does somebody who is to be invited again have a way in already? Then one colleague
    /// alone cannot give another: two of them let them back in. Whoever runs the program can:
    /// they have the database in their hands anyway, and a place of two must not be locked.
    pub(super) async fn one_may_invite(
        &self,
        change: &mut Loose<'_>,
        has_account: bool,
        identity: &Identity,
    ) -> Result<(), CareError> {
        let (key, actor) = (identity.key(), stored(identity)?);
        let has_key = change.tx.list_passkeys(&key).await?.iter().any(|k| k.actor == actor);
        let elsewhere = change.tx.list_elsewhere(&key).await?.iter().any(|e| e.actor == actor);
        if (has_account || has_key || elsewhere) && !matches!(change.who.identity, Identity::Operator) {
            return Err(CareError::refused(
                "They have a way to sign in. If they lost it, two colleagues let them back in: choose \
                 “They lost their phone or password” on their page.",
            ));
        }
        Ok(())
    }
}
