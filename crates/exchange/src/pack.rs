//! Figures to take away: tables as CSV that a spreadsheet opens without running anything in
//! them, and several files as one zip.

use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A table as CSV (RFC 4180), with lines that end as it says. Text that a spreadsheet would
/// take for a formula stands behind an apostrophe; numbers stay numbers.
///
/// Source: OWASP, CSV Injection: cells that begin with `=`, `+`, `-`, `@`, tab or return.
pub fn csv(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let mut line = |cells: Vec<String>| {
        // Writing to memory fails only when lines differ in length, which a caller's own mistake
        // would be: such a line is left out rather than shifted.
        let _ = writer.write_record(cells.iter().map(|cell| harmless(cell)));
    };
    line(head.iter().map(|h| (*h).to_owned()).collect());
    rows.iter().for_each(|row| line(row.clone()));
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn harmless(cell: &str) -> String {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '＝', '＋', '－', '＠']);
    match runs && cell.parse::<f64>().is_err() {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

/// Files as one zip, the same bytes for the same files.
///
/// # Errors
/// A name is not one that a zip can hold.
pub fn zip(files: &[(&str, &str)]) -> Result<Vec<u8>, String> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, SimpleFileOptions::default()).map_err(|e| e.to_string())?;
        writer.write_all(text.as_bytes()).map_err(|e| e.to_string())?;
    }
    Ok(writer.finish().map_err(|e| e.to_string())?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_spreadsheet_runs_nothing_and_numbers_stay_numbers() {
        let rows = vec![
            vec!["=cmd|'/c calc'!A0".into(), "-0.25".into()],
            vec!["@SUM(A1)".into(), "one, \"two\"\r\nthree".into()],
        ];
        let text = csv(&["name", "+what"], &rows);
        assert_eq!(
            text,
            "name,'+what\r\n'=cmd|'/c calc'!A0,-0.25\r\n'@SUM(A1),\"one, \"\"two\"\"\r\nthree\"\r\n"
        );
    }

    #[test]
    fn a_zip_opens_again_and_is_the_same_each_time() {
        let files = [("a.csv", "x\r\n1\r\n"), ("read.txt", "words ü")];
        let made = zip(&files).unwrap();
        assert_eq!(made, zip(&files).unwrap());
        let mut open = ::zip::ZipArchive::new(Cursor::new(made)).unwrap();
        let mut text = String::new();
        open.by_name("read.txt").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!((open.len(), text.as_str()), (2, "words ü"));
    }
}
