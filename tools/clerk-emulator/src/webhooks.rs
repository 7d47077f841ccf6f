//! Webhook delivery with Svix signatures: HMAC-SHA256 over `id.timestamp.body`. Failed deliveries are
//! retried. Events of one target are delivered in order, except after a failure.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::json;
use sha2::Sha256;
use tokio::sync::mpsc;

use crate::app::Delivery;
use crate::state::{Event, WebhookTarget};

/// The delays before retries.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(20),
];
/// The timeout of a delivery.
const TIMEOUT: Duration = Duration::from_secs(15);

/// A webhook request could not be built.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    #[error("the secret is not whsec_ followed by base64")]
    Secret,
    #[error(transparent)]
    Url(#[from] axum::http::Error),
}

/// Whether a secret is valid.
pub fn is_secret(secret: &str) -> bool {
    key(secret).is_ok()
}

/// Delivers queued events until the queue is closed.
pub async fn deliver(mut queue: mpsc::Receiver<Delivery>) {
    let client: Client<HttpConnector, Body> = Client::builder(TokioExecutor::new()).build_http();
    while let Some((target, event)) = queue.recv().await {
        let id = crate::id::new("msg");
        let body = body(&event);
        if attempt(&client, &target, &id, &body).await {
            continue;
        }
        let client = client.clone();
        tokio::spawn(async move {
            for pause in PAUSES {
                tokio::time::sleep(pause).await;
                if attempt(&client, &target, &id, &body).await {
                    return;
                }
            }
            eprintln!(
                "clerk-emulator: failed to deliver {} to {}",
                event.kind, target.url
            );
        });
    }
}

async fn attempt(client: &Client<HttpConnector, Body>, target: &WebhookTarget, id: &str, body: &str) -> bool {
    let request = match signed(target, id, body, crate::clock::seconds(crate::clock::now_ms())) {
        Ok(request) => request,
        Err(error) => {
            eprintln!("clerk-emulator: {}: {error}", target.url);
            return true;
        }
    };
    let answer = tokio::time::timeout(TIMEOUT, client.request(request)).await;
    matches!(answer, Ok(Ok(answer)) if answer.status().is_success())
}

fn body(event: &Event) -> String {
    json!({
        "object": "event",
        "type": event.kind,
        "data": event.data,
        "instance_id": "ins_emulator",
        "timestamp": crate::clock::now_ms(),
        "event_attributes": { "http_request": { "client_ip": "127.0.0.1", "user_agent": "clerk-emulator" } },
    })
    .to_string()
}

fn key(secret: &str) -> Result<Vec<u8>, SignError> {
    let secret = secret.strip_prefix("whsec_").unwrap_or(secret);
    STANDARD.decode(secret).map_err(|_| SignError::Secret)
}

/// The `svix-signature` of a message.
///
/// # Errors
/// If the secret is invalid.
pub fn signature(secret: &str, id: &str, timestamp_s: i64, body: &str) -> Result<String, SignError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key(secret)?).map_err(|_| SignError::Secret)?;
    mac.update(format!("{id}.{timestamp_s}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

fn signed(target: &WebhookTarget, id: &str, body: &str, now_s: i64) -> Result<Request<Body>, SignError> {
    Ok(Request::post(&target.url)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, "Svix-Webhooks/emulated")
        .header("svix-id", id)
        .header("svix-timestamp", now_s)
        .header("svix-signature", signature(&target.secret, id, now_s, body)?)
        .body(Body::from(body.to_owned()))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_match_svix() {
        // A test vector of svix-webhooks.
        let signature = signature(
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1_649_367_553,
            r#"{"email":"test@example.com","username":"test_user"}"#,
        );
        assert_eq!(
            signature.unwrap(),
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="
        );
    }
}
