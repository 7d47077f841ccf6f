//! The recorder between the functions and the pooler, as `cargo xtask test` starts it.

use std::thread::sleep;
use std::time::{Duration, Instant};

use contract::{Call, product};
use serde_json::Value;

/// The longest wait for connections that a request leaves to close.
const SETTLED_WITHIN: Duration = Duration::from_secs(20);

/// Numbers of connections and of statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Connections that were opened.
    pub connections: u64,
    /// Statements that were answered.
    pub flights: u64,
}

/// Everything that was recorded.
#[must_use]
pub fn report() -> Value {
    Call::to("GET", format!("{}/report", product().recorder))
        .send()
        .json_of(200)
}

/// The counts, once no connection is open.
///
/// # Panics
/// If one stays open.
#[must_use]
pub fn settled() -> Counts {
    let begun = Instant::now();
    loop {
        let report = report();
        let number = |name: &str| report[name].as_u64().expect("a number");
        if number("open") == 0 {
            return Counts {
                connections: number("connections"),
                flights: number("flights"),
            };
        }
        assert!(
            begun.elapsed() < SETTLED_WITHIN,
            "connections stay open: {report}"
        );
        sleep(Duration::from_millis(20));
    }
}

/// What `work` adds to the counts. Nobody else may ask the product meanwhile.
pub fn counted(work: impl FnOnce()) -> Counts {
    let before = settled();
    work();
    let after = settled();
    Counts {
        connections: after.connections - before.connections,
        flights: after.flights - before.flights,
    }
}

/// Segments are cut until this is dropped.
#[derive(Debug)]
pub struct Cut(());

impl Cut {
    /// Cuts where the seed decides.
    #[must_use]
    pub fn with(seed: u64) -> Self {
        let _ = Call::to("PUT", format!("{}/cut?seed={seed}", product().recorder))
            .send()
            .expect(204);
        Self(())
    }
}

impl Drop for Cut {
    fn drop(&mut self) {
        let _ = Call::to("DELETE", format!("{}/cut", product().recorder)).send();
    }
}
