//! Needs: raised in the person's words with a first step, moved with a reason, and ended
//! the way the person says.

use super::drafts::add_form;
use super::{at_field, own_holder, spoken_to};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::Looking;
use crate::people::details::next_field;
use crate::principal::Principal;
use crate::referral::sender;
use kith_access::Action;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::holding::may_hold;
use kith_domain::id::{NeedId, PersonId};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::{BadNextDate, check_next_date, move_next_date};
use kith_domain::person::Person;
use kith_domain::plan::{Part, Step, Telling};
use kith_domain::planning;
use kith_domain::record::{Author, Saved};
use kith_domain::referral::{Referral, Status};
use kith_domain::time::Day;
use uuid::Uuid;

/// A need to be written down.
#[derive(Clone, Debug)]
pub struct NewNeed {
    /// In which area of life.
    pub area: Area,
    /// In the person's words.
    pub words: String,
    /// A code from the list of needs.
    pub code: Option<String>,
    /// What happens next.
    pub next_what: String,
    /// On which day.
    pub next_on: Day,
}

/// What is done with a need.
#[derive(Clone, Debug)]
pub enum NeedChange {
    /// The next date moves: what, when, why.
    Next(String, Day, String),
    /// It was met on a day, in the person's words.
    Met(Day, Option<String>),
    /// The person said not now; ask once on this day.
    NotNow(Day),
    /// The person said no; and what becomes of what was asked for it.
    SaidNo(Option<Asked>),
    /// It is over; and what becomes of what was asked for it.
    Finished(Option<Asked>),
    /// They want help with it again: what happens next and when.
    Wanted(String, Day),
}

/// What becomes of requests that go on when their need ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked {
    /// They are taken back, and whoever was asked is told.
    Back,
    /// The person still wants them.
    Stays,
}

/// A need with what is done about it.
#[derive(Debug)]
pub struct NeedPage {
    /// Whose it is.
    pub person: Saved<Person>,
    /// The need.
    pub need: Saved<Need>,
    /// Steps for it.
    pub steps: Vec<Saved<Step>>,
    /// Places they were told about for it.
    pub tellings: Vec<Saved<Telling>>,
    /// Referrals for it.
    pub referrals: Vec<Saved<Referral>>,
    /// May this reader change it?
    pub may_change: bool,
}

/// How private something in this area usually is.
pub(crate) fn usual_sensitivity(area: Area) -> Sensitivity {
    Part::Area.usual_label(Some(area)).1
}

/// A refused next date, at its field.
fn at_next(why: BadNextDate) -> CareError {
    CareError::field(if next_field(&why) == "on" { "next" } else { next_field(&why) }, format!("{why}."))
}

impl Kith {
    /// Writes down a need. It is held by whoever writes it, from the first moment.
    ///
    /// # Errors
    /// The next date cannot be, or it is refused.
    pub async fn add_need(
        &self,
        who: &Principal,
        person: PersonId,
        new: &NewNeed,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        let today = who.partnership.today(who.now);
        let next = check_next_date(&new.next_what, new.next_on, today, who.partnership.settings())
            .map_err(at_next)?;
        let holder = own_holder(who)?;
        may_hold(&who.partnership.facts, &holder, false, today)
            .map_err(|why| CareError::refused(format!("{why}.")))?;
        let need = Need {
            area: new.area,
            words: new.words.clone(),
            code: new.code.clone(),
            sensitivity: usual_sensitivity(new.area),
            categories: Vec::new(),
            raised_at: who.now,
            status: NeedStatus::Open,
            holder,
            next,
            unmet: None,
            said_no_to: Vec::new(),
            follows_help: false,
            guard: Default::default(),
        };
        match self.change(who, person, submission).await? {
            Begun::Before(answer) => Ok(answer),
            Begun::Go(mut change) => {
                let id: NeedId = self.new_id();
                let words_of = Some(Author::Person { person });
                change
                    .create_with_id(id, "need raised", organisation, &need, Action::Create, words_of)
                    .await?;
                change.forget_draft(&add_form(person, "needs")).await?;
                change.finish(&format!("/people/{person}/needs/{id}")).await
            }
        }
    }

    /// A need with its steps, tellings and referrals.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn need_page(
        &self,
        who: &Principal,
        person: PersonId,
        need: NeedId,
    ) -> Result<NeedPage, CareError> {
        let mut look = self.look(who).await?;
        let result = page(&mut look, person, need).await;
        look.finish_with(result).await
    }

    /// Changes a need.
    ///
    /// # Errors
    /// Somebody changed it in between, a day cannot be, or it is refused.
    pub async fn change_need(
        &self,
        who: &Principal,
        person: PersonId,
        (need, version): (NeedId, u32),
        what: NeedChange,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let today = who.partnership.today(who.now);
        let settings = who.partnership.settings();
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Need>(need, Action::Update)?;
        Changing::expect_version(&saved, version)?;
        let n = &saved.value;
        let (word, after, theirs) = match what {
            NeedChange::Next(what, on, reason) => {
                let heard_at = change.open_person(Action::View).ok().and_then(|p| p.value.heard_at);
                let next = move_next_date(&n.next, (&what, on), &reason, heard_at, who.now, today, settings)
                    .map_err(at_next)?;
                ("need moved", Need { next, follows_help: false, ..n.clone() }, false)
            }
            NeedChange::Met(on, words) => {
                ("need met", planning::need_met(n, on, words, today).map_err(at_field("met"))?, true)
            }
            NeedChange::NotNow(until) => {
                let after = planning::need_not_now(n, until, today, settings).map_err(at_field("until"))?;
                ("said not now", after, true)
            }
            NeedChange::SaidNo(asked) => {
                requests(self, &mut change, need, asked, true).await?;
                ("said no", planning::need_said_no(n, today).map_err(at_field("what"))?, true)
            }
            NeedChange::Finished(asked) => {
                requests(self, &mut change, need, asked, false).await?;
                ("need over", planning::need_finished(n, today).map_err(at_field("what"))?, false)
            }
            NeedChange::Wanted(what, on) => {
                let next = check_next_date(&what, on, today, settings).map_err(at_next)?;
                ("need open again", planning::need_wanted(n, next), true)
            }
        };
        change.save(word, &saved, &after, theirs.then_some(Author::Person { person })).await?;
        if theirs {
            spoken_to(&mut change).await?;
        }
        change.finish(&format!("/people/{person}/needs/{need}")).await
    }
}

/// Was it sent, and has it not ended?
pub fn goes_on(request: &Referral) -> bool {
    !request.status.terminal() && request.status != Status::Draft
}

/// Nobody goes on contacting a person about a need that has ended, unless the person wants it so.
async fn requests(
    kith: &Kith,
    change: &mut Changing<'_>,
    need: NeedId,
    asked: Option<Asked>,
    said_no: bool,
) -> Result<(), CareError> {
    let mut open: Vec<Saved<Referral>> = change.all(Action::View)?;
    open.retain(|r| r.value.need == need && goes_on(&r.value));
    match asked {
        _ if open.is_empty() => Ok(()),
        Some(Asked::Stays) => Ok(()),
        Some(Asked::Back) => {
            for request in &open {
                sender::take_back(kith, change, request, said_no).await?;
            }
            Ok(())
        }
        None => Err(CareError::field("asked", "Say what happens to what was asked for.")),
    }
}

async fn page(look: &mut Looking<'_>, person: PersonId, need: NeedId) -> Result<NeedPage, CareError> {
    let about = look.about(person).await?;
    let saved = look.person(&about)?;
    let ask = look.batch.ask(Action::View);
    let found = look.one::<Need>(&about, need, &ask)?;
    let mut steps: Vec<Saved<Step>> = look.all(&about)?;
    steps.retain(|s| s.value.need == Some(need));
    let mut tellings: Vec<Saved<Telling>> = look.all(&about)?;
    tellings.retain(|t| t.value.need == Some(need));
    let mut referrals: Vec<Saved<Referral>> = look.all(&about)?;
    referrals.retain(|r| r.value.need == need);
    let may_change = look.may_open::<Need>(&about, need, Action::Update);
    Ok(NeedPage { person: saved, need: found, steps, tellings, referrals, may_change })
}
