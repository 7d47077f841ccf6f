//! The descriptions in the OpenAPI document equal the handlers' doc comments.

use std::collections::BTreeMap;
use std::fs;

use contract::openapi::document;

use crate::{files, root};

/// `METHOD path` of every handler and the text of its doc comment.
fn handlers() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for file in files(&root().join("functions"), &[".rs"]) {
        let text = fs::read_to_string(&file).unwrap();
        let lines: Vec<_> = text
            .lines()
            .map(|line| line.trim().strip_prefix("/// "))
            .collect();
        for (index, line) in lines.iter().enumerate() {
            let Some((address, first)) = line.and_then(|line| line.strip_prefix('`')?.split_once("`: "))
            else {
                continue;
            };
            let (method, path) = address.split_once(' ').unwrap_or_default();
            if !path.starts_with("/api/") {
                continue;
            }
            let path = path.split('?').next().unwrap_or_default();
            // The first paragraph.
            let rest = lines.iter().skip(index + 1).map_while(|line| *line);
            let says: Vec<_> = std::iter::once(first).chain(rest).collect();
            found.insert(format!("{method} {path}"), says.join(" "));
        }
    }
    found
}

/// The same from the document.
fn operations() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (path, methods) in document()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let mut says = format!("{}.", operation["summary"].as_str().unwrap());
            if let Some(rest) = operation["description"].as_str() {
                says = format!("{says} {rest}");
            }
            found.insert(format!("{} {path}", method.to_uppercase()), says);
        }
    }
    found
}

#[test]
fn doc_comments_of_handlers_equal_the_document() {
    let lines = |all: BTreeMap<String, String>| {
        let lines: Vec<_> = all
            .iter()
            .map(|(at, says)| format!("{at}: {}", says.to_lowercase()))
            .collect();
        lines
    };
    let (handlers, operations) = (lines(handlers()), lines(operations()));
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these
            .iter()
            .filter(|line| !those.contains(line))
            .cloned()
            .collect()
    };
    assert_eq!(
        only(&handlers, &operations),
        only(&operations, &handlers),
        "handlers, then the document"
    );
}
