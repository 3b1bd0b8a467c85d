//! What is killed: a server of Kith over a folder, or over a PostgreSQL of its own.

use crate::kith::Serving;
use crate::postgres::Postgres;
use std::path::PathBuf;
use std::process::Command;

/// Who dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Victim {
    /// The program that answers.
    Program,
    /// Every process of the database server; the program goes on.
    Database,
}

/// Something that can be started, killed, and started again on the same port.
pub trait Target {
    /// Starts what does not run, and waits until it answers.
    fn start(&mut self) -> Result<(), String>;
    /// Ends it without warning.
    fn kill(&mut self, victim: Victim);
    /// The port on loopback.
    fn port(&self) -> u16;
}

/// A server of Kith.
#[derive(Debug)]
pub struct KithTarget {
    program: PathBuf,
    data: PathBuf,
    logs: PathBuf,
    port: u16,
    serving: Option<Serving>,
    /// The database server and the address of the database in it.
    postgres: Option<(Postgres, String)>,
}

impl KithTarget {
    /// Over this folder, and over the database when one is given.
    pub fn new(
        program: PathBuf,
        data: PathBuf,
        logs: PathBuf,
        postgres: Option<(Postgres, String)>,
    ) -> Result<KithTarget, String> {
        Ok(KithTarget { program, data, logs, port: crate::run::free_port()?, serving: None, postgres })
    }

    /// Stops the program and asks `kith verify` and `kith check` about what it left: a chain that is
    /// torn, a row unlike its entry or something lost is no write that a page shows.
    pub fn whole(&mut self) -> Result<(), String> {
        if let Some((postgres, _)) = &mut self.postgres
            && postgres.id().is_none()
        {
            postgres.start_server()?;
        }
        drop(self.serving.take());
        for question in ["verify", "check"] {
            let mut command = Command::new(&self.program);
            command.arg(question).arg("--data").arg(&self.data);
            if let Some((_, url)) = &self.postgres {
                command.args(["--database", url]);
            }
            crate::run::capture(&mut command)
                .map_err(|cause| format!("kith {question} afterwards: {cause}"))?;
        }
        Ok(())
    }
}

impl Target for KithTarget {
    fn start(&mut self) -> Result<(), String> {
        if let Some((postgres, _)) = &mut self.postgres
            && postgres.id().is_none()
        {
            postgres.start_server()?;
        }
        let runs = self.serving.as_mut().is_some_and(|serving| serving.running.still_running().is_ok());
        match &mut self.serving {
            // Its database was killed under it; it must find its way back by itself.
            Some(serving) if runs => serving.wait_until_ready(),
            _ => {
                let url = self.postgres.as_ref().map(|(_, url)| url.as_str());
                self.serving = Some(Serving::start(&self.program, &self.data, url, self.port, &self.logs)?);
                Ok(())
            }
        }
    }

    fn kill(&mut self, victim: Victim) {
        match victim {
            Victim::Program => {
                if let Some(mut serving) = self.serving.take() {
                    serving.running.kill();
                }
            }
            Victim::Database => {
                if let Some((postgres, _)) = &mut self.postgres {
                    postgres.kill();
                }
            }
        }
    }

    fn port(&self) -> u16 {
        self.port
    }
}
