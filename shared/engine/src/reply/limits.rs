//! How long a model may take, in milliseconds. All limits of the call to the model stand here.

/// From the request to the first byte of the answer, connecting included. A model that runs on the same machine reads
/// a long prompt for half a minute.
pub const ANSWER_MS: u64 = 60_000;
/// Between two chunks of bytes. Model servers send a comment at least every 15 s while they wait.
pub const SILENCE_MS: u64 = 60_000;
/// Between two pieces of text or reasoning: a server that only sends comments has given up.
pub const STALL_MS: u64 = 300_000;
/// From `finish_reason` to the end of the stream. Only the usage and `[DONE]` can follow; some servers keep the
/// connection open instead.
pub const FAREWELL_MS: u64 = 5_000;
/// The whole reply: `REPLY_BYTES_MAX` at 300 bytes a second, a slow model's speed.
pub const WHOLE_MS: u64 = 900_000;
/// A growing text is stored this often.
pub const FLUSH_MS: u64 = 3_000;
