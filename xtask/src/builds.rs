//! Builds the functions, the front end and the tools written in Rust. What is fresh is left alone.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::files::copy_folder;
use crate::fingerprint::{self, Stamp};
use crate::paths::Paths;
use crate::run::{self, Cmd};
use crate::setup::{self, Toolchain};
use crate::ui;

/// A release build of a function may weigh this much as gzip (**must** of the design).
const FUNCTION_GZIP_BYTES_MAX: usize = 1_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Release,
}

impl Profile {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// Names of all functions: the folders under functions/ that are crates.
pub fn function_names(paths: &Paths) -> Result<Vec<String>> {
    let folder = paths.root.join("functions");
    let entries = fs::read_dir(&folder).with_context(|| format!("{} is missing", folder.display()))?;
    let mut names: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    if names.is_empty() {
        bail!("functions/ has no crate");
    }
    Ok(names)
}

/// wrangler's configurations: the root's (site) first, then every other function's.
pub fn configurations(paths: &Paths) -> Result<Vec<PathBuf>> {
    let site = PathBuf::from("wrangler.toml");
    if !paths.root.join(&site).exists() {
        bail!("wrangler.toml is missing at the root: it configures the site function");
    }
    let mut all = vec![site];
    for name in function_names(paths)? {
        let file = Path::new("functions").join(&name).join("wrangler.toml");
        if paths.root.join(&file).exists() {
            all.push(file);
        } else if name != "site" {
            bail!("{} is missing", file.display());
        }
    }
    Ok(all)
}

/// Builds one function unless it is fresh.
pub fn function(paths: &Paths, toolchain: &Toolchain, name: &str, profile: Profile) -> Result<()> {
    let folder = paths.root.join("functions").join(name);
    if !folder.join("Cargo.toml").exists() {
        bail!(
            "there is no function {name:?}; there are: {}",
            function_names(paths)?.join(", ")
        );
    }
    let _lock = setup::lock(&paths.stamps().join(format!("function-{name}.lock")))?;
    let sources = ["src", "Cargo.toml"].map(|part| folder.join(part));
    let common = ["shared", "Cargo.toml", "Cargo.lock"].map(|part| paths.root.join(part));
    let sources = [&sources[..], &common[..]].concat();
    let fingerprint = fingerprint::of(&sources, &format!("{} {}", profile.word(), toolchain.id()));
    let build = folder.join("build");
    let stamp = Stamp::new(&paths.stamps(), &format!("function-{name}"));
    if stamp.matches(&fingerprint, &[build.join("index.js")]) {
        return Ok(());
    }
    stamp.forget();
    // Development and tests take turns: each profile's last build is kept.
    let kept = paths
        .stamps()
        .join("builds")
        .join(format!("{name}-{}", profile.word()));
    let kept_stamp = Stamp::new(&paths.stamps(), &format!("function-{name}-{}", profile.word()));
    if kept_stamp.matches(&fingerprint, &[kept.join("index.js")]) {
        overwrite(&kept, &build)?;
        return stamp.record(&fingerprint);
    }
    kept_stamp.forget();
    let program = |path: &str| paths.node_modules().join(path);
    let command = Cmd::new(paths.cargo_bin().join("worker-build"), &paths.root)
        .arg(format!("--{}", profile.word()))
        .arg(&folder);
    let command = toolchain
        .apply(paths, command)
        .env("WASM_BINDGEN_BIN", paths.cargo_bin().join("wasm-bindgen"))
        .env("WASM_OPT_BIN", program(".bin/wasm-opt"))
        .env("ESBUILD_BIN", program(".bin/esbuild"));
    run::step(
        &format!("function {name} ({})", profile.word()),
        "Mend what the compiler says and build again.",
        &command,
    )?;
    overwrite(&build, &kept)?;
    // Of what it was when the build began: a change during the build makes the next one.
    kept_stamp.record(&fingerprint)?;
    stamp.record(&fingerprint)
}

/// Over what is there: a running wrangler must not find the folder empty.
fn overwrite(from: &Path, to: &Path) -> Result<()> {
    copy_folder(from, to).with_context(|| format!("{} cannot be written", to.display()))
}

/// Builds every function.
pub fn functions(paths: &Paths, toolchain: &Toolchain, profile: Profile) -> Result<()> {
    function_names(paths)?
        .iter()
        .try_for_each(|name| function(paths, toolchain, name, profile))
}

/// Tells one state of the front end's sources from another.
pub fn front_end_fingerprint(paths: &Paths) -> String {
    fingerprint::of(
        &[paths.root.join("static"), paths.root.join("package-lock.json")],
        "",
    )
}

/// Whether static/dist is what static/ would build.
pub fn front_end_is_fresh(paths: &Paths) -> bool {
    let outputs = ["index.html", "app.html"].map(|page| paths.root.join("static/dist").join(page));
    Stamp::new(&paths.stamps(), "front-end").matches(&front_end_fingerprint(paths), &outputs)
}

/// Builds the front end unless it is fresh.
pub fn front_end(paths: &Paths) -> Result<()> {
    let _lock = setup::lock(&paths.stamps().join("front-end.lock"))?;
    if front_end_is_fresh(paths) {
        return Ok(());
    }
    let fingerprint = front_end_fingerprint(paths);
    let stamp = Stamp::new(&paths.stamps(), "front-end");
    stamp.forget();
    let command = Cmd::new("npm", &paths.root)
        .args(["run", "build", "--workspace", "static"])
        .env("PATH", paths.search_path());
    run::step("front end", "Mend what Vite says and build again.", &command)?;
    stamp.record(&fingerprint)
}

/// Programs of this workspace that the other commands start.
#[derive(Debug)]
pub struct HostTools {
    pub clerk_emulator: PathBuf,
    pub migrate: PathBuf,
}

/// Builds them for this machine.
pub fn host_tools(paths: &Paths) -> Result<HostTools> {
    let command = Cmd::new(setup::cargo(), &paths.root)
        .args([
            "build",
            "--package",
            "clerk-emulator",
            "--package",
            "persona-migrate",
        ])
        .env("CARGO_TERM_COLOR", "never");
    run::step(
        "clerk-emulator and migrations",
        "Mend what the compiler says and start again.",
        &command,
    )?;
    let program = |name: &str| paths.target().join("debug").join(name);
    Ok(HostTools {
        clerk_emulator: program("clerk-emulator"),
        migrate: program("persona-migrate"),
    })
}

/// Builds the program that applies migrations.
pub fn migrate_tool(paths: &Paths) -> Result<PathBuf> {
    let command = Cmd::new(setup::cargo(), &paths.root).args(["build", "--package", "persona-migrate"]);
    run::step("persona-migrate", "Mend what the compiler says.", &command)?;
    Ok(paths.target().join("debug/persona-migrate"))
}

/// Says how much each function weighs as gzip; fails over the limit.
pub fn report_sizes(paths: &Paths, names: &[String]) -> Result<()> {
    let mut too_heavy = Vec::new();
    for name in names {
        let bytes = gzip_bytes(&paths.root.join("functions").join(name).join("build"))?;
        ui::say(&format!("    {name}: {} KB gzip", bytes / 1_000));
        if bytes > FUNCTION_GZIP_BYTES_MAX {
            too_heavy.push(name.as_str());
        }
    }
    if !too_heavy.is_empty() {
        bail!(
            "over {} KB gzip: {}",
            FUNCTION_GZIP_BYTES_MAX / 1_000,
            too_heavy.join(", ")
        );
    }
    Ok(())
}

fn gzip_bytes(build: &Path) -> Result<usize> {
    let mut sum = 0_usize;
    for entry in fs::read_dir(build).with_context(|| format!("{} is missing", build.display()))? {
        let file = entry?.path();
        if file.is_file() && file.extension().is_some_and(|end| end == "wasm" || end == "js") {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&fs::read(&file)?)?;
            sum = sum.saturating_add(encoder.finish()?.len());
        }
    }
    Ok(sum)
}
