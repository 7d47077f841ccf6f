//! Cloudflare Workers (workerd).

mod convert;
mod crypto;
mod database;
mod host;
mod sleep;
mod stream;

use std::{cell::RefCell, rc::Rc};

use http::Method;
use uuid::Uuid;
use worker::{Context, Env, ScheduleContext, durable::State};

pub use host::WorkersHost;
pub use stream::RuntimeStream;

use crate::{Body, Config, Error, Request, Response, respond};

/// What keeps work alive after the answer is sent.
#[derive(Clone)]
pub enum Keeper {
    /// A request to a Worker.
    Request(Rc<Context>),
    /// A Durable Object.
    Owner(Rc<State>),
    /// A time that has come.
    Schedule(Rc<ScheduleContext>),
}

thread_local! {
    /// Settings do not change while an isolate lives.
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

/// Answers one event of the runtime: converts, handles, renders errors once, names the request.
///
/// HEAD is GET without the body (RFC 9110 §9.3.2); no handler ever sees it.
pub async fn serve(
    raw: web_sys::Request,
    env: Env,
    keeper: Keeper,
    route: impl AsyncFnOnce(Request, WorkersHost) -> Result<Response, Error>,
) -> Result<web_sys::Response, worker::Error> {
    let request_id = host::request_id(&raw);
    let answer = match answer(raw, env, keeper, request_id, route).await {
        Ok(response) => response,
        Err(error) => {
            log(request_id, &error);
            respond::error_response(&error, request_id)
        }
    };
    convert::response_to_runtime(answer, request_id)
}

/// Does what it is time for. There is nobody to tell of an error but the log.
pub async fn run(env: Env, keeper: Keeper, work: impl AsyncFnOnce(WorkersHost) -> Result<(), Error>) {
    let request_id = host::new_request_id();
    let done = match config(&env) {
        Ok(config) => work(WorkersHost::new(config, env, keeper, request_id)).await,
        Err(error) => Err(error),
    };
    if let Err(error) = done {
        log(request_id, &error);
    }
}

async fn answer(
    raw: web_sys::Request,
    env: Env,
    keeper: Keeper,
    request_id: Uuid,
    route: impl AsyncFnOnce(Request, WorkersHost) -> Result<Response, Error>,
) -> Result<Response, Error> {
    let config = config(&env)?;
    let mut request = convert::request_from_runtime(&raw)?;
    let is_head = *request.method() == Method::HEAD;
    if is_head {
        *request.method_mut() = Method::GET;
    }
    let mut response = route(request, WorkersHost::new(config, env, keeper, request_id)).await?;
    if is_head {
        *response.body_mut() = Body::Empty;
    }
    Ok(response)
}

fn log(request_id: Uuid, error: &Error) {
    let mut line = format!("{request_id} {} {error}", error.kind().0);
    if let Error::Unauthenticated(reason) = error {
        line.push_str(&format!(" [{reason}]"));
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        line.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    if error.kind().0 >= 500 {
        worker::console_error!("{line}");
    } else {
        worker::console_log!("{line}");
    }
}
