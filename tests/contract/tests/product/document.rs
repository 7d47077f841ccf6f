//! The OpenAPI document is served and has the same operations as the product.

use std::collections::BTreeSet;

use contract::{Call, Person, new_id, openapi::document};
use serde_json::Value;

use crate::routes::ROUTES;

/// Every operation: method, path with `{id}`, description.
fn operations() -> impl Iterator<Item = (String, &'static String, &'static Value)> {
    let paths = document()["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap();
        methods
            .iter()
            .map(move |(method, operation)| (method.to_uppercase(), path, operation))
    })
}

#[test]
fn the_document_and_its_page_are_served() {
    let answer = Call::new("GET", "/api/openapi.json").send().expect(200);
    assert_eq!(&answer.json(), document());
    let _ = Call::new("POST", "/api/openapi.json")
        .send()
        .problem(405, "method-not-allowed");
    let page = Call::new("GET", "/api/docs")
        .header("accept", "text/html")
        .send()
        .expect(200);
    assert!(page.header("content-type").starts_with("text/html"));
}

#[test]
fn the_table_of_routes_has_every_guarded_operation() {
    let guarded: BTreeSet<_> = operations()
        .filter(|(_, _, operation)| operation.get("security").is_none())
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    let routes: BTreeSet<_> = ROUTES
        .into_iter()
        .filter(|(_, path, _)| !path.contains('?'))
        .map(|(method, path, _)| {
            let with_id = ["{persona}", "{conversation}", "{generation}"];
            let path = with_id
                .iter()
                .fold(path.to_owned(), |path, name| path.replace(name, "{id}"));
            format!("{method} {path}")
        })
        .collect();
    assert_eq!(routes, guarded);
}

#[test]
fn every_operation_is_routed_to_a_handler() {
    let person = Person::new();
    for (method, path, _) in operations() {
        let answer = person.call(&method, &path.replace("{id}", &new_id())).send();
        assert_ne!(answer.status, 405, "{method} {path}");
        // The detail of a path without a route.
        let detail = answer.text();
        for absent in ["no such page", "no such address"] {
            assert!(!detail.contains(absent), "{method} {path}: {detail}");
        }
    }
}
