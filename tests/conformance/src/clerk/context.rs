//! `context` and `request_url`: data extracted from a request.

use super::requests::request;
use super::{AUTH, cases, options, text};
use crate::report::Report;
use clerk::{Context, Cookies, Environment, RequestOptions, auto_proxy_path};
use serde_json::{Map, Value, json};

pub fn run(file: &Value, report: &mut Report) {
    for case in cases(file, "context") {
        let got = context(case).unwrap_or_else(Value::String);
        report.case(
            AUTH,
            text(case, "id"),
            &case.get("expect").cloned().unwrap_or_default(),
            &got,
        );
    }
    for case in cases(file, "request_url") {
        let got = request_url(case).unwrap_or_else(Value::String);
        report.case(
            AUTH,
            text(case, "id"),
            &case.get("expect").cloned().unwrap_or_default(),
            &got,
        );
    }
}

fn context(case: &Value) -> Result<Value, String> {
    let request = request(case)?;
    let options = case.get("options").cloned().unwrap_or_default();
    let key = text(&options, "publishableKey");
    let options: RequestOptions = options::request(case, &options, "sk_test_case", key)?;
    let variable = |name: &str| {
        case.pointer(&format!("/env/{name}"))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let environment = Environment {
        target: variable("VERCEL_TARGET_ENV"),
        production_host: variable("VERCEL_PROJECT_PRODUCTION_URL"),
        disabled: variable("CLERK_DISABLE_AUTO_PROXY"),
    };
    let proxy = auto_proxy_path(&options, &environment, request.url()).map(str::to_owned);
    let options = RequestOptions {
        proxy_url: options.proxy_url.clone().or(proxy),
        ..options
    };
    let context = Context::new(&request, &options);
    Ok(json!({
        "usesSuffixedCookies": context.uses_suffixed_cookies,
        "sessionTokenInCookie": context.session_token,
        "clientUat": context.client_uat,
        "devBrowserToken": context.dev_browser,
        "frontendApi": context.frontend_api,
        "proxyUrl": context.proxy_url,
        "tokenInHeader": context.token_in_header,
    }))
}

fn request_url(case: &Value) -> Result<Value, String> {
    let request = request(case)?;
    let url = request.forwarded_url();
    let cookies = Cookies::parse(request.header("cookie").unwrap_or_default());
    let cookies: Map<String, Value> = cookies
        .iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value.into_owned())))
        .collect();
    Ok(json!({
        "clerkUrl": url.as_str(),
        "origin": url.origin().ascii_serialization(),
        "cookies": cookies,
    }))
}
