//! Requests and responses.

use std::io::{Cursor, Read};
use std::time::Duration;

use serde_json::Value;
use ureq::http::{HeaderMap, Request};
use ureq::{Agent, SendBody};

use crate::{Stream, openapi, product};

/// Longer than any request takes.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A client with its own connections. It follows no redirects, and no status is an error.
#[must_use]
pub fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .allow_non_standard_methods(true)
        .timeout_global(Some(TIMEOUT))
        .build()
        .into()
}

/// A request.
#[derive(Debug, Clone)]
pub struct Call {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    is_chunked: bool,
}

impl Call {
    /// A request to the product.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        Self::to(method, format!("{}{path}", product().origin))
    }

    /// A request to any URL.
    #[must_use]
    pub fn to(method: &str, url: impl Into<String>) -> Self {
        Self {
            method: method.to_owned(),
            url: url.into(),
            headers: Vec::new(),
            body: None,
            is_chunked: false,
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a session token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// Adds a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Adds a body with this content type.
    #[must_use]
    pub fn body(self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.header("content-type", kind).bytes(body)
    }

    /// Adds a body without a content type.
    #[must_use]
    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends the body chunked, without its length.
    #[must_use]
    pub fn chunked(mut self) -> Self {
        self.is_chunked = true;
        self
    }

    /// Sends it and reads the whole response.
    #[must_use]
    #[track_caller]
    pub fn send(self) -> Answer {
        self.send_by(&agent())
    }

    /// Sends it over the connections of this client.
    ///
    /// # Panics
    /// If the response violates the OpenAPI document.
    #[must_use]
    #[track_caller]
    pub fn send_by(self, agent: &Agent) -> Answer {
        let (method, url, navigates) = (self.method.clone(), self.url.clone(), self.navigates());
        let (status, headers, mut reader) = self.open(agent);
        let mut body = Vec::new();
        reader.read_to_end(&mut body).expect("the response is complete");
        openapi::check(
            &openapi::Head {
                method: &method,
                url: &url,
                navigates,
                status,
                headers: &headers,
            },
            &body,
        );
        let answer = Answer {
            status,
            headers,
            body,
        };
        if answer.header("content-type").starts_with("text/event-stream") {
            // Reading an event validates it.
            Stream::new(Box::new(Cursor::new(answer.body.clone()))).for_each(drop);
        }
        answer
    }

    /// Sends it and reads the response as a stream of events.
    #[must_use]
    pub fn stream(self) -> Stream {
        let (method, url, navigates) = (self.method.clone(), self.url.clone(), self.navigates());
        let (status, headers, mut reader) = self.open(&agent());
        openapi::check_head(&openapi::Head {
            method: &method,
            url: &url,
            navigates,
            status,
            headers: &headers,
        });
        let kind = headers
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if status == 200 && kind.starts_with("text/event-stream") {
            return Stream::new(reader);
        }
        let mut body = String::new();
        reader
            .read_to_string(&mut body)
            .expect("the response is complete");
        panic!("{method} {url}: no stream of events but {status} {kind}: {body}");
    }

    /// Whether there is a response with a status below 500.
    #[must_use]
    pub fn answers(self) -> bool {
        self.ask(&agent())
            .is_ok_and(|answer| answer.status().as_u16() < 500)
    }

    /// Whether this is a navigation of a browser.
    fn navigates(&self) -> bool {
        self.headers
            .iter()
            .any(|(name, value)| name == "sec-fetch-mode" && value == "navigate")
    }

    fn open(self, agent: &Agent) -> (u16, HeaderMap, Box<dyn Read>) {
        let (head, body) = self
            .ask(agent)
            .unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.url))
            .into_parts();
        (head.status.as_u16(), head.headers, Box::new(body.into_reader()))
    }

    fn ask(&self, agent: &Agent) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        match (&self.body, self.is_chunked) {
            (None, _) => agent.run(request.body(())?),
            (Some(body), false) => agent.run(request.body(body.as_slice())?),
            (Some(body), true) => {
                let mut reader = body.as_slice();
                agent.run(request.body(SendBody::from_reader(&mut reader))?)
            }
        }
    }
}

/// A complete response.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header as text, empty if there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it is not JSON.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{} is not JSON: {error}: {}", self.status, self.text()))
    }

    /// Asserts the status.
    ///
    /// # Panics
    /// If it is different.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// The JSON of a response with this status.
    ///
    /// # Panics
    /// If the status is different or the body is not JSON.
    #[track_caller]
    pub fn json_of(self, status: u16) -> Value {
        self.expect(status).json()
    }

    /// Asserts a complete problem document with this status and slug.
    ///
    /// # Panics
    /// If it is different.
    #[track_caller]
    pub fn problem(&self, status: u16, slug: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.text()
        );
        let problem = self.json();
        assert_eq!(
            problem["type"],
            format!("urn:persona:problem:{slug}"),
            "{problem}"
        );
        assert_eq!(problem["status"], status, "{problem}");
        for name in ["title", "detail"] {
            assert!(
                problem[name].as_str().is_some_and(|text| !text.is_empty()),
                "{name} of {problem}"
            );
        }
        let request_id = self.header("x-request-id");
        assert!(
            uuid::Uuid::try_parse(request_id).is_ok(),
            "x-request-id is {request_id:?}"
        );
        assert_eq!(problem["instance"], format!("urn:uuid:{request_id}"), "{problem}");
        problem
    }

    /// The fields of a 422 with their codes, sorted: `name required`.
    ///
    /// # Panics
    /// If it is not a 422.
    #[track_caller]
    pub fn field_errors(&self) -> Vec<String> {
        let problem = self.problem(422, "invalid");
        let errors = problem["errors"].as_array().expect("`errors` is a list");
        let mut lines: Vec<String> = errors
            .iter()
            .map(|error| {
                assert!(
                    error["message"].as_str().is_some_and(|text| !text.is_empty()),
                    "{error}"
                );
                format!(
                    "{} {}",
                    error["field"].as_str().unwrap(),
                    error["code"].as_str().unwrap()
                )
            })
            .collect();
        lines.sort();
        lines
    }
}
