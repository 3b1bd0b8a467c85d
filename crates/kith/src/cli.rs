//! The command line. Help, completions and the manual page all come from here.

use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// One shared system for a community that cares
#[derive(Parser)]
#[command(
    name = "kith",
    version,
    about,
    long_about = "Kith is one shared system for a community that cares: one plan for a person, a closed loop \
                  between the organisations that help, and nobody lost.\n\nTo try it: kith demo --data DIR, then \
                  kith serve --data DIR. To begin a real place: kith init --data DIR --place FILE.",
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    /// Write the log as JSON, one event a line
    #[arg(long, global = true, env = "KITH_LOG_JSON")]
    pub(crate) log_json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make Brackenford, a made-up place to try
    Demo(Demo),
    /// Begin a real partnership in an empty database
    Init(Init),
    /// Make a new invitation for somebody who works here
    Invite(Invite),
    /// Write down that an organisation's agreement goes on, when its managers are locked out
    Renew(Renew),
    /// Serve the pages
    Serve(Serve),
    /// Look whether anything is lost; ends with 1 and a list if so
    Check(Check),
    /// Prove that nothing was altered; ends with 1 and a list if something was
    Verify(Verify),
    /// Write a signed checkpoint to keep outside
    Checkpoint(Checkpoint),
    /// Write everything to one file
    Backup(Backup),
    /// Restore a backup into an empty database
    Restore(Restore),
    /// Move a partnership to another database: SQLite to PostgreSQL, or back
    Move(Move),
    /// Make anew what records are found by; it happens by itself after an update
    Reindex(Reindex),
    /// Bring in a place's own lists
    #[command(subcommand)]
    Import(Import),
    /// Work out a figure from a table: shares, waits, charts and more
    Insight(Insight),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// Where the records are.
#[derive(Args, Clone, Debug)]
pub(crate) struct Where {
    /// The folder of the embedded database, and of keys
    #[arg(long, value_name = "DIR", env = "KITH_DATA", default_value = "kith-data")]
    pub(crate) data: PathBuf,
    /// A PostgreSQL server to use instead, such as postgres://user@host/name
    #[arg(long, value_name = "URL", env = "KITH_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
}

#[derive(Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) place: Where,
    /// How many people
    #[arg(long, default_value_t = kith_brackenford::PEOPLE, value_parser = clap::value_parser!(u32).range(1..=200_000))]
    pub(crate) people: u32,
    /// The seed: the same one makes the same place on the same day
    #[arg(long, default_value_t = kith_brackenford::SEED)]
    pub(crate) seed: u64,
    /// The day that counts as today, such as 2026-11-23 (at 10:30); without it, this moment
    #[arg(long, value_name = "DAY")]
    pub(crate) today: Option<jiff::civil::Date>,
    /// Do not say what comes next: whoever runs this says it
    #[arg(long, hide = true)]
    pub(crate) no_next: bool,
    /// Print what was made as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) place: Where,
    /// A file that says what the place is; print an example with --example
    #[arg(long = "place", value_name = "FILE", required_unless_present = "example")]
    pub(crate) file: Option<PathBuf>,
    /// Print an example file and stop
    #[arg(long)]
    pub(crate) example: bool,
    /// Print what was made as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Invite {
    #[command(flatten)]
    pub(crate) place: Where,
    /// Their name, as it stands in the list of workers
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Their role, such as system_admin, where they have more than one
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// Print it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Renew {
    #[command(flatten)]
    pub(crate) place: Where,
    /// The organisation's name, or its short name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// The last day the new agreement holds
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: jiff::civil::Date,
    /// The first day; today unless you say another
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) from: Option<jiff::civil::Date>,
    /// Its reference, where it has a new one
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
    /// What they may use it for, where nothing was written down
    #[arg(long, value_name = "TEXT")]
    pub(crate) purpose: Option<String>,
    /// The reference of the impact assessment (DPIA), where it is new
    #[arg(long, value_name = "TEXT")]
    pub(crate) dpia: Option<String>,
    /// The Caldicott Guardian or whoever does that work, where that is somebody new
    #[arg(long, value_name = "TEXT")]
    pub(crate) caldicott: Option<String>,
    /// Print it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) place: Where,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", env = "KITH_LISTEN", default_value = "127.0.0.1:8417")]
    pub(crate) listen: SocketAddr,
    /// The address people type; anything but this machine has to be https
    #[arg(long, value_name = "URL", env = "KITH_PUBLIC_URL", default_value = "http://localhost:8417")]
    pub(crate) public_url: String,
    /// Offer the NHS colours; only for operators who may use them
    #[arg(long, env = "KITH_NHS_HOST")]
    pub(crate) nhs_host: bool,
    /// Where "leave this page" goes, such as https://www.bbc.co.uk/weather
    #[arg(long, value_name = "URL", env = "KITH_LEAVE_TO")]
    pub(crate) leave_to: Option<String>,
    /// A file with the numbers to call now, in place of those for England
    #[arg(long, value_name = "FILE", env = "KITH_CRISIS")]
    pub(crate) crisis: Option<PathBuf>,
    /// A file that names places elsewhere at which somebody can sign in, such as NHS login
    #[arg(long, value_name = "FILE", env = "KITH_SIGN_IN")]
    pub(crate) sign_in: Option<PathBuf>,
    /// A folder of feeds (NAME.toml) to bring in again and again, each as often as it says
    #[arg(long, value_name = "DIR", env = "KITH_FEEDS")]
    pub(crate) feeds: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) mail: Mail,
    /// Serve a database that was moved away, because the move was given up
    #[arg(long)]
    pub(crate) moved_back: bool,
    /// Let other machines reach a made-up place, where anybody can sign in as anybody
    #[arg(long)]
    pub(crate) allow_remote_demo: bool,
}

/// How messages leave.
#[derive(Args)]
pub(crate) struct Mail {
    /// Send messages through this mail server: smtp://HOST (with STARTTLS) or smtps://HOST
    #[arg(long, value_name = "URL", env = "KITH_MAIL", conflicts_with = "mail_folder")]
    pub(crate) mail: Option<String>,
    /// Write messages into this folder instead, as .eml files that somebody carries on
    #[arg(long, value_name = "DIR", env = "KITH_MAIL_FOLDER")]
    pub(crate) mail_folder: Option<PathBuf>,
    /// From whom messages come, such as "Our place <hello@kith.example.org>"
    #[arg(long, value_name = "ADDRESS", env = "KITH_MAIL_FROM")]
    pub(crate) mail_from: Option<String>,
    /// The name the mail server knows us by; the password comes from the file below or
    /// from KITH_MAIL_PASSWORD, never from the command line
    #[arg(long, value_name = "NAME", env = "KITH_MAIL_USER")]
    pub(crate) mail_user: Option<String>,
    /// A file that holds the password, readable by its owner only
    #[arg(long, value_name = "FILE", env = "KITH_MAIL_PASSWORD_FILE")]
    pub(crate) mail_password_file: Option<PathBuf>,
    /// A certificate (PEM) to trust beside those of the system
    #[arg(long, value_name = "FILE", env = "KITH_MAIL_TRUST")]
    pub(crate) mail_trust: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) place: Where,
    /// Print it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) place: Where,
    /// A checkpoint that was kept outside: proves that nothing was cut since
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// The public key that has to have signed it, as 64 hexadecimal digits
    #[arg(long, value_name = "KEY", requires = "checkpoint")]
    pub(crate) key: Option<String>,
    /// Print it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Checkpoint {
    #[command(flatten)]
    pub(crate) place: Where,
    /// The new file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// The key to sign with, made if it is absent; it has to lie outside the database's folder
    #[arg(long, value_name = "FILE", env = "KITH_KEY")]
    pub(crate) key_file: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) place: Where,
    /// The new file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Print what it holds as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    pub(crate) place: Where,
    /// The backup
    #[arg(long, value_name = "FILE")]
    pub(crate) from: PathBuf,
    /// Print what it held as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Reindex {
    #[command(flatten)]
    pub(crate) place: Where,
    /// Print how much changed as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct Move {
    /// Where it is: the folder of an embedded database, or postgres://user@host/name
    #[arg(long, value_name = "DIR|URL", env = "KITH_MOVE_FROM", hide_env_values = true)]
    pub(crate) from: String,
    /// Where it goes, which has to be empty
    #[arg(long, value_name = "DIR|URL", env = "KITH_MOVE_TO", hide_env_values = true)]
    pub(crate) to: String,
    /// Leave the old one open to be served: for a copy to look at
    #[arg(long)]
    pub(crate) keep_serving: bool,
    /// Print what was moved as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Subcommand)]
pub(crate) enum Import {
    /// Read a list of services by a map: a spreadsheet, or another directory; changes nothing without --write
    Directory(ImportDirectory),
    /// Read the nation's files of postcodes and neighbourhoods; changes nothing without --write
    Place(ImportPlace),
}

#[derive(Args)]
pub(crate) struct ImportDirectory {
    #[command(flatten)]
    pub(crate) place: Where,
    /// The spreadsheet, saved as CSV; or, with a map that has [feed], another directory: the
    /// address of its API, a file of JSON, or HSDS tables in a zip or a folder
    #[arg(value_name = "FILE|URL")]
    pub(crate) file: PathBuf,
    /// The map: whose list it is, and which column is what
    #[arg(long, value_name = "MAP")]
    pub(crate) map: PathBuf,
    #[command(flatten)]
    pub(crate) how: Writing,
}

#[derive(Args)]
pub(crate) struct ImportPlace {
    #[command(flatten)]
    pub(crate) place: Where,
    /// The files, in any order, plain or packed with zstd
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// A list of postcodes
    #[arg(long, value_name = "FILE")]
    pub(crate) postcodes: Vec<PathBuf>,
    /// Indices of deprivation
    #[arg(long, value_name = "FILE")]
    pub(crate) imd: Vec<PathBuf>,
    /// Which electoral ward and district each neighbourhood is in
    #[arg(long, value_name = "FILE")]
    pub(crate) lookup: Vec<PathBuf>,
    /// Outlines, as GeoJSON in degrees
    #[arg(long, value_name = "FILE")]
    pub(crate) outlines: Vec<PathBuf>,
    /// A council area that the place is made of, such as E08000009; can be given again
    #[arg(long, value_name = "CODE")]
    pub(crate) district: Vec<String>,
    #[command(flatten)]
    pub(crate) how: Writing,
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  kith insight --list\n  kith insight xmr --about\n  kith insight wait-curve \
                  --input waits.csv --by team --at 28,84 --json"
)]
pub(crate) struct Insight {
    /// Name every method with what it answers
    #[arg(long)]
    pub(crate) list: bool,
    /// The method
    #[arg(value_name = "METHOD", required_unless_present = "list")]
    pub(crate) method: Option<String>,
    /// --input FILE (CSV or JSON; - or nothing reads standard input), --json or --csv for the form of the
    /// answer, --about to see what the method needs, and the method's own options as --NAME VALUE
    #[arg(value_name = "OPTIONS", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) words: Vec<String>,
}

/// Dry or for good.
#[derive(Args)]
pub(crate) struct Writing {
    /// Write it; without this the command only says what it would do
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) write: bool,
    /// Change nothing, which is what happens anyway
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
