//! `cards/*.json`: the rules of `engine`.

mod files;
mod lore;

use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};
use engine::{
    macros::{Names, Seeds, expand},
    reply::{Failure, Reply},
    sse::{ModelEvent, Parser},
};
use serde_json::{Map, Value, json};

use crate::report::Report;

/// A case that was run.
struct Checked {
    /// What the file calls it, or its input.
    id: String,
    expected: Value,
    /// In the same form.
    got: Value,
}

/// Runs the cases of one file; the folder is that of `cards/`.
type Run = fn(&Value, &Path) -> Vec<Checked>;

/// Chance is tried with so many seeds.
const SEEDS: u64 = 200;

/// Runs the files of `cards/` that are there.
pub fn run(dir: &Path, report: &mut Report) {
    let runs: [(&str, Run); 5] = [
        ("cards/sse.json", sse),
        ("cards/macros.json", macros),
        ("cards/decorators.json", lore::decorators),
        ("cards/lorebook.json", lore::lorebook),
        ("cards/expected.json", files::expected),
    ];
    for (file, run) in runs {
        let cases = report
            .read(dir, file)
            .map(|cases| run(&cases, &dir.join("cards")));
        for case in cases.unwrap_or_default() {
            report.case(file, &case.id, &case.expected, &case.got);
        }
    }
}

/// `sse.json`: base64 chunks as they arrive → what a client makes of them.
fn sse(file: &Value, _: &Path) -> Vec<Checked> {
    let cases = file.as_array().map(Vec::as_slice).unwrap_or_default();
    cases
        .iter()
        .map(|case| {
            let chunks: Vec<Vec<u8>> = case["c"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|chunk| STANDARD.decode(chunk.as_str()?).ok())
                .collect();
            let got = heard(&chunks);
            let bytes = chunks.concat();
            // However it is cut, a stream says the same.
            let cut = (0..=bytes.len())
                .map(|at| bytes.split_at(at))
                .map(|(start, end)| heard(&[start.to_vec(), end.to_vec()]))
                .find(|other| *other != got);
            Checked {
                id: text(&case["n"]),
                expected: case["o"].clone(),
                got: cut.unwrap_or(got),
            }
        })
        .collect()
}

fn heard(chunks: &[Vec<u8>]) -> Value {
    let mut parser = Parser::new();
    let mut reply = Reply::new("");
    let mut said = Map::from_iter([
        ("text".to_owned(), json!("")),
        ("finish".to_owned(), Value::Null),
        ("done".to_owned(), json!(false)),
    ]);
    for chunk in chunks {
        reply.bytes(chunk);
        for part in parser.push(chunk) {
            match part {
                ModelEvent::Text(more) | ModelEvent::Refusal(more) => append(&mut said, "text", &more),
                ModelEvent::Reasoning(more) => append(&mut said, "reason", &more),
                ModelEvent::Finish(reason) => drop(said.insert("finish".to_owned(), json!(reason))),
                ModelEvent::Usage(usage) => {
                    said.insert("usage".to_owned(), json!(usage.total_tokens));
                }
                ModelEvent::Error { message, .. } => append(&mut said, "error", &message),
                ModelEvent::TooLong => append(&mut said, "error", "too long"),
                ModelEvent::Done => drop(said.insert("done".to_owned(), json!(true))),
            }
        }
    }
    reply.upstream_ended();
    if reply
        .ending()
        .is_some_and(|ending| ending.failure == Some(Failure::Truncated))
    {
        said.insert("truncated".to_owned(), json!(true));
    }
    Value::Object(said)
}

fn append(said: &mut Map<String, Value>, name: &str, more: &str) {
    let before = said.get(name).and_then(Value::as_str).unwrap_or_default();
    let joined = format!("{before}{more}");
    said.insert(name.to_owned(), json!(joined));
}

/// `macros.json`: a text → the same with its macros filled in.
fn macros(file: &Value, _: &Path) -> Vec<Checked> {
    let cases = file.as_array().map(Vec::as_slice).unwrap_or_default();
    cases
        .iter()
        .map(|case| {
            let input = text(&case["i"]);
            let named = |key: &str, otherwise: &str| {
                case["ctx"]
                    .get(key)
                    .and_then(Value::as_str)
                    .unwrap_or(otherwise)
                    .to_owned()
            };
            let (char, user) = (named("nickname", "Mira"), named("user", "Tan"));
            let names = Names {
                char: &char,
                user: &user,
            };
            let mut outcomes: Vec<String> = (0..SEEDS)
                .map(|seed| {
                    let seeds = Seeds {
                        roll: seed,
                        pick: seed,
                    };
                    expand(&input, &names, seeds)
                })
                .collect();
            outcomes.sort_unstable();
            outcomes.dedup();
            Checked {
                id: input,
                expected: possible(case),
                got: json!(outcomes),
            }
        })
        .collect()
}

/// Every outcome that a case allows, sorted: with enough seeds each must turn up.
fn possible(case: &Value) -> Value {
    let mut outcomes: Vec<String> = if let Some(choices) = case["one_of"].as_array() {
        choices.iter().map(text).collect()
    } else if let Some([low, high]) = case["int_range"].as_array().map(Vec::as_slice) {
        (low.as_u64().unwrap_or(1)..=high.as_u64().unwrap_or(0))
            .map(|number| number.to_string())
            .collect()
    } else {
        vec![text(&case["o"])]
    };
    outcomes.sort_unstable();
    json!(outcomes)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
