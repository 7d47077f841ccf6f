//! Passes bytes on in both directions and shows them to the recorder.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::rngs::StdRng;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::conversation::Conversation;
use crate::cut::{self, Cutter};
use crate::report::{Records, Report};

/// Bytes that are passed on at once.
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
    conversation: Mutex<Conversation>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// A recorder before this address.
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

    /// Cuts the segments of new connections where the seed decides, or leaves them whole.
    pub fn cut(&self, seed: Option<u64>) {
        self.0.cutter.set(seed);
    }

    /// Takes connections until the listener fails.
    ///
    /// # Errors
    /// Those of the listener.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        loop {
            let (client, _) = listener.accept().await?;
            let recorder = self.clone();
            tokio::spawn(async move {
                let id = locked(&recorder.0.records).opened();
                // A connection that breaks is no matter of the recorder's: both sides see it.
                let _ = recorder.pass(client, id).await;
                locked(&recorder.0.records).closed(id);
            });
        }
    }

    async fn pass(&self, client: TcpStream, id: u64) -> io::Result<()> {
        let server = TcpStream::connect(self.0.upstream).await?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let recorded = Recorded {
            recorder: self.clone(),
            id,
            conversation: Mutex::default(),
        };
        let (to_server, to_client) = self.0.cutter.fork().unzip();
        let (client_read, client_write) = client.into_split();
        let (server_read, server_write) = server.into_split();
        let sent = recorded.copy(client_read, server_write, to_server, Conversation::client);
        let answered = recorded.copy(server_read, client_write, to_client, Conversation::server);
        tokio::try_join!(sent, answered).map(drop)
    }
}

impl Recorded {
    async fn copy(
        &self,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        mut random: Option<StdRng>,
        show: fn(&mut Conversation, &[u8]),
    ) -> io::Result<()> {
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            let count = from.read(&mut buffer).await?;
            let bytes = buffer.get(..count).unwrap_or_default();
            if bytes.is_empty() {
                return to.shutdown().await;
            }
            // Recorded before it is passed on, so that an answer is never recorded before its question.
            let is_started = self.record(|conversation| show(conversation, bytes));
            // PgBouncer hangs up on a startup message that comes in pieces.
            cut::write(&mut to, bytes, random.as_mut().filter(|_| is_started)).await?;
        }
    }

    /// Whether the startup message had passed before.
    fn record(&self, show: impl FnOnce(&mut Conversation)) -> bool {
        let mut conversation = locked(&self.conversation);
        let (is_started, before) = (conversation.is_started, conversation.flights);
        show(&mut conversation);
        let flights = conversation.flights - before;
        let violations = std::mem::take(&mut conversation.violations);
        let is_idle = conversation.is_idle();
        locked(&self.recorder.0.records).moved(self.id, flights, violations, is_idle);
        is_started
    }
}
