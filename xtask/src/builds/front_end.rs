//! The front end: Vite's build of static/.

use std::path::Path;

use anyhow::Result;

use crate::files;
use crate::fingerprint::{self, Stamp};
use crate::paths::Paths;
use crate::run;
use crate::setup;

/// Tells one state of the front end's sources from another.
pub fn front_end_fingerprint(paths: &Paths) -> String {
    fingerprint::of(&[paths.root.join("static"), paths.root.join("package-lock.json")])
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
        "Mend what Vite says and build again.",
        command.arg(&built),
    )?;
    // The running product serves static/dist while it is built anew; pages come after what they load.
    let is_page = |file: &Path| file.extension().is_some_and(|kind| kind == "html");
    files::replace_folder(&built, &paths.root.join("static/dist"), is_page)?;
    stamp.record(&fingerprint)
}
