//! Error pages for browsers. They need no script, no asset and no configuration.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use uuid::Uuid;

use crate::{Error, Response};

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
/// Nothing may load but the page's own style, named by its hash, and the icon. A test compares the hash.
const POLICY: &str = "default-src 'none'; style-src 'sha256-bdDfYuh0OzPqVsn6YmowzyNhcgI4LG6/4tyCdcqjNx4='; \
    img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// An error page: what went wrong and what to do about it.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The HTTP status.
    pub status: StatusCode,
    /// What went wrong, in a few words.
    pub title: &'a str,
    /// The same in a sentence or two.
    pub text: &'a str,
    /// What may help. One sentence each.
    pub advice: &'a [&'a str],
    /// The main link: its label and address. An empty address loads the same page again.
    pub action: (&'a str, &'a str),
    /// A paragraph for the operator of the site.
    pub note: Option<&'a str>,
}

const TRY_AGAIN: (&str, &str) = ("Try again", "");
const DASHBOARD: (&str, &str) = ("Go to the dashboard", "/dashboard");
const SIGN_IN: (&str, &str) = ("Sign in", "/sign-in");

impl Page<'_> {
    /// The page of an error, whose own sentence is `text`.
    pub(crate) fn of<'a>(error: &Error, text: &'a str) -> Page<'a> {
        let (title, text, action) = match error {
            Error::Unauthenticated(_) => ("Sign in to continue", "This page needs a session.", SIGN_IN),
            Error::NotFound(_) => (
                "Page not found",
                "There is no page at this address. It may be mistyped, or what was here is gone.",
                DASHBOARD,
            ),
            Error::MethodNotAllowed(_) => (
                "This address cannot be used that way",
                "It is a page to open, not an address to send a form to.",
                DASHBOARD,
            ),
            Error::Unavailable(_) => (
                "Briefly unavailable",
                "A service that this page needs does not answer. Nothing you saved is lost. Try again in a moment.",
                TRY_AGAIN,
            ),
            Error::Internal(_) => (
                "Something went wrong",
                "The mistake is on our side. Nothing you saved is lost. \
                 If it happens again, report it with the reference below.",
                TRY_AGAIN,
            ),
            _ => (error.kind().title(), text, TRY_AGAIN),
        };
        Page {
            status: StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            title,
            text,
            advice: &[],
            action,
            note: None,
        }
    }

    /// The page as a response. `request_id` is the reference under which the log has the request.
    pub fn response(&self, request_id: Uuid) -> Response {
        let mut response = Response::new(self.html(request_id).into());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        secure(headers);
        response
    }

    fn html(&self, request_id: Uuid) -> String {
        let items: String = self
            .advice
            .iter()
            .map(|item| format!("        <li>{}</li>\n", escaped(item)))
            .collect();
        let advice = if items.is_empty() {
            items
        } else {
            format!("      <ul>\n{items}      </ul>\n")
        };
        let note = self
            .note
            .map(|note| format!("      <p class=\"small\">{}</p>\n", escaped(note)))
            .unwrap_or_default();
        // Without an id the log has nothing to look for.
        let reference = if request_id.is_nil() {
            String::new()
        } else {
            format!("      <p class=\"small\">Reference: <code>{request_id}</code></p>\n")
        };
        // Values come last, so that nothing in them is taken for a placeholder.
        let mut html = TEMPLATE.replace("{{style}}", STYLE);
        for (name, value) in [
            ("{{label}}", escaped(self.action.0)),
            ("{{href}}", escaped(self.action.1)),
            ("{{reference}}", reference),
            ("{{title}}", escaped(self.title)),
            ("{{text}}", escaped(self.text)),
            ("{{advice}}", advice),
            ("{{note}}", note),
        ] {
            html = html.replace(name, &value);
        }
        html
    }
}

/// The headers that every page carries, beside its content security policy.
pub fn secure(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Text as it stands in HTML. Braces are escaped too: a placeholder in a value must stay text.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '{' => html.push_str("&#123;"),
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn the_policy_names_the_style() {
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        assert!(POLICY.contains(&format!("'sha256-{hash}'")), "sha256-{hash}");
    }

    #[test]
    fn values_are_text_and_no_placeholder_is_left() {
        let page = Page {
            status: StatusCode::BAD_REQUEST,
            title: "<b> & \"{{note}}\"",
            text: "{{title}}",
            advice: &["<script>", "b"],
            action: ("Go", "/?a=1&b=\"2\""),
            note: Some("{{reference}}"),
        };
        let html = page.html(Uuid::max());
        assert!(
            !html.contains("{{") && !html.contains("<script") && !html.contains("<b>"),
            "{html}"
        );
        assert!(html.contains("<li>&lt;script&gt;</li>"), "{html}");
        assert!(html.contains(r#"href="/?a=1&amp;b=&quot;2&quot;""#), "{html}");
        assert!(
            html.contains("<code>ffffffff-ffff-ffff-ffff-ffffffffffff</code>"),
            "{html}"
        );
    }
}
