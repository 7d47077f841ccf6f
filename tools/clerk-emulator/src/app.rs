//! The running emulator: configuration, keys, state, and the tasks behind it.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::Method;
use axum::response::{IntoResponse, Response};
use tokio::sync::{Notify, mpsc};

use crate::config::Config;
use crate::faults::Faults;
use crate::keys::{KeyError, KeyRing};
use crate::scope::Scope;
use crate::state::{Data, Event, Store, WebhookTarget};
use crate::tokens::Recent;
use crate::webhooks;

/// Events that may wait for delivery; more are dropped, with a line in the log.
const EVENTS_MAX: usize = 10_000;

/// What is delivered: an event and where to.
pub type Delivery = (WebhookTarget, Event);

/// Shared by every request.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

/// The parts of an [`App`].
#[derive(Debug)]
pub struct Inner {
    /// The instance that is emulated.
    pub config: Config,
    /// People, browsers, sessions.
    pub store: Store,
    /// Answers that a test has asked to go wrong.
    pub faults: Faults,
    /// Tokens just signed.
    pub recent: Recent,
    keys: RwLock<Arc<KeyRing>>,
    folder: PathBuf,
    changed: Notify,
    deliveries: mpsc::Sender<Delivery>,
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Starts the emulator on a state folder. The tasks run as long as the runtime.
    pub fn start(config: Config, store: Store, keys: KeyRing, folder: PathBuf) -> Self {
        let (deliveries, queue) = mpsc::channel(EVENTS_MAX);
        let app = Self(Arc::new(Inner {
            config,
            store,
            faults: Faults::default(),
            recent: Recent::default(),
            keys: RwLock::new(Arc::new(keys)),
            folder,
            changed: Notify::new(),
            deliveries,
        }));
        tokio::spawn(webhooks::deliver(queue));
        tokio::spawn(app.clone().write());
        app
    }

    /// The keys of this moment.
    pub fn keys(&self) -> Arc<KeyRing> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a fresh key first.
    ///
    /// # Errors
    /// If no key can be made or kept.
    pub fn rotate_keys(&self, keep_old: bool) -> Result<(), KeyError> {
        let ring = self.keys().rotate(keep_old)?;
        ring.save(&self.folder)?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        self.recent.clear();
        Ok(())
    }

    /// Runs `work` on the state, then has it saved and its events delivered.
    pub fn change<T>(&self, work: impl FnOnce(&mut Data) -> T) -> T {
        self.with_data(|data| {
            data.changes = data.changes.wrapping_add(1);
            work(data)
        })
    }

    /// Answers a request that works on the state alone.
    pub fn answer<R: IntoResponse>(
        &self,
        scope: &Scope,
        work: impl FnOnce(&mut Data, &Scope) -> R,
    ) -> Response {
        self.with_data(|data| {
            data.expire_sessions(scope.now);
            // What a GET makes (a browser, a session from the provider) counts itself.
            if scope.method != Method::GET {
                data.changes = data.changes.wrapping_add(1);
            }
            work(data, scope)
        })
        .into_response()
    }

    fn with_data<T>(&self, work: impl FnOnce(&mut Data) -> T) -> T {
        let mut data = self.store.lock();
        let before = data.changes;
        let result = work(&mut data);
        let changed = data.changes != before;
        let events = std::mem::take(&mut data.events);
        let targets = if events.is_empty() {
            Vec::new()
        } else {
            data.webhooks.clone()
        };
        drop(data);
        if changed {
            self.changed.notify_one();
        }
        for event in events {
            for target in &targets {
                if self.deliveries.try_send((target.clone(), event.clone())).is_err() {
                    eprintln!(
                        "clerk-emulator: too many events wait for {}, one is lost",
                        target.url
                    );
                }
            }
        }
        result
    }

    /// Saves at every change, never two at once.
    async fn write(self) {
        loop {
            self.changed.notified().await;
            let app = self.clone();
            match tokio::task::spawn_blocking(move || app.store.save()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => eprintln!("clerk-emulator: the state is not saved: {error}"),
                Err(error) => eprintln!("clerk-emulator: the writer stopped: {error}"),
            }
        }
    }
}
