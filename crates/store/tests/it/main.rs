//! The contract of the store, on each engine: what it promises whichever database is
//! underneath. SQLite always; PostgreSQL when `KITH_TEST_POSTGRES` holds the URL of a
//! server on which databases may be made. Each test makes a database of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod changes;
mod concurrency;
mod copies;
mod durability;
mod forger;
mod golden;
mod histories;
mod lists;
mod looks;
mod migrations;
mod place;
mod rows;
mod tampering;
mod traps;
mod worlds;

/// Each function becomes two tests, one on each engine.
macro_rules! both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name($crate::place::Ground::sqlite().await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let Some(ground) = $crate::place::Ground::postgres().await else { return };
                super::$name(ground.clone()).await;
                ground.clear().await;
            }
        }
    )+};
}
pub(crate) use both;
