//! From bytes to rows of text: encodings, separators, blank lines, and the row numbers a
//! spreadsheet shows.

use super::map::{Encoding, Map};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The largest file that is read, in bytes.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// The most rows that are read.
const ROWS_MAX: usize = 200_000;
/// The most columns that are read.
const COLUMNS_MAX: usize = 1_000;
/// A row over more lines than this has lost a quotation mark.
pub(super) const LINES_MAX: usize = 200;

/// Why a file as a whole could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileRefusal {
    /// Nothing in it.
    #[error("The file is empty. Check that you chose the right file.")]
    Empty,
    /// Over 64 MB.
    #[error("The file is over 64 MB. Split it into smaller files, each with its heading row.")]
    TooLarge,
    /// Over the number of rows or columns.
    #[error(
        "The file has more than 200,000 rows or 1,000 columns. Split it, or take out columns you do not need."
    )]
    TooMany,
    /// The map says UTF-8 and the file is not.
    #[error(
        "The map says the file is UTF-8, but line {line} is not. Take `encoding` out of the map, or save the file as \"CSV UTF-8\"."
    )]
    NotUtf8 {
        /// The first such line.
        line: usize,
    },
    /// A workbook, not a CSV.
    #[error("This is a spreadsheet workbook, not a CSV file. Open it and save it as \"CSV UTF-8\".")]
    Workbook,
    /// No heading row.
    #[error("The file has no row {0}, where the map says the headings are.")]
    NoHeading(u32),
    /// Columns that the map names are missing.
    #[error("The file has no column {}. Its columns are: {}. Change the map or the headings.", quoted(.missing), quoted(.present))]
    NoColumn {
        /// Named in the map and missing.
        missing: Vec<String>,
        /// In the file.
        present: Vec<String>,
    },
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ")
}

/// A row of cells.
#[derive(Debug)]
pub(super) struct Row {
    /// As a spreadsheet counts: 1 is the first row of the file.
    pub number: u32,
    pub cells: Vec<String>,
}

/// A file as rows of text.
#[derive(Debug)]
pub(super) struct Sheet {
    pub headings: Vec<String>,
    pub rows: Vec<Row>,
    pub notes: Vec<String>,
}

impl Sheet {
    pub fn read(bytes: &[u8], map: &Map) -> Result<Sheet, FileRefusal> {
        let mut notes = Vec::new();
        let text = decode(bytes, map.file.encoding, &mut notes)?;
        let separator = map.file.separator_byte().unwrap_or_else(|| guess_separator(&text));
        let mut rows = rows(&text, separator)?;
        let at = rows
            .iter()
            .position(|r| r.number >= map.file.heading_row)
            .ok_or(FileRefusal::NoHeading(map.file.heading_row))?;
        let headings = rows.split_off(at);
        let mut headings = headings.into_iter();
        let heading = headings.next().ok_or(FileRefusal::NoHeading(map.file.heading_row))?;
        let headings_text: Vec<String> =
            heading.cells.iter().map(|c| c.trim().chars().take(100).collect()).collect();
        Ok(Sheet { headings: headings_text, rows: headings.collect(), notes })
    }
}

/// Text from bytes: a byte order mark wins; then what the map says; otherwise UTF-8 when
/// it is, and Windows-1252, which every byte is some text in, when it is not.
fn decode(bytes: &[u8], encoding: Encoding, notes: &mut Vec<String>) -> Result<String, FileRefusal> {
    if bytes.is_empty() {
        return Err(FileRefusal::Empty);
    }
    if bytes.len() > BYTES_MAX {
        return Err(FileRefusal::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(FileRefusal::Workbook);
    }
    for (mark, encoding) in
        [(&[0xEF, 0xBB, 0xBF][..], UTF_8), (&[0xFF, 0xFE], UTF_16LE), (&[0xFE, 0xFF], UTF_16BE)]
    {
        if bytes.starts_with(mark) {
            let (text, wrong) = encoding.decode_without_bom_handling(&bytes[mark.len()..]);
            if wrong {
                notes
                    .push(format!("Some characters were not {} and are shown as \u{fffd}.", encoding.name()));
            }
            return Ok(text.into_owned());
        }
    }
    match (encoding, std::str::from_utf8(bytes)) {
        (Encoding::Auto | Encoding::Utf8, Ok(text)) => Ok(text.to_owned()),
        (Encoding::Utf8, Err(e)) => Err(FileRefusal::NotUtf8 {
            line: 1 + bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count(),
        }),
        (Encoding::Windows1252, _) => Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()),
        (Encoding::Auto, Err(_)) => {
            notes.push("The file is not UTF-8 and was read as Windows-1252, as Excel saves it. Check names with accents.".to_owned());
            Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned())
        }
    }
}

/// The separator that stands most often in the first line, outside quotation marks.
fn guess_separator(text: &str) -> u8 {
    let line = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let count = |separator: char| {
        let mut quoted = false;
        line.chars()
            .filter(|c| {
                quoted ^= *c == '"';
                !quoted && *c == separator
            })
            .count()
    };
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|s| count(char::from(*s))).unwrap_or(b',')
}

/// All rows, each with the number a spreadsheet shows: blank lines count, lines inside
/// quotation marks do not.
fn rows(text: &str, separator: u8) -> Result<Vec<Row>, FileRefusal> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut number = 0u32;
    let mut record = csv::ByteRecord::new();
    loop {
        let from = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        // Reading from memory cannot fail, and no record is checked for length or UTF-8.
        if !reader.read_byte_record(&mut record).unwrap_or(false) {
            return Ok(rows);
        }
        number += 1 + blank_lines(text, from);
        if rows.len() >= ROWS_MAX || record.len() > COLUMNS_MAX {
            return Err(FileRefusal::TooMany);
        }
        let cells = record.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect();
        rows.push(Row { number, cells });
    }
}

/// Line ends at the start of what is left: the reader passes over such lines silently.
fn blank_lines(text: &str, from: usize) -> u32 {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let ends = rest.iter().take_while(|b| matches!(b, b'\n' | b'\r'));
    // A row read up to its \r leaves the \n of \r\n behind.
    let inside_pair =
        from > 0 && text.as_bytes().get(from - 1) == Some(&b'\r') && rest.first() == Some(&b'\n');
    let (mut count, mut last) = (0, 0u8);
    for end in ends {
        if !(*end == b'\n' && last == b'\r') {
            count += 1;
        }
        last = *end;
    }
    count - u32::from(inside_pair && count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u32, Vec<String>)> {
        rows(text, b',').unwrap().into_iter().map(|r| (r.number, r.cells)).collect()
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_does() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "1,\"two", "lines\"", "", "", "3,4", ""].join(end);
            let rows = read(&text);
            assert_eq!(rows.iter().map(|r| r.0).collect::<Vec<_>>(), [1, 2, 5], "{end:?} {rows:?}");
            assert_eq!(rows[2].1, ["3", "4"]);
        }
    }

    #[test]
    fn separators_are_guessed() {
        assert_eq!(guess_separator("a;b;\"c,d,e,f\"\n1,2;3"), b';');
        assert_eq!(guess_separator("\n\na\tb"), b'\t');
        assert_eq!(guess_separator("one"), b',');
    }

    #[test]
    fn encodings() {
        let mut notes = Vec::new();
        assert_eq!(decode(b"\xEF\xBB\xBFa", Encoding::Auto, &mut notes).unwrap(), "a");
        assert_eq!(decode(b"\xFF\xFEa\0,\0", Encoding::Auto, &mut notes).unwrap(), "a,");
        assert!(notes.is_empty());
        assert_eq!(
            decode(b"caf\xE9 \x93x\x94", Encoding::Auto, &mut notes).unwrap(),
            "caf\u{e9} \u{201c}x\u{201d}"
        );
        assert_eq!(notes.len(), 1);
        assert_eq!(decode(b"ok\ncaf\xE9", Encoding::Utf8, &mut notes), Err(FileRefusal::NotUtf8 { line: 2 }));
        assert_eq!(decode(b"PK\x03\x04...", Encoding::Auto, &mut notes), Err(FileRefusal::Workbook));
        assert_eq!(decode(b"", Encoding::Auto, &mut notes), Err(FileRefusal::Empty));
    }
}
