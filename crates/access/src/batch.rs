//! All the questions of one request.
//!
//! Items with equal facts share one evaluation; nothing is remembered after the request,
//! so that a withdrawal, a stop or a lapse counts from the next one (T1).

use crate::action::Action;
use crate::actor::{Actor, Standing};
use crate::ask::Ask;
use crate::decide::{Decider, Decision, Obligation, Visibility};
use crate::facts::Facts;
use crate::guarded::Guarded;
use crate::item::{About, Draft, Item};
use crate::permit::{Permit, PersonPermit, PlacePermit};
use crate::scene::facts;
use crate::world::PersonWorld;
use kith_domain::time::Instant;
use std::collections::HashMap;

/// A refusal. What the screen may say of it is in `visibility`; the rest is for the look log.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", self.visibility.code())]
pub struct Denial {
    /// How it may look.
    pub visibility: Visibility,
    /// What was asked for.
    pub action: Action,
    /// The ids of the policies that refused; empty when none permitted.
    pub rules: Vec<std::sync::Arc<str>>,
    /// What must follow: sign in again, tell the information-governance lead.
    pub obligations: Vec<Obligation>,
    /// Would emergency access change it? Never shown as such: the link is on every
    /// not-found page of the roles that may use it.
    pub break_glass_offered: bool,
}

impl Denial {
    fn of(action: Action, decision: Decision) -> Denial {
        Denial {
            visibility: decision.visibility,
            action,
            rules: decision.rules,
            obligations: decision.obligations,
            break_glass_offered: decision.break_glass_offered,
        }
    }

    /// Would signing in again, or with a second factor, be enough?
    pub fn step_up(&self) -> bool {
        self.obligations.contains(&Obligation::StepUp)
    }
}

/// The questions of one request by one actor in one snapshot.
pub struct Batch<'a> {
    decider: &'a Decider,
    actor: &'a Actor,
    standing: &'a Standing,
    now: Instant,
    memo: HashMap<Facts, Decision>,
}

impl<'a> Batch<'a> {
    /// For one request. `standing` and every world must come from the same snapshot.
    pub fn new(decider: &'a Decider, actor: &'a Actor, standing: &'a Standing, now: Instant) -> Batch<'a> {
        Batch { decider, actor, standing, now, memo: HashMap::new() }
    }

    /// Who asks.
    pub fn actor(&self) -> &Actor {
        self.actor
    }

    /// The moment of the request.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// A question for this action with the purpose that the role has for it.
    pub fn ask(&self, action: Action) -> Ask {
        Ask::new(action, self.actor.role.purpose_for(action), self.now)
    }

    /// How many different questions were evaluated so far.
    pub fn evaluations(&self) -> usize {
        self.memo.len()
    }

    /// The decision on one question.
    pub fn decide(&mut self, world: &PersonWorld, about: About<'_>, ask: &Ask) -> Decision {
        self.decided(world, about, ask).clone()
    }

    fn decided(&mut self, world: &PersonWorld, about: About<'_>, ask: &Ask) -> &Decision {
        let decider = self.decider;
        let facts = decider.plain(facts(self.actor, self.standing, world, about, ask));
        self.memo.entry(facts).or_insert_with_key(|facts| decider.decide(facts))
    }

    /// A permit for one stored item.
    ///
    /// # Errors
    /// It is refused.
    pub fn permit(&mut self, world: &PersonWorld, item: &Item, ask: &Ask) -> Result<Permit, Denial> {
        let actor = self.actor;
        let decision = self.decided(world, About::Item(item), ask);
        Permit::of(actor, item, ask, decision).ok_or_else(|| Denial::of(ask.action, decision.clone()))
    }

    /// A permit for making something new about a person.
    ///
    /// # Errors
    /// It is refused.
    pub fn permit_new(
        &mut self,
        world: &PersonWorld,
        draft: &Draft,
        ask: &Ask,
    ) -> Result<PersonPermit, Denial> {
        let decision = self.decide(world, About::New(draft), ask);
        world
            .person
            .and_then(|person| PersonPermit::of(self.actor, person, Some(draft), ask, &decision))
            .ok_or_else(|| Denial::of(ask.action, decision))
    }

    /// A permit for an action on a person as a whole.
    ///
    /// # Errors
    /// It is refused.
    pub fn permit_person(&mut self, world: &PersonWorld, ask: &Ask) -> Result<PersonPermit, Denial> {
        let decision = self.decide(world, About::Person, ask);
        world
            .person
            .and_then(|person| PersonPermit::of(self.actor, person, None, ask, &decision))
            .ok_or_else(|| Denial::of(ask.action, decision))
    }

    /// A permit for something that is about nobody.
    ///
    /// # Errors
    /// It is refused.
    pub fn permit_place(&mut self, ask: &Ask) -> Result<PlacePermit, Denial> {
        let decision = self.decide(&PersonWorld::nobody(), About::Nobody, ask);
        PlacePermit::of(self.actor, None, ask, &decision).ok_or_else(|| Denial::of(ask.action, decision))
    }

    /// A permit for making a new record that is about nobody: a listing, a team, a worker.
    ///
    /// # Errors
    /// It is refused.
    pub fn permit_place_new(&mut self, draft: &Draft, ask: &Ask) -> Result<PlacePermit, Denial> {
        let decision = self.decide(&PersonWorld::nobody(), About::New(draft), ask);
        PlacePermit::of(self.actor, Some(draft), ask, &decision)
            .ok_or_else(|| Denial::of(ask.action, decision))
    }

    /// Decides and opens in one step.
    ///
    /// # Errors
    /// It is refused; the value is dropped unread.
    pub fn open<T>(
        &mut self,
        world: &PersonWorld,
        guarded: Guarded<T>,
        ask: &Ask,
    ) -> Result<(T, Permit), Denial> {
        let permit = self.permit(world, guarded.item(), ask)?;
        match guarded.open(&permit) {
            Ok(value) => Ok((value, permit)),
            // An action that does not reach this much of the item: a fault in the caller,
            // answered as a refusal so that nothing is shown.
            Err(_) => Err(self.missing(ask)),
        }
    }

    /// The answer to a question about something that does not exist. It takes the same
    /// path and about the same time as a refusal of something that does.
    pub fn missing(&mut self, ask: &Ask) -> Denial {
        let mut facts = facts(self.actor, self.standing, &PersonWorld::nobody(), About::Nobody, ask);
        facts.about_person = true;
        facts.relationship = false;
        let mut decision = self.decider.decide(&facts);
        decision.visibility = Visibility::NotFound;
        Denial { obligations: Vec::new(), break_glass_offered: false, ..Denial::of(ask.action, decision) }
    }
}
