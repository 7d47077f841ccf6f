//! A proxy of Clerk's Frontend API on this site's origin, for deployments that need one and for development.
//!
//! Clerk requires three headers from a proxy: <https://clerk.com/docs/guides/dashboard/dns-domains/proxy-fapi>.

use edge::{
    Config, Error, Host, Request, Response, auth::absolute, client_address::client_address,
    outbound::CLERK_PROXY_MS_MAX, request::origin,
};
use http::{HeaderName, HeaderValue, header};

/// Headers that apply to one hop (RFC 9110 §7.6.1).
const HOP_HEADERS: &[&str] = &[
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// Headers of proxies with a client's address, besides `cf-…` and `x-forwarded-…`.
const ADDRESS_HEADERS: &[&str] = &[
    "fastly-client-ip",
    "fly-client-ip",
    "forwarded",
    "true-client-ip",
    "via",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-original-forwarded-for",
    "x-real-ip",
];

/// The path at the Frontend API, if a proxy is configured and the path is under its prefix.
pub fn upstream_path(path: &str, config: &Config) -> Option<String> {
    config.clerk_fapi_url.as_ref()?;
    let proxy = config.clerk_proxy_url.as_deref()?;
    let prefix = match proxy.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => proxy,
    };
    let rest = path.strip_prefix(prefix)?;
    (rest.starts_with('/') && !rest.split('/').any(|segment| segment == "..")).then(|| rest.to_owned())
}

/// Forwards a request to the Frontend API and returns its response. Bodies are streamed.
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
    let proxy_url = absolute(proxy, &origin);
    let (scheme, authority) = origin.split_once("://").unwrap_or(("https", &origin));
    let client = client_address(&request, config.trusted_proxies);

    let (mut parts, body) = request.into_parts();
    parts.uri = format!("{api}{rest}{query}")
        .parse()
        .map_err(|_| Error::NotFound("page"))?;
    let dropped: Vec<_> = parts
        .headers
        .keys()
        .filter(|name| is_dropped(name))
        .cloned()
        .collect();
    for name in dropped {
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
        let value = HeaderValue::try_from(client.to_string()).map_err(Error::internal)?;
        parts.headers.insert("x-forwarded-for", value);
    }
    let forwarded = Request::from_parts(parts, body);
    let mut response = host.fetch(forwarded, CLERK_PROXY_MS_MAX).await?;
    // The runtime has decoded the body, and encodes it again for the client.
    response.headers_mut().remove(header::CONTENT_LENGTH);
    Ok(response)
}

/// Whether a header is not forwarded: it applies to one hop, or contains the client's address.
fn is_dropped(name: &HeaderName) -> bool {
    let name = name.as_str();
    HOP_HEADERS.contains(&name)
        || ADDRESS_HEADERS.contains(&name)
        || ["cf-", "x-forwarded-"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_headers_of_the_client_are_dropped() {
        for (name, dropped) in [
            ("cf-connecting-ip", true),
            ("cf-connecting-ipv6", true),
            ("x-forwarded-for", true),
            ("x-forwarded-host", true),
            ("forwarded", true),
            ("x-real-ip", true),
            ("true-client-ip", true),
            ("connection", true),
            ("host", true),
            ("cookie", false),
            ("authorization", false),
            ("content-type", false),
            ("x-clerk-client", false),
        ] {
            assert_eq!(is_dropped(&HeaderName::from_static(name)), dropped, "{name}");
        }
    }
}
