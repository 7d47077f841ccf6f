//! `auth`: requests of Clerk's unit tests, except machine tokens.

use super::host::CaseHost;
use super::requests::{authenticate, first_line, keys};
use super::{AUTH, cases, jwt, message, options, present, text};
use crate::report::Report;
use clerk::{ApiResponse, RequestState};
use serde_json::{Map, Value, json};

pub fn run(file: &Value, report: &mut Report) {
    let is_machine = |case: &&Value| case.get("machine_tokens") == Some(&Value::Bool(true));
    report.skip(
        &format!("{AUTH}: machine tokens"),
        cases(file, "auth").iter().filter(is_machine).count(),
    );
    for case in cases(file, "auth").iter().filter(|case| !is_machine(case)) {
        let got = auth(case).unwrap_or_else(|error| json!({"throws": first_line(&error)}));
        report.case(AUTH, text(case, "id"), &expected_auth(case), &got);
    }
}

/// The `x-clerk-auth-message` header and the order of query parameters are compared too.
fn expected_auth(case: &Value) -> Value {
    let expect = case.get("expect").cloned().unwrap_or_default();
    let throws = ["throws", "error"].iter().find_map(|name| expect.get(*name));
    if let Some(error) = throws {
        let error = error
            .as_str()
            .or_else(|| error.get("message").and_then(Value::as_str))
            .unwrap_or_default();
        return json!({"throws": first_line(error)});
    }
    let auth = expect
        .get("auth")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    json!({
        "status": expect.get("status"),
        "reason": expect.get("reason"),
        "message": expect.get("message").and_then(Value::as_str).map(message).unwrap_or_default(),
        "headers": expect.get("headers"),
        "auth": present(auth),
        "refresh": case.pointer("/refresh_call/args"),
    })
}

fn auth(case: &Value) -> Result<Value, String> {
    let options = case.get("options").cloned().unwrap_or_default();
    let http = cases(case, "http");
    let refreshed = case.pointer("/refresh_call/result");
    let host = CaseHost::new(keys(&options), |method, path| {
        let is_refresh = method == "POST" && path.ends_with("/refresh");
        match refreshed.filter(|_| is_refresh) {
            Some(answer) => Some(ApiResponse {
                status: 200,
                body: answer.to_string().into_bytes(),
            }),
            None => jwt::recorded(http, method, path),
        }
    });
    let request_options = options::request(
        case,
        &options,
        text(&options, "secretKey"),
        text(&options, "publishableKey"),
    )?;
    let state = authenticate(case, &request_options, &host)?.map_err(|error| error.to_string())?;
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in state.headers().iter().cloned().chain(state.debug_headers()) {
        if name == "set-cookie" {
            if let Some(lines) = headers.entry(name).or_insert_with(|| json!([])).as_array_mut() {
                lines.push(Value::from(value));
            }
        } else {
            headers.insert(name.to_owned(), Value::from(value));
        }
    }
    Ok(json!({
        "status": state.status(),
        "reason": state.reason().map(ToString::to_string),
        "message": state.message().map(message).unwrap_or_default(),
        "headers": headers,
        "auth": auth_object(&state),
        "refresh": refresh_call(&host),
    }))
}

/// The auth object in the format of the `auth` cases.
fn auth_object(state: &RequestState) -> Value {
    let RequestState::SignedIn(signed_in) = state else {
        return json!({});
    };
    let claims = &signed_in.claims;
    if claims.is_pending() {
        return json!({"sessionStatus": "pending"});
    }
    let organization = claims.organization();
    let object = json!({
        "sessionClaims": claims.as_map(),
        "sessionId": claims.session_id(),
        "sessionStatus": claims.status(),
        "userId": claims.user_id(),
        "orgId": organization.id,
        "orgRole": organization.role,
        "orgSlug": organization.slug,
    });
    present(object.as_object().cloned().unwrap_or_default())
}

/// The refresh call, as the arguments of Clerk's SDK.
fn refresh_call(host: &CaseHost<'_>) -> Option<Value> {
    let requests = host.requests.borrow();
    let call = requests.iter().find(|request| request.method == "POST")?;
    let (path, query) = call.path.split_once('?').unwrap_or((&call.path, ""));
    let session = path.strip_prefix("/v1/sessions/")?.strip_suffix("/refresh")?;
    let mut body = call.body.clone()?;
    body.as_object_mut()?.insert(
        "suffixed_cookies".to_owned(),
        Value::from(query == "suffixed_cookies=true"),
    );
    Some(json!([session, body]))
}
