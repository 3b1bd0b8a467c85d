//! A PostgreSQL of our own for one run: a new cluster in a scratch folder, on a free port of
//! loopback, with a password, with every sync switched on, stopped and removed at the end.
//!
//! PostgreSQL refuses to run as root, so then it runs as `postgres` or `nobody`.

use crate::run::{self, Running};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The oldest version whose behaviour the store relies on.
pub const OLDEST: u32 = 15;

const USER: &str = "kith";
const PATIENCE: Duration = Duration::from_secs(60);

/// The folder of the newest PostgreSQL server programs on this machine that is new enough.
pub fn programs() -> Option<PathBuf> {
    let mut places: Vec<PathBuf> = Vec::new();
    if let Some(path) = std::env::var_os("PATH") {
        places.extend(std::env::split_paths(&path));
    }
    places.push("/usr/local/bin".into());
    for parent in ["/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt"] {
        let Ok(versions) = std::fs::read_dir(parent) else { continue };
        places.extend(versions.filter_map(Result::ok).map(|version| version.path().join("bin")));
    }
    // A program on the search path may be a link into a folder that holds the others.
    let real = |dir: &PathBuf| {
        let server = dir.join("postgres").canonicalize().ok()?;
        let bin = server.parent()?.to_path_buf();
        (run::is_program(&bin.join("postgres")) && run::is_program(&bin.join("initdb"))).then_some(bin)
    };
    places
        .iter()
        .filter_map(real)
        .filter_map(|bin| Some((version(&bin)?, bin)))
        .filter(|(version, _)| *version >= OLDEST)
        .max_by_key(|(version, _)| *version)
        .map(|(_, bin)| bin)
}

/// The major version of the server in this folder.
fn version(bin: &Path) -> Option<u32> {
    let text = run::capture(Command::new(bin.join("postgres")).arg("--version")).ok()?;
    text.split_whitespace().find_map(|word| word.split('.').next()?.parse().ok())
}

/// A running server with a cluster of its own.
#[derive(Debug)]
pub struct Postgres {
    bin: PathBuf,
    owner: Option<(u32, u32)>,
    home: tempfile::TempDir,
    port: u16,
    password: String,
    server: Option<Running>,
}

impl Postgres {
    /// Makes a cluster and starts it; ready for connections when this returns.
    pub fn start() -> Result<Postgres, String> {
        let bin = programs().ok_or("no PostgreSQL server programs were found")?;
        let owner = if run::is_root() { Some(unprivileged_user()?) } else { None };
        // Not under `target`: the other user must be able to reach it, and a socket's path must be short.
        let home = tempfile::Builder::new()
            .prefix("kith-postgres-")
            .tempdir()
            .map_err(|cause| format!("no folder for PostgreSQL: {cause}"))?;
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(home.path(), Some(user), Some(group))
                .map_err(|cause| format!("folder for PostgreSQL: {cause}"))?;
        }
        let password = password()?;
        let mut postgres = Postgres { bin, owner, home, port: run::free_port()?, password, server: None };
        postgres.make_cluster()?;
        postgres.start_server()?;
        Ok(postgres)
    }

    /// The address of its first database, with a user who may make more.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The address of one of its databases.
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://{USER}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// Makes an empty database and returns its address.
    pub fn new_database(&self, name: &str) -> Result<String, String> {
        let psql = self.bin.join("psql");
        let psql = if run::is_program(&psql) { psql } else { "psql".into() };
        run::capture(Command::new(psql).arg(self.url()).args([
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            &format!("create database {name} template template0 encoding 'UTF8'"),
        ]))?;
        Ok(self.url_of(name))
    }

    /// Takes one of its databases away again.
    pub fn drop_database(&self, name: &str) -> Result<(), String> {
        let psql = self.bin.join("psql");
        let psql = if run::is_program(&psql) { psql } else { "psql".into() };
        let ask = ["-X", "-q", "-c", &format!("drop database if exists {name} with (force)")];
        run::capture(Command::new(psql).arg(self.url()).args(ask)).map(|_| ())
    }

    /// Does at once what the server would do by itself later, so that it is not in the way of measuring.
    pub fn tidy_up(&self, name: &str) -> Result<(), String> {
        let psql = self.bin.join("psql");
        let psql = if run::is_program(&psql) { psql } else { "psql".into() };
        let ask = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", "vacuum analyze", "-c", "checkpoint"];
        run::capture(Command::new(psql).arg(self.url_of(name)).args(ask)).map(|_| ())
    }

    /// The process id of the server that owns all the others.
    pub fn id(&self) -> Option<u32> {
        self.server.as_ref().map(Running::id)
    }

    /// Ends every server process without warning, as a power cut to the database would.
    pub fn kill(&mut self) {
        let Some(server) = &mut self.server else { return };
        let children = children_of(server.id());
        server.kill();
        for child in children {
            let _ = Command::new("kill").args(["-9", &child.to_string()]).stderr(Stdio::null()).status();
        }
        self.server = None;
    }

    /// Starts the server again after [`Postgres::kill`], on the same port, and waits for it.
    pub fn start_server(&mut self) -> Result<(), String> {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log())
            .map_err(|cause| format!("PostgreSQL log: {cause}"))?;
        let began = Instant::now();
        // After a kill, children of the old server may hold its shared memory for a moment longer.
        loop {
            let mut command = self.as_owner(&self.bin.join("postgres"), Some("INT"));
            command
                .arg("-D")
                .arg(self.data())
                .args(["-p", &self.port.to_string()])
                .stdin(Stdio::null())
                .stdout(log.try_clone().map_err(|cause| format!("PostgreSQL log: {cause}"))?)
                .stderr(log.try_clone().map_err(|cause| format!("PostgreSQL log: {cause}"))?);
            let mut server = Running::start("PostgreSQL", &mut command)?;
            match self.wait_until_ready(&mut server, began) {
                Ok(()) => {
                    self.server = Some(server);
                    return Ok(());
                }
                Err(_) if began.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(50)),
                Err(cause) => return Err(format!("{cause}\n{}", self.last_words())),
            }
        }
    }

    fn make_cluster(&self) -> Result<(), String> {
        let secret = self.home.path().join("password");
        std::fs::write(&secret, &self.password).map_err(|cause| format!("PostgreSQL: {cause}"))?;
        if let Some((user, group)) = self.owner {
            std::os::unix::fs::chown(&secret, Some(user), Some(group))
                .map_err(|cause| format!("PostgreSQL: {cause}"))?;
        }
        let mut initdb = self.as_owner(&self.bin.join("initdb"), None);
        initdb
            .arg("-D")
            .arg(self.data())
            .args(["-U", USER, "--encoding=UTF8", "--locale=C", "--auth=password", "--no-instructions"])
            .arg(format!("--pwfile={}", secret.display()));
        run::capture(&mut initdb)?;
        // Durability stays as it comes (fsync, full_page_writes, synchronous_commit on): the tests are about it.
        // The rest makes room for many tests at once on a small machine.
        let settings = format!(
            "\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{}'\nmax_connections = 300\n\
             shared_buffers = '64MB'\nfsync = on\nsynchronous_commit = on\nautovacuum_naptime = '10s'\n\
             log_min_messages = warning\nlog_line_prefix = '%m [%p] '\n",
            self.home.path().display()
        );
        let file = self.data().join("postgresql.conf");
        let mut text =
            std::fs::read_to_string(&file).map_err(|cause| format!("{}: {cause}", file.display()))?;
        text.push_str(&settings);
        std::fs::write(&file, text).map_err(|cause| format!("{}: {cause}", file.display()))
    }

    /// Ready when a connection is answered; the server opens its port before it can serve.
    fn wait_until_ready(&self, server: &mut Running, began: Instant) -> Result<(), String> {
        let status = self.data().join("postmaster.pid");
        loop {
            server.still_running()?;
            // The last line says "ready" once connections are accepted; the first is the server's id.
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let mine = text.lines().next().is_some_and(|line| line.trim() == server.id().to_string());
            if mine && text.lines().last().is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                return Err("PostgreSQL was not ready in time".to_owned());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A command that runs as the unprivileged user, and ends with us when `tether` names a signal.
    fn as_owner(&self, program: &Path, tether: Option<&str>) -> Command {
        let setpriv = run::find("setpriv");
        let mut command = match (self.owner, tether, setpriv) {
            (Some((user, group)), Some(signal), Some(setpriv)) => {
                let mut command = Command::new(setpriv);
                command.args(["--reuid", &user.to_string(), "--regid", &group.to_string()]);
                command.args(["--clear-groups", "--pdeathsig", signal, "--"]).arg(program);
                command
            }
            (Some((user, group)), _, _) => {
                let mut command = Command::new(program);
                command.uid(user).gid(group);
                command
            }
            (None, Some(signal), _) => run::tethered(program, signal),
            (None, None, _) => Command::new(program),
        };
        command.current_dir(self.home.path()).env("LC_ALL", "C");
        command
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.home.path().join("log")
    }

    /// The end of its log, for an error.
    pub fn last_words(&self) -> String {
        let text = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            // INT is PostgreSQL's fast shutdown: connections are cut, data is complete.
            server.stop("INT", Duration::from_secs(20));
        }
    }
}

/// User and group ids of the first account that may own a cluster.
fn unprivileged_user() -> Result<(u32, u32), String> {
    let accounts = std::fs::read_to_string("/etc/passwd").map_err(|cause| format!("/etc/passwd: {cause}"))?;
    let find = |name: &str| {
        let fields: Vec<&str> =
            accounts.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|f| f[0] == name)?;
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    };
    find("postgres")
        .or_else(|| find("nobody"))
        .ok_or_else(|| "PostgreSQL cannot run as root, and there is no user postgres or nobody".to_owned())
}

/// A password for one run, from the system.
fn password() -> Result<String, String> {
    use std::io::Read;
    let mut bytes = [0u8; 16];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .map_err(|cause| format!("/dev/urandom: {cause}"))?;
    Ok(hex::encode(bytes))
}

/// The processes that this one started.
fn children_of(parent: u32) -> Vec<u32> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    processes
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok())
        .filter(|id| {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            // "id (name) state parent ...": the name may hold spaces, so count from its end.
            let after = stat.rsplit(')').next().unwrap_or_default();
            after.split_whitespace().nth(1).and_then(|text| text.parse().ok()) == Some(parent)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_process_has_children_and_this_test_has_a_parent() {
        let me = std::process::id();
        let mut sleeper = Command::new("sleep").arg("5").spawn().unwrap();
        let children = children_of(me);
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
        assert!(children.contains(&sleeper.id()));
    }

    #[test]
    fn a_killed_server_comes_back_with_what_it_had_promised() {
        if programs().is_none() {
            println!("skipped: no PostgreSQL server programs on this machine");
            return;
        }
        let mut postgres = Postgres::start().unwrap();
        let url = postgres.new_database("promise").unwrap();
        let ask = |text: &str| {
            run::capture(
                Command::new(postgres.bin.join("psql")).arg(&url).args(["-X", "-q", "-t", "-A", "-c", text]),
            )
        };
        ask("create table kept (n bigint)").unwrap();
        ask("insert into kept values (42)").unwrap();
        let first = postgres.id();
        postgres.kill();
        assert!(postgres.id().is_none());
        postgres.start_server().unwrap();
        assert_ne!(postgres.id(), first);
        let psql = postgres.bin.join("psql");
        let kept =
            run::capture(Command::new(psql).arg(&url).args(["-X", "-t", "-A", "-c", "select n from kept"]));
        assert_eq!(kept.unwrap().trim(), "42");
    }
}
