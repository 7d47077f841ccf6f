//! Clerk's Frontend API on our own origin, for deployments that proxy it (and for development).
//!
//! Clerk asks for three headers of a proxy: <https://clerk.com/docs/guides/dashboard/dns-domains/proxy-fapi>.

use edge::{Config, Error, Host, Request, Response, request::origin};
use http::{HeaderName, HeaderValue, header};

/// Headers that speak of this hop, not of the next one.
const HOP_HEADERS: &[HeaderName] = &[
    header::HOST,
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::CONTENT_LENGTH,
    header::TE,
];

/// What follows the proxy's path, where a proxy is configured and this is under it.
pub fn path_behind(path: &str, config: &Config) -> Option<String> {
    config.clerk_fapi_url.as_ref()?;
    let proxy = config.clerk_proxy_url.as_deref()?;
    let prefix = match proxy.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => proxy,
    };
    let rest = path.strip_prefix(prefix)?;
    (rest.starts_with('/') && !rest.split('/').any(|segment| segment == "..")).then(|| rest.to_owned())
}

/// Passes a request on to the Frontend API and its answer back, unread.
pub async fn forward(request: Request, host: &impl Host, rest: &str) -> Result<Response, Error> {
    let config = host.config();
    let origin = origin(&request)?;
    let (Some(api), Some(proxy)) = (&config.clerk_fapi_url, &config.clerk_proxy_url) else {
        return Err(Error::NotFound("page"));
    };
    let query = request
        .uri()
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let proxy_url = if proxy.starts_with('/') {
        format!("{origin}{proxy}")
    } else {
        proxy.clone()
    };
    let (scheme, authority) = origin.split_once("://").unwrap_or(("https", &origin));
    let client = request.headers().get("cf-connecting-ip").cloned();

    let (mut parts, body) = request.into_parts();
    parts.uri = format!("{api}{rest}{query}")
        .parse()
        .map_err(|_| Error::NotFound("page"))?;
    for name in HOP_HEADERS {
        parts.headers.remove(name);
    }
    for (name, value) in [
        ("clerk-proxy-url", proxy_url.as_str()),
        ("clerk-secret-key", config.clerk_secret_key.reveal()),
        ("x-forwarded-host", authority),
        ("x-forwarded-proto", scheme),
    ] {
        parts
            .headers
            .insert(name, HeaderValue::try_from(value).map_err(Error::internal)?);
    }
    if let Some(client) = client {
        parts.headers.insert("x-forwarded-for", client);
    }
    let mut answer = host.fetch(Request::from_parts(parts, body)).await?;
    // The runtime has decoded the body and encodes it for our own client as needed.
    answer.headers_mut().remove(header::CONTENT_LENGTH);
    Ok(answer)
}
