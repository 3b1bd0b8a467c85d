//! The work behind a copy: everything of one person in the part of the organisation that is
//! asked, opened under the records duty (B10) after a second person agreed; what may not be
//! opened there, a sealed line or one about somebody else, stands apart for its author to be
//! asked; and the copy as it leaves.

use super::plain::{PlainLine, lines};
use super::{Part, RightPage, hidden};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking, part_name};
use crate::plan::guarding::lines_today;
use crate::principal::Principal;
use crate::telling_outside::person_as_job;
use kith_access::{Action, Ask, Guarded, Purpose};
use kith_domain::area::Sensitivity;
use kith_domain::coming_in::ComingIn;
use kith_domain::consent::Consent;
use kith_domain::glass::Glass;
use kith_domain::id::{OrganisationId, RecordId, TeamId, WorkerId};
use kith_domain::may_send::{Cleared, Outgoing, may_send};
use kith_domain::message::Message;
use kith_domain::need::Need;
use kith_domain::person::Person;
use kith_domain::plan::{Goal, Note, PlanSection, Step, Telling};
use kith_domain::record::{Author, Saved};
use kith_domain::referral::Referral;
use kith_domain::right::deal::{all_decided, may_go, without};
use kith_domain::right::{CopyLine, LineFate, StaysBack};
use kith_domain::supporter::{Involvement, Supporter};
use kith_domain::time::{Day, Instant};
use kith_domain::worry::Worry;
use kith_store::Personal;
use std::any::Any;
use uuid::Uuid;

/// One record of a copy.
#[derive(Clone, Debug)]
pub struct CopyItem {
    /// Which.
    pub item: RecordId,
    /// Its version now.
    pub version: u32,
    /// What kind of thing it is, in words.
    pub part: &'static str,
    /// When it was first written.
    pub on: Day,
    /// By whom, where there is a name.
    pub by: Option<String>,
    /// What it says; none where it may not be opened for this: its author is asked.
    pub says: Option<Vec<PlainLine>>,
    /// What was decided about this version.
    pub decided: Option<CopyLine>,
}

/// The work on a copy.
#[derive(Debug)]
pub struct CopyWork {
    /// The request.
    pub page: RightPage,
    /// Everything in this organisation's part, the oldest first.
    pub items: Vec<CopyItem>,
    /// Is every one of them decided, as it is now?
    pub all_decided: bool,
}

/// A record as it leaves.
#[derive(Clone, Debug)]
pub struct GoingItem {
    /// What kind of thing it is, in words.
    pub part: &'static str,
    /// When it was first written.
    pub on: Day,
    /// By whom.
    pub by: Option<String>,
    /// What it says, with what is left out blacked out.
    pub says: Vec<PlainLine>,
}

/// A copy as it leaves.
#[derive(Debug)]
pub struct Going {
    /// The guard's answer. Nothing is put on paper without one.
    pub cleared: Cleared,
    /// How the person is called.
    pub called: String,
    /// Who answers: the organisation.
    pub organisation: String,
    /// Whom to ask about data there.
    pub contact: Option<String>,
    /// The day it leaves.
    pub on: Day,
    /// Moment it leaves.
    pub at: Instant,
    /// What goes.
    pub items: Vec<GoingItem>,
    /// How many lines stayed back, for each reason.
    pub back: Vec<(StaysBack, usize)>,
    /// Why words were left out of lines that went.
    pub left_out: Vec<StaysBack>,
}

impl Kith {
    /// The work on a copy: what there is, and what was decided. Only for whoever answers, as a
    /// records officer, freshly signed in, after the second person agreed.
    ///
    /// # Errors
    /// It may not be seen, or not yet.
    pub async fn copy_work(&self, who: &Principal, id: RecordId) -> Result<CopyWork, CareError> {
        let (about, mut look, page) = match self.copy_begun(who, id).await? {
            Ok(begun) => begun,
            Err((look, e)) => return look.finish_with(Err(e)).await,
        };
        let result = items(&mut look, &about, &page, Action::View);
        let items = look.finish_with(result).await?;
        let kept: Vec<(RecordId, u32)> = items.iter().map(|i| (i.item, i.version)).collect();
        let all_decided = all_decided(&page.right.value, &kept);
        Ok(CopyWork { page, items, all_decided })
    }

    /// Every line there is now: a copy goes only when each is decided as it is.
    pub(crate) async fn copy_kept(
        &self,
        who: &Principal,
        id: RecordId,
    ) -> Result<Vec<(RecordId, u32)>, CareError> {
        let work = self.copy_work(who, id).await?;
        Ok(work.items.iter().map(|i| (i.item, i.version)).collect())
    }

    /// The copy as it leaves, on paper or as a file. Refused where paper is not safe for the
    /// person, like anything that is printed.
    ///
    /// # Errors
    /// It may not go, or not yet, and why.
    pub async fn copy_going(&self, who: &Principal, id: RecordId) -> Result<Going, CareError> {
        let (about, mut look, page) = match self.copy_begun(who, id).await? {
            Ok(begun) => begun,
            Err((look, e)) => return look.finish_with(Err(e)).await,
        };
        let them = match person_as_job(self, &mut look.tx, &about.world, about.person, who.now).await {
            Ok(them) => them,
            Err(e) => return look.finish_with(Err(e)).await,
        };
        let safe =
            may_send(&them.value, &Outgoing::print(who.now), self.calendar(), who.partnership.settings());
        let result = match safe {
            Err(no) => Err(CareError::refused(no)),
            Ok(cleared) => going(&mut look, &about, &page, cleared),
        };
        look.finish_with(result).await
    }

    /// Opens the request and everything around it, and checks who asks.
    async fn copy_begun<'a>(
        &'a self,
        who: &'a Principal,
        id: RecordId,
    ) -> Result<Result<(About, Looking<'a>, RightPage), (Looking<'a>, CareError)>, CareError> {
        let person = self.whose_right(id).await?.ok_or(CareError::Missing)?;
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let page = match super::right_page(&mut look, &about, id).map_err(hidden) {
            Ok(page) => page,
            Err(e) => return Ok(Err((look, e))),
        };
        let why = match () {
            () if page.part == Part::Second => {
                Some("Whoever answers goes through the lines. You say at the end whether it may go.")
            }
            () if page.right.value.opened().is_none() => {
                Some("The second person has not said yet that the record may be opened.")
            }
            () if who.actor.role != kith_access::Role::RecordsOfficer => Some(
                "Only a records officer opens a record for a copy. Ask your administrator who that is here.",
            ),
            () => None,
        };
        match why {
            Some(why) => Ok(Err((look, CareError::Forbidden(why.into())))),
            // Also of whoever could read some of it anyway, as a colleague of the team.
            None if !Kith::is_fresh(who) => Ok(Err((look, CareError::SignInAgain))),
            None => Ok(Ok((about, look, page))),
        }
    }
}

/// Everything of a person in this organisation's part, for one action. Answers about equality,
/// and what the person asked about looks and by right, are only theirs to open: they find
/// those on their own pages, and a copy says so.
fn items(
    look: &mut Looking<'_>,
    about: &About,
    page: &RightPage,
    action: Action,
) -> Result<Vec<CopyItem>, CareError> {
    let ask = Ask::new(action, Purpose::SubjectAccess, look.who.now);
    let mut all = Vec::new();
    macro_rules! each {
        ($($kind:ty),+ $(,)?) => { $( add::<$kind>(look, about, page, &ask, &mut all)?; )+ };
    }
    each!(
        Person,
        Supporter,
        Involvement,
        PlanSection,
        Need,
        Goal,
        Step,
        Referral,
        Telling,
        Consent,
        Note,
        Message,
        ComingIn,
        Worry,
        Glass
    );
    all.sort_by_key(|i| (i.on, i.item));
    Ok(all)
}

fn add<T: Personal + serde::Serialize>(
    look: &mut Looking<'_>,
    about: &About,
    page: &RightPage,
    ask: &Ask,
    all: &mut Vec<CopyItem>,
) -> Result<(), CareError> {
    let r = &page.right.value;
    for guarded in about.records.of::<T>()? {
        let item = guarded.item();
        if item.owner != r.holder.organisation {
            continue;
        }
        let meta = (item.id, item.version, item.created, item.created_by);
        let part = part_name(item);
        // What is sealed, or about somebody else, is not opened for a copy: its author is asked.
        let apart = item.label.third_party || item.label.sensitivity > Sensitivity::S3;
        let says = match apart {
            true => None,
            false => Some(opened(look, about, guarded, ask)?),
        };
        let (item, version, created, by) = meta;
        all.push(CopyItem {
            item,
            version,
            part,
            on: look.kith.calendar().day(created),
            by: author(look.who, by),
            says,
            decided: r.fate_of(item, version).cloned(),
        });
    }
    Ok(())
}

fn opened<T: Personal + serde::Serialize>(
    look: &mut Looking<'_>,
    about: &About,
    guarded: Guarded<Saved<T>>,
    ask: &Ask,
) -> Result<Vec<PlainLine>, CareError> {
    // The first that asks for a fresh sign-in stops the page: a copy with holes is none.
    let mut saved = look.open(&about.world, guarded, ask)?;
    // Lines of a request that were sealed or turned out to be about somebody else go to review
    // as their own records do.
    if let Some(request) = (&mut saved as &mut dyn Any).downcast_mut::<Saved<Referral>>() {
        request.value.packet.lines = lines_today(look, about, request, ask)?;
    }
    let value = serde_json::to_value(&saved.value).map_err(|e| CareError::refused(e.to_string()))?;
    let who = look.who;
    Ok(lines(&value, &|id| name_of(who, id), look.kith.calendar()))
}

fn going(
    look: &mut Looking<'_>,
    about: &About,
    page: &RightPage,
    cleared: Cleared,
) -> Result<Going, CareError> {
    let r = &page.right.value;
    let items = items(look, about, page, Action::Disclose)?;
    let kept: Vec<(RecordId, u32)> = items.iter().map(|i| (i.item, i.version)).collect();
    may_go(r, &kept).map_err(|e| CareError::refused(format!("{e}.")))?;
    let mut back: std::collections::BTreeMap<StaysBack, usize> = std::collections::BTreeMap::new();
    let mut left_out: Vec<StaysBack> = Vec::new();
    let mut out = Vec::new();
    for i in items {
        let Some(decided) = i.decided else { continue };
        let words: &[String] = match &decided.fate {
            LineFate::Stays(why) => {
                *back.entry(*why).or_default() += 1;
                continue;
            }
            LineFate::Goes => &[],
            LineFate::Without { words, why } => {
                left_out.push(*why);
                words
            }
        };
        let says = i.says.unwrap_or_default();
        let says = says.into_iter().map(|(place, text)| (place, without(&text, words))).collect();
        out.push(GoingItem { part: i.part, on: i.on, by: i.by, says });
    }
    left_out.sort_unstable();
    left_out.dedup();
    let p = &look.who.partnership;
    let organisation = p.organisation(r.holder.organisation);
    Ok(Going {
        cleared,
        called: r.called.clone(),
        organisation: p.organisation_name(r.holder.organisation).unwrap_or_default(),
        contact: organisation.and_then(|o| o.agreement.as_ref()).map(|a| a.data_protection_contact.clone()),
        on: p.today(look.who.now),
        at: look.who.now,
        items: out,
        back: back.into_iter().collect(),
        left_out,
    })
}

fn author(who: &Principal, by: Author) -> Option<String> {
    match by {
        Author::Worker { worker, .. } => Some(who.partnership.worker_name(worker)),
        Author::Person { .. } => Some("you".into()),
        Author::LinkHolder { organisation } => who.partnership.organisation_name(organisation),
        _ => None,
    }
}

/// The name behind an id, where the partnership knows it.
fn name_of(who: &Principal, id: Uuid) -> Option<String> {
    let p = &who.partnership;
    let (worker, team) = (WorkerId(id), TeamId(id));
    p.organisation_name(OrganisationId(id))
        .or_else(|| p.worker(worker).map(|_| p.worker_name(worker)))
        .or_else(|| p.team(team).map(|_| p.team_name(team)))
}
