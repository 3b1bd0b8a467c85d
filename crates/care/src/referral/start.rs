//! Before any form: can this service be asked, why it fits or not, what came of asking
//! before, and how long people wait.

use super::draft::{self, Asking};
use super::words::{self, State};
use crate::error::CareError;
use crate::kith::Kith;
use crate::principal::Principal;
use kith_domain::area::Sensitivity;
use kith_domain::asking::{MayAsk, may_ask, said_no_before, together, tried};
use kith_domain::directory::{AdjustmentCode, Language, NeedCode};
use kith_domain::find::{
    Candidate, Config, Entry, Kinds, MeasuredWait, Query, Reason, ReasonKind, Tone, rank,
};
use kith_domain::id::{NeedId, PersonId, ReferralId, ServiceId};
use kith_domain::moves::Whole;
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::words_of;
use kith_domain::record::{Label, Saved};
use kith_domain::referral::Referral;
use kith_domain::time::Day;
use std::collections::BTreeMap;

/// What the first page of asking shows.
pub struct Starting {
    /// What the person likes to be called.
    pub called: String,
    /// The need.
    pub need: Saved<Need>,
    /// The service's name.
    pub service: String,
    /// What it does.
    pub description: String,
    /// The organisation that runs it.
    pub organisation: String,
    /// Can it be asked today?
    pub may_ask: MayAsk,
    /// Why it fits, or not, in words.
    pub reasons: Vec<(Tone, String)>,
    /// How long people really waited, as far as enough people have been.
    pub wait: String,
    /// It has been asked already, and that is open.
    pub open: Option<ReferralId>,
    /// Others asked for the same need.
    pub others: Vec<Other>,
    /// What those say together.
    pub together: Option<String>,
    /// Something was chosen before and not sent.
    pub draft: bool,
    /// It answers by a link in an email.
    pub by_link: bool,
}

/// Another service asked for the same need.
pub struct Other {
    /// The referral.
    pub referral: ReferralId,
    /// The service's name.
    pub service: String,
    /// Where it stands.
    pub state: State,
}

impl Kith {
    /// Whether and why a service can be asked for a need.
    ///
    /// # Errors
    /// There is no such person, need or service for this actor.
    pub async fn start_referral(
        &self,
        who: &Principal,
        person: PersonId,
        need: NeedId,
        service: ServiceId,
    ) -> Result<Starting, CareError> {
        let mut look = self.look(who).await?;
        let result = draft::load(&mut look, person, need, service).await;
        let result = result.map(|asking| starting(self, who, &asking));
        look.finish_with(result).await
    }
}

fn starting(kith: &Kith, who: &Principal, asking: &Asking) -> Starting {
    let today = kith.calendar().day(who.now);
    let (reasons, wait) = reasons(asking, today, kith, &kith.measured_waits(who.now));
    let open = asking
        .referrals
        .iter()
        .find(|r| r.value.service == asking.to.service_id && !r.value.status.terminal());
    let of_need: Vec<&Saved<Referral>> =
        asking.referrals.iter().filter(|r| r.value.need == asking.need.id::<NeedId>()).collect();
    let others = of_need.iter().filter(|r| r.value.service != asking.to.service_id).map(|r| Other {
        referral: r.id(),
        service: r.value.service_name.clone(),
        state: words::for_worker(&r.value, today, kith.calendar()),
    });
    let values: Vec<&Referral> = of_need.iter().map(|r| &r.value).collect();
    Starting {
        called: asking.parts.person.value.called.clone(),
        need: asking.need.clone(),
        service: asking.to.service.value.name.clone(),
        description: asking.to.service.value.description.clone(),
        organisation: asking.to.organisation.as_ref().map_or_else(String::new, |o| o.name.clone()),
        may_ask: why_for_need(asking, who, today),
        reasons,
        wait,
        open: open.map(Saved::id),
        others: others.collect(),
        together: together(&values).map(together_words),
        draft: asking.draft.is_some(),
        by_link: asking.to.by_link(),
    }
}

/// Can it be asked for this need: not once the need is over, for whatever page was left open.
pub(crate) fn why_for_need(asking: &Asking, who: &Principal, today: Day) -> MayAsk {
    match over_since(&asking.need.value) {
        Some(words) => MayAsk::No(words),
        None => why(asking, who, today),
    }
}

/// Since when a need is no longer open, and how it ended; none for one that is.
fn over_since(need: &Need) -> Option<String> {
    Some(match &need.status {
        NeedStatus::Open => return None,
        NeedStatus::Met { on, .. } => format!("Met on {}", words_of(*on)),
        NeedStatus::NotNow { until } => format!("They said not now. Ask once on {}", words_of(*until)),
        NeedStatus::SaidNo { on } => format!("They said no to help with it on {}", words_of(*on)),
        NeedStatus::Finished { on } => format!("Over since {}", words_of(*on)),
    })
}

/// Can it be asked: what the directory says, and whether anybody there may be told of a
/// need in this area of life at all.
pub(crate) fn why(asking: &Asking, who: &Principal, today: Day) -> MayAsk {
    let to = &asking.to;
    if to.service.value.replaced_by.is_some() {
        let name = to.one_with.as_deref().unwrap_or("another entry");
        return MayAsk::No(format!("It is one with {name} now. Ask there: what was written here stays"));
    }
    let open =
        asking.referrals.iter().any(|r| r.value.service == to.service_id && !r.value.status.terminal());
    if open {
        return MayAsk::No("It has been asked already. The answer is awaited, or help has started".into());
    }
    match may_ask(&to.service.value, to.organisation.as_ref(), to.team.as_ref(), today) {
        MayAsk::Yes => match to.beyond(&Label::of(asking.need.value.area, Sensitivity::S1), who.now) {
            Some(why) => MayAsk::No(why),
            None => MayAsk::Yes,
        },
        other => other,
    }
}

/// The reasons of the search for this one service, and how long people wait.
fn reasons(
    asking: &Asking,
    today: Day,
    kith: &Kith,
    waits: &BTreeMap<ServiceId, MeasuredWait>,
) -> (Vec<(Tone, String)>, String) {
    let person = &asking.parts.person.value;
    let need = &asking.need.value;
    let query = Query {
        need: need.code.as_deref().and_then(|c| NeedCode::parse(c).ok()),
        area: Some(need.area),
        adjustments: person.adjustments.iter().filter_map(|c| AdjustmentCode::parse(c).ok()).collect(),
        language: person.language.clone().map(Language),
        age: person.birth.age(today),
        kinds: Kinds::Services,
        again: true,
        ..Query::default()
    };
    let entry = Entry::Service(asking.to.service_id, Box::new(asking.to.service.value.clone()));
    let mut candidate = Candidate::new(entry, asking.to.name());
    candidate.space_said = asking.to.service.value.capacity.said_at.map(|at| kith.calendar().day(at));
    candidate.tried = said_no_before(asking.to.service_id, &asking.parts.needs);
    candidate.tried.extend(tried(asking.to.service_id, &asking.referrals, today, kith.calendar()));
    candidate.wait = waits.get(&asking.to.service_id).copied();
    let found = rank(&query, &[candidate], &Config::default(), today);
    let (waits, good): (Vec<Reason>, Vec<Reason>) =
        found.ranked.into_iter().flat_map(|f| f.reasons).partition(|r| r.kind == ReasonKind::Wait);
    let bad = found.excluded.into_iter().flat_map(|e| e.causes);
    let all = good
        .into_iter()
        .map(|r| (r.tone, r.words))
        .chain(bad.map(|c| (Tone::Against, c.words.trim_end_matches('.').to_owned())));
    let wait = waits.into_iter().next().map(|r| r.words);
    let wait = wait.unwrap_or_else(|| "Too few people have been for an honest wait to be told".into());
    (all.collect(), wait)
}

fn together_words(whole: Whole) -> String {
    match whole {
        Whole::Stays => "Nothing is decided yet.".into(),
        Whole::Decide => "All of them have ended without help. Choose what comes next.".into(),
        Whole::Is(status) => format!("Taken together: {}.", kith_domain::text::lower(status.title())),
    }
}
