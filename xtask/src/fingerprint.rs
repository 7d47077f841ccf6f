//! Detects whether a build is up to date, from names, sizes and modification times of its sources.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::Result;
use fs_err as fs;
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use crate::paths::hex;

/// Folders that builds write or do not read.
const EXCLUDED: [&str; 8] = [
    "node_modules",
    "target",
    "dist",
    ".wrangler",
    ".vite",
    "tests",
    "benches",
    "fuzz",
];

/// A fingerprint of files and folders. Missing ones count as empty.
pub fn of(sources: &[PathBuf]) -> String {
    let mut hash = Sha256::new();
    let walks = sources.iter().flat_map(|source| {
        let walk = WalkDir::new(source).follow_links(true).sort_by_file_name();
        walk.into_iter()
            .filter_entry(|entry| !EXCLUDED.iter().any(|name| entry.file_name() == *name))
    });
    for entry in walks
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
    {
        let Ok(data) = entry.metadata() else { continue };
        let time = data
            .modified()
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let time = time.unwrap_or_default().as_nanos();
        hash.update(entry.path().as_os_str().as_encoded_bytes());
        hash.update(format!("\0{}\0{time}\0", data.len()));
    }
    hex(&hash.finalize())
}

/// The stored fingerprint of a build.
#[derive(Debug)]
pub struct Stamp {
    file: PathBuf,
}

impl Stamp {
    pub fn new(folder: &Path, name: &str) -> Self {
        Self {
            file: folder.join(format!("{name}.stamp")),
        }
    }

    /// Whether the stored fingerprint matches and all outputs exist.
    pub fn matches(&self, fingerprint: &str, outputs: &[PathBuf]) -> bool {
        outputs.iter().all(|output| output.exists())
            && fs::read_to_string(&self.file).is_ok_and(|recorded| recorded == fingerprint)
    }

    pub fn forget(&self) {
        let _ = fs::remove_file(&self.file);
    }

    pub fn record(&self, fingerprint: &str) -> Result<()> {
        Ok(fs::write(&self.file, fingerprint)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_source_changes_the_fingerprint_and_a_built_file_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let sources = [folder.path().to_path_buf()];
        fs::create_dir(folder.path().join("dist")).unwrap();
        write("a.rs", "one");
        let before = of(&sources);
        write("dist/b.js", "built");
        assert_eq!(of(&sources), before);
        write("a.rs", "longer");
        assert_ne!(of(&sources), before);
    }
}
