//! The page "who can see what": by organisation, what the person agreed to, exactly what
//! was sent, and what that organisation would see today.

use super::preview::{headings, most_there, purposes_of, would_see};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::mine::{Reader, plan_reader, word_needed};
use crate::plan::guarding::lines_today;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::area::Area;
use kith_domain::consent::{Basis, Consent, ConsentKind};
use kith_domain::id::{ConsentId, OrganisationId, PersonId, ReferralId, SupporterId};
use kith_domain::record::Saved;
use kith_domain::referral::{Referral, Status};
use kith_domain::sharing::{There, end_to_tell, names_open, to_look_at_again};
use kith_domain::supporter::{Involvement, Supporter};
use kith_domain::time::{Day, Instant};
use std::collections::BTreeMap;

/// Who can see what.
#[derive(Debug)]
pub struct SharingPage {
    /// The name they like to be called.
    pub called: String,
    /// Who holds the plan, and so sees it.
    pub holder: Reader,
    /// Organisations with whom something is shared or was.
    pub organisations: Vec<OrganisationSharing>,
    /// May this reader give or widen, as things stand?
    pub may_give: bool,
    /// Attorneys and deputies whose power was seen and holds: each id, with their name and what
    /// they are.
    pub attorneys: Vec<(SupporterId, String)>,
}

/// One organisation.
#[derive(Debug)]
pub struct OrganisationSharing {
    /// Which.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Whom to ask about what they keep.
    pub ask: Option<String>,
    /// Standing agreements, those that hold first.
    pub standing: Vec<Standing>,
    /// What was sent.
    pub sent: Vec<Sent>,
    /// Who there is named as helping.
    pub involved: Vec<String>,
    /// The headings of what they would see today.
    pub would_see: Vec<String>,
    /// Is there anything to stop?
    pub open: bool,
}

/// A standing agreement.
#[derive(Debug)]
pub struct Standing {
    /// Which.
    pub id: ConsentId,
    /// Its version.
    pub version: u32,
    /// What was agreed.
    pub consent: Consent,
    /// Does it hold now?
    pub holds: bool,
    /// It ends soon, and nobody has spoken about that yet.
    pub ends_soon: bool,
    /// It was decided for the person, and is still to be looked at again.
    pub look_again: bool,
}

/// A packet that was sent.
#[derive(Debug)]
pub struct Sent {
    /// With which request.
    pub referral: ReferralId,
    /// To which service.
    pub service_name: String,
    /// On which day.
    pub on: Option<Day>,
    /// The name and the way to reach them that went with it.
    pub call_them: String,
    /// The way to reach them.
    pub contact: String,
    /// Every line, exactly as it went: heading and words.
    pub lines: Vec<(String, String)>,
    /// When the person stopped it.
    pub stopped: Option<Instant>,
    /// Is the request still going on?
    pub referral_open: bool,
    /// Decided without them, by whom and why; none when they agreed.
    pub decided: Option<(String, String)>,
}

impl Kith {
    /// Who can see what about a person: for themselves, or for a worker with them.
    ///
    /// # Errors
    /// It may not be seen by this reader.
    pub async fn sharing(&self, who: &Principal, person: PersonId) -> Result<SharingPage, CareError> {
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let result = page(&mut look, &about);
        look.finish_with(word_needed(who, result)).await
    }
}

fn page(look: &mut Looking<'_>, about: &About) -> Result<SharingPage, CareError> {
    let person = look.person(about)?;
    let consents = look.all::<Consent>(about)?;
    let mut referrals = look.all::<Referral>(about)?;
    let ask = look.batch.ask(Action::View);
    for r in &mut referrals {
        r.value.packet.lines = lines_today(look, about, r, &ask)?;
    }
    let involved = look.all::<Involvement>(about)?;
    let all = headings(look, about)?;
    let who = look.who;
    let mut by: BTreeMap<OrganisationId, OrganisationSharing> = BTreeMap::new();
    let today = who.partnership.today(who.now);
    for c in consents.iter().filter(|c| c.value.kind == ConsentKind::Standing) {
        let holds = c.value.holds(who.now, today);
        entry(&mut by, who, c.value.organisation).standing.push(Standing {
            id: c.id(),
            version: c.meta.version,
            consent: c.value.clone(),
            holds,
            look_again: to_look_at_again(&c.value, &consents, today, who.partnership.settings()),
            ends_soon: end_to_tell(&c.value, &consents, who.now, today, who.partnership.settings()),
        });
    }
    for r in referrals.iter().filter(|r| r.value.requested_at.is_some()) {
        if let Some(sent) = sent(r, &consents, look.kith.calendar()) {
            entry(&mut by, who, r.value.receiver.organisation).sent.push(sent);
        }
    }
    for i in involved.iter().filter(|i| i.value.in_date(today)) {
        let name = i
            .value
            .worker
            .map_or_else(|| who.partnership.team_name(i.value.team), |w| who.partnership.worker_name(w));
        entry(&mut by, who, i.value.organisation).involved.push(name);
    }
    let holder = plan_reader(who, &person.value);
    by.remove(&holder.organisation_id);
    let mut organisations: Vec<OrganisationSharing> = by.into_values().collect();
    for o in &mut organisations {
        o.would_see = would_see(look, &about.world, &all, o.id);
        o.standing.sort_by_key(|s| (!s.holds, s.consent.from));
        o.open = o.standing.iter().any(|s| s.holds)
            || o.sent.iter().any(|s| s.stopped.is_none() && s.decided.is_none());
    }
    organisations.sort_by(|a, b| (!a.open, &a.name).cmp(&(!b.open, &b.name)));
    let may_give = may_give(look, about);
    let supporters = look.all::<Supporter>(about)?;
    let decides = |s: &&Saved<Supporter>| {
        let s = &s.value;
        s.kind.decides() && s.proof.is_some() && s.holds(who.now, today)
    };
    let attorneys = supporters.iter().filter(decides);
    let attorneys =
        attorneys.map(|s| (s.id(), format!("{}, {}", s.value.name, s.value.kind.title()))).collect();
    Ok(SharingPage { called: person.value.called, holder, organisations, may_give, attorneys })
}

fn may_give(look: &mut Looking<'_>, about: &About) -> bool {
    let ask = look.batch.ask(Action::ManageConsent).with_reason();
    match look.batch.permit_person(&about.world, &ask) {
        Ok(_) => true,
        // They may, once they have signed in again.
        Err(denial) => denial.step_up(),
    }
}

fn entry<'a>(
    by: &'a mut BTreeMap<OrganisationId, OrganisationSharing>,
    who: &Principal,
    id: OrganisationId,
) -> &'a mut OrganisationSharing {
    by.entry(id).or_insert_with(|| {
        let organisation = who.partnership.organisation(id);
        OrganisationSharing {
            id,
            name: organisation.map(|o| o.name.clone()).unwrap_or_default(),
            ask: ask_of(who, id),
            standing: Vec::new(),
            sent: Vec::new(),
            involved: Vec::new(),
            would_see: Vec::new(),
            open: false,
        }
    })
}

/// Whom to ask about what an organisation keeps.
pub(crate) fn ask_of(who: &Principal, id: OrganisationId) -> Option<String> {
    let organisation = who.partnership.organisation(id)?;
    let written = organisation.agreement.as_ref().map(|a| a.data_protection_contact.clone());
    written.filter(|w| !w.trim().is_empty()).or_else(|| organisation.email.clone())
}

/// What went with a request that rests on agreement or on a decision the person was told
/// of. What went without their agreement is told by somebody first, never by a page.
fn sent(
    r: &Saved<Referral>,
    consents: &[Saved<Consent>],
    calendar: &kith_domain::time::Calendar,
) -> Option<Sent> {
    let v = &r.value;
    let (stopped, decided) = match &v.basis {
        Basis::Agreement { consent } => {
            let stopped = consents.iter().find(|c| c.id::<ConsentId>() == *consent)?.value.withdrawn;
            (stopped, None)
        }
        Basis::BestInterests(d) | Basis::Safeguarding(d) | Basis::LifeAtRisk(d) if v.person_may_see() => {
            (None, Some((d.decided_by.clone(), d.why.clone())))
        }
        _ => return None,
    };
    Some(Sent {
        referral: r.id(),
        service_name: v.service_name.clone(),
        on: v.requested_at.map(|at| calendar.day(at)),
        call_them: v.packet.call_them.clone(),
        contact: v.packet.contact.clone(),
        lines: v.packet.lines.iter().map(|l| (l.heading.clone(), l.words.clone())).collect(),
        stopped,
        referral_open: !matches!(v.status, Status::Draft) && !v.status.terminal(),
        decided,
    })
}

/// The areas that can be shared with an organisation today: those of its agreement. With the
/// six comes how to reach the person, without which nobody opens their page.
pub fn areas_with(who: &Principal, organisation: OrganisationId) -> Vec<Area> {
    let today = who.partnership.today(who.now);
    let agreement = who.partnership.organisation(organisation).and_then(|o| o.agreement.as_ref());
    let covered = |area: &Area| agreement.is_some_and(|a| a.in_date(today) && a.areas.contains(area));
    Area::SIX.into_iter().chain([Area::Identity]).filter(covered).collect()
}

/// What a form for sharing with an organisation can offer.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Its name.
    pub name: String,
    /// The areas of its agreement.
    pub areas: Vec<Area>,
    /// The purposes of its own work.
    pub purposes: Vec<String>,
    /// Could anybody there open what is very private, if it were named?
    pub names: bool,
}

/// What can be shared with an organisation today; none where nothing can.
pub fn offer(who: &Principal, organisation: OrganisationId) -> Option<Offer> {
    let found = who.partnership.organisation(organisation)?;
    let (areas, purposes) = (areas_with(who, organisation), purposes_of(who, organisation));
    let agreement = found.agreement.as_ref().filter(|_| !areas.is_empty())?;
    let most = most_there(who, organisation);
    let there = There { agreement: Some(agreement), purposes: &purposes, most: &most };
    let names = names_open(agreement, &there, &areas);
    Some(Offer { name: found.name.clone(), areas, purposes, names })
}
