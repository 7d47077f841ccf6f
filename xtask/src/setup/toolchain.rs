//! The Rust toolchain of `rust-toolchain.toml`, with its components and its WASM target.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::paths::{self, Paths};
use crate::run;

/// What the functions are compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// Programs of the components that checks need.
const COMPONENTS: [&str; 2] = ["cargo-clippy", "cargo-fmt"];

/// Has rustup install what is missing. rustup does so by itself when cargo starts, unless it is
/// told not to (`RUSTUP_AUTO_INSTALL=0`); other sources of Rust have to be complete.
pub fn install(paths: &Paths) -> Result<()> {
    let Some(missing) = missing() else {
        return Ok(());
    };
    if paths.find_program("rustup").is_none() {
        bail!(
            "This Rust has no {missing}, and there is no rustup to install it. Install Rust by rustup \
             (https://rustup.rs, or Debian's package rustup), or add what rust-toolchain.toml lists by this system's own means."
        );
    }
    let mut command = paths.command("rustup");
    run::step(
        "Rust toolchain (rustup toolchain install)",
        "rustup needs the network.",
        command.args(["toolchain", "install"]),
    )?;
    match self::missing() {
        Some(missing) => bail!("rustup has installed the toolchain, and it still has no {missing}"),
        None => Ok(()),
    }
}

/// What the toolchain that runs xtask lacks, found by looking at files.
fn missing() -> Option<&'static str> {
    let Some(home) = home() else {
        return Some("toolchain that cargo names");
    };
    if !has_target(&home) {
        return Some(TARGET);
    }
    let lacks = |program: &&str| !paths::is_executable(&home.join("bin").join(program));
    COMPONENTS.into_iter().find(lacks)
}

/// The folder above the `bin` of the cargo that runs xtask.
fn home() -> Option<PathBuf> {
    let cargo = std::env::var_os("CARGO").map(PathBuf::from)?;
    Some(cargo.parent()?.parent()?.to_path_buf())
}

fn has_target(home: &Path) -> bool {
    let libraries = fs::read_dir(home.join("lib/rustlib").join(TARGET).join("lib"));
    libraries.is_ok_and(|mut entries| entries.next().is_some())
}
