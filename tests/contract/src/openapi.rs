//! Validates responses against the OpenAPI document.
//!
//! Every response that a test reads is validated, without exceptions by name: the document contains all `/api` paths, an
//! unknown path is 404, an unsupported method is 405, and errors of navigations are pages.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};
use ureq::http::HeaderMap;

use crate::product;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = std::fs::read_to_string(file()).expect("the document is in the repository");
    serde_json::from_str(&text).expect("the document is JSON")
});

/// The file of the OpenAPI document.
#[must_use]
pub fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/api/openapi.json")
}

/// The OpenAPI document of the repository.
#[must_use]
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// The page that shows the document.
const PAGE: &str = "/api/docs";

const PROBLEM: &str = "application/problem+json";

/// The head of a response and its request.
pub(crate) struct Head<'a> {
    pub method: &'a str,
    pub url: &'a str,
    /// Whether the request is a navigation of a browser.
    pub navigates: bool,
    pub status: u16,
    pub headers: &'a HeaderMap,
}

impl Head<'_> {
    fn kind(&self) -> &str {
        let kind = self
            .headers
            .get("content-type")
            .and_then(|value| value.to_str().ok());
        kind.unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
    }

    #[track_caller]
    fn refuse(&self, why: &str) -> ! {
        panic!(
            "{} {} answered {} {}, and the OpenAPI document does not allow that: {why}",
            self.method,
            self.url,
            self.status,
            self.kind()
        );
    }

    /// The path, if the request was sent to the product.
    fn path(&self) -> Option<&str> {
        let rest = self.url.strip_prefix(product().origin.as_str())?;
        Some(rest.split(['?', '#']).next().unwrap_or_default())
    }

    /// The document's description of this response, if it is one of the API.
    fn described(&self) -> Option<&'static Value> {
        let path = self.path()?;
        let is_api = path == "/api" || path.starts_with("/api/");
        let is_error_page = self.navigates && self.status >= 400 && self.kind() == "text/html";
        if !is_api || path == PAGE || is_error_page {
            return None;
        }
        let Some(methods) = methods_at(path) else {
            return self.must_be(404, "NotFound");
        };
        let method = if self.method == "HEAD" {
            "get"
        } else {
            &self.method.to_lowercase()
        };
        let Some(operation) = methods.get(method) else {
            return self.must_be(405, "MethodNotAllowed");
        };
        let Some(response) = operation["responses"].get(self.status.to_string()) else {
            self.refuse("this operation has no such status");
        };
        let reference = response["$ref"]
            .as_str()
            .and_then(|reference| reference.strip_prefix('#'));
        Some(reference.map_or(response, |pointer| {
            document().pointer(pointer).expect("references lead somewhere")
        }))
    }

    fn must_be(&self, status: u16, response: &str) -> Option<&'static Value> {
        if self.status != status {
            self.refuse(&format!("it must be {status}"));
        }
        document().pointer(&format!("/components/responses/{response}"))
    }
}

/// The methods of a path. Like the product, ignores a trailing slash.
fn methods_at(path: &str) -> Option<&'static Value> {
    fn segments(path: &str) -> Vec<&str> {
        path.split('/').filter(|segment| !segment.is_empty()).collect()
    }
    let asked = segments(path);
    let paths = document()["paths"].as_object().expect("the document has paths");
    paths.iter().find_map(|(template, methods)| {
        let known = segments(template);
        let fits = known.len() == asked.len()
            && known
                .iter()
                .zip(&asked)
                .all(|(known, asked)| known == asked || known.starts_with('{'));
        fits.then_some(methods)
    })
}

/// Validates the head of a response.
///
/// # Panics
/// If it is not.
#[track_caller]
pub(crate) fn check_head(head: &Head<'_>) {
    let Some(content) = head.described().map(|response| &response["content"]) else {
        return;
    };
    if content.is_null() && !head.kind().is_empty() && head.status != 304 {
        head.refuse("it has no body");
    }
    if !content.is_null() && content.get(head.kind()).is_none() {
        head.refuse("it has another content type");
    }
}

/// Validates a whole response.
///
/// # Panics
/// If it is not.
#[track_caller]
pub(crate) fn check(head: &Head<'_>, body: &[u8]) {
    check_head(head);
    if head.method == "HEAD" {
        return;
    }
    let schema = match head.described() {
        Some(response) => &response["content"][head.kind()]["schema"],
        // All problems have the same schema.
        None if head.path().is_some() && head.kind() == PROBLEM => {
            &json!({ "$ref": "#/components/schemas/Problem" })
        }
        None => return,
    };
    if head.kind().ends_with("json") {
        let body = serde_json::from_slice(body).unwrap_or_else(|error| head.refuse(&error.to_string()));
        if let Err(why) = validate(schema, &body) {
            head.refuse(&format!("{why}\n{body}"));
        }
    }
}

/// Validates an event of a reply's stream.
///
/// # Panics
/// If it is not.
#[track_caller]
pub(crate) fn check_event(name: &str, data: &Value) {
    let schema = json!({ "$ref": format!("#/components/schemas/ReplyEvents/properties/{name}") });
    if document()
        .pointer(&format!("/components/schemas/ReplyEvents/properties/{name}"))
        .is_none()
    {
        panic!("the OpenAPI document has no event {name:?}: {data}");
    }
    if let Err(why) = validate(&schema, data) {
        panic!("the OpenAPI document does not allow this {name:?}: {why}\n{data}");
    }
}

/// Validates a value against a schema with references to the document.
fn validate(schema: &Value, value: &Value) -> Result<(), String> {
    static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let validator = VALIDATORS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .entry(schema.to_string())
        .or_insert_with(|| {
            let whole = json!({ "allOf": [schema], "components": document()["components"] });
            let options = jsonschema::draft202012::options().should_validate_formats(true);
            Arc::new(options.build(&whole).expect("the document's schemas are schemas"))
        })
        .clone();
    let errors: Vec<_> = validator
        .iter_errors(value)
        .map(|error| format!("{} at {:?}", error, error.instance_path().to_string()))
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem() -> Value {
        json!({
            "type": "urn:persona:problem:gone", "title": "Gone", "status": 410, "detail": "Gone.",
            "instance": "urn:uuid:0199d2a0-0000-7000-8000-000000000001",
        })
    }

    #[test]
    fn problems_that_violate_the_schema_are_rejected() {
        let schema = document()
            .pointer("/components/responses/Gone/content/application~1problem+json/schema")
            .unwrap();
        assert_eq!(validate(schema, &problem()), Ok(()));
        for (name, value) in [
            ("more", json!(1)),
            ("type", json!("urn:persona:problem:stale")),
            ("type", json!("urn:persona:problem:unheard-of")),
            ("status", json!(409)),
            ("detail", Value::Null),
            ("resets_at", json!("tomorrow")),
        ] {
            let mut other = problem();
            other[name] = value;
            assert!(validate(schema, &other).is_err(), "{other}");
        }
        let mut less = problem();
        less.as_object_mut().unwrap().remove("title");
        assert!(validate(schema, &less).is_err());
    }

    #[test]
    fn every_object_except_a_card_is_closed() {
        for (name, schema) in document()["components"]["schemas"].as_object().unwrap() {
            if schema.get("properties").is_some() && !name.contains("Card") {
                assert_eq!(schema["additionalProperties"], false, "{name}");
            }
        }
    }

    #[test]
    fn paths_match_templates() {
        for (path, known) in [
            ("/api/personas", true),
            ("/api/personas/", true),
            ("/api/personas/7/restore", true),
            ("/api/personas/7/8", false),
            ("/api", false),
        ] {
            assert_eq!(methods_at(path).is_some(), known, "{path}");
        }
    }
}
