//! Finding support from a person's need, with what the worker may see of the person; and
//! writing down that nothing here meets it.

use super::{FoundSupport, answer, origin, shelf};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::asking::{said_no_before, tried};
use kith_domain::coming_back::{BadStep, NextStep, goes_on};
use kith_domain::directory::{AdjustmentCode, Language, NeedCode};
use kith_domain::find::{EntryId, Origin, Page, Query, Tried, needs_meant};
use kith_domain::id::{NeedId, PersonId, ServiceId};
use kith_domain::need::{Need, UnmetReason};
use kith_domain::person::Person;
use kith_domain::place::Postcode;
use kith_domain::record::Saved;
use kith_domain::referral::Referral;
use kith_domain::time::Day;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a worker may add to a search that starts from a need.
#[derive(Clone, Debug, Default)]
pub struct NeedSearch {
    /// Words instead of those of the need.
    pub words: Option<String>,
    /// No further than this, in metres.
    pub within_m: Option<f64>,
    /// Leave out what is full.
    pub only_open: bool,
    /// Show also what was asked before.
    pub again: bool,
    /// How much of the answer is wanted, besides what was asked before.
    pub page: Page,
}

/// Where the search starts from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum From {
    /// The person's postcode.
    Postcode,
    /// Their neighbourhood.
    Neighbourhood,
    /// It is not known, or not for this search.
    Nowhere,
    /// Where they live is sealed and is never used.
    Sealed,
}

/// What there is for a need.
#[derive(Clone, Debug)]
pub struct ForNeed {
    /// Whose need.
    pub person: PersonId,
    /// The name they like to be called.
    pub called: String,
    /// The need.
    pub need: Saved<Need>,
    /// May this reader write down that nothing meets it?
    pub may_change: bool,
    /// Who has it, for a reader who may not.
    pub held_by: String,
    /// What to offer and what not.
    pub found: FoundSupport,
    /// Where it starts from.
    pub from: From,
    /// Adjustments that were asked for.
    pub adjustments: Vec<AdjustmentCode>,
    /// The language that was asked for.
    pub language: Option<String>,
    /// Whether the age was known and used.
    pub age_used: bool,
}

impl Kith {
    /// Services and groups for a person's need, best first, with reasons, and what was
    /// asked before with why it is not offered again.
    ///
    /// # Errors
    /// There is no such need, or none that this worker may know of.
    pub async fn find_for_need(
        &self,
        who: &Principal,
        person: PersonId,
        need: NeedId,
        search: &NeedSearch,
    ) -> Result<ForNeed, CareError> {
        let mut look = self.look(who).await?;
        let result = for_need(&mut look, person, need, search).await;
        look.finish_with(result).await
    }

    /// Writes down that nothing here meets a need: why, where it is counted, and the day
    /// somebody looks again.
    ///
    /// # Errors
    /// The day cannot be, the need is not open, somebody saved it meanwhile, or it is not
    /// this worker's to change.
    #[expect(clippy::too_many_arguments, reason = "a form with two answers, and what makes it safe to send")]
    pub async fn record_unmet(
        &self,
        who: &Principal,
        person: PersonId,
        need: NeedId,
        version: u32,
        reason: UnmetReason,
        review_on: Day,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Need>(need, Action::Update)?;
        Changing::expect_version(&saved, version)?;
        let (place, heard_at) = match change.open_person(Action::View) {
            Ok(about) => (neighbourhood(&mut change, &about.value).await?, about.value.heard_at),
            Err(_) => (None, None),
        };
        let (today, settings) = (who.partnership.today(who.now), who.partnership.settings());
        let step = NextStep::Unmet { reason, review_on };
        let unmet = goes_on(
            &saved.value,
            &step,
            place.as_deref(),
            (reason.title(), heard_at),
            who.now,
            today,
            settings,
        )
        .map_err(|why| match why {
            BadStep::Review { .. } | BadStep::NextDate(_) => CareError::field("review", format!("{why}.")),
            BadStep::NotOpen => CareError::refused(format!("{why}.")),
        })?;
        change.save("need is not met by anything here", &saved, &unmet, None).await?;
        change.finish(&format!("/people/{person}/needs/{need}/find")).await
    }
}

/// The neighbourhood in which the person's needs are counted; none where it is sealed or
/// not known.
async fn neighbourhood(change: &mut Changing<'_>, person: &Person) -> Result<Option<String>, CareError> {
    let Some(address) = person.address.known().filter(|_| !person.address_sealed) else { return Ok(None) };
    match (&address.place, &address.postcode) {
        (Some(place), _) => Ok(Some(place.clone())),
        (None, Some(postcode)) => origin::neighbourhood_of(&mut change.tx, postcode).await,
        (None, None) => Ok(None),
    }
}

async fn for_need(
    look: &mut Looking<'_>,
    person: PersonId,
    need: NeedId,
    search: &NeedSearch,
) -> Result<ForNeed, CareError> {
    let about = look.about(person).await?;
    let saved = look.person(&about)?;
    let ask = look.batch.ask(Action::View);
    let need = look.one::<Need>(&about, need, &ask)?;
    let may_change = look.may_open::<Need>(&about, need.meta.id, Action::Update);
    let held_by = look.who.partnership.holder_name(&need.value.holder, look.who.now);
    let referrals: Vec<Saved<Referral>> = look.all(&about)?;
    let (start, from) = start_of(look, &saved.value).await?;
    let today = look.who.partnership.today(look.who.now);
    let mut query = query_for(&saved.value, &need.value, search, today);
    query.from = start;
    let calendar = look.kith.calendar();
    let asked = referrals.iter().map(|r| r.value.service);
    let said_no = need.value.said_no_to.iter().map(|no| no.service);
    let services: BTreeSet<ServiceId> = asked.chain(said_no).collect();
    let before = services.into_iter().map(|id| {
        let mut all = said_no_before(id, std::slice::from_ref(&need));
        all.extend(tried(id, &referrals, today, calendar));
        (EntryId::Service(id), all)
    });
    let before: BTreeMap<EntryId, Vec<Tried>> = before.filter(|(_, all)| !all.is_empty()).collect();
    // Whatever was asked before is always shown.
    let page = Page { excluded: search.page.excluded + before.len(), ..search.page };
    let who = look.who;
    let found = shelf::search(look, |index| answer(who, &query, &before, index, page)).await?;
    Ok(ForNeed {
        person,
        called: saved.value.called,
        need,
        may_change,
        held_by,
        found,
        from,
        adjustments: query.adjustments,
        language: query.language.map(|l| l.0),
        age_used: query.age.is_some(),
    })
}

async fn start_of(look: &mut Looking<'_>, person: &Person) -> Result<(Origin, From), CareError> {
    if person.address_sealed {
        return Ok((Origin::default(), From::Sealed));
    }
    let Some(address) = person.address.known() else { return Ok((Origin::default(), From::Nowhere)) };
    if let Some(postcode) = address.postcode.as_deref().and_then(|p| Postcode::parse(p).ok())
        && let Some(origin) = origin::of_postcode(&mut look.tx, &postcode).await?
    {
        return Ok((origin, From::Postcode));
    }
    if let Some(place) = &address.place
        && let Some(origin) = origin::of_neighbourhood(&mut look.tx, place).await?
    {
        return Ok((origin, From::Neighbourhood));
    }
    Ok((Origin::default(), From::Nowhere))
}

/// What is asked for. The need's code says it best; without one, or with other words, the
/// words do; where they mean nothing that is known, the area of life does.
fn query_for(person: &Person, need: &Need, search: &NeedSearch, today: Day) -> Query {
    let code = need.code.as_deref().and_then(|c| NeedCode::parse(c).ok());
    let (code, words) = match (&search.words, code) {
        (Some(words), _) => (None, words.clone()),
        (None, Some(code)) => (Some(code), String::new()),
        (None, None) => (None, need.words.clone()),
    };
    let in_area_only = code.is_none() && search.words.is_none() && needs_meant(&words).is_empty();
    Query {
        need: code,
        area: in_area_only.then_some(need.area),
        words,
        within_m: search.within_m,
        adjustments: person.adjustments.iter().filter_map(|a| AdjustmentCode::parse(a).ok()).collect(),
        language: person.language.clone().map(Language),
        age: person.birth.age(today),
        only_open: search.only_open,
        again: search.again,
        ..Query::default()
    }
}
