//! Installs worker-build and wasm-bindgen into the cache.

use std::fs;

use anyhow::Result;

use crate::paths::{self, Paths};
use crate::run;

struct Tool {
    package: &'static str,
    version: &'static str,
    program: &'static str,
    /// False for wasm-bindgen-cli, whose lock file does not build everywhere.
    locked: bool,
}

const TOOLS: [Tool; 2] = [
    Tool {
        package: "worker-build",
        version: "0.8.7",
        program: "worker-build",
        locked: true,
    },
    Tool {
        package: "wasm-bindgen-cli",
        version: "0.2.130",
        program: "wasm-bindgen",
        locked: false,
    },
];

/// Builds the tools that are not in the cache in this version.
pub fn install(paths: &Paths) -> Result<()> {
    let root = paths.cache.join("cargo");
    let record = fs::read_to_string(root.join(".crates.toml")).unwrap_or_default();
    let missing: Vec<_> = TOOLS
        .iter()
        .filter(|tool| {
            let recorded = record.contains(&format!("\"{} {} ", tool.package, tool.version));
            !recorded || !paths::is_executable(&paths.cargo_bin().join(tool.program))
        })
        .collect();
    // A common target folder, so that shared dependencies are built once.
    let target = paths.cache.join("cargo-install");
    for tool in &missing {
        let mut command = paths.command(cargo());
        // Outside of the checkout, so that rust-toolchain.toml is not evaluated again.
        command.current_dir(&paths.cache);
        command
            .args([
                "install",
                tool.package,
                "--version",
                tool.version,
                "--bin",
                tool.program,
                "--force",
                "--root",
            ])
            .arg(&root)
            .env("CARGO_TARGET_DIR", &target)
            // The tools run for seconds, so optimization would take longer than it saves.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        if tool.locked {
            command.arg("--locked");
        }
        let title = format!("{} {} (built once, some minutes)", tool.package, tool.version);
        run::step(
            &title,
            "cargo needs access to the crate registry: check the network and start again.",
            &mut command,
        )?;
    }
    if !missing.is_empty() {
        let _ = fs::remove_dir_all(target);
    }
    Ok(())
}

/// The cargo that runs xtask.
pub fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
