//! The settings in `.dev.vars`: which services are embedded, and the variables of the functions.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// The embedded Clerk instance: `persona-local-1.clerk.accounts.dev`.
const EMBEDDED_PUBLISHABLE_KEY: &str = "pk_test_cGVyc29uYS1sb2NhbC0xLmNsZXJrLmFjY291bnRzLmRldiQ=";
const EMBEDDED_SECRET_KEY: &str = "sk_test_persona_local";
/// The signing secret of the emulator's webhooks. The same on every machine, so not secret.
pub const EMBEDDED_WEBHOOK_SECRET: &str = "whsec_cGVyc29uYS1sb2NhbC13ZWJob29rLXNlY3JldC0wMDE=";
/// Role, password and database of the embedded Postgres. The password is not checked, but wrangler
/// requires one in the address.
pub const POSTGRES_USER: &str = "persona";

/// The ports of an instance, all on 127.0.0.1.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    base: u16,
}

/// The number of consecutive ports of an instance.
pub const PORTS: u16 = 6;
/// The number of consecutive ports of an instance under test, which has a recorder.
pub const TEST_PORTS: u16 = PORTS + 2;

impl Ports {
    pub fn new(base: u16) -> Result<Self> {
        if base < 1024 || base.checked_add(PORTS).is_none() {
            bail!("--port must be a number from 1024 to {}", u16::MAX - PORTS);
        }
        Ok(Self { base })
    }
    pub const fn site(self) -> u16 {
        self.base
    }
    pub const fn postgres(self) -> u16 {
        self.base.saturating_add(1)
    }
    pub const fn pooler(self) -> u16 {
        self.base.saturating_add(2)
    }
    pub const fn clerk(self) -> u16 {
        self.base.saturating_add(3)
    }
    pub const fn model(self) -> u16 {
        self.base.saturating_add(4)
    }
    pub const fn inspector(self) -> u16 {
        self.base.saturating_add(5)
    }
    /// What the functions of tests take for the pooler.
    pub const fn recorded_pooler(self) -> u16 {
        self.base.saturating_add(PORTS)
    }
    /// Where the recorder reports.
    pub const fn recorder(self) -> u16 {
        self.base.saturating_add(PORTS + 1)
    }
    /// The public origin.
    pub fn origin(self) -> String {
        format!("http://localhost:{}", self.base)
    }
    pub fn all(self) -> impl Iterator<Item = u16> {
        self.base..self.base.saturating_add(PORTS)
    }
}

/// The address of the embedded Postgres or its pooler.
pub fn postgres_url(port: u16) -> String {
    format!("postgres://{POSTGRES_USER}:{POSTGRES_USER}@127.0.0.1:{port}/{POSTGRES_USER}")
}

/// The variables in `.dev.vars`.
#[derive(Debug, Default, Clone)]
pub struct Settings {
    vars: BTreeMap<String, String>,
}

impl Settings {
    /// All services embedded, for tests, which must not depend on the developer's settings.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// Reads `.dev.vars`. Without the file, all services are embedded.
    pub fn load(root: &Path) -> Result<Self> {
        let file = root.join(".dev.vars");
        if !file.exists() {
            return Ok(Self::default());
        }
        let help = "See .dev.vars.example for the format.";
        let lines =
            dotenvy::from_path_iter(&file).with_context(|| format!(".dev.vars cannot be read. {help}"))?;
        let vars: BTreeMap<_, _> = lines
            .collect::<Result<_, _>>()
            .with_context(|| format!(".dev.vars has a line that is not NAME=value. {help}"))?;
        let settings = Self { vars };
        let keys = ["CLERK_PUBLISHABLE_KEY", "CLERK_SECRET_KEY"];
        if keys.iter().filter(|key| settings.get(key).is_some()).count() == 1 {
            bail!(
                "{} belong together: .dev.vars has only one of them",
                keys.join(" and ")
            );
        }
        Ok(settings)
    }

    /// A non-empty value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.vars
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    pub fn embeds_clerk(&self) -> bool {
        self.get("CLERK_PUBLISHABLE_KEY").is_none()
    }

    pub fn embeds_postgres(&self) -> bool {
        self.get("DATABASE_URL").is_none()
    }

    pub fn embeds_model(&self) -> bool {
        self.get("MODEL_BASE_URL").is_none()
    }

    /// The variables of the functions. `model` is the name of the embedded model.
    pub fn functions_env(&self, ports: Ports, model: &str) -> BTreeMap<String, String> {
        let mut env = BTreeMap::new();
        let mut set = |name: &str, value: String| env.insert(name.to_owned(), value);
        set("CLERK_JWT_KEY", String::new());
        set("CLERK_AUTHORIZED_PARTIES", String::new());
        set("TRUSTED_PROXIES", "0".into());
        set("CLERK_WEBHOOK_SECRET", String::new());
        if self.embeds_clerk() {
            let clerk = format!("http://127.0.0.1:{}", ports.clerk());
            set("CLERK_PUBLISHABLE_KEY", EMBEDDED_PUBLISHABLE_KEY.into());
            set("CLERK_SECRET_KEY", EMBEDDED_SECRET_KEY.into());
            set("CLERK_WEBHOOK_SECRET", EMBEDDED_WEBHOOK_SECRET.into());
            set("CLERK_PROXY_URL", "/__clerk".into());
            set("CLERK_FAPI_URL", clerk.clone());
            set("CLERK_API_URL", clerk);
        } else {
            set("CLERK_PROXY_URL", String::new());
            set("CLERK_FAPI_URL", String::new());
            set("CLERK_API_URL", "https://api.clerk.com".into());
        }
        if self.embeds_model() {
            set("MODEL_BASE_URL", format!("http://127.0.0.1:{}/v1", ports.model()));
            set("MODEL_API_KEY", "local".into());
            set("MODEL_NAME", model.into());
        }
        set("MODEL_CONTEXT_TOKENS", "4096".into());
        set("MODEL_REPLY_TOKENS", "512".into());
        env.extend(
            self.vars
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        env
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Settings {
        Settings {
            vars: pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn without_dev_vars_everything_is_embedded() {
        let env = Settings::embedded().functions_env(Ports::new(8787).unwrap(), "tiny");
        assert_eq!(
            env.get("CLERK_FAPI_URL").map(String::as_str),
            Some("http://127.0.0.1:8790")
        );
        assert_eq!(
            env.get("MODEL_BASE_URL").map(String::as_str),
            Some("http://127.0.0.1:8791/v1")
        );
    }

    #[test]
    fn real_clerk_keys_replace_all_settings_of_the_emulator() {
        let real = settings(&[
            ("CLERK_PUBLISHABLE_KEY", "pk_test_x"),
            ("CLERK_SECRET_KEY", "sk_test_x"),
        ]);
        let env = real.functions_env(Ports::new(8787).unwrap(), "tiny");
        assert_eq!(env.get("CLERK_SECRET_KEY").map(String::as_str), Some("sk_test_x"));
        assert_eq!(env.get("CLERK_PROXY_URL").map(String::as_str), Some(""));
        assert!(
            !env.values()
                .any(|value| value.contains("8790") || value == EMBEDDED_WEBHOOK_SECRET)
        );
    }

    #[test]
    fn an_empty_value_is_ignored() {
        assert!(settings(&[("DATABASE_URL", "")]).embeds_postgres());
        assert!(!settings(&[("DATABASE_URL", "postgres://x:y@db/z")]).embeds_postgres());
    }

    #[test]
    fn an_instance_needs_all_of_its_ports() {
        assert!(Ports::new(65_534).is_err());
        assert!(Ports::new(80).is_err());
    }
}
