//! Chromium for the browser tests: an installed one, Debian's, or the one that Playwright installs.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::apt;
use crate::paths::{self, Paths};
use crate::run;

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

/// The path of the browser. `None`: the browser that Playwright installed.
pub fn find_or_install(paths: &Paths) -> Result<Option<PathBuf>> {
    if let Some(set) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        let set = paths::is_executable(&set).then_some(set);
        return set.context("CHROMIUM is not the path of a program").map(Some);
    }
    let present = || NAMES.iter().find_map(|name| paths.find_program(name));
    if let Some(found) = present() {
        return Ok(Some(found));
    }
    let Err(no_package) = apt::install(paths, "Chromium", &["chromium"]) else {
        return present()
            .context("apt-get installed Chromium, but it is not on the PATH")
            .map(Some);
    };
    let mut command = paths.node_command("playwright-core/cli.js");
    command.args(["install", "chromium"]);
    run::step("Chromium (Playwright)", &no_package.to_string(), &mut command)?;
    Ok(None)
}
