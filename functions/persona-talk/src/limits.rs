//! Intervals and time limits of owners, in milliseconds.
//!
//! The time limits of the model are in [`engine::reply::limits`]; those of statements and connections in `edge::db`.

use edge::db::generations::REPLY_LOST_AFTER_MS;

/// The interval of the reply's ticks.
pub const TICK_MS: u32 = 1_000;
/// The interval of heartbeats of a reply without new text.
pub const HEARTBEAT_MS: i64 = 10_000;
/// The interval at which an owner stores events for other processes and reads stop requests, and at which other processes
/// read events.
pub const POLL_MS: u32 = 250;
/// A silent stream gets a comment after one or two of these intervals, which is shorter than common idle timeouts of
/// proxies.
pub const STREAM_HEARTBEAT_MS: u32 = 15_000;
/// The time limit for looking up the conversation of a reply that is in the cache.
pub const LOCATE_MS: u32 = 2_000;
/// The time that `/stop` waits for the end.
pub const STOP_TIMEOUT_MS: u32 = 10_000;
/// The time that readers wait for Postgres after the owner has stored an ending.
pub const SETTLE_MS: u32 = 3_000;
/// The time for which an owner without its own storage tries to store an ending.
pub const SETTLE_TRIES_MS: u32 = 600_000;
/// The time after the end for which events are kept for other processes.
pub const EVENTS_KEPT_MS: u32 = 2_000;

const _: () = assert!(
    3 * HEARTBEAT_MS < REPLY_LOST_AFTER_MS,
    "a reply that misses three heartbeats is not lost yet"
);

/// The pause before the next attempt to store an ending: doubles from one second to one minute, then a minute for the
/// first hour, then an hour.
pub fn settle_pause_ms(failures: u32) -> u32 {
    const MINUTE: u32 = 60_000;
    match failures {
        0..6 => 1_000_u32.saturating_mul(1 << failures),
        6..66 => MINUTE,
        _ => 60 * MINUTE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        let first: Vec<u32> = (0..8).map(settle_pause_ms).collect();
        assert_eq!(
            first,
            [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]
        );
        assert_eq!(settle_pause_ms(65), 60_000);
        assert_eq!(settle_pause_ms(66), 3_600_000);
        assert_eq!(settle_pause_ms(u32::MAX), 3_600_000);
        let hour: u32 = (0..66).map(settle_pause_ms).sum();
        assert!((3_600_000..3_700_000).contains(&hour), "{hour}");
    }
}
