//! The request to the model, and its answer as a stream of bytes or one failure.

use std::pin::Pin;

use bytes::Bytes;
use edge::{Body, Error, Host, Request, body::Chunks};
use engine::{
    card::Card,
    prompt::{Budget, Character, Mode, Prompt, Turn, TurnRole, assemble},
    reply::{Failure, limits::ANSWER_MS},
};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use http::{Method, header};
use serde_json::json;

use api::{GenerationKind, Role};
use edge::{Config, db::generations::Begun};

/// Bytes of the model, or why there are none (any more).
pub type Source = Pin<Box<dyn Stream<Item = Result<Bytes, Failure>>>>;

/// For the host's own limit. The reply ends sooner, after [`ANSWER_MS`] without a byte, which aborts the request.
const HEAD_MS_MAX: u32 = 2 * ANSWER_MS as u32;

/// What a persona calls somebody whose name is not known.
pub const UNKNOWN_USER: &str = "User";

/// Builds the prompt of a reply.
pub fn prompt(begun: &Begun, kind: GenerationKind, sent: Option<&str>, config: &Config) -> Prompt {
    // The reply has begun: a card that cannot be read must not keep the conversation busy.
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

/// Asks the model. The stream begins once the model answers and ends with its answer.
pub fn ask<H: Host>(host: H, prompt: Prompt) -> Source {
    Box::pin(stream::once(async move { open(&host, &prompt).await }).try_flatten())
}

async fn open(host: &impl Host, prompt: &Prompt) -> Result<Source, Failure> {
    let request = request(prompt, host.config()).map_err(|error| Failure::Upstream {
        message: error.to_string(),
    })?;
    let answer = host.fetch(request, HEAD_MS_MAX).await.map_err(|error| {
        host.log(&format!("model: {}", edge::serve::log_line(&error)));
        Failure::Unreachable
    })?;
    if !answer.status().is_success() {
        let retry_after = answer
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        return Err(Failure::of_status(answer.status().as_u16(), retry_after));
    }
    let chunks: Chunks = answer.into_body().chunks();
    Ok(Box::pin(chunks.map(|chunk| {
        chunk.map_err(|broken| Failure::Upstream {
            message: broken.to_string(),
        })
    })))
}
