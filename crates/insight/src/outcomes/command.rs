//! Outcomes on the command line.

use super::adjust::{Pair, adjust};
use super::bounds;
use super::change::{Reliable, Tally, Went, first_and_latest, well, went};
use super::dialog::{self, Answers, ITEMS};
use super::therapies::Course;
use super::tools::{self, Better};
use crate::error::InsightError;
use crate::figure::{Answer, Figure, plain};
use crate::method::{Method, Options};
use crate::rates::interval::{mean, wilson};
use crate::table::Table;

const BY: (&str, &str) = ("by", "column of the groups; group");
const LEVEL: (&str, &str) = ("level", "level of the interval; 0.95");
const READINGS: &str = "first and latest (one row for each person), or person, when (a day) and value (one row for each reading); group";
const BETTER: (&str, &str) = ("better", "higher or lower; higher");

/// The methods of outcomes.
pub const METHODS: &[Method] = &[
    Method {
        name: "dialog",
        about: "DIALOG: quality of life, satisfaction with help, and what people are not satisfied with",
        columns: "item1 to item11 (1 to 7; one row for each person and day); group",
        options: &[BY, LEVEL],
        run: run_dialog,
    },
    Method {
        name: "change",
        about: "Who has two readings, how they changed, and who got better or worse by a national threshold",
        columns: READINGS,
        options: &[
            BY,
            LEVEL,
            ("tool", "an instrument with a national threshold, such as DIALOG, GBO or ReQoL-10"),
            ("least", "without a tool: the least change that counts"),
            BETTER,
        ],
        run: run_change,
    },
    Method {
        name: "change-reliable",
        about: "Who changed by more than the instrument wobbles, and who crossed a cut-off (Jacobson and Truax)",
        columns: READINGS,
        options: &[
            BY,
            LEVEL,
            ("reliability", "the instrument's reliability, from its paper; needed"),
            ("deviation", "standard deviation of first readings, from the paper; of those here"),
            ("cut-off", "from where readings are those of people who are well; none"),
            BETTER,
        ],
        run: run_reliable,
    },
    Method {
        name: "change-adjusted",
        about: "How far groups are apart at the end among people who began alike",
        columns: READINGS,
        options: &[BY, LEVEL, ("reference", "the group to compare with; the first")],
        run: run_adjusted,
    },
    Method {
        name: "talking-therapies",
        about: "Recovery, reliable improvement and reliable recovery as NHS Talking Therapies counts them",
        columns: "phq_first, phq_last, gad_first, gad_last (one row for each course); group",
        options: &[BY, LEVEL],
        run: run_therapies,
    },
    Method {
        name: "bounds",
        about: "What a share could be if we knew those who are missing",
        columns: "group, count, of (those known), missing",
        options: &[BY, LEVEL],
        run: run_bounds,
    },
];

fn column<'a>(table: &Table, options: &'a Options) -> Option<&'a str> {
    options.text("by").or(table.has("group").then_some("group"))
}

fn in_group(figure: Figure, options: &Options, name: &str) -> Figure {
    if name.is_empty() { figure } else { figure.of(options.text("by").unwrap_or("group"), name) }
}

/// The share `x` of `n`, or why there is none.
fn share(
    (method, source): (&'static str, &'static str),
    what: &str,
    (x, n): (u64, u64),
    level: f64,
    none: &str,
) -> Result<Figure, InsightError> {
    if n == 0 {
        return Ok(Figure::none(method, source, what, none).n(0));
    }
    let e = wilson(x as f64, n as f64, level)?;
    Ok(Figure::new(method, source, what, e.value).interval(e.low, e.high, level, e.method).unit("share").n(n))
}

fn average(
    (method, source): (&'static str, &'static str),
    what: &str,
    values: &[f64],
    level: f64,
    missing: u64,
) -> Figure {
    let figure = match mean(values, level) {
        Ok((e, _)) => {
            Figure::new(method, source, what, e.value).interval(e.low, e.high, level, e.method).unit("points")
        }
        Err(few) => Figure::none(method, source, what, few.to_string()),
    };
    figure.n(values.len() as u64).missing(missing)
}

fn run_dialog(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    const SOURCE: &str = "Priebe and others (2007); DIALOG scale (East London NHS Foundation Trust)";
    let by = ("dialog", SOURCE);
    let level = options.level()?;
    let mut columns = Vec::new();
    for i in 1..=ITEMS.len() {
        columns.push(table.maybe_numbers(&format!("item{i}"))?);
    }
    let outside = columns.iter().flatten().flatten().filter(|a| dialog::valid(**a).is_none()).count();
    let mut answer = Answer::default();
    for (name, rows) in table.groups(column(table, options))? {
        let people: Vec<Answers> = rows
            .iter()
            .map(|&row| std::array::from_fn(|i| columns[i][row].and_then(dialog::valid)))
            .collect();
        for (what, score) in [
            ("quality of life", dialog::life as fn(&Answers) -> dialog::Score),
            ("satisfaction with help", dialog::help),
        ] {
            let scores: Vec<dialog::Score> = people.iter().map(score).collect();
            let strict: Vec<f64> = scores.iter().filter_map(|s| s.strict).collect();
            let some: Vec<f64> = scores.iter().filter_map(|s| s.available).collect();
            let any = some.iter().sum::<f64>() / some.len() as f64;
            let figure = average(by, what, &strict, level, (people.len() - strict.len()) as u64);
            let figure =
                figure.more("mean of what was answered", any).more("who answered any", some.len() as f64);
            answer.figures.push(in_group(figure, options, &name));
        }
        for (i, item) in ITEMS.iter().enumerate() {
            let known = people.iter().filter(|p| p[i].is_some()).count() as u64;
            let not = people.iter().filter(|p| p[i].is_some_and(|a| a < 4.0)).count() as u64;
            let what = format!("not satisfied: {item}");
            let figure = share(by, &what, (not, known), level, "Nobody answered this.")?;
            answer.figures.push(in_group(figure.missing(people.len() as u64 - known), options, &name));
        }
    }
    answer.notes.push(
        "A mean needs every answer of its part; beside it stands the mean of what was answered.".into(),
    );
    if outside > 0 {
        answer.notes.push(format!("Answers that are not 1 to 7, taken as not answered: {outside}."));
    }
    Ok(answer)
}

/// Somebody's first and latest reading, and the group they are in.
struct Readings {
    group: String,
    first: Option<f64>,
    latest: Option<f64>,
}

/// Reads either form of the input. In the long form a person is of the group of their
/// first row.
fn readings(
    table: &Table,
    options: &Options,
    valid: impl Fn(f64) -> Option<f64>,
) -> Result<Vec<Readings>, InsightError> {
    let column = column(table, options);
    let mut group = vec![String::new(); table.len()];
    for (name, rows) in table.groups(column)? {
        rows.into_iter().for_each(|row| group[row].clone_from(&name));
    }
    if table.has("first") || !table.has("value") {
        let (first, latest) = (table.maybe_numbers("first")?, table.maybe_numbers("latest")?);
        let one = |row: usize| Readings {
            group: group[row].clone(),
            first: first[row].and_then(&valid),
            latest: latest[row].and_then(&valid),
        };
        return Ok((0..table.len()).map(one).collect());
    }
    let (when, value) = (table.maybe_days("when")?, table.maybe_numbers("value")?);
    let named = table.texts("person")?;
    let person = |(_, rows): (String, Vec<usize>)| {
        let theirs: Vec<_> = rows.iter().filter_map(|&row| Some((when[row]?, value[row]))).collect();
        let (first, latest) = first_and_latest(&theirs, &valid);
        Readings { group: group[rows[0]].clone(), first, latest }
    };
    if named.iter().any(Option::is_none) {
        return Err(InsightError::numbers("Every reading needs somebody in the column person."));
    }
    Ok(table.groups(Some("person"))?.into_iter().map(person).collect())
}

/// The people of each group, in the order in which the groups come.
fn grouped(all: Vec<Readings>) -> Vec<(String, Vec<Readings>)> {
    let mut groups: Vec<(String, Vec<Readings>)> = Vec::new();
    for one in all {
        match groups.iter_mut().find(|g| g.0 == one.group) {
            Some(group) => group.1.push(one),
            None => groups.push((one.group.clone(), vec![one])),
        }
    }
    groups
}

/// The figures of a group: who has two readings first, then what they say.
fn group_figures(
    by: (&'static str, &'static str),
    people: &[Readings],
    went: impl Fn(&Readings) -> Went,
    level: f64,
) -> Result<Vec<Figure>, InsightError> {
    const NOBODY: &str = "Nobody has two readings.";
    let tally = Tally::of(people.iter().map(&went));
    let mut figures =
        vec![share(by, "with two readings", (tally.paired(), tally.all()), level, "Nobody is here.")?];
    let pairs: Vec<(f64, f64)> = people.iter().filter_map(|p| Some((p.first?, p.latest?))).collect();
    let changes: Vec<f64> = pairs.iter().map(|(first, latest)| latest - first).collect();
    let n = pairs.len() as f64;
    let change = average(by, "mean change", &changes, level, tally.unpaired)
        .more("mean first", pairs.iter().map(|p| p.0).sum::<f64>() / n)
        .more("mean latest", pairs.iter().map(|p| p.1).sum::<f64>() / n);
    figures.push(change);
    for (what, x) in [("better", tally.better), ("worse", tally.worse), ("neither", tally.alike)] {
        let mut figure = share(by, what, (x, tally.paired()), level, NOBODY)?.missing(tally.unpaired);
        if tally.all() > 0 {
            let b = bounds::share(x as f64, tally.paired() as f64, tally.unpaired as f64, level)?;
            figure = figure.more("if no missing", b.low).more("if all missing", b.high);
        }
        figures.push(figure);
    }
    Ok(figures)
}

fn better(options: &Options) -> Result<Better, InsightError> {
    Ok(if options.one_of("better", &["higher", "lower"])? == "lower" {
        Better::Lower
    } else {
        Better::Higher
    })
}

fn run_change(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let by = ("change", "NHS England, MHSDS dashboards (nhsengland/MHSDS dc7bf10, MIT)");
    let level = options.level()?;
    let tool = options.text("tool").map(tools::find).transpose()?;
    let (least, better) = match (tool, options.maybe_number("least")?) {
        (Some(_), Some(_)) => {
            return Err(InsightError::option("least", "", "it is left out when a tool is named"));
        }
        (Some(tool), None) => (tool.least, tool.better),
        (None, Some(least)) if least > 0.0 => (least, better(options)?),
        (None, Some(least)) => return Err(InsightError::option("least", least, "it is above nought")),
        (None, None) => return Err(InsightError::option("tool", "", "say --tool NAME, or --least NUMBER")),
    };
    let valid = |x: f64| tool.map_or(Some(x), |t| t.valid(x));
    let mut answer = Answer::default();
    for (name, people) in grouped(readings(table, options, valid)?) {
        let figures = group_figures(by, &people, |p| went(p.first, p.latest, least, better), level)?;
        answer.figures.extend(figures.into_iter().map(|f| in_group(f, options, &name)));
    }
    let way = if better == Better::Higher { "higher" } else { "lower" };
    answer.notes.push(format!("Better is {way} by {} or more.", plain(least)));
    if let Some(tool) = tool {
        answer.notes.push(format!("Threshold of {}, {}.", tool.name, tool.setting));
    }
    Ok(answer)
}

fn run_reliable(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let by = ("change-reliable", "Jacobson and Truax (1991)");
    let (level, better) = (options.level()?, better(options)?);
    let reliability = options.maybe_number("reliability")?;
    let reliability =
        reliability.ok_or_else(|| InsightError::option("reliability", "", "it is a number under 1"))?;
    let all = readings(table, options, Some)?;
    let firsts: Vec<f64> = all.iter().filter_map(|p| p.first).collect();
    let deviation = match options.maybe_number("deviation")? {
        Some(deviation) => deviation,
        None => mean(&firsts, level)?.1,
    };
    let reliable = Reliable::new(deviation, reliability, level)?;
    let cut_off = options.maybe_number("cut-off")?;
    let mut answer = Answer::default();
    for (name, people) in grouped(all) {
        let went = |p: &Readings| reliable.went(p.first, p.latest, better);
        let mut figures = group_figures(by, &people, went, level)?;
        if let Some(cut) = cut_off {
            let began = |p: &&Readings| p.first.is_some_and(|x| !well(x, cut, better));
            let unpaired = people.iter().filter(began).filter(|p| p.latest.is_none()).count() as u64;
            let paired: Vec<&Readings> = people.iter().filter(began).filter(|p| p.latest.is_some()).collect();
            let crossed =
                |p: &&&Readings| went(p) == Went::Better && p.latest.is_some_and(|x| well(x, cut, better));
            let x = paired.iter().filter(crossed).count() as u64;
            let none = "Nobody with two readings began beyond the cut-off.";
            let figure = share(by, "better, and across the cut-off", (x, paired.len() as u64), level, none)?;
            figures.push(figure.missing(unpaired));
        }
        answer.figures.extend(figures.into_iter().map(|f| in_group(f, options, &name)));
    }
    answer.notes.push(format!(
        "A change counts beyond {} points: standard error of a difference {}, from deviation {} and reliability {}.",
        plain(reliable.threshold),
        plain(reliable.difference),
        plain(deviation),
        plain(reliability)
    ));
    Ok(answer)
}

fn run_adjusted(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let by = ("change-adjusted", "Vickers and Altman (2001), analysis of covariance");
    let level = options.level()?;
    let groups = grouped(readings(table, options, Some)?);
    let names: Vec<&str> = groups.iter().map(|g| g.0.as_str()).collect();
    let reference = match options.text("reference") {
        None => 0,
        Some(name) => names.iter().position(|n| *n == name).ok_or_else(|| {
            InsightError::option("reference", name, format!("it is one of {}", names.join(", ")))
        })?,
    };
    if groups.len() < 2 {
        return Err(InsightError::numbers("There must be two groups to compare."));
    }
    let mut pairs = Vec::new();
    for (group, (_, people)) in groups.iter().enumerate() {
        let both = people.iter().filter_map(|p| Some(Pair { group, first: p.first?, latest: p.latest? }));
        pairs.extend(both);
    }
    let made = adjust(&pairs, groups.len(), reference, level)?;
    let change = |g: usize| {
        let own: Vec<f64> = pairs.iter().filter(|p| p.group == g).map(|p| p.latest - p.first).collect();
        (own.iter().sum::<f64>() / own.len() as f64, own.len())
    };
    let mut answer = Answer::default();
    for d in &made.differences {
        let (own, n) = change(d.group);
        let figure = Figure::new(by.0, by.1, format!("difference from {}", names[reference]), d.value)
            .interval(d.low, d.high, level, "Student's t")
            .unit("points")
            .n(n as u64)
            .missing((groups[d.group].1.len() - n) as u64)
            .more("standard error", d.error)
            .more("mean change", own)
            .more("mean change of the reference", change(reference).0);
        answer.figures.push(in_group(figure, options, names[d.group]));
    }
    answer.notes.push(format!("Of a point at the start {} is left at the end.", plain(made.slope)));
    match made.slopes_alike {
        Some(p) => answer.notes.push(format!(
            "Chance of slopes as different as these if they are alike: {}. Where it is small, one difference for all says too little.",
            plain(p)
        )),
        None => answer.notes.push("The groups are too small to see whether their slopes are alike.".into()),
    }
    Ok(answer)
}

fn run_therapies(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let by = ("talking-therapies", "NHS England, NHS Talking Therapies manual");
    let level = options.level()?;
    let columns = ["phq_first", "phq_last", "gad_first", "gad_last"];
    let [pf, pl, gf, gl] = [0, 1, 2, 3].map(|i| table.maybe_numbers(columns[i]));
    let (pf, pl, gf, gl) = (pf?, pl?, gf?, gl?);
    let mut answer = Answer::default();
    for (name, rows) in table.groups(column(table, options))? {
        let course = |&row: &usize| {
            Some(Course { phq_first: pf[row]?, phq_last: pl[row]?, gad_first: gf[row]?, gad_last: gl[row]? })
        };
        let courses: Vec<Course> = rows.iter().filter_map(course).collect();
        let missing = (rows.len() - courses.len()) as u64;
        let count = |is: fn(&Course) -> bool| courses.iter().filter(|c| is(c)).count() as u64;
        let (all, cases) = (courses.len() as u64, count(Course::caseness));
        for (what, x, n) in [
            ("at caseness at the start", cases, all),
            ("recovery", count(Course::recovered), cases),
            ("reliable recovery", count(Course::reliably_recovered), cases),
            ("reliable improvement", count(Course::improved), all),
            ("reliable deterioration", count(Course::deteriorated), all),
            ("no reliable change", count(Course::alike), all),
        ] {
            let figure = share(by, what, (x, n), level, "There is nobody to count.")?.missing(missing);
            answer.figures.push(in_group(figure, options, &name));
        }
    }
    answer.notes.push(
        "Recovery is of those at caseness at the start; the others are of all courses with four readings."
            .into(),
    );
    Ok(answer)
}

fn run_bounds(table: &Table, options: &Options) -> Result<Answer, InsightError> {
    let source = "Horowitz and Manski (2000)";
    let level = options.level()?;
    let [x, n, missing] = ["count", "of", "missing"].map(|c| table.numbers(c));
    let (x, n, missing) = (x?, n?, missing?);
    let mut answer = Answer::default();
    for (name, rows) in table.groups(column(table, options))? {
        let sum = |of: &[f64]| rows.iter().map(|&row| of[row]).sum::<f64>();
        let (x, n, missing) = (sum(&x), sum(&n), sum(&missing));
        let b = bounds::share(x, n, missing, level)?;
        let figure = if n > 0.0 {
            Figure::new("bounds", source, "share of those known", x / n)
        } else {
            Figure::none("bounds", source, "share of those known", "Nothing is known of anybody.")
        };
        let figure = figure
            .unit("share")
            .interval(b.low_end, b.high_end, level, "bounds with Wilson")
            .n(n as u64)
            .missing(missing as u64)
            .more("if no missing", b.low)
            .more("if all missing", b.high);
        answer.figures.push(in_group(figure, options, &name));
    }
    Ok(answer)
}
