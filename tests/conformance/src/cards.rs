//! `cards/*.json`: cases for `engine`.

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

/// The result of a case.
struct Checked {
    /// The case's name, or its input.
    id: String,
    expected: Value,
    got: Value,
}

/// Runs the cases of a file. The path is that of `cards/`.
type Run = fn(&Value, &Path) -> Vec<Checked>;

/// The number of seeds for random macros.
const SEEDS: u64 = 200;

/// Runs the files that exist in `cards/`.
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

/// `sse.json`: base64 chunks → the parsed result.
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
            let got = parse(&chunks);
            let bytes = chunks.concat();
            // The result must not depend on how the stream is split.
            let cut = (0..=bytes.len())
                .map(|at| bytes.split_at(at))
                .map(|(start, end)| parse(&[start.to_vec(), end.to_vec()]))
                .find(|other| *other != got);
            Checked {
                id: text(&case["n"]),
                expected: case["o"].clone(),
                got: cut.unwrap_or(got),
            }
        })
        .collect()
}

fn parse(chunks: &[Vec<u8>]) -> Value {
    let mut parser = Parser::new();
    let mut reply = Reply::new("");
    let mut result = Map::from_iter([
        ("text".to_owned(), json!("")),
        ("finish".to_owned(), Value::Null),
        ("done".to_owned(), json!(false)),
    ]);
    for chunk in chunks {
        reply.bytes(chunk);
        for event in parser.push(chunk) {
            match event {
                ModelEvent::Text(more) | ModelEvent::Refusal(more) => append(&mut result, "text", &more),
                ModelEvent::Reasoning(more) => append(&mut result, "reason", &more),
                ModelEvent::Finish(reason) => drop(result.insert("finish".to_owned(), json!(reason))),
                ModelEvent::Usage(usage) => {
                    result.insert("usage".to_owned(), json!(usage.total_tokens));
                }
                ModelEvent::Error { message, .. } => append(&mut result, "error", &message),
                ModelEvent::TooLong => append(&mut result, "error", "too long"),
                ModelEvent::Done => drop(result.insert("done".to_owned(), json!(true))),
            }
        }
    }
    reply.upstream_ended();
    if reply
        .ending()
        .is_some_and(|ending| ending.failure == Some(Failure::Truncated))
    {
        result.insert("truncated".to_owned(), json!(true));
    }
    Value::Object(result)
}

fn append(result: &mut Map<String, Value>, name: &str, more: &str) {
    let before = result.get(name).and_then(Value::as_str).unwrap_or_default();
    let joined = format!("{before}{more}");
    result.insert(name.to_owned(), json!(joined));
}

/// `macros.json`: a text → the expanded text.
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

/// All outcomes of a case, sorted. With enough seeds each must occur.
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
