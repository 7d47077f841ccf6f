//! One connection: what the client may send, and when.
//!
//! A flight is Parse, Bind, Describe, Execute, Sync, all without names. The next may begin when the Sync is answered.

use crate::messages::{Message, Messages, text};

/// The order of a flight's messages.
const FLIGHT: [u8; 5] = *b"PBDES";

/// A negotiation of encryption before the startup message: SSLRequest and GSSENCRequest.
const NEGOTIATIONS: [[u8; 4]; 2] = [80_877_103_u32.to_be_bytes(), 80_877_104_u32.to_be_bytes()];
/// A request to cancel, which is a connection of its own.
const CANCEL: [u8; 4] = 80_877_102_u32.to_be_bytes();

/// What one connection has said so far.
#[derive(Debug, Default)]
pub struct Conversation {
    sent: Messages,
    answered: Messages,
    /// The startup message was seen: messages have types from here on.
    pub is_started: bool,
    /// Postgres is ready for the first flight.
    is_admitted: bool,
    /// How many messages of the current flight were sent.
    step: usize,
    /// A Sync was sent and is not answered.
    is_waiting: bool,
    /// The client has said that it ends.
    pub is_terminated: bool,
    /// The bytes are not Postgres's protocol; nothing more is read.
    is_lost: bool,
    /// Flights that were answered.
    pub flights: u64,
    /// Rules that were broken, as sentences.
    pub violations: Vec<String>,
}

impl Conversation {
    /// Whether the client owes nothing and waits for nothing: it should send a flight or end soon.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.is_admitted && !self.is_waiting && self.step == 0 && !self.is_terminated
    }

    /// What the client sent.
    pub fn client(&mut self, bytes: &[u8]) {
        if self.is_lost {
            return;
        }
        let mut sent = std::mem::take(&mut self.sent);
        sent.extend(bytes);
        loop {
            let is_typed = self.is_started;
            match sent.next(is_typed, |message| self.frontend(&message)) {
                Ok(Some(())) => {}
                Ok(None) => break,
                Err(_) => return self.lose("the client"),
            }
        }
        self.sent = sent;
    }

    /// What Postgres, or its pooler, answered.
    pub fn server(&mut self, bytes: &[u8]) {
        if self.is_lost {
            return;
        }
        let mut answered = std::mem::take(&mut self.answered);
        answered.extend(bytes);
        loop {
            match answered.next(true, |message| message.kind) {
                Ok(Some(kind)) => self.backend(kind),
                Ok(None) => break,
                Err(_) => return self.lose("the server"),
            }
        }
        self.answered = answered;
    }

    fn lose(&mut self, who: &str) {
        self.is_lost = true;
        self.broke(format!("{who} does not speak Postgres's protocol"));
    }

    fn broke(&mut self, rule: String) {
        self.violations.push(rule);
    }

    fn backend(&mut self, kind: Option<u8>) {
        if kind == Some(b'Z') {
            if self.is_waiting {
                self.flights += 1;
            }
            self.is_admitted = true;
            self.is_waiting = false;
        }
    }

    fn frontend(&mut self, message: &Message<'_>) {
        let Some(kind) = message.kind else {
            return self.startup(message.body);
        };
        match kind {
            b'X' => self.is_terminated = true,
            // A password, or the steps of SCRAM.
            b'p' if !self.is_admitted => {}
            _ => {
                if self.is_waiting {
                    self.broke(format!(
                        "`{}` behind a Sync that is not answered",
                        char::from(kind)
                    ));
                }
                self.step(kind, message.body);
            }
        }
    }

    fn startup(&mut self, body: &[u8]) {
        let code = body.get(..4).unwrap_or_default();
        if NEGOTIATIONS.iter().any(|negotiation| code == negotiation) {
            self.broke("encryption is negotiated on the machine's own socket".into());
        } else if code == CANCEL {
            self.broke("a request to cancel".into());
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
                    self.broke("a query of the catalogue (pg_type)".into());
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
            b'Q' => self.broke("the simple protocol (`Q`)".into()),
            b'H' => self.broke("a Flush (`H`)".into()),
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
            self.broke(format!(
                "`{}` behind {sent:?}: a flight is Parse, Bind, Describe, Execute, Sync",
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
            self.broke(format!("a named {what} ({name:?})"));
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

    fn started() -> Conversation {
        let mut conversation = Conversation::default();
        conversation.client(&startup());
        conversation.server(&[message(b'R', b"\0\0\0\0"), ready()].concat());
        conversation
    }

    #[test]
    fn flights_one_after_another_break_no_rule() {
        let mut conversation = started();
        for _ in 0..3 {
            for byte in flight("select 1") {
                conversation.client(&[byte]);
            }
            assert!(!conversation.is_idle());
            conversation.server(&[message(b'D', b"\0\x01\0\0\0\0"), ready()].concat());
            assert!(conversation.is_idle());
        }
        conversation.client(&message(b'X', b""));
        assert_eq!(
            (
                conversation.flights,
                conversation.violations.len(),
                conversation.is_idle()
            ),
            (3, 0, false)
        );
    }

    #[test]
    fn every_rule_is_watched() {
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
            (two, "behind a Sync that is not answered"),
            (message(b'S', b""), "a flight is"),
            (message(b'C', b"S\0"), "a flight is"),
        ];
        for (bytes, rule) in cases {
            let mut conversation = started();
            conversation.client(&bytes);
            assert!(
                conversation.violations.iter().any(|broken| broken.contains(rule)),
                "{rule}: {:?}",
                conversation.violations
            );
        }
    }

    #[test]
    fn other_protocols_are_named() {
        let mut conversation = Conversation::default();
        conversation.client(b"GET / HTTP/1.1\r\n");
        assert_eq!(
            conversation.violations,
            ["the client does not speak Postgres's protocol"]
        );
    }
}
