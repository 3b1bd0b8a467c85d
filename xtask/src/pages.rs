//! Looking at every page in a real browser: the walk with axe, the pictures, the printed pages. The
//! scripts are in `tests-web`; this module installs what they need, makes a place, serves it and reads
//! their report.

use crate::http::Visitor;
use crate::kith::{self, Serving};
use crate::test::Count;
use crate::{components, repo, run, tools};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How much to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// A few pages of each kind, each kind once in every theme.
    Short,
    /// Many pages of each kind, all of them in every theme.
    Long,
}

/// What the walk writes at its end.
#[derive(Debug, Deserialize)]
struct Walked {
    passed: u32,
    failed: u32,
    pages: u32,
    kinds: Vec<String>,
}

/// Proves that the checks can fail, then walks through a made-up place.
pub fn check(depth: Depth) -> Result<Count, String> {
    let browser = Browser::prepare()?;
    println!("checking the checks on pages with planted faults");
    let mut selftest = browser.script("selftest.mjs");
    selftest.env("KITH_CHROMIUM", &browser.chromium);
    run::capture(&mut selftest)
        .map_err(|cause| format!("the page checks do not find planted faults: {cause}"))?;

    components::run(&components::Args::default()).map_err(|cause| cause.to_string())?;
    println!("every sample of every page");
    let samples = Samples::start()?;
    let of_samples = browser.walk("samples", &samples.base(), depth)?;
    drop(samples);

    let place = Place::make(60)?;
    println!("going back, loading again, two windows");
    let mut back = browser.script("back.mjs");
    back.arg("--base").arg(place.serving.base()).arg("--chromium").arg(&browser.chromium);
    run::show(&mut back)?;
    println!("the closed loop of README, step by step");
    let mut first = browser.script("first-loop.mjs");
    first.arg("--base").arg(place.serving.base()).arg("--chromium").arg(&browser.chromium);
    run::show(&mut first)?;
    println!("a real place: a passkey in the browser, and a certified provider");
    let mut ways_in = browser.script("ways-in.mjs");
    ways_in.arg("--kith").arg(kith::build()?).arg("--port").arg(run::free_port()?.to_string());
    ways_in.arg("--chromium").arg(&browser.chromium);
    run::show(&mut ways_in)?;
    let of_place = browser
        .walk("place", &place.serving.base(), depth)
        .map_err(|cause| format!("{cause}\n{}", place.serving.last_words()))?;
    Ok(Count {
        passed: of_samples.passed + of_place.passed + 4,
        failed: of_samples.failed + of_place.failed,
        note: format!("samples: {}; a made-up place: {}", of_samples.seen(), of_place.seen()),
    })
}

impl Walked {
    fn seen(&self) -> String {
        format!("{} pages of {} kinds", self.pages, self.kinds.len())
    }
}

/// What `cargo xtask screenshots` can be told.
#[derive(Debug, clap::Args)]
pub struct Pictures {
    /// The folder for the pictures
    #[arg(long, default_value = "docs/images")]
    out: PathBuf,
    /// Only pictures whose name fits this pattern
    #[arg(long, default_value = "")]
    only: String,
    /// How many people the made-up place has
    #[arg(long, default_value_t = 600)]
    people: u32,
    /// Take them from a server that is already running, such as `http://localhost:8417`
    #[arg(long)]
    base: Option<String>,
}

/// Takes pictures of a made-up place.
pub fn pictures(options: &Pictures) -> Result<(), String> {
    let browser = Browser::prepare()?;
    let place = if options.base.is_none() { Some(Place::make(options.people)?) } else { None };
    let base = place.as_ref().map(|place| place.serving.base()).or_else(|| options.base.clone());
    let mut script = browser.script("screenshots.mjs");
    script.arg("--base").arg(base.unwrap_or_default()).arg("--chromium").arg(&browser.chromium);
    script.arg("--out").arg(repo::root().join(&options.out)).arg("--only").arg(&options.only);
    run::show(&mut script)
}

/// The browser and the scripts that drive it.
struct Browser {
    chromium: PathBuf,
}

impl Browser {
    /// Finds the browser and installs the scripts' libraries as their lock file says.
    fn prepare() -> Result<Browser, String> {
        let chromium = tools::chromium().ok_or("chromium is missing: run `cargo xtask test --only tools`")?;
        let folder = folder();
        let lock = std::fs::read(folder.join("package-lock.json")).map_err(|cause| cause.to_string())?;
        let stamp = folder.join("node_modules").join(".installed-for");
        if std::fs::read(&stamp).ok().as_deref() != Some(&lock) {
            println!("installing the browser scripts' libraries");
            let mut npm = Command::new("npm");
            npm.args(["ci", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"]);
            run::show(npm.current_dir(&folder).stdin(Stdio::null()))?;
            std::fs::write(&stamp, &lock).map_err(|cause| cause.to_string())?;
        }
        Ok(Browser { chromium })
    }

    /// Walks the roles of `pages.json` that belong to this server.
    fn walk(&self, of: &str, base: &str, depth: Depth) -> Result<Walked, String> {
        let report = repo::scratch("pages").map_err(|cause| cause.to_string())?.join(format!("{of}.json"));
        // The report of an earlier walk must not be taken for this one's.
        let _ = std::fs::remove_file(&report);
        let mut script = self.script("axe.mjs");
        script.args(["--of", of, "--base", base]).arg("--chromium").arg(&self.chromium);
        script.arg("--report").arg(&report);
        script.args(["--long", if depth == Depth::Long { "yes" } else { "no" }]);
        let ended = run::show(&mut script);
        std::fs::read_to_string(&report)
            .map_err(|cause| cause.to_string())
            .and_then(|text| serde_json::from_str(&text).map_err(|cause| cause.to_string()))
            .map_err(|cause| format!("the walk left no report ({cause}); {ended:?}"))
    }

    fn script(&self, name: &str) -> Command {
        let mut command = run::tethered("node", "KILL");
        command.arg(name).current_dir(folder()).stdin(Stdio::null());
        command
    }
}

fn folder() -> PathBuf {
    repo::root().join("tests-web")
}

/// Every sample of every view being served.
struct Samples {
    port: u16,
    _running: run::Running,
}

impl Samples {
    fn start() -> Result<Samples, String> {
        run::show(run::cargo().args([
            "build",
            "--package",
            "kith-web",
            "--example",
            "samples",
            "--locked",
            "--quiet",
        ]))?;
        let program = repo::target().join("debug").join("examples").join("samples");
        let port = run::free_port()?;
        let mut running = run::Running::start(
            "samples",
            run::tethered(program, "TERM").arg(port.to_string()).stdin(Stdio::null()),
        )?;
        let began = Instant::now();
        while Visitor::new(port, Duration::from_secs(5)).get("/").is_err() {
            running.still_running()?;
            if began.elapsed() > Duration::from_secs(30) {
                return Err("the server of samples did not start".to_owned());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Samples { port, _running: running })
    }

    fn base(&self) -> String {
        format!("http://localhost:{}", self.port)
    }
}

/// A made-up place being served; gone when this value goes.
struct Place {
    serving: Serving,
    _folder: tempfile::TempDir,
}

impl Place {
    fn make(people: u32) -> Result<Place, String> {
        components::run(&components::Args::default()).map_err(|cause| cause.to_string())?;
        let program = kith::build()?;
        let folder = tempfile::Builder::new()
            .prefix("kith-pages-")
            .tempdir()
            .map_err(|cause| format!("no folder for the made-up place: {cause}"))?;
        let data = folder.path().join("data");
        println!("making a place of {people} people");
        kith::make_demo(&program, &data, None, people, 7)?;
        let serving = serve(&program, &data, folder.path())?;
        Ok(Place { serving, _folder: folder })
    }
}

fn serve(program: &Path, data: &Path, logs: &Path) -> Result<Serving, String> {
    Serving::start(program, data, None, run::free_port()?, logs)
}
