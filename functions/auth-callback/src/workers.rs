//! The entry on Cloudflare Workers.

use std::rc::Rc;

use edge::platform::workers::{Keeper, run, serve};
use worker::{Context, Env, ScheduleContext, ScheduledEvent};

#[worker::event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> worker::Result<web_sys::Response> {
    let keeper = Keeper::Request(Rc::new(context));
    serve(request, env, keeper, async |request, host| {
        crate::route(request, &host).await
    })
    .await
}

#[worker::event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, context: ScheduleContext) {
    let keeper = Keeper::Schedule(Rc::new(context));
    run(env, keeper, async |host| crate::tidy(&host).await).await;
}
