//! Splits a stream of bytes into pieces of random sizes.

use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

/// The largest piece in bytes; a quarter of all pieces is one byte.
const PIECE_BYTES_MAX: usize = 512;

/// The random generator of the splits. Without a seed nothing is split.
#[derive(Debug, Default)]
pub struct Cutter(Mutex<Option<StdRng>>);

impl Cutter {
    /// Splits at positions derived from the seed; `None` stops splitting.
    pub fn set(&self, seed: Option<u64>) {
        *self.lock() = seed.map(StdRng::seed_from_u64);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<StdRng>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Separate generators for the two directions of a connection, so that connections do not share a lock.
    pub(crate) fn fork(&self) -> Option<(StdRng, StdRng)> {
        let mut random = self.lock();
        let random = random.as_mut()?;
        Some((
            StdRng::seed_from_u64(random.r#gen()),
            StdRng::seed_from_u64(random.r#gen()),
        ))
    }
}

/// Writes all bytes, in random pieces if a generator is given. Each piece is a separate segment, because the sockets
/// have TCP_NODELAY.
pub(crate) async fn write(
    socket: &mut (impl AsyncWrite + Unpin),
    mut bytes: &[u8],
    random: Option<&mut StdRng>,
) -> std::io::Result<()> {
    if let Some(random) = random {
        while bytes.len() > 1 {
            let size = if random.gen_ratio(1, 4) {
                1
            } else {
                random.gen_range(1..=PIECE_BYTES_MAX)
            };
            let (piece, rest) = bytes.split_at(size.min(bytes.len()));
            socket.write_all(piece).await?;
            // Lets the reader read this piece before the next one arrives.
            tokio::task::yield_now().await;
            bytes = rest;
        }
    }
    socket.write_all(bytes).await
}
