//! Checks the protocol messages of one connection.
//!
//! A flight is Parse, Bind, Describe, Execute, Sync, all without names. The next may start after the Sync is answered.

use crate::messages::{Message, Messages, text};

/// The order of a flight's messages.
const FLIGHT: [u8; 5] = *b"PBDES";

/// A negotiation of encryption before the startup message: SSLRequest and GSSENCRequest.
const NEGOTIATIONS: [[u8; 4]; 2] = [80_877_103_u32.to_be_bytes(), 80_877_104_u32.to_be_bytes()];
/// A CancelRequest, which uses a separate connection.
const CANCEL: [u8; 4] = 80_877_102_u32.to_be_bytes();

/// The state of one connection.
#[derive(Debug, Default)]
pub struct ProtocolChecker {
    sent: Messages,
    received: Messages,
    /// The startup message was seen. Later messages have types.
    pub is_started: bool,
    /// The first ReadyForQuery was seen.
    is_ready: bool,
    /// The number of messages sent in the current flight.
    step: usize,
    /// A Sync was sent and is not answered.
    is_waiting: bool,
    /// The client has sent Terminate.
    pub is_terminated: bool,
    /// The bytes are not the Postgres protocol; the rest is ignored.
    is_invalid: bool,
    /// Completed flights.
    pub flights: u64,
    /// Violated rules.
    pub violations: Vec<String>,
}

impl ProtocolChecker {
    /// Whether the connection is between flights.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.is_ready && !self.is_waiting && self.step == 0 && !self.is_terminated
    }

    /// Checks bytes from the client.
    pub fn client(&mut self, bytes: &[u8]) {
        if self.is_invalid {
            return;
        }
        let mut sent = std::mem::take(&mut self.sent);
        sent.extend(bytes);
        loop {
            let is_typed = self.is_started;
            match sent.next(is_typed, |message| self.frontend(&message)) {
                Ok(Some(())) => {}
                Ok(None) => break,
                Err(_) => return self.invalid("the client"),
            }
        }
        self.sent = sent;
    }

    /// Checks bytes from Postgres or its pooler.
    pub fn server(&mut self, bytes: &[u8]) {
        if self.is_invalid {
            return;
        }
        let mut received = std::mem::take(&mut self.received);
        received.extend(bytes);
        loop {
            match received.next(true, |message| message.kind) {
                Ok(Some(kind)) => self.backend(kind),
                Ok(None) => break,
                Err(_) => return self.invalid("the server"),
            }
        }
        self.received = received;
    }

    fn invalid(&mut self, side: &str) {
        self.is_invalid = true;
        self.violation(format!("{side} does not speak the Postgres protocol"));
    }

    fn violation(&mut self, rule: String) {
        self.violations.push(rule);
    }

    fn backend(&mut self, kind: Option<u8>) {
        if kind == Some(b'Z') {
            if self.is_waiting {
                self.flights += 1;
            }
            self.is_ready = true;
            self.is_waiting = false;
        }
    }

    fn frontend(&mut self, message: &Message<'_>) {
        let Some(kind) = message.kind else {
            return self.startup(message.body);
        };
        match kind {
            b'X' => self.is_terminated = true,
            // PasswordMessage and the SASL responses.
            b'p' if !self.is_ready => {}
            _ => {
                if self.is_waiting {
                    self.violation(format!("`{}` after an unanswered Sync", char::from(kind)));
                }
                self.step(kind, message.body);
            }
        }
    }

    fn startup(&mut self, body: &[u8]) {
        let code = body.get(..4).unwrap_or_default();
        if NEGOTIATIONS.iter().any(|negotiation| code == negotiation) {
            self.violation("encryption is negotiated on a local socket".into());
        } else if code == CANCEL {
            self.violation("a CancelRequest".into());
        } else {
            self.is_started = true;
        }
    }

    fn step(&mut self, kind: u8, body: &[u8]) {
        match kind {
            b'P' => {
                let (name, rest) = text(body);
                self.check_name("statement", &name);
                let (query, _) = text(rest);
                if query.contains("pg_type") || query.contains("pg_catalog.pg_") {
                    self.violation("a query of the catalogue (pg_type)".into());
                }
            }
            b'B' => {
                let (portal, rest) = text(body);
                self.check_name("portal", &portal);
                let (statement, _) = text(rest);
                self.check_name("statement", &statement);
            }
            b'D' => {
                let (name, _) = text(body.get(1..).unwrap_or_default());
                self.check_name("statement", &name);
            }
            b'E' => {
                let (portal, _) = text(body);
                self.check_name("portal", &portal);
            }
            b'Q' => self.violation("the simple protocol (`Q`)".into()),
            b'H' => self.violation("a Flush (`H`)".into()),
            _ => {}
        }
        if FLIGHT.get(self.step) == Some(&kind) {
            self.step += 1;
        } else {
            let sent: String = FLIGHT
                .iter()
                .take(self.step)
                .map(|&kind| char::from(kind))
                .collect();
            self.violation(format!(
                "`{}` after {sent:?}: a flight is Parse, Bind, Describe, Execute, Sync",
                char::from(kind)
            ));
            self.step = 0;
        }
        if kind == b'S' || kind == b'Q' {
            self.step = 0;
            self.is_waiting = true;
        }
    }

    fn check_name(&mut self, what: &str, name: &str) {
        if !name.is_empty() {
            self.violation(format!("a named {what} ({name:?})"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [&[kind][..], &length, body].concat()
    }

    fn startup() -> Vec<u8> {
        [&8_u32.to_be_bytes()[..], &196_608_u32.to_be_bytes()].concat()
    }

    fn flight(query: &str) -> Vec<u8> {
        [
            message(b'P', format!("\0{query}\0\0\0").as_bytes()),
            message(b'B', b"\0\0\0\0\0\0\0\0"),
            message(b'D', b"S\0"),
            message(b'E', b"\0\0\0\0\0"),
            message(b'S', b""),
        ]
        .concat()
    }

    fn ready() -> Vec<u8> {
        message(b'Z', b"I")
    }

    fn started() -> ProtocolChecker {
        let mut checker = ProtocolChecker::default();
        checker.client(&startup());
        checker.server(&[message(b'R', b"\0\0\0\0"), ready()].concat());
        checker
    }

    #[test]
    fn consecutive_flights_violate_no_rule() {
        let mut checker = started();
        for _ in 0..3 {
            for byte in flight("select 1") {
                checker.client(&[byte]);
            }
            assert!(!checker.is_idle());
            checker.server(&[message(b'D', b"\0\x01\0\0\0\0"), ready()].concat());
            assert!(checker.is_idle());
        }
        checker.client(&message(b'X', b""));
        assert_eq!(
            (checker.flights, checker.violations.len(), checker.is_idle()),
            (3, 0, false)
        );
    }

    #[test]
    fn every_rule_is_checked() {
        let two = [flight("select 1"), flight("select 2")].concat();
        let named = message(b'P', b"s0\0select 1\0\0\0");
        let cases = [
            (message(b'Q', b"select 1\0"), "the simple protocol"),
            (message(b'H', b""), "a Flush"),
            (named, "a named statement"),
            (
                flight("select t.oid from pg_catalog.pg_type t"),
                "a query of the catalogue",
            ),
            (two, "after an unanswered Sync"),
            (message(b'S', b""), "a flight is"),
            (message(b'C', b"S\0"), "a flight is"),
        ];
        for (bytes, rule) in cases {
            let mut checker = started();
            checker.client(&bytes);
            assert!(
                checker
                    .violations
                    .iter()
                    .any(|violation| violation.contains(rule)),
                "{rule}: {:?}",
                checker.violations
            );
        }
    }

    #[test]
    fn other_protocols_are_reported() {
        let mut checker = ProtocolChecker::default();
        checker.client(b"GET / HTTP/1.1\r\n");
        assert_eq!(
            checker.violations,
            ["the client does not speak the Postgres protocol"]
        );
    }
}
