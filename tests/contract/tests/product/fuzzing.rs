//! Requests that Schemathesis generates from the OpenAPI document cause no server errors and no undocumented responses.

use std::process::Command;

use contract::{Person, openapi, product};
use serde_json::json;

/// Makes every run send the same requests.
const SEED: &str = "1";
/// Generated requests for each operation and phase. Two minutes on two slow cores.
const EXAMPLES_MAX: &str = "30";
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

#[test]
fn generated_requests_cause_only_documented_responses() {
    let program = std::env::var_os("PERSONA_SCHEMATHESIS")
        .expect("PERSONA_SCHEMATHESIS is not set: start this test with `cargo xtask test --only contract`");
    // Alone, because it sends requests at the full rate.
    let person = Person::alone();
    let persona = person.persona(&json!({ "name": "Mira", "greeting": "Hello." }));
    assert!(persona["id"].is_string());
    let folder = std::env::temp_dir().join(format!("persona-schemathesis-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let output = Command::new(program)
        .arg("run")
        .arg(openapi::file())
        .args(["--url", &product().origin])
        .args(["--header", &format!("Authorization: Bearer {}", person.token)])
        .args(["--checks", CHECKS, "--seed", SEED, "--max-examples", EXAMPLES_MAX])
        .args([
            "--workers",
            "2",
            "--request-timeout",
            "30",
            "--continue-on-failure",
        ])
        .args([
            "--generation-database",
            "none",
            "--suppress-health-check",
            "all",
            "--no-color",
        ])
        .current_dir(&folder)
        .output()
        .expect("Schemathesis starts");
    let _ = std::fs::remove_dir_all(&folder);
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
