//! Error pages for browsers, without scripts, assets or configuration.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use uuid::Uuid;

use crate::{Error, Response};

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
/// Allows only the inline style, by its hash, and the icon. A test compares the hash.
const POLICY: &str = "default-src 'none'; style-src 'sha256-bdDfYuh0OzPqVsn6YmowzyNhcgI4LG6/4tyCdcqjNx4='; \
    img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// An error page.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The HTTP status.
    pub status: StatusCode,
    /// The heading.
    pub title: &'a str,
    /// One or two sentences.
    pub text: &'a str,
    /// Suggestions to the user, one sentence each.
    pub advice: &'a [&'a str],
    /// Label and URL of the main link. An empty URL reloads the page.
    pub action: (&'a str, &'a str),
    /// A paragraph for the site's operator.
    pub note: Option<&'a str>,
}

const TRY_AGAIN: (&str, &str) = ("Try again", "");
const DASHBOARD: (&str, &str) = ("Go to the dashboard", "/dashboard");
const SIGN_IN: (&str, &str) = ("Sign in", "/sign-in");

impl Page<'_> {
    /// The page of an error with the message `text`.
    pub(crate) fn of<'a>(error: &Error, text: &'a str) -> Page<'a> {
        let (title, text, action) = match error {
            Error::Unauthenticated(_) => ("Sign in to continue", "This page needs a session.", SIGN_IN),
            Error::NotFound(_) => (
                "Page not found",
                "There is no page at this address. It may be mistyped, or the page was removed.",
                DASHBOARD,
            ),
            Error::MethodNotAllowed(_) => (
                "Method not allowed",
                "This address does not accept this kind of request.",
                DASHBOARD,
            ),
            Error::Unavailable(_) => (
                "Briefly unavailable",
                "A service that this page needs does not answer. Try again in a moment.",
                TRY_AGAIN,
            ),
            Error::Internal(_) => (
                "Something went wrong",
                "This is an error of the server. If it happens again, report it with the reference below.",
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

    /// The page as a response. `request_id` is shown as the reference to the log.
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
        // Requests that cannot be converted have no id.
        let reference = if request_id.is_nil() {
            String::new()
        } else {
            format!("      <p class=\"small\">Reference: <code>{request_id}</code></p>\n")
        };
        // The style comes first, because it contains braces. Values are escaped, so they contain no placeholders.
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

/// The security headers of every page, except the content security policy.
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

/// Escapes text for HTML. Also escapes `{`, so that a value never contains a placeholder.
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
    fn the_policy_has_the_hash_of_the_style() {
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        assert!(POLICY.contains(&format!("'sha256-{hash}'")), "sha256-{hash}");
    }

    #[test]
    fn values_are_escaped_and_all_placeholders_are_replaced() {
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
