//! Everything that this program says into its log while a test runs, whatever its level: the sentences
//! and every field, of its own crates and of the libraries. The text of each statement to the database
//! is among it.

use std::fmt::{Debug, Write};
use std::sync::Mutex;
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

static SAID: Mutex<Heard> = Mutex::new(Heard { forgotten: 0, lines: Vec::new() });

/// What was heard; of a long run the beginning is forgotten.
struct Heard {
    forgotten: usize,
    lines: Vec<Said>,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub target: &'static str,
    /// The fields with their values, one after the other.
    pub fields: Vec<(&'static str, String)>,
}

/// Hears from now on, in the whole of this process.
pub fn listen() {
    // A second test in the same process finds that somebody listens already.
    let _ = tracing::subscriber::set_global_default(Ear);
}

/// How much has been said.
pub fn so_far() -> usize {
    let heard = SAID.lock().unwrap();
    heard.forgotten + heard.lines.len()
}

/// What has been said since.
pub fn since(from: usize) -> Vec<Said> {
    let heard = SAID.lock().unwrap();
    heard.lines[from.saturating_sub(heard.forgotten)..].to_vec()
}

/// Keeps nothing of what was said until now, but how much it was.
pub fn forget() {
    let mut heard = SAID.lock().unwrap();
    heard.forgotten += heard.lines.len();
    heard.lines.clear();
}

fn hear(target: &'static str, fields: Fields) {
    SAID.lock().unwrap().lines.push(Said { target, fields: fields.0 });
}

/// The texts of the statements sent since, without what differs each time.
pub async fn statements_since(from: usize) -> Vec<String> {
    // The thread of the database may tell of a statement just after its answer was read.
    let mut before = usize::MAX;
    while before != so_far() {
        before = so_far();
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let said = since(from).into_iter().filter(|said| said.target == "sqlx::query");
    let text = |said: Said| {
        let wanted = said.fields.into_iter().filter(|(name, _)| ["summary", "db.statement"].contains(name));
        wanted.map(|(_, value)| value).collect::<Vec<_>>().join(" ")
    };
    said.map(text).collect()
}

struct Ear;

struct Fields(Vec<(&'static str, String)>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        write!(text, "{value:?}").expect("a String takes everything");
        self.0.push((field.name(), text));
    }
}

impl Subscriber for Ear {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut fields = Fields(Vec::new());
        span.record(&mut fields);
        hear(span.metadata().target(), fields);
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        let mut fields = Fields(Vec::new());
        values.record(&mut fields);
        hear("span", fields);
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(Vec::new());
        event.record(&mut fields);
        hear(event.metadata().target(), fields);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[tokio::test]
async fn what_is_said_is_heard_with_its_statements() {
    listen();
    let from = so_far();
    tracing::warn!(reference = "mk-heard", "a request ended in a fault");
    assert!(since(from).iter().any(|said| format!("{said:?}").contains("mk-heard")));
    let world = crate::harness::World::new().await;
    let from = so_far();
    world.browser().get("/find").await;
    assert!(!statements_since(from).await.is_empty(), "a page that reads the database says so");
}

/// Whoever looks after the program sees that somebody tried, and how; not who.
#[tokio::test]
async fn each_try_to_sign_in_is_logged_without_a_name() {
    listen();
    let world = crate::harness::World::real().await;
    let mut browser = world.browser();
    let page = browser.get("/sign-in").await;
    let from = so_far();
    let typed = [("login", "aisha.rahman"), ("password", "kettle marble osprey"), ("code", "135790")];
    browser.submit(&page, "/sign-in", &typed).await.says("not right");
    world.worker(world.aisha).await;
    let said: Vec<String> = since(from)
        .into_iter()
        .filter(|said| said.target.starts_with("kith"))
        .map(|said| format!("{said:?}"))
        .collect();
    for words in ["a try to sign in was wrong", "somebody signed in"] {
        assert!(said.iter().any(|line| line.contains(words)), "{words} is not in the log");
    }
    let typed = typed.map(|(_, value)| value);
    let told = said.iter().find(|line| typed.iter().chain(&["Aisha"]).any(|value| line.contains(value)));
    assert_eq!(told, None, "the log says who, or what was typed");
}
