//! Document requests with an expired session token: a handshake with Clerk renews it. Only an ended session leads to
//! sign-in.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::person::control;
use contract::{Answer, Call, Person, product};
use serde_json::json;

/// More redirects than any handshake needs.
const HOPS_MAX: usize = 8;

/// A minimal browser with redirects and cookies.
struct Browser {
    cookies: BTreeMap<String, String>,
    /// Every requested URL.
    seen: Vec<String>,
}

impl Browser {
    fn with(cookies: &str) -> Self {
        let pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
        let cookies = pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self {
            cookies,
            seen: Vec::new(),
        }
    }

    fn ask(&mut self, url: &str) -> Answer {
        let cookie: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let answer = Call::to("GET", url)
            .header("cookie", cookie.join("; "))
            .header("accept", "text/html")
            .header("sec-fetch-dest", "document")
            .send();
        self.seen
            .push(url.strip_prefix(&product().origin).unwrap_or(url).to_owned());
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            let is_expired = value.is_empty() || line.to_lowercase().contains("max-age=0");
            if is_expired {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Opens a document and follows redirects.
    fn open(&mut self, path: &str) -> Answer {
        let mut url = format!("{}{path}", product().origin);
        for _ in 0..HOPS_MAX {
            let answer = self.ask(&url);
            let location = answer.header("location");
            if !(300..400).contains(&answer.status) {
                return answer;
            }
            url = if location.starts_with('/') {
                format!("{}{location}", product().origin)
            } else {
                location.to_owned()
            };
        }
        panic!("a redirect loop: {:#?}", self.seen);
    }

    /// The current path, without the query.
    fn location(&self) -> &str {
        self.seen.last().unwrap().split('?').next().unwrap()
    }
}

#[test]
fn an_expired_token_of_an_active_session_is_renewed() {
    let person = Person::new();
    for (path, at) in [
        ("/dashboard", "/dashboard"),
        ("/personas/new?from=here", "/personas/new"),
        ("/auth/callback?redirect_url=%2Fpersonas%2Fnew", "/personas/new"),
    ] {
        let expired = person.token(&json!({ "iat": 1_700_000_000 }));
        let mut browser = Browser::with(&person.cookie_with(&expired));
        let answer = browser.open(path);
        assert_eq!(
            (answer.status, browser.location()),
            (200, at),
            "{:#?}",
            browser.seen
        );
        assert!(
            browser.seen.iter().any(|url| url.starts_with("/__clerk/")),
            "Clerk is called: {:#?}",
            browser.seen
        );
        assert!(
            !browser.seen.last().unwrap().contains("__clerk_"),
            "the URL has no parameters of the handshake: {:#?}",
            browser.seen
        );
        assert!(
            browser
                .cookies
                .iter()
                .any(|(name, value)| name.starts_with("__session") && *value != expired),
            "a new token"
        );
        let count = browser.seen.len();
        let _ = browser.open("/dashboard").expect(200);
        assert_eq!(browser.seen.len(), count + 1, "the next page needs no redirect");
    }
}

#[test]
fn an_ended_session_leads_to_sign_in_with_the_requested_page() {
    let person = Person::new();
    let expired = person.token(&json!({ "iat": 1_700_000_000 }));
    let _ = control(&format!("sessions/{}/revoke", person.session), &json!({}));
    let mut browser = Browser::with(&person.cookie_with(&expired));
    let _ = browser.open("/personas/new").expect(200);
    assert_eq!(browser.location(), "/sign-in", "{:#?}", browser.seen);
    assert!(
        browser
            .seen
            .last()
            .unwrap()
            .ends_with("redirect_url=%2Fpersonas%2Fnew"),
        "{:#?}",
        browser.seen
    );
}

#[test]
fn a_redirect_loop_ends_with_a_page_after_three_redirects() {
    let person = Person::new();
    let expired = person.token(&json!({ "iat": 1_700_000_000 }));
    let round = |count: u8| {
        let cookies = format!("{}; __clerk_redirect_count={count}", person.cookie_with(&expired));
        Browser::with(&cookies).ask(&format!("{}/dashboard", product().origin))
    };
    for count in 0..3 {
        let answer = round(count).expect(307);
        assert!(
            answer.header("location").contains("/v1/client/handshake"),
            "{count}"
        );
        let counted = format!("__clerk_redirect_count={};", count + 1);
        assert!(
            answer
                .headers
                .get_all("set-cookie")
                .iter()
                .any(|line| line.to_str().unwrap().starts_with(&counted)),
            "{count}: {:?}",
            answer.headers
        );
    }
    let stopped = round(3).expect(503);
    assert_eq!(stopped.header("cache-control"), "no-store");
    let page = stopped.text();
    for words in [
        "Sign-in did not succeed",
        "date and time",
        "cookies",
        "CLERK_SECRET_KEY",
        "session-token-iat-before-client-uat",
    ] {
        assert!(page.contains(words), "{words} in {page}");
    }
}

#[test]
fn only_documents_are_redirected_to_clerk() {
    let person = Person::new();
    let expired = person.token(&json!({ "iat": 1_700_000_000 }));
    let cookie = person.cookie_with(&expired);
    let script = |path: &str| {
        Call::new("GET", path)
            .header("cookie", &cookie)
            .header("accept", "application/json")
            .header("sec-fetch-dest", "empty")
            .send()
    };
    let _ = script("/api/me").problem(401, "unauthenticated");
    for path in ["/dashboard", "/auth/callback"] {
        let location = script(path).header("location").to_owned();
        assert!(
            location.starts_with("/sign-in"),
            "{path} sends a script to {location}"
        );
    }
}

#[test]
fn a_new_visitor_is_not_redirected_to_clerk() {
    let mut browser = Browser::with("");
    let _ = browser.open("/dashboard").expect(200);
    assert_eq!(browser.location(), "/sign-in", "{:#?}", browser.seen);
    for page in ["/", "/sign-in"] {
        let _ = Browser::with("")
            .ask(&format!("{}{page}", product().origin))
            .expect(200);
    }
}

#[test]
fn a_cookie_token_without_azp_opens_pages_but_not_the_api() {
    let person = Person::new();
    let token = person.token(&json!({ "origin": null }));
    let mut browser = Browser::with(&person.cookie_with(&token));
    let _ = browser.open("/dashboard").expect(200);
    assert_eq!(browser.location(), "/dashboard", "{:#?}", browser.seen);
    let _ = Call::new("GET", "/api/me")
        .bearer(&token)
        .send()
        .problem(401, "unauthenticated");
}

#[test]
fn cookies_of_another_app_on_this_host_lead_to_sign_in() {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let claims = r#"{"iss":"https://other-app-9.clerk.accounts.dev","sub":"user_9","sid":"sess_9","iat":4000000000,
        "exp":4000000060,"azp":"http://localhost:3000"}"#;
    let token = format!(
        "{}.{}.{}",
        part(r#"{"alg":"RS256","typ":"JWT","kid":"ins_other"}"#),
        part(claims),
        part("signature")
    );
    let cookies = format!(
        "__session={token}; __client_uat=1767225600; __session_1JMMgSB3={token}; __client_uat_1JMMgSB3=1767225600; \
         __clerk_db_jwt=dvb_other; __clerk_db_jwt_1JMMgSB3=dvb_other"
    );
    let mut browser = Browser::with(&cookies);
    let _ = browser.open("/dashboard").expect(200);
    assert_eq!(browser.location(), "/sign-in", "{:#?}", browser.seen);
}

#[test]
fn a_forged_handshake_token_does_not_sign_in() {
    let person = Person::new();
    let garbage = [
        "garbage",
        "a.b.c",
        &person.token,
        "eyJhbGciOiJub25lIn0.eyJoYW5kc2hha2UiOlsiX19zZXNzaW9uPXgiXX0.",
    ];
    for token in garbage {
        for name in ["__clerk_handshake", "__clerk_handshake_nonce"] {
            let mut browser = Browser::with("");
            let answer = browser.open(&format!("/dashboard?{name}={token}"));
            match browser.location() {
                "/sign-in" => assert_eq!(answer.status, 200, "{name}={token}: {}", answer.text()),
                // A development instance reports the error.
                _ => {
                    assert_eq!(answer.status, 400, "{name}={token}: {}", answer.text());
                    assert!(
                        answer.text().contains("This sign-in link is not valid"),
                        "{name}={token}: {}",
                        answer.text()
                    );
                }
            }
            assert!(
                !browser.cookies.keys().any(|name| name.starts_with("__session")),
                "{name}={token}"
            );
        }
    }
}
