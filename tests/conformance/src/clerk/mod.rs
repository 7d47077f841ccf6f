//! `clerk/*`: cases for `clerk`: tokens, requests, redirects and webhooks.

mod auth;
mod claims;
mod context;
mod handshakes;
mod host;
mod jwt;
mod options;
mod redirects;
mod requests;
mod webhooks;

use crate::report::Report;
use serde_json::{Map, Value};
use std::path::Path;

const JWT: &str = "clerk/jwt_cases.json";
const HANDSHAKE: &str = "clerk/handshake_cases.json";
const AUTH: &str = "clerk/auth_unit_cases.json";
const REDIRECT: &str = "clerk/redirect_cases.json";
const WEBHOOK: &str = "clerk/webhook_cases.json";

/// Runs the files that exist in `clerk/`.
pub fn run(dir: &Path, report: &mut Report) {
    if let Some(file) = report.read(dir, JWT) {
        skip_others(
            &file,
            JWT,
            &["verify", "decode", "signature", "claims", "extended"],
            report,
        );
        jwt::run(&file, report);
        claims::run(&file, report);
    }
    if let Some(file) = report.read(dir, HANDSHAKE) {
        skip_others(&file, HANDSHAKE, &["cases"], report);
        handshakes::run(&file, report);
    }
    if let Some(file) = report.read(dir, AUTH) {
        skip_others(&file, AUTH, &["auth", "context", "request_url"], report);
        auth::run(&file, report);
        context::run(&file, report);
    }
    if let Some(file) = report.read(dir, REDIRECT) {
        redirects::run(&file, report);
    }
    if let Some(file) = report.read(dir, WEBHOOK) {
        webhooks::run(&file, report);
    }
}

/// Reports the lists of a file that are not run as skipped.
fn skip_others(file: &Value, name: &str, known: &[&str], report: &mut Report) {
    for (kind, list) in file.as_object().into_iter().flatten() {
        if !known.contains(&kind.as_str()) {
            report.skip(&format!("{name}: {kind}"), list.as_array().map_or(0, Vec::len));
        }
    }
}

/// The cases of one kind.
fn cases<'a>(file: &'a Value, kind: &str) -> &'a [Value] {
    file.get(kind)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// A string member of a case; empty if it is absent.
fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The clock of a case, in milliseconds.
fn now_ms(case: &Value) -> i64 {
    case.get("now_ms").and_then(Value::as_i64).unwrap_or_default()
}

/// The strings of a list, or a single string.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// An object without nulls and empty strings: the cases write absent values as null or omit them.
fn present(mut object: Map<String, Value>) -> Value {
    object.retain(|_, value| !value.is_null() && value != "");
    Value::Object(object)
}

/// A message without the part that depends on the cryptography library.
fn message(text: &str) -> &str {
    for prefix in [
        "Error verifying JWT signature.",
        "Error verifying handshake token.",
    ] {
        if let Some((before, _)) = text.split_once(prefix) {
            return text.get(..before.len() + prefix.len()).unwrap_or(text);
        }
    }
    text
}
