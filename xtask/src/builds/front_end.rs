//! Builds the front end (Vite, static/).

use std::path::Path;

use anyhow::Result;

use crate::files;
use crate::fingerprint::{self, Stamp};
use crate::paths::Paths;
use crate::run;
use crate::setup;

/// Builds the front end unless it is up to date.
pub fn front_end(paths: &Paths) -> Result<()> {
    let _lock = setup::lock(&paths.stamps().join("front-end.lock"))?;
    let sources = ["static", "package-lock.json", "shared/api/openapi.json"];
    let fingerprint = fingerprint::of(&sources.map(|part| paths.root.join(part)));
    let outputs = ["index.html", "app.html"].map(|page| paths.root.join("static/dist").join(page));
    let stamp = Stamp::new(&paths.stamps(), "front-end");
    if stamp.matches(&fingerprint, &outputs) {
        return Ok(());
    }
    stamp.forget();
    let built = paths.stamps().join("front-end");
    let mut command = paths.command("npm");
    command.args([
        "run",
        "build",
        "--workspace",
        "static",
        "--",
        "--emptyOutDir",
        "--outDir",
    ]);
    run::step(
        "front end",
        "Fix the errors and build again.",
        command.arg(&built),
    )?;
    // A running product serves static/dist meanwhile, so pages are replaced after their assets.
    let is_page = |file: &Path| file.extension().is_some_and(|kind| kind == "html");
    files::replace_folder(&built, &paths.root.join("static/dist"), is_page)?;
    stamp.record(&fingerprint)
}
