//! The product with killed or suspended processes. Runs alone, after the other tests, which share these processes.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and run on a host with a clock"
)]

mod endings;
mod silence;

use std::thread::sleep;
use std::time::{Duration, Instant};

use contract::Call;

/// Waits until the condition is true.
#[track_caller]
fn wait_until(what: &str, within: Duration, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + within;
    while !condition() {
        assert!(Instant::now() < deadline, "not within {within:?}: {what}");
        sleep(Duration::from_millis(200));
    }
}

/// Waits until the functions respond after their runtime was killed.
#[track_caller]
fn wait_for_functions() {
    // The supervisor needs a moment to notice.
    sleep(Duration::from_secs(2));
    let url = format!("{}/api/none", contract::product().origin);
    wait_until("the functions respond", Duration::from_secs(120), || {
        Call::to("GET", &url).answers()
    });
}

/// Runs `work` and asserts its duration.
#[track_caller]
fn within<T>(limit: Duration, what: &str, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    let took = begun.elapsed();
    assert!(took <= limit, "{what} took {took:?}");
    done
}
