//! The state file.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Data;

/// The state could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or a file in it cannot be used.
    #[error("{path}: {source}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The I/O error.
        source: std::io::Error,
    },
    /// The file cannot be parsed.
    #[error("{path} is not a state file of this version ({source}); remove it to reset the state")]
    Content {
        /// The file.
        path: PathBuf,
        /// The parse error.
        source: serde_json::Error,
    },
}

/// The state behind a lock, and its folder.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    data: Mutex<Data>,
    written: Mutex<u64>,
}

impl Store {
    /// Opens the state in `folder`, which is created if missing.
    ///
    /// # Errors
    /// If the folder cannot be created, or the file cannot be read or parsed.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder.join("images")).map_err(|source| file(folder, source))?;
        let path = folder.join("state.json");
        let data = match std::fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|source| StoreError::Content { path, source })?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Data::default(),
            Err(source) => return Err(file(&path, source)),
        };
        Ok(Self {
            folder: folder.to_owned(),
            data: Mutex::new(data),
            written: Mutex::new(0),
        })
    }

    /// Locks the state. A poisoned lock is ignored.
    pub fn lock(&self) -> MutexGuard<'_, Data> {
        self.data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file of a user's picture.
    pub fn image_path(&self, user_id: &str) -> PathBuf {
        self.folder.join("images").join(user_id)
    }

    /// Writes the state if it changed since the last save.
    ///
    /// # Errors
    /// If the file cannot be written. The old one then stays.
    pub fn save(&self) -> Result<(), StoreError> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let (changes, bytes) = {
            let mut data = self.lock();
            if data.changes == *written {
                return Ok(());
            }
            data.sweep(crate::clock::now_ms());
            let path = self.folder.join("state.json");
            let bytes = serde_json::to_vec(&*data).map_err(|source| StoreError::Content { path, source })?;
            (data.changes, bytes)
        };
        replace(&self.folder.join("state.json"), &bytes)?;
        *written = changes;
        Ok(())
    }
}

/// Replaces the file at `path` atomically. Only its owner can read it.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    use std::io::Write as _;

    let beside = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&beside).map_err(|source| file(&beside, source))?;
    out.write_all(bytes)
        .and_then(|()| out.sync_data())
        .map_err(|source| file(&beside, source))?;
    std::fs::rename(&beside, path).map_err(|source| file(path, source))
}

fn file(path: &Path, source: std::io::Error) -> StoreError {
    StoreError::File {
        path: path.to_owned(),
        source,
    }
}
