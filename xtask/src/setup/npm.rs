//! Installs Node 22 and the npm packages: `npm ci` at the root, again when the lock file has changed.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use fs_err as fs;
use sha2::{Digest as _, Sha256};

use crate::paths::{self, Paths};
use crate::run;
use crate::ui::Progress;

/// Installs the packages unless they match the lock file.
pub fn packages(paths: &Paths) -> Result<()> {
    let lock_file = paths.root.join("package-lock.json");
    let stamp = paths.node_modules().join(".persona-lock");
    let wanted = hash(&lock_file)?;
    let current =
        fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) || installed_by_hand(paths, &lock_file);
    if !current {
        install(paths, &lock_file)?;
    }
    if !paths::is_executable(&paths.node()) {
        node(paths)?;
    }
    let wanted = hash(&lock_file)?;
    if fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    fs::write(&stamp, wanted).context("node_modules cannot be written")
}

/// npm writes its record last. If it is newer than the lock file, the packages are current.
fn installed_by_hand(paths: &Paths, lock_file: &Path) -> bool {
    let time = |file: &Path| fs::metadata(file).and_then(|data| data.modified()).ok();
    match (
        time(&paths.node_modules().join(".package-lock.json")),
        time(lock_file),
    ) {
        (Some(record), Some(lock)) => record >= lock,
        _ => false,
    }
}

fn install(paths: &Paths, lock_file: &Path) -> Result<()> {
    if paths.find_program("npm").is_none() {
        bail!(
            "npm is not installed. Install Node with npm, any version from 18 on \
             (Debian: apt-get install npm; others: https://nodejs.org), and start again."
        );
    }
    let npm = |words: &[&str]| {
        let mut command = paths.command("npm");
        command
            .args(words)
            .args(["--no-audit", "--no-fund", "--loglevel=http"]);
        command
    };
    if lock_file.exists() {
        let mut progress = Progress::start("npm packages (a few minutes the first time)");
        if run::finish(&mut npm(&["ci"]), &mut progress, None)?.succeeded {
            progress.done("");
            return Ok(());
        }
    }
    // `npm ci` rejects a lock file without optional packages of other systems, which a registry may not have.
    // `npm install` uses the same versions.
    let help = "npm needs its registry: check the network (npm ping) and ~/.npmrc, then start again.";
    run::step(
        "npm packages, by npm install",
        help,
        &mut npm(&["install", "--no-save"]),
    )
    .map(drop)
}

/// npm may be configured not to run install scripts. The script of `node` fetches its binary.
fn node(paths: &Paths) -> Result<()> {
    let mut command = paths.command("node");
    command
        .current_dir(paths.node_modules().join("node"))
        .arg("installArchSpecificPackage.js");
    let help = "Remove node_modules and start again, or install Node 22.12 or newer yourself.";
    let tried = run::step("Node 22", help, &mut command);
    if paths::is_executable(&paths.node()) {
        return Ok(());
    }
    let version = run::capture(paths.command("node").arg("--version")).unwrap_or_default();
    if new_enough(&version) {
        return Ok(());
    }
    tried?;
    bail!("Node 22 was not installed and this machine's is {version:?}. {help}")
}

/// wrangler requires Node 22.12.
fn new_enough(version: &str) -> bool {
    let mut numbers = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map_while(|number| number.parse::<u32>().ok());
    (numbers.next(), numbers.next()) >= (Some(22), Some(12))
}

fn hash(lock_file: &Path) -> Result<String> {
    match fs::read(lock_file) {
        Ok(bytes) => Ok(paths::hex(&Sha256::digest(bytes))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok("no lock file".into()),
        Err(error) => Err(error).context("package-lock.json cannot be read"),
    }
}

#[cfg(test)]
mod tests {
    use super::new_enough;

    #[test]
    fn node_is_new_enough_from_22_12_on() {
        assert!(new_enough("v22.12.0"));
        assert!(new_enough("v24.0.1"));
        assert!(!new_enough("v22.11.9"));
        assert!(!new_enough("v20.20.2"));
        assert!(!new_enough(""));
    }
}
