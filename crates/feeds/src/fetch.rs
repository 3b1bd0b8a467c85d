//! A whole feed: pages, then entries.

use crate::get::{Answer, Came, FeedError, Getter};
use crate::kept::{Folder, Kept, State};
use kith_domain::time::Instant;
use kith_exchange::oruk::older::{Envelope, envelope};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What to fetch, and how.
#[derive(Clone)]
pub struct Plan {
    /// The address before `/services`.
    pub base: String,
    /// Where what came is kept.
    pub folder: PathBuf,
    /// How many entries are asked for at once.
    pub at_once: usize,
    /// How many entries a page is asked to have. Some feeds ignore it.
    pub per_page: u32,
    /// Stop after so many pages, whatever the feed says: one that never ends is broken.
    pub pages_max: u64,
    /// How requests are made.
    pub getter: Getter,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many pages of so many, where the feed says.
    Page(u64, Option<u64>),
    /// So many entries of so many.
    Entry(usize, usize),
}

/// What came.
#[derive(Clone, Debug, Default)]
pub struct Fetched {
    /// The entries, each as it came, with the address it came from.
    pub entries: Vec<Value>,
    /// Names of organisations by id, where the feed has a list of them.
    pub organisations: BTreeMap<String, String>,
    /// Was the whole list seen?
    pub whole: bool,
    /// What could not be fetched, and what was odd.
    pub notes: Vec<String>,
    /// How many entries were as they were the last time.
    pub same: usize,
    /// Entries that the list had before and has no more.
    pub missing: Vec<Missing>,
}

/// An entry that a whole list no longer has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The publisher's identifier.
    pub identifier: String,
    /// How many runs that saw the whole list missed it.
    pub runs: u32,
    /// When it was last there.
    pub last_seen: Option<Instant>,
}

/// Fetches a feed. A run that was broken off goes on where it was.
///
/// # Errors
/// Nothing at all came, or it could not be kept.
pub fn fetch(plan: &Plan, now: Instant, progress: &(dyn Fn(Step) + Sync)) -> Result<Fetched, FeedError> {
    let folder = Folder::open(&plan.folder)?;
    let mut state = folder.state();
    if state.ended || state.run == 0 {
        state = State { run: state.run + 1, ended: false, ..state };
        folder.save_state(&state)?;
    }
    let run = Run { plan, folder: &folder, now, run: state.run };
    let mut fetched = Fetched { whole: true, ..Fetched::default() };
    let listed = run.pages(&mut fetched, progress)?;
    fetched.organisations = run.organisations();
    run.entries(listed, &mut fetched, progress)?;
    note_missing(&mut state, &mut fetched, now);
    state.ended = true;
    folder.save_state(&state)?;
    Ok(fetched)
}

/// Counts who is not in the list any more, in a run that saw all of it.
fn note_missing(state: &mut State, fetched: &mut Fetched, now: Instant) {
    let there: BTreeSet<String> = fetched.entries.iter().filter_map(id_of).collect();
    for id in &there {
        let seen = state.seen.entry(id.clone()).or_default();
        seen.last = Some(now);
        seen.missed = 0;
    }
    if !fetched.whole {
        return;
    }
    for (id, seen) in state.seen.iter_mut().filter(|(id, _)| !there.contains(*id)) {
        seen.missed += 1;
        fetched.missing.push(Missing { identifier: id.clone(), runs: seen.missed, last_seen: seen.last });
    }
}

/// The id of an entry, as text.
pub(crate) fn id_of(entry: &Value) -> Option<String> {
    let id = entry.get("id").filter(|v| !v.is_null()).or_else(|| entry.get("_id"))?;
    match id {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

struct Run<'a> {
    plan: &'a Plan,
    folder: &'a Folder,
    now: Instant,
    run: u64,
}

impl Run<'_> {
    fn kept(&self, url: &str, came: &Came) -> Kept {
        Kept {
            url: url.to_owned(),
            raw: came.raw.clone(),
            etag: came.etag.clone(),
            last_modified: came.last_modified.clone(),
            fetched_at: self.now,
            run: self.run,
        }
    }

    /// The entries of all pages. A page that cannot be read leaves a hole and no more.
    fn pages(
        &self,
        fetched: &mut Fetched,
        progress: &(dyn Fn(Step) + Sync),
    ) -> Result<Vec<Value>, FeedError> {
        let mut listed = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let (mut pages, mut holes, mut total) = (None, 0, None);
        for number in 1..=self.plan.pages_max {
            match self.page(number, &mut fetched.notes) {
                Ok(page) => {
                    holes = 0;
                    pages = page.pages.or(pages);
                    total = page.total.or(total);
                    progress(Step::Page(number, pages));
                    if page.entries.is_empty() {
                        break;
                    }
                    let fresh: Vec<Value> = page
                        .entries
                        .into_iter()
                        .filter(|e| id_of(e).is_none_or(|id| seen.insert(id)))
                        .collect();
                    if fresh.is_empty() {
                        fetched.notes.push(format!("Page {number} repeats what came before. The feed has no more, or ignores the number of the page."));
                        break;
                    }
                    listed.extend(fresh);
                }
                Err(error) if number == 1 => return Err(error),
                Err(error) => {
                    fetched.whole = false;
                    holes += 1;
                    fetched.notes.push(format!(
                        "Page {number} could not be read: {error}. What is on it stays as it is."
                    ));
                    // Without a number of pages, two holes in a row are taken for the end.
                    if pages.is_none() && holes >= 2 {
                        break;
                    }
                }
            }
            if pages.is_some_and(|last| number >= last) {
                break;
            }
            if number == self.plan.pages_max {
                fetched.whole = false;
                fetched.notes.push(format!("It has more than {number} pages. The rest was not read."));
            }
        }
        if let Some(total) = total.filter(|total| (listed.len() as u64) < *total) {
            fetched.whole = false;
            fetched.notes.push(format!("It says that it has {total} entries, and {} came.", listed.len()));
        }
        Ok(listed)
    }

    fn page(&self, number: u64, notes: &mut Vec<String>) -> Result<Envelope, FeedError> {
        let before = self.folder.page(number);
        if let Some(page) = before.filter(|k| k.run == self.run).and_then(|k| envelope(&k.json()?)) {
            return Ok(page);
        }
        let url = format!("{}/services?page={number}&per_page={}", self.plan.base, self.plan.per_page);
        let Answer::Came(came) = self.plan.getter.get(&url, None, None)? else {
            return Err(FeedError::NoList);
        };
        if let Some(kind) = &came.odd_kind {
            note_once(notes, format!("It says that its answers are {kind}, and they are JSON."));
        }
        let page = envelope(&came.json).ok_or(FeedError::NoList)?;
        self.folder.save_page(number, &self.kept(&url, &came))?;
        Ok(page)
    }

    /// Names of organisations, for feeds whose entries give only an id. A feed may have no
    /// such list.
    fn organisations(&self) -> BTreeMap<String, String> {
        let mut names = BTreeMap::new();
        for number in 1..=self.plan.pages_max.min(200) {
            let url =
                format!("{}/organizations?page={number}&per_page={}", self.plan.base, self.plan.per_page);
            let Ok(Answer::Came(came)) = self.plan.getter.get(&url, None, None) else { break };
            let Some(page) = envelope(&came.json) else { break };
            let before = names.len();
            names.extend(
                page.entries.iter().filter_map(|o| Some((id_of(o)?, o["name"].as_str()?.to_owned()))),
            );
            if names.len() == before || page.pages.is_some_and(|last| number >= last) {
                break;
            }
        }
        names
    }

    /// Each entry on its own, a few at once, where that says more than the list does.
    fn entries(
        &self,
        listed: Vec<Value>,
        fetched: &mut Fetched,
        progress: &(dyn Fn(Step) + Sync),
    ) -> Result<(), FeedError> {
        if !self.worth_asking(&listed, fetched) {
            fetched.entries = listed;
            return Ok(());
        }
        let total = listed.len();
        let queue: Mutex<VecDeque<(usize, Value)>> = Mutex::new(listed.into_iter().enumerate().collect());
        let done: Mutex<Vec<(usize, One)>> = Mutex::new(Vec::with_capacity(total));
        let count = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.plan.at_once.clamp(1, 16) {
                scope.spawn(|| {
                    while let Some((at, entry)) = lock(&queue).pop_front() {
                        let one = self.one(entry);
                        lock(&done).push((at, one));
                        progress(Step::Entry(count.fetch_add(1, Ordering::Relaxed) + 1, total));
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        done.sort_by_key(|(at, _)| *at);
        for (_, one) in done {
            fetched.same += usize::from(one.same);
            fetched.notes.extend(one.note);
            fetched.entries.push(one.entry);
        }
        Ok(())
    }

    /// Do the first entries say more on their own than in the list?
    fn worth_asking(&self, listed: &[Value], fetched: &mut Fetched) -> bool {
        for entry in listed.iter().filter(|e| id_of(e).is_some()).take(3) {
            let asked = id_of(entry).map(|id| self.plan.getter.get(&self.address_of(&id), None, None));
            match asked {
                Some(Ok(Answer::Came(came))) => {
                    if weight(&came.json) > weight(entry) {
                        return true;
                    }
                }
                Some(Err(error)) if error.not_there() => {
                    fetched
                        .notes
                        .push("It has no entries of their own. What the list says is taken.".to_owned());
                    return false;
                }
                // It cannot be told from this one.
                Some(Err(_) | Ok(Answer::Same)) | None => {}
            }
        }
        false
    }

    fn address_of(&self, id: &str) -> String {
        let mut safe = String::with_capacity(id.len());
        for byte in id.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                safe.push(char::from(byte));
            } else {
                safe.push_str(&format!("%{byte:02X}"));
            }
        }
        format!("{}/services/{safe}", self.plan.base)
    }

    /// One entry. Where it cannot be had now, what came last time counts, else what the
    /// list says.
    fn one(&self, listed: Value) -> One {
        let plain = |entry| One { entry, note: None, same: false };
        let Some(id) = id_of(&listed) else { return plain(listed) };
        let before = self.folder.entry(&id);
        if let Some(json) = before.as_ref().filter(|k| k.run == self.run).and_then(Kept::json) {
            return plain(json);
        }
        let url = self.address_of(&id);
        let (etag, since) =
            before.as_ref().map_or((None, None), |k| (k.etag.as_deref(), k.last_modified.as_deref()));
        let error = match self.plan.getter.get(&url, etag, since) {
            Ok(Answer::Came(came)) => {
                let same = before.as_ref().is_some_and(|k| k.raw == came.raw);
                let kept = self.folder.save_entry(&id, &self.kept(&url, &came));
                let entry = came.json.get("data").filter(|d| d.is_object()).cloned().unwrap_or(came.json);
                return match kept {
                    Ok(()) if id_of(&entry).as_deref() == Some(id.as_str()) => {
                        One { entry, note: None, same }
                    }
                    Ok(()) => One {
                        note: Some(format!(
                            "{id}: the feed answered with another entry. What the list says is taken."
                        )),
                        ..plain(listed)
                    },
                    Err(error) => One { note: Some(format!("{id}: {error}.")), ..plain(entry) },
                };
            }
            Ok(Answer::Same) => {
                if let Some((kept, json)) = before.as_ref().and_then(|k| Some((k, k.json()?))) {
                    let again = Kept { fetched_at: self.now, run: self.run, ..kept.clone() };
                    let note = self.folder.save_entry(&id, &again).err().map(|e| format!("{id}: {e}."));
                    return One { entry: json, note, same: true };
                }
                FeedError::Status(304)
            }
            Err(error) => error,
        };
        match before.as_ref().and_then(Kept::json) {
            Some(entry) => One {
                note: Some(format!("{id} could not be read: {error}. What came the last time is taken.")),
                same: true,
                entry,
            },
            None => One {
                note: Some(format!("{id} could not be read: {error}. What the list says is taken.")),
                ..plain(listed)
            },
        }
    }
}

struct One {
    entry: Value,
    note: Option<String>,
    same: bool,
}

/// How much an entry says: values that are not nothing.
fn weight(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::String(text) => usize::from(!text.trim().is_empty()),
        Value::Bool(_) | Value::Number(_) => 1,
        Value::Array(all) => all.iter().map(weight).sum(),
        Value::Object(all) => all.values().map(weight).sum(),
    }
}

fn note_once(notes: &mut Vec<String>, note: String) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
