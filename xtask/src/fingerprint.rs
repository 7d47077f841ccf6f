//! Says whether something must be built again, from names, sizes and times of what it is made of.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::paths::hex;

/// Folders that are made rather than written, or that no build reads.
const LEFT_OUT: [&str; 8] = [
    "node_modules",
    "target",
    "dist",
    ".wrangler",
    ".vite",
    "tests",
    "benches",
    "fuzz",
];

/// A fingerprint of files and of everything below folders. What is missing counts as empty.
pub fn of(sources: &[PathBuf], extra: &str) -> String {
    let mut files = Vec::new();
    for source in sources {
        collect(source, &mut files);
    }
    files.sort();
    let mut hash = Sha256::new();
    hash.update(extra);
    for file in files {
        let Ok(data) = fs::metadata(&file) else { continue };
        let time = data
            .modified()
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
            .unwrap_or_default();
        hash.update(file.as_os_str().as_encoded_bytes());
        hash.update(format!("\0{}\0{}\0", data.len(), time.as_nanos()));
    }
    hex(&hash.finalize())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    let Ok(kind) = fs::metadata(path) else { return };
    if !kind.is_dir() {
        files.push(path.to_path_buf());
        return;
    }
    for entry in fs::read_dir(path).into_iter().flatten().filter_map(Result::ok) {
        if !LEFT_OUT.iter().any(|name| entry.file_name() == *name) {
            collect(&entry.path(), files);
        }
    }
}

/// Remembers what something was built from.
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

    /// Whether it was built from exactly this and all of it is still there.
    pub fn matches(&self, fingerprint: &str, outputs: &[PathBuf]) -> bool {
        outputs.iter().all(|output| output.exists())
            && fs::read_to_string(&self.file).is_ok_and(|recorded| recorded == fingerprint)
    }

    pub fn forget(&self) {
        let _ = fs::remove_file(&self.file);
    }

    pub fn record(&self, fingerprint: &str) -> Result<()> {
        fs::write(&self.file, fingerprint)
            .with_context(|| format!("{} cannot be written", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_changes_the_fingerprint_and_a_made_one_does_not() {
        let folder = std::env::temp_dir().join(format!("xtask-fingerprint-{}", std::process::id()));
        fs::create_dir_all(folder.join("dist")).unwrap();
        fs::write(folder.join("a.rs"), "one").unwrap();
        let sources = [folder.clone()];
        let before = of(&sources, "");
        fs::write(folder.join("dist/b.js"), "made").unwrap();
        assert_eq!(of(&sources, ""), before);
        fs::write(folder.join("a.rs"), "longer").unwrap();
        assert_ne!(of(&sources, ""), before);
        assert_ne!(of(&sources, "release"), of(&sources, "dev"));
        fs::remove_dir_all(folder).unwrap();
    }
}
