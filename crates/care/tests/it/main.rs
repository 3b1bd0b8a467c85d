//! Use cases over a real database: SQLite always, PostgreSQL when `KITH_TEST_POSTGRES`
//! holds the URL of a server on which databases may be made.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

#[path = "../../../exchange/tests/it/beside.rs"]
mod beside;
mod finding;
mod ground;
mod import;
mod import_trafford;
mod joining;

/// Each function becomes two tests, one on each engine.
macro_rules! both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name($crate::ground::Ground::sqlite().await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let Some(ground) = $crate::ground::Ground::postgres().await else { return };
                super::$name(ground.clone()).await;
                ground.clear().await;
            }
        }
    )+};
}
pub(crate) use both;
