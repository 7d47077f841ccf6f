//! Implements [`edge::Host`] on Cloudflare Workers (workerd), and the entry points of functions.
//!
//! Empty on other targets, so that the workspace builds natively.

#![cfg(all(target_arch = "wasm32", target_os = "unknown"))]

mod convert;
mod crypto;
mod database;
mod host;
mod object;
mod sleep;
mod socket;
mod stream;

use std::{cell::RefCell, rc::Rc};

use edge::{
    Config, Error, Host as _, Request, Response,
    respond::{ErrorFormat, error_response},
};
use uuid::Uuid;
use worker::{Context, Env, ScheduleContext, durable::State};

pub use host::WorkersHost;
pub use object::ObjectSql;
pub use web_sys;

/// The current event. Work passed to `wait_until` keeps it alive.
#[derive(Clone)]
pub enum EventContext {
    /// A request to a Worker.
    Request(Rc<Context>),
    /// An event of a Durable Object.
    Object(Rc<State>),
    /// A scheduled run.
    Schedule(Rc<ScheduleContext>),
}

impl From<Context> for EventContext {
    fn from(context: Context) -> Self {
        Self::Request(Rc::new(context))
    }
}

impl From<Rc<State>> for EventContext {
    fn from(state: Rc<State>) -> Self {
        Self::Object(state)
    }
}

impl From<ScheduleContext> for EventContext {
    fn from(context: ScheduleContext) -> Self {
        Self::Schedule(Rc::new(context))
    }
}

/// The `fetch` entry of a function with one route function.
///
/// The function's crate needs `worker` and `wasm-bindgen`, because the expansion refers to them.
#[macro_export]
macro_rules! fetch_entry {
    ($route:path) => {
        #[worker::event(fetch)]
        async fn fetch(
            request: $crate::web_sys::Request,
            env: worker::Env,
            context: worker::Context,
        ) -> worker::Result<$crate::web_sys::Response> {
            $crate::serve(request, env, context, async |request, host| {
                $route(request, &host).await
            })
            .await
        }
    };
}

/// The `scheduled` entry of a function.
#[macro_export]
macro_rules! scheduled_entry {
    ($work:path) => {
        #[worker::event(scheduled)]
        async fn scheduled(
            _event: worker::ScheduledEvent,
            env: worker::Env,
            context: worker::ScheduleContext,
        ) {
            $crate::run(env, context, async |host| $work(&host).await).await;
        }
    };
}

thread_local! {
    /// Settings do not change during the life of an isolate.
    static CONFIG: RefCell<Option<Rc<Config>>> = const { RefCell::new(None) };
}

fn config(env: &Env) -> Result<Rc<Config>, Error> {
    if let Some(config) = CONFIG.with_borrow(Clone::clone) {
        return Ok(config);
    }
    let config = Rc::new(Config::load(|name| {
        env.var(name).ok().map(|value| value.to_string())
    })?);
    CONFIG.set(Some(config.clone()));
    Ok(config)
}

/// Handles one request: converts it, calls the route, converts the response.
///
/// # Errors
/// If the response cannot be converted.
pub async fn serve(
    raw: web_sys::Request,
    env: Env,
    context: impl Into<EventContext>,
    route: impl AsyncFnOnce(Request, WorkersHost) -> Result<Response, Error>,
) -> Result<web_sys::Response, worker::Error> {
    let prepared = |request: &Request| {
        let request_id = host::request_id(request)?;
        Ok::<_, Error>(WorkersHost::new(
            config(&env)?,
            env.clone(),
            context.into(),
            request_id,
        ))
    };
    let response = match convert::request_from_runtime(&raw) {
        Ok(request) => match prepared(&request) {
            Ok(host) => edge::serve(request, host, route).await,
            Err(error) => failed(&error, ErrorFormat::of(request.uri().path(), request.headers())),
        },
        Err(error) => failed(&error, ErrorFormat::Problem),
    };
    convert::response_to_runtime(response)
}

/// The response if there is no host, because the request or the configuration is invalid.
fn failed(error: &Error, format: ErrorFormat) -> Response {
    worker::console_error!("{}", edge::serve::log_line(error));
    error_response(error, Uuid::nil(), format)
}

/// Runs scheduled work and logs its error.
pub async fn run(
    env: Env,
    context: impl Into<EventContext>,
    work: impl AsyncFnOnce(WorkersHost) -> Result<(), Error>,
) {
    let prepared = || {
        let request_id = host::new_request_id()?;
        Ok::<_, Error>(WorkersHost::new(
            config(&env)?,
            env.clone(),
            context.into(),
            request_id,
        ))
    };
    match prepared() {
        Ok(host) => {
            if let Err(error) = work(host.clone()).await {
                host.log_error(&edge::serve::log_line(&error));
            }
        }
        Err(error) => worker::console_error!("{}", edge::serve::log_line(&error)),
    }
}
