//! Receivers without an account are told by e-mail that an answer is due, with a new link:
//! they have no Today to look at. Once for each request, two working days before the day, and
//! only if the message may leave at all. Nothing depends on it: when the day passes, the
//! request is the asking side's again.

use crate::error::CareError;
use crate::kith::Kith;
use crate::referral::link::by_link_to;
use crate::telling_outside::{LinkMessage, put_link};
use kith_access::{Action, Batch, PersonWorld};
use kith_domain::holding::{About, Held};
use kith_domain::id::{PersonId, RecordId, ReferralId};
use kith_domain::leaving::link_reminder_due;
use kith_domain::record::Saved;
use kith_domain::referral::{Referral, Status};
use kith_domain::time::{Day, Instant};
use kith_store::lease::Lease;
use kith_store::{Tx, WriteTx};

impl Kith {
    /// Could a reminder about this be due? Worked out further when it is read.
    pub(super) fn may_remind(&self, held: &Held, today: Day) -> Option<(PersonId, ReferralId)> {
        let soon = held.next.on <= self.calendar().plus_working(today, 2) && held.next.on >= today;
        let person = held.person.filter(|_| held.about == About::Reply && soon)?;
        Some((person, ReferralId(held.what.id.0)))
    }

    /// Reminds those who answer by links. Gives back how many. What goes wrong with one request is
    /// logged and keeps nobody else from being told, tonight or on any other night.
    ///
    /// # Errors
    /// The database could not be asked who runs this.
    pub(super) async fn remind_by_link(
        &self,
        lease: &Lease,
        due: &[(PersonId, ReferralId)],
        now: Instant,
    ) -> Result<u64, CareError> {
        let mut told = 0;
        for (person, id) in due {
            let mut tx = self.store().write().await?;
            if !tx.holds_lease(lease).await? {
                return Ok(told);
            }
            let reminded = match self.remind(&mut tx, *person, *id, now).await {
                Ok(true) => tx.commit().await.map(|()| true).map_err(CareError::from),
                other => other,
            };
            match reminded {
                Ok(reminded) => told += u64::from(reminded),
                Err(error) => {
                    tracing::error!(referral = %id, %error, "a team could not be reminded by a link")
                }
            }
        }
        Ok(told)
    }

    async fn remind(
        &self,
        tx: &mut WriteTx,
        person: PersonId,
        id: ReferralId,
        now: Instant,
    ) -> Result<bool, CareError> {
        let partnership = self.partnership(tx).await?;
        let world = PersonWorld::of(person);
        let Some(saved) = self.referral_as_job(tx, &world, id, now).await? else { return Ok(false) };
        let r = &saved.value;
        let asked = r.question.as_ref().is_some_and(|q| q.answer.is_none());
        if !by_link_to(&partnership, r.receiver.organisation) || r.status != Status::Requested || asked {
            return Ok(false);
        }
        let Some(newest) = tx.list_codes(id.0, "link").await?.into_iter().next() else { return Ok(false) };
        let calendar = self.calendar();
        let made = calendar.day(Instant(newest.created));
        let Some(team) = partnership.team(r.receiver.team) else { return Ok(false) };
        let no_address = team.email.as_ref().is_none_or(|a| a.trim().is_empty());
        if no_address || !link_reminder_due(r.reply_by, made, calendar.day(now), calendar) {
            return Ok(false);
        }
        let days = i64::from(partnership.settings().link_days);
        let link = self.make_next_link(tx, id, r.receiver.organisation, days, now).await?;
        let message = LinkMessage {
            person,
            referral: id,
            organisation: r.receiver.organisation,
            team,
            link: &link,
            until: calendar.day(now.plus_days(days)),
            reply_by: Some(r.reply_by),
        };
        // Where it may not leave, the link they have stays as it is.
        Ok(put_link(self, tx, &world, partnership.settings(), message, now).await?.is_ok())
    }

    /// Opens a request as the program itself, to ask whether something about it may leave.
    pub(crate) async fn referral_as_job(
        &self,
        tx: &mut Tx,
        world: &PersonWorld,
        id: ReferralId,
        now: Instant,
    ) -> Result<Option<Saved<Referral>>, CareError> {
        let (actor, standing) = Kith::job(now);
        let mut batch = Batch::new(self.decider(), &actor, &standing, now);
        let ask = batch.ask(Action::Check);
        let Some(guarded) = tx.find::<Referral>(RecordId(id.0)).await? else { return Ok(None) };
        Ok(batch.open(world, guarded, &ask).ok().map(|(saved, _)| saved))
    }
}
