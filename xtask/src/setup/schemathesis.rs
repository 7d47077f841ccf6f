//! Installs Schemathesis, which tests the API with generated requests, into a Python environment in the cache.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::apt;
use crate::paths::{self, Paths};
use crate::run;

/// Schemathesis and its dependencies, with fixed versions.
const REQUIREMENTS: &str = include_str!("schemathesis.txt");

/// Finds or installs Schemathesis. Returns the path of its program `st`.
pub fn find_or_install(paths: &Paths) -> Result<PathBuf> {
    let folder = paths.cache.join("schemathesis");
    let program = folder.join("bin/st");
    // Written last, so that an interrupted installation is repeated.
    let stamp = folder.join("installed.txt");
    let is_installed = fs::read_to_string(&stamp).is_ok_and(|installed| installed == REQUIREMENTS);
    if is_installed && paths::is_executable(&program) {
        return Ok(program);
    }
    let _ = fs::remove_dir_all(&folder);
    environment(paths, &folder)?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).context("the cache cannot be written")?;
    let mut pip = paths.command(folder.join("bin/pip"));
    pip.args([
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--requirement",
    ])
    .arg(&requirements);
    run::step(
        "Schemathesis",
        "pip needs its registry: check the network, then start again.",
        &mut pip,
    )?;
    fs::write(&stamp, REQUIREMENTS).context("the cache cannot be written")?;
    Ok(program)
}

fn environment(paths: &Paths, folder: &PathBuf) -> Result<()> {
    let create = || run::capture(paths.command("python3").args(["-m", "venv"]).arg(folder)).map(drop);
    if create().is_some() {
        return Ok(());
    }
    apt::install(paths, "Python", &["python3", "python3-venv"])?;
    let _ = fs::remove_dir_all(folder);
    create().with_context(|| format!("python3 -m venv {} failed", folder.display()))
}
