//! The system clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Milliseconds to whole seconds, rounded down as ClerkJS rounds `__client_uat`.
pub fn seconds(ms: i64) -> i64 {
    ms.div_euclid(1000)
}
