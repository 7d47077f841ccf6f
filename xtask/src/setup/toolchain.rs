//! The Rust toolchain of `rust-toolchain.toml`, with its components and its WASM target.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::paths::{self, Paths};
use crate::run;

/// The target of the functions.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// The programs of the components that checks need.
const COMPONENTS: [&str; 2] = ["cargo-clippy", "cargo-fmt"];

/// Installs missing parts with rustup. rustup does so when cargo starts, unless
/// `RUSTUP_AUTO_INSTALL=0` is set; other installations of Rust must be complete.
pub fn install(paths: &Paths) -> Result<()> {
    let Some(missing) = missing() else {
        return Ok(());
    };
    if paths.find_program("rustup").is_none() {
        bail!(
            "This Rust has no {missing}, and rustup is not installed. Install Rust with rustup \
             (https://rustup.rs, or Debian's package rustup), or install everything in rust-toolchain.toml in another way."
        );
    }
    let mut command = paths.command("rustup");
    run::step(
        "Rust toolchain (rustup toolchain install)",
        "rustup needs the network.",
        command.args(["toolchain", "install"]),
    )?;
    match self::missing() {
        Some(missing) => bail!("the toolchain installed by rustup has no {missing}"),
        None => Ok(()),
    }
}

/// A missing part of the toolchain that runs xtask, detected by its files.
fn missing() -> Option<&'static str> {
    let Some(home) = home() else {
        return Some("toolchain folder in CARGO");
    };
    if !has_target(&home) {
        return Some(TARGET);
    }
    let lacks = |program: &&str| !paths::is_executable(&home.join("bin").join(program));
    COMPONENTS.into_iter().find(lacks)
}

/// The parent of the `bin` folder of the cargo that runs xtask.
fn home() -> Option<PathBuf> {
    let cargo = std::env::var_os("CARGO").map(PathBuf::from)?;
    Some(cargo.parent()?.parent()?.to_path_buf())
}

fn has_target(home: &Path) -> bool {
    let libraries = fs::read_dir(home.join("lib/rustlib").join(TARGET).join("lib"));
    libraries.is_ok_and(|mut entries| entries.next().is_some())
}
