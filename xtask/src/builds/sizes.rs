//! Checks the sizes of the functions.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use fs_err as fs;

use super::{Profile, build_folder};
use crate::paths::Paths;
use crate::ui;

/// The largest gzip size of a function's release build, in bytes.
const FUNCTION_GZIP_BYTES_MAX: usize = 1_000_000;

/// Prints the gzip size of each function's release build. Fails if one exceeds the limit.
pub fn report_sizes(paths: &Paths, names: &[String]) -> Result<()> {
    let mut too_large = Vec::new();
    for name in names {
        let bytes = gzip_bytes(&build_folder(paths, name, Profile::Release))?;
        ui::say(&format!("    {name}: {} KB gzip", bytes / 1_000));
        if bytes > FUNCTION_GZIP_BYTES_MAX {
            too_large.push(name.as_str());
        }
    }
    if !too_large.is_empty() {
        bail!(
            "over {} KB gzip: {}",
            FUNCTION_GZIP_BYTES_MAX / 1_000,
            too_large.join(", ")
        );
    }
    Ok(())
}

fn gzip_bytes(build: &Path) -> Result<usize> {
    let mut sum = 0_usize;
    for entry in fs::read_dir(build)? {
        let file = entry?.path();
        if file.is_file() && file.extension().is_some_and(|end| end == "wasm" || end == "js") {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&fs::read(&file)?)?;
            sum = sum.saturating_add(encoder.finish()?.len());
        }
    }
    Ok(sum)
}
