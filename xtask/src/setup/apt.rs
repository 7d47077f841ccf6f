//! Installs Debian packages as root or with a passwordless sudo.

use std::process::Command;

use anyhow::{Result, anyhow};

use crate::paths::{self, Paths};
use crate::run;

/// Installs packages, or returns an error with the command for an administrator.
pub fn install(paths: &Paths, what: &str, packages: &[&str]) -> Result<()> {
    let by_hand = format!("sudo apt-get install {}", packages.join(" "));
    if paths.find_program("apt-get").is_none() {
        return Err(anyhow!(
            "{what} is not installed, and this system has no apt-get: install it with the system's package manager."
        ));
    }
    if !paths::is_root() && run::capture(paths.command("sudo").args(["-n", "true"])).is_none() {
        return Err(anyhow!(
            "{what} is not installed, and installing it needs administrator rights. Run once:\n  {by_hand}"
        ));
    }
    let help = format!("To install it manually: {by_hand}");
    let title = format!("{what} (apt-get)");
    let install = || {
        let mut command = apt_get(paths);
        command
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages);
        run::step(&title, &help, &mut command).map(drop)
    };
    install().or_else(|_| {
        // The package lists may be missing or outdated.
        run::step(
            "package lists (apt-get update)",
            &help,
            apt_get(paths).arg("update"),
        )?;
        install()
    })
}

/// `apt-get` as root or with a passwordless sudo.
fn apt_get(paths: &Paths) -> Command {
    let mut command = paths.command(if paths::is_root() { "env" } else { "sudo" });
    if !paths::is_root() {
        command.args(["-n", "env"]);
    }
    command.args([
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-o",
        "DPkg::Lock::Timeout=120",
    ]);
    command
}
