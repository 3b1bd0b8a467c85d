//! What a run of questions cost, and what the system says of processes.

use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// What one engine did.
#[derive(Serialize, Deserialize, Default)]
pub struct Done {
    /// Its name.
    pub engine: String,
    /// Seconds to build.
    pub build_s: f64,
    /// Megabytes it holds in memory; for a server, what its database takes.
    pub memory_mb: f64,
    /// Microseconds of each common question, in rising order.
    pub common_us: Vec<f64>,
    /// CPU of one common question, in microseconds.
    pub common_cpu_us: f64,
    /// Microseconds of each full question, where the engine can answer one.
    pub full_us: Vec<f64>,
    /// CPU of one full question.
    pub full_cpu_us: f64,
    /// Microseconds of each change until the next question sees it.
    pub change_us: Vec<f64>,
    /// The answers to the common questions: the numbers of services.
    pub answers: Vec<Vec<u64>>,
    /// What else there is to say.
    pub note: String,
}

/// Runs each question and keeps how long it took and what came.
pub fn run<T>(count: u64, mut ask: impl FnMut(u64) -> T) -> (Vec<f64>, Vec<T>) {
    let (mut took, mut all) = (Vec::new(), Vec::new());
    for number in 0..count {
        let began = Instant::now();
        let answer = ask(number);
        took.push(us(began.elapsed()));
        all.push(answer);
    }
    took.sort_by(f64::total_cmp);
    (took, all)
}

fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The value below which a share of them lies.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}

/// CPU of this process so far, in microseconds.
pub fn own_cpu_us() -> f64 {
    cpu_of("self")
}

/// CPU of a server's processes so far: of those that it started and of those that have ended.
pub fn family_cpu_us(parent: u32) -> f64 {
    let Ok(processes) = std::fs::read_dir("/proc") else { return 0.0 };
    let ids = processes.flatten().filter_map(|e| e.file_name().to_str()?.parse::<u32>().ok());
    let children = ids.filter(|id| field(&id.to_string(), 1).is_some_and(|by| by == f64::from(parent)));
    children.map(|id| cpu_of(&id.to_string())).sum::<f64>() + cpu_of(&parent.to_string())
}

/// Fields are counted from the one after the name, which may hold spaces.
fn field(process: &str, place: usize) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(place)?.parse().ok()
}

/// The system counts in hundredths of a second.
fn cpu_of(process: &str) -> f64 {
    let ticks = |place| field(process, place).unwrap_or(0.0);
    (ticks(11) + ticks(12)) * 10_000.0
}

/// Megabytes that this process holds.
pub fn memory_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
