//! Pages and assets.

use edge::{
    Body, Error, Request, Response,
    guard::{Document, Headers, judge},
    redirect,
    request::segments,
};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::json;

use crate::{Pages, headers};

/// What stands in the documents where the page's settings go.
const CONFIG_MARK: &str = "<!--persona:config-->";
/// Our documents weigh a few kilobytes.
const DOCUMENT_BYTES_MAX: usize = 1_048_576;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    /// The prerendered front page.
    Landing,
    /// The application, for anybody.
    Public,
    /// The application, for those who are signed in.
    Protected,
}

fn page(path: &str) -> Option<Page> {
    match segments(path).as_slice() {
        [] => Some(Page::Landing),
        ["sign-in" | "sign-up", ..] | ["sso-callback"] => Some(Page::Public),
        ["dashboard"] | ["personas", _] | ["talk", _] | ["account", ..] => Some(Page::Protected),
        _ => None,
    }
}

/// Answers a page, an asset, or the page that says that there is neither.
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
    match judge(&request, host).await? {
        Document::Redirect(response) => Ok(response),
        Document::Loop(reason) => disagreement(host, &CIRCLES, &reason),
        Document::Forged(reason) => disagreement(host, &FORGED, &reason),
        Document::SignedOut(headers) => sign_in_first(&request, headers),
        Document::SignedIn(_, headers) => {
            let mut response = document(&request, host, file, StatusCode::OK).await?;
            headers.apply(&mut response);
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
    }
}

/// What the page says where Clerk and we do not agree.
struct Disagreement {
    status: StatusCode,
    title: &'static str,
    what: &'static str,
}

const CIRCLES: Disagreement = Disagreement {
    status: StatusCode::SERVICE_UNAVAILABLE,
    title: "Sign-in is going in circles",
    what: "Three times in a row, the sign-in service said that you are signed in and this site could not agree.",
};

const FORGED: Disagreement = Disagreement {
    status: StatusCode::BAD_REQUEST,
    title: "This address does not sign anybody in",
    what: "It brings an answer that the sign-in service did not give for this site.",
};

/// A page that says what is wrong and how to mend it.
fn disagreement(host: &impl Pages, about: &Disagreement, reason: &str) -> Result<Response, Error> {
    let html = include_str!("disagreement.html")
        .replace("{{title}}", about.title)
        .replace("{{what}}", about.what)
        .replace("{{reason}}", &reason.replace(['<', '>', '&'], ""));
    let mut response = Response::new(html.into());
    *response.status_mut() = about.status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers::secure(headers, host.config())?;
    Ok(response)
}

fn sign_in_first(request: &Request, headers: Headers) -> Result<Response, Error> {
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

async fn asset(request: Request, host: &impl Pages, path: &str) -> Result<Response, Error> {
    // The documents are pages; their files are not.
    let found = match path {
        "/index.html" | "/app.html" => None,
        _ => Some(host.asset(copy(&request, request.uri().clone())).await?),
    };
    match found {
        Some(mut response) if response.status() != StatusCode::NOT_FOUND => {
            headers::cache_asset(&mut response, path);
            Ok(response)
        }
        _ => document(&request, host, "/app.html", StatusCode::NOT_FOUND).await,
    }
}

/// A bodiless copy of a GET for another address of the assets.
fn copy(request: &Request, uri: http::Uri) -> Request {
    let mut asked = Request::new(Body::Empty);
    *asked.method_mut() = Method::GET;
    *asked.uri_mut() = uri;
    if let Some(etag) = request.headers().get(header::IF_NONE_MATCH) {
        asked.headers_mut().insert(header::IF_NONE_MATCH, etag.clone());
    }
    asked
}

async fn document(
    request: &Request,
    host: &impl Pages,
    file: &str,
    status: StatusCode,
) -> Result<Response, Error> {
    let origin = edge::request::origin(request)?;
    let mut asked = Request::new(Body::Empty);
    *asked.uri_mut() = format!("{origin}{file}").parse().map_err(Error::internal)?;
    let stored = host.asset(asked).await?;
    if !stored.status().is_success() {
        return Err(Error::unavailable(format!(
            "{file} answered {}: is the front end built?",
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

/// The page's settings. JSON in a script element must not end it.
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
