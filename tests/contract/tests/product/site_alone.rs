//! `site` with replaced functions, assets and Clerk: header bytes, client addresses, failures and timeouts.

use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::raw::{exchange, head, values};
use contract::{Alone, Call};

/// Latin-1, UTF-8 of the same letter, and bytes that are neither.
const BYTES: &[u8] = b"a\xe9\xc3\xa9\x80\xffz";
const BROWSER: [(&str, &str); 3] = [
    ("accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-mode", "navigate"),
];
const NOT_FOUND: &[u8] = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

fn ok(headers: &[u8]) -> Vec<u8> {
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n",
        headers,
        b"\r\nok",
    ]
    .concat()
}

fn request(method: &str, path: &str, headers: &[u8]) -> Vec<u8> {
    let first = format!("{method} {path} HTTP/1.1\r\nhost: site.example\r\nconnection: close\r\n");
    [first.as_bytes(), headers, b"\r\n"].concat()
}

fn browse(site: &Alone, path: &str) -> contract::Answer {
    let call = Call::to("GET", format!("{}{path}", site.origin));
    BROWSER
        .iter()
        .fold(call, |call, (name, value)| call.header(name, *value))
        .send()
}

/// The headers of the newest outbound request whose path starts with `path`.
fn outbound(site: &Alone, path: &str) -> Vec<(String, Vec<u8>)> {
    let all = site.requests();
    let found = all.iter().rev().find(|request| {
        let line = String::from_utf8_lossy(request).into_owned();
        line.split(' ')
            .nth(1)
            .is_some_and(|requested| requested.starts_with(path))
    });
    head(found.unwrap_or_else(|| panic!("no request for {path}"))).1
}

#[test]
fn header_values_are_forwarded_byte_for_byte() {
    let line = [b"x-test: ", BYTES, b"\r\nx-name: Zo\xc3\xab\r\n"].concat();
    let answered = line.clone();
    let site = Alone::start(&[], move |_| Some(ok(&answered)));
    for path in ["/api/me", "/auth/callback", "/__clerk/v1/client", "/assets/a.css"] {
        let answer = exchange(&site.origin, &request("GET", path, &line));
        let (status, headers) = head(&answer);
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&answer));
        assert_eq!(values(&headers, "x-test"), [BYTES], "{path}: response");
        assert_eq!(
            values(&headers, "x-name"),
            ["Zo\u{eb}".as_bytes()],
            "{path}: response"
        );
        if path.starts_with("/assets/") {
            continue;
        }
        let path = path.trim_start_matches("/__clerk");
        let sent = outbound(&site, path);
        assert_eq!(values(&sent, "x-test"), [BYTES], "{path}: request");
        assert_eq!(
            values(&sent, "x-name"),
            ["Zo\u{eb}".as_bytes()],
            "{path}: request"
        );
    }
}

#[test]
fn the_clerk_proxy_forwards_only_trusted_addresses() {
    let claims = b"cf-connecting-ip: 6.6.6.6\r\nx-forwarded-for: 6.6.6.6, 10.1.2.3\r\nx-real-ip: 6.6.6.6\r\n\
        forwarded: for=6.6.6.6\r\ntrue-client-ip: 6.6.6.6\r\nx-forwarded-host: evil.example\r\n\
        x-forwarded-proto: gopher\r\nx-keep: kept\r\n";
    for (trusted, expected) in [
        (None, &["127.0.0.1"][..]),
        (Some("0"), &["127.0.0.1"]),
        (Some("1"), &["10.1.2.3"]),
        (Some("2"), &["6.6.6.6"]),
        (Some("3"), &[]),
        (Some("cloudflare"), &[]),
    ] {
        let set = trusted.map(|value| ("TRUSTED_PROXIES", value));
        let site = Alone::start(set.as_slice(), |_| Some(ok(b"")));
        let _ = exchange(&site.origin, &request("GET", "/__clerk/v1/client", claims));
        let sent = outbound(&site, "/v1/client");
        let addresses: Vec<_> = values(&sent, "x-forwarded-for")
            .into_iter()
            .map(String::from_utf8_lossy)
            .collect();
        assert_eq!(addresses, expected, "{trusted:?}");
        assert_eq!(
            values(&sent, "x-forwarded-host"),
            [b"site.example"],
            "{trusted:?}"
        );
        assert_eq!(values(&sent, "x-forwarded-proto"), [b"http"], "{trusted:?}");
        assert_eq!(values(&sent, "x-keep"), [b"kept"], "{trusted:?}");
        for name in ["cf-connecting-ip", "x-real-ip", "forwarded", "true-client-ip"] {
            assert!(values(&sent, name).is_empty(), "{trusted:?}: {name}");
        }
    }
}

#[test]
fn a_failed_function_is_a_503_page_for_browsers_and_a_problem_otherwise() {
    // An empty response closes the connection.
    let site = Alone::start(&[], |_| Some(Vec::new()));
    for path in ["/auth/callback", "/api/me", "/assets/a.js", "/sign-in", "/"] {
        let page = browse(&site, path).expect(503);
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        assert!(page.text().contains("<h1>Briefly unavailable</h1>"), "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("retry-after"), "2", "{path}");
        let _ = Call::to("GET", format!("{}{path}", site.origin))
            .header("accept", "application/json")
            .send()
            .problem(503, "unavailable");
    }
}

#[test]
fn without_clerks_keys_a_page_is_503_instead_of_a_redirect_to_sign_in() {
    let site = Alone::start(&[], |path| match path {
        "/v1/jwks" => Some(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec()),
        _ => Some(ok(b"")),
    });
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let claims = r#"{"iat":4000000000,"exp":4000000060,"sub":"user_1","sid":"sess_1"}"#;
    let token = format!(
        "{}.{}.{}",
        part(r#"{"alg":"RS256","typ":"JWT","kid":"ins_1"}"#),
        part(claims),
        part("signature")
    );
    let cookie = format!("__session={token}; __client_uat=1; __clerk_db_jwt=dvb_1");
    let call = Call::to("GET", format!("{}/dashboard", site.origin)).header("cookie", cookie);
    let page = BROWSER
        .iter()
        .fold(call, |call, (name, value)| call.header(name, *value))
        .send();
    assert_eq!(page.status, 503, "{}", site.log());
    assert!(
        page.text().contains("<h1>Briefly unavailable</h1>"),
        "{}",
        page.text()
    );
}

#[test]
fn only_successful_asset_responses_are_cached() {
    let site = Alone::start(&[], |path| {
        let status = path
            .trim_start_matches("/assets/")
            .split('.')
            .next()
            .unwrap_or_default();
        let known = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
        let status = if known { status } else { "200" };
        Some(
            format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\ncontent-type: text/css\r\nconnection: close\r\n\r\nok")
                .into_bytes(),
        )
    });
    for (path, status, caching) in [
        ("/assets/app.css", 200, "public, max-age=31536000, immutable"),
        ("/assets/416.css", 416, "no-store"),
        ("/assets/403.css", 403, "no-store"),
        ("/assets/500.css", 503, "no-store"),
        ("/assets/503.css", 503, "no-store"),
        ("/assets/404.css", 404, "no-store"),
    ] {
        let answer = Call::to("GET", format!("{}{path}", site.origin)).send();
        assert_eq!(
            (answer.status, answer.header("cache-control")),
            (status, caching),
            "{path}"
        );
    }
}

#[test]
fn production_requires_authorized_parties() {
    // clerk.example.com
    let live = ("CLERK_PUBLISHABLE_KEY", "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k");
    let site = Alone::start(&[live], |_| Some(ok(b"")));
    let answer = Call::to("GET", format!("{}/sign-in", site.origin)).send();
    let problem = answer.expect(500).json();
    assert_eq!(problem["type"], "urn:persona:problem:internal");
    assert!(
        !problem.to_string().contains("CLERK"),
        "settings are only logged: {problem}"
    );
    let page = browse(&site, "/dashboard").expect(500);
    assert!(page.text().contains("<h1>Something went wrong</h1>"));
    assert!(
        site.log().contains("CLERK_AUTHORIZED_PARTIES"),
        "the log names the setting: {}",
        site.log()
    );
    let set = ("CLERK_AUTHORIZED_PARTIES", "https://app.example.com");
    let site = Alone::start(&[live, set], |_| Some(ok(b"")));
    let _ = Call::to("GET", format!("{}/sign-in", site.origin))
        .send()
        .expect(200);
}

#[test]
fn outbound_requests_time_out() {
    let site = Alone::start(&[], |path| match path {
        "/assets/never.js" | "/v1/client" => None,
        _ => Some(NOT_FOUND.to_vec()),
    });
    for (path, most) in [("/assets/never.js", 12), ("/__clerk/v1/client", 17)] {
        let begun = Instant::now();
        let answer = Call::to("GET", format!("{}{path}", site.origin)).send();
        let _ = answer.problem(503, "unavailable");
        assert!(
            begun.elapsed() < Duration::from_secs(most),
            "{path}: {:?}",
            begun.elapsed()
        );
    }
}
