//! The ledger outside the program: what was promised, what was not, and the judgement over what is found.

use std::collections::BTreeMap;
use std::time::Duration;

/// What became of a write, as far as the one who sent it can know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The server said that it is done.
    Acknowledged,
    /// It was sent and no answer came.
    Unknown,
    /// There was no connection to send it on.
    NotSent,
}

/// One write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The text by which it is found again.
    pub mark: String,
    /// What became of it.
    pub fate: Fate,
}

/// All writes of a trial.
#[derive(Debug, Default)]
pub struct Ledger {
    /// In no order.
    pub entries: Vec<Entry>,
}

/// The text of one write: unmistakable, and of one length, so that half of it is not a mark.
pub fn mark(run: u64, writer: usize, number: usize) -> String {
    format!("mark{:04x}w{writer:02}n{number:06}end", run & 0xffff)
}

/// Every mark that stands in a text, as often as it stands there.
pub fn marks_in(text: &str) -> Vec<String> {
    const LENGTH: usize = "mark0000w00n000000end".len();
    text.match_indices("mark")
        .filter_map(|(at, _)| text.get(at..at + LENGTH))
        .filter(|mark| mark.ends_with("end") && mark.as_bytes()[8] == b'w' && mark.as_bytes()[11] == b'n')
        .map(str::to_owned)
        .collect()
}

/// What a trial showed.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Kills.
    pub kills: u32,
    /// Acknowledged writes.
    pub acknowledged: usize,
    /// The page of each writer, and how many writes were acknowledged to it.
    pub promises: Vec<(String, usize)>,
    /// Writes without an answer, and how many of them are there.
    pub unknown: (usize, usize),
    /// Acknowledged and not there.
    pub lost: Vec<String>,
    /// There more than once.
    pub doubled: Vec<String>,
    /// There, though there was no connection to send it on, or nobody wrote it.
    pub from_nowhere: Vec<String>,
    /// Longest time from a kill until the server answered again.
    pub slowest_start: Duration,
    /// Time of the whole trial.
    pub took: Duration,
}

impl Ledger {
    /// Compares what was promised with what is found.
    pub fn judge(&self, found: &[String]) -> Verdict {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for mark in found {
            *times.entry(mark).or_default() += 1;
        }
        let mut verdict = Verdict::default();
        for Entry { mark, fate } in &self.entries {
            let times = times.remove(mark.as_str()).unwrap_or_default();
            match fate {
                Fate::Acknowledged => verdict.acknowledged += 1,
                Fate::Unknown => {
                    verdict.unknown.0 += 1;
                    verdict.unknown.1 += times.min(1);
                }
                Fate::NotSent => {}
            }
            match (fate, times) {
                (Fate::Acknowledged, 0) => verdict.lost.push(mark.clone()),
                (Fate::NotSent, 1..) => verdict.from_nowhere.push(mark.clone()),
                (_, 2..) => verdict.doubled.push(mark.clone()),
                _ => {}
            }
        }
        verdict.from_nowhere.extend(times.into_keys().map(str::to_owned));
        verdict
    }
}

impl Verdict {
    /// Whether every promise was kept. A trial without a single promise proves nothing, and neither does
    /// one in which a kind of write never came to an end.
    pub fn holds(&self) -> bool {
        self.acknowledged > 0
            && self.promises.iter().all(|(_, kept)| *kept > 0)
            && self.lost.is_empty()
            && self.doubled.is_empty()
            && self.from_nowhere.is_empty()
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "{} kills in {:.0} s: {} acknowledged, {} lost, {} doubled, {} from nowhere; {} unanswered of which {} \
             were done; ready again after {:.2} s at most",
            self.kills,
            self.took.as_secs_f64(),
            self.acknowledged,
            self.lost.len(),
            self.doubled.len(),
            self.from_nowhere.len(),
            self.unknown.0,
            self.unknown.1,
            self.slowest_start.as_secs_f64(),
        )?;
        for (page, kept) in &self.promises {
            writeln!(f, "  {page}: {kept} acknowledged")?;
        }
        for (what, marks) in
            [("lost", &self.lost), ("doubled", &self.doubled), ("from nowhere", &self.from_nowhere)]
        {
            for mark in marks.iter().take(5) {
                writeln!(f, "  {what}: {mark}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(fate: Fate, times: usize) -> Verdict {
        let mark = mark(7, 1, 2);
        let ledger = Ledger { entries: vec![Entry { mark: mark.clone(), fate }] };
        ledger.judge(&vec![mark; times])
    }

    #[test]
    fn each_fate_allows_its_own_numbers() {
        assert!(judge(Fate::Acknowledged, 1).holds());
        assert_eq!(judge(Fate::Acknowledged, 0).lost.len(), 1);
        assert_eq!(judge(Fate::Acknowledged, 2).doubled.len(), 1);
        assert_eq!(judge(Fate::Unknown, 1).unknown, (1, 1));
        assert!(judge(Fate::Unknown, 0).lost.is_empty());
        assert_eq!(judge(Fate::Unknown, 2).doubled.len(), 1);
        assert_eq!(judge(Fate::NotSent, 1).from_nowhere.len(), 1);
        assert!(!judge(Fate::NotSent, 0).holds(), "nothing was promised, so nothing was proved");
        let idle = Verdict { promises: vec![("/form".into(), 0)], ..judge(Fate::Acknowledged, 1) };
        assert!(!idle.holds(), "one of the writers was promised nothing");
        assert_eq!(Ledger::default().judge(&[mark(7, 1, 2)]).from_nowhere.len(), 1);
    }

    #[test]
    fn marks_are_found_whole() {
        let one = mark(0x1234, 3, 45);
        assert_eq!(marks_in(&format!("<li>{one}</li><p>{one} again mark</p>")), [one.clone(), one.clone()]);
        assert!(marks_in(&one[..one.len() - 1]).is_empty());
    }
}
