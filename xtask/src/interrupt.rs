//! Handling of SIGINT, SIGTERM and SIGHUP: sets a flag that all waiting loops check. Only the third
//! signal exits the process.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

static REQUESTS: AtomicUsize = AtomicUsize::new(0);

/// Installs the signal handlers. The third signal exits xtask at once; the guard then stops its programs.
pub fn listen() -> Result<()> {
    let mut signals =
        Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signal handlers cannot be installed")?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            if REQUESTS.fetch_add(1, Ordering::SeqCst) >= 2 {
                std::process::exit(130);
            }
        }
    });
    Ok(())
}

/// Whether a signal was received.
pub fn requested() -> bool {
    REQUESTS.load(Ordering::SeqCst) > 0
}

/// Fails if a signal was received.
pub fn check() -> Result<()> {
    if requested() {
        bail!("stopped by a signal");
    }
    Ok(())
}
