//! Clerk's rule for hosts of Vercel, where the Frontend API is proxied without being told to.

use crate::options::RequestOptions;
use crate::publishable_key::InstanceType;
use url::Url;

/// The path that Clerk proxies under.
const PROXY_PATH: &str = "/__clerk";
/// Hosts that have no domain of their own to put a Frontend API under.
const HOST_SUFFIX: &str = ".vercel.app";

/// What the environment says about the host.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `VERCEL_TARGET_ENV`
    pub target: Option<String>,
    /// `VERCEL_PROJECT_PRODUCTION_URL`; without it the request's host decides.
    pub production_host: Option<String>,
    /// `CLERK_DISABLE_AUTO_PROXY`
    pub disabled: Option<String>,
}

/// The proxy path to use as [`RequestOptions::proxy_url`], where none is configured and the
/// environment asks for one.
pub fn auto_proxy_path(
    options: &RequestOptions,
    environment: &Environment,
    url: &Url,
) -> Option<&'static str> {
    let configured = options.proxy_url.is_some() || options.domain.is_some();
    let production = options.publishable_key.instance_type() == InstanceType::Production
        && environment.target.as_deref() == Some("production");
    let disabled = matches!(
        environment.disabled.as_deref(),
        Some("true" | "1" | "TRUE" | "True")
    );
    if configured || !production || disabled {
        return None;
    }
    let host = environment
        .production_host
        .as_deref()
        .or_else(|| url.host_str())?;
    let host = host.trim_start_matches("https://").trim_start_matches("http://");
    host.split('/')
        .next()
        .is_some_and(|host| host.ends_with(HOST_SUFFIX))
        .then_some(PROXY_PATH)
}
