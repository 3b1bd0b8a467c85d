//! Links for receivers without an account. A link is for one referral and one step: it is
//! dead at 14 days, on an answer, a decline or a recall, and is made anew for the next
//! step. A session that came by an older link is no more than that link.

use super::send::person_of;
use crate::change::Changing;
use crate::error::{CareError, Fault};
use crate::kith::Kith;
use crate::principal::{Identity, Principal};
use crate::telling_outside::{LinkMail, LinkMessage, link_mail, put_link, stop_link, waiting_link};
use kith_access::{Action, LinkGrant, PersonWorld};
use kith_domain::id::{OrganisationId, PersonId, RecordId, ReferralId};
use kith_domain::record::Saved;
use kith_domain::referral::Referral;
use kith_domain::time::Instant;
use kith_store::{Tx, WriteTx};
use uuid::Uuid;

/// Days for which a second code works. It opens nothing by itself, and serves every step
/// of one referral.
const SECOND_CODE_DAYS: i64 = 92;

/// Adds to a person's world the link that a link holder came by: a fact the person's own
/// records do not say. Anybody else needs none.
pub(crate) async fn add_grant(
    tx: &mut Tx,
    world: &mut PersonWorld,
    who: &Principal,
) -> Result<(), CareError> {
    let Identity::LinkHolder { referral, .. } = who.identity else { return Ok(()) };
    let codes = tx.list_codes(referral.0, "link").await?;
    let newest = codes.first().map(|c| (Instant(c.created), Instant(c.expires)));
    let alive = newest.filter(|(issued, _)| *issued <= who.actor.signed_in_at);
    for r in world.referrals.iter_mut().filter(|r| r.id == referral) {
        r.link = alive.map(|(issued, expires)| LinkGrant { issued, ended: Some(expires) });
    }
    Ok(())
}

/// Is the receiver one that answers by links only?
pub(crate) fn by_link(who: &Principal, organisation: OrganisationId) -> bool {
    by_link_to(&who.partnership, organisation)
}

/// The same, for the program's own jobs.
pub(crate) fn by_link_to(partnership: &crate::Partnership, organisation: OrganisationId) -> bool {
    partnership.organisation(organisation).is_some_and(|o| !o.has_accounts)
}

/// After a change: the next link goes out where the receiver has to do something, and
/// every older one stops.
pub(crate) async fn send_next(
    kith: &Kith,
    c: &mut Changing<'_>,
    saved: &Saved<Referral>,
) -> Result<(), CareError> {
    let (r, id) = (&saved.value, saved.id::<ReferralId>());
    if !by_link(c.who, r.receiver.organisation) {
        return Ok(());
    }
    let waits_for_us = r.question.as_ref().is_some_and(|q| q.answer.is_none());
    if r.status.terminal() {
        // Its links ended when that was written.
        return Ok(());
    }
    if waits_for_us {
        // The code stays, as their page says: it serves every step.
        c.tx.end_codes(id.0, "link", c.who.now).await?;
        return Ok(());
    }
    let days = c.who.standing.limits.numbers().link_days;
    let now = c.who.now;
    let link = kith.make_next_link(&mut c.tx, id, r.receiver.organisation, days, now).await?;
    let Some(team) = c.who.partnership.team(r.receiver.team).cloned() else { return Ok(()) };
    let message = LinkMessage {
        person: person_of(saved.meta.person)?,
        referral: id,
        organisation: r.receiver.organisation,
        team: &team,
        link: &link,
        until: kith.calendar().day(now.plus_days(days)),
        reply_by: None,
    };
    let settings = c.who.partnership.place.value.settings.clone();
    let world = c.world.clone();
    // Where it may not leave, the asking side still holds the referral and sees on its
    // page that no link is alive.
    let _told = put_link(kith, &mut c.tx, &world, &settings, message, now).await?;
    Ok(())
}

/// A request is over: nothing that a receiver was sent opens it any more, and a link that has
/// not left stays here.
pub(crate) async fn over(
    kith: &Kith,
    tx: &mut WriteTx,
    id: ReferralId,
    now: Instant,
) -> Result<(), CareError> {
    for code in tx.list_codes(id.0, "link").await? {
        stop_link(tx, id, &code.hash).await?;
    }
    kith.end_links(tx, id, now).await
}

/// What the asking side sees of the link.
#[derive(Clone, Debug)]
pub struct LinkState {
    /// A link is alive until this moment.
    pub alive_until: Option<Instant>,
    /// How the message with it stands.
    pub mail: LinkMail,
    /// A second code was made and still works.
    pub has_code: bool,
    /// In the made-up place, from which no email leaves: the path of the link.
    pub made_up_path: Option<String>,
    /// The team's telephone number, to tell the code.
    pub phone: Option<String>,
}

pub(crate) async fn state(
    kith: &Kith,
    tx: &mut Tx,
    who: &Principal,
    id: ReferralId,
    r: &Referral,
) -> Result<Option<LinkState>, CareError> {
    if !by_link(who, r.receiver.organisation) {
        return Ok(None);
    }
    let alive = |c: &kith_store::code::CodeRow| c.expires > who.now.0;
    let links = tx.list_codes(id.0, "link").await?;
    let seconds = tx.list_codes(id.0, "second").await?;
    let made_up_path = if kith.is_made_up() { waiting_link(tx, id).await? } else { None };
    let team_phone = who.partnership.team(r.receiver.team).and_then(|t| t.phone.clone());
    let phone = team_phone
        .or_else(|| who.partnership.organisation(r.receiver.organisation).and_then(|o| o.phone.clone()));
    let alive_until = links.first().filter(|c| alive(c)).map(|c| Instant(c.expires));
    let made_up_path = made_up_path.filter(|_| alive_until.is_some());
    let mail = match links.first().filter(|_| alive_until.is_some()) {
        Some(newest) => link_mail(tx, id, &newest.hash).await?,
        None => LinkMail::None,
    };
    Ok(Some(LinkState {
        alive_until,
        mail,
        has_code: seconds.first().is_some_and(alive),
        made_up_path,
        phone,
    }))
}

impl Kith {
    /// Makes the second code that the asking side tells the receiver by phone. Shown
    /// once; asking again makes another.
    ///
    /// # Errors
    /// It is not this actor's referral, or its receiver signs in.
    pub async fn second_code(
        &self,
        who: &Principal,
        person: PersonId,
        referral: ReferralId,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, None).await? {
            crate::change::Begun::Before(_) => {
                return Err(Fault::Broken("no submission was given".into()).into());
            }
            crate::change::Begun::Go(c) => c,
        };
        let saved = c.open::<Referral>(referral, Action::Update)?;
        if !by_link(who, saved.value.receiver.organisation) || saved.value.status.terminal() {
            return Err(CareError::refused("They do not need a code for this."));
        }
        let organisation = saved.value.receiver.organisation;
        let code =
            self.make_second_code(&mut c.tx, referral, organisation, SECOND_CODE_DAYS, who.now).await?;
        c.finish("").await?;
        Ok(code)
    }

    /// Sends the link of a referral again, as a new one.
    ///
    /// # Errors
    /// It is not this actor's referral, or nothing is to be done about it.
    pub async fn send_link_again(
        &self,
        who: &Principal,
        person: PersonId,
        referral: ReferralId,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, submission).await? {
            crate::change::Begun::Before(answer) => return Ok(answer),
            crate::change::Begun::Go(c) => c,
        };
        let saved = c.open::<Referral>(referral, Action::Update)?;
        if !by_link(who, saved.value.receiver.organisation) || saved.value.status.terminal() {
            return Err(CareError::refused("There is no link to send for this."));
        }
        send_next(self, &mut c, &saved).await?;
        c.finish(&format!("/people/{person}/referrals/{referral}")).await
    }

    /// About whom a link's or an inbox's referral is: only to load what decides.
    pub(crate) async fn person_of_referral(
        &self,
        tx: &mut Tx,
        referral: ReferralId,
    ) -> Result<Option<PersonId>, CareError> {
        let found = tx.find::<Referral>(RecordId(referral.0)).await?;
        Ok(found.and_then(|g| g.item().person))
    }
}
