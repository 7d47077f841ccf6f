//! Builds the functions, the front end and the native tools. Builds that are up to date are skipped.

mod front_end;
mod host;
mod sizes;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use fs_err as fs;

use crate::files::copy_folder;
use crate::fingerprint::{self, Stamp};
use crate::paths::Paths;
use crate::run;
use crate::setup;

pub use front_end::front_end;
pub use host::{HostTools, host_tools, migrate_tool, recorder};
pub use sizes::report_sizes;

/// Set for the builds that `wrangler dev` starts: they use the development profile.
pub const DEV_VARIABLE: &str = "PERSONA_BUILD_DEV";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Release,
}

impl Profile {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// The names of all functions: the crates under functions/.
pub fn function_names(paths: &Paths) -> Result<Vec<String>> {
    let folder = paths.root.join("functions");
    let entries = fs::read_dir(&folder)?;
    let mut names: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    if names.is_empty() {
        bail!("functions/ has no crate");
    }
    Ok(names)
}

/// The wrangler configurations: that of site at the root first, then those of the other functions.
pub fn configurations(paths: &Paths) -> Result<Vec<PathBuf>> {
    let site = PathBuf::from("wrangler.toml");
    if !paths.root.join(&site).exists() {
        bail!("wrangler.toml is missing at the root: it configures the site function");
    }
    let mut all = vec![site];
    for name in function_names(paths)? {
        let file = Path::new("functions").join(&name).join("wrangler.toml");
        if paths.root.join(&file).exists() {
            all.push(file);
        } else if name != "site" {
            bail!("{} is missing", file.display());
        }
    }
    Ok(all)
}

/// The folder of a function's build. Each profile has its own, so that development and tests do not
/// invalidate each other's builds.
fn build_folder(paths: &Paths, name: &str, profile: Profile) -> PathBuf {
    paths
        .stamps()
        .join("builds")
        .join(format!("{name}-{}", profile.word()))
}

/// Builds a function unless it is up to date, and returns the folder of the build.
pub fn function(paths: &Paths, name: &str, profile: Profile) -> Result<PathBuf> {
    let folder = paths.root.join("functions").join(name);
    if !folder.join("Cargo.toml").exists() {
        let names = function_names(paths)?.join(", ");
        bail!("there is no function {name:?}; there are: {names}");
    }
    let _lock = setup::lock(
        &paths
            .stamps()
            .join(format!("function-{name}-{}.lock", profile.word())),
    )?;
    let sources = ["src", "Cargo.toml"].map(|part| folder.join(part));
    let common =
        ["shared", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"].map(|part| paths.root.join(part));
    let fingerprint = fingerprint::of(&[&sources[..], &common[..]].concat());
    let build = build_folder(paths, name, profile);
    let stamp = Stamp::new(&paths.stamps(), &format!("function-{name}-{}", profile.word()));
    if stamp.matches(&fingerprint, &[build.join("index.js")]) {
        return Ok(build);
    }
    stamp.forget();
    let program = |path: &str| paths.node_modules().join(path);
    let mut command = paths.command(paths.cargo_bin().join("worker-build"));
    command
        .arg(format!("--{}", profile.word()))
        .arg("--out-dir")
        .arg(&build)
        .arg(&folder)
        .env("WASM_BINDGEN_BIN", paths.cargo_bin().join("wasm-bindgen"))
        .env("WASM_OPT_BIN", program(".bin/wasm-opt"))
        .env("ESBUILD_BIN", program(".bin/esbuild"));
    let title = format!("function {name} ({})", profile.word());
    run::step(&title, "Fix the errors and build again.", &mut command)?;
    // The fingerprint from before the build, so that a change during the build causes another.
    stamp.record(&fingerprint)?;
    Ok(build)
}

/// Builds a function and copies it to the folder in its wrangler.toml.
pub fn function_in_place(paths: &Paths, name: &str, profile: Profile) -> Result<()> {
    let build = function(paths, name, profile)?;
    let place = paths.root.join("functions").join(name).join("build");
    let _lock = setup::lock(&paths.stamps().join(format!("place-{name}.lock")))?;
    let fingerprint = fingerprint::of(std::slice::from_ref(&build));
    let stamp = Stamp::new(&paths.stamps(), &format!("place-{name}"));
    if stamp.matches(&fingerprint, &[place.join("index.js")]) {
        return Ok(());
    }
    stamp.forget();
    // Overwrites files instead of removing the folder, for a running wrangler.
    copy_folder(&build, &place)?;
    stamp.record(&fingerprint)
}

/// Builds all functions and copies them to the folders in their wrangler.toml.
pub fn functions_in_place(paths: &Paths, profile: Profile) -> Result<()> {
    function_names(paths)?
        .iter()
        .try_for_each(|name| function_in_place(paths, name, profile))
}

/// Copies everything that wrangler needs to run or deploy release builds to a separate folder:
/// configurations without build commands, functions, the front end.
pub fn lay_out(paths: &Paths, folder: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(folder);
    for name in function_names(paths)? {
        let build = function(paths, &name, Profile::Release)?;
        copy_folder(&build, &folder.join("functions").join(&name).join("build"))?;
    }
    copy_folder(&paths.root.join("static/dist"), &folder.join("static/dist"))?;
    for configuration in configurations(paths)? {
        let text = fs::read_to_string(paths.root.join(&configuration))?;
        fs::write(folder.join(&configuration), without_build(&text))?;
    }
    Ok(())
}

/// A wrangler.toml without its `[build]` table.
fn without_build(text: &str) -> String {
    let mut in_build = false;
    let kept = text.lines().filter(|line| {
        if line.starts_with('[') {
            in_build = line.trim() == "[build]";
        }
        !in_build
    });
    kept.map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_build_table_is_removed() {
        let text = "main = \"a.js\"\n[build]\ncommand = \"x\"\n[vars]\nA = \"b\"\n";
        assert_eq!(without_build(text), "main = \"a.js\"\n[vars]\nA = \"b\"\n");
    }
}
