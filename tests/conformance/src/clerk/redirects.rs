//! Redirect targets.

use super::{REDIRECT, cases, text};
use crate::report::Report;
use clerk::AllowedOrigin;
use regex::Regex;
use serde_json::Value;
use url::Url;

pub fn run(file: &Value, report: &mut Report) {
    for (i, case) in cases(file, "cases").iter().enumerate() {
        let id = format!("{}-{i} {}", text(case, "fn"), text(case, "url"));
        match check(case) {
            Ok(got) => {
                report.case(
                    REDIRECT,
                    &id,
                    &case.get("expect").cloned().unwrap_or_default(),
                    &Value::Bool(got),
                );
            }
            Err(error) => report.error(REDIRECT, &format!("{id}: {error}")),
        }
    }
}

fn check(case: &Value) -> Result<bool, String> {
    let url = text(case, "url");
    match text(case, "fn") {
        "isProblematicUrl" => Url::parse(url)
            .map(|url| clerk::is_problematic_url(&url))
            .map_err(|error| error.to_string()),
        "isAllowedRedirect" => {
            let allowed = case.get("allowed").and_then(Value::as_array);
            let allowed = allowed.map(|list| list.iter().map(allowed_origin).collect::<Result<Vec<_>, _>>());
            let allowed = allowed.transpose()?;
            Ok(clerk::is_allowed_redirect(
                url,
                text(case, "current_origin"),
                allowed.as_deref(),
            ))
        }
        other => Err(format!("unknown function {other}")),
    }
}

/// A regular expression with the prefix `re:`, or else a glob.
fn allowed_origin(value: &Value) -> Result<AllowedOrigin, String> {
    let text = value.as_str().unwrap_or_default();
    match text.strip_prefix("re:") {
        Some(expression) => {
            let expression = Regex::new(expression).map_err(|error| error.to_string())?;
            Ok(AllowedOrigin::Rule(Box::new(move |origin| {
                expression.is_match(origin)
            })))
        }
        None => Ok(AllowedOrigin::Glob(text.to_owned())),
    }
}
