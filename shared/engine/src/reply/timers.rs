//! Flush, silence, stall and total timers. Their resolution is that of the ticks.

use super::limits::{AFTER_FINISH_MS, FIRST_BYTE_MS, FLUSH_MS, SILENCE_MS, STALL_MS, TOTAL_MS};

/// What happened since the last tick, and the times of the last ticks with each kind of activity.
#[derive(Debug, Default)]
pub(super) struct Timers {
    /// Whether any bytes were received.
    has_bytes: bool,
    received_bytes: bool,
    progressed: bool,
    unflushed: bool,
    times: Option<Times>,
}

#[derive(Debug, Clone, Copy)]
struct Times {
    start_ms: u64,
    bytes_ms: u64,
    progress_ms: u64,
    flush_ms: u64,
}

/// The action of a tick.
pub(super) enum Due {
    Nothing,
    Flush,
    Complete,
    Silent,
    TooLong,
}

impl Timers {
    /// Records received bytes.
    pub(super) fn on_bytes(&mut self) {
        self.has_bytes = true;
        self.received_bytes = true;
    }

    /// Records reasoning.
    pub(super) fn on_reasoning(&mut self) {
        self.progressed = true;
    }

    /// Records text.
    pub(super) fn on_text(&mut self) {
        self.progressed = true;
        self.unflushed = true;
    }

    pub(super) fn tick(&mut self, now_ms: u64, finished: bool) -> Due {
        let times = self.times.get_or_insert(Times {
            start_ms: now_ms,
            bytes_ms: now_ms,
            progress_ms: now_ms,
            flush_ms: now_ms,
        });
        if std::mem::take(&mut self.received_bytes) {
            times.bytes_ms = now_ms;
        }
        if std::mem::take(&mut self.progressed) {
            times.progress_ms = now_ms;
        }
        let since = |then_ms: u64| now_ms.saturating_sub(then_ms);
        let silence_ms = if self.has_bytes { SILENCE_MS } else { FIRST_BYTE_MS };
        if finished && since(times.bytes_ms) >= AFTER_FINISH_MS {
            Due::Complete
        } else if since(times.bytes_ms) >= silence_ms || since(times.progress_ms) >= STALL_MS {
            Due::Silent
        } else if since(times.start_ms) >= TOTAL_MS {
            Due::TooLong
        } else if self.unflushed && since(times.flush_ms) >= FLUSH_MS {
            self.unflushed = false;
            times.flush_ms = now_ms;
            Due::Flush
        } else {
            Due::Nothing
        }
    }
}
