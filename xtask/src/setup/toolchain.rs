//! A cargo that can build for WASM.
//!
//! In this order: the one that runs xtask, Debian's, one made earlier, rustup's target, and last a
//! toolchain of our own in the cache: Debian's compiler beside a standard library built from its
//! sources. That last one needs no right to write anywhere else.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context as _, Result, bail};

use super::{apt, tools};
use crate::paths::{self, Paths, find_program};
use crate::run::{self, Cmd};

/// What the functions are compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_PACKAGES: [&str; 6] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "rust-web-clippy",
    "lld-22",
];
/// Debian's compiler and cargo.
const SYSTEM: &str = "/usr";
const OWN: &str = "wasm-toolchain";

/// How to call a cargo that can build for WASM.
#[derive(Debug, Clone)]
pub struct Toolchain {
    /// `None`: the cargo that runs xtask.
    home: Option<PathBuf>,
}

impl Toolchain {
    /// The command with this toolchain's cargo and rustc in front of all others.
    pub fn apply(&self, paths: &Paths, command: Cmd) -> Cmd {
        let Some(home) = &self.home else {
            return command.env("PATH", paths.search_path());
        };
        let bin = home.join("bin");
        let mut path = bin.clone().into_os_string();
        path.push(":");
        path.push(paths.search_path());
        command
            .env("PATH", path)
            .env("CARGO", bin.join("cargo"))
            .env("RUSTC", bin.join("rustc"))
            // Clippy's driver is a compiler of its own and does not ask ours.
            .env("SYSROOT", home)
            .without_env(&["RUSTUP_TOOLCHAIN"])
    }

    /// Its cargo.
    pub fn cargo(&self) -> std::ffi::OsString {
        self.home
            .as_ref()
            .map_or_else(tools::cargo, |home| home.join("bin/cargo").into_os_string())
    }

    /// Whether it has Clippy.
    pub fn has_clippy(&self, paths: &Paths) -> bool {
        match &self.home {
            Some(home) => paths::is_executable(&home.join("bin/cargo-clippy")),
            None => find_program(&paths.search_path(), "cargo-clippy").is_some(),
        }
    }

    /// Tells builds of one toolchain from those of another.
    pub fn id(&self) -> String {
        let rustc = self
            .home
            .as_ref()
            .map(|home| home.join("bin/rustc"))
            .or_else(|| Some(current()?.join("bin/rustc")));
        rustc.and_then(|rustc| identity(&rustc)).unwrap_or_default()
    }
}

/// Finds a toolchain or makes one.
pub fn find_or_make(paths: &Paths) -> Result<Toolchain> {
    let usable = |home: PathBuf| Toolchain { home: Some(home) };
    if current().is_some_and(|sysroot| has_target(&sysroot)) {
        return Ok(Toolchain { home: None });
    }
    if has_compiler(Path::new(SYSTEM)) && has_target(Path::new(SYSTEM)) {
        return Ok(usable(SYSTEM.into()));
    }
    let own = paths.cache.join(OWN);
    let made_from = fs::read_to_string(own.join("complete")).unwrap_or_default();
    if !made_from.is_empty()
        && sources()
            .iter()
            .any(|base| identity(&base.join("bin/rustc")).as_ref() == Some(&made_from))
    {
        return Ok(usable(own));
    }
    let rustup = rustup_target(paths);
    if matches!(rustup, Ok(true)) && current().is_some_and(|sysroot| has_target(&sysroot)) {
        return Ok(Toolchain { home: None });
    }
    if sources().is_empty() {
        apt::install(paths, "Rust with the sources of its library", &DEBIAN_PACKAGES).with_context(|| {
            match rustup {
                Ok(true) => "rustup has added the WASM target, yet it is not there".to_owned(),
                Ok(false) => "Rust has no WASM target here, and there is no rustup to add it".to_owned(),
                Err(error) => format!(
                    "rustup cannot add the WASM target ({})",
                    run::tail(&format!("{error:#}"))
                ),
            }
        })?;
    }
    let Some(base) = sources().into_iter().next() else {
        bail!(
            "Rust can be had neither from rustup (rustup target add {TARGET}) nor from Debian (rustc-web, rust-web-src)"
        );
    };
    make(paths, &base, &own)?;
    Ok(usable(own))
}

/// The folder above the `bin` of the cargo that runs xtask.
fn current() -> Option<PathBuf> {
    let cargo = std::env::var_os("CARGO").map(PathBuf::from)?;
    Some(cargo.parent()?.parent()?.to_path_buf())
}

/// `Ok(false)` without a rustup.
fn rustup_target(paths: &Paths) -> Result<bool> {
    let Some(rustup) = find_program(&paths.search_path(), "rustup") else {
        return Ok(false);
    };
    let command = Cmd::new(rustup, &paths.root).args(["target", "add", TARGET]);
    run::step(&format!("WASM target (rustup target add {TARGET})"), "", &command).map(|_| true)
}

/// Compilers whose library comes with its sources, Debian's first: it brings all they need.
fn sources() -> Vec<PathBuf> {
    let mut all = vec![PathBuf::from(SYSTEM)];
    all.extend(current());
    all.retain(|home| {
        has_compiler(home) && home.join("lib/rustlib/src/rust/library/std/Cargo.toml").exists()
    });
    all
}

fn has_compiler(home: &Path) -> bool {
    ["bin/cargo", "bin/rustc"]
        .iter()
        .all(|program| paths::is_executable(&home.join(program)))
}

fn has_target(sysroot: &Path) -> bool {
    let libraries = fs::read_dir(sysroot.join("lib/rustlib").join(TARGET).join("lib"));
    libraries.is_ok_and(|mut entries| {
        entries
            .any(|entry| entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("libstd-")))
    })
}

/// A compiler's size and time: another one after an upgrade.
fn identity(rustc: &Path) -> Option<String> {
    let data = fs::metadata(rustc).ok()?;
    let time = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{} {} {}", rustc.display(), data.len(), time.as_secs()))
}

fn make(paths: &Paths, base: &Path, own: &Path) -> Result<()> {
    let libraries = build_library(paths, base)?;
    let mend = "the cache folder (PERSONA_CACHE) must be writable";
    lay_out(base, own, &libraries).context(mend)?;
    let _ = fs::remove_dir_all(paths.cache.join("wasm-library"));
    Ok(())
}

/// Builds the standard library for WASM and returns its files.
fn build_library(paths: &Paths, base: &Path) -> Result<Vec<PathBuf>> {
    let folder = paths.cache.join("wasm-library");
    fs::create_dir_all(folder.join("src")).context("the cache folder (PERSONA_CACHE) must be writable")?;
    let manifest =
        "[package]\nname = \"empty-crate\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/lib.rs"), "#![no_std]\n")?;
    let command = Cmd::new(base.join("bin/cargo"), &folder)
        .args(["build", "--release", "--target", TARGET])
        .arg("-Zbuild-std=core,alloc,std,panic_abort,panic_unwind,proc_macro,test")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("RUSTC", base.join("bin/rustc"))
        // Building the library is a nightly feature; this is how Debian's own packages reach it.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .without_env(&["RUSTUP_TOOLCHAIN", "CARGO_ENCODED_RUSTFLAGS", "CARGO"]);
    run::step(
        "standard library for WASM (about a minute, once)",
        "cargo needs the crate registry.",
        &command,
    )?;
    let built = fs::read_dir(folder.join("target").join(TARGET).join("release/deps"))?;
    let libraries: Vec<_> = built
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|file| file.extension().is_some_and(|end| end == "rlib"))
        .filter(|file| !file.to_string_lossy().contains("libempty_crate"))
        .collect();
    if libraries.is_empty() {
        bail!("cargo built no standard library for WASM");
    }
    Ok(libraries)
}

/// A sysroot of links to `base`, with our library in it and a rustc that uses it.
fn lay_out(base: &Path, own: &Path, libraries: &[PathBuf]) -> Result<()> {
    let _ = fs::remove_dir_all(own);
    let rustlib = own.join("lib/rustlib");
    let target = rustlib.join(TARGET).join("lib");
    fs::create_dir_all(&target)?;
    for library in libraries {
        fs::copy(library, target.join(library.file_name().unwrap_or_default()))?;
    }
    for entry in fs::read_dir(base.join("lib/rustlib"))? {
        let entry = entry?;
        if entry.file_name() != TARGET {
            symlink(entry.path(), rustlib.join(entry.file_name()))?;
        }
    }
    let bin = own.join("bin");
    fs::create_dir_all(&bin)?;
    for program in ["cargo", "cargo-clippy", "clippy-driver"] {
        let original = base.join("bin").join(program);
        if original.exists() {
            symlink(&original, bin.join(program))?;
        }
    }
    let (rustc, sysroot) = (quoted(&base.join("bin/rustc")), quoted(own));
    fs::write(
        bin.join("rustc"),
        format!("#!/bin/sh\nexec {rustc} --sysroot {sysroot} \"$@\"\n"),
    )?;
    fs::set_permissions(bin.join("rustc"), fs::Permissions::from_mode(0o755))?;
    fs::write(
        own.join("complete"),
        identity(&base.join("bin/rustc")).unwrap_or_default(),
    )?;
    Ok(())
}

/// For a POSIX shell.
fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_a_quote_survives_the_shell() {
        assert_eq!(quoted(Path::new("/a b/it's")), r"'/a b/it'\''s'");
    }
}
