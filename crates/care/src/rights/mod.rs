//! My rights: what a person asks for about their information and their care, and those who
//! answer it. Whoever is complained about does not learn of it here; the days of the law are
//! `domain`'s, and the record behind a copy opens only after a second person agreed.

pub mod copy;
pub mod mine;
pub mod plain;

use crate::change::Begun;
use crate::coming_in::reference;
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::About;
use crate::principal::Principal;
use crate::telling_outside::person_as_job;
use kith_access::{Action, Guarded};
use kith_domain::id::{PersonId, RecordId, WorkerId};
use kith_domain::link;
use kith_domain::record::{Author, Record, Saved};
use kith_domain::right::deal::{self, NotDealt};
use kith_domain::right::{LineFate, Right, RightKind, RightOutcome, RightRule, rule};
use std::collections::BTreeMap;
use uuid::Uuid;

pub use mine::{Asking, Heard, MyRight, MyRights};

/// Requests on one list.
const MOST: u32 = 100;

/// What is done with something that was asked for by right.
#[derive(Clone, Debug)]
pub enum RightDeal {
    /// Tell the person that it is there.
    TellThem(String),
    /// Say that it takes longer, and why.
    MoreTime(String),
    /// Ask a second person whether the record may be opened.
    AskSecond(WorkerId),
    /// The second person: it may be opened.
    LetOpen,
    /// Decide about a line: a record, the version that was read, what happens with it.
    Line(RecordId, u32, LineFate),
    /// Ask the second person whether it may go.
    AskRelease,
    /// The second person: it may go, or what has to change first.
    Release(Option<String>),
    /// It was given.
    Gave,
    /// End it with an answer.
    End(RightOutcome, String),
}

/// Who somebody is to a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Answers it.
    Answers,
    /// Is the second person over a copy.
    Second,
}

/// One request, for those who answer it.
#[derive(Debug)]
pub struct RightPage {
    /// The request.
    pub right: Saved<Right>,
    /// Whose it is.
    pub person: PersonId,
    /// The short reference of the person.
    pub reference: String,
    /// Who the reader is to it.
    pub part: Part,
    /// Who may be the second person, by name.
    pub seconds: Vec<(WorkerId, String)>,
    /// The days, and where they come from.
    pub rule: RightRule,
}

/// That there is a request is nobody's to know but those it is for (rule K4).
pub(crate) fn hidden(error: CareError) -> CareError {
    match error {
        CareError::Forbidden(_) => CareError::Missing,
        other => other,
    }
}

fn at_field(why: NotDealt) -> CareError {
    let field = match why {
        NotDealt::NoWords => "words",
        NotDealt::NotASecond => "second",
        NotDealt::NothingLeftOut => "left_out",
        NotDealt::NoOutcome | NotDealt::NotGiven => "outcome",
        _ => return CareError::refused(format!("{why}.")),
    };
    CareError::field(field, format!("{why}."))
}

fn word(what: &RightDeal) -> &'static str {
    match what {
        RightDeal::TellThem(_) => "they were told it is there",
        RightDeal::MoreTime(_) => "more time was said",
        RightDeal::AskSecond(_) => "a second person was asked",
        RightDeal::LetOpen => "second person: may be opened",
        RightDeal::Line(..) => "a line of a copy was decided",
        RightDeal::AskRelease => "asked whether the copy may go",
        RightDeal::Release(None) => "second person: may go",
        RightDeal::Release(Some(_)) => "second person: something has to change",
        RightDeal::Gave => "the copy was given",
        RightDeal::End(..) => "a request by right was answered",
    }
}

/// Does the person read something new after this?
fn tells_them(what: &RightDeal) -> bool {
    matches!(what, RightDeal::TellThem(_) | RightDeal::MoreTime(_) | RightDeal::End(..))
}

fn dealt(who: &Principal, r: &Right, what: &RightDeal, kept: &[(RecordId, u32)]) -> Result<Right, CareError> {
    let (me, _) = who.worker()?;
    let p = &who.partnership.facts;
    let now = who.now;
    match what {
        RightDeal::TellThem(words) => deal::tell_them(r, me, words, now),
        RightDeal::MoreTime(words) => deal::more_time(r, me, words, now, (&p.calendar, p.settings())),
        RightDeal::AskSecond(second) => deal::ask_second(r, me, *second, p, now),
        RightDeal::LetOpen => deal::let_open(r, me, now),
        RightDeal::Line(item, version, fate) => {
            deal::decide_line(r, me, (*item, *version), fate.clone(), now)
        }
        RightDeal::AskRelease => deal::ask_release(r, me, kept, now),
        RightDeal::Release(change) => deal::answer_release(r, me, change.as_deref(), now),
        RightDeal::Gave => deal::gave(r, me, kept, now),
        RightDeal::End(outcome, answer) => deal::end(r, me, *outcome, answer, now),
    }
    .map_err(at_field)
}

impl Kith {
    /// The requests of whoever asks: those they answer, and those they are the second person
    /// over; open ones first, the next day first.
    ///
    /// # Errors
    /// It is not a worker who asks, or the database could not be read.
    pub async fn rights_with_me(&self, who: &Principal) -> Result<Vec<Saved<Right>>, CareError> {
        let (me, _) = who.worker()?;
        let mut look = self.look(who).await?;
        let ask = look.batch.ask(Action::View);
        let mut found: BTreeMap<RecordId, Saved<Right>> = BTreeMap::new();
        for role in [link::HOLDER_LEAD, link::OWNER_WORKER] {
            let near: Vec<Guarded<Saved<Right>>> = look.tx.list_linked(role, me, false, MOST).await?;
            for guarded in near {
                let Some(person) = guarded.item().person else { continue };
                let world = look.about(person).await?.world;
                let Some(right) = look.listed(&world, guarded, &ask) else { continue };
                found.insert(right.meta.id, right);
            }
        }
        look.finish().await?;
        let mut all: Vec<Saved<Right>> = found.into_values().collect();
        all.sort_by_key(|r| (!r.value.open(), r.value.next_day(), r.meta.id));
        Ok(all)
    }

    /// One request, for those who answer it.
    ///
    /// # Errors
    /// It may not be seen.
    pub async fn right(&self, who: &Principal, id: RecordId) -> Result<RightPage, CareError> {
        let person = self.whose_right(id).await?;
        let mut look = self.look(who).await?;
        let result = match person {
            None => {
                let ask = look.batch.ask(Action::View);
                look.batch.missing(&ask);
                Err(CareError::Missing)
            }
            Some(person) => match look.about(person).await {
                Ok(about) => right_page(&mut look, &about, id).map_err(hidden),
                Err(e) => Err(e),
            },
        };
        look.finish_with(result).await
    }

    /// Deals with it. What the person reads on their pages is also told by a message that says
    /// nothing, where that is safe.
    ///
    /// # Errors
    /// A field needs another look, or it is refused.
    pub async fn deal_with_right(
        &self,
        who: &Principal,
        id: RecordId,
        what: &RightDeal,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        who.worker()?;
        let person = self.whose_right(id).await?.ok_or(CareError::Missing)?;
        // What is kept now is read beside the change: a line that is new, or that changed since it
        // was read, keeps the copy from going.
        let kept = match what {
            RightDeal::AskRelease | RightDeal::Gave => self.copy_kept(who, id).await?,
            _ => Vec::new(),
        };
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let saved = change.open::<Right>(id, Action::Update).map_err(hidden)?;
        let after = dealt(who, &saved.value, what, &kept)?;
        change.save(word(what), &saved, &after, None).await?;
        if tells_them(what) {
            let world = change.world.clone();
            let them = person_as_job(self, &mut change.tx, &world, person, who.now).await?;
            let told = format!("right:{id}:{}", saved.meta.version);
            self.put_safe_email(&mut change, &them.value, person, &told).await?;
        }
        change.finish(answer).await
    }

    /// A worker writes down what the person said, or what came on paper.
    ///
    /// # Errors
    /// They do not support the person, or a field needs another look.
    pub async fn note_right(
        &self,
        who: &Principal,
        person: PersonId,
        asking: &Asking,
        answer: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let (_, organisation) = who.worker()?;
        let mut change = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(change) => change,
        };
        let them = change.open_person(Action::View)?;
        for right in mine::made(who, &them, asking)? {
            let said_by = Some(Author::Person { person });
            change.create("asked by right", organisation, &right, Action::Create, said_by).await?;
        }
        change.finish(answer).await
    }

    /// What a worker may write down for somebody: whom to ask.
    ///
    /// # Errors
    /// They do not support the person.
    pub async fn right_to_note(&self, who: &Principal, person: PersonId) -> Result<Heard, CareError> {
        who.worker()?;
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let result = mine::heard(&mut look, &about);
        look.finish_with(result).await
    }

    pub(crate) async fn whose_right(&self, id: RecordId) -> Result<Option<PersonId>, CareError> {
        let mut tx = self.store().read().await?;
        Ok(tx.find::<Right>(id).await?.and_then(|g| g.item().person))
    }
}

fn right_page(look: &mut crate::Looking<'_>, about: &About, id: RecordId) -> Result<RightPage, CareError> {
    let (me, _) = look.who.worker()?;
    let ask = look.batch.ask(Action::View);
    let right = look.one::<Right>(about, id, &ask)?;
    let p = &look.who.partnership;
    let today = p.today(look.who.now);
    let part = match right.value.second.as_ref().is_some_and(|s| s.worker == me) {
        true => Part::Second,
        false => Part::Answers,
    };
    let seconds = match right.value.kind {
        RightKind::Copy => deal::seconds(&p.facts, &right.value, me, today),
        _ => Vec::new(),
    };
    let mut seconds: Vec<(WorkerId, String)> = seconds.into_iter().map(|w| (w, p.worker_name(w))).collect();
    seconds.sort_by(|a, b| a.1.cmp(&b.1));
    let rule = rule(right.value.kind, p.settings());
    let reference = reference(about.person.into());
    Ok(RightPage { right, person: about.person, reference, part, seconds, rule })
}
