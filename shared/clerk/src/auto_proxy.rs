//! Clerk's rule for Vercel hosts, where the Frontend API is proxied by default.

use crate::options::RequestOptions;
use crate::publishable_key::InstanceType;
use url::Url;

/// The path of the proxy.
const PROXY_PATH: &str = "/__clerk";
/// Hosts under this suffix have no domain of their own for a Frontend API.
const HOST_SUFFIX: &str = ".vercel.app";

/// The environment variables of the host.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `VERCEL_TARGET_ENV`
    pub target: Option<String>,
    /// `VERCEL_PROJECT_PRODUCTION_URL`; without it the request's host is used.
    pub production_host: Option<String>,
    /// `CLERK_DISABLE_AUTO_PROXY`
    pub disabled: Option<String>,
}

/// The proxy path for [`RequestOptions::proxy_url`], if none is configured and the environment
/// requires one.
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
