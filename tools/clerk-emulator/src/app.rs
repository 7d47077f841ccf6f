//! The running emulator: configuration, keys, state and background tasks.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::Method;
use axum::response::{IntoResponse, Response};
use tokio::sync::{Notify, mpsc};

use crate::config::Config;
use crate::context::Context;
use crate::faults::Faults;
use crate::keys::{KeyError, KeyRing};
use crate::state::{Data, Event, Store, WebhookTarget};
use crate::tokens::RecentTokens;
use crate::webhooks;

/// The size of the delivery queue. Further events are dropped and logged.
const EVENTS_MAX: usize = 10_000;

/// An event and its webhook target.
pub type Delivery = (WebhookTarget, Event);

/// The shared state of all requests.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

/// The fields of an [`App`].
#[derive(Debug)]
pub struct Inner {
    /// The emulated instance.
    pub config: Config,
    /// Users, browsers, sessions.
    pub store: Store,
    /// Injected faults.
    pub faults: Faults,
    /// Recently signed tokens.
    pub recent: RecentTokens,
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
    /// Starts the emulator with a state folder. The background tasks run until the runtime ends.
    pub fn start(config: Config, store: Store, keys: KeyRing, folder: PathBuf) -> Self {
        let (deliveries, queue) = mpsc::channel(EVENTS_MAX);
        let app = Self(Arc::new(Inner {
            config,
            store,
            faults: Faults::default(),
            recent: RecentTokens::default(),
            keys: RwLock::new(Arc::new(keys)),
            folder,
            changed: Notify::new(),
            deliveries,
        }));
        tokio::spawn(webhooks::deliver(queue));
        tokio::spawn(app.clone().write());
        app
    }

    /// The current keys.
    pub fn keys(&self) -> Arc<KeyRing> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Creates a new signing key.
    ///
    /// # Errors
    /// If the key cannot be generated or saved.
    pub fn rotate_keys(&self, keep_old: bool) -> Result<(), KeyError> {
        let ring = self.keys().rotate(keep_old)?;
        ring.save(&self.folder)?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        self.recent.clear();
        Ok(())
    }

    /// Runs `work` on the state, then saves it and delivers its events.
    pub fn update<T>(&self, work: impl FnOnce(&mut Data) -> T) -> T {
        self.with_data(|data| {
            data.changes = data.changes.wrapping_add(1);
            work(data)
        })
    }

    /// Handles a request that needs only the state.
    pub fn respond<R: IntoResponse>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut Data, &Context) -> R,
    ) -> Response {
        self.with_data(|data| {
            data.expire_sessions(context.now);
            // Functions that change the state during a GET increment the count themselves.
            if context.method != Method::GET {
                data.changes = data.changes.wrapping_add(1);
            }
            work(data, context)
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
                        "clerk-emulator: the delivery queue for {} is full; an event is dropped",
                        target.url
                    );
                }
            }
        }
        result
    }

    /// Saves the state after each change, one save at a time.
    async fn write(self) {
        loop {
            self.changed.notified().await;
            let app = self.clone();
            match tokio::task::spawn_blocking(move || app.store.save()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => eprintln!("clerk-emulator: failed to save the state: {error}"),
                Err(error) => eprintln!("clerk-emulator: the save task failed: {error}"),
            }
        }
    }
}
