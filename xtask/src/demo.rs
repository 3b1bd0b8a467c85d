//! `cargo xtask demo`: from a fresh clone to a page in a browser with one command.

use crate::{components, kith, repo, run, tools};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// What the demo can be told.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// How many people live in the made-up place, when it is made [default: 600]
    #[arg(long)]
    people: Option<u32>,
    /// The same number makes the same place [default: 7]
    #[arg(long)]
    seed: Option<u64>,
    /// The port of this machine to serve on
    #[arg(long, default_value_t = 8417)]
    port: u16,
    /// Where the made-up place is kept
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// Throw away the place that is there and make it again
    #[arg(long)]
    again: bool,
}

/// How many people, unless told.
const PEOPLE: u32 = 600;
/// The seed, unless told.
const SEED: u64 = 7;

/// Makes the place when it is not there yet, serves it, and stays until it is stopped.
pub fn run(options: &Options) -> Result<(), String> {
    let data = repo::root().join(&options.data);
    let to_do = what_to_do(options, data.exists())?;
    println!("What this needs:");
    tools::check(tools::For::Demo)?;
    components::run(&components::Args::default()).map_err(|cause| cause.to_string())?;
    println!("Building; the first time takes some minutes.");
    let program = kith::build()?;
    make(options, to_do, &program, &data)?;
    let port = options.port;
    if std::net::TcpListener::bind(("127.0.0.1", port)).is_err() {
        return Err(format!("port {port} is in use; choose another: cargo xtask demo --port {}", port + 1));
    }
    let mut command = run::tethered(&program, "TERM");
    command.arg("serve").arg("--data").arg(&data);
    command.args([
        "--listen",
        &format!("127.0.0.1:{port}"),
        "--public-url",
        &format!("http://localhost:{port}"),
    ]);
    let mut serving = run::Running::start("kith serve", command.stdin(Stdio::null()))?;
    println!("{}", where_to_go(port, &options.data));
    serving.wait()
}

/// Where to go, and as whom to begin.
fn where_to_go(port: u16, data: &Path) -> String {
    format!(
        "\nBrackenford, a made-up place, is at http://localhost:{port}\n\
         Choose who to be at      http://localhost:{port}/demo\n\
         Begin as                 Aisha Rahman, navigator: add someone, find support, ask for it\n\
         Then answer as           Joan Whitcombe of DebtHelp: Requests to us\n\
         Ctrl-C stops it; the place stays in {} until `cargo xtask demo --again`.\n",
        data.display()
    )
}

/// What becomes of the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ToDo {
    /// Nothing is there: make the place.
    Make,
    /// Throw away what is there and make it.
    MakeAgain,
    /// Serve what is there.
    Serve,
}

/// What becomes of the folder. What a place is made of says nothing to one that is made already, so
/// it is refused there: nobody looks at 600 people and believes they are 6,000.
fn what_to_do(options: &Options, is_there: bool) -> Result<ToDo, String> {
    match (is_there, options.again) {
        (false, _) => return Ok(ToDo::Make),
        (true, true) => return Ok(ToDo::MakeAgain),
        (true, false) => {}
    }
    let mut given = String::new();
    if let Some(people) = options.people {
        given.push_str(&format!(" --people {people}"));
    }
    if let Some(seed) = options.seed {
        given.push_str(&format!(" --seed {seed}"));
    }
    if given.is_empty() {
        return Ok(ToDo::Serve);
    }
    let mut others = String::new();
    if options.data != Path::new("demo-data") {
        others.push_str(&format!(" --data {}", options.data.display()));
    }
    if options.port != 8417 {
        others.push_str(&format!(" --port {}", options.port));
    }
    Err(format!(
        "{} holds a place already, and{given} would change nothing in it.\n\
         To throw it away and make it anew:  cargo xtask demo --again{given}{others}\n\
         To serve it as it is:               cargo xtask demo{others}",
        options.data.display()
    ))
}

/// A half-made place is never served: it is made beside the final folder and moved when it is complete.
fn make(options: &Options, to_do: ToDo, program: &Path, data: &Path) -> Result<(), String> {
    let failed = |cause: std::io::Error| format!("{}: {cause}", data.display());
    match to_do {
        ToDo::Serve => return Ok(()),
        ToDo::MakeAgain => std::fs::remove_dir_all(data).map_err(failed)?,
        ToDo::Make => {}
    }
    let half = data.with_extension("half-made");
    if half.exists() {
        std::fs::remove_dir_all(&half).map_err(failed)?;
    }
    kith::make_demo(program, &half, None, options.people.unwrap_or(PEOPLE), options.seed.unwrap_or(SEED))?;
    std::fs::rename(&half, data).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args, FromArgMatches};

    /// What somebody types after `cargo xtask demo`.
    fn typed(words: &str) -> Options {
        let command = Options::augment_args(clap::Command::new("demo")).no_binary_name(true);
        let matches = command.try_get_matches_from(words.split_whitespace()).expect("options that exist");
        Options::from_arg_matches(&matches).expect("all that is needed")
    }

    #[test]
    fn what_a_place_is_made_of_is_refused_where_one_is_made() {
        for words in ["", "--people 50", "--again", "--again --seed 9"] {
            assert_eq!(what_to_do(&typed(words), false), Ok(ToDo::Make), "{words}");
        }
        for words in ["", "--port 9000", "--data other"] {
            assert_eq!(what_to_do(&typed(words), true), Ok(ToDo::Serve), "{words}");
        }
        for words in ["--again", "--again --people 50 --seed 9"] {
            assert_eq!(what_to_do(&typed(words), true), Ok(ToDo::MakeAgain), "{words}");
        }
        // The usual number too: the place that is there may have another.
        for words in ["--people 50", "--seed 9", "--people 50 --seed 9", "--people 600", "--seed 7"] {
            let said = what_to_do(&typed(words), true).expect_err(words);
            assert!(said.contains(&format!("cargo xtask demo --again {words}\n")), "{said}");
        }
        let said = what_to_do(&typed("--people 50 --data other --port 9000"), true).expect_err("refused");
        assert!(said.contains("other holds a place already, and --people 50 would change nothing"), "{said}");
        assert!(said.contains("--again --people 50 --data other --port 9000\n"), "{said}");
        assert!(said.ends_with("cargo xtask demo --data other --port 9000"), "{said}");
    }

    #[test]
    fn it_says_where_to_go_and_as_whom_to_sign_in() {
        let words = where_to_go(9000, Path::new("demo-data"));
        assert!(words.contains("http://localhost:9000/demo") && words.contains("demo-data"));
        // The two are in the made-up place, by these names.
        let cast = repo::root().join("crates/brackenford/src/cast/lists.rs");
        let cast = std::fs::read_to_string(cast).expect("the list of who is there");
        for name in ["Aisha Rahman", "Joan Whitcombe"] {
            assert!(words.contains(name), "{words}");
            assert!(cast.contains(name), "nobody is called {name} there");
        }
    }
}
