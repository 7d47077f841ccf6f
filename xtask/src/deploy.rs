//! `cargo xtask deploy`: deploys all functions to Cloudflare, in the order of their dependencies.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

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
CLERK_PUBLISHABLE_KEY, CLERK_AUTHORIZED_PARTIES, CLERK_JWT_KEY, MODEL_BASE_URL and MODEL_NAME are not secret: set them in
[vars] of each wrangler.toml, or with wrangler secret put. With a pk_live_ key every function needs
CLERK_AUTHORIZED_PARTIES, the site's origins: https://app.example.com. wrangler is node_modules/.bin/wrangler.
";

pub fn run(dry_run: bool) -> Result<()> {
    let paths = Paths::find()?;
    for configuration in builds::configurations(&paths)? {
        let text = fs::read_to_string(paths.root.join(&configuration))?;
        if lacks_authorized_parties(&text) {
            bail!(
                "{} has a pk_live_ key but not CLERK_AUTHORIZED_PARTIES, without which the function refuses to \
                 start. Add the site's origins under [vars], for example \
                 CLERK_AUTHORIZED_PARTIES = \"https://app.example.com\"",
                configuration.display()
            );
        }
    }
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

/// Whether a wrangler.toml sets a production key without the origins whose tokens are accepted.
fn lacks_authorized_parties(text: &str) -> bool {
    let sets = |name: &str| {
        text.lines()
            .filter_map(|line| line.split_once('='))
            .find(|(key, value)| key.trim() == name && value.trim().len() > 2)
    };
    sets("CLERK_PUBLISHABLE_KEY").is_some_and(|(_, value)| value.contains("pk_live_"))
        && sets("CLERK_AUTHORIZED_PARTIES").is_none()
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
    fn a_production_key_needs_authorized_parties() {
        let live = "[vars]\nCLERK_PUBLISHABLE_KEY = \"pk_live_x\"\n";
        let parties = "CLERK_AUTHORIZED_PARTIES = \"https://app.example.com\"\n";
        assert!(lacks_authorized_parties(live));
        assert!(lacks_authorized_parties(&format!(
            "{live}CLERK_AUTHORIZED_PARTIES = \"\"\n"
        )));
        assert!(!lacks_authorized_parties(&format!("{live}{parties}")));
        assert!(!lacks_authorized_parties(
            "[vars]\nCLERK_PUBLISHABLE_KEY = \"pk_test_x\"\n"
        ));
        assert!(!lacks_authorized_parties(
            "[vars]\nTRUSTED_PROXIES = \"cloudflare\"\n"
        ));
    }

    #[test]
    fn site_is_deployed_last() {
        let order = in_order(["site", "a", "b"].map(PathBuf::from).to_vec());
        assert_eq!(order, ["a", "b", "site"].map(PathBuf::from));
    }
}
