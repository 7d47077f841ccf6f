//! Sizes.

use std::fs;

use crate::{files, root, shown};

/// The largest number of lines. Files should stay below 300.
const LINES_MAX: usize = 350;

#[test]
fn no_source_file_is_too_long_to_read() {
    let mut long = Vec::new();
    for folder in ["functions", "shared", "static", "tests", "tools", "xtask"] {
        for path in files(&root().join(folder), &[".rs", ".ts", ".tsx", ".mjs"]) {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().count();
            if lines > LINES_MAX && !text.starts_with("// Generated ") {
                long.push(format!("{}: {lines} lines", shown(&path)));
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}
