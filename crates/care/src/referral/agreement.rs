//! What goes, and why it may: the lines, how the person agreed as it really was, or the
//! decision of somebody named. "Not now" is an answer.

use super::draft::{self, Agreed, Asking, BasisDraft, DecidedBy, ReferDraft};
use super::packet::{Choice, chosen};
use crate::change::Begun;
use crate::error::{CareError, FieldProblem};
use crate::kith::Kith;
use crate::principal::Principal;
use kith_access::Action;
use kith_domain::consent::{Confirmation, Decided};
use kith_domain::deciding::{CLOSE_INTERPRETER, decider, interpreter_is_close};
use kith_domain::id::{NeedId, PersonId, ServiceId};
use kith_domain::need::Need;
use kith_domain::organisation::Holder;
use kith_domain::record::{Author, Saved};
use kith_domain::sending::{latest_reply_by, usual_reply_by};
use kith_domain::text::{LINE, WORDS, line, words_or_none};
use kith_domain::time::Day;
use kith_domain::{coming_back, planning};
use uuid::Uuid;

/// Working days within which whoever is named says that they decided it.
const CONFIRM_DAYS: u32 = 2;

/// What the pages of asking show while it is being written.
pub struct Writing {
    /// What the person likes to be called.
    pub called: String,
    /// The need.
    pub need: Saved<Need>,
    /// The service's name.
    pub service: String,
    /// The organisation's short name.
    pub organisation: String,
    /// Who would read it there, by name; nobody when it answers by link.
    pub readers: Vec<String>,
    /// Every line that could go, or why not.
    pub choices: Vec<Choice>,
    /// What was chosen.
    pub draft: ReferDraft,
    /// Was anything kept before?
    pub kept: bool,
    /// The safe ways, in words, best first.
    pub ways: Vec<String>,
    /// Has anybody asked the person what is safe?
    pub safe_asked: bool,
    /// The reply-by day to start from.
    pub usual_reply_by: Day,
    /// The last reply-by day.
    pub latest_reply_by: Day,
    /// It answers by a link in an email.
    pub by_link: bool,
    /// Who reads a decision to send without agreement, by name.
    pub decision_readers: Vec<String>,
    /// May this reader write down that the person said no, or not now?
    pub may_say_no: bool,
    /// Why it cannot be asked at all today.
    pub why_not: Option<String>,
}

/// What was chosen on the page of lines.
pub struct PacketChoice {
    /// The keys of the lines.
    pub keys: Vec<String>,
    /// The safe way to reach the person.
    pub contact: String,
}

impl Kith {
    /// What is being written, for any of its pages.
    ///
    /// # Errors
    /// There is no such person, need or service for this actor.
    pub async fn writing_referral(
        &self,
        who: &Principal,
        person: PersonId,
        need: NeedId,
        service: ServiceId,
    ) -> Result<Writing, CareError> {
        let mut look = self.look(who).await?;
        let result = draft::load(&mut look, person, need, service).await;
        let result = result.map(|asking| writing(self, who, asking));
        look.finish_with(result).await
    }

    /// The same, for the page on which somebody writes down that the person said "not now": opened as that
    /// form opens it.
    ///
    /// # Errors
    /// As [`Kith::writing_referral`], or the need is not this actor's to change.
    pub async fn referral_not_now(
        &self,
        who: &Principal,
        person: PersonId,
        need: NeedId,
        service: ServiceId,
    ) -> Result<Writing, CareError> {
        let writing = self.writing_referral(who, person, need, service).await?;
        let mut look = self.look(who).await?;
        let about = look.about(person).await?;
        let ask = look.batch.ask(Action::Update);
        let result = look.one::<Need>(&about, need, &ask).map(|_| writing);
        look.finish_with(result).await
    }

    /// Keeps the lines that were chosen. An agreement given to other lines is not one to
    /// these: it is asked for again.
    ///
    /// # Errors
    /// A line was changed since it was shown, cannot go to them, or no safe way was said.
    pub async fn keep_packet(
        &self,
        who: &Principal,
        (person, need, service): (PersonId, NeedId, ServiceId),
        choice: PacketChoice,
    ) -> Result<(), CareError> {
        let mut look = self.look(who).await?;
        let result = draft::load(&mut look, person, need, service).await;
        let asking = look.finish_with(result).await?;
        let lines = chosen(&asking.choices, &choice.keys).map_err(|n| {
            let what = if n == 1 { "A line" } else { "Some lines" };
            CareError::field(
                "lines",
                format!("{what} changed since this page was opened. Look again and choose."),
            )
        })?;
        if let Some(stuck) = lines.iter().find(|c| c.why_not.is_some()) {
            let why = stuck.why_not.clone().unwrap_or_default();
            return Err(CareError::field("lines", format!("“{}” cannot go. {why}.", stuck.line.heading)));
        }
        let contact = line(&choice.contact, LINE).map_err(|_| {
            CareError::field("contact", "Say how they can be reached safely, in one line. Ask them first.")
        })?;
        let mut draft = asking.draft.clone().unwrap_or_else(|| ReferDraft::new(&asking));
        let packet: Vec<_> = lines.iter().map(|c| c.line.clone()).collect();
        let same = packet == draft.lines && contact == draft.contact;
        draft.call_them = asking.parts.person.value.called.clone();
        draft.keys = lines.into_iter().map(|c| c.key).collect();
        draft.lines = packet;
        draft.contact = contact;
        if !same {
            draft.packet = Uuid::now_v7();
            draft.basis = None;
        }
        self.keep_refer_draft(who, person, (need, service), &draft).await
    }

    /// Keeps how the person agreed, to the packet that the page showed ([`ReferDraft::shown`]).
    ///
    /// # Errors
    /// Nothing was chosen yet, or what would go was changed since the page was opened.
    pub async fn keep_agreement(
        &self,
        who: &Principal,
        (person, need, service): (PersonId, NeedId, ServiceId),
        shown: &str,
        agreed: Agreed,
    ) -> Result<(), CareError> {
        if agreed.interpreter.as_deref().is_some_and(|who| interpreter_is_close(who, [])) {
            return Err(CareError::field("interpreter", CLOSE_INTERPRETER));
        }
        self.keep_basis(who, (person, need, service), shown, BasisDraft::Agreed(agreed)).await
    }

    /// Keeps a decision to send without agreement the packet that the page showed ([`ReferDraft::shown`]).
    ///
    /// # Errors
    /// Who decided, why, what the least is or the review date is missing, or what would go was changed since
    /// the page was opened.
    pub async fn keep_decision(
        &self,
        who: &Principal,
        (person, need, service): (PersonId, NeedId, ServiceId),
        shown: &str,
        by: DecidedBy,
        decided: Decided,
    ) -> Result<(), CareError> {
        let today = self.calendar().day(who.now);
        let mut decided = decided;
        let latest = kith_domain::time::plus_days(today, 366);
        let mut problems = Vec::new();
        let mut empty = |field: &str, value: &str, say: &str| {
            if value.trim().is_empty() {
                problems.push(FieldProblem { field: field.into(), problem: say.into() });
            }
        };
        empty("decided_by", &decided.decided_by, "Say who decided, with their role.");
        empty("why", &decided.why, "Say why it was decided.");
        empty("least", &decided.least, "Say what the least is that is needed, and why not less.");
        if decided.review_on < today || decided.review_on > latest {
            let problem = "Choose a day, from today and within a year, when this is looked at again.";
            problems.push(FieldProblem { field: "review".into(), problem: problem.into() });
        }
        // In their best interests decides a member whom the place knows, and who says so.
        if by == DecidedBy::BestInterests && !decided.decided_by.trim().is_empty() {
            match decider(&who.partnership.facts, &decided.decided_by, today) {
                Ok(named) => {
                    let me = who.worker().ok().map(|(worker, _)| worker);
                    let by = self.calendar().plus_working(today, CONFIRM_DAYS);
                    decided.confirmed = Some(match me == Some(named.worker) {
                        true => Confirmation::Given { at: who.now },
                        false => Confirmation::Waits { by },
                    });
                    decided.worker = Some(named.worker);
                    decided.decided_by = named.words;
                }
                Err(why) => {
                    problems.push(FieldProblem { field: "decided_by".into(), problem: format!("{why}.") })
                }
            }
        }
        if !problems.is_empty() {
            return Err(CareError::Fields(problems));
        }
        self.keep_basis(who, (person, need, service), shown, BasisDraft::Decided(by, decided)).await
    }

    async fn keep_basis(
        &self,
        who: &Principal,
        (person, need, service): (PersonId, NeedId, ServiceId),
        shown: &str,
        basis: BasisDraft,
    ) -> Result<(), CareError> {
        let mut look = self.look(who).await?;
        let result = draft::load(&mut look, person, need, service).await;
        let asking = look.finish_with(result).await?;
        let Some(mut draft) = asking.draft else {
            return Err(CareError::refused("Choose first what goes. Then ask the person."));
        };
        let unknown = match &basis {
            BasisDraft::Agreed(a) => a.no_lines.iter().any(|key| !draft.keys.contains(key)),
            BasisDraft::Decided(..) => false,
        };
        if draft.shown() != shown || unknown {
            return Err(CareError::refused(
                "What would go was changed since this page was opened, so this was said about other lines. \
                 Nothing was kept. Go back to what goes, read it once more, and write down what they say to that.",
            ));
        }
        draft.basis = Some(basis);
        draft.why = Uuid::now_v7();
        self.keep_refer_draft(who, person, (need, service), &draft).await
    }

    /// The person said not now: nothing is sent, and the need is held until the day.
    ///
    /// # Errors
    /// The day cannot be, or the need is not open.
    pub async fn say_not_now(
        &self,
        who: &Principal,
        (person, need, service): (PersonId, NeedId, ServiceId),
        until: Option<Day>,
        said: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let said = words_or_none(said, WORDS).map_err(|e| CareError::field("said", e))?;
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let saved = c.open::<Need>(need, Action::Update)?;
        let today = self.calendar().day(who.now);
        let settings = who.partnership.place.value.settings.clone();
        // Who does not want to be asked again has said no to help with it.
        let Some(until) = until else {
            let new =
                planning::need_said_no(&saved.value, today).map_err(|e| CareError::field("until", e))?;
            c.save("need: the person said no", &saved, &new, Some(Author::Person { person })).await?;
            c.tx.clear_draft(&who.key(), &draft::form_key(need, service)).await?;
            return c.finish(&format!("/people/{person}")).await;
        };
        let mut new = coming_back::not_now(&saved.value, until, today, &settings)
            .map_err(|e| CareError::field("until", e))?;
        new.next = kith_domain::next_date::NextDate::new(
            match &said {
                Some(said) => {
                    format!("Ask once whether they want help with this now. They said: {}", first_of(said))
                }
                None => "Ask once whether they want help with this now".into(),
            },
            until,
        );
        c.save("need: the person said not now", &saved, &new, Some(Author::Person { person })).await?;
        c.tx.clear_draft(&who.key(), &draft::form_key(need, service)).await?;
        c.finish(&format!("/people/{person}")).await
    }
}

impl Kith {
    /// The person said no to this service: nothing is sent, it is not offered again by
    /// itself, and something else is looked for.
    ///
    /// # Errors
    /// It is not this actor's.
    pub async fn say_no_to_service(
        &self,
        who: &Principal,
        (person, need, service): (PersonId, NeedId, ServiceId),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let saved = c.open::<Need>(need, Action::Update)?;
        let new = coming_back::said_no_to(&saved.value, service, self.calendar().day(who.now));
        c.save("need: said no to a service", &saved, &new, Some(Author::Person { person })).await?;
        c.tx.clear_draft(&who.key(), &draft::form_key(need, service)).await?;
        c.finish(&format!("/people/{person}/needs/{need}/find")).await
    }
}

fn first_of(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect()
}

fn writing(kith: &Kith, who: &Principal, asking: Asking) -> Writing {
    let today = kith.calendar().day(who.now);
    let settings = &who.partnership.place.value.settings;
    let ways = asking.safe_ways();
    let latest = latest_reply_by(today, kith.calendar(), settings);
    let usual =
        asking.to.team.as_ref().map_or(latest, |t| usual_reply_by(t, today, kith.calendar(), settings));
    let readers =
        super::send::sender(who, &asking.parts).map(|(s, _)| super::leads::readers_of_decision(who, &s));
    let named = |h: Holder| h.lead.map(|w| who.partnership.worker_name(w));
    let decision_readers = readers.unwrap_or_default().into_iter().filter_map(named).collect();
    let why_not = super::start::why_for_need(&asking, who, today).why_not().map(str::to_owned);
    let readers = match asking.to.team_id.filter(|_| !asking.to.by_link()) {
        Some(team) => who.partnership.members(team, today).into_iter().map(|(_, w)| w.name.clone()).collect(),
        None => Vec::new(),
    };
    let kept = asking.draft.is_some();
    let draft = asking.draft.clone().unwrap_or_else(|| ReferDraft::new(&asking));
    let mut choices = asking.choices;
    for choice in &mut choices {
        if draft.said_no(&choice.key, &choice.line) && choice.why_not.is_none() {
            choice.why_not = Some("They said no to this".into());
        }
    }
    Writing {
        called: asking.parts.person.value.called.clone(),
        safe_asked: asking.parts.person.value.safe_contact.asked.is_some(),
        service: asking.to.service.value.name.clone(),
        organisation: asking.to.name(),
        readers,
        by_link: asking.to.by_link(),
        decision_readers,
        need: asking.need,
        choices,
        draft,
        kept,
        ways,
        usual_reply_by: usual,
        latest_reply_by: latest,
        may_say_no: asking.may_say_no,
        why_not,
    }
}
