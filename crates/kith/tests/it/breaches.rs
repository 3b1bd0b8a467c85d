//! `kith check` names what is lost, and only that.
//!
//! - Given Brackenford, then nothing in it is lost.
//! - Given a database edited so that one promise is broken, for each way to break it that
//!   there is, then `kith check` ends with 1 and names the record by its reference, the
//!   breach, and the organisation that has to put it right, in words and as JSON, and
//!   nobody by name.
//! - Given an edit that looks like a breach and is none, because what it is about passes
//!   to somebody who is there, then `kith check` ends with 0.

use crate::made_up::{Copy, Original, Stored};
use jiff::civil::{Date, date};
use kith_domain::id::{OrganisationId, TeamId, WorkerId};
use kith_domain::lost::Wrong;
use kith_domain::need::{Need, NeedStatus, Unmet, UnmetReason};
use kith_domain::organisation::{
    Absence, Holder, Organisation, OrganisationStatus, Place, Team, TeamClosed, Worker,
};
use kith_domain::person::{Person, Standing};
use kith_domain::record::Record;
use kith_domain::time::{Instant, plus_days};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

const LONG_AGO: Date = date(2020, 1, 6);
const FAR_AWAY: Date = date(2099, 1, 1);

/// A copy, with what there is in it.
struct Scene {
    copy: Copy,
    place: Stored<Place>,
    people: Vec<Stored<Person>>,
    needs: Vec<Stored<Need>>,
    workers: Vec<Stored<Worker>>,
    teams: Vec<Stored<Team>>,
    organisations: Vec<Stored<Organisation>>,
    today: Date,
}

impl Scene {
    async fn over(original: &Original) -> Scene {
        let copy = original.copy().await;
        Scene {
            place: copy.all::<Place>().await.remove(0),
            people: copy.all().await,
            needs: copy.all().await,
            workers: copy.all().await,
            teams: copy.all().await,
            organisations: copy.all().await,
            today: jiff::Zoned::now().date(),
            copy,
        }
    }

    /// Somebody whom navigators support now.
    fn person(&self) -> &Stored<Person> {
        let navigate = |team: TeamId| self.teams.iter().any(|t| t.id == team.0 && t.value.navigators);
        let open = |p: &&Stored<Person>| {
            p.value.standing == Standing::Open
                && navigate(p.value.holder.team)
                && p.value.holder.lead.is_some()
        };
        self.people.iter().find(open).expect("somebody whom navigators support")
    }

    /// An open need of somebody who is there.
    fn need(&self) -> &Stored<Need> {
        let there = |id| self.people.iter().any(|p| Some(p.id) == id && p.value.standing == Standing::Open);
        let open = |n: &&Stored<Need>| n.value.status == NeedStatus::Open && n.value.unmet.is_none();
        self.needs.iter().filter(open).find(|n| there(n.person)).expect("an open need")
    }

    fn net_team(&self) -> &Stored<Team> {
        self.teams.iter().find(|t| t.id == self.place.value.net_team.0).expect("the net's team")
    }

    fn charity_team(&self) -> &Stored<Team> {
        let holds_nothing =
            |t: &&Stored<Team>| !t.value.navigators && !t.value.net && self.member_of(t).is_some();
        self.teams.iter().find(holds_nothing).expect("a team that holds no plans")
    }

    fn member_of(&self, team: &Stored<Team>) -> Option<WorkerId> {
        let there = |w: &&Stored<Worker>| {
            w.value.active(self.today)
                && w.value.absences.is_empty()
                && w.value.member_of(TeamId(team.id), self.today)
                && w.value.memberships.iter().all(|m| m.organisation == team.value.organisation)
        };
        self.workers.iter().find(there).map(|w| WorkerId(w.id))
    }

    async fn edit<T: Record>(&self, id: Uuid, change: impl FnOnce(&mut T)) {
        self.copy.edit(id, change).await;
    }

    async fn every_worker(&self, change: impl Fn(&mut Worker)) {
        for worker in &self.workers {
            self.copy.edit(worker.id, &change).await;
        }
    }

    fn away(&self) -> Absence {
        Absence { from: plus_days(self.today, -1), until: None, cover: None }
    }

    /// Names of people and workers that can be told from the words of the check.
    fn names(&self) -> BTreeSet<String> {
        let people = self.people.iter().map(|p| p.value.called.clone());
        let workers = self.workers.iter().map(|w| w.value.name.clone());
        let known = |name: &String| self.organisations.iter().any(|o| o.value.name.contains(name.as_str()));
        people.chain(workers).filter(|name| name.len() > 3 && !known(name)).collect()
    }

    /// Asserts that the check finds this breach of this record, and names nobody.
    fn is_named(&self, wrong: Wrong, id: Uuid, how: &str) {
        let (code, words) = self.copy.check(false);
        assert_eq!(code, 1, "{how}: {words}");
        let line = words.lines().find(|l| l.contains(&id.to_string()) && l.contains(wrong.title()));
        let line = line.unwrap_or_else(|| panic!("{how}: {id} {:?} is not named in\n{words}", wrong.title()));
        assert!(line.contains("To put right: "), "{line}");
        let (code, text) = self.copy.check(true);
        assert_eq!(code, 1, "{how}: {text}");
        let found: Value = serde_json::from_str(&text).unwrap();
        let lost = found["lost"].as_array().unwrap();
        let same = |l: &&Value| l["reference"] == json!(id.to_string()) && l["wrong"] == json!(wrong.code());
        let one =
            lost.iter().find(same).unwrap_or_else(|| panic!("{how}: {} of {id} in {text}", wrong.code()));
        let mut fields: Vec<&String> = one.as_object().unwrap().keys().collect();
        fields.sort();
        assert_eq!(fields, ["kind", "organisation", "reference", "words", "wrong"], "nothing else is said");
        for name in self.names() {
            assert!(!words.contains(&name) && !text.contains(&name), "{how}: {name} is named");
        }
    }

    /// Asserts that nothing is lost, and gives how many are past their date.
    fn is_clean(&self, how: &str) -> u64 {
        let (code, text) = self.copy.check(true);
        assert_eq!(code, 0, "{how}: {text}");
        let found: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(found["lost"], json!([]), "{how}");
        found["overdue"].as_u64().unwrap()
    }
}

/// Edits the database so that this is wrong, and says with which record. A new kind of
/// breach does not compile until it has a case here.
async fn plant(s: &Scene, wrong: Wrong) -> Uuid {
    let (need, person) = (s.need(), s.person());
    match wrong {
        Wrong::NoHolder => {
            s.edit::<Need>(need.id, |n| n.holder.lead = Some(WorkerId(Uuid::new_v4()))).await;
            need.id
        }
        Wrong::HolderNotActive => {
            // The net is the last; when it has shut there is nobody to pass to.
            let (organisation, team) = (s.place.value.net_organisation, s.place.value.net_team);
            s.edit::<Need>(need.id, |n| n.holder = Holder { organisation, team, lead: None }).await;
            let shut = OrganisationStatus::Closed { on: LONG_AGO };
            s.edit::<Organisation>(organisation.0, |o| o.status = shut).await;
            need.id
        }
        Wrong::NotAMember => {
            let team = s.charity_team();
            assert_ne!(team.value.organisation, need.value.holder.organisation);
            let stranger = s.member_of(team);
            s.edit::<Need>(need.id, |n| n.holder.lead = stranger).await;
            need.id
        }
        Wrong::AbsentWithoutCover => {
            let away = s.away();
            s.every_worker(|w| w.absences = vec![away]).await;
            need.id
        }
        Wrong::NoNextDate => {
            s.edit::<Need>(need.id, |n| n.next.on = FAR_AWAY).await;
            need.id
        }
        Wrong::NoSecondPerson => {
            // One person is the net alone, and is months late.
            let place = &s.place.value;
            let alone = s.net_team().value.lead.expect("the net has a lead");
            s.edit::<Place>(s.place.id, |p| p.net_second = alone).await;
            s.edit::<Organisation>(place.net_organisation.0, |o| o.lead = Some(alone)).await;
            let (organisation, team) = (place.net_organisation, place.net_team);
            s.edit::<Need>(need.id, |n| {
                n.holder = Holder { organisation, team, lead: Some(alone) };
                n.next.on = LONG_AGO;
            })
            .await;
            need.id
        }
        Wrong::NoNavigator => {
            let team = s.charity_team();
            let holder = Holder {
                organisation: team.value.organisation,
                team: TeamId(team.id),
                lead: s.member_of(team),
            };
            s.edit::<Person>(person.id, |p| p.holder = holder).await;
            person.id
        }
        Wrong::NothingSaid => {
            // Silence itself comes to the holder on its day (see below), unless nobody can see it.
            let tomorrow_week = Instant(jiff::Timestamp::now().as_microsecond()).plus_days(8);
            s.edit::<Person>(person.id, |p| p.heard_at = Some(tomorrow_week)).await;
            person.id
        }
        Wrong::UnmetWithoutReview => {
            let unmet = Unmet {
                since: need.value.raised_at,
                reason: UnmetReason::NoService,
                review_on: FAR_AWAY,
                place: None,
            };
            s.edit::<Need>(need.id, |n| n.unmet = Some(unmet)).await;
            need.id
        }
        Wrong::Unreadable => {
            s.copy.edit_text(need.id, |body| body["next"]["on"] = Value::Null).await;
            need.id
        }
        Wrong::NotListed => {
            s.copy.run("UPDATE record SET open = 0 WHERE id = $1", need.id).await;
            need.id
        }
    }
}

async fn each_breach_is_named(original: &Original) {
    let mut seen = BTreeSet::new();
    for wrong in Wrong::ALL {
        let scene = Scene::over(original).await;
        let id = plant(&scene, wrong).await;
        scene.is_named(wrong, id, wrong.code());
        seen.insert(wrong.code());
        scene.copy.clear().await;
    }
    assert_eq!(seen.len(), Wrong::ALL.len());
}

/// Other ways to the same breaches.
async fn other_ways_are_named_too(original: &Original) {
    for (way, wrong) in [
        ("an organisation that does not exist", Wrong::NoHolder),
        ("a team that does not exist", Wrong::NoHolder),
        ("no holder at all", Wrong::Unreadable),
        ("no date at all", Wrong::Unreadable),
        ("a plan with a date in 2099", Wrong::NoNextDate),
        ("everybody has left", Wrong::HolderNotActive),
        ("its date is taken out of the lists", Wrong::NotListed),
        ("its links are deleted", Wrong::NotListed),
        ("its person is deleted", Wrong::NotListed),
    ] {
        let s = Scene::over(original).await;
        let (need, person) = (s.need(), s.person());
        let id = match way {
            "an organisation that does not exist" => {
                let nobody = OrganisationId(Uuid::new_v4());
                s.edit::<Need>(need.id, |n| n.holder.organisation = nobody).await;
                need.id
            }
            "a team that does not exist" => {
                s.edit::<Need>(need.id, |n| n.holder.team = TeamId(Uuid::new_v4())).await;
                need.id
            }
            "no holder at all" => {
                s.copy.edit_text(person.id, |body| body["holder"] = Value::Null).await;
                person.id
            }
            "no date at all" => {
                s.copy.edit_text(person.id, |body| _ = body.as_object_mut().unwrap().remove("next")).await;
                person.id
            }
            "a plan with a date in 2099" => {
                s.edit::<Person>(person.id, |p| p.next.on = FAR_AWAY).await;
                person.id
            }
            "everybody has left" => {
                s.every_worker(|w| w.left = Some(LONG_AGO)).await;
                need.id
            }
            "its date is taken out of the lists" => {
                s.copy.run("UPDATE record SET due = NULL WHERE id = $1", need.id).await;
                need.id
            }
            "its links are deleted" => {
                s.copy.run("DELETE FROM record_link WHERE record = $1", need.id).await;
                need.id
            }
            "its person is deleted" => {
                s.copy.run("DELETE FROM record WHERE id = $1", need.person.unwrap()).await;
                need.id
            }
            other => panic!("no edit for {other}"),
        };
        s.is_named(wrong, id, way);
        s.copy.clear().await;
    }
}

/// What looks like a breach and is none: holding has passed it on already.
async fn what_passes_on_is_not_lost(original: &Original) {
    let late = Scene::over(original).await.is_clean("Brackenford as it was made");
    for way in [
        // The named worker has left: it is the team lead's.
        "the holder has left",
        // Suspended is as good as gone.
        "the holder is suspended",
        // Away without cover: it is the team lead's.
        "the holder is away without cover",
        // An organisation that shut, without a successor: the net has it.
        "the holder's organisation has shut",
        // One whose agreement has lapsed holds nothing: the net has it.
        "the holder's agreement has lapsed",
        // A team that stopped, without a successor: the net has it.
        "the holder's team has closed",
        // Months late is late: it has risen to a second named person.
        "a date long past",
        // Nothing said for N days is an item on the holder's Today, and rises like any other.
        "nothing said for a year",
        // A review in the past is late, and held.
        "a review long past",
    ] {
        let s = Scene::over(original).await;
        let (need, person) = (s.need(), s.person());
        let lead = need.value.holder.lead.expect("a named lead").0;
        match way {
            "the holder has left" => s.edit::<Worker>(lead, |w| w.left = Some(LONG_AGO)).await,
            "the holder is suspended" => s.edit::<Worker>(lead, |w| w.suspended = Some(LONG_AGO)).await,
            "the holder is away without cover" => {
                let away = s.away();
                s.edit::<Worker>(lead, |w| w.absences = vec![away]).await;
            }
            "the holder's organisation has shut" => {
                give(&s, need, s.charity_team()).await;
                let shut = OrganisationStatus::Closed { on: LONG_AGO };
                s.edit::<Organisation>(s.charity_team().value.organisation.0, |o| o.status = shut).await;
            }
            "the holder's agreement has lapsed" => {
                give(&s, need, s.charity_team()).await;
                s.edit::<Organisation>(s.charity_team().value.organisation.0, |o| {
                    o.agreement.as_mut().expect("an agreement").until = LONG_AGO;
                })
                .await;
            }
            "the holder's team has closed" => {
                give(&s, need, s.charity_team()).await;
                let closed = TeamClosed { on: LONG_AGO, successor: None };
                s.edit::<Team>(s.charity_team().id, |t| t.closed = Some(closed)).await;
            }
            "a date long past" => s.edit::<Need>(need.id, |n| n.next.on = LONG_AGO).await,
            "nothing said for a year" => {
                let then = Instant(jiff::Timestamp::now().as_microsecond()).plus_days(-365);
                s.edit::<Person>(person.id, |p| p.heard_at = Some(then)).await;
            }
            "a review long past" => {
                let (since, place) = (need.value.raised_at, None);
                let unmet = Unmet { since, reason: UnmetReason::Full, review_on: LONG_AGO, place };
                s.edit::<Need>(need.id, |n| n.unmet = Some(unmet)).await;
            }
            other => panic!("no edit for {other}"),
        }
        s.copy.reindex().await;
        let now_late = s.is_clean(way);
        if way.contains("long past") || way.contains("nothing said") {
            assert!(now_late > late, "{way}: late is counted beside lost, and never hidden");
        }
        s.copy.clear().await;
    }
}

/// Gives a need to a member of a team.
async fn give(s: &Scene, need: &Stored<Need>, team: &Stored<Team>) {
    let holder =
        Holder { organisation: team.value.organisation, team: TeamId(team.id), lead: s.member_of(team) };
    s.edit::<Need>(need.id, |n| n.holder = holder).await;
}

async fn all(original: Original) {
    each_breach_is_named(&original).await;
    other_ways_are_named_too(&original).await;
    what_passes_on_is_not_lost(&original).await;
    original.clear().await;
}

#[tokio::test]
async fn the_check_names_each_planted_breach_on_sqlite() {
    all(Original::sqlite()).await;
}

#[tokio::test]
async fn the_check_names_each_planted_breach_on_postgres() {
    let Some(original) = Original::postgres().await else { return };
    all(original).await;
}
