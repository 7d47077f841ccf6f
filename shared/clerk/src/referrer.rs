//! Detects navigations from another origin, where the session may have changed.

use crate::context::Context;
use crate::request::origin_of;
use url::Url;

/// Domains of account portals of older development instances.
const LEGACY_DEVELOPMENT_SUFFIXES: [&str; 3] = [".lcl.dev", ".lclstage.dev", ".lclclerk.com"];
/// Domains of account portals of development instances.
const DEVELOPMENT_SUFFIXES: [&str; 3] = [".accounts.dev", ".accountsstage.dev", ".accounts.lclclerk.com"];

/// Whether `Referer` names another origin.
pub(crate) fn is_cross_origin(context: &Context<'_>) -> bool {
    let referrer = context
        .request
        .header("referer")
        .and_then(|referrer| Url::parse(referrer).ok());
    referrer.is_some_and(|referrer| origin_of(&referrer) != context.origin())
}

/// Whether `Referer` is a Clerk host: the Frontend API, this instance's account portal, or, in
/// development, the account portal of any development instance.
pub(crate) fn is_clerk(context: &Context<'_>) -> bool {
    let Some(referrer) = context
        .request
        .header("referer")
        .and_then(|referrer| Url::parse(referrer).ok())
    else {
        return false;
    };
    let host = referrer.host_str().unwrap_or_default();
    let frontend_api = &context.frontend_api;
    let frontend_host = if frontend_api.starts_with("http") {
        Url::parse(frontend_api)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
    } else {
        Some(frontend_api.clone())
    };
    if frontend_host.as_deref() == Some(host) || context.is_development() && is_development_portal(host) {
        return true;
    }
    let portal = Url::parse(&account_portal(frontend_api));
    portal.is_ok_and(|portal| origin_of(&portal) == origin_of(&referrer))
}

fn is_development_portal(host: &str) -> bool {
    let legacy = host.starts_with("accounts.")
        && LEGACY_DEVELOPMENT_SUFFIXES
            .iter()
            .any(|suffix| host.ends_with(suffix));
    let current = DEVELOPMENT_SUFFIXES.iter().any(|suffix| {
        host.strip_suffix(suffix)
            .is_some_and(|name| !name.ends_with(".clerk"))
    });
    legacy || current
}

/// The account portal of a Frontend API: `clerk.` replaced by `accounts.`.
fn account_portal(frontend_api: &str) -> String {
    let host = frontend_api.replacen("clerk.accountsstage.", "accountsstage.", 1);
    let host = match (host.find("clerk.accounts."), host.find("clerk.")) {
        (Some(longer), Some(shorter)) if longer <= shorter => {
            host.replacen("clerk.accounts.", "accounts.", 1)
        }
        _ => host.replacen("clerk.", "accounts.", 1),
    };
    format!("https://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_frontend_api_has_its_account_portal() {
        for (api, portal) in [
            ("clerk.example.com", "https://accounts.example.com"),
            ("foo-bar-13.clerk.accounts.dev", "https://foo-bar-13.accounts.dev"),
            ("foo.clerk.accountsstage.dev", "https://foo.accountsstage.dev"),
            ("example.com", "https://example.com"),
        ] {
            assert_eq!(account_portal(api), portal);
        }
    }

    #[test]
    fn portals_of_development_instances_are_recognized_by_their_domain() {
        for host in ["foo.accounts.dev", "accounts.foo.lcl.dev"] {
            assert!(is_development_portal(host), "{host}");
        }
        for host in [
            "foo.clerk.accounts.dev",
            "foo.lcl.dev",
            "accounts.dev.example",
            "accounts.example.com",
        ] {
            assert!(!is_development_portal(host), "{host}");
        }
    }
}
