//! How much the functions weigh.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Profile, kept};
use crate::paths::Paths;
use crate::ui;

/// A release build of a function may weigh this much as gzip (**must** of the design).
const FUNCTION_GZIP_BYTES_MAX: usize = 1_000_000;

/// Says how much each function's release build weighs as gzip; fails over the limit.
pub fn report_sizes(paths: &Paths, names: &[String]) -> Result<()> {
    let mut too_heavy = Vec::new();
    for name in names {
        let bytes = gzip_bytes(&kept(paths, name, Profile::Release))?;
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
