//! The recorder's report.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use serde::Serialize;

/// A connection that is idle for longer has outlived its request.
const IDLE_MAX: Duration = Duration::from_secs(10);
/// Limit of different violations. Each is counted.
const VIOLATIONS_MAX: usize = 100;

/// Counts since the start, and the violations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Connections that were opened.
    pub connections: u64,
    /// Connections that are open.
    pub open: u64,
    /// Completed flights.
    pub flights: u64,
    /// Violated rules and their counts.
    pub violations: BTreeMap<String, u64>,
}

/// The records of all connections.
#[derive(Debug, Default)]
pub(crate) struct Records {
    report: Report,
    /// Since when each open connection has been idle.
    idle: HashMap<u64, Option<Instant>>,
}

impl Records {
    pub(crate) fn opened(&mut self) -> u64 {
        self.report.connections += 1;
        let id = self.report.connections;
        self.idle.insert(id, None);
        id
    }

    /// Records activity on a connection.
    pub(crate) fn active(&mut self, id: u64, flights: u64, violations: Vec<String>, is_idle: bool) {
        self.check_idle(id);
        self.report.flights += flights;
        for violation in violations {
            self.violation(violation);
        }
        self.idle.insert(id, is_idle.then(Instant::now));
    }

    pub(crate) fn closed(&mut self, id: u64) {
        self.check_idle(id);
        self.idle.remove(&id);
    }

    /// Reports a connection once if it has been idle for too long.
    fn check_idle(&mut self, id: u64) {
        let is_expired = self
            .idle
            .get(&id)
            .is_some_and(|since| since.is_some_and(|since| since.elapsed() > IDLE_MAX));
        if is_expired {
            self.idle.insert(id, None);
            self.violation("a connection outlives its request".into());
        }
    }

    fn violation(&mut self, rule: String) {
        if self.report.violations.len() < VIOLATIONS_MAX || self.report.violations.contains_key(&rule) {
            *self.report.violations.entry(rule).or_default() += 1;
        }
    }

    pub(crate) fn report(&mut self) -> Report {
        let open: Vec<u64> = self.idle.keys().copied().collect();
        for id in open {
            self.check_idle(id);
        }
        Report {
            open: self.idle.len() as u64,
            ..self.report.clone()
        }
    }
}
