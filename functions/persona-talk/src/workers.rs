//! The entry on Cloudflare Workers: one Durable Object a conversation owns its replies.

use std::rc::Rc;

use worker::{Context, DurableObject, Env, durable::State};
use workers::{serve, web_sys};

use crate::{Live, Place};

/// The binding of the owners' namespace in `wrangler.toml`.
const OWNERS: &str = "CONVERSATIONS";

#[worker::event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> worker::Result<web_sys::Response> {
    serve(request, env, context, async |request, host| {
        match crate::place(&request, &host).await? {
            Place::Here => crate::route(request, &host, &Live::default()).await,
            Place::Owner(conversation) => host.to_owner(OWNERS, &conversation.to_string(), request).await,
        }
    })
    .await
}

/// Owns the replies of one conversation: a single writer that outlives every client.
#[worker::durable_object(fetch)]
pub struct ConversationOwner {
    state: Rc<State>,
    env: Env,
    live: Live,
}

impl DurableObject for ConversationOwner {
    fn new(state: State, env: Env) -> Self {
        Self {
            state: Rc::new(state),
            env,
            live: Live::default(),
        }
    }

    async fn fetch(&self, request: worker::Request) -> worker::Result<worker::Response> {
        let live = self.live.clone();
        // The handle, not the request: `Request::clone` of the runtime would copy the body.
        let raw = <web_sys::Request as Clone>::clone(request.inner());
        serve(
            raw,
            self.env.clone(),
            self.state.clone(),
            async |request, host| crate::route(request, &host, &live).await,
        )
        .await
        .map(Into::into)
    }
}
