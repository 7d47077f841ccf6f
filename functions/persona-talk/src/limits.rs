//! How often an owner does something, and how long a request waits for one. Milliseconds.
//!
//! The limits of the call to the model are those of [`engine::reply::limits`]; those of a statement and of a
//! connection are in `edge::db`.

use edge::db::generations::REPLY_LOST_AFTER_MS;

/// The reply's state machine is told the time this often.
pub const TICK_MS: u32 = 1_000;
/// A reply with nothing new to store writes a heartbeat this often.
pub const HEARTBEAT_MS: i64 = 10_000;
/// How often events are stored for readers elsewhere and their wishes are read, and how often those readers look.
pub const POLL_MS: u32 = 250;
/// A comment keeps a silent stream open: every proxy's idle limit is longer.
pub const STREAM_HEARTBEAT_MS: u32 = 15_000;
/// How long the database may take to say where a reply is written that this instance knows already.
pub const LOCATE_MS: u32 = 2_000;
/// How long `/stop` waits for the end.
pub const STOP_ANSWER_MS: u32 = 10_000;
/// How long readers wait for Postgres to store an ending that the owner has stored already.
pub const SETTLE_MS: u32 = 3_000;
/// An owner without a storage of its own tries for so long to store an ending.
pub const SETTLE_TRIES_MS: u32 = 600_000;
/// Readers elsewhere have read a reply's last events this long after its end.
pub const EVENTS_KEPT_MS: u32 = 2_000;

const _: () = assert!(
    3 * HEARTBEAT_MS < REPLY_LOST_AFTER_MS,
    "a reply that misses three heartbeats is not lost yet"
);

/// The pause before the attempt to store an ending that follows so many failed ones: doubling from one second to one
/// minute, a minute for the first hour, then an hour.
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
    fn attempts_become_rarer_and_never_end() {
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
