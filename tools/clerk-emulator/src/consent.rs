//! The pages of the emulated Google: account selection and errors.

use std::cmp::Reverse;
use std::fmt::Write as _;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::state::{Data, User};

const SUGGESTIONS_MAX: usize = 4;
const STYLE: &str = "\
:root{color-scheme:light dark;--ink:light-dark(#1f1f1f,#e8e8e8);--soft:light-dark(#5a5f66,#a4a9b0);--line:light-dark(#d9dce1,#3d4148);\
--card:light-dark(#fff,#1e2024);--main:light-dark(#1a56c4,#a8c7fa);--on-main:light-dark(#fff,#062e6f)}\
*{box-sizing:border-box}\
body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;grid-template-columns:minmax(0,26rem);place-content:center;padding:1rem;color:var(--ink);background:light-dark(#f1f3f6,#131416)}\
main{padding:1.75rem;background:var(--card);border:1px solid var(--line);border-radius:1rem}\
h1{font-size:1.375rem;line-height:1.3;margin:0 0 .25rem}p{margin:0 0 1.25rem;color:var(--soft);font-size:.9375rem}\
button,input{font:inherit;width:100%;padding:.55rem .8rem;border:1px solid var(--line);border-radius:.5rem;background:var(--card);color:var(--ink)}\
button{cursor:pointer}button:hover{background:light-dark(#f6f7f9,#272a2f)}\
:is(button,input):focus-visible{outline:2px solid var(--main);outline-offset:2px}\
.main{background:var(--main);border-color:var(--main);color:var(--on-main);font-weight:600}.main:hover{background:var(--main);filter:brightness(1.08)}\
.person{display:block;text-align:left;margin-bottom:.5rem}.person b,.person span{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}\
.person b{font-weight:500}.person span{font-size:.875rem;color:var(--soft)}\
label{display:block;margin-bottom:.75rem;font-size:.875rem;color:var(--soft)}label input{margin-top:.2rem;font-size:1rem}\
.names{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}\
h2{font-size:.875rem;font-weight:600;margin:1.25rem 0 .6rem;padding-top:1.25rem;border-top:1px solid var(--line)}form+form{margin-top:.5rem}";

/// The page to choose an account. The most recently used accounts come first.
pub fn account_page(data: &Data, application: &str) -> Response {
    let mut people: Vec<&User> = data.users.values().collect();
    people.sort_by_key(|user| Reverse(user.last_sign_in_at.max(Some(user.created_at))));
    let mut suggestions = String::new();
    let addresses = people
        .iter()
        .flat_map(|user| user.emails.iter().map(move |email| (user, email)));
    for (user, email) in addresses
        .filter(|(_, email)| email.is_verified())
        .take(SUGGESTIONS_MAX)
    {
        let names = [user.first_name.as_deref(), user.last_name.as_deref()];
        let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let email = escape(&email.value);
        let _ = write!(
            suggestions,
            "<button class=\"person\" name=\"email\" value=\"{email}\">"
        );
        if !name.is_empty() {
            let _ = write!(suggestions, "<b>{}</b>", escape(&name));
        }
        let _ = write!(suggestions, "<span>{email}</span></button>");
    }
    let other = if suggestions.is_empty() {
        String::new()
    } else {
        suggestions = format!("<form method=\"post\">{suggestions}</form>");
        "<h2>Use another account</h2>".to_owned()
    };
    let application = escape(application);
    page(
        StatusCode::OK,
        &format!(
            "<h1>Choose an account</h1><p>to continue to {application}. This page emulates Google on this machine.</p>{suggestions}{other}\
             <form method=\"post\"><label>Email <input name=\"email\" type=\"email\" required autocomplete=\"off\"></label>\
             <div class=\"names\"><label>First name <input name=\"first_name\" maxlength=\"100\" autocomplete=\"off\"></label>\
             <label>Last name <input name=\"last_name\" maxlength=\"100\" autocomplete=\"off\"></label></div>\
             <button class=\"main\">Continue</button></form>\
             <form method=\"post\"><button name=\"deny\" value=\"1\">Cancel</button></form>"
        ),
    )
}

/// The attempt has expired or does not exist.
pub fn expired_page() -> Response {
    page(
        StatusCode::BAD_REQUEST,
        "<h1>This request has expired</h1><p>Go back and try again.</p>",
    )
}

/// The submitted email address is invalid.
pub fn invalid_email_page() -> Response {
    page(
        StatusCode::UNPROCESSABLE_ENTITY,
        "<h1>This is not an email address</h1><p>Go back and try again.</p>",
    )
}

fn page(status: StatusCode, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Sign in with Google (emulated)</title><style>{STYLE}</style><body><main>{body}</main></body></html>"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ];
    (status, headers, html).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
