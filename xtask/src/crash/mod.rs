//! Sudden death, many times: writers send changes to a running server while it, or its database, is
//! killed without warning at random moments. Everything that was acknowledged is written into a ledger
//! outside the program; at the end each acknowledged write must be there exactly once, each write that
//! was never answered at most once, each write that was never sent not at all.
//!
//! Kill -9 proves that the program keeps no promise in its own memory. It does not prove that the disk
//! was asked to sync: the system keeps written pages of a killed process. That is a proof of its own.

mod ledger;
mod target;
mod work;

pub use ledger::{Ledger, Verdict};
pub use target::{KithTarget, Target, Victim};
pub use work::{Act, MARK, Work};

use crate::http::{Failure, Form, Response, Visitor};
use ledger::{Entry, Fate};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How to try.
#[derive(Debug, Clone)]
pub struct Trial {
    /// What it is called in reports.
    pub name: &'static str,
    /// How often to kill.
    pub kills: u32,
    /// Where chance begins; the same number draws the same moments.
    pub seed: u64,
    /// How long the server lives between two kills, at most.
    pub longest_life: Duration,
    /// Whom to kill, in turn.
    pub victims: Vec<Victim>,
}

/// Chance for the moments of death: xorshift, repeatable from its seed.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Begins at this seed.
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }
}

/// What the writers and the one who kills tell each other.
struct Signals {
    /// The server answers, as far as anybody knows.
    up: AtomicBool,
    /// The trial is over; finish the write in hand and stop.
    over: AtomicBool,
}

/// Kills and restarts under load, then reads everything back and judges.
pub fn run(target: &mut dyn Target, works: Vec<Work>, trial: &Trial) -> Result<Verdict, String> {
    let began = Instant::now();
    let signals = Signals { up: AtomicBool::new(false), over: AtomicBool::new(false) };
    let mut chance = Chance::new(trial.seed);
    target.start()?;
    let port = target.port();
    let mut slowest_start = Duration::ZERO;
    let mut ledger = Ledger::default();
    let mut promises = Vec::new();
    let mut killing = Ok(());
    std::thread::scope(|scope| {
        let writers: Vec<_> = works
            .iter()
            .enumerate()
            .map(|(number, work)| {
                let (signals, chance) = (&signals, Chance::new(trial.seed ^ ((number as u64 + 1) << 32)));
                let writer = Writer {
                    number,
                    port,
                    work,
                    chance,
                    run: trial.seed,
                    entries: Vec::new(),
                    known: BTreeMap::new(),
                    marks: 0,
                    prepared: None,
                };
                scope.spawn(move || writer.write_until_over(signals))
            })
            .collect();
        // Servers end with the thread that started them, so this thread, not a writer, starts and kills.
        killing = kill_again_and_again(target, trial, &signals, &mut chance, &mut slowest_start);
        signals.over.store(true, Ordering::SeqCst);
        signals.up.store(true, Ordering::SeqCst);
        for (writer, work) in writers.into_iter().zip(&works) {
            let entries = writer.join().expect("a writer reports failures and does not panic");
            let kept = entries.iter().filter(|entry| entry.fate == Fate::Acknowledged).count();
            promises.push((work.act.page.clone(), kept));
            ledger.entries.extend(entries);
        }
    });
    killing?;
    let mut found = Vec::new();
    for work in &works {
        let shown = work.read_back(&mut visitor(port));
        found.extend(shown.map_err(|cause| format!("reading back {}: {cause}", work.act.page))?);
    }
    let mut verdict = ledger.judge(&found);
    verdict.kills = trial.kills;
    verdict.promises = promises;
    verdict.slowest_start = slowest_start;
    verdict.took = began.elapsed();
    Ok(verdict)
}

fn kill_again_and_again(
    target: &mut dyn Target,
    trial: &Trial,
    signals: &Signals,
    chance: &mut Chance,
    slowest_start: &mut Duration,
) -> Result<(), String> {
    for number in 0..trial.kills {
        signals.up.store(true, Ordering::SeqCst);
        let life = chance.below(trial.longest_life.as_micros() as u64);
        std::thread::sleep(Duration::from_micros(life));
        let victim = trial.victims[number as usize % trial.victims.len()];
        target.kill(victim);
        signals.up.store(false, Ordering::SeqCst);
        let died = Instant::now();
        target.start().map_err(|cause| format!("after kill {} of {victim:?}: {cause}", number + 1))?;
        *slowest_start = (*slowest_start).max(died.elapsed());
        if (number + 1) % 25 == 0 {
            println!("  {}: {} of {} kills", trial.name, number + 1, trial.kills);
        }
    }
    // The last life is not cut short, so that what waits to be sent again is sent.
    signals.up.store(true, Ordering::SeqCst);
    std::thread::sleep(trial.longest_life);
    Ok(())
}

fn visitor(port: u16) -> Visitor {
    Visitor::new(port, Duration::from_secs(20))
}

/// One who writes, as a person with a browser does: opens the form, sends it, sends it again when no
/// answer came, and now and then presses the button twice.
struct Writer<'a> {
    number: usize,
    port: u16,
    work: &'a Work,
    chance: Chance,
    run: u64,
    entries: Vec<Entry>,
    /// What the acts before the write led to, and the mark.
    known: BTreeMap<&'static str, String>,
    /// Marks used so far, and the one for which all that comes first is there.
    marks: usize,
    prepared: Option<usize>,
}

impl Writer<'_> {
    fn write_until_over(mut self, signals: &Signals) -> Vec<Entry> {
        let mut visitor: Option<Visitor> = None;
        while !signals.over.load(Ordering::SeqCst) {
            if !signals.up.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(1));
                continue;
            }
            let mut ready = match visitor.take() {
                Some(ready) => ready,
                None => {
                    let mut new = self::visitor(self.port);
                    if self.work.act.come_in(&mut new).is_err() {
                        std::thread::sleep(Duration::from_millis(2));
                        continue;
                    }
                    new
                }
            };
            if self.write_one(&mut ready, signals) {
                visitor = Some(ready);
            }
        }
        self.entries
    }

    /// One write with all that belongs to it; false when the visitor has to come in again.
    fn write_one(&mut self, visitor: &mut Visitor, signals: &Signals) -> bool {
        let mark = ledger::mark(self.run, self.number, self.marks);
        self.known.insert("mark", mark.clone());
        // What could not be prepared, or a form that does not come: nothing sent, nothing to remember.
        if self.prepared != Some(self.marks) && !self.prepare(signals) {
            // Part of it may be there under this mark.
            self.marks += 1;
            return true;
        }
        self.prepared = Some(self.marks);
        let act = self.work.act.with(&self.known);
        let Ok(form) = act.form(visitor) else { return false };
        let mut fate = send(&act, visitor, &form);
        let answered = fate == Fate::Acknowledged;
        if fate == Fate::Unknown && self.chance.below(2) == 0 {
            let again = self.until_answered(&act, Some(form), signals);
            fate = if again.is_some() { Fate::Acknowledged } else { Fate::Unknown };
        } else if answered && self.chance.below(8) == 0 {
            // The button pressed twice, or the back button: the same form once more.
            let _ = visitor.post(&form.action, &form.fields);
        }
        self.entries.push(Entry { mark, fate });
        self.marks += 1;
        answered
    }

    /// What comes before the write, unless an earlier write left it for this one.
    fn prepare(&mut self, signals: &Signals) -> bool {
        let work = self.work;
        let stands = work.before.iter().all(|(_, name)| self.known.contains_key(name));
        if stands && !self.marks.is_multiple_of(work.each.max(1)) {
            return true;
        }
        for (act, name) in &work.before {
            self.known.remove(name);
            let answer = self.until_answered(&act.with(&self.known), None, signals);
            match answer.as_ref().and_then(work::led_to) {
                Some(record) => self.known.insert(name, record),
                None => return false,
            };
        }
        true
    }

    /// One form with one submission id, by the same person after coming in again, until it is answered:
    /// what a person does when the page did not come.
    fn until_answered(&self, act: &Act, mut form: Option<Form>, signals: &Signals) -> Option<Response> {
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(60) {
            if signals.up.load(Ordering::SeqCst) {
                let mut visitor = self::visitor(self.port);
                let filled = act.come_in(&mut visitor).and_then(|()| match &form {
                    Some(form) => act.renew(&mut visitor, form),
                    None => act.form(&mut visitor),
                });
                if let Ok(filled) = filled {
                    let answer = visitor.post(&filled.action, &filled.fields);
                    if let Some(answer) = answer.ok().filter(|answer| act.acknowledges(answer)) {
                        return Some(answer);
                    }
                    form = Some(filled);
                }
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        None
    }
}

fn send(act: &Act, visitor: &mut Visitor, form: &Form) -> Fate {
    match visitor.post(&form.action, &form.fields) {
        Ok(answer) if act.acknowledges(&answer) => Fate::Acknowledged,
        Ok(_) | Err(Failure::Unknown(_)) => Fate::Unknown,
        Err(Failure::NotConnected(_)) => Fate::NotSent,
    }
}

#[cfg(test)]
mod tests;
