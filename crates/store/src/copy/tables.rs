//! Every table that a backup holds, with its columns. A test compares this list with the
//! tables that the migrations make.

/// What a column holds, on both engines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Type {
    /// An id.
    Id,
    /// A whole number.
    Int,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// A fraction.
    Real,
}

/// For what rows are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scope {
    /// A backup, which may be restored long after: what was still to be used is left out.
    Backup,
    /// A move, after which the old database is not served any more: codes and links that
    /// are on their way go with it.
    Move,
}

/// A column.
#[derive(Debug)]
pub(crate) struct Column {
    pub name: &'static str,
    pub of: Type,
    /// What it holds in rows of a backup from before it was there, as the migration that
    /// added it says; a null when it may be empty.
    pub before: Option<&'static str>,
}

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    pub name: &'static str,
    pub columns: &'static [Column],
    /// Its key, in an order that is the same on both engines.
    pub order: &'static str,
    /// Which of its rows a backup holds.
    pub only: &'static str,
    /// The database numbers its rows itself.
    pub numbered: bool,
}

impl Table {
    fn names(&self) -> String {
        self.columns.iter().map(|c| c.name).collect::<Vec<_>>().join(", ")
    }
    pub(crate) fn select(&self, scope: Scope) -> String {
        let only = match scope {
            Scope::Backup => self.only,
            Scope::Move => "",
        };
        format!("SELECT {} FROM {} {only} ORDER BY {}", self.names(), self.name, self.order)
    }
    pub(crate) fn insert(&self, keeping: &str) -> String {
        format!("INSERT INTO {} ({}) {keeping}", self.name, self.names())
    }
}

/// Tables of which a backup holds nothing, and why: see [`crate::copy`].
pub fn left_out() -> [&'static str; 6] {
    ["session", "lease", "slowed", "waiting", "vouch", "directory_change"]
}

/// The one there is, if there is one.
const fn first(all: &[&'static str]) -> Option<&'static str> {
    if all.is_empty() { None } else { Some(all[0]) }
}

macro_rules! tables {
    ($($name:ident by $order:literal $(only $only:literal)? $(numbered $numbered:literal)? {
        $($column:ident $of:ident $(before $before:literal)?),+ $(,)?
    })+) => {
        /// In the order in which they are written and read.
        pub(crate) static TABLES: &[Table] = &[$(Table {
            name: stringify!($name),
            columns: &[$(Column { name: stringify!($column), of: Type::$of, before: first(&[$($before)?]) }),+],
            order: $order,
            only: concat!($($only)?),
            numbered: false $(|| $numbered)?,
        }),+];
    };
}

tables! {
    setting by "name" { name Text, value Text }
    chain by "id" { id Id, kind Text, number Int, hash Bytes }
    record by "id" {
        id Id, kind Text, person Id, owner Id, version Int, schema Int, at Int, created Int, author Text,
        created_by Text, recorded_for Text, entered_in_error Int, area Text, sensitivity Int, state Text, open Int,
        due Int, sort Text, body Text, chain Id, number Int,
    }
    record_link by "target, role, record" { target Id, role Text, record Id, kind Text, person Id, open Int, due Int }
    journal by "seq" numbered true {
        seq Int, chain Id, number Int, person Id, record Id, version Int, kind Text, schema Int, action Text, at Int,
        author Text, recorded_for Text, owner Id, basis Text, previous Bytes, commitment Bytes, hash Bytes,
    }
    payload by "record, version" { record Id, version Int, salt Bytes, body Text, removed Text }
    look by "writer, number" {
        writer Id, number Int, at Int, request Id, who Text, organisation Id, role Text, person Id, purpose Text,
        action Text, basis Text, outcome Text, parts Text, hash Bytes,
    }
    submission by "id" { id Id, at Int, who Text, answer Text }
    draft by "who, form" { who Text, form Text, person Id, at Int, body Text }
    account by "id" {
        id Id, who Text, login Text, password Text, totp Bytes, totp_step Int, failed Int, wait_until Int,
        suspended Int, created Int,
    }
    code by "hash" only "WHERE used IS NOT NULL" {
        hash Bytes, kind Text, subject Id, detail Text, created Int, expires Int, used Int, attempts Int,
    }
    device by "token, who" { token Bytes, who Text, created Int, seen Int }
    passkey by "id" {
        id Bytes, whose Text, actor Text, name Text, cose Bytes, counter Int, created Int, seen Int,
    }
    elsewhere by "issuer, subject" {
        issuer Text, subject Text, whose Text, actor Text, created Int, seen Int,
    }
    outbox by "id" {
        id Id, at Int, person Id, channel Text, address Text, subject Text, body Text, dedupe Text, sent Int,
        stopped Text, guard Text, taken Int, tries Int before "0", next_try Int before "0", trouble Text, dead Int,
    }
    postcode by "code" { code Text, lat Real, lon Real, area Text }
    place_area by "code" { code Text, kind Text, name Text, parent Text, body Text }
}
