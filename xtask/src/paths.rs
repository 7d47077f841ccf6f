//! Where things are: the checkout, the cache of built tools, the state of each running instance.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// The folders xtask works with. All are absolute.
#[derive(Debug, Clone)]
pub struct Paths {
    /// The checkout.
    pub root: PathBuf,
    /// Tools built or downloaded once for all checkouts: `PERSONA_CACHE`.
    pub cache: PathBuf,
    /// Data of this checkout's instances, one folder a port: `PERSONA_STATE`.
    pub state: PathBuf,
}

impl Paths {
    /// Finds the folders. Creates none.
    pub fn find() -> Result<Self> {
        // Set by `cargo run`; the compiled-in value serves a binary started by hand.
        let manifest =
            std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest)
            .canonicalize()
            .ok()
            .and_then(|folder| folder.parent().map(Path::to_path_buf))
            .context("the checkout's folder cannot be found")?;
        let cache = match std::env::var_os("PERSONA_CACHE") {
            Some(set) => absolute(&root, set),
            None if is_root() => "/var/cache/persona".into(),
            None => home_folder("XDG_CACHE_HOME", ".cache")?.join("persona"),
        };
        let state = match std::env::var_os("PERSONA_STATE") {
            Some(set) => absolute(&root, set),
            None if is_root() => Path::new("/var/lib/persona").join(checkout_name(&root)),
            None => home_folder("XDG_STATE_HOME", ".local/state")?
                .join("persona")
                .join(checkout_name(&root)),
        };
        Ok(Self { root, cache, state })
    }

    /// Data of the instance on this port.
    pub fn instance(&self, port: u16) -> PathBuf {
        self.state.join(port.to_string())
    }

    /// Cargo's target folder.
    pub fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.root.join("target"), |set| absolute(&self.root, set))
    }

    /// Small files that say what was built from what.
    pub fn stamps(&self) -> PathBuf {
        self.target().join("xtask")
    }

    /// Programs installed by `cargo install`.
    pub fn cargo_bin(&self) -> PathBuf {
        self.cache.join("cargo/bin")
    }

    /// The npm packages of every workspace.
    pub fn node_modules(&self) -> PathBuf {
        self.root.join("node_modules")
    }

    /// Node 22 as npm package.
    pub fn node(&self) -> PathBuf {
        self.node_modules().join("node/bin/node")
    }

    /// PATH for programs xtask starts: our Node and tools first.
    pub fn search_path(&self) -> OsString {
        let mut folders = vec![
            self.node_modules().join("node/bin"),
            self.node_modules().join(".bin"),
            self.cargo_bin(),
        ];
        if let Some(path) = std::env::var_os("PATH") {
            folders.extend(std::env::split_paths(&path));
        }
        // Debian keeps pgbouncer in sbin, which an ordinary user's PATH leaves out.
        folders.extend(["/usr/sbin", "/sbin"].map(PathBuf::from));
        std::env::join_paths(folders).unwrap_or_else(|_| std::env::var_os("PATH").unwrap_or_default())
    }
}

/// Whether xtask runs as root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The first file of this name on a search path.
pub fn find_program(search_path: &OsString, name: &str) -> Option<PathBuf> {
    std::env::split_paths(search_path)
        .map(|folder| folder.join(name))
        .find(|file| is_executable(file))
}

/// Whether a file exists and somebody may execute it.
pub fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// The home folder of whoever runs xtask.
pub fn home() -> Result<PathBuf> {
    std::env::home_dir()
        .filter(|home| home.is_absolute())
        .context("there is no home folder (HOME is not set)")
}

fn home_folder(variable: &str, fallback: &str) -> Result<PathBuf> {
    match std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|set| set.is_absolute())
    {
        Some(set) => Ok(set),
        None => Ok(home()?.join(fallback)),
    }
}

fn absolute(root: &Path, set: OsString) -> PathBuf {
    root.join(set)
}

/// Two checkouts of one name must not share data, and a person should know which is which.
fn checkout_name(root: &Path) -> String {
    let name = root
        .file_name()
        .map_or_else(|| "persona".into(), |name| name.to_string_lossy().into_owned());
    let name: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || letter == '-' {
                letter
            } else {
                '_'
            }
        })
        .collect();
    format!("{name}-{}", short_hash(root.as_os_str().as_encoded_bytes()))
}

/// The first eight hexadecimal digits of a SHA-256.
pub fn short_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)).chars().take(8).collect()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkouts_of_one_name_have_different_state() {
        assert_ne!(
            checkout_name(Path::new("/a/persona")),
            checkout_name(Path::new("/b/persona"))
        );
        assert!(checkout_name(Path::new("/a/my persona")).starts_with("my_persona-"));
    }
}
