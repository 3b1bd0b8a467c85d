//! `cargo xtask demo`: from a fresh clone to a page in a browser with one command.

use crate::{components, kith, repo, run, tools};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// What the demo can be told.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// How many people live in the made-up place
    #[arg(long, default_value_t = 600)]
    people: u32,
    /// The same number makes the same place
    #[arg(long, default_value_t = 7)]
    seed: u64,
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

/// Makes the place when it is not there yet, serves it, and stays until it is stopped.
pub fn run(options: &Options) -> Result<(), String> {
    println!("What this needs:");
    tools::check(tools::For::Demo)?;
    components::run(&components::Args::default()).map_err(|cause| cause.to_string())?;
    println!("Building; the first time takes some minutes.");
    let program = kith::build()?;
    let data = repo::root().join(&options.data);
    make(options, &program, &data)?;
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

/// A half-made place is never served: it is made beside the final folder and moved when it is complete.
fn make(options: &Options, program: &Path, data: &Path) -> Result<(), String> {
    let failed = |cause: std::io::Error| format!("{}: {cause}", data.display());
    if options.again && data.exists() {
        std::fs::remove_dir_all(data).map_err(failed)?;
    }
    if data.exists() {
        return Ok(());
    }
    let half = data.with_extension("half-made");
    if half.exists() {
        std::fs::remove_dir_all(&half).map_err(failed)?;
    }
    kith::make_demo(program, &half, None, options.people, options.seed)?;
    std::fs::rename(&half, data).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

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
