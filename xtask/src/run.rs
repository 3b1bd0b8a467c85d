//! Running other programs: finding them, showing what they say, and making sure that
//! nothing outlives the command that started it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The first program of this name on the search path.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| is_program(file))
}

/// Whether this file exists and may be started.
pub fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Whether this process may do everything, as in a container.
pub fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == "0")
}

/// Cargo as it was called, so that a pinned toolchain stays the same.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::repo::root()).stdin(Stdio::null());
    command
}

/// Runs a command whose output goes straight to the screen.
pub fn show(command: &mut Command) -> Result<(), String> {
    let words = words(command);
    let status = command.status().map_err(|cause| format!("{words}: could not be started: {cause}"))?;
    if status.success() { Ok(()) } else { Err(format!("{words}: ended with {status}")) }
}

/// Runs a command and gives back what it wrote; its error output is the error when it fails.
pub fn capture(command: &mut Command) -> Result<String, String> {
    let words = words(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| format!("{words}: could not be started: {cause}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{words}: ended with {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)))
    }
}

/// Runs a command, shows every line of its error output as it comes and gives each to `each` too.
/// True when the command succeeded.
pub fn tee_errors(command: &mut Command, mut each: impl FnMut(&str)) -> Result<bool, String> {
    let words = words(command);
    let mut child = command
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|cause| format!("{words}: could not be started: {cause}"))?;
    copy_lines(child.stderr.take(), &mut each);
    let status = child.wait().map_err(|cause| format!("{words}: {cause}"))?;
    Ok(status.success())
}

/// As [`tee_errors`], for the ordinary output.
pub fn tee_output(command: &mut Command, mut each: impl FnMut(&str)) -> Result<bool, String> {
    let words = words(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|cause| format!("{words}: could not be started: {cause}"))?;
    copy_lines(child.stdout.take(), &mut each);
    let status = child.wait().map_err(|cause| format!("{words}: {cause}"))?;
    Ok(status.success())
}

fn copy_lines(from: Option<impl Read>, each: &mut impl FnMut(&str)) {
    let Some(from) = from else { return };
    let mut screen = std::io::stderr().lock();
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        // A closed screen must not stop the tests.
        let _ = writeln!(screen, "{line}");
        each(&line);
    }
}

/// The command as a person would type it.
fn words(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut text = program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    for arg in command.get_args() {
        text.push(' ');
        text.push_str(&arg.to_string_lossy());
    }
    text
}

/// A command that the system ends when this process ends, however that happens, where the
/// system can do so (`setpriv` of util-linux). `signal` is the name of the signal it gets.
pub fn tethered(program: impl AsRef<OsStr>, signal: &str) -> Command {
    match find("setpriv") {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", signal, "--"]).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// A program running beside us, ended when this value goes.
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: String,
}

impl Running {
    /// Starts the command.
    pub fn start(name: &str, command: &mut Command) -> Result<Running, String> {
        let child = command.spawn().map_err(|cause| format!("{name} could not be started: {cause}"))?;
        Ok(Running { child, name: name.to_owned() })
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// An error that tells how it ended, if it has ended.
    pub fn still_running(&mut self) -> Result<(), String> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(format!("{} ended by itself with {status}", self.name)),
            Err(cause) => Err(format!("{}: {cause}", self.name)),
        }
    }

    /// Sends a named signal, such as `TERM` or `INT`.
    pub fn signal(&self, signal: &str) {
        // It may have ended already, which is what the caller wants.
        let _ =
            Command::new("kill").args(["-s", signal, &self.id().to_string()]).stderr(Stdio::null()).status();
    }

    /// Ends it without warning (SIGKILL) and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end with a signal, waits up to `patience`, then ends it without warning.
    /// True when it ended by itself.
    pub fn stop(&mut self, signal: &str, patience: Duration) -> bool {
        if self.still_running().is_err() {
            return true;
        }
        self.signal(signal);
        let asked = Instant::now();
        while asked.elapsed() < patience {
            if self.still_running().is_err() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.kill();
        false
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self) -> Result<(), String> {
        let status = self.child.wait().map_err(|cause| format!("{}: {cause}", self.name))?;
        if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", self.name)) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop("TERM", Duration::from_secs(5));
    }
}

/// A port on loopback that nobody used a moment ago.
pub fn free_port() -> Result<u16, String> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))
        .map_err(|cause| format!("no free port on 127.0.0.1: {cause}"))?;
    let address = listener.local_addr().map_err(|cause| format!("no free port: {cause}"))?;
    Ok(address.port())
}
