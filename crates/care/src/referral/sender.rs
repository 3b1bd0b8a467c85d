//! The side that asks: how a referral stands, what was said, and what this side does.

use super::receiver::told;
use super::{link, words};
use crate::change::{Begun, Changing};
use crate::error::CareError;
use crate::kith::Kith;
use crate::look::{About, Looking};
use crate::people::apart::check_times;
use crate::plan::guarding::lines_today;
use crate::principal::Principal;
use crate::telling_outside::back::{Back, back_words, put_back};
use kith_access::Action;
use kith_domain::asking::together;
use kith_domain::coming_back::{
    decision_confirmed, gp_message, looked_again, not_told, referrer_message, told_the_person,
};
use kith_domain::consent::{Basis, Consent};
use kith_domain::holding::{About as What, HeldNext};
use kith_domain::id::{PersonId, RecordId, ReferralId};
use kith_domain::life::spoken_to;
use kith_domain::moves::{self, Move, MoveKind, Mover, Surroundings, Whole, stopped_by_person, who_may};
use kith_domain::need::Need;
use kith_domain::need_next::Following;
use kith_domain::next_date::NextDate;
use kith_domain::person::{Known, Person};
use kith_domain::record::{Author, Record, Saved};
use kith_domain::referral::{BackTo, MessageBack, Party, Referral, Status};
use kith_domain::time::{Day, Instant};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A referral as the asking side sees it.
pub struct Sent {
    /// What the person likes to be called.
    pub called: String,
    /// The referral.
    pub saved: Saved<Referral>,
    /// The need it is for.
    pub need: Option<Saved<Need>>,
    /// The agreement it rests on.
    pub consent: Option<Saved<Consent>>,
    /// What happened, the oldest first.
    pub story: Vec<Happening>,
    /// What is to be done, when it is this side's again.
    pub ours: Option<HeldNext>,
    /// What this reader may do now: nothing, where it is not theirs to change.
    pub may: BTreeSet<MoveKind>,
    /// May this reader change it at all?
    pub may_change: bool,
    /// Who asked for it and deals with it, for a reader who may not.
    pub held_by: String,
    /// Where the message to the GP practice stands, in words.
    pub gp: String,
    /// Where the message to whoever introduced the person stands, in words.
    pub referrer: String,
    /// Can the messages back still be decided?
    pub can_send_back: bool,
    /// There is a GP practice that could be told.
    pub has_gp: bool,
    /// Somebody introduced the person and may be told.
    pub has_referrer: bool,
    /// The GP practice has an e-mail address.
    pub gp_by_email: bool,
    /// Whoever introduced the person has one.
    pub referrer_by_email: bool,
    /// What somebody says who rings about it.
    pub reference: String,
    /// Something has happened that the person has not been told of.
    pub news: bool,
    /// What the services asked for this need say together.
    pub together: Option<Whole>,
    /// The link, when they answer by links.
    pub link: Option<link::LinkState>,
    /// The receiving organisation's name.
    pub organisation: String,
    /// Its telephone number.
    pub phone: Option<String>,
}

/// One thing that happened.
pub struct Happening {
    /// When.
    pub at: Instant,
    /// What, in words.
    pub what: String,
    /// Who did it.
    pub by: String,
}

/// Whom to tell how it ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tell {
    /// The person agreed: tell them.
    Yes,
    /// The person said no.
    SaidNo,
    /// It cannot safely be sent: somebody tells them.
    ByHand,
}

impl Kith {
    /// A referral, for the side that asks.
    ///
    /// # Errors
    /// There is none that this actor may know of.
    pub async fn sent_referral(
        &self,
        who: &Principal,
        person: PersonId,
        referral: ReferralId,
    ) -> Result<Sent, CareError> {
        let mut look = self.look(who).await?;
        let result = sent(&mut look, person, referral, Action::View).await;
        look.finish_with(result).await
    }

    /// A referral, for a page that is one form about it: opened as that form opens it, so that nobody is
    /// shown what they may not send.
    ///
    /// # Errors
    /// There is none, or it is not this actor's to change.
    pub async fn referral_to_change(
        &self,
        who: &Principal,
        person: PersonId,
        referral: ReferralId,
    ) -> Result<Sent, CareError> {
        let mut look = self.look(who).await?;
        let result = sent(&mut look, person, referral, Action::Update).await;
        look.finish_with(result).await
    }

    /// A move of the asking side. Returns the path to go on to.
    ///
    /// # Errors
    /// It is not this actor's, somebody saved in between, or a rule says no.
    pub async fn move_referral(
        &self,
        who: &Principal,
        (person, referral): (PersonId, ReferralId),
        version: Option<u32>,
        step: Move,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let saved = c.open::<Referral>(referral, Action::Update)?;
        if let Some(version) = version {
            Changing::expect_version(&saved, version)?;
        }
        // A fact that the person is asked for is theirs to give, and nobody else's.
        let theirs = saved.value.question.as_ref().is_some_and(kith_domain::fact::waits_for_person);
        if theirs && matches!(step, Move::Answer(_)) {
            return Err(CareError::refused("This is theirs to answer. Ask them, and write down yes or no."));
        }
        let saved = apply(&mut c, &saved, &step).await?;
        // A taken-back referral lets the receiver go, and its agreement with it.
        if saved.value.status == Status::Cancelled {
            end_consent(&mut c, &saved.value).await?;
        }
        need_again(&mut c, &saved).await?;
        link::send_next(self, &mut c, &saved).await?;
        c.finish(&format!("/people/{person}/referrals/{referral}")).await
    }

    /// The person was told how it stands.
    ///
    /// # Errors
    /// It is not this actor's.
    pub async fn told_about_referral(
        &self,
        who: &Principal,
        (person, referral): (PersonId, ReferralId),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let saved = c.open::<Referral>(referral, Action::Update)?;
        let told = told_the_person(&saved.value, who.now);
        let saved = c.save("referral person told", &saved, &told, None).await?;
        need_again(&mut c, &saved).await?;
        heard(&mut c).await?;
        c.finish(&format!("/people/{person}/referrals/{referral}")).await
    }

    /// Writes down why the person is not told that it went without their agreement.
    ///
    /// # Errors
    /// It is not this actor's, they agreed, or no reason was given.
    pub async fn not_told_about_referral(
        &self,
        who: &Principal,
        (person, referral): (PersonId, ReferralId),
        why: &str,
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let saved = c.open::<Referral>(referral, Action::Update)?;
        let new = not_told(&saved.value, why)
            .ok_or_else(|| CareError::field("why", "Say why telling them would put somebody in danger."))?;
        c.save("referral person not told", &saved, &new, None).await?;
        c.finish(&format!("/people/{person}/referrals/{referral}")).await
    }

    /// The decision to send without agreement was looked at again.
    ///
    /// # Errors
    /// It is not this actor's, or the next day cannot be.
    pub async fn look_again_at_decision(
        &self,
        who: &Principal,
        (person, referral): (PersonId, ReferralId),
        (words, next): (&str, Day),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let saved = c.open::<Referral>(referral, Action::Update)?;
        let today = self.calendar().day(who.now);
        let new = looked_again(&saved.value, words, next, today, who.now)
            .map_err(|e| CareError::field("review", format!("{e}.")))?;
        c.save("referral decision looked at", &saved, &new, None).await?;
        c.finish(&format!("/people/{person}/referrals/{referral}")).await
    }

    /// Whoever is named as the one who decided said that it was so: on their own page, or to
    /// whoever writes it down. The journal says which.
    ///
    /// # Errors
    /// It is not this actor's, or nothing waits for a confirmation.
    pub async fn confirm_decision(
        &self,
        who: &Principal,
        (person, referral): (PersonId, ReferralId),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let saved = c.open::<Referral>(referral, Action::Update)?;
        let new = decision_confirmed(&saved.value, who.now)
            .ok_or_else(|| CareError::refused("Nothing waits to be confirmed here."))?;
        let me = who.worker().ok().map(|(worker, _)| worker);
        let theirs = saved.value.basis.decided().and_then(|d| d.worker) == me;
        let word = if theirs { "referral decision confirmed" } else { "referral decision confirmed to us" };
        c.save(word, &saved, &new, None).await?;
        c.finish(&format!("/people/{person}/referrals/{referral}")).await
    }

    /// Decides the messages back, as the person wants them.
    ///
    /// # Errors
    /// It has not ended, or it is not this actor's.
    pub async fn send_back(
        &self,
        who: &Principal,
        (person, referral): (PersonId, ReferralId),
        (gp, referrer): (Option<Tell>, Option<Tell>),
        submission: Option<Uuid>,
    ) -> Result<String, CareError> {
        let mut c = match self.change(who, person, submission).await? {
            Begun::Before(answer) => return Ok(answer),
            Begun::Go(c) => c,
        };
        let saved = c.open::<Referral>(referral, Action::Update)?;
        if !saved.value.status.terminal() {
            return Err(CareError::refused("Messages back go when it has ended."));
        }
        let about = c.open_person(Action::View)?.value;
        let message_back = message_back(&mut c, &about, referral, (gp, referrer)).await?;
        let new = Referral { message_back, ..saved.value.clone() };
        c.save("referral message back", &saved, &new, None).await?;
        c.finish(&format!("/people/{person}/referrals/{referral}")).await
    }
}

/// What the person agreed to is sent, where there is an address and it is safe; otherwise
/// somebody tells them by hand, with the words to copy. What happened is written down.
async fn message_back(
    c: &mut Changing<'_>,
    person: &Person,
    referral: ReferralId,
    (gp, referrer): (Option<Tell>, Option<Tell>),
) -> Result<MessageBack, CareError> {
    let has_introducer = person.introducer.as_ref().is_some_and(|i| i.may_be_told);
    let gp = decide(c, person, referral, (Back::Gp, person.gp.known().is_some(), gp)).await?;
    let referrer = decide(c, person, referral, (Back::Introducer, has_introducer, referrer)).await?;
    Ok(MessageBack { gp, referrer })
}

async fn decide(
    c: &mut Changing<'_>,
    person: &Person,
    referral: ReferralId,
    (back, there_is, tell): (Back, bool, Option<Tell>),
) -> Result<BackTo, CareError> {
    Ok(match (there_is, tell) {
        (false, _) => BackTo::Nobody,
        (true, None) => BackTo::NotYet,
        (true, Some(Tell::SaidNo)) => BackTo::SaidNo,
        (true, Some(Tell::ByHand)) => BackTo::ByHand,
        (true, Some(Tell::Yes)) => put_back(c, person, referral, back).await?,
    })
}

/// One move of the asking side, saved.
pub(crate) async fn apply(
    c: &mut Changing<'_>,
    saved: &Saved<Referral>,
    step: &Move,
) -> Result<Saved<Referral>, CareError> {
    let person = c.open_person(Action::View)?;
    let settings = c.who.partnership.place.value.settings.clone();
    let (worker, _) = c.who.worker()?;
    let around = Surroundings {
        now: c.who.now,
        calendar: c.kith.calendar(),
        settings: &settings,
        person: &person.value,
    };
    let by = Mover { party: Party::Requester, worker: Some(worker) };
    let new = moves::apply(&saved.value, step, by, around).map_err(|no| told(&no, step.kind()))?;
    check_times(c, &person.value, &saved.value, step)
        .await?
        .map_err(|no| CareError::refused(format!("{no}.")))?;
    c.save(words::action_word(step.kind()), saved, &new, None).await
}

/// Takes a request back, because the person said no to what it is for or because that is over.
/// Whoever was asked is told, and the agreement to the packet ends with it.
///
/// # Errors
/// It is not this actor's, or it has ended.
pub(crate) async fn take_back(
    kith: &Kith,
    c: &mut Changing<'_>,
    saved: &Saved<Referral>,
    said_no: bool,
) -> Result<(), CareError> {
    let saved = c.open::<Referral>(saved.meta.id, Action::Update)?;
    let saved = if said_no {
        let person = c.open_person(Action::View)?;
        let settings = c.who.partnership.place.value.settings.clone();
        let around = Surroundings {
            now: c.who.now,
            calendar: c.kith.calendar(),
            settings: &settings,
            person: &person.value,
        };
        let new = stopped_by_person(&saved.value, around).map_err(|no| told(&no, MoveKind::Cancel))?;
        let theirs = person.id::<PersonId>();
        c.save(words::action_word(MoveKind::Cancel), &saved, &new, Some(Author::Person { person: theirs }))
            .await?
    } else {
        apply(c, &saved, &Move::Cancel { why: "The need is over".into() }).await?
    };
    end_consent(c, &saved.value).await?;
    link::send_next(kith, c, &saved).await
}

/// The person was spoken to: the clock of silence starts again.
pub(crate) async fn heard(c: &mut Changing<'_>) -> Result<(), CareError> {
    let old = c.open_person(Action::Update)?;
    let new = spoken_to(&old.value, c.who.now).map_err(CareError::refused)?;
    c.save("person spoken to", &old, &new, None).await?;
    Ok(())
}

/// A need that followed this help has a next date of its own again, once nothing about this
/// help is open and no other goes on for it.
async fn need_again(c: &mut Changing<'_>, saved: &Saved<Referral>) -> Result<(), CareError> {
    let r = &saved.value;
    let goes_on =
        |o: &Saved<Referral>| o.value.need == r.need && o.meta.id != saved.meta.id && o.value.open();
    if !r.closed() || r.ended_as_news() || c.all::<Referral>(Action::View)?.iter().any(goes_on) {
        return Ok(());
    }
    let follows = |n: &Saved<Need>| n.meta.id == r.need.into() && n.value.open() && n.value.follows_help;
    let Some(old) = c.all::<Need>(Action::Update)?.into_iter().find(follows) else { return Ok(()) };
    let calendar = c.kith.calendar();
    let on = calendar.plus_working(calendar.day(c.who.now), 2);
    let next = NextDate::new(Following::Over.for_worker(), on);
    let new = Need { next, follows_help: false, ..old.value.clone() };
    c.save("need: what comes next", &old, &new, None).await?;
    Ok(())
}

/// The agreement to one packet ends with the packet.
pub(super) async fn end_consent(c: &mut Changing<'_>, r: &Referral) -> Result<(), CareError> {
    let Basis::Agreement { consent } = r.basis else { return Ok(()) };
    let found = c.all::<Consent>(Action::StopSharing)?.into_iter().find(|s| s.meta.id == RecordId(consent.0));
    let Some(old) = found.filter(|s| s.value.withdrawn.is_none()) else { return Ok(()) };
    let new = Consent { withdrawn: Some(c.who.now), ..old.value.clone() };
    c.save("agreement ended with its referral", &old, &new, None).await?;
    Ok(())
}

async fn sent(
    look: &mut Looking<'_>,
    person: PersonId,
    referral: ReferralId,
    action: Action,
) -> Result<Sent, CareError> {
    let about = look.about(person).await?;
    let facts = look.facts(&about)?;
    let ask = look.batch.ask(action);
    let mut saved = look.one::<Referral>(&about, RecordId(referral.0), &ask)?;
    saved.value.packet.lines = lines_today(look, &about, &saved, &ask)?;
    let may_change = look.may_open::<Referral>(&about, referral, Action::Update);
    let story = story(look, &about, referral).await?;
    let r = &saved.value;
    let need = facts.needs.iter().find(|n| n.meta.id == RecordId(r.need.0)).cloned();
    let consent = match r.basis {
        Basis::Agreement { consent } => {
            look.all::<Consent>(&about)?.into_iter().find(|c| c.meta.id == RecordId(consent.0))
        }
        _ => None,
    };
    let (kith, who) = (look.kith, look.who);
    let held = kith_domain::holding::holding(&who.partnership.facts, &facts, who.now);
    let ours = held.into_iter().find(|h| {
        h.what.id == saved.meta.id
            && h.holder.organisation == r.sender.organisation
            && !matches!(h.about, What::Reply | What::Help | What::Draft)
    });
    let of_need: Vec<&Referral> =
        facts.referrals.iter().filter(|o| o.value.need == r.need).map(|o| &o.value).collect();
    let link = link::state(kith, &mut look.tx, who, referral, r).await?;
    let subject = &facts.person.value;
    let gp_back = back_words(&mut look.tx, kith.calendar(), referral, Back::Gp).await?;
    let referrer_back = back_words(&mut look.tx, kith.calendar(), referral, Back::Introducer).await?;
    let organisation = who.partnership.organisation(r.receiver.organisation);
    let team_phone = who.partnership.team(r.receiver.team).and_then(|t| t.phone.clone());
    Ok(Sent {
        called: subject.called.clone(),
        gp: gp_back.unwrap_or_else(|| gp_message(subject, r)),
        referrer: referrer_back.unwrap_or_else(|| referrer_message(subject, r)),
        reference: crate::coming_in::reference(saved.meta.id),
        gp_by_email: Back::Gp.address(subject).is_some(),
        referrer_by_email: Back::Introducer.address(subject).is_some(),
        can_send_back: r.status.terminal() && r.message_back == MessageBack::default(),
        has_gp: matches!(subject.gp, Known::Known(_)),
        has_referrer: subject.introducer.as_ref().is_some_and(|i| i.may_be_told),
        news: kith_domain::today::is_news(&saved),
        together: together(&of_need),
        may: MoveKind::ALL
            .into_iter()
            .filter(|k| may_change && who_may(r.status, *k).contains(&Party::Requester))
            .collect(),
        may_change,
        held_by: who.partnership.holder_name(&r.sender.into(), who.now),
        ours: ours.map(|h| h.next),
        organisation: organisation.map_or_else(String::new, |o| o.name.clone()),
        phone: team_phone.or_else(|| organisation.and_then(|o| o.phone.clone())),
        story,
        need,
        consent,
        link,
        saved,
    })
}

/// The journal of the referral, without its content: who, when, what.
async fn story(
    look: &mut Looking<'_>,
    _about: &About,
    referral: ReferralId,
) -> Result<Vec<Happening>, CareError> {
    let versions = look.tx.list_versions::<Referral>(RecordId(referral.0)).await?;
    let who = look.who;
    let by = |author: Author| match author {
        Author::Worker { worker, organisation } => {
            let organisation = who.partnership.organisation(organisation).map_or("", |o| o.short.as_str());
            format!("{}, {organisation}", who.partnership.worker_name(worker))
        }
        Author::LinkHolder { organisation } => {
            format!("{}, by link", who.partnership.organisation_name(organisation).unwrap_or_default())
        }
        Author::Person { .. } => "the person".into(),
        Author::Supporter { .. } => "somebody who stands beside them".into(),
        Author::Public => "the public pages".into(),
        Author::Job | Author::Operator => "Kith".into(),
    };
    Ok(versions
        .into_iter()
        .map(|v| Happening { at: v.at, what: words::happening(&v.action), by: by(v.author) })
        .collect())
}

/// The words to copy into another record, when it has ended or come back.
pub fn copy_text(sent: &Sent, kith: &Kith) -> String {
    let (r, calendar) = (&sent.saved.value, kith.calendar());
    let day = |at: Option<Instant>| at.map(|at| kith_domain::next_date::words_of(calendar.day(at)));
    let mut lines = vec![format!("{}: asked {} for help", r.area.title(), r.service_name)];
    lines.extend(day(r.requested_at).map(|d| format!("Asked: {d}")));
    lines.extend(day(r.accepted_at).map(|d| format!("They said yes: {d}")));
    lines.extend(day(r.first_came_at).map(|d| format!("First came: {d}")));
    lines.extend(day(r.ended_at).map(|d| format!("Ended: {d}")));
    if let Some(decline) = &r.decline {
        lines.push(format!("They said no: {}", decline.reason.title()));
    }
    if let Some(outcome) = &r.outcome {
        lines.push(format!("{}. {}.", words::happened(outcome.happened), words::helped(outcome.helped)));
        lines.extend(outcome.words.as_ref().map(|w| format!("In their words: “{w}”")));
    }
    lines.extend(r.settled.as_ref().map(|s| format!("Next: {}", s.next)));
    lines.join("\n")
}

/// Does anything still have to be done about it?
pub fn is_open(r: &Referral) -> bool {
    r.open()
}
