//! The import rules of ARCHITECTURE.md, checked with `cargo metadata`.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::{files, root, shown};

/// The packages of the workspace: folder and dependencies within the workspace.
fn packages() -> BTreeMap<String, (String, Vec<String>)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = metadata["packages"].as_array().unwrap();
    let members: Vec<String> = all.iter().map(|package| text(&package["name"])).collect();
    let folder = |package: &Value| {
        let manifest = text(&package["manifest_path"]);
        let path = manifest.strip_suffix("/Cargo.toml").unwrap();
        shown(path.as_ref())
    };
    let imports = |package: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        dependencies
            .map(|one| text(&one["name"]))
            .filter(|name| members.contains(name))
            .collect()
    };
    all.iter()
        .map(|package| (text(&package["name"]), (folder(package), imports(package))))
        .collect()
}

/// The workspace packages that a package may depend on; `None`: any.
fn allowed(name: &str, folder: &str) -> Option<&'static [&'static str]> {
    match name {
        "persona-api" => Some(&[]),
        "persona-engine" | "persona-clerk" => Some(&["persona-api"]),
        "persona-edge" => Some(&["persona-api", "persona-clerk"]),
        "persona-workers" => Some(&["persona-clerk", "persona-edge"]),
        // Contract tests use HTTP only.
        "contract" => Some(&[]),
        _ if folder.starts_with("functions/") => Some(&[
            "persona-api",
            "persona-clerk",
            "persona-edge",
            "persona-engine",
            "persona-workers",
        ]),
        // The emulator must not share code, and thereby mistakes, with persona-clerk.
        "clerk-emulator" => Some(&[]),
        _ => None,
    }
}

#[test]
fn packages_depend_only_on_allowed_packages() {
    let packages = packages();
    for expected in [
        "persona-api",
        "persona-clerk",
        "persona-edge",
        "persona-engine",
        "persona-talk",
        "site",
    ] {
        assert!(
            packages.contains_key(expected),
            "{expected} is a package of the workspace"
        );
    }
    let mut wrong = Vec::new();
    for (name, (folder, imports)) in &packages {
        let Some(allowed) = allowed(name, folder) else {
            continue;
        };
        wrong.extend(
            imports
                .iter()
                .filter(|one| !allowed.contains(&one.as_str()))
                .map(|one| format!("{name} depends on {one}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a file may use a runtime's crate.
fn may_use_the_runtime(path: &str) -> bool {
    path.starts_with("shared/workers/")
        || (path.starts_with("functions/") && path.ends_with("/src/workers.rs"))
}

/// Whether a line of code contains a crate's path, not as a suffix of another name.
fn names(line: &str, krate: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let mut before = code.split(krate).peekable();
    while let (Some(text), Some(_)) = (before.next(), before.peek()) {
        if !text.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            return true;
        }
    }
    false
}

#[test]
fn only_runtime_crates_and_entry_points_use_the_runtime() {
    let mut wrong = Vec::new();
    for folder in ["shared", "functions"] {
        for path in files(&root().join(folder), &[".rs"]) {
            let name = shown(&path);
            if may_use_the_runtime(&name) {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for (number, line) in text.lines().enumerate() {
                if ["worker::", "spin_sdk::", "web_sys::"]
                    .iter()
                    .any(|krate| names(line, krate))
                {
                    wrong.push(format!("{name}:{}: {}", number + 1, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_crate_path_is_matched_as_a_whole_word() {
    assert!(names("use worker::Env;", "worker::"));
    assert!(names("    let x: ::worker::Env = y;", "worker::"));
    assert!(!names("use crate::coworker::Env;", "worker::"));
    assert!(!names("workers::serve", "worker::"));
    assert!(!names("// worker::Env is not here", "worker::"));
}
