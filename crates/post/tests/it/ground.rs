//! A partnership with nobody in it, a clock, and messages in its outbox.

use kith_care::Kith;
use kith_care::telling_outside::leaving::Carrier;
use kith_domain::id::{OrganisationId, RecordId, TeamId, WorkerId};
use kith_domain::may_send::{AboutNobody, MayLeave};
use kith_domain::organisation::Place;
use kith_domain::record::Author;
use kith_domain::settings::Settings;
use kith_domain::time::{Calendar, Instant};
use kith_post::letter::Sender;
use kith_post::{Carried, Way, carry_all};
use kith_store::outbox::{NewMessage, OutboxRow};
use kith_store::{Database, Durability, NewRecord, Store, Writing};
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

pub struct Ground {
    pub kith: Kith,
    pub folder: tempfile::TempDir,
    clock: AtomicI64,
}

/// Monday 23 November 2026, ten in the morning.
pub fn start() -> Instant {
    Calendar::england().moment(jiff::civil::date(2026, 11, 23), 10, 0)
}

impl Ground {
    pub async fn new() -> Ground {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Folder(folder.path().join("data"));
        let store = Store::open_with(&database, Durability::None).await.unwrap();
        let place = Place {
            name: "Fenwick and Lode".into(),
            partnership: Uuid::now_v7(),
            net_organisation: OrganisationId(Uuid::now_v7()),
            net_team: TeamId(Uuid::now_v7()),
            net_second: WorkerId(Uuid::now_v7()),
            demo: false,
            zone: "Europe/London".into(),
            made_at: start(),
            keeper: None,
            settings: Settings::default(),
        };
        let writing =
            Writing { at: start(), author: Author::Operator, recorded_for: None, basis: "set-up".into() };
        let mut tx = store.write().await.unwrap();
        let new = NewRecord { id: RecordId(Uuid::now_v7()), person: None, owner: place.net_organisation };
        tx.create(&writing, "place made", new, &place).await.unwrap();
        tx.commit().await.unwrap();
        Ground { kith: Kith::open(store).await.unwrap(), folder, clock: AtomicI64::new(start().0) }
    }

    pub fn now(&self) -> Instant {
        Instant(self.clock.load(Ordering::SeqCst))
    }

    pub fn pass_minutes(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60 * Instant::SECOND, Ordering::SeqCst);
    }

    /// Puts a message into the outbox, about nobody.
    pub async fn put(&self, to: &str, words: &str) -> Uuid {
        let id = Uuid::now_v7();
        let message = NewMessage {
            id,
            at: self.now().0,
            person: None,
            channel: "email".into(),
            address: to.into(),
            subject: "A message for your team".into(),
            body: format!("{words}\nOpen it here: {{site}}/link/x\n"),
            dedupe: id.to_string(),
            guard: Some(r#"{"is":"asker"}"#.into()),
        };
        let mut tx = self.kith.store().write().await.unwrap();
        tx.record_message(&message, MayLeave::AboutNobody(AboutNobody::Asker)).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub async fn row(&self, id: Uuid) -> OutboxRow {
        let mut tx = self.kith.store().read().await.unwrap();
        tx.find_message(&id.to_string()).await.unwrap().unwrap()
    }

    pub async fn carry(&self, way: &Way) -> Carried {
        self.carry_as(Uuid::from_u128(1), way).await
    }

    /// One round of one server.
    pub async fn carry_as(&self, holder: Uuid, way: &Way) -> Carried {
        let carrier = Carrier { holder, public_url: "https://kith.example".into() };
        carry_all(&self.kith, way, &sender(), &carrier, || self.now()).await.unwrap()
    }
}

pub fn sender() -> Sender {
    Sender::parse("Our place <hello@kith.example>").unwrap()
}
