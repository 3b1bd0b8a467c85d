//! From a world to facts.
//!
//! This is where time is compared, spans are open or closed, packets hold this version or
//! another, and an agreement covers an item or does not. The policies then only combine
//! the answers. Nothing here reads a clock or a database.

use crate::action::Action;
use crate::actor::{Actor, Standing, Who};
use crate::ask::Ask;
use crate::facts::Facts;
use crate::item::{About, Item, Party, is_living, is_place};
use crate::limits::Numbers;
use crate::role::Role;
use crate::world::{
    Given, GlassReason, Holder, PersonWorld, ReferralFacts, ReferralStage, Side, may_break_glass,
};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{OrganisationId, RecordId, ReferralId, SupporterId, TeamId};
use kith_domain::record::{Author, Kind, Label};
use kith_domain::time::Instant;

/// Everything fixed for one question, so that helpers take one argument.
struct Scene<'a> {
    actor: &'a Actor,
    standing: &'a Standing,
    world: &'a PersonWorld,
    about: About<'a>,
    ask: &'a Ask,
    n: &'a Numbers,
    now: Instant,
}

/// The facts of one question.
///
/// An item about one person with the world of another is a fault of the caller; it gets
/// facts in which nothing holds, and so a refusal.
pub fn facts(actor: &Actor, standing: &Standing, world: &PersonWorld, about: About<'_>, ask: &Ask) -> Facts {
    let n = standing.limits.numbers();
    let scene = Scene { actor, standing, world, about, ask, n, now: ask.now };
    let mut f = Facts::none(ask.action, actor.role, ask.purpose);
    scene.sign_in(&mut f);
    if scene.same_person() {
        scene.thing(&mut f);
        scene.relationship(&mut f);
        scene.sharing(&mut f);
        scene.referrals(&mut f);
        scene.special(&mut f);
    } else {
        f.about_person = true;
    }
    f.relationship = f.own_record
        || f.care_team
        || f.receiving
        || f.referral_to_us
        || f.closed_recently
        || f.leads
        || f.offered
        || f.gift
        || f.glass
        || f.supporter_current
        || f.link
        || scene.something_with_me()
        || scene.receives_any(Reads::Either);
    f.only_a_place = scene.only_a_place(&f);
    f
}

/// Of which referrals: those whose packet is shared, or also those that were stopped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// The packet may be read.
    Shared,
    /// Whether it may or not.
    Either,
}

impl Scene<'_> {
    fn item(&self) -> Option<&Item> {
        match self.about {
            About::Item(item) => Some(item),
            _ => None,
        }
    }

    fn label(&self) -> Option<(Kind, &Label)> {
        match self.about {
            About::Item(item) => Some((item.kind, &item.label)),
            About::New(draft) => Some((draft.kind, &draft.label)),
            About::Person | About::Nobody => None,
        }
    }

    fn same_person(&self) -> bool {
        match self.about {
            // A record about nobody may stand beside anybody: a link holder's service.
            About::Item(item) if is_place(item.kind) => item.person.is_none(),
            About::Item(item) => item.person == self.world.person,
            About::New(_) | About::Nobody => true,
            About::Person => self.world.person.is_some(),
        }
    }

    fn sign_in(&self, f: &mut Facts) {
        let (actor, ask) = (self.actor, self.ask);
        let age = self.now.seconds_since(actor.signed_in_at);
        f.staff = actor.role.is_staff();
        f.live = self.live();
        f.two_factors = actor.aal >= 2;
        f.fresh = actor.signed_in_at <= self.now && age <= self.n.fresh_seconds;
        f.paper_code = actor.paper_code;
        f.shared_device = actor.shared_device;
        f.purpose_own = actor.role.purposes().contains(&ask.purpose);
        f.purpose_never = ask.purpose.is_never();
        f.purpose_records = ask.purpose.is_records_duty();
        f.reason = ask.reason;
        f.crowd_ok = ask.people <= self.n.export_people || ask.second_approver;
        f.lookup_ok = ask.exact_match && ask.lookups < self.n.lookups_an_hour;
        f.own_audit = ask.own_organisation && actor.organisation.is_some();
        f.scope_ok = self.scope_ok();
    }

    /// R02, and roles that exist only by a decision of the panel.
    fn live(&self) -> bool {
        let (actor, standing) = (self.actor, self.standing);
        let acts_for_one = actor.role.is_staff() || actor.role == Role::LinkHolder;
        let agreed = self.agreement_in_date() && actor.organisation.is_some();
        let fits = match actor.who {
            Who::Worker(_) => actor.role.is_staff(),
            Who::Person(_) => actor.role == Role::Person,
            Who::Supporter(_) => actor.role == Role::Proxy,
            Who::LinkHolder { organisation, .. } => {
                actor.role == Role::LinkHolder && actor.organisation == Some(organisation)
            }
            Who::Client => actor.role == Role::Client,
            Who::Public => actor.role == Role::Public,
            Who::Job => actor.role == Role::Job,
            Who::Operator => actor.role == Role::Operator,
        };
        fits && !actor.suspended
            && !standing.organisation_suspended
            && (!acts_for_one || agreed)
            && (!actor.role.needs_panel() || standing.panel.contains(&actor.role))
    }

    fn agreement_in_date(&self) -> bool {
        self.standing
            .agreement
            .as_ref()
            .is_some_and(|a| a.from <= self.now && a.until.is_none_or(|until| self.now < until))
    }

    /// W3: the client's scopes and the user's own decision, both.
    fn scope_ok(&self) -> bool {
        let Some(scopes) = &self.ask.client else {
            return self.actor.who != Who::Client;
        };
        match (self.ask.action, self.label()) {
            (Action::BrowseDirectory, _) => true,
            (Action::Aggregate, _) => scopes.aggregate,
            (Action::View | Action::SeeName | Action::ViewReferralStatus, Some((_, label))) => {
                scopes.read.contains(&label.area)
            }
            (action, Some((_, label))) if action.opens_content() || action == Action::Create => {
                !matches!(action, Action::Export | Action::Print | Action::Disclose)
                    && scopes.write.contains(&label.area)
            }
            _ => false,
        }
    }

    fn thing(&self, f: &mut Facts) {
        let organisation = self.actor.organisation;
        f.about_person = match self.about {
            About::Person => true,
            About::New(draft) => !is_place(draft.kind),
            About::Item(item) => !is_place(item.kind),
            About::Nobody => false,
        };
        if let Some((kind, label)) = self.label() {
            f.kind = Some(kind);
            f.area = Some(label.area);
            f.sensitivity = label.sensitivity.level();
            f.hidden = label.hidden;
            f.third_party = label.third_party;
            f.living = is_living(kind);
            f.safety_plan = kind == Kind::PlanSection && label.area == Area::Safety;
            f.emergency_kind = f.safety_plan || kind == Kind::Worry;
            f.on_list = self.actor.worker_id().is_some_and(|w| label.allow_list.contains(&w));
            f.agreement_covers = self.agreement_in_date()
                && self.standing.agreement.as_ref().is_some_and(|a| a.areas.contains(&label.area));
        }
        let owner = match self.about {
            About::Item(item) => Some(item.owner),
            About::New(draft) => Some(draft.owner),
            About::Person | About::Nobody => None,
        };
        let ours = owner.is_some() && owner == organisation;
        f.own_part = ours && f.about_person;
        f.own_place = ours && !f.about_person;
        f.holds_plan = f.about_person && self.holds_plan();
        f.taken_over = f.holds_plan && !self.stopped() && owner.is_some_and(|o| self.left_behind(o));
        f.taken_over |= self.came_with_a_team() || self.stands_in(owner);
        f.within_ceiling = self.within_ceiling(f);
        if let Some(item) = self.item() {
            f.author = self.wrote(item);
            f.is_me =
                item.kind == Kind::Worker && self.actor.worker_id().is_some_and(|me| item.id == me.into());
            let end = item.created.plus_hours(self.n.edit_hours);
            f.within_edit = f.author && item.created <= self.now && self.now < end;
            f.addressed = item.addressed.iter().any(|party| self.is(party)) || self.with_me(item.id);
            f.addressed |=
                self.world.beside.get(&item.id).copied().is_some_and(|w| self.is(&Party::Worker(w)));
        }
    }

    fn wrote(&self, item: &Item) -> bool {
        match (item.created_by, self.actor.who) {
            (Author::Worker { worker, .. }, Who::Worker(me)) => worker == me,
            (Author::Person { person }, Who::Person(me)) => person == me,
            _ => false,
        }
    }

    /// R10 and the matrix; a worry is everybody's to write and read back in their own part.
    fn within_ceiling(&self, f: &Facts) -> bool {
        let (Some(area), Some((kind, label))) = (f.area, self.label()) else {
            return false;
        };
        if kind == Kind::Worry && f.own_part && f.staff {
            return label.sensitivity <= Sensitivity::S3;
        }
        // A charity's safety items are its own affair, and only where its agreement lists
        // them, such as an independent domestic-abuse service ("2 O" in the matrix).
        let vcse_safety = self.actor.role == Role::VcseWorker && area == Area::Safety;
        if vcse_safety && !(f.own_part && f.agreement_covers) {
            return false;
        }
        // Two cells of the matrix say "if the agreement lists it", whatever the basis.
        let if_listed = matches!(
            (self.actor.role, area),
            (Role::HousingOfficer, Area::HealthAndCare) | (Role::WorkCoach, Area::Money)
        );
        if if_listed && !f.agreement_covers {
            return false;
        }
        self.actor.role.ceiling(area).is_some_and(|most| label.sensitivity <= most)
    }

    /// Is this party the actor, acting for the organisation they act for?
    fn is(&self, party: &Party) -> bool {
        match party {
            Party::Worker(worker) => self.actor.worker_id() == Some(*worker),
            Party::Team(team) => {
                let ours = |t: &TeamId| self.actor.teams.contains(t);
                self.actor.worker_id().is_some()
                    && (ours(team) || self.standing.passed_teams.get(team).is_some_and(ours))
            }
        }
    }

    /// A request, a hand-over or a worry about nobody's plan, of a team that stopped and whose
    /// things are the actor's team's today.
    fn came_with_a_team(&self) -> bool {
        self.item().is_some_and(|item| {
            let addressed = item.addressed.iter().any(|party| match party {
                Party::Team(team) => self.standing.passed_teams.contains_key(team) && self.is(party),
                Party::Worker(_) => false,
            });
            item.person.is_none() && addressed && self.left_behind(item.owner)
        })
    }

    /// Is this open thing with the actor today?
    fn with_me(&self, id: RecordId) -> bool {
        let me = self.actor.worker_id();
        self.world.with.get(&id).is_some_and(|who| me.is_some_and(|me| who.contains(&me)))
    }

    fn something_with_me(&self) -> bool {
        self.same_person() && self.world.with.keys().any(|id| self.with_me(*id))
    }

    /// Does the actor have this thing today in the place of whoever it names: of somebody of
    /// their own organisation who is not there, or of an organisation that is not?
    fn stands_in(&self, owner: Option<OrganisationId>) -> bool {
        let Some(owner) = owner else { return false };
        let ours = self.actor.organisation == Some(owner);
        self.item().is_some_and(|item| self.with_me(item.id))
            && (ours || (self.left_behind(owner) && !self.stopped()))
    }

    /// On this side of a referral, or in the place of somebody of theirs who is not there.
    fn answers_for(&self, r: &ReferralFacts, side: &Side) -> bool {
        let stands_in = self.actor.organisation == Some(side.organisation) && self.with_me(r.id.into());
        self.on_side(side) || stands_in
    }

    fn on_side(&self, side: &Side) -> bool {
        self.actor.worker_id().is_some()
            && self.actor.organisation == Some(side.organisation)
            && side.team.is_none_or(|team| self.actor.teams.contains(&team))
    }

    fn relationship(&self, f: &mut Facts) {
        let (actor, world) = (self.actor, self.world);
        f.own_record = matches!(actor.who, Who::Person(me) if world.person == Some(me));
        f.conflict = actor
            .worker_id()
            .is_some_and(|me| world.conflicts.iter().any(|c| c.worker == me && c.span.holds(self.now)));
        f.care_team = self.holds_plan()
            || world
                .involvements
                .iter()
                .any(|i| self.involved(i.organisation, &i.party) && i.span.holds(self.now));
        f.receiving = self.receiver_of(Reads::Shared, |stage| stage == ReferralStage::Accepted);
        f.closed_recently = !f.care_team && !f.receiving && self.closed_recently();
        f.offered = world.offered_to.iter().any(|(party, organisation)| self.involved(*organisation, party));
        f.leads = actor.role == Role::ServiceLead
            && actor.worker_id().is_some()
            && (f.own_part || (matches!(self.about, About::Person) && self.organisation_holds()));
        f.suppress_notice = world.suppress_notice;
    }

    fn receiver_of(&self, which: Reads, in_stage: impl Fn(ReferralStage) -> bool) -> bool {
        self.world.referrals.iter().any(|r| {
            self.answers_for(r, &r.receiver)
                && in_stage(r.stage)
                && (which == Reads::Either || self.shared(r))
        })
    }

    /// May the receiver read the packet, as far as the person is concerned? What they
    /// agreed to ends when they stop that packet, that organisation, or everything.
    fn shared(&self, r: &ReferralFacts) -> bool {
        let stopped = self.world.stopped_everything || self.world.stopped.contains(&r.receiver.organisation);
        !(r.agreed && stopped) && r.stopped.is_none_or(|at| self.now < at)
    }

    /// Has the person stopped the actor's organisation, or everything?
    fn stopped(&self) -> bool {
        self.world.stopped_everything
            || self.actor.organisation.is_some_and(|o| self.world.stopped.contains(&o))
    }

    /// The referral keeps its place, and no more than that is left between them.
    fn only_a_place(&self, f: &Facts) -> bool {
        let other = f.own_record
            || f.care_team
            || f.leads
            || f.offered
            || f.gift
            || f.glass
            || f.supporter_current
            || self.closed_by_itself();
        !other && self.receives_any(Reads::Either) && !self.receives_any(Reads::Shared)
    }

    /// B3: an involvement, or an accepted referral, that ended a short while ago. A referral
    /// whose packet was stopped counts as ended then, for reading one's own notes.
    fn closed_recently(&self) -> bool {
        let stopped = |r: &ReferralFacts| {
            r.stage == ReferralStage::Accepted && self.on_side(&r.receiver) && !self.shared(r)
        };
        self.closed_by_itself() || self.world.referrals.iter().any(stopped)
    }

    fn closed_by_itself(&self) -> bool {
        let days = self.n.after_close_days;
        let recent = |at: Instant| at <= self.now && self.now < at.plus_days(days);
        let involvement = self
            .world
            .involvements
            .iter()
            .any(|i| self.involved(i.organisation, &i.party) && i.span.ended_within(self.now, days));
        let referral = self.receiver_of(Reads::Either, |stage| match stage {
            ReferralStage::Completed(at) | ReferralStage::EndedEarly(at) => recent(at),
            _ => false,
        });
        involvement || referral
    }

    fn involved(&self, organisation: OrganisationId, party: &Party) -> bool {
        self.actor.organisation == Some(organisation) && self.is(party)
    }

    fn holds_plan(&self) -> bool {
        let Some(me) = self.actor.worker_id() else { return false };
        let holds = |holder: &Holder| {
            self.actor.organisation == Some(holder.organisation)
                && (holder.lead == Some(me)
                    || holder.team.is_some_and(|team| self.actor.teams.contains(&team))
                    || holder.cover.iter().any(|(who, span)| *who == me && span.holds(self.now)))
        };
        self.holders().any(holds)
    }

    /// The holder the record names, and whoever it passed on to.
    fn holders(&self) -> impl Iterator<Item = &Holder> {
        self.world.holder.iter().chain(self.world.passed_on.iter().map(|p| &p.to))
    }

    /// Is the part of this organisation without anybody of its own: it is not there any
    /// more, or the plan passed on from it?
    fn left_behind(&self, owner: OrganisationId) -> bool {
        let passed = self.world.passed_on.as_ref().is_some_and(|p| p.from.contains(&owner));
        let ours = self.actor.organisation == Some(owner);
        !ours && (passed || self.standing.out.contains(&owner))
    }

    fn organisation_holds(&self) -> bool {
        let ours = self.actor.organisation;
        self.holders().any(|h| Some(h.organisation) == ours)
            || self.world.involvements.iter().any(|i| Some(i.organisation) == ours && i.span.holds(self.now))
    }

    fn sharing(&self, f: &mut Facts) {
        let Some((_, label)) = self.label() else { return };
        // What the person gave or agreed to ends with their stop, from the next request.
        if self.stopped() {
            return;
        }
        let covering = self.world.sharings.iter().filter(|s| {
            Some(s.organisation) == self.actor.organisation
                && s.holds(self.now)
                && s.areas.contains(&label.area)
                && s.purposes.contains(&self.ask.purpose)
                && label.sensitivity <= s.most
                && (label.sensitivity < Sensitivity::S3
                    || (!label.categories.is_empty()
                        && label.categories.iter().all(|c| s.categories.contains(c))))
        });
        for sharing in covering {
            f.consent = true;
            f.consent_contribute |= sharing.contribute;
        }
        f.gift = self.item().is_some_and(|item| {
            self.world.gifts.iter().any(|g| {
                self.involved(g.organisation, &Party::Worker(g.worker))
                    && g.span.holds(self.now)
                    && match g.what {
                        Given::Record(id) => id == item.id,
                        Given::SafetyPlan => f.safety_plan,
                    }
            })
        });
    }

    /// Which referral the question is about, when it is about one.
    fn referral_asked(&self) -> Option<ReferralId> {
        match self.item() {
            Some(item) if item.kind == Kind::Referral => Some(item.id.into()),
            Some(_) => None,
            None => self.ask.referral,
        }
    }

    /// May the receiver still read? Sent, accepted, or completed a short while ago (B5).
    fn readable(&self, stage: ReferralStage) -> bool {
        match stage {
            ReferralStage::Sent | ReferralStage::Accepted => true,
            ReferralStage::Completed(at) => {
                at <= self.now && self.now < at.plus_days(self.n.packet_after_days)
            }
            ReferralStage::Draft | ReferralStage::EndedEarly(_) | ReferralStage::Over(_) => false,
        }
    }

    fn receives_any(&self, which: Reads) -> bool {
        let by_link = |r: &ReferralFacts| {
            self.link_to(r) && is_open(r.stage) && (which == Reads::Either || self.shared(r))
        };
        self.same_person()
            && (self.receiver_of(which, |stage| self.readable(stage))
                || self.world.referrals.iter().any(by_link))
    }

    fn referrals(&self, f: &mut Facts) {
        let asked = self.referral_asked();
        let item = self.item().map(|i| (i.id, i.version));
        for r in &self.world.referrals {
            let this = asked == Some(r.id);
            let in_packet = item.is_some_and(|key| r.packet.contains(&key));
            let open = is_open(r.stage);
            let shared = self.shared(r);
            if self.answers_for(r, &r.receiver) && self.readable(r.stage) {
                f.packet |= in_packet && shared;
                f.referral_to_us |= this;
                f.sharing_stopped |= this && !shared;
                f.referral_answerable |= this && open;
            }
            f.referral_sender |= this && self.answers_for(r, &r.sender);
            f.referral_lead |= this && self.leads_side(r);
            if self.link_to(r) && open {
                f.link |= in_packet || this;
                f.packet |= in_packet && shared;
                f.referral_to_us |= this;
                f.sharing_stopped |= this && !shared;
                f.referral_answerable |= this;
            }
        }
        if let Who::LinkHolder { referral, named, .. } = self.actor.who {
            f.link_named = named;
            f.link_service = self.item().is_some_and(|item| {
                self.world.referrals.iter().any(|r| {
                    r.id == referral && is_open(r.stage) && self.link_to(r) && r.service == Some(item.id)
                })
            });
        }
    }

    /// The leads on both sides learn how a referral ended; the receiver's until the
    /// packet's days are over. Never the packet.
    fn leads_side(&self, r: &ReferralFacts) -> bool {
        let lead = matches!(self.actor.role, Role::ServiceLead | Role::TeamLead);
        let ours = |side: &Side| match self.actor.role {
            Role::TeamLead => side.team.is_some() && self.on_side(side),
            _ => self.actor.organisation == Some(side.organisation),
        };
        let recent = match r.stage {
            ReferralStage::Draft => false,
            ReferralStage::Sent | ReferralStage::Accepted => true,
            ReferralStage::Completed(at) | ReferralStage::EndedEarly(at) | ReferralStage::Over(at) => {
                self.now < at.plus_days(self.n.packet_after_days)
            }
        };
        lead && self.actor.worker_id().is_some() && (ours(&r.sender) || (ours(&r.receiver) && recent))
    }

    /// Is this the one referral of the actor's link, and the link alive?
    fn link_to(&self, r: &ReferralFacts) -> bool {
        let Who::LinkHolder { organisation, referral, .. } = self.actor.who else { return false };
        r.id == referral
            && r.receiver.organisation == organisation
            && r.link.is_some_and(|link| {
                link.issued <= self.now
                    && self.now < link.issued.plus_days(self.n.link_days)
                    && link.ended.is_none_or(|at| self.now < at)
            })
    }

    fn special(&self, f: &mut Facts) {
        f.glass = self.glass();
        f.records_duty = self.records_duty();
        if let Who::Supporter(me) = self.actor.who {
            self.supporter(me, f);
        }
    }

    fn glass(&self) -> bool {
        let (world, n) = (self.world, self.n);
        may_break_glass(self.actor.role)
            && world.glass.iter().any(|g| {
                self.involved(g.organisation, &Party::Worker(g.worker))
                    && g.fresh
                    && g.letters >= n.glass_letters
                    && g.started <= self.now
                    && self.now < g.started.plus_hours(n.glass_hours)
                    && (!world.dissent_emergency || g.reason == GlassReason::LifeAtRisk)
            })
    }

    fn records_duty(&self) -> bool {
        self.actor.role == Role::RecordsOfficer
            && self.world.cases.iter().any(|c| {
                self.involved(c.organisation, &Party::Worker(c.officer))
                    && c.purpose == self.ask.purpose
                    && !c.reference.trim().is_empty()
                    && c.approved_by.is_some_and(|other| other != c.officer)
                    && c.span.holds(self.now)
            })
    }

    fn supporter(&self, me: SupporterId, f: &mut Facts) {
        let world = self.world;
        let mine =
            || world.supporters.iter().filter(|s| s.supporter == me && s.accepted && s.span.holds(self.now));
        f.supporter_current = mine().next().is_some();
        f.supporter_covers = mine().any(|s| {
            s.actions.contains(&self.ask.action)
                && self.label().is_none_or(|(_, label)| {
                    s.areas.contains(&label.area)
                        && match label.sensitivity {
                            Sensitivity::S4 => false,
                            Sensitivity::S3 => {
                                !label.categories.is_empty()
                                    && label.categories.iter().all(|c| s.categories.contains(c))
                            }
                            _ => true,
                        }
                })
        });
        f.supporter_stopped = world.coercion.iter().any(|c| {
            let seen = self.ask.action == Action::View
                && self.item().is_some_and(|i| c.frozen.contains(&(me, i.id, i.version)));
            c.span.holds(self.now) && c.stops.as_ref().is_none_or(|who| who.contains(&me)) && !seen
        });
    }
}

/// Is the receiver still asked for something?
fn is_open(stage: ReferralStage) -> bool {
    matches!(stage, ReferralStage::Sent | ReferralStage::Accepted)
}
