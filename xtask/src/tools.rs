//! The programs that the checks and the demo need: what is there, what is missing, and what to
//! type to get it. On Debian, as root, the missing system packages are installed.

use crate::{postgres, run};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The oldest Node that the browser library runs on. Debian 12 has an older one, so it is not offered.
const OLDEST_NODE: u32 = 20;
/// The oldest Python 3 that unpacks the page components.
const OLDEST_PYTHON: u32 = 9;

/// One thing to have.
struct Tool {
    name: &'static str,
    /// Where it is and in which version, or nothing.
    found: Option<String>,
    /// The Debian packages that bring it.
    debian: &'static [&'static str],
    /// What to do where those cannot be installed here.
    otherwise: &'static str,
}

/// What a command needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Building and running the demo.
    Demo,
    /// Every check.
    Test,
}

/// Looks for everything, installs what it may, and fails with a list of what to do about the rest.
pub fn check(purpose: For) -> Result<(), String> {
    let missing: Vec<Tool> = list(purpose).into_iter().filter(|tool| tool.found.is_none()).collect();
    let packages: Vec<&str> = missing.iter().flat_map(|tool| tool.debian.iter().copied()).collect();
    if !packages.is_empty() && may_install() {
        println!("installing Debian packages: {}", packages.join(" "));
        install(&packages)?;
    }
    let tools = list(purpose);
    for tool in &tools {
        match &tool.found {
            Some(found) => println!("  {:<12} {found}", tool.name),
            None => println!("  {:<12} MISSING", tool.name),
        }
    }
    if purpose == For::Test && !has_nextest() {
        println!("  {:<12} not here, so `cargo test` is used (slower)", "nextest");
    }
    let apt = run::find("apt-get").is_some();
    let missing = tools.iter().filter(|tool| tool.found.is_none()).map(|tool| advice(tool, apt));
    let missing: Vec<String> = missing.collect();
    if missing.is_empty() { Ok(()) } else { Err(missing.join("\n")) }
}

/// Whether `cargo nextest` can be used.
pub fn has_nextest() -> bool {
    run::find("cargo-nextest").is_some()
}

/// The browser for the page checks.
pub fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| run::find(name)).or_else(|| {
        let mac = PathBuf::from("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
        run::is_program(&mac).then_some(mac)
    })
}

fn list(purpose: For) -> Vec<Tool> {
    let mut tools = vec![
        Tool {
            name: "rust",
            found: Some(version_line("rustc", "--version").unwrap_or_else(|| "cargo is running".to_owned())),
            debian: &[],
            otherwise: "install Rust 1.95 or later with rustup, https://rustup.rs",
        },
        Tool {
            name: "c compiler",
            found: ["cc", "gcc", "clang"].iter().find_map(|name| run::find(name)).map(display),
            debian: &["gcc", "libc6-dev"],
            otherwise: "install a C compiler; SQLite is built with it (macOS: `xcode-select --install`)",
        },
        Tool {
            name: "node",
            found: version_line("node", "--version")
                .filter(|text| number(text.trim_start_matches('v')) >= Some(OLDEST_NODE)),
            debian: &[],
            otherwise: "install Node.js 20 or later, https://nodejs.org",
        },
        Tool {
            name: "npm",
            found: version_line("npm", "--version"),
            debian: &["npm"],
            otherwise: "install npm; it comes with Node.js, https://nodejs.org",
        },
        Tool {
            name: "python3",
            found: version_line("python3", "--version")
                .filter(|text| number(text.trim_start_matches("Python 3.")) >= Some(OLDEST_PYTHON)),
            debian: &["python3"],
            otherwise: "install Python 3.9 or later, https://python.org",
        },
        // Debian's python3 comes without it, and one of the page components is fetched by it.
        Tool {
            name: "pip",
            found: version_of(Command::new("python3").args(["-m", "pip", "--version"])),
            debian: &["python3-pip"],
            otherwise: "install pip for that Python: python3 -m ensurepip, or https://pip.pypa.io",
        },
    ];
    if purpose == For::Test {
        tools.extend([
            Tool {
                name: "postgresql",
                found: postgres::programs().map(display),
                debian: &["postgresql"],
                otherwise: "install the PostgreSQL server, 15 or later (macOS: `brew install postgresql@17`)",
            },
            Tool {
                name: "chromium",
                found: chromium().map(display),
                debian: &["chromium"],
                otherwise: "install Chromium or Google Chrome",
            },
            Tool {
                name: "fonts",
                found: fonts(),
                debian: &["fonts-dejavu-core"],
                otherwise: "install at least one font, such as DejaVu",
            },
        ]);
        // The proof that an answer waits for the disk watches system calls, which Linux allows.
        if cfg!(target_os = "linux") {
            tools.push(Tool {
                name: "strace",
                found: run::find("strace").map(display),
                debian: &["strace"],
                otherwise: "install strace",
            });
        }
    }
    tools
}

/// What is missing, and what to type to get it: where `apt` is there, the Debian packages.
fn advice(tool: &Tool, apt: bool) -> String {
    if tool.debian.is_empty() || !apt {
        format!("{} is missing: {}", tool.name, tool.otherwise)
    } else {
        format!("{} is missing: sudo apt-get install {}", tool.name, tool.debian.join(" "))
    }
}

fn may_install() -> bool {
    run::is_root() && run::find("apt-get").is_some()
}

fn install(packages: &[&str]) -> Result<(), String> {
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        command
    };
    run::show(apt().args(["update", "-q"]))?;
    run::show(apt().args(["install", "-q", "-y", "--no-install-recommends"]).args(packages))
}

/// A browser without any font draws nothing, and contrast cannot be judged.
fn fonts() -> Option<String> {
    if cfg!(target_os = "macos") {
        return Some("of the system".to_owned());
    }
    let Ok(list) = run::capture(Command::new("fc-list").arg(":").arg("family")) else {
        let folder = std::path::Path::new("/usr/share/fonts");
        let any = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        return any.then(|| folder.display().to_string());
    };
    let families = list.lines().filter(|line| !line.trim().is_empty()).count();
    (families > 0).then(|| format!("{families} families"))
}

fn version_line(program: &str, flag: &str) -> Option<String> {
    version_of(Command::new(program).arg(flag))
}

fn version_of(command: &mut Command) -> Option<String> {
    let text = run::capture(command).ok()?;
    text.lines().next().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty())
}

fn number(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

fn display(path: PathBuf) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_with_what_to_type() {
        let tools = list(For::Test);
        let of = |name: &str, apt| advice(tools.iter().find(|t| t.name == name).expect("a tool"), apt);
        assert_eq!(of("pip", true), "pip is missing: sudo apt-get install python3-pip");
        assert!(of("pip", false).starts_with("pip is missing: install pip for that Python"));
        assert_eq!(of("postgresql", true), "postgresql is missing: sudo apt-get install postgresql");
        // Debian's Node is too old on some releases: it is never offered.
        assert!(of("node", true).contains("https://nodejs.org"), "{}", of("node", true));
        for tool in &tools {
            let words = advice(tool, false);
            assert!(words.contains(tool.name) && words.contains("install"), "{words}");
        }
    }

    #[test]
    fn whatever_fetches_the_page_components_is_looked_for() {
        for name in ["node", "npm", "python3", "pip"] {
            assert!(list(For::Demo).iter().any(|tool| tool.name == name), "{name}");
        }
    }
}
