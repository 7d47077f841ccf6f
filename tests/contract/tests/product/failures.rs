//! Failures of the model: an error event, the stored question and partial reply, recovery by a retry.

use contract::{Person, Talk, new_id};
use serde_json::json;

struct Case {
    marker: &'static str,
    slug: &'static str,
    partial: &'static str,
}

const CASES: [Case; 8] = [
    Case {
        marker: "status 429",
        slug: "model-busy",
        partial: "",
    },
    Case {
        marker: "status 500",
        slug: "model-unavailable",
        partial: "",
    },
    Case {
        marker: "status 503",
        slug: "model-unavailable",
        partial: "",
    },
    Case {
        marker: "status 400",
        slug: "model-rejected",
        partial: "",
    },
    Case {
        marker: "status 401",
        slug: "model-rejected",
        partial: "",
    },
    Case {
        marker: "cut",
        slug: "model-interrupted",
        partial: "half of ",
    },
    Case {
        marker: "error",
        slug: "model-unavailable",
        partial: "half of ",
    },
    Case {
        marker: "garbage",
        slug: "model-unavailable",
        partial: "",
    },
];

#[test]
fn a_failure_of_the_model_sends_error_and_end() {
    let person = Person::new();
    let persona = person.persona(&json!({ "name": "Mira", "first_mes": "Hello." }));
    for case in CASES {
        let mut talk = Talk::open(&person, persona["id"].as_str().unwrap());
        let question = format!("[[{}]] {}", case.marker, new_id());
        let reply = talk.say(&question);
        let names: Vec<_> = reply
            .events
            .iter()
            .rev()
            .take(2)
            .map(|event| event.name.as_str())
            .collect();
        assert_eq!(names, ["end", "error"], "{question}");
        let problem = reply.problem().unwrap();
        assert_eq!(
            problem["type"],
            format!("urn:persona:problem:{}", case.slug),
            "{question}"
        );
        assert!(
            problem["status"]
                .as_u64()
                .is_some_and(|status| (500..600).contains(&status)),
            "{problem}"
        );
        assert!(
            problem["instance"]
                .as_str()
                .is_some_and(|id| id.starts_with("urn:uuid:")),
            "{problem}"
        );
        assert!(
            !problem.to_string().contains("scripted"),
            "the provider's message is only logged: {problem}"
        );
        assert_eq!(
            (reply.status(), reply.content()),
            ("interrupted", case.partial),
            "{question}"
        );
        assert_eq!(reply.text(), case.partial, "{question}");

        let stored = [
            format!("user done: {question}"),
            format!("assistant interrupted: {}", case.partial),
        ];
        assert_eq!(talk.lines()[1..], stored);
        assert_eq!(talk.stored()["running"], json!(null), "no reply is running");
    }
}

#[test]
fn a_refusal_of_the_model_has_its_own_status() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let reply = talk.say("[[filter]]");
    assert_eq!((reply.status(), reply.content()), ("refused", "I can"));
    assert_eq!(
        talk.lines(),
        ["user done: [[filter]]", "assistant refused: I can"]
    );
}

#[test]
fn a_retry_recovers() {
    let person = Person::new();
    let persona = person.persona(&json!({ "name": "Mira" }));
    for marker in ["status 503", "status 429", "cut", "error", "filter", "garbage"] {
        let mut talk = Talk::open(&person, persona["id"].as_str().unwrap());
        let question = format!("[[once {marker}]] {}", new_id());
        assert_ne!(talk.say(&question).status(), "done", "{marker}");
        let reply = talk.retry().stream.rest();
        assert_eq!(
            (reply.status(), reply.content()),
            ("done", "Recovered."),
            "{marker}"
        );
        assert_eq!(
            talk.lines(),
            [
                format!("user done: {question}"),
                "assistant done: Recovered.".into()
            ]
        );
    }
}

#[test]
fn an_interrupted_reply_can_be_continued() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let _ = talk.say("[[cut]]");
    let reply = talk.go_on().stream.rest();
    assert_eq!(reply.status(), "done");
    assert_eq!(reply.content(), format!("half of {}", reply.text()));
    assert_eq!(talk.lines()[1], format!("assistant done: {}", reply.content()));
}

#[test]
fn the_next_message_can_be_sent_after_a_failure() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let _ = talk.say("[[cut]]");
    assert_eq!(talk.say("[[count 2]]").content(), "1 2 ");
    assert_eq!(
        talk.lines(),
        [
            "user done: [[cut]]",
            "assistant interrupted: half of ",
            "user done: [[count 2]]",
            "assistant done: 1 2 "
        ]
    );
}
