//! `cargo xtask deploy`: deploys all functions to Cloudflare, in the order of their dependencies.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::builds;
use crate::paths::Paths;
use crate::run;
use crate::setup::{self, Needs};
use crate::ui;

const SECRETS: &str = "\
Before the first deployment, once:
  wrangler login, or CLOUDFLARE_API_TOKEN in the environment
  wrangler hyperdrive create persona --connection-string=\"postgres://…\" --caching-disabled
    and its id in each wrangler.toml that binds DB
  wrangler r2 bucket create persona-files
  cargo xtask migrate --database-url \"postgres://…\"      (a direct address, not the pooler's)
and for each function, with -c <its wrangler.toml>:
  wrangler secret put CLERK_SECRET_KEY
  wrangler secret put CLERK_WEBHOOK_SECRET                 (auth-callback)
  wrangler secret put MODEL_API_KEY                        (persona-talk)
CLERK_PUBLISHABLE_KEY, CLERK_JWT_KEY, MODEL_BASE_URL and MODEL_NAME are not secret: set them in [vars] of wrangler.toml,
or with wrangler secret put. wrangler is node_modules/.bin/wrangler.
";

pub fn run(dry_run: bool) -> Result<()> {
    let paths = Paths::find()?;
    ui::heading("Setting up");
    setup::prepare(&paths, Needs::default())?;
    ui::heading("Building");
    builds::front_end(&paths)?;
    let checkout = paths.stamps().join("deploy");
    builds::lay_out(&paths, &checkout)?;
    builds::report_sizes(&paths, &builds::function_names(&paths)?)?;

    ui::heading(if dry_run {
        "Deploying (dry run)"
    } else {
        "Deploying"
    });
    if !dry_run {
        ui::say(SECRETS);
    }
    for configuration in in_order(builds::configurations(&paths)?) {
        let mut command = paths.node_command("wrangler/bin/wrangler.js");
        command
            .current_dir(&checkout)
            .args(["deploy", "-c"])
            .arg(&configuration);
        command.env("WRANGLER_SEND_METRICS", "false");
        if dry_run {
            command
                .args(["--dry-run", "--outdir"])
                .arg(checkout.join("bundles"));
        }
        ui::say(&format!("  {}", ui::bold(&configuration.display().to_string())));
        run::attached(&mut command).context("the functions before this one are deployed")?;
    }
    Ok(())
}

/// A service binding requires an existing service, so site, which is bound to all others, is last.
fn in_order(mut configurations: Vec<PathBuf>) -> Vec<PathBuf> {
    if !configurations.is_empty() {
        configurations.rotate_left(1);
    }
    configurations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn site_is_deployed_last() {
        let order = in_order(["site", "a", "b"].map(PathBuf::from).to_vec());
        assert_eq!(order, ["a", "b", "site"].map(PathBuf::from));
    }
}
