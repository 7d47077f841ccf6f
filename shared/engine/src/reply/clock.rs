//! What a reply owes to time. Knows only the ticks it is given, so its accuracy is theirs.

/// A partial is stored this often, in milliseconds, while it grows.
const FLUSH_MS: u64 = 3_000;
/// No byte for so long: the connection is dead.
const SILENT_MS: u64 = 60_000;
/// Bytes, but no word and no thought for so long: keep-alives of a server that has given up.
const STALLED_MS: u64 = 300_000;
/// After `finish_reason` only the usage and `[DONE]` can come; some servers just hold the line.
const FAREWELL_MS: u64 = 5_000;

/// What happened since the last tick, and when what was last noticed.
#[derive(Debug, Default)]
pub(super) struct Clock {
    heard: bool,
    progressed: bool,
    unflushed: bool,
    marks: Option<Marks>,
}

#[derive(Debug, Clone, Copy)]
struct Marks {
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
}

impl Clock {
    /// Bytes came.
    pub(super) fn heard(&mut self) {
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
        if finished && since(marks.heard_ms) >= FAREWELL_MS {
            Due::Complete
        } else if since(marks.heard_ms) >= SILENT_MS || since(marks.progressed_ms) >= STALLED_MS {
            Due::Silent
        } else if self.unflushed && since(marks.flushed_ms) >= FLUSH_MS {
            self.unflushed = false;
            marks.flushed_ms = now_ms;
            Due::Flush
        } else {
            Due::Nothing
        }
    }
}
