//! Headers of documents and assets.

use edge::{Config, Error, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

/// The content security policy of documents: no inline scripts, and no other origins except Clerk's.
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

/// Adds the security headers of documents.
///
/// # Errors
/// [`Error::Internal`] if a setting is not a valid header value.
pub fn secure(headers: &mut HeaderMap, config: &Config) -> Result<(), Error> {
    let policy = content_security_policy(config);
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::try_from(policy).map_err(Error::internal)?,
    );
    edge::page::secure(headers);
    Ok(())
}

/// Sets the cache time of an asset: a year if its name contains a hash of its content. Errors are not cached.
pub fn cache_asset(response: &mut Response, path: &str) {
    let is_asset = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let value = if !is_asset {
        "no-store"
    } else if path.starts_with("/assets/") {
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

#[cfg(test)]
mod tests {
    use super::*;
    use edge::Body;

    #[test]
    fn only_successful_responses_are_cached() {
        for (status, path, expected) in [
            (200, "/assets/a-1.js", "public, max-age=31536000, immutable"),
            (304, "/assets/a-1.js", "public, max-age=31536000, immutable"),
            (200, "/robots.txt", "public, max-age=300"),
            (307, "/assets/a", "no-store"),
            (404, "/assets/a", "no-store"),
            (416, "/assets/a-1.js", "no-store"),
            (503, "/assets/a-1.js", "no-store"),
        ] {
            let mut response = Response::new(Body::Empty);
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            cache_asset(&mut response, path);
            assert_eq!(
                response.headers()[header::CACHE_CONTROL],
                expected,
                "{status} {path}"
            );
        }
    }
}
