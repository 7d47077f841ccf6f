//! What was recorded.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use serde::Serialize;

/// A connection that neither asks nor ends within this time belongs to no request any more.
const IDLE_MAX: Duration = Duration::from_secs(10);
/// Different violations that are kept; each is counted however often it comes.
const VIOLATIONS_MAX: usize = 100;

/// Counts since the start, and the rules that were broken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Connections that were opened.
    pub connections: u64,
    /// Connections that are open.
    pub open: u64,
    /// Statements that were sent and answered.
    pub flights: u64,
    /// Broken rules, and how often each was.
    pub violations: BTreeMap<String, u64>,
}

/// Collects the reports of connections.
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

    /// Something was said on a connection.
    pub(crate) fn moved(&mut self, id: u64, flights: u64, violations: Vec<String>, is_idle: bool) {
        self.judge(id);
        self.report.flights += flights;
        for violation in violations {
            self.broke(violation);
        }
        self.idle.insert(id, is_idle.then(Instant::now));
    }

    pub(crate) fn closed(&mut self, id: u64) {
        self.judge(id);
        self.idle.remove(&id);
    }

    /// A connection that has been idle too long is reported once.
    fn judge(&mut self, id: u64) {
        let is_forgotten = self
            .idle
            .get(&id)
            .is_some_and(|since| since.is_some_and(|since| since.elapsed() > IDLE_MAX));
        if is_forgotten {
            self.idle.insert(id, None);
            self.broke("a connection outlives its request".into());
        }
    }

    fn broke(&mut self, rule: String) {
        if self.report.violations.len() < VIOLATIONS_MAX || self.report.violations.contains_key(&rule) {
            *self.report.violations.entry(rule).or_default() += 1;
        }
    }

    pub(crate) fn report(&mut self) -> Report {
        let open: Vec<u64> = self.idle.keys().copied().collect();
        for id in open {
            self.judge(id);
        }
        Report {
            open: self.idle.len() as u64,
            ..self.report.clone()
        }
    }
}
