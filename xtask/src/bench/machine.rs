//! What the system says of processes and of itself: CPU, memory, how busy it is.

use crate::run;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// CPU that a process and its threads have used, in microseconds: user and system. The system counts in
/// ticks, of 10 milliseconds as a rule.
pub fn cpu_us(process: u32) -> Result<u64, String> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))
        .map_err(|cause| format!("this system does not tell the CPU of a process: {cause}"))?;
    let [user, system, ..] =
        ticks(&stat).ok_or_else(|| format!("/proc/{process}/stat cannot be read: {stat}"))?;
    Ok((user + system) * us_per_tick())
}

/// The same for a process, those it started, and those it started that have ended: a PostgreSQL server.
pub fn family_cpu_us(parent: u32) -> u64 {
    let Ok(processes) = std::fs::read_dir("/proc") else { return 0 };
    let stats = processes
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().bytes().all(|byte| byte.is_ascii_digit()))
        .filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
    let used: u64 = stats.filter_map(|stat| of_family(&stat, parent)).sum();
    used * us_per_tick()
}

/// The ticks of a process that belongs to the family.
fn of_family(stat: &str, parent: u32) -> Option<u64> {
    let id: u32 = stat.split(' ').next()?.parse().ok()?;
    let [user, system, ended_user, ended_system] = ticks(stat)?;
    if id == parent {
        return Some(user + system + ended_user + ended_system);
    }
    let started_by: u32 = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
    (started_by == parent).then_some(user + system)
}

/// Fields 14 to 17 of `/proc/N/stat`: user, system, and both of its ended children. The second field, a
/// name, may hold spaces.
fn ticks(stat: &str) -> Option<[u64; 4]> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse().ok();
    Some([next()?, next()?, next()?, next()?])
}

fn us_per_tick() -> u64 {
    let a_second = run::capture(Command::new("getconf").arg("CLK_TCK"))
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(100);
    1_000_000 / a_second
}

/// Megabytes that a process holds now, and at most so far.
pub fn memory_mb(process: u32) -> Option<(f64, f64)> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let megabytes = |field: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(field))?;
        let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some(kilobytes / 1024.0)
    };
    Some((megabytes("VmRSS:")?, megabytes("VmHWM:")?))
}

/// What a program cost from its start to its end.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    /// Seconds by the clock.
    pub seconds: f64,
    /// Seconds of CPU.
    pub cpu: f64,
    /// The most memory it held, in megabytes.
    pub most_mb: f64,
}

/// Waits for a program and watches what it uses. True when it ended with 0 or 1: a check that found
/// something has done its work too.
pub fn watch(mut child: Child) -> Result<(bool, Cost), String> {
    let began = Instant::now();
    let mut cost = Cost::default();
    loop {
        cost.cpu = cpu_us(child.id()).map_or(cost.cpu, |us| cost.cpu.max(us as f64 / 1e6));
        cost.most_mb = memory_mb(child.id()).map_or(cost.most_mb, |(_, most)| most);
        if let Some(status) = child.try_wait().map_err(|cause| cause.to_string())? {
            cost.seconds = began.elapsed().as_secs_f64();
            return Ok((matches!(status.code(), Some(0 | 1)), cost));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The machine, in a line.
pub fn in_a_line() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split(' ').take(3).collect();
    let model = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("processor unknown", |(_, name)| name);
    format!("{cores} cores ({model}); load over 1, 5 and 15 minutes: {}", load.join(", "))
}

/// The CPU time of the whole machine.
pub struct Busy {
    busy: u64,
    all: u64,
}

impl Busy {
    /// Until now.
    pub fn now() -> Option<Busy> {
        Busy::parse(&std::fs::read_to_string(Path::new("/proc/stat")).ok()?)
    }

    fn parse(stat: &str) -> Option<Busy> {
        let numbers: Vec<u64> = stat
            .lines()
            .next()?
            .split_whitespace()
            .skip(1)
            .take(8)
            .map_while(|text| text.parse().ok())
            .collect();
        let all = numbers.iter().sum();
        // Idle and waiting for a disk are not busy.
        Some(Busy { busy: all - numbers.get(3)? - numbers.get(4)?, all })
    }

    /// The busy share of the time between.
    pub fn share_until(&self, later: &Busy) -> f64 {
        let all = later.all.saturating_sub(self.all).max(1);
        later.busy.saturating_sub(self.busy) as f64 / all as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_is_read_past_a_name_with_spaces() {
        let stat = "42 (a (odd) name) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 7 3 20 0 4 0 100 1 1";
        assert_eq!(ticks(stat), Some([250, 50, 7, 3]));
        assert_eq!(
            (of_family(stat, 42), of_family(stat, 1), of_family(stat, 2)),
            (Some(310), Some(300), None)
        );
        cpu_us(std::process::id()).unwrap();
    }

    #[test]
    fn a_program_is_watched_to_its_end() {
        let child = Command::new("sh").args(["-c", "sleep 0.1; exit 1"]).spawn().unwrap();
        let (ended, cost) = watch(child).unwrap();
        assert!(ended && cost.seconds >= 0.1 && cost.most_mb > 0.0, "{cost:?}");
    }

    #[test]
    fn the_share_of_busy_time_is_without_idle_and_waiting() {
        let before = Busy::parse("cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 1").unwrap();
        let after = Busy::parse("cpu  150 0 150 850 50 0 0 0 0 0\ncpu0 1").unwrap();
        assert!((before.share_until(&after) - 0.5).abs() < 1e-9);
    }
}
