//! Conversions between Kith's types and the files that others publish: councils'
//! spreadsheets and the nation's files of places. Bytes in, typed values and an honest
//! report out; nothing here opens a file, reads a clock or decides who may do what.

pub mod directory_csv;
pub mod oruk;
pub mod pack;
pub mod place;
