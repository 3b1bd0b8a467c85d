//! Files that are whole or not there: written under another name, synced, then renamed.

use crate::error::StoreError;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file being written. Dropped before [`WholeFile::finish`], it leaves nothing.
pub(crate) struct WholeFile {
    file: Option<File>,
    part: PathBuf,
    path: PathBuf,
}

impl WholeFile {
    /// Starts a file that only its owner can read. An existing file is never replaced.
    pub(crate) fn create(path: &Path) -> Result<WholeFile, StoreError> {
        if path.exists() {
            return Err(StoreError::Refused(format!(
                "{} exists already and is left as it is",
                path.display()
            )));
        }
        let name =
            path.file_name().ok_or_else(|| StoreError::Refused("that is not the name of a file".into()))?;
        let mut part = name.to_owned();
        part.push(format!(".{}.part", std::process::id()));
        let part = path.with_file_name(part);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part)?;
        Ok(WholeFile { file: Some(file), part, path: path.to_owned() })
    }

    /// Everything to the disk, then the name, then the folder that holds the name.
    pub(crate) fn finish(mut self) -> Result<(), StoreError> {
        if let Some(file) = self.file.take() {
            file.sync_all()?;
        }
        std::fs::rename(&self.part, &self.path)?;
        let folder = self.path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
        Ok(())
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.file {
            Some(file) => file.write(bytes),
            None => Err(io::Error::other("the file is finished")),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // After finish the part has become the file; before it, the part is of no use.
        if self.file.is_some() {
            let _ = std::fs::remove_file(&self.part);
        }
    }
}
