//! A client of the recorder that `cargo xtask test` starts between the functions and the pooler.

use std::thread::sleep;
use std::time::{Duration, Instant};

use contract::{Call, product};
use serde_json::Value;

/// The time limit for connections to close after their requests.
const SETTLED_WITHIN: Duration = Duration::from_secs(20);

/// Numbers of connections and of statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Connections that were opened.
    pub connections: u64,
    /// Completed statements.
    pub flights: u64,
}

/// The recorder's report.
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

/// The connections and statements of `work`. No other request may run meanwhile.
pub fn counted(work: impl FnOnce()) -> Counts {
    let before = settled();
    work();
    let after = settled();
    Counts {
        connections: after.connections - before.connections,
        flights: after.flights - before.flights,
    }
}

/// Splits segments until dropped.
#[derive(Debug)]
pub struct Cut(());

impl Cut {
    /// Splits at positions derived from the seed.
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
