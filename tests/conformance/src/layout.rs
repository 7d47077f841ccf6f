//! The files of a conformance directory.

use crate::report::Report;
use std::path::Path;

/// Files with cases, and other known files.
const FILES: [&str; 14] = [
    "README.md",
    "clerk/auth_unit_cases.json",
    "clerk/fapi_surface.json",
    "clerk/handshake_cases.json",
    "clerk/jwt_cases.json",
    "clerk/redirect_cases.json",
    "clerk/webhook_cases.json",
    "cards/README.md",
    "cards/decorators.json",
    "cards/expected.json",
    "cards/lorebook.json",
    "cards/macros.json",
    "cards/sse.json",
    "uploadthing/vectors.json",
];

/// Folders with the input files of `cards/expected.json`.
const DATA: [&str; 3] = ["cards/png/", "cards/charx/", "cards/json/"];

/// Reports every unknown file as a failure, so that its cases do not pass unnoticed.
pub fn check(dir: &Path, report: &mut Report) {
    let mut folders = vec![dir.to_path_buf()];
    let mut unknown = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                report.error(&folder.display().to_string(), &error);
                continue;
            }
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(dir)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            let known = FILES.contains(&name.as_str()) || DATA.iter().any(|folder| name.starts_with(folder));
            if !known {
                unknown.push(name);
            }
        }
    }
    unknown.sort();
    for name in unknown {
        report.error(&name, &"unknown file");
    }
}
