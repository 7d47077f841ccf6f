//! The OpenAPI 3.1 document of the API, generated from the types of this crate and the list in [`operations`].
//!
//! Compiled in tests only, so that functions do not contain it. The test below fails when
//! `openapi.json` differs from the sources; `cargo xtask types` regenerates it.

mod document;
mod operation;
mod operations;
mod schemas;

use std::collections::HashSet;

use crate::ProblemKind;

#[test]
fn openapi_json_matches_the_sources() {
    let mut document = document::document();
    // Key order must not depend on `serde_json/preserve_order`, which another crate may enable.
    document.sort_all_objects();
    let text = serde_json::to_string_pretty(&document).unwrap();
    expect_test::expect_file!["../openapi.json"].assert_eq(&format!("{text}\n"));
}

#[test]
fn operation_names_and_routes_are_unique() {
    let all = operations::OPERATIONS;
    let names: HashSet<_> = all.iter().map(|operation| operation.name).collect();
    let routes: HashSet<_> = all
        .iter()
        .map(|operation| (operation.method, operation.path))
        .collect();
    assert_eq!((names.len(), routes.len()), (all.len(), all.len()));
}

#[test]
fn problem_slugs_are_unique() {
    let slugs: HashSet<_> = ProblemKind::ALL.iter().map(|kind| kind.slug()).collect();
    assert_eq!(slugs.len(), ProblemKind::ALL.len());
    for slug in slugs {
        assert!(
            slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{slug}"
        );
    }
}
