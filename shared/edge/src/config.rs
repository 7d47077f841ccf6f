//! Settings, read and validated once.

use clerk::{Jwk, PublishableKey};
use http::Uri;

use crate::{Error, client_address::TrustedProxies};

/// A value that is never logged.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value.
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

/// All settings. Each field names its variable.
#[derive(Debug, Clone)]
pub struct Config {
    /// `CLERK_PUBLISHABLE_KEY`
    pub clerk_publishable_key: PublishableKey,
    /// `CLERK_SECRET_KEY`
    pub clerk_secret_key: Secret,
    /// `CLERK_JWT_KEY`: the instance's public key as PEM. With it, no keys are fetched.
    pub clerk_jwt_key: Option<Jwk>,
    /// `CLERK_PROXY_URL`: the URL of the Frontend API's proxy on this site, for example `/__clerk`.
    pub clerk_proxy_url: Option<String>,
    /// `CLERK_FAPI_URL`: the URL to which `site` forwards requests of the proxy.
    pub clerk_fapi_url: Option<String>,
    /// `CLERK_API_URL`, by default `https://api.clerk.com`.
    pub clerk_api_url: String,
    /// `CLERK_AUTHORIZED_PARTIES`: the origins whose tokens are accepted, separated by commas. Never empty with a
    /// `pk_live_` key. In development empty means the origin of the request.
    pub clerk_authorized_parties: Vec<String>,
    /// `TRUSTED_PROXIES`: the proxies whose address headers are trusted. Default: none.
    pub trusted_proxies: TrustedProxies,
    /// `CLERK_WEBHOOK_SECRET`, several during a rotation, separated by spaces.
    pub clerk_webhook_secrets: Secret,
    /// `MODEL_BASE_URL`, up to and including `/v1`.
    pub model_base_url: String,
    /// `MODEL_API_KEY`
    pub model_api_key: Secret,
    /// `MODEL_NAME`
    pub model_name: String,
    /// `MODEL_CONTEXT_TOKENS`: the limit of prompt and reply together.
    pub model_context_tokens: usize,
    /// `MODEL_REPLY_TOKENS`: the limit of a reply.
    pub model_reply_tokens: usize,
}

impl Config {
    /// Reads every setting with `variable`.
    ///
    /// # Errors
    /// [`Error::Internal`] with the variable's name and the problem. Values of secrets are not included.
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
                .map(|list| authorized_parties(&list))
                .transpose()?
                .unwrap_or_default(),
            trusted_proxies: text("TRUSTED_PROXIES")
                .map_or(Some(TrustedProxies::default()), |value| {
                    TrustedProxies::parse(&value)
                })
                .ok_or_else(|| {
                    Error::internal("TRUSTED_PROXIES must be `cloudflare` or a number from 0 to 8")
                })?,
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
        // The client chooses the host of a request, so its origin cannot be trusted.
        if config.clerk_authorized_parties.is_empty() && !config.clerk_publishable_key.is_development() {
            return Err(Error::internal(
                "CLERK_AUTHORIZED_PARTIES is not set; with a pk_live_ key it must list this site's origins, \
                 for example https://app.example.com",
            ));
        }
        Ok(config)
    }
}

/// Parses origins: `https://app.example.com`, without a path.
fn authorized_parties(list: &str) -> Result<Vec<String>, Error> {
    let parties = list
        .split(',')
        .map(|party| party.trim().trim_end_matches('/'))
        .filter(|party| !party.is_empty());
    parties
        .map(|party| {
            if is_origin(party) {
                Ok(party.to_owned())
            } else {
                Err(Error::internal(format!(
                    "CLERK_AUTHORIZED_PARTIES: `{party}` is not an origin such as https://app.example.com"
                )))
            }
        })
        .collect()
}

/// Whether this is an origin as browsers write it: lower-case, international names in Punycode, no port that is the
/// scheme's own. Not by `url`, whose Unicode tables are 100 KB gzip in each function.
fn is_origin(text: &str) -> bool {
    let Ok(uri) = Uri::try_from(text) else {
        return false;
    };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return false;
    };
    let own_port = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return false,
    };
    let is_allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
    text == format!("{scheme}://{authority}")
        && authority.as_str().bytes().all(is_allowed)
        && !authority.host().is_empty()
        && authority.port_u16() != Some(own_port)
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    const DEVELOPMENT: &str = "pk_test_cGVyc29uYS1sb2NhbC0xLmNsZXJrLmFjY291bnRzLmRldiQ=";
    /// `clerk.example.com`
    const PRODUCTION: &str = "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k";

    fn load(key: &str, set: &[(&str, &str)]) -> Result<Config, String> {
        let loaded = Config::load(|name| match name {
            "CLERK_PUBLISHABLE_KEY" => Some(key.to_owned()),
            "CLERK_SECRET_KEY" => Some("sk_test_1".to_owned()),
            _ => set
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned()),
        });
        loaded.map_err(|error| error.source().unwrap().to_string())
    }

    #[test]
    fn authorized_parties_are_required_outside_development() {
        assert!(
            load(DEVELOPMENT, &[])
                .unwrap()
                .clerk_authorized_parties
                .is_empty()
        );
        for nothing in [&[][..], &[("CLERK_AUTHORIZED_PARTIES", " , ")]] {
            let error = load(PRODUCTION, nothing).unwrap_err();
            assert!(
                error.starts_with("CLERK_AUTHORIZED_PARTIES is not set"),
                "{error}"
            );
        }
        let parties = "https://app.example.com/, http://localhost:8787";
        for key in [DEVELOPMENT, PRODUCTION] {
            let config = load(key, &[("CLERK_AUTHORIZED_PARTIES", parties)]).unwrap();
            assert_eq!(
                config.clerk_authorized_parties,
                ["https://app.example.com", "http://localhost:8787"]
            );
        }
    }

    #[test]
    fn an_authorized_party_is_an_origin() {
        for party in [
            "app.example.com",
            "https://app.example.com/path",
            "https://App.example.com",
            "https://*.example.com",
            "https://app.example.com:443",
        ] {
            let error = load(PRODUCTION, &[("CLERK_AUTHORIZED_PARTIES", party)]).unwrap_err();
            assert!(error.starts_with("CLERK_AUTHORIZED_PARTIES: `"), "{error}");
        }
    }

    #[test]
    fn trusted_proxies_are_cloudflare_or_a_number() {
        let trusted = |value| load(DEVELOPMENT, &[("TRUSTED_PROXIES", value)]);
        assert_eq!(
            load(DEVELOPMENT, &[]).unwrap().trusted_proxies,
            TrustedProxies::Count(0)
        );
        assert_eq!(trusted("2").unwrap().trusted_proxies, TrustedProxies::Count(2));
        assert_eq!(
            trusted("cloudflare").unwrap().trusted_proxies,
            TrustedProxies::Cloudflare
        );
        assert!(trusted("-1").unwrap_err().starts_with("TRUSTED_PROXIES"));
    }
}
