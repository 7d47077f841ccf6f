//! Who may run beside whom. Tests run beside each other, in threads and in processes; a few change
//! or measure what all share.

use std::fs::{File, create_dir_all};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::product;

/// Holds a place among the running tests until it is dropped.
#[derive(Debug)]
pub struct Turn(#[allow(dead_code, reason = "the lock lasts as long as the file is open")] File);

impl Turn {
    /// Beside others.
    #[must_use]
    pub fn shared() -> Self {
        let file = file("tests");
        file.lock_shared().expect("a lock");
        Self(file)
    }

    /// While no other test has people: for rotating keys, and for measuring.
    #[must_use]
    pub fn alone() -> Self {
        Self::exclusive("tests")
    }

    /// The only one of its kind.
    pub(crate) fn exclusive(what: &str) -> Self {
        let file = file(what);
        file.lock().expect("a lock");
        Self(file)
    }
}

/// One lock of each name for each product.
fn file(what: &str) -> File {
    let mut hasher = DefaultHasher::new();
    product().origin.hash(&mut hasher);
    // Beside the program: whoever built it may write there, which of a folder that all users share nobody knows.
    let program = std::env::current_exe().expect("the path of this program");
    let folder = program.with_file_name("turns");
    create_dir_all(&folder).expect("a folder for locks");
    let name = format!("{:016x}-{what}", hasher.finish());
    File::options()
        .create(true)
        .append(true)
        .open(folder.join(name))
        .expect("a file to lock")
}
