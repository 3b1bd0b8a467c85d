//! Completions and the manual page, from the same definitions as the help.

use crate::cli::Cli;
use crate::error::{Answer, CliError};
use clap::CommandFactory;
use std::io::Write;

/// Prints completions for a shell.
///
/// # Errors
/// They could not be printed.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<Answer, CliError> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "kith", &mut out);
    print(&out)
}

/// Prints the manual page: the program, then each command.
///
/// # Errors
/// It could not be printed.
pub(crate) fn man() -> Result<Answer, CliError> {
    let failed = |cause: std::io::Error| CliError::because("The manual page could not be made.", &cause);
    let mut out = Vec::new();
    let mut command = Cli::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut out).map_err(failed)?;
    for sub in command.get_subcommands().filter(|c| !c.is_hide_set()) {
        clap_mangen::Man::new(sub.clone()).render(&mut out).map_err(failed)?;
    }
    print(&out)
}

fn print(bytes: &[u8]) -> Result<Answer, CliError> {
    let done = std::io::stdout().lock().write_all(bytes);
    match done {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::because("It could not be printed.", &cause))
        }
        _ => Ok(Answer::Fine),
    }
}
