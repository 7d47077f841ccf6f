//! The addresses of the running product's parts.

use std::path::PathBuf;
use std::sync::LazyLock;

/// The addresses, set by `cargo xtask test`.
#[derive(Debug)]
pub struct Product {
    /// The public origin, without a trailing slash.
    pub origin: String,
    /// The Clerk emulator.
    pub emulator: String,
    /// The scripted model.
    pub model: String,
    /// Postgres.
    pub database: String,
    /// The pooler.
    pub pooler: String,
    /// The recorder between the functions and the pooler.
    pub recorder: String,
    /// The signing secret of Clerk's webhooks.
    pub webhook_secret: String,
}

// Stores the error, so that every test reports it and not only the first.
static PRODUCT: LazyLock<Result<Product, String>> = LazyLock::new(|| {
    Ok(Product {
        origin: setting("PERSONA_ORIGIN")?,
        emulator: setting("PERSONA_EMULATOR")?,
        model: setting("PERSONA_MODEL")?,
        database: setting("PERSONA_DATABASE_URL")?,
        pooler: setting("PERSONA_PGBOUNCER_URL")?,
        recorder: setting("PERSONA_RECORDER")?,
        webhook_secret: setting("CLERK_WEBHOOK_SECRET")?,
    })
});

/// The product under test.
///
/// # Panics
/// If an address is not set.
#[must_use]
pub fn product() -> &'static Product {
    PRODUCT.as_ref().unwrap_or_else(|missing| panic!("{missing}"))
}

/// The repository with the builds of the functions.
///
/// # Panics
/// If it is not set.
#[must_use]
pub fn checkout() -> PathBuf {
    setting("PERSONA_CHECKOUT")
        .unwrap_or_else(|missing| panic!("{missing}"))
        .into()
}

fn setting(name: &str) -> Result<String, String> {
    let value = std::env::var(name).unwrap_or_default();
    if value.is_empty() {
        return Err(format!(
            "{name} is not set: contract tests need a running product. Start them with `cargo xtask test --only contract`."
        ));
    }
    Ok(value.trim_end_matches('/').to_owned())
}
