//! Forwards bytes in both directions and records them.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::rngs::StdRng;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::checker::ProtocolChecker;
use crate::cut::{self, Cutter};
use crate::report::{Records, Report};

/// Size of the forwarding buffer.
const BUFFER_BYTES: usize = 32 * 1024;

/// The recorder of one listening address. Clones share it.
#[derive(Debug, Clone)]
pub struct Recorder(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    upstream: SocketAddr,
    records: Mutex<Records>,
    cutter: Cutter,
}

/// A connection of the recorder.
struct Recorded {
    recorder: Recorder,
    id: u64,
    checker: Mutex<ProtocolChecker>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// A recorder that forwards to `upstream`.
    #[must_use]
    pub fn new(upstream: SocketAddr) -> Self {
        Self(Arc::new(Shared {
            upstream,
            records: Mutex::default(),
            cutter: Cutter::default(),
        }))
    }

    /// What was recorded so far.
    #[must_use]
    pub fn report(&self) -> Report {
        locked(&self.0.records).report()
    }

    /// Splits the segments of new connections at positions derived from the seed; `None` stops splitting.
    pub fn cut(&self, seed: Option<u64>) {
        self.0.cutter.set(seed);
    }

    /// Accepts connections until the listener fails.
    ///
    /// # Errors
    /// Those of the listener.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        loop {
            let (client, _) = listener.accept().await?;
            let recorder = self.clone();
            tokio::spawn(async move {
                let id = locked(&recorder.0.records).opened();
                // Both sides notice a broken connection themselves.
                let _ = recorder.forward(client, id).await;
                locked(&recorder.0.records).closed(id);
            });
        }
    }

    async fn forward(&self, client: TcpStream, id: u64) -> io::Result<()> {
        let server = TcpStream::connect(self.0.upstream).await?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let recorded = Recorded {
            recorder: self.clone(),
            id,
            checker: Mutex::default(),
        };
        let (to_server, to_client) = self.0.cutter.fork().unzip();
        let (client_read, client_write) = client.into_split();
        let (server_read, server_write) = server.into_split();
        let requests = recorded.copy(client_read, server_write, to_server, ProtocolChecker::client);
        let responses = recorded.copy(server_read, client_write, to_client, ProtocolChecker::server);
        tokio::try_join!(requests, responses).map(drop)
    }
}

impl Recorded {
    async fn copy(
        &self,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        mut random: Option<StdRng>,
        check: fn(&mut ProtocolChecker, &[u8]),
    ) -> io::Result<()> {
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            let count = from.read(&mut buffer).await?;
            let bytes = buffer.get(..count).unwrap_or_default();
            if bytes.is_empty() {
                return to.shutdown().await;
            }
            // Recorded before it is forwarded, so that no response is recorded before its request.
            let is_started = self.record(|checker| check(checker, bytes));
            // PgBouncer closes a connection whose startup message arrives in pieces.
            cut::write(&mut to, bytes, random.as_mut().filter(|_| is_started)).await?;
        }
    }

    /// Returns whether the startup message was seen before.
    fn record(&self, check: impl FnOnce(&mut ProtocolChecker)) -> bool {
        let mut checker = locked(&self.checker);
        let (is_started, before) = (checker.is_started, checker.flights);
        check(&mut checker);
        let flights = checker.flights - before;
        let violations = std::mem::take(&mut checker.violations);
        let is_idle = checker.is_idle();
        locked(&self.recorder.0.records).active(self.id, flights, violations, is_idle);
        is_started
    }
}
