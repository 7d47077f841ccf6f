//! Fault injection for tests: delays and error statuses.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use serde::Deserialize;

use crate::api_error::ApiError;
use crate::app::App;

const DELAY_MS_MAX: u64 = 10 * 60 * 1000;

/// A fault.
#[derive(Clone, Debug, Deserialize)]
pub struct Fault {
    /// The path it applies to; a trailing `*` matches any rest.
    pub path: String,
    /// The status of the response. `None`: the normal response, after the delay.
    pub status: Option<u16>,
    /// The delay before the response, in milliseconds.
    pub delay_ms: Option<u64>,
    /// How many times it applies. `None`: until it is cleared.
    pub times: Option<u32>,
}

/// The active faults.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds a fault.
    pub fn add(&self, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The first fault that applies to `path`. Decrements its count.
    fn take(&self, path: &str) -> Option<Fault> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let applies = |fault: &Fault| match fault.path.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => path == fault.path,
        };
        let at = faults.iter().position(applies)?;
        let fault = faults.get_mut(at)?;
        let found = fault.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                faults.remove(at);
            }
        }
        Some(found)
    }
}

/// Middleware that applies the active faults, except to the control API.
pub async fn apply(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let fault = if path.starts_with("/_emulator") {
        None
    } else {
        app.faults.take(path)
    };
    let Some(fault) = fault else {
        return next.run(request).await;
    };
    if let Some(delay) = fault.delay_ms {
        tokio::time::sleep(Duration::from_millis(delay.min(DELAY_MS_MAX))).await;
    }
    match fault.status {
        Some(status) => {
            ApiError::new(status, "emulated_fault", "This error was injected by a test.").to_response(None)
        }
        None => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_applies_to_its_path_a_number_of_times() {
        let faults = Faults::default();
        faults.add(Fault {
            path: "/v1/users/*".into(),
            status: Some(500),
            delay_ms: None,
            times: Some(2),
        });
        assert!(faults.take("/v1/client").is_none());
        assert!(faults.take("/v1/users/user_1").is_some());
        assert!(faults.take("/v1/users/user_2").is_some());
        assert!(faults.take("/v1/users/user_3").is_none());
    }
}
