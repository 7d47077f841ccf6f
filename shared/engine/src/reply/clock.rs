//! Flush, silence, stall and length timers. They know only the ticks that they are given.

use super::limits::{ANSWER_MS, FAREWELL_MS, FLUSH_MS, SILENCE_MS, STALL_MS, WHOLE_MS};

/// What happened since the last tick, and when each thing last happened.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// Bytes came at some time.
    is_answered: bool,
    heard: bool,
    progressed: bool,
    unflushed: bool,
    marks: Option<Marks>,
}

#[derive(Debug, Clone, Copy)]
struct Marks {
    began_ms: u64,
    heard_ms: u64,
    progressed_ms: u64,
    flushed_ms: u64,
}

/// What the tick calls for.
pub(super) enum Due {
    Nothing,
    Flush,
    Complete,
    Silent,
    TooLong,
}

impl Clock {
    /// Bytes came.
    pub(super) fn heard(&mut self) {
        self.is_answered = true;
        self.heard = true;
    }

    /// A thought came.
    pub(super) fn thought(&mut self) {
        self.progressed = true;
    }

    /// Words came.
    pub(super) fn wrote(&mut self) {
        self.progressed = true;
        self.unflushed = true;
    }

    pub(super) fn tick(&mut self, now_ms: u64, finished: bool) -> Due {
        let start = Marks {
            began_ms: now_ms,
            heard_ms: now_ms,
            progressed_ms: now_ms,
            flushed_ms: now_ms,
        };
        let marks = self.marks.get_or_insert(start);
        if std::mem::take(&mut self.heard) {
            marks.heard_ms = now_ms;
        }
        if std::mem::take(&mut self.progressed) {
            marks.progressed_ms = now_ms;
        }
        let since = |then_ms: u64| now_ms.saturating_sub(then_ms);
        let silence_ms = if self.is_answered { SILENCE_MS } else { ANSWER_MS };
        if finished && since(marks.heard_ms) >= FAREWELL_MS {
            Due::Complete
        } else if since(marks.heard_ms) >= silence_ms || since(marks.progressed_ms) >= STALL_MS {
            Due::Silent
        } else if since(marks.began_ms) >= WHOLE_MS {
            Due::TooLong
        } else if self.unflushed && since(marks.flushed_ms) >= FLUSH_MS {
            self.unflushed = false;
            marks.flushed_ms = now_ms;
            Due::Flush
        } else {
            Due::Nothing
        }
    }
}
