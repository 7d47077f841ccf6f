//! The product with parts that are killed, or that accept and never answer. Runs after the other tests, alone: what is
//! broken here is broken for everybody.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and their machine has a clock"
)]

mod endings;
mod silence;

use std::thread::sleep;
use std::time::{Duration, Instant};

use contract::Call;

/// Waits until a question is answered with yes.
#[track_caller]
fn wait_until(what: &str, within: Duration, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + within;
    while !is_so() {
        assert!(Instant::now() < deadline, "not within {within:?}: {what}");
        sleep(Duration::from_millis(200));
    }
}

/// Waits until the functions answer again after their runtime was killed.
#[track_caller]
fn wait_for_functions() {
    // Whoever watches over the functions needs a moment to see that they are gone.
    sleep(Duration::from_secs(2));
    let url = format!("{}/api/none", contract::product().origin);
    wait_until("the functions answer again", Duration::from_secs(120), || {
        Call::to("GET", &url).answers()
    });
}

/// Runs something and insists on how long it took.
#[track_caller]
fn within<T>(limit: Duration, what: &str, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    let took = begun.elapsed();
    assert!(took <= limit, "{what} took {took:?}");
    done
}
