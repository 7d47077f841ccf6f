//! `handshake_cases`: requests with their complete results.

use super::host::CaseHost;
use super::requests::{authenticate, first_line, keys};
use super::{HANDSHAKE, cases, options, present, text};
use crate::report::Report;
use clerk::{ApiResponse, PublishableKey, RequestState};
use serde_json::{Map, Value, json};
use url::Url;

pub fn run(file: &Value, report: &mut Report) {
    for case in cases(file, "cases") {
        let got = handshake(case, file).unwrap_or_else(Value::String);
        let expected = case
            .get("expect")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        report.case(HANDSHAKE, text(case, "id"), &expected_handshake(expected), &got);
    }
    for (key, suffix) in file
        .get("cookie_suffix")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let got = PublishableKey::parse(key).map_or(Value::Null, |key| Value::from(key.cookie_suffix()));
        report.case(HANDSHAKE, &format!("cookie_suffix {key}"), suffix, &got);
    }
}

fn expected_handshake(mut expected: Map<String, Value>) -> Value {
    if let Some(error) = expected.get("throws").and_then(Value::as_str).map(first_line) {
        expected.insert("throws".to_owned(), error);
    }
    if let Some(calls) = expected
        .get_mut("backend_api_calls")
        .and_then(Value::as_array_mut)
    {
        calls.dedup();
    }
    present(expected)
}

fn handshake(case: &Value, file: &Value) -> Result<Value, String> {
    let options = case.get("options").cloned().unwrap_or_default();
    let instance = case.get("instance").cloned().unwrap_or_default();
    let setting = |option: &str, default: &str| match options.get(option).and_then(Value::as_str) {
        Some(value) => value.to_owned(),
        None => text(&instance, default).to_owned(),
    };
    let (secret, publishable) = (
        setting("secretKey", "secret_key"),
        setting("publishableKey", "publishable_key"),
    );
    let key_set = file.pointer(&format!("/keys/jwks/{}", text(case, "jwks")));
    let host = CaseHost::new(keys(&options), |method, path| {
        let answer = case
            .get("backend_api")
            .and_then(|api| api.get(format!("{method} {path}")));
        match answer {
            Some(answer) => response(answer),
            None if path == "/v1/jwks" => key_set.map(|keys| ApiResponse {
                status: 200,
                body: keys.to_string().into_bytes(),
            }),
            None => None,
        }
    });
    let state = options::request(case, &options, &secret, &publishable)
        .and_then(|options| authenticate(case, &options, &host)?.map_err(|error| error.to_string()));
    let calls = host.calls();
    let calls = if calls.is_empty() {
        Value::Null
    } else {
        json!(calls)
    };
    let mut got = match state {
        Ok(state) => state_of(&state)?,
        Err(error) => Map::from_iter([
            ("throws".to_owned(), first_line(&error)),
            ("http_status".to_owned(), json!(500)),
        ]),
    };
    got.insert("backend_api_calls".to_owned(), calls);
    Ok(present(got))
}

/// A Backend API response of a case. The default status is 200; `None` without status and body.
fn response(answer: &Value) -> Option<ApiResponse> {
    if answer.get("status").is_none() && answer.get("body").is_none() {
        return None;
    }
    let status = answer
        .get("status")
        .and_then(Value::as_u64)
        .and_then(|status| u16::try_from(status).ok());
    let body = match answer.get("body") {
        Some(Value::String(text)) => text.clone(),
        Some(body) => body.to_string(),
        None => String::new(),
    };
    Some(ApiResponse {
        status: status.unwrap_or(200),
        body: body.into_bytes(),
    })
}

/// A state in the format of the handshake cases.
fn state_of(state: &RequestState) -> Result<Map<String, Value>, String> {
    let header = |name: &str| {
        state
            .headers()
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    };
    let cookies: Vec<&String> = state
        .headers()
        .iter()
        .filter(|(name, _)| *name == "set-cookie")
        .map(|(_, value)| value)
        .collect();
    let debug: Map<String, Value> = state
        .debug_headers()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect();
    let mut fields = json!({
        "status": state.status(),
        "reason": state.reason().map(ToString::to_string),
        "message": state.message(),
        "http_status": if state.location().is_some() { 307 } else { 200 },
        "location": state.location().map(location).transpose()?,
        "set_cookie": if cookies.is_empty() { Value::Null } else { json!(cookies) },
        "cache_control": header("cache-control"),
        "access_control_allow_origin": header("access-control-allow-origin"),
        "access_control_allow_credentials": header("access-control-allow-credentials"),
        "debug_headers": if debug.is_empty() { Value::Null } else { Value::Object(debug) },
    });
    if let (RequestState::SignedIn(signed_in), Some(fields)) = (state, fields.as_object_mut()) {
        fields.insert("auth".to_owned(), auth_of(signed_in));
        fields.insert("token_used".to_owned(), json!(signed_in.token));
    }
    fields
        .as_object()
        .cloned()
        .ok_or_else(|| "not an object".to_owned())
}

fn location(location: &str) -> Result<Value, String> {
    let url = Url::parse(location).map_err(|error| error.to_string())?;
    let query: Map<String, Value> = url
        .query_pairs()
        .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
        .collect();
    let base = location.split('?').next().unwrap_or_default();
    Ok(json!({"base": base, "query": query}))
}

/// The auth object. A pending session has neither user nor session.
fn auth_of(signed_in: &clerk::SignedIn) -> Value {
    let claims = &signed_in.claims;
    if claims.is_pending() {
        return json!({
            "user_id": null, "session_id": null, "org_id": null, "org_slug": null, "org_role": null,
            "org_permissions": null, "session_status": "pending",
        });
    }
    let organization = claims.organization();
    json!({
        "user_id": claims.user_id(),
        "session_id": claims.session_id(),
        "org_id": organization.id,
        "org_slug": organization.slug,
        "org_role": organization.role,
        "org_permissions": organization.permissions,
        "session_status": claims.status(),
    })
}
