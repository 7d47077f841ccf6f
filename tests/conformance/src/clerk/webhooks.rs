//! Webhook signatures, with the results of Clerk's SDK.

use super::{WEBHOOK, cases, text};
use crate::report::Report;
use clerk::webhook::{SvixHeaders, WebhookError, verify};
use serde_json::Value;

pub fn run(file: &Value, report: &mut Report) {
    for case in cases(file, "cases") {
        let expected = case
            .pointer("/expect/clerk")
            .and_then(Value::as_str)
            .unwrap_or_default();
        report.case(
            WEBHOOK,
            text(case, "id"),
            &Value::from(first_header(expected)),
            &Value::from(verify_case(case)),
        );
    }
}

/// Of several missing headers only the first is compared.
fn first_header(expected: &str) -> &str {
    match expected.split_once(", ") {
        Some((first, _)) if first.contains("Missing required webhook headers") => first,
        _ => expected,
    }
}

fn verify_case(case: &Value) -> String {
    let headers = case.get("headers").cloned().unwrap_or_default();
    let header = |name: &str| headers.get(name).and_then(Value::as_str);
    let headers = SvixHeaders {
        id: header("svix-id"),
        timestamp: header("svix-timestamp"),
        signature: header("svix-signature"),
    };
    let now_s = case.get("now_s").and_then(Value::as_i64).unwrap_or_default();
    let payload = text(case, "payload");
    match verify(&[text(case, "secret")], headers, payload.as_bytes(), now_s) {
        Ok(_) if payload.is_empty() || serde_json::from_str::<Value>(payload).is_ok() => "ok".to_owned(),
        Ok(_) => "error: the payload is not JSON".to_owned(),
        Err(WebhookError::MissingHeader(name)) => format!("error: Missing required webhook headers: {name}"),
        Err(error) => format!("error: Unable to verify incoming webhook: {error}"),
    }
}
