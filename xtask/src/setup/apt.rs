//! Debian packages, where apt-get may be used without asking anybody.

use anyhow::{Result, anyhow};

use crate::paths::{self, Paths};
use crate::run::{self, Cmd};

/// Installs packages, or says which command a person with the right to should type.
pub fn install(paths: &Paths, what: &str, packages: &[&str]) -> Result<()> {
    let by_hand = format!("sudo apt-get install {}", packages.join(" "));
    let search = paths.search_path();
    if paths::find_program(&search, "apt-get").is_none() {
        return Err(anyhow!(
            "{what} is not installed, and there is no apt-get here: install it with this system's own package manager."
        ));
    }
    let Some(apt) = command(paths) else {
        return Err(anyhow!(
            "{what} is not installed, and installing it takes an administrator. Run once:\n  {by_hand}"
        ));
    };
    let mend = format!("By hand: {by_hand}");
    let install = apt
        .clone()
        .args(["install", "-y", "--no-install-recommends"])
        .args(packages);
    if run::step(&format!("{what} (apt-get)"), &mend, &install).is_ok() {
        return Ok(());
    }
    // A new machine has no package lists, an old one stale ones.
    run::step("package lists (apt-get update)", &mend, &apt.arg("update"))?;
    run::step(&format!("{what} (apt-get)"), &mend, &install).map(drop)
}

/// `apt-get` as root, through a sudo that needs no password, or not at all.
fn command(paths: &Paths) -> Option<Cmd> {
    let options = ["-o", "DPkg::Lock::Timeout=120"];
    if paths::is_root() {
        return Some(
            Cmd::new("apt-get", &paths.root)
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args(options),
        );
    }
    Cmd::new("sudo", &paths.root).args(["-n", "true"]).capture()?;
    let words = ["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    Some(Cmd::new("sudo", &paths.root).args(words).args(options))
}
