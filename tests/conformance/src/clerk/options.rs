//! The options of a case, in the format of Clerk's SDK.

use super::{now_ms, text, texts};
use clerk::{Jwk, Pattern, PublishableKey, RequestOptions, SKEW_MS, TokenOptions};
use serde_json::Value;

/// The token options of a case.
pub fn token(case: &Value, options: &Value) -> TokenOptions {
    // Any other value means the default.
    let skew_ms = options
        .get("clockSkewInMs")
        .and_then(Value::as_f64)
        .map_or(SKEW_MS, |skew| skew as i64);
    TokenOptions {
        skew_ms,
        authorized_parties: texts(options.get("authorizedParties")),
        issuers: texts(options.get("issuer")),
        audience: texts(options.get("audience")),
        types: options.get("headerType").map(|types| texts(Some(types))),
        ..TokenOptions::at(now_ms(case))
    }
}

/// The request options of a case.
///
/// # Errors
/// The message with which Clerk's SDK rejects invalid options.
pub fn request(
    case: &Value,
    options: &Value,
    secret_key: &str,
    publishable_key: &str,
) -> Result<RequestOptions, String> {
    let key = PublishableKey::parse(publishable_key).map_err(|error| error.to_string())?;
    let flag = |name: &str| options.get(name).and_then(Value::as_bool).unwrap_or(false);
    let optional = |name: &str| Some(text(options, name).to_owned()).filter(|text| !text.is_empty());
    let patterns = |name: &str| -> Result<Vec<Pattern>, String> {
        let patterns = options
            .get("organizationSyncOptions")
            .and_then(|options| options.get(name));
        texts(patterns)
            .iter()
            .map(|pattern| Pattern::parse(pattern).map_err(|error| error.to_string()))
            .collect()
    };
    Ok(RequestOptions {
        proxy_url: optional("proxyUrl"),
        domain: optional("domain"),
        is_satellite: flag("isSatellite"),
        satellite_auto_sync: flag("satelliteAutoSync"),
        sign_in_url: optional("signInUrl"),
        organization_patterns: patterns("organizationPatterns")?,
        personal_account_patterns: patterns("personalAccountPatterns")?,
        // Clerk's SDK always does this.
        trust_forwarded: true,
        responds_to_satellites: true,
        ..RequestOptions::new(key, secret_key, token(case, options))
    })
}

/// A key: a JWK or a PEM. `None` if it is neither.
pub fn key(value: &Value) -> Option<Jwk> {
    match value {
        Value::String(pem) => Jwk::from_pem(pem).ok(),
        jwk => serde_json::from_value(jwk.clone()).ok(),
    }
}
