//! Locks between tests, which run in parallel threads and processes. A few change or measure shared
//! state and must run alone.

use std::fs::{File, create_dir_all};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::product;

/// A file lock, held until it is dropped.
#[derive(Debug)]
pub struct TestLock(#[allow(dead_code, reason = "the lock lasts as long as the file is open")] File);

impl TestLock {
    /// A shared lock, for tests that run in parallel.
    #[must_use]
    pub fn shared() -> Self {
        let file = file("tests");
        file.lock_shared().expect("a lock");
        Self(file)
    }

    /// Excludes all tests with users: for key rotation and measurements.
    #[must_use]
    pub fn alone() -> Self {
        Self::exclusive("tests")
    }

    /// An exclusive lock with this name.
    pub(crate) fn exclusive(what: &str) -> Self {
        let file = file(what);
        file.lock().expect("a lock");
        Self(file)
    }
}

/// One lock file for each name and product.
fn file(what: &str) -> File {
    let mut hasher = DefaultHasher::new();
    product().origin.hash(&mut hasher);
    // The folder of this program is writable by the user who built it; a shared temporary folder may not be.
    let program = std::env::current_exe().expect("the path of this program");
    let folder = program.with_file_name("test-locks");
    create_dir_all(&folder).expect("a folder for locks");
    let name = format!("{:016x}-{what}", hasher.finish());
    File::options()
        .create(true)
        .append(true)
        .open(folder.join(name))
        .expect("a file to lock")
}
