//! Debian packages, where apt-get may be used without asking anybody.

use std::process::Command;

use anyhow::{Result, anyhow};

use crate::paths::{self, Paths};
use crate::run;

/// Installs packages, or says which command an administrator should type.
pub fn install(paths: &Paths, what: &str, packages: &[&str]) -> Result<()> {
    let by_hand = format!("sudo apt-get install {}", packages.join(" "));
    if paths.find_program("apt-get").is_none() {
        return Err(anyhow!(
            "{what} is not installed, and there is no apt-get here: install it with this system's own package manager."
        ));
    }
    if !paths::is_root() && run::capture(paths.command("sudo").args(["-n", "true"])).is_none() {
        return Err(anyhow!(
            "{what} is not installed, and installing it takes an administrator. Run once:\n  {by_hand}"
        ));
    }
    let mend = format!("By hand: {by_hand}");
    let title = format!("{what} (apt-get)");
    let install = || {
        let mut command = apt_get(paths);
        command
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages);
        run::step(&title, &mend, &mut command).map(drop)
    };
    install().or_else(|_| {
        // A new machine has no package lists, an old one stale ones.
        run::step(
            "package lists (apt-get update)",
            &mend,
            apt_get(paths).arg("update"),
        )?;
        install()
    })
}

/// `apt-get` as root, or through a sudo that needs no password.
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
