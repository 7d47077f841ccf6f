//! Time limits of the model's response, in milliseconds.

/// From the request to the first byte of the response, including the connect. A local model reads a long prompt for half
/// a minute.
pub const FIRST_BYTE_MS: u64 = 60_000;
/// Between two chunks of bytes. Model servers send a comment at least every 15 s while they wait.
pub const SILENCE_MS: u64 = 60_000;
/// Between two pieces of text or reasoning. A server that sends only comments has stalled.
pub const STALL_MS: u64 = 300_000;
/// From `finish_reason` to the end of the stream. Only the usage and `[DONE]` can follow, but some servers keep the
/// connection open.
pub const AFTER_FINISH_MS: u64 = 5_000;
/// The whole reply: `REPLY_BYTES_MAX` at 300 bytes per second, the speed of a slow model.
pub const TOTAL_MS: u64 = 900_000;
/// The interval at which a growing text is stored.
pub const FLUSH_MS: u64 = 3_000;
