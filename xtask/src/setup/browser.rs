//! A Chromium for the browser tests: the machine's, Debian's, or the one Playwright fetches.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::apt;
use crate::paths::{self, Paths, find_program};
use crate::run::{self, Cmd};

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

pub fn find_or_install(paths: &Paths) -> Result<PathBuf> {
    if let Some(set) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        return paths::is_executable(&set)
            .then_some(set)
            .context("CHROMIUM does not name a program");
    }
    let folder = paths.cache.join("playwright");
    if let Some(found) = present(paths, &folder) {
        return Ok(found);
    }
    let Err(no_package) = apt::install(paths, "Chromium", &["chromium"]) else {
        return present(paths, &folder).context("apt-get installed a chromium that is not on the PATH");
    };
    let command = Cmd::new("node", &paths.root)
        .arg(paths.node_modules().join("playwright-core/cli.js"))
        .args(["install", "chromium"])
        .env("PATH", paths.search_path())
        .env("PLAYWRIGHT_BROWSERS_PATH", &folder);
    run::step("Chromium (Playwright)", &no_package.to_string(), &command)?;
    present(paths, &folder).context("Playwright installed no chromium; set CHROMIUM to a browser's program")
}

fn present(paths: &Paths, playwright: &Path) -> Option<PathBuf> {
    let search = paths.search_path();
    NAMES
        .iter()
        .find_map(|name| find_program(&search, name))
        .or_else(|| in_folder(playwright, 5))
}

/// Playwright's folders carry its build number and the system's name.
fn in_folder(folder: &Path, depth: usize) -> Option<PathBuf> {
    let entries: Vec<_> = fs::read_dir(folder)
        .ok()?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    let is_browser = |file: &&PathBuf| {
        paths::is_executable(file)
            && file
                .file_name()
                .is_some_and(|name| name == "chrome" || name == "Chromium")
    };
    entries.iter().find(is_browser).cloned().or_else(|| {
        let deeper = depth.checked_sub(1)?;
        entries
            .iter()
            .filter(|entry| entry.is_dir())
            .find_map(|entry| in_folder(entry, deeper))
    })
}
