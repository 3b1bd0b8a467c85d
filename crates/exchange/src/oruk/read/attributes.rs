//! Attributes: codes that we know, and words that we do not. A term is known by its code, its
//! id or its address; one that nobody here knows becomes a word by which the entry is found.

use super::clean::{Remarks, known, list, moment};
use crate::oruk::esd;
use crate::oruk::publish::CANNOT;
use crate::oruk::terms::{self, Fact, List, Term};
use kith_domain::area::Area;
use kith_domain::directory::{
    AdjustmentCode, Capacity, Delivery, GenderPolicy, InterestCode, Joining, Known, NeedCode, Offer, Space,
    Welcome, WorkKind, WrittenDown,
};
use kith_domain::text;
use serde_json::Value;
use uuid::Uuid;

/// What the attributes of an entry say.
#[derive(Default)]
pub(super) struct Said {
    /// Kith wrote it.
    pub(super) own: bool,
    pub(super) group: bool,
    pub(super) areas: Vec<Area>,
    pub(super) needs: Vec<NeedCode>,
    pub(super) keywords: Vec<String>,
    pub(super) interests: Vec<InterestCode>,
    pub(super) promised: Vec<AdjustmentCode>,
    pub(super) cannot: Vec<AdjustmentCode>,
    pub(super) delivery: Vec<Delivery>,
    pub(super) joining: Vec<Joining>,
    pub(super) capacity: Capacity,
    pub(super) gender: GenderPolicy,
    pub(super) substance_use_ok: Known,
    pub(super) needs_diagnosis: Known,
    pub(super) not_for: Vec<String>,
    pub(super) run_by: String,
    pub(super) welcome: Welcome,
    pub(super) written_down: WrittenDown,
    pub(super) tell_first: bool,
    pub(super) closed_on_holidays: bool,
    /// The kind of entry, where Kith wrote it.
    kind: String,
    hours: String,
    from_ward: Known,
    expenses: Known,
    paid: Known,
    work: Option<WorkKind>,
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

pub(super) fn read(attributes: &Value, remarks: &mut Remarks) -> Said {
    let mut said = Said::default();
    let all = || list(attributes).iter().filter(|a| a.is_object());
    said.own = all().any(|a| term_of(a).is_some_and(|t| t.list == List::EntryKind));
    for attribute in all() {
        let value = remarks.text("attributes", &attribute["value"], text::WORDS, true).unwrap_or_default();
        match term_of(attribute) {
            Some(term) => said.take(term, value),
            None => {
                let term = &attribute["taxonomy_term"];
                let name = remarks.text("attributes", &term["name"], text::LINE, false);
                let name =
                    name.or_else(|| remarks.text("attributes", &attribute["label"], text::LINE, false));
                if let Some(name) = name {
                    push(&mut said.keywords, name);
                }
            }
        }
    }
    let promised = said.promised.clone();
    said.cannot.retain(|c| !promised.contains(c));
    said
}

/// The term that an attribute names, when we know it.
fn term_of(attribute: &Value) -> Option<&'static Term> {
    let term = &attribute["taxonomy_term"];
    let ids = [&attribute["taxonomy_term_id"], &term["id"]];
    let by_id = ids.into_iter().filter_map(|v| v.as_str()?.parse::<Uuid>().ok()).find_map(terms::by_id);
    let by_code = || term["code"].as_str().and_then(terms::by_curie);
    let by_address = || {
        let uri = [&term["term_uri"], &term["uri"], &term["code"], &term["id"]];
        uri.into_iter().find_map(|v| esd_number(v.as_str()?))
    };
    by_id.or_else(by_code).or_else(by_address)
}

/// `http://id.esd.org.uk/service/651`, `esdServiceType:651`.
fn esd_number(text: &str) -> Option<&'static Term> {
    let tail = text.rsplit_once("id.esd.org.uk/service/").map(|(_, n)| n);
    let tail = tail.or_else(|| text.strip_prefix("esdServiceType:"))?;
    terms::by_code(List::ServiceTypes, tail.trim().trim_end_matches('/'))
}

impl Said {
    fn take(&mut self, term: &Term, value: String) {
        let code = term.code.as_str();
        match term.list {
            List::EntryKind => {
                self.group |= code == "group";
                self.kind = code.to_owned();
            }
            List::Needs => NeedCode::parse(code).into_iter().for_each(|n| push(&mut self.needs, n)),
            List::Areas => Area::from_code(code).into_iter().for_each(|a| push(&mut self.areas, a)),
            List::Interests => {
                InterestCode::parse(code).into_iter().for_each(|i| push(&mut self.interests, i));
            }
            List::Adjustments => {
                let into = if value == CANNOT { &mut self.cannot } else { &mut self.promised };
                AdjustmentCode::parse(code).into_iter().for_each(|a| push(into, a));
            }
            List::Delivery => Delivery::from_code(code).into_iter().for_each(|d| push(&mut self.delivery, d)),
            List::Joining => Joining::from_code(code).into_iter().for_each(|j| push(&mut self.joining, j)),
            List::Space => {
                self.capacity.space = match code {
                    "open" => Space::Open,
                    "waiting_list" => Space::WaitingList,
                    "full" => Space::Full { until: value.parse().ok() },
                    _ => Space::AssessmentFirst,
                }
            }
            List::Gender => {
                self.gender = match code {
                    "everyone" => GenderPolicy::Everyone,
                    "women" => GenderPolicy::Women { policy: value },
                    "men" => GenderPolicy::Men { policy: value },
                    _ => GenderPolicy::Other { policy: value },
                }
            }
            // Kith writes the needs themselves beside the types; another's types are all
            // there is.
            List::ServiceTypes if self.own => {}
            List::ServiceTypes => {
                push(&mut self.keywords, term.name.clone());
                let kind = code.parse().ok().and_then(esd::find);
                kind.into_iter().flat_map(|k| k.need_codes()).for_each(|n| push(&mut self.needs, n));
            }
            List::Facts => self.fact(code, value),
        }
    }

    /// What it offers.
    pub(super) fn offer(&self) -> Offer {
        let hours = self.hours.clone();
        match (self.kind.as_str(), self.work) {
            ("volunteering", _) => {
                Offer::Volunteering { hours, from_ward: self.from_ward, expenses: self.expenses }
            }
            ("work", kind) => Offer::Work { kind: kind.unwrap_or(WorkKind::Job), hours, paid: self.paid },
            _ => Offer::Support,
        }
    }

    fn fact(&mut self, code: &str, value: String) {
        let Some(fact) = Fact::ALL.into_iter().find(|f| f.code() == code) else { return };
        let answer = known(&Value::String(value.clone()));
        match fact {
            Fact::SubstanceUseOk => self.substance_use_ok = answer,
            Fact::NeedsDiagnosis => self.needs_diagnosis = answer,
            Fact::NotFor => push(&mut self.not_for, value),
            Fact::Keyword => push(&mut self.keywords, value),
            Fact::SpaceNote => self.capacity.note = value,
            Fact::SpaceSaidAt => self.capacity.said_at = moment(&value),
            Fact::RunBy => self.run_by = value,
            Fact::SomeoneMeetsYou => self.welcome.someone_to_meet_you = answer,
            Fact::WhoMeetsYou => self.welcome.who_meets_you = value,
            Fact::UsualSize => self.welcome.usual_size = value.parse().ok(),
            Fact::Quiet => self.welcome.quiet = answer,
            Fact::StepFree => self.welcome.step_free = answer,
            Fact::BringSomeone => self.welcome.bring_someone = answer,
            Fact::JustWatch => self.welcome.just_watch = answer,
            Fact::LeaveAnyTime => self.welcome.leave_any_time = answer,
            Fact::FirstVisit => self.welcome.text = value,
            Fact::WrittenDown => {
                let all = [
                    WrittenDown::HeadCount,
                    WrittenDown::Nothing,
                    WrittenDown::FirstNames,
                    WrittenDown::NamesIfAgreed,
                ];
                let found = all.into_iter().find(|w| crate::oruk::publish::written_down(*w) == value);
                self.written_down = found.unwrap_or_default();
            }
            Fact::TellFirst => self.tell_first = answer == Known::Yes,
            Fact::ClosedOnHolidays => self.closed_on_holidays = answer == Known::Yes,
            Fact::Hours => self.hours = value,
            Fact::FromWard => self.from_ward = answer,
            Fact::Expenses => self.expenses = answer,
            Fact::Paid => self.paid = answer,
            Fact::WorkKind => self.work = WorkKind::from_code(&value),
            // Said where the place and the cost are.
            Fact::PrivatePlace | Fact::Free => {}
        }
    }
}

/// Does a place say that it is kept secret?
pub(super) fn is_private(attributes: &Value) -> bool {
    list(attributes)
        .iter()
        .filter_map(term_of)
        .any(|t| t.list == List::Facts && t.code == Fact::PrivatePlace.code())
}
