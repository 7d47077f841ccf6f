//! Where the parts of the running product are.

use std::sync::LazyLock;

/// Addresses of the parts, as `cargo xtask test` gives them.
#[derive(Debug)]
pub struct Product {
    /// The address that people open, without a slash at its end.
    pub origin: String,
    /// The Clerk emulator.
    pub emulator: String,
    /// The scripted model.
    pub model: String,
    /// Postgres itself.
    pub database: String,
    /// The pooler before it.
    pub pooler: String,
    /// With which Clerk's webhooks are signed.
    pub webhook_secret: String,
}

// Read once; every test that finds none says why, not only the first.
static PRODUCT: LazyLock<Result<Product, String>> = LazyLock::new(|| {
    Ok(Product {
        origin: setting("PERSONA_ORIGIN")?,
        emulator: setting("PERSONA_EMULATOR")?,
        model: setting("PERSONA_MODEL")?,
        database: setting("PERSONA_DATABASE_URL")?,
        pooler: setting("PERSONA_PGBOUNCER_URL")?,
        webhook_secret: setting("CLERK_WEBHOOK_SECRET")?,
    })
});

/// The product that is tested.
///
/// # Panics
/// If none is given: a test that asks nobody must not pass.
#[must_use]
pub fn product() -> &'static Product {
    PRODUCT.as_ref().unwrap_or_else(|missing| panic!("{missing}"))
}

fn setting(name: &str) -> Result<String, String> {
    let value = std::env::var(name).unwrap_or_default();
    if value.is_empty() {
        return Err(format!(
            "{name} is not set: contract tests ask a running product. Start them with `cargo xtask test --only contract`."
        ));
    }
    Ok(value.trim_end_matches('/').to_owned())
}
