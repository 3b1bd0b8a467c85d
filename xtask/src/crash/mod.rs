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
pub use work::Work;

use crate::http::{Failure, Visitor};
use ledger::{Entry, Fate};
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
    let mut killing = Ok(());
    std::thread::scope(|scope| {
        let writers: Vec<_> = works
            .iter()
            .enumerate()
            .map(|(number, work)| {
                let (signals, chance) = (&signals, Chance::new(trial.seed ^ ((number as u64 + 1) << 32)));
                let writer = Writer { number, port, work, chance, run: trial.seed, entries: Vec::new() };
                scope.spawn(move || writer.write_until_over(signals))
            })
            .collect();
        // Servers end with the thread that started them, so this thread, not a writer, starts and kills.
        killing = kill_again_and_again(target, trial, &signals, &mut chance, &mut slowest_start);
        signals.over.store(true, Ordering::SeqCst);
        signals.up.store(true, Ordering::SeqCst);
        for writer in writers {
            ledger.entries.extend(writer.join().expect("a writer reports failures and does not panic"));
        }
    });
    killing?;
    let mut found = Vec::new();
    for work in &works {
        let shown = work.read_back(&mut visitor(port));
        found.extend(shown.map_err(|cause| format!("reading back {}: {cause}", work.page))?);
    }
    let mut verdict = ledger.judge(&found);
    verdict.kills = trial.kills;
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
                    if self.work.come_in(&mut new).is_err() {
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
        let mark = ledger::mark(self.run, self.number, self.entries.len());
        // No form, nothing sent: nothing to remember.
        let Ok(form) = self.work.form(visitor, &mark) else { return false };
        let mut fate = send(self.work, visitor, &form);
        let answered = fate == Fate::Acknowledged;
        if fate == Fate::Unknown && self.chance.below(2) == 0 {
            fate = self.send_again(&form, signals);
        } else if answered && self.chance.below(8) == 0 {
            // The button pressed twice, or the back button: the same form once more.
            let _ = visitor.post(&form.action, &form.fields);
        }
        self.entries.push(Entry { mark, fate });
        answered
    }

    /// The same form with the same submission id, by the same person after coming in again, until it is
    /// answered: what a person does when the page did not come.
    fn send_again(&mut self, form: &crate::http::Form, signals: &Signals) -> Fate {
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(60) {
            if signals.up.load(Ordering::SeqCst) {
                let mut visitor = self::visitor(self.port);
                let again =
                    self.work.come_in(&mut visitor).and_then(|()| self.work.renew(&mut visitor, form));
                if let Ok(again) = again
                    && send(self.work, &mut visitor, &again) == Fate::Acknowledged
                {
                    return Fate::Acknowledged;
                }
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Fate::Unknown
    }
}

fn send(work: &Work, visitor: &mut Visitor, form: &crate::http::Form) -> Fate {
    match visitor.post(&form.action, &form.fields) {
        Ok(answer) if work.acknowledges(&answer) => Fate::Acknowledged,
        Ok(_) | Err(Failure::Unknown(_)) => Fate::Unknown,
        Err(Failure::NotConnected(_)) => Fate::NotSent,
    }
}

#[cfg(test)]
mod tests;
