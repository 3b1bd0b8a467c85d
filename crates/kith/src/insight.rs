//! `kith insight`: any figure of any page, worked out again from a table.

use crate::cli::Insight;
use crate::error::{Answer, CliError};
use crate::show;
use kith_insight::error::InsightError;
use kith_insight::request::{Request, about, list};
use std::io::Read;

/// Lists the methods, tells about one, or answers.
///
/// # Errors
/// There is no such method or option, or the input cannot be read or answered.
pub(crate) fn run(options: &Insight) -> Result<Answer, CliError> {
    let Some(method) = options.method.as_deref().filter(|_| !options.list) else {
        show::line(list().trim_end());
        return Ok(Answer::Fine);
    };
    let refused = |error: InsightError| CliError::new(error.to_string());
    let request = Request::parse(method, &options.words).map_err(refused)?;
    if request.about {
        show::line(about(request.method).trim_end());
        return Ok(Answer::Fine);
    }
    let input = read(request.input.as_deref())?;
    show::line(request.answer(&input).map_err(refused)?.trim_end());
    Ok(Answer::Fine)
}

fn read(file: Option<&str>) -> Result<String, CliError> {
    match file {
        Some(file) => std::fs::read_to_string(file).map_err(|cause| {
            CliError::because(format!("The file {file} could not be read as text."), &cause)
        }),
        None => {
            let mut text = String::new();
            let read = std::io::stdin().lock().read_to_string(&mut text);
            read.map_err(|cause| CliError::because("Standard input could not be read as text.", &cause))?;
            Ok(text)
        }
    }
}
