//! A described world as records of one database, at a moment of its own time. What changes as its
//! time goes on is written as a new version, so that a program that has it open meets each change
//! as it would meet any other.

use crate::Failed;
use crate::readings::instant;
use crate::records::{self, Thing, always, day, last_day};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::consent::Basis;
use kith_domain::id::{
    ConsentId, OrganisationId, PersonId, RecordId, ReferralId, SupporterId, TeamId, WorkerId,
};
use kith_domain::organisation::{Holder, Place};
use kith_domain::person::{CameBy, Coercion, Conflict, ConflictKind, Person};
use kith_domain::record::{Author, Kind, Meta, Record};
use kith_domain::referral::{Business, End, MessageBack, Packet, PacketLine, Referral, Status};
use kith_domain::settings::Settings;
use kith_domain::supporter::Involvement;
use kith_second::Time;
use kith_second::world::{self as told, PacketEntry, ReferralState, World};
use kith_store::{NewRecord, Store, WriteTx, Writing};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The ids that the names of a world have been given, and what was last written under each.
#[derive(Default)]
pub struct Town {
    common: Names,
    own: Vec<Names>,
    world: usize,
    once: bool,
    written: BTreeMap<RecordId, (String, Meta)>,
}

/// The ids of names, by what they name.
type Names = BTreeMap<&'static str, BTreeMap<String, Uuid>>;

/// Where a value goes and who is said to have written it.
struct To {
    id: RecordId,
    person: Option<PersonId>,
    owner: OrganisationId,
    author: Author,
    at: Time,
}

impl Town {
    /// A town in which everything about people is written once and stays as it is: what was
    /// written need not be remembered.
    pub fn of_one_moment() -> Town {
        Town { once: true, ..Town::default() }
    }

    /// From now on names are those of this world: several worlds may stand over the same
    /// organisations, teams and workers.
    pub fn enter(&mut self, world: usize) {
        self.world = world;
    }

    /// The id of a name, the same whenever it is asked for.
    pub fn id(&mut self, group: &'static str, name: &str) -> Uuid {
        let common = matches!(group, "orgs" | "users" | "teams" | "place" | "services");
        if self.own.len() <= self.world {
            self.own.resize_with(self.world + 1, Names::default);
        }
        let names = if common { &mut self.common } else { &mut self.own[self.world] };
        let of_group = names.entry(group).or_default();
        if let Some(id) = of_group.get(name) {
            return *id;
        }
        let id = Uuid::now_v7();
        of_group.insert(name.to_owned(), id);
        id
    }
    /// An organisation.
    pub fn organisation(&mut self, name: &str) -> OrganisationId {
        OrganisationId(self.id("orgs", name))
    }
    /// A worker.
    pub fn worker(&mut self, name: &str) -> WorkerId {
        WorkerId(self.id("users", name))
    }
    /// A person.
    pub fn person(&mut self, name: &str) -> PersonId {
        PersonId(self.id("people", name))
    }
    /// A referral.
    pub fn referral(&mut self, name: &str) -> ReferralId {
        ReferralId(self.id("referrals", name))
    }
    /// The supporter that a user is to a person.
    pub fn supporter(&mut self, user: &str, person: &str) -> SupporterId {
        SupporterId(self.id("supporters", &format!("{user} of {person}")))
    }
    fn team(&mut self, name: &str) -> TeamId {
        TeamId(self.id("teams", name))
    }
    /// The words that stand in an item and nowhere else.
    pub fn mark(&mut self, item: &str) -> String {
        format!("mk-{}", self.id("items", item).simple())
    }
    /// Who holds everybody's plan: an organisation that nobody of the world works for, so that
    /// holding opens nothing here.
    fn holder(&mut self) -> Holder {
        Holder { organisation: self.organisation("(net)"), team: self.team("(net)"), lead: None }
    }

    /// Writes the organisations, teams and workers, and the place itself.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn write_place(&mut self, tx: &mut WriteTx, world: &World, now: Time) -> Result<(), Failed> {
        let holder = self.holder();
        let (net, second) = (holder.organisation, self.worker("(second)"));
        let agreed = told::Org {
            kind: "host".into(),
            dsa: true,
            dsa_domains: kith_second::Area::ALL.to_vec(),
            dsa_to: None,
            status: None,
        };
        self.common(tx, net.0, net, &records::organisation("The net", &agreed, now)).await?;
        let team = records::team(net, true, Some(second));
        self.common(tx, holder.team.0, net, &team).await?;
        let user = told::User {
            role: kith_second::Role::Navigator,
            org: None,
            partnership: String::new(),
            person: None,
            status: None,
        };
        self.common(tx, second.0, net, &records::worker(&user, net, &[holder.team])).await?;
        let place = Place {
            name: "A made-up place".into(),
            partnership: self.id("place", "partnership"),
            net_organisation: net,
            net_team: holder.team,
            net_second: second,
            keeper: None,
            demo: true,
            zone: "UTC".into(),
            made_at: records::calendar().start(always()),
            settings: Settings::default(),
        };
        let id = self.id("place", "place");
        self.common(tx, id, net, &place).await?;
        for (name, org) in &world.orgs {
            let id = self.organisation(name);
            self.common(tx, id.0, id, &records::organisation(name, org, now)).await?;
            let team = self.team(name);
            self.common(tx, team.0, id, &records::team(id, false, None)).await?;
        }
        for (name, user) in &world.users {
            let Some(org) = user.org.as_deref().filter(|_| user.role.is_staff()) else { continue };
            let organisation = self.organisation(org);
            let mut teams = vec![self.team(org)];
            for (at, r) in world.referrals.iter().enumerate() {
                teams.extend(r.from_team.contains(name).then(|| self.side(world, at, false)));
                teams.extend(r.team.contains(name).then(|| self.side(world, at, true)));
            }
            teams.sort_unstable();
            teams.dedup();
            let id = self.worker(name);
            self.common(tx, id.0, organisation, &records::worker(user, organisation, &teams)).await?;
        }
        for at in 0..world.referrals.len() {
            for receives in [false, true] {
                let r = &world.referrals[at];
                let owner = self.organisation(if receives { &r.to_org } else { &r.from_org });
                let team = self.side(world, at, receives);
                self.common(tx, team.0, owner, &records::team(owner, false, None)).await?;
            }
        }
        Ok(())
    }

    /// The team on one side of a referral. Referrals between the same workers share theirs.
    fn side(&mut self, world: &World, at: usize, receives: bool) -> TeamId {
        let r = &world.referrals[at];
        let (org, members) = if receives { (&r.to_org, &r.team) } else { (&r.from_org, &r.from_team) };
        let name = format!("{org}: {}", members.join(" "));
        self.team(&name)
    }

    /// Writes the people of a world and everything about them, as it is at this moment.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn write_people(&mut self, tx: &mut WriteTx, world: &World, now: Time) -> Result<(), Failed> {
        for (name, person) in &world.people {
            let value = self.person_of(world, name, person, now);
            let (id, net) = (self.person(name), self.holder().organisation);
            let to = To { id: id.into(), person: Some(id), owner: net, author: Author::Operator, at: now };
            self.put(tx, to, &value).await?;
        }
        for (name, item) in &world.items {
            self.write_item(tx, name, item, now).await?;
        }
        for (at, m) in world.care_team.iter().enumerate().filter(|(_, m)| m.from <= now) {
            self.write_involvement(tx, world, at, m, now).await?;
        }
        for c in world.consents.iter().filter(|c| c.from <= now && c.kind == told::ConsentKind::Standing) {
            let organisation = self.organisation(&c.org);
            let to = self.about(&format!("{} {}", c.person, c.id), &c.person, organisation, now);
            self.put(tx, to, &records::consent(c, organisation, now)).await?;
        }
        for p in world.proxies.iter().filter(|p| p.from <= now) {
            let (id, net) = (self.supporter(&p.user, &p.person), self.holder().organisation);
            let to = To { id: RecordId(id.0), ..self.about("", &p.person, net, now) };
            self.put(tx, to, &records::supporter(p, now)).await?;
        }
        for (at, r) in world.referrals.iter().enumerate().filter(|(_, r)| r.sent <= now) {
            let value = self.referral_of(world, at, now);
            let (id, owner) = (self.referral(&r.id), self.organisation(&r.from_org));
            let to = To { id: id.into(), ..self.about("", &r.person, owner, now) };
            self.put(tx, to, &value).await?;
        }
        Ok(())
    }

    fn about(&mut self, name: &str, person: &str, owner: OrganisationId, at: Time) -> To {
        let id = RecordId(self.id("records", name));
        To { id, person: Some(self.person(person)), owner, author: Author::Operator, at }
    }

    fn person_of(&mut self, world: &World, name: &str, told: &told::Person, now: Time) -> Person {
        let mut person = Person::new("Somebody".into(), self.holder(), records::soon(now), CameBy::Met);
        person.emergency_dissent = told.dissent;
        let flagged = told.coercion_flag_from.filter(|from| now.within(*from, told.coercion_flag_to));
        person.coercion = flagged.map(|from| Coercion {
            since: instant(from),
            supporters: told
                .coercion_supporters
                .iter()
                .flatten()
                .map(|user| self.supporter(user, name))
                .collect(),
            frozen: Vec::new(),
            review_on: None,
            noted_by: None,
        });
        for c in world.conflicts.iter().filter(|c| c.person == name && now.within(c.from, c.to)) {
            let worker = self.worker(&c.user);
            person.conflicts.push(Conflict { worker, kind: ConflictKind::Relative });
        }
        for (user, _) in
            world.users.iter().filter(|(_, u)| u.role.is_staff() && u.person.as_deref() == Some(name))
        {
            person.conflicts.push(Conflict { worker: self.worker(user), kind: ConflictKind::Themselves });
        }
        person
    }

    async fn write_item(
        &mut self,
        tx: &mut WriteTx,
        name: &str,
        item: &told::Item,
        now: Time,
    ) -> Result<(), Failed> {
        let created = item.created.unwrap_or(Time(0));
        if created > now {
            return Ok(());
        }
        let allow = item.allow.iter().map(|user| self.worker(user)).collect();
        let (mark, holder) = (self.mark(name), self.holder());
        let thing = records::thing(item, allow, holder, &mark, now);
        let owner = self.organisation(&item.org);
        let author = match &item.author {
            Some(user) => Author::Worker { worker: self.worker(user), organisation: owner },
            None => Author::Operator,
        };
        let id = RecordId(self.id("items", name));
        let to = To { id, person: Some(self.person(&item.person)), owner, author, at: created };
        match &thing {
            Thing::Note(value) => self.put(tx, to, value).await,
            Thing::Goal(value) => self.put(tx, to, value).await,
            Thing::Step(value) => self.put(tx, to, value).await,
            Thing::Section(value) => self.put(tx, to, value).await,
        }
    }

    async fn write_involvement(
        &mut self,
        tx: &mut WriteTx,
        world: &World,
        at: usize,
        m: &told::CareTeam,
        now: Time,
    ) -> Result<(), Failed> {
        let Some(org) = world.users.get(&m.user).and_then(|u| u.org.clone()) else { return Ok(()) };
        let organisation = self.organisation(&org);
        let value = Involvement {
            organisation,
            team: self.team(&org),
            worker: Some(self.worker(&m.user)),
            role: "Supports them".into(),
            key_worker: false,
            areas: Area::ALL.to_vec(),
            from: day(m.from),
            until: last_day(m.to, now),
        };
        let name = format!("{} {} {at}", m.person, m.user);
        let to = self.about(&name, &m.person, organisation, now);
        self.put(tx, to, &value).await
    }

    fn line(&mut self, world: &World, entry: &PacketEntry) -> Option<PacketLine> {
        let (name, version) = match entry {
            PacketEntry::Item(item) => (item, 1),
            PacketEntry::Version { item, version } => (item, *version),
        };
        let item = world.items.get(name)?;
        Some(PacketLine {
            item: RecordId(self.id("items", name)),
            version,
            kind: Kind::Note,
            area: crate::readings::area(item.domain),
            sensitivity: Sensitivity::from_level(i64::from(item.sensitivity)).unwrap_or(Sensitivity::S4),
            categories: Vec::new(),
            heading: "A line".into(),
            words: self.mark(name),
        })
    }

    fn referral_of(&mut self, world: &World, at: usize, now: Time) -> Referral {
        let r = world.referrals[at].clone();
        let mut events: Vec<_> = r.events.iter().filter(|e| e.at <= now).collect();
        events.sort_by_key(|e| e.at);
        let yes = |s: ReferralState| matches!(s, ReferralState::Accepted | ReferralState::Active);
        let accepted = events.iter().find(|e| yes(e.state)).map(|e| instant(e.at));
        let status = match events.last().map(|e| e.state) {
            None | Some(ReferralState::Sent | ReferralState::Unknown) => Status::Requested,
            Some(ReferralState::Accepted) => Status::Accepted,
            Some(ReferralState::Active) => Status::InProgress,
            Some(ReferralState::Completed) => Status::Completed,
            Some(ReferralState::Declined) => Status::Rejected,
            Some(ReferralState::Withdrawn) => Status::Cancelled,
        };
        let over = matches!(status, Status::Completed | Status::Rejected | Status::Cancelled);
        let ended = events.last().filter(|_| over).map(|e| instant(e.at));
        let (from, to) = (self.side(world, at, false), self.side(world, at, true));
        Referral {
            need: kith_domain::id::NeedId(self.id("needs", &r.id)),
            area: Area::Connection,
            service: kith_domain::id::ServiceId(self.id("services", &r.to_org)),
            service_name: "A service".into(),
            sender: End { organisation: self.organisation(&r.from_org), team: from, worker: None },
            receiver: End { organisation: self.organisation(&r.to_org), team: to, worker: None },
            parent: None,
            status,
            business: Business::None,
            packet: Packet {
                call_them: "S".into(),
                contact: "Ring in the morning".into(),
                lines: r.packet.iter().filter_map(|entry| self.line(world, entry)).collect(),
            },
            basis: Basis::Agreement { consent: ConsentId(self.id("packets", &r.id)) },
            reply_by: kith_domain::time::plus_days(day(r.sent), 7),
            offered: Vec::new(),
            agreed: None,
            question: None,
            decline: None,
            reason: None,
            could_not_come: 0,
            could_not_come_at: None,
            missed_on: None,
            outcome: None,
            requested_at: Some(instant(r.sent)),
            seen_at: None,
            accepted_at: accepted,
            first_came_at: None,
            started_at: None,
            ended_at: ended,
            ended_by: None,
            held_next: records::soon(now),
            told_person: None,
            settled: None,
            spoken_at: None,
            receiver_moved_at: None,
            message_back: MessageBack::default(),
            untold: None,
            kept_on: None,
            none_good: None,
        }
    }

    async fn common<T: Record>(
        &mut self,
        tx: &mut WriteTx,
        id: Uuid,
        owner: OrganisationId,
        value: &T,
    ) -> Result<(), Failed> {
        let to = To { id: RecordId(id), person: None, owner, author: Author::Operator, at: Time(0) };
        self.put(tx, to, value).await
    }

    /// The first version, or a new one where something has changed since.
    async fn put<T: Record>(&mut self, tx: &mut WriteTx, to: To, value: &T) -> Result<(), Failed> {
        let writing = Writing {
            at: instant(to.at),
            author: to.author,
            recorded_for: None,
            basis: "administration".into(),
        };
        if self.once && to.person.is_some() {
            let new = NewRecord { id: to.id, person: to.person, owner: to.owner };
            tx.create(&writing, "made", new, value).await?;
            return Ok(());
        }
        let text = serde_json::to_string(value)?;
        let saved = match self.written.get(&to.id) {
            Some((before, _)) if *before == text => return Ok(()),
            Some((_, meta)) => tx.change(&writing, "changed", meta, value).await?,
            None => {
                let new = NewRecord { id: to.id, person: to.person, owner: to.owner };
                tx.create(&writing, "made", new, value).await?
            }
        };
        self.written.insert(to.id, (text, saved.meta));
        Ok(())
    }

    /// Writes everything as it is at this moment, in one transaction.
    ///
    /// # Errors
    /// The database could not do it.
    pub async fn write(&mut self, store: &Store, world: &World, now: Time) -> Result<(), Failed> {
        let mut tx = store.write().await?;
        self.write_place(&mut tx, world, now).await?;
        self.write_people(&mut tx, world, now).await?;
        tx.commit().await?;
        Ok(())
    }
}
