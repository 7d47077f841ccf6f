//! The request to the model, and its response as a stream of bytes or a failure.

use std::pin::Pin;

use bytes::Bytes;
use edge::{Body, Error, Host, Request, body::Chunks};
use engine::{
    card::Card,
    prompt::{Budget, Character, Mode, Prompt, Turn, TurnRole, assemble},
    reply::{Failure, limits::FIRST_BYTE_MS},
};
use futures_util::{Stream, StreamExt, TryStreamExt};
use http::{Method, header};
use serde_json::json;

use api::{GenerationKind, Role};
use edge::{Config, db::generations::Begun};

/// Bytes of the model's response, or a failure.
pub type Source = Pin<Box<dyn Stream<Item = Result<Bytes, Failure>>>>;

/// The host's limit for the response head. The reply ends earlier, after [`FIRST_BYTE_MS`], which aborts the request.
const HEAD_MS_MAX: u32 = 2 * FIRST_BYTE_MS as u32;

/// The value of `{{user}}` for a user without a name.
pub const UNKNOWN_USER: &str = "User";

/// Builds the prompt of a reply.
pub fn prompt(begun: &Begun, kind: GenerationKind, sent: Option<&str>, config: &Config) -> Prompt {
    // The reply has begun, so an unreadable card must not be an error.
    let card = Card::stored(&begun.card).unwrap_or_default();
    let character = Character::of(&card);
    let role = |role| match role {
        Role::User => TurnRole::User,
        Role::Assistant => TurnRole::Assistant,
    };
    let mut history: Vec<Turn<'_>> = begun
        .history
        .iter()
        .map(|turn| Turn {
            role: role(turn.role),
            content: &turn.content,
        })
        .collect();
    history.extend(sent.map(|content| Turn {
        role: TurnRole::User,
        content,
    }));
    let mode = if kind == GenerationKind::Continue {
        Mode::Continue
    } else {
        Mode::Reply
    };
    let budget = Budget {
        context_tokens: config.model_context_tokens,
        reply_tokens: config.model_reply_tokens,
    };
    assemble(&character, user_name(&begun.user_name), &history, mode, budget)
}

/// The name, or [`UNKNOWN_USER`].
pub fn user_name(name: &str) -> &str {
    if name.trim().is_empty() {
        UNKNOWN_USER
    } else {
        name
    }
}

fn request(prompt: &Prompt, config: &Config) -> Result<Request, Error> {
    let body = json!({
        "model": config.model_name,
        "messages": prompt.messages,
        "stream": true,
        "stream_options": { "include_usage": true },
        "max_tokens": config.model_reply_tokens,
    });
    let mut request = http::Request::builder()
        .method(Method::POST)
        .uri(format!("{}/chat/completions", config.model_base_url))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "text/event-stream");
    let key = config.model_api_key.reveal();
    if !key.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    }
    request
        .body(Body::from(body.to_string()))
        .map_err(Error::internal)
}

/// Sends the prompt to the model and returns its response as a stream.
pub fn stream<H: Host>(host: H, prompt: Prompt) -> Source {
    Box::pin(futures_util::stream::once(async move { open(&host, &prompt).await }).try_flatten())
}

async fn open(host: &impl Host, prompt: &Prompt) -> Result<Source, Failure> {
    let request = request(prompt, host.config()).map_err(|error| Failure::Upstream {
        message: error.to_string(),
    })?;
    let response = host.fetch(request, HEAD_MS_MAX).await.map_err(|error| {
        host.log(&format!("model: {}", edge::serve::log_line(&error)));
        Failure::Unreachable
    })?;
    if !response.status().is_success() {
        let retry_after = response
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        return Err(Failure::of_status(response.status().as_u16(), retry_after));
    }
    let chunks: Chunks = response.into_body().chunks();
    Ok(Box::pin(chunks.map(|chunk| {
        chunk.map_err(|broken| Failure::Upstream {
            message: broken.to_string(),
        })
    })))
}
