//! The OpenAPI 3.1 document of the API, made from the types of this crate and the list in [`operations`].
//!
//! Exists in tests only, so that nothing of it reaches a function. The test below fails when
//! `openapi.json` is not what the sources say; `cargo xtask types` writes it again.

mod document;
mod operations;
mod schemas;

use std::collections::HashSet;

use crate::ProblemKind;

#[test]
fn the_document_is_what_the_sources_say() {
    let mut document = document::document();
    // The order of keys must not hang on a feature of serde_json that another crate switches on.
    document.sort_all_objects();
    let text = serde_json::to_string_pretty(&document).unwrap();
    expect_test::expect_file!["../openapi.json"].assert_eq(&format!("{text}\n"));
}

#[test]
fn an_operation_has_a_name_and_an_address_of_its_own() {
    let all = operations::OPERATIONS;
    let names: HashSet<_> = all.iter().map(|one| one.name).collect();
    let addresses: HashSet<_> = all.iter().map(|one| (one.method, one.path)).collect();
    assert_eq!((names.len(), addresses.len()), (all.len(), all.len()));
}

#[test]
fn a_problem_has_a_slug_of_its_own() {
    let slugs: HashSet<_> = ProblemKind::ALL.iter().map(|kind| kind.slug()).collect();
    assert_eq!(slugs.len(), ProblemKind::ALL.len());
    for slug in slugs {
        assert!(
            slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{slug}"
        );
    }
}
