//! An answer to take away: its figures as one CSV, and an evidence pack with which anybody who
//! has R makes every shown share, interval and gap again from the shown counts.

use super::{Answer, Question};
use crate::error::{CareError, Fault};
use kith_exchange::pack::{csv, zip};
use kith_insight::disclosure::Shown;
use kith_insight::fairness::compare::parts;
use kith_insight::fairness::{Measure, Row, Share};

const HEAD: [&str; 17] = [
    "group_code",
    "group",
    "compared",
    "figure",
    "n",
    "of",
    "value",
    "low",
    "high",
    "difference",
    "difference_low",
    "difference_high",
    "ratio",
    "ratio_low",
    "ratio_high",
    "more_than_chance",
    "note",
];

/// The figures, a line each: hidden ones too, so that no group is missing.
pub fn figures(answer: &Answer) -> String {
    let funnel = &answer.funnel;
    let mut lines = Vec::new();
    for (at, row) in funnel.rows.iter().enumerate() {
        let compared = match (row.group.known, funnel.reference == Some(at)) {
            (_, true) => "reference",
            (true, false) => "yes",
            (false, false) => "no",
        };
        let found = |measure: Measure| {
            let of = funnel.findings.iter().find(|f| f.row == at && f.measure == measure);
            of.map(|f| format!("{:.6}", f.chance)).unwrap_or_default()
        };
        lines.extend(of_row(row, compared, found));
    }
    lines.extend(of_row(&funnel.all, "no", |_| String::new()));
    csv(&HEAD, &lines)
}

fn of_row(row: &Row, compared: &str, found: impl Fn(Measure) -> String) -> Vec<Vec<String>> {
    let begin = |figure: &str| {
        [row.group.code.clone(), row.group.title.clone(), compared.to_owned(), figure.to_owned()]
    };
    let mut lines =
        vec![line(begin("need"), count(row.people[0]), note(row, row.people[0].number().is_some()))];
    let parts = parts(&row.people, row.told);
    for (at, measure) in Measure::ALL.into_iter().take(5).enumerate() {
        let mut cells = vec![String::new(); 11];
        // Where the step before is hidden the count may stand alone.
        let alone = if at < 4 { row.people[at + 1] } else { row.told };
        cells[0] = parts[at].map_or_else(|| shown(alone), |(x, _)| x.to_string());
        cells[1] = parts[at].map(|(_, n)| n.to_string()).unwrap_or_default();
        three(&mut cells[2..5], row.shares[at]);
        three(&mut cells[5..8], row.gaps[at].map(|g| g.difference));
        three(&mut cells[8..11], row.gaps[at].and_then(|g| g.ratio));
        cells.push(found(measure));
        lines.push(line(begin(measure.code()), cells, note(row, parts[at].is_some())));
    }
    lines.extend(waits(row, begin, found(Measure::Wait)));
    lines
}

fn waits(row: &Row, begin: impl Fn(&str) -> [String; 4], found: String) -> Vec<Vec<String>> {
    let w = row.waited.as_ref();
    let mut median = vec![String::new(); 11];
    for (cell, day) in median[2..5].iter_mut().zip(w.map(|w| w.median).unwrap_or_default()) {
        *cell = day.map(|d| d.to_string()).unwrap_or_default();
    }
    median.push(found);
    let share = |of: Option<Share>| {
        let mut cells = vec![String::new(); 11];
        three(&mut cells[2..5], of);
        cells
    };
    vec![
        line(begin("wait_median_days"), median, note(row, w.is_some())),
        line(begin("came_by_84_days"), share(w.and_then(|w| w.came)), String::new()),
        line(begin("ended_otherwise_by_84_days"), share(w.and_then(|w| w.without)), String::new()),
    ]
}

fn line(begin: [String; 4], mut cells: Vec<String>, note: String) -> Vec<String> {
    cells.resize(HEAD.len() - 5, String::new());
    begin.into_iter().chain(cells).chain([note]).collect()
}

fn count(of: Shown) -> Vec<String> {
    vec![shown(of)]
}

fn shown(of: Shown) -> String {
    of.number().map(|n| n.to_string()).unwrap_or_default()
}

fn note(row: &Row, shown: bool) -> String {
    match (&row.group.kept_back, shown) {
        (Some(words), _) => words.clone(),
        (None, false) => "too few to show".into(),
        (None, true) => String::new(),
    }
}

fn three(cells: &mut [String], of: Option<Share>) {
    if let (Some(share), [value, low, high]) = (of, cells) {
        (*value, *low, *high) =
            (format!("{:.9}", share.value), format!("{:.9}", share.low), format!("{:.9}", share.high));
    }
}

/// The curves of waiting, at the days at which they may be shown.
fn curves(answer: &Answer) -> String {
    let rows = answer.funnel.rows.iter().chain([&answer.funnel.all]);
    let points = rows.flat_map(|r| {
        let curve = r.waited.iter().flat_map(|w| w.curve.iter());
        curve.map(|(day, share)| vec![r.group.code.clone(), day.to_string(), format!("{share:.2}")])
    });
    csv(&["group_code", "day", "share_still_waiting"], &points.collect::<Vec<_>>())
}

/// How the figures are made, in words.
pub fn method(question: &Question, answer: &Answer) -> String {
    format!(
        "{words}\n\n\
         Who is counted: everybody with a need that was written down from {from} to {to}, once. Left out: \
         whoever said no to being counted. Left out: needs that are very private or sealed. Left out: people whose \
         first need of the period was written down after the first count of it. \"Not known\" and \"would rather \
         not say\" are rows of their own, and compared with nothing. Where two things are crossed they are one row.\n\n\
         Steps, each for any of these needs: asked = a service was asked; yes = a service said yes; came = the \
         person came at least once; helped = the help ended and the person says that it helped, at least a bit; \
         told = told about a peer group. Each share is of the step before; told is of need. Age is the age at the \
         first need; the part of life is that of the first need.\n\n\
         Intervals: 95 %; shares by Wilson's score, differences by Newcombe's method 10, ratios by \
         Katz's logarithms, all from the counts that are shown. check.R makes them again.\n\n\
         Waits: for the need that was asked for first, days from the first request to the day the person \
         first came to anybody for it. Median by \
         Kaplan and Meier with Greenwood's variance on the log-log scale; those still waiting, and those \
         whose wait ended otherwise, count up to that day. By twelve weeks: Aalen and Johansen, with a no, \
         an end without coming, and death as competing ends. Waits are counted up to the moment of \
         counting. No median is shown of fewer than 10 people who came.\n\n\
         More than chance: shares by Fisher's exact test on counts before rounding. Waits by Peto's test \
         (Harrington and Fleming, rho 1). Each known group that is shown is tested against everybody else whose \
         group is known. Holm's correction is for all {looked} comparisons of this table. A gap that is not found \
         may still be there.\n\n\
         Not shown: counts under {least} (nought too), and as many others as a linear program found to be \
         needed so that none can be worked out. Counts are rounded to the nearest {round}. A row that \
         comes too near to an earlier figure is kept back.\n\n\
         Not for: saying why groups differ, or anything about one person or one worker.\n",
        words = question.words(),
        from = question.period.from,
        to = question.period.to,
        looked = answer.funnel.looked,
        least = answer.least,
        round = answer.round_to,
    )
}

/// Makes every shown share, interval and gap again.
const CHECK: &str = include_str!("check.R");

/// The evidence pack: the figures, the curves, the method, and the script that checks them.
///
/// # Errors
/// It could not be written.
pub fn pack(question: &Question, answer: &Answer) -> Result<Vec<u8>, CareError> {
    let (figures, curves, method) = (figures(answer), curves(answer), method(question, answer));
    let files = [
        ("figures.csv", figures.as_str()),
        ("curves.csv", curves.as_str()),
        ("method.txt", method.as_str()),
        ("check.R", CHECK),
    ];
    zip(&files).map_err(|e| Fault::Broken(format!("an evidence pack: {e}")).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fairness::{By, Group, Period, Step, funnel, policy};
    use kith_domain::time::Instant;
    use kith_insight::fairness::{Way, end};
    use kith_insight::waits::Spell;

    /// Three groups with a gap between them, and one too small to show.
    fn answered() -> (Question, Answer) {
        let period = Period::choices(jiff::civil::date(2026, 11, 23)).remove(0);
        let question = Question { period, by: By::Ethnicity, and: None, area: None };
        let names = ["asian", "=black", "white", "other"];
        let groups: Vec<Group> = names.iter().map(|n| Group::new(*n, *n, true)).collect();
        let mut ways = Vec::new();
        for (group, n, far) in [(0, 83, 3), (1, 97, 2), (2, 240, 4), (3, 4, 1)] {
            for at in 0..n {
                let furthest = Step::ALL[(at * 7 + group) % (far + 1)];
                let over = if furthest >= Step::Came { end::CAME } else { 0 };
                let wait = (furthest > Step::Need).then(|| Spell::new((at % 50) as f64, over));
                ways.push(Way { group, furthest, told: at % (group + 2) == 0, wait });
            }
        }
        let funnel = funnel(&ways, &groups, None, None, &policy(5, 5));
        (question, Answer { counted_at: Instant(0), funnel, least: 5, round_to: 5 })
    }

    /// The table as an analyst reads it: each line by the names of its columns.
    fn read(table: &str) -> Vec<std::collections::BTreeMap<String, String>> {
        let mut lines = table.trim_end().split("\r\n").map(|l| l.split(',').map(str::to_owned));
        let head: Vec<String> = lines.next().unwrap().collect();
        lines.map(|cells| head.iter().cloned().zip(cells).collect()).collect()
    }

    /// What `check.R` does, without R: Wilson, Newcombe and Katz from the shown counts alone.
    #[test]
    fn every_shown_figure_comes_out_of_the_shown_counts() {
        let (_, answer) = answered();
        let all = read(&figures(&answer));
        let number =
            |line: &std::collections::BTreeMap<String, String>, name: &str| line[name].parse::<f64>();
        let z = 1.959_963_984_540_054_f64;
        let wilson = |x: f64, n: f64| {
            let (p, over) = (x / n, 1.0 + z * z / n);
            let middle = (p + z * z / (2.0 * n)) / over;
            let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / over;
            [p, middle - half, middle + half]
        };
        let near = |shown: f64, ours: f64| assert!((shown - ours).abs() < 1e-8, "{shown} and {ours}");
        let (mut shares, mut gaps) = (0, 0);
        for line in all.iter().filter(|l| number(l, "of").is_ok() && number(l, "value").is_ok()) {
            let (x, n) = (number(line, "n").unwrap(), number(line, "of").unwrap());
            let mine = wilson(x, n);
            ["value", "low", "high"].iter().zip(mine).for_each(|(c, v)| near(number(line, c).unwrap(), v));
            shares += 1;
            let Ok(difference) = number(line, "difference") else { continue };
            let same = |l: &&std::collections::BTreeMap<String, String>| {
                l["compared"] == "reference" && l["figure"] == line["figure"]
            };
            let reference = all.iter().find(same).unwrap();
            let (x2, n2) = (number(reference, "n").unwrap(), number(reference, "of").unwrap());
            let theirs = wilson(x2, n2);
            let d = mine[0] - theirs[0];
            near(difference, d);
            let low = d - ((mine[0] - mine[1]).powi(2) + (theirs[2] - theirs[0]).powi(2)).sqrt();
            let high = d + ((mine[2] - mine[0]).powi(2) + (theirs[0] - theirs[1]).powi(2)).sqrt();
            near(number(line, "difference_low").unwrap(), low);
            near(number(line, "difference_high").unwrap(), high);
            let Ok(ratio) = number(line, "ratio") else { continue };
            let error = (1.0 / x - 1.0 / n + 1.0 / x2 - 1.0 / n2).sqrt();
            near(ratio, mine[0] / theirs[0]);
            near(number(line, "ratio_low").unwrap(), ratio / (z * error).exp());
            near(number(line, "ratio_high").unwrap(), ratio * (z * error).exp());
            gaps += 1;
        }
        assert!(shares >= 15 && gaps >= 6, "{shares} shares, {gaps} gaps");
        assert!(all.iter().any(|l| l["group_code"] == "other" && l["note"] == "too few to show"));
        assert!(all.iter().any(|l| l["group"] == "'=black"), "a spreadsheet runs nothing");
    }

    /// With R, the script itself; where R is not installed that is said.
    #[test]
    fn the_script_of_the_pack_agrees() {
        let (question, answer) = answered();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("figures.csv"), figures(&answer)).unwrap();
        std::fs::write(folder.path().join("check.R"), CHECK).unwrap();
        assert!(pack(&question, &answer).unwrap().starts_with(b"PK"));
        let run = std::process::Command::new("Rscript").arg("check.R").current_dir(folder.path()).output();
        let Ok(run) = run else { return eprintln!("skipped: Rscript is not installed") };
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(
            run.status.success() && said.contains("comes out of the shown counts"),
            "{said}{}",
            String::from_utf8_lossy(&run.stderr)
        );
    }
}
