//! Cutting a stream of bytes into pieces of random sizes.

use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

/// The largest piece in bytes; a quarter of all pieces is one byte.
const PIECE_BYTES_MAX: usize = 512;

/// Where to cut; nowhere until a seed is set.
#[derive(Debug, Default)]
pub struct Cutter(Mutex<Option<StdRng>>);

impl Cutter {
    /// Cuts from now on, at places that the seed decides, or no more.
    pub fn set(&self, seed: Option<u64>) {
        *self.lock() = seed.map(StdRng::seed_from_u64);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<StdRng>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Generators of their own for the two directions of a connection, so that connections do not wait for each other.
    pub(crate) fn fork(&self) -> Option<(StdRng, StdRng)> {
        let mut random = self.lock();
        let random = random.as_mut()?;
        Some((
            StdRng::seed_from_u64(random.r#gen()),
            StdRng::seed_from_u64(random.r#gen()),
        ))
    }
}

/// Writes all bytes, in pieces where there is a generator. Each piece goes out as a segment of its own: the sockets do
/// not wait for more.
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
