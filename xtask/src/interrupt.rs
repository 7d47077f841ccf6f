//! Ctrl-C and its relatives: remembered in a flag that everything which waits looks at.
//! Nothing here ends the process, except the third request.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

static REQUESTS: AtomicUsize = AtomicUsize::new(0);

/// Starts listening for SIGINT, SIGTERM and SIGHUP. The third one ends xtask at once; the guards
/// then end what it had started.
pub fn listen() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals cannot be caught here")?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            if REQUESTS.fetch_add(1, Ordering::SeqCst) >= 2 {
                std::process::exit(130);
            }
        }
    });
    Ok(())
}

/// Whether somebody asked xtask to end.
pub fn requested() -> bool {
    REQUESTS.load(Ordering::SeqCst) > 0
}

/// Fails once somebody asked xtask to end.
pub fn check() -> Result<()> {
    if requested() {
        bail!("stopped on request");
    }
    Ok(())
}
