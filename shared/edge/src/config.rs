//! Settings, read once and checked at the door.

use clerk::{Jwk, PublishableKey};

use crate::Error;

/// A value that never shows in a log.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value itself, for the header or the signature that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() {
            "Secret(empty)"
        } else {
            "Secret(REDACTED)"
        })
    }
}

/// Everything that can be set. Names of the variables stand beside the fields.
#[derive(Debug, Clone)]
pub struct Config {
    /// `CLERK_PUBLISHABLE_KEY`
    pub clerk_publishable_key: PublishableKey,
    /// `CLERK_SECRET_KEY`
    pub clerk_secret_key: Secret,
    /// `CLERK_JWT_KEY`: the instance's public key as PEM. With it, no key is ever fetched.
    pub clerk_jwt_key: Option<Jwk>,
    /// `CLERK_PROXY_URL`: where the page reaches Clerk's Frontend API on our own origin, e.g. `/__clerk`.
    pub clerk_proxy_url: Option<String>,
    /// `CLERK_FAPI_URL`: where `site` forwards what arrives under the proxy URL.
    pub clerk_fapi_url: Option<String>,
    /// `CLERK_API_URL`, by default `https://api.clerk.com`.
    pub clerk_api_url: String,
    /// `CLERK_AUTHORIZED_PARTIES`, separated by commas. Empty: the origin that was asked.
    pub clerk_authorized_parties: Vec<String>,
    /// `CLERK_WEBHOOK_SECRET`, several during a rotation, separated by spaces.
    pub clerk_webhook_secrets: Secret,
    /// `MODEL_BASE_URL`, up to and including `/v1`.
    pub model_base_url: String,
    /// `MODEL_API_KEY`
    pub model_api_key: Secret,
    /// `MODEL_NAME`
    pub model_name: String,
    /// `MODEL_CONTEXT_TOKENS`: how much the model reads and writes in all.
    pub model_context_tokens: usize,
    /// `MODEL_REPLY_TOKENS`: the longest reply asked for.
    pub model_reply_tokens: usize,
}

impl Config {
    /// Reads every setting through `variable`.
    ///
    /// # Errors
    /// [`Error::Internal`] that names the variable and what is wrong with it; secrets are not quoted.
    pub fn load(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let text = |name: &str| {
            variable(name)
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty())
        };
        let need = |name: &str| text(name).ok_or_else(|| Error::internal(format!("{name} is not set")));
        let base = |name: &str| text(name).map(|url| url.trim_end_matches('/').to_owned());
        let number = |name: &str, otherwise: usize| match text(name) {
            None => Ok(otherwise),
            Some(value) => value
                .parse()
                .map_err(|_| Error::internal(format!("{name} is not a whole number"))),
        };
        let clerk_publishable_key = PublishableKey::parse(&need("CLERK_PUBLISHABLE_KEY")?)
            .map_err(|_| Error::internal("CLERK_PUBLISHABLE_KEY is not a publishable key of Clerk"))?;
        let config = Self {
            clerk_publishable_key,
            clerk_secret_key: Secret(need("CLERK_SECRET_KEY")?),
            clerk_jwt_key: text("CLERK_JWT_KEY")
                .map(|pem| Jwk::from_pem(&pem))
                .transpose()
                .map_err(|_| Error::internal("CLERK_JWT_KEY is not an RSA public key as PEM"))?,
            clerk_proxy_url: base("CLERK_PROXY_URL"),
            clerk_fapi_url: base("CLERK_FAPI_URL"),
            clerk_api_url: base("CLERK_API_URL").unwrap_or_else(|| "https://api.clerk.com".into()),
            clerk_authorized_parties: text("CLERK_AUTHORIZED_PARTIES")
                .map(|list| {
                    list.split(',')
                        .map(|party| party.trim().trim_end_matches('/').to_owned())
                        .collect()
                })
                .unwrap_or_default(),
            clerk_webhook_secrets: Secret(text("CLERK_WEBHOOK_SECRET").unwrap_or_default()),
            model_base_url: base("MODEL_BASE_URL").unwrap_or_default(),
            model_api_key: Secret(text("MODEL_API_KEY").unwrap_or_default()),
            model_name: text("MODEL_NAME").unwrap_or_else(|| "default".into()),
            model_context_tokens: number("MODEL_CONTEXT_TOKENS", 4096)?,
            model_reply_tokens: number("MODEL_REPLY_TOKENS", 512)?,
        };
        if config.model_reply_tokens >= config.model_context_tokens {
            return Err(Error::internal(
                "MODEL_REPLY_TOKENS must be smaller than MODEL_CONTEXT_TOKENS",
            ));
        }
        Ok(config)
    }
}
