//! How well does Kith find? Questions in the words that people use, over two directories, with answers
//! that were judged by reading the listings, before any way of finding was asked.
//! `docs/finding.md` says how the questions were written and by which rules they were judged.
//!
//! A third of the questions is held out: the finder is never changed because of one of them.

pub mod ask;
pub mod corpus;
pub mod judge;
pub mod measure;
pub mod rankers;

/// What went wrong while a directory or the judgements were read.
#[derive(Debug, thiserror::Error)]
pub enum JudgedError {
    /// A file is not what it has to be.
    #[error("{0}")]
    File(String),
    /// The made-up place could not be written.
    #[error("the made-up place could not be written")]
    Brackenford(#[from] kith_brackenford::pen::BrackenfordError),
    /// Its database could not be made or read.
    #[error("the database of the made-up place could not be used")]
    Store(#[from] kith_store::StoreError),
    /// There is nowhere to put it.
    #[error("there is no folder for the made-up place")]
    Folder(#[from] std::io::Error),
}
