//! Replays requests recorded from ClerkJS 6.40, in order. The responses must have the same members,
//! the same types of values, and the same values except for ids and times.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by a panic"
)]

mod common;

use std::collections::HashMap;

use common::{Browser, Emulator};
use serde_json::Value;

/// Members whose value differs in every run.
const VARIABLE: [&str; 5] = ["jwt", "image_url", "clerk_trace_id", "token", "logo_url"];

#[derive(Default)]
struct IdMap(HashMap<String, String>);

impl IdMap {
    /// Panics unless `ours` matches `recorded`. Maps recorded ids to ours.
    fn check(&mut self, at: &str, recorded: &Value, ours: &Value, values: bool) {
        match (recorded, ours) {
            (Value::Object(recorded), Value::Object(ours)) => {
                for (name, value) in recorded {
                    let ours = ours.get(name).unwrap_or_else(|| panic!("{at}.{name} is missing"));
                    self.check(&format!("{at}.{name}"), value, ours, values);
                }
            }
            (Value::Array(recorded), Value::Array(ours)) if at.ends_with(".optional_fields") || !values => {
                assert!(
                    recorded.iter().all(|field| ours.contains(field)),
                    "{at}: {ours:?} lacks some of {recorded:?}"
                );
            }
            (Value::Array(recorded), Value::Array(ours)) => {
                assert_eq!(recorded.len(), ours.len(), "{at}");
                for (index, (recorded, ours)) in recorded.iter().zip(ours).enumerate() {
                    self.check(&format!("{at}[{index}]"), recorded, ours, values);
                }
            }
            (Value::String(recorded), Value::String(ours)) if is_id(recorded) => {
                assert_eq!(
                    recorded.split('_').next(),
                    ours.split('_').next(),
                    "{at}: another kind of id"
                );
                let mapped = self.0.entry(recorded.clone()).or_insert_with(|| ours.clone());
                assert_eq!(mapped, ours, "{at}: another id than before");
            }
            (Value::String(recorded), Value::String(ours))
                if values && !VARIABLE.iter().any(|name| at.ends_with(name)) =>
            {
                assert_eq!(recorded, ours, "{at}");
            }
            (Value::Number(recorded), Value::Number(ours)) if values && !at.ends_with("_at") => {
                assert_eq!(recorded, ours, "{at}");
            }
            (Value::Bool(recorded), Value::Bool(ours)) if values => assert_eq!(recorded, ours, "{at}"),
            _ => assert_eq!(
                std::mem::discriminant(recorded),
                std::mem::discriminant(ours),
                "{at}: recorded {recorded}, ours {ours}"
            ),
        }
    }

    /// A recorded path with our ids in it.
    fn path(&self, recorded: &str) -> String {
        recorded
            .split('/')
            .map(|part| self.0.get(part).map_or(part, String::as_str))
            .collect::<Vec<_>>()
            .join("/")
    }
}

fn is_id(text: &str) -> bool {
    let kinds = ["client_", "sess_", "user_", "sia_", "sua_", "idn_", "dvb_"];
    kinds
        .iter()
        .any(|kind| text.strip_prefix(kind).is_some_and(|rest| rest.len() > 15))
}

/// Performs the steps between two recorded requests that were not recorded.
async fn replay_unrecorded(browser: &Browser<'_>, ids: &mut IdMap, path: &str, form: &Value) {
    let is_signed_in = browser.client().await["sessions"]
        .as_array()
        .is_some_and(|sessions| !sessions.is_empty());
    let starts = path == "/v1/client/sign_ups" || path == "/v1/client/sign_ins";
    let unknown = path
        .split('/')
        .find(|part| part.starts_with("sia_") && !ids.0.contains_key(*part));
    if is_signed_in && (starts || unknown.is_some()) {
        browser.fapi("DELETE", "/v1/client/sessions", &[]).await;
    }
    if let Some(unknown) = unknown {
        let answer = browser
            .fapi("POST", "/v1/client/sign_ins", &[("identifier", "+12015550123")])
            .await;
        ids.0.insert(
            unknown.to_owned(),
            answer.body["response"]["id"].as_str().unwrap().to_owned(),
        );
        let recorded = form["phone_number_id"].as_str().unwrap();
        let ours = &answer.body["response"]["supported_first_factors"][0]["phone_number_id"];
        assert_eq!(ids.0[recorded], ours.as_str().unwrap());
    }
}

#[tokio::test]
async fn responses_match_the_recorded_ones() {
    let emulator = Emulator::start();
    let mut browser = Browser {
        emulator: &emulator,
        token: String::new(),
    };
    let mut ids = IdMap::default();
    let mut checked = 0;
    for line in include_str!("recorded_pairs.jsonl").lines() {
        let pair: Value = serde_json::from_str(line).unwrap();
        let recorded_path = pair["path"].as_str().unwrap();
        if !browser.token.is_empty() && pair["status"] == 200 {
            replay_unrecorded(&browser, &mut ids, recorded_path, &pair["form"]).await;
        }
        let fields: Vec<(String, String)> = pair["form"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.clone(), ids.path(value.as_str().unwrap())))
            .collect();
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let path = ids.path(recorded_path);
        let answer = browser
            .fapi(pair["method"].as_str().unwrap(), &path, &fields)
            .await;
        let at = format!("{} {recorded_path}", pair["method"].as_str().unwrap());
        assert_eq!(pair["status"], answer.status, "{at}: {}", answer.text);
        // The environment's values are the emulator's own; only its structure is compared.
        ids.check(
            &at,
            &pair["body"],
            &answer.body,
            recorded_path != "/v1/environment",
        );
        if recorded_path == "/v1/dev_browser" {
            browser.token = answer.body["id"].as_str().unwrap().to_owned();
        }
        checked += 1;
    }
    assert_eq!(checked, 19);
}
