//! Headers that every document carries.

use edge::{Config, Error, Response};
use http::{HeaderMap, HeaderValue, header};

/// The policy under which our pages run: nothing inline, nothing from elsewhere but Clerk.
pub fn content_security_policy(config: &Config) -> String {
    let mut clerk = String::new();
    let mut frames = String::from("'self'");
    if config.clerk_proxy_url.is_none() {
        let api = config.clerk_publishable_key.frontend_api();
        clerk = format!(" https://{api} https://challenges.cloudflare.com");
        frames = "'self' https://challenges.cloudflare.com".into();
    }
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{clerk}; connect-src 'self'{clerk}; \
         style-src 'self' 'unsafe-inline'; img-src 'self' blob: data: https://img.clerk.com; font-src 'self' data:; \
         worker-src 'self' blob:; frame-src {frames}; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; \
         object-src 'none'"
    )
}

/// Adds them.
///
/// # Errors
/// [`Error::Internal`] where a setting cannot stand in a header.
pub fn secure(headers: &mut HeaderMap, config: &Config) -> Result<(), Error> {
    let policy = content_security_policy(config);
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    ] {
        headers.insert(name, HeaderValue::try_from(value).map_err(Error::internal)?);
    }
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    );
    Ok(())
}

/// How long an asset may be kept: for ever where its name is its content's.
pub fn cache_asset(response: &mut Response, path: &str) {
    let value = if path.starts_with("/assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=300"
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    response.headers_mut().insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
}
