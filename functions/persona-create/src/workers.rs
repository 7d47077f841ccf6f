//! The entry on Cloudflare Workers.

use std::rc::Rc;

use edge::platform::workers::{Keeper, serve};
use worker::{Context, Env};

#[worker::event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> worker::Result<web_sys::Response> {
    let keeper = Keeper::Request(Rc::new(context));
    serve(request, env, keeper, async |request, host| {
        crate::route(request, &host).await
    })
    .await
}
