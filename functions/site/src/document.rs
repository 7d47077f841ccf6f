//! Pages and assets.

use edge::{
    Body, Error, Request, Response,
    guard::{SessionHeaders, Visitor, authenticate_document},
    redirect,
    request::segments,
};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::json;

use crate::{Pages, headers, refusal};

/// The placeholder of the page's settings in a document.
const CONFIG_MARK: &str = "<!--persona:config-->";
/// The asset path of the OpenAPI document.
const OPENAPI: &str = "/openapi.json";
/// The size limit of a document.
const DOCUMENT_BYTES_MAX: usize = 1_048_576;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    /// The prerendered front page.
    Landing,
    /// The application, without a session.
    Public,
    /// The application, for signed-in users only.
    Protected,
}

fn page(path: &str) -> Option<Page> {
    match segments(path).as_slice() {
        [] => Some(Page::Landing),
        ["sign-in" | "sign-up", ..] | ["sso-callback"] | ["api", "docs"] => Some(Page::Public),
        ["dashboard"] | ["personas", _] | ["talk", _] | ["account", ..] => Some(Page::Protected),
        _ => None,
    }
}

/// Serves a page, an asset, or the page for unknown addresses.
pub async fn serve(request: Request, host: &impl Pages) -> Result<Response, Error> {
    let path = request.uri().path().to_owned();
    let Some(page) = page(&path) else {
        return asset(request, host, &path).await;
    };
    let file = if page == Page::Landing {
        "/index.html"
    } else {
        "/app.html"
    };
    if page != Page::Protected {
        return document(&request, host, file, StatusCode::OK).await;
    }
    match authenticate_document(&request, host).await? {
        Visitor::Redirect(response) => Ok(response),
        Visitor::RedirectLoop(reason) => Ok(refusal::redirect_loop(host, &reason)),
        Visitor::InvalidHandshake(reason) => Ok(refusal::invalid_handshake(host, &reason)),
        Visitor::SignedOut(headers) => redirect_to_sign_in(&request, headers),
        Visitor::SignedIn(_, headers) => {
            let mut response = document(&request, host, file, StatusCode::OK).await?;
            headers.apply(&mut response);
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
    }
}

fn redirect_to_sign_in(request: &Request, headers: SessionHeaders) -> Result<Response, Error> {
    let here = request
        .uri()
        .path_and_query()
        .map_or("/", http::uri::PathAndQuery::as_str);
    let here: String = url::form_urlencoded::byte_serialize(here.as_bytes()).collect();
    let mut response = redirect(
        StatusCode::TEMPORARY_REDIRECT,
        &format!("/sign-in?redirect_url={here}"),
    )?;
    headers.apply(&mut response);
    Ok(response)
}

/// `GET /api/openapi.json`: this document.
pub async fn openapi(request: Request, host: &impl Pages) -> Result<Response, Error> {
    let origin = edge::request::origin(&request)?;
    let file = format!("{origin}{OPENAPI}").parse().map_err(Error::internal)?;
    let mut response = host.asset(asset_request(&request, file)).await?;
    if !response.status().is_success() && response.status() != StatusCode::NOT_MODIFIED {
        return Err(Error::unavailable(format!(
            "{OPENAPI}: status {}. Is the front end built?",
            response.status()
        )));
    }
    headers::cache_asset(&mut response, OPENAPI);
    Ok(response)
}

async fn asset(request: Request, host: &impl Pages, path: &str) -> Result<Response, Error> {
    // Documents are served at the addresses of pages only.
    let found = match path {
        "/index.html" | "/app.html" | OPENAPI => None,
        _ => Some(host.asset(asset_request(&request, request.uri().clone())).await?),
    };
    match found {
        Some(response) if response.status().is_server_error() => Err(Error::unavailable(format!(
            "the asset server returned {}",
            response.status()
        ))),
        Some(mut response) if response.status() != StatusCode::NOT_FOUND => {
            headers::cache_asset(&mut response, path);
            Ok(response)
        }
        _ => document(&request, host, "/app.html", StatusCode::NOT_FOUND).await,
    }
}

/// A GET for an asset, with the request's `If-None-Match`.
fn asset_request(request: &Request, uri: http::Uri) -> Request {
    let mut asset = Request::new(Body::Empty);
    *asset.method_mut() = Method::GET;
    *asset.uri_mut() = uri;
    if let Some(etag) = request.headers().get(header::IF_NONE_MATCH) {
        asset.headers_mut().insert(header::IF_NONE_MATCH, etag.clone());
    }
    asset
}

async fn document(
    request: &Request,
    host: &impl Pages,
    file: &str,
    status: StatusCode,
) -> Result<Response, Error> {
    let origin = edge::request::origin(request)?;
    let mut asset = Request::new(Body::Empty);
    *asset.uri_mut() = format!("{origin}{file}").parse().map_err(Error::internal)?;
    let stored = host.asset(asset).await?;
    if !stored.status().is_success() {
        return Err(Error::unavailable(format!(
            "{file}: status {}. Is the front end built?",
            stored.status()
        )));
    }
    let bytes = stored.into_body().read(DOCUMENT_BYTES_MAX).await?;
    let html = String::from_utf8_lossy(&bytes).replacen(CONFIG_MARK, &settings(host), 1);
    let mut response = Response::new(html.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Cookie"));
    headers::secure(headers, host.config())?;
    Ok(response)
}

/// The page's settings as a script element. The JSON must not contain `</script>`.
fn settings(host: &impl Pages) -> String {
    let config = host.config();
    let mut clerk = json!({ "publishableKey": config.clerk_publishable_key.as_str() });
    if let (Some(proxy), Some(object)) = (&config.clerk_proxy_url, clerk.as_object_mut()) {
        object.insert("proxyUrl".into(), proxy.as_str().into());
    }
    let json = json!({ "clerk": clerk }).to_string().replace('<', "\\u003c");
    format!(r#"<script type="application/json" id="persona-config">{json}</script>"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_addresses_are_pages() {
        for (path, expected) in [
            ("/", Some(Page::Landing)),
            ("/sign-in", Some(Page::Public)),
            ("/sign-in/factor-one", Some(Page::Public)),
            ("/api/docs", Some(Page::Public)),
            ("/dashboard", Some(Page::Protected)),
            ("/dashboard/", Some(Page::Protected)),
            ("/personas/new", Some(Page::Protected)),
            (
                "/talk/0199d2a0-0000-7000-8000-000000000001",
                Some(Page::Protected),
            ),
            ("/talk", None),
            ("/assets/app.js", None),
            ("/nowhere", None),
        ] {
            assert_eq!(page(path), expected, "{path}");
        }
    }
}
