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
         Who is counted: everybody with a need that was written down from {from} to {to}, once, with the \
         first such need. Left out: whoever said no to being counted, needs that are very private or \
         sealed, and needs written down after the first count of this period. \"Not known\" and \"would \
         rather not say\" are rows of their own and are compared with nothing.\n\n\
         Steps: asked = a service was asked for this need; yes = a service said yes; came = the person \
         came at least once; helped = the help ended and the person says that it helped, at least a bit; \
         told = told about a peer group for this need. Each share is of the step before; told is of need.\n\n\
         Intervals: 95 %; shares by Wilson's score, differences by Newcombe's method 10, ratios by \
         Katz's logarithms, all from the counts that are shown. check.R makes them again.\n\n\
         Waits: days from the first request to the day the person first came to anybody. Median by \
         Kaplan and Meier with Greenwood's variance on the log-log scale; those still waiting, and those \
         whose wait ended otherwise, count up to that day. By twelve weeks: Aalen and Johansen, with a no, \
         an end without coming, and death as competing ends. Waits are counted up to the moment of \
         counting. No median is shown of fewer than 10 people who came.\n\n\
         More than chance: shares by Fisher's exact test on counts before rounding, waits by the \
         log-rank test, each group against the reference, corrected by Holm for all {looked} comparisons \
         of this table. A gap that is not found may still be there.\n\n\
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
const CHECK: &str = r#"# Run in this folder: Rscript check.R. Needs nothing but R itself.
f <- read.csv("figures.csv", colClasses = c(group_code = "character"), encoding = "UTF-8")
z <- qnorm(0.975)
wilson <- function(x, n) {
  p <- x / n
  middle <- (p + z^2 / (2 * n)) / (1 + z^2 / n)
  half <- z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2)) / (1 + z^2 / n)
  cbind(p, middle - half, middle + half)
}
same <- function(what, ours, shown) {
  worst <- max(c(0, abs(ours - shown)), na.rm = TRUE)
  cat(sprintf("%s: %d figures, largest difference %.1e\n", what, sum(!is.na(shown)), worst))
  stopifnot(worst < 1e-6)
}
shares <- c("asked", "yes", "came", "helped", "told")
s <- f[f$figure %in% shares & !is.na(f$value), ]
w <- wilson(s$n, s$of)
same("shares and their intervals", w, as.matrix(s[, c("value", "low", "high")]))
r <- s[s$compared == "reference", ]
g <- s[!is.na(s$difference), ]
if (nrow(g) > 0) {
  m <- match(g$figure, r$figure)
  a <- wilson(g$n, g$of)
  b <- wilson(r$n[m], r$of[m])
  d <- a[, 1] - b[, 1]
  low <- d - sqrt((a[, 1] - a[, 2])^2 + (b[, 3] - b[, 1])^2)
  high <- d + sqrt((a[, 3] - a[, 1])^2 + (b[, 1] - b[, 2])^2)
  same("differences (Newcombe)", cbind(d, low, high),
       as.matrix(g[, c("difference", "difference_low", "difference_high")]))
  k <- !is.na(g$ratio)
  ratio <- a[k, 1] / b[k, 1]
  error <- sqrt(1 / g$n[k] - 1 / g$of[k] + 1 / r$n[m][k] - 1 / r$of[m][k])
  same("ratios (Katz)", cbind(ratio, ratio / exp(z * error), ratio * exp(z * error)),
       as.matrix(g[k, c("ratio", "ratio_low", "ratio_high")]))
}
cat("Every shown share, interval and gap comes out of the shown counts.\n")
"#;

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
