//! Runs all functions in one `wrangler dev`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use fs_err as fs;

use super::{Instance, READY_WITHIN};
use crate::builds;
use crate::guard::Stop;
use crate::process::{Lines, Process, Ready};
use crate::setup;

/// The path of the readiness probe. No page has this path.
const PROBE_PATH: &str = "/__up";

/// The environment variables that wrangler and its builds inherit. wrangler passes its environment to
/// the functions, so no others are inherited.
const PASSED_ON: [&str; 22] = [
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "TERM",
    "TMPDIR",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "CARGO_TARGET_DIR",
    "PERSONA_CACHE",
    "PERSONA_STATE",
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
];

impl Instance<'_> {
    /// Runs all functions in one `wrangler dev` with the configurations in `checkout`. `database` is
    /// the address of their Hyperdrive binding.
    pub fn functions(
        &self,
        checkout: &Path,
        variables: BTreeMap<String, String>,
        database: &str,
        watched: bool,
    ) -> Result<Process> {
        // An empty file, so that wrangler does not read .dev.vars, which xtask has already read.
        let env_file = self.folder.join("functions.env");
        setup::create(&self.folder)?;
        fs::write(&env_file, "")?;
        let home = self.folder.join("wrangler-home");
        let mut command = self.paths.node_command("wrangler/bin/wrangler.js");
        command
            .current_dir(checkout)
            .env_clear()
            .envs(
                PASSED_ON
                    .iter()
                    .filter_map(|name| Some((*name, std::env::var_os(name)?))),
            )
            .env("PATH", self.paths.search_path())
            .env("XDG_CONFIG_HOME", &home)
            .env("WRANGLER_LOG_PATH", self.folder.join("logs/wrangler"))
            .env("WRANGLER_REGISTRY_PATH", home.join("registry"))
            .env("WRANGLER_SEND_METRICS", "false")
            .env("WRANGLER_SEND_ERROR_REPORTS", "false")
            .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
            .env("X_LOCAL_EXPLORER", "false")
            .env("X_LOCAL_OBSERVABILITY", "false")
            .env("CLOUDFLARE_INCLUDE_PROCESS_ENV", "true")
            .env("CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB", database)
            .envs(variables)
            .arg("dev");
        for configuration in builds::configurations(self.paths)? {
            command.arg("-c").arg(configuration);
        }
        command
            .args(["--local", "--show-interactive-dev-session=false"])
            .args(["--ip", "127.0.0.1"])
            .args(["--port", &self.ports.site().to_string()])
            .args(["--inspector-port", &self.ports.inspector().to_string()])
            .arg("--persist-to")
            .arg(self.folder.join("functions"))
            .arg("--env-file")
            .arg(env_file);
        Ok(Process {
            name: "functions",
            command,
            stop: Stop::Interrupt,
            ready: Ready::Http {
                port: self.ports.site(),
                path: PROBE_PATH,
            },
            ready_within: READY_WITHIN,
            // wrangler restarts a crashed runtime, but keeps sending requests to the old one.
            lines: Lines {
                show: Some(shown_of_functions),
                restart_on: Some("runtime crashed unexpectedly"),
            },
            watched,
        })
    }
}

/// Texts in lines of wrangler that are not shown.
const NOISE: [&str; 9] = [
    PROBE_PATH,
    "has access to the following bindings",
    "Using secrets defined in",
    "Found a non-empty CLOUDFLARE_HYPERDRIVE",
    "[custom build] Running",
    "[custom build]   …",
    "Another cargo xtask holds the lock",
    "Interrupted (",
    "Reloading local server",
];

/// Filters wrangler's output: requests, builds and logs of functions, without tables and probes.
fn shown_of_functions(line: &str) -> Option<String> {
    let text = crate::ui::plain(line);
    let text = text.trim_end();
    let is_table = text.starts_with("env.") || text.starts_with("Binding ");
    let message = text.trim_start_matches("[custom build]").trim();
    if message.is_empty() || message == "!" || is_table || NOISE.iter().any(|noise| text.contains(noise)) {
        return None;
    }
    let text = text.strip_prefix("[wrangler:info] ").unwrap_or(text);
    Some(format!("{} {text}", crate::ui::dim("functions")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probes_tables_and_empty_lines_are_not_shown() {
        assert!(shown_of_functions("[wrangler:info] GET /__up 404 Not Found (3ms)").is_none());
        assert!(shown_of_functions("[custom build] ").is_none());
        assert!(shown_of_functions("env.PATH (\"(hidden)\")   Environment Variable   local").is_none());
        assert!(
            shown_of_functions("[wrangler:info] GET /api/me 200 OK (3ms)")
                .is_some_and(|line| line.ends_with("GET /api/me 200 OK (3ms)"))
        );
    }
}
