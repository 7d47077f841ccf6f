//! Serves ClerkJS and its components from a `node_modules` folder, with the URLs of Clerk's host:
//! `/npm/@clerk/clerk-js@6/dist/clerk.browser.js` and the files that it loads. Only the `dist`
//! folders of these two packages are served.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::extract::{Path as UrlPath, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::api_error::ApiError;
use crate::app::App;

const PACKAGES: [&str; 2] = ["clerk-js", "ui"];
/// For files with the version in their name.
const FOREVER: &str = "public, max-age=31536000, immutable";
const SHORT: &str = "public, max-age=300";

/// `GET /npm/@clerk/{package}@{version}/dist/{file}`.
pub fn routes() -> Router<App> {
    Router::new().route("/npm/@clerk/{package}/dist/{*file}", get(read))
}

async fn read(State(app): State<App>, UrlPath((package, file)): UrlPath<(String, String)>) -> Response {
    let found = tokio::task::spawn_blocking(move || find(&app, &package, &file)).await;
    let Ok(Some((bytes, named, kind))) = found else {
        return ApiError::not_found().into_response();
    };
    let cache = if named { FOREVER } else { SHORT };
    (
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)],
        bytes,
    )
        .into_response()
}

/// The bytes of a file, whether its name contains the version, and its media type.
fn find(app: &App, package: &str, file: &str) -> Option<(Vec<u8>, bool, &'static str)> {
    let root = app.config.npm_root.as_deref()?;
    let (name, wanted) = package.split_once('@').unwrap_or((package, ""));
    let known = PACKAGES.contains(&name);
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    };
    if !known || !file.split('/').all(|part| plain(part) && !part.starts_with('.')) {
        return None;
    }
    let kind = match Path::new(file).extension()?.to_str()? {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        _ => return None,
    };
    let (folder, version) = installed(root, name, wanted)?;
    let bytes = std::fs::read(folder.join("dist").join(file)).ok()?;
    Some((bytes, file.contains(&version), kind))
}

/// The installed package of a version: the usual folder, or an alias with the major version
/// (`npm install @clerk/clerk-js-5@npm:@clerk/clerk-js@5`).
fn installed(root: &Path, name: &str, wanted: &str) -> Option<(PathBuf, String)> {
    let major = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
    let version_of = |folder: &Path| {
        let manifest: serde_json::Value =
            serde_json::from_slice(&std::fs::read(folder.join("package.json")).ok()?).ok()?;
        manifest.get("version")?.as_str().map(str::to_owned)
    };
    let any = !wanted.starts_with(|c: char| c.is_ascii_digit());
    let scope = root.join("@clerk");
    [scope.join(name), scope.join(format!("{name}-{}", major(wanted)))]
        .into_iter()
        .find_map(|folder| {
            let version = version_of(&folder)?;
            (any || major(&version) == major(wanted)).then_some((folder, version))
        })
}
