//! `verify`, `decode`, `signature` and `extended`: token verification.

use super::host::{CaseHost, Keys, ready, verify_rs256};
use super::{JWT, cases, message, options, text};
use crate::report::Report;
use clerk::{
    ApiResponse, SignatureCheck, TokenError, TokenOptions, TokenReason, UnverifiedToken, verify_token,
};
use serde_json::{Value, json};

pub fn run(file: &Value, report: &mut Report) {
    for case in cases(file, "verify") {
        let got = verify(case);
        report.case(JWT, text(case, "id"), &expected(case), &got);
    }
    for case in cases(file, "extended") {
        let got = extended(case, file);
        report.case(JWT, text(case, "id"), &expected(case), &got);
    }
    for case in cases(file, "decode") {
        let got = match UnverifiedToken::parse(text(case, "token")) {
            Ok(token) => json!({"header": token.header_json(), "payload": token.payload_json()}),
            Err(error) => error_json(&error),
        };
        report.case(JWT, text(case, "id"), &expected(case), &got);
    }
    for case in cases(file, "signature") {
        report.case(JWT, text(case, "id"), &expected_signature(case), &signature(case));
    }
}

/// The expected result. Errors are compared by reason and message.
fn expected(case: &Value) -> Value {
    let expect = case.get("expect").cloned().unwrap_or_default();
    match expect.get("error") {
        // A JavaScript error without a reason.
        Some(error) if text(error, "reason").is_empty() => json!({"error": {"reason": "unexpected-error"}}),
        Some(error) => {
            json!({"error": {"reason": text(error, "reason"), "message": message(text(error, "message"))}})
        }
        None if expect.get("header").is_some() => {
            json!({"header": expect.get("header"), "payload": expect.get("payload")})
        }
        None => expect,
    }
}

fn error_json(error: &TokenError) -> Value {
    match error.reason {
        TokenReason::Unexpected => json!({"error": {"reason": error.reason.as_str()}}),
        reason => json!({"error": {"reason": reason.as_str(), "message": message(&error.message)}}),
    }
}

fn verify(case: &Value) -> Value {
    let options = case.get("options").cloned().unwrap_or_default();
    let local = options.get("jwtKey").filter(|key| **key != "");
    let keys = if let Some(key) = options.get("key") {
        options::key(key).map_or(Keys::Unusable, |key| Keys::Local(Some(key)))
    } else if let Some(key) = local {
        Keys::Local(options::key(key))
    } else if !text(&options, "secretKey").is_empty() {
        let api = Some(text(&options, "apiUrl"))
            .filter(|url| !url.is_empty())
            .unwrap_or(clerk::API_URL);
        Keys::Remote(format!("{api}/v1/jwks"))
    } else {
        Keys::None
    };
    let http = cases(case, "http");
    let host = CaseHost::new(keys, |method, path| recorded(http, method, path));
    verify_case(case, &options, &host)
}

/// The recorded response to a call.
pub fn recorded(http: &[Value], method: &str, path: &str) -> Option<ApiResponse> {
    let matches = |call: &&Value| {
        let url = text(call, "url").split('?').next().unwrap_or_default();
        text(call, "method") == method && url.ends_with(path)
    };
    let call = http.iter().find(matches)?;
    let status = call
        .get("status")
        .and_then(Value::as_u64)
        .and_then(|status| u16::try_from(status).ok());
    Some(ApiResponse {
        status: status?,
        body: text(call, "body").as_bytes().to_vec(),
    })
}

/// Additional cases, signed with key `a`, which is the local key by default.
fn extended(case: &Value, file: &Value) -> Value {
    let options = case.get("options").cloned().unwrap_or_default();
    let default = file.pointer("/extended_keys/a/public_pem");
    let key = options.get("jwtKey").or(default).cloned().unwrap_or_default();
    let keys = if key == "" {
        Keys::None
    } else {
        Keys::Local(options::key(&key))
    };
    verify_case(case, &options, &CaseHost::offline(keys))
}

fn verify_case(case: &Value, options: &Value, host: &CaseHost<'_>) -> Value {
    let options: TokenOptions = options::token(case, options);
    match ready(verify_token(text(case, "token"), host, &options)) {
        Ok(Ok(claims)) => json!({"claims": claims.as_map()}),
        Ok(Err(error)) => error_json(&error),
        Err(error) => Value::String(error),
    }
}

fn signature(case: &Value) -> Value {
    let token = match UnverifiedToken::parse(text(case, "token")) {
        Ok(token) => token,
        Err(error) => return error_json(&error),
    };
    match case.get("key").and_then(options::key) {
        Some(key) => {
            let answer = verify_rs256(&key, token.signing_input(), token.signature());
            json!({"data": answer == SignatureCheck::Valid})
        }
        // Errors for invalid keys differ between libraries.
        None => json!({"error": {"reason": "token-invalid-signature"}}),
    }
}

/// The expected result of a `signature` case. Errors are compared by reason.
fn expected_signature(case: &Value) -> Value {
    let mut expect = case.get("expect").cloned().unwrap_or_default();
    if let Some(reason) = expect.pointer("/error/reason").cloned() {
        expect = json!({"error": {"reason": reason}});
    }
    expect
}
