//! Paths: the checkout, the cache of built tools, the state of instances.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use etcetera::BaseStrategy as _;
use etcetera::base_strategy::Xdg;
use sha2::{Digest as _, Sha256};

/// The folders of xtask. All are absolute.
#[derive(Debug, Clone)]
pub struct Paths {
    /// The checkout.
    pub root: PathBuf,
    /// Tools built or downloaded once for all checkouts: `PERSONA_CACHE`.
    pub cache: PathBuf,
    /// Data of this checkout's instances, one folder for each port: `PERSONA_STATE`.
    pub state: PathBuf,
}

impl Paths {
    /// Finds the folders without creating them.
    pub fn find() -> Result<Self> {
        // Set by `cargo run`. The compiled-in value is for a binary that is started directly.
        let manifest =
            std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest)
            .canonicalize()
            .ok()
            .and_then(|folder| folder.parent().map(Path::to_path_buf))
            .context("the checkout's folder cannot be found")?;
        let home = || Xdg::new().context("there is no home folder (HOME is not set)");
        let cache = match std::env::var_os("PERSONA_CACHE") {
            Some(set) => root.join(set),
            None if is_root() => "/var/cache/persona".into(),
            None => home()?.cache_dir().join("persona"),
        };
        let state = match std::env::var_os("PERSONA_STATE") {
            Some(set) => root.join(set),
            None if is_root() => Path::new("/var/lib/persona").join(checkout_name(&root)),
            None => {
                let state = home()?.state_dir().context("there is no folder for state")?;
                state.join("persona").join(checkout_name(&root))
            }
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
            .map_or_else(|| self.root.join("target"), |set| self.root.join(set))
    }

    /// Stamps: files with the fingerprints of builds.
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

    /// A command in the checkout's folder that prefers the installed Node and tools.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", self.search_path());
        command
    }

    /// A command that runs a script of an npm package.
    pub fn node_command(&self, script: &str) -> Command {
        let mut command = self.command("node");
        command.arg(self.node_modules().join(script));
        command
    }

    /// The first program of this name on the search path.
    pub fn find_program(&self, name: &str) -> Option<PathBuf> {
        which::which_in(name, Some(self.search_path()), &self.root).ok()
    }

    /// PATH for programs that xtask starts: the installed Node and tools first.
    pub fn search_path(&self) -> OsString {
        let mut folders = vec![
            self.node_modules().join("node/bin"),
            self.node_modules().join(".bin"),
            self.cargo_bin(),
        ];
        if let Some(path) = std::env::var_os("PATH") {
            folders.extend(std::env::split_paths(&path));
        }
        // Debian installs pgbouncer in sbin, which is not in an ordinary user's PATH.
        folders.extend(["/usr/sbin", "/sbin"].map(PathBuf::from));
        std::env::join_paths(folders).unwrap_or_else(|_| std::env::var_os("PATH").unwrap_or_default())
    }
}

/// Whether xtask runs as root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether a file exists and is executable.
pub fn is_executable(file: &Path) -> bool {
    which::which_in(file, None::<&OsStr>, "/").is_ok()
}

/// A readable name with a hash of the path, because two checkouts with one name must not share data.
fn checkout_name(root: &Path) -> String {
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let name = name.replace(
        |letter: char| !letter.is_ascii_alphanumeric() && letter != '-',
        "_",
    );
    let hash = hex(&Sha256::digest(root.as_os_str().as_encoded_bytes()));
    format!("{name}-{}", hash.get(..8).unwrap_or_default())
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
