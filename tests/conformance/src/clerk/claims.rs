//! `claims`: checks of single claims.

use super::{JWT, cases, now_ms, text, texts};
use crate::report::Report;
use clerk::TokenError;
use serde_json::{Value, json};

pub fn run(file: &Value, report: &mut Report) {
    for case in cases(file, "claims") {
        let expected = match case.get("expect").and_then(|expect| expect.get("error")) {
            Some(error) => json!({"reason": text(error, "reason"), "message": text(error, "message")}),
            None => json!("ok"),
        };
        let Some(answer) = check(case) else {
            report.error(
                JWT,
                &format!("{}: unknown check {}", text(case, "id"), text(case, "check")),
            );
            continue;
        };
        let got = match answer {
            Ok(()) => json!("ok"),
            Err(error) => json!({"reason": error.reason.as_str(), "message": error.message}),
        };
        report.case(JWT, text(case, "id"), &expected, &got);
    }
}

fn check(case: &Value) -> Option<Result<(), TokenError>> {
    let args: Vec<Option<Value>> = cases(case, "args").iter().map(argument).collect();
    let arg = |i: usize| args.get(i).and_then(Option::as_ref);
    let list = || texts(arg(1));
    let skew = || arg(1).and_then(Value::as_i64).unwrap_or(clerk::SKEW_MS);
    let now = now_ms(case);
    Some(match text(case, "check") {
        "assertAudienceClaim" => clerk::check_audience(arg(0), &list()),
        "assertHeaderType" => clerk::check_type(arg(0), arg(1).map(|_| list()).as_deref()),
        "assertHeaderAlgorithm" => clerk::check_algorithm(arg(0)),
        "assertSubClaim" => clerk::check_subject(arg(0)),
        "assertAuthorizedPartiesClaim" => clerk::check_authorized_party(arg(0), &list()),
        "assertIssuerClaim" => clerk::check_issuer(arg(0), &list()),
        "assertExpirationClaim" => clerk::check_expiry(arg(0), now, skew()),
        "assertActivationClaim" => clerk::check_not_before(arg(0), now, skew()),
        "assertIssuedAtClaim" => clerk::check_issued_at(arg(0), now, skew()),
        _ => return None,
    })
}

/// The cases write `undefined` as `__undefined`. In a list it counts as null.
fn argument(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) if text == "__undefined" => None,
        Value::Array(list) => Some(
            list.iter()
                .map(|value| argument(value).unwrap_or_default())
                .collect(),
        ),
        value => Some(value.clone()),
    }
}
