//! Error pages of the handshake with Clerk.

use edge::{Host, Response, page::Page};
use http::StatusCode;

/// Clerk confirmed a session three times in a row, and this site rejected each token.
pub fn redirect_loop(host: &impl Host, reason: &str) -> Response {
    let note = note(reason);
    Page {
        status: StatusCode::SERVICE_UNAVAILABLE,
        title: "Sign-in did not succeed",
        text: "The sign-in service confirmed your session three times, but this site could not verify it.",
        advice: &[
            "Set this device's date and time to automatic. With a wrong clock every session seems expired.",
            "Allow cookies for this site, or leave private browsing.",
            "Sign in again in a new window.",
        ],
        action: ("Sign in again", "/sign-in"),
        note: Some(&note),
    }
    .response(host.request_id())
}

/// The URL contains a handshake token that is invalid or belongs to another instance.
pub fn invalid_handshake(host: &impl Host, reason: &str) -> Response {
    let note = note(reason);
    Page {
        status: StatusCode::BAD_REQUEST,
        title: "This sign-in link is not valid",
        text: "The address contains a sign-in confirmation that was not made for this site.",
        advice: &[
            "Remove the question mark and everything after it from the address, and open the page again.",
            "If it happens again, delete this site's cookies and sign in again.",
        ],
        action: ("Sign in", "/sign-in"),
        note: Some(&note),
    }
    .response(host.request_id())
}

fn note(reason: &str) -> String {
    format!(
        "If you run this site: check that CLERK_PUBLISHABLE_KEY, CLERK_SECRET_KEY and CLERK_JWT_KEY belong to one \
         instance, and that the server's clock is right. Reason: {reason}"
    )
}
