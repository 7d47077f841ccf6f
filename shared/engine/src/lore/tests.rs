use expect_test::expect;
use serde_json::{Value, json};

use super::{Book, ENTRIES_MAX, Scan, activate};
use crate::macros::{Names, Seeds};

const NONE: [usize; 0] = [];
const SCAN: Scan<'_> = Scan {
    messages: &[],
    assistant_count: 0,
    greeting: None,
    active_before: &[],
    names: Names {
        char: "Mira",
        user: "Tan",
    },
    seeds: Seeds { roll: 1, pick: 1 },
};

fn ids(book: &Value, scan: &Scan<'_>) -> Vec<usize> {
    activate(&Book::read(book), scan)
        .iter()
        .map(|active| active.index)
        .collect()
}

fn entry(key: &str, content: &str) -> Value {
    json!({"keys": [key], "content": content, "extensions": {}})
}

fn with(mut entry: Value, name: &str, value: Value) -> Value {
    entry[name] = value;
    entry
}

#[test]
fn entries_of_the_lowest_priority_are_dropped_first() {
    let long = "word ".repeat(30);
    let book = json!({"token_budget": 90, "entries": [
        with(entry("a", &long), "priority", json!(1)),
        with(entry("a", &long), "priority", json!(3)),
        with(entry("a", &format!("@@ignore_on_max_context\n{long}")), "priority", json!(9)),
        with(entry("a", &long), "priority", json!(2)),
    ]});
    assert_eq!(
        ids(
            &book,
            &Scan {
                messages: &["a"],
                ..SCAN
            }
        ),
        [1, 3]
    );
}

#[test]
fn secondary_keys_have_four_modes() {
    let of = |logic: u64, message: &str| {
        let mut entry = with(entry("a", "x"), "secondary_keys", json!(["b", "c"]));
        entry["selective"] = json!(true);
        entry["extensions"]["selectiveLogic"] = json!(logic);
        !ids(
            &json!({"entries": [entry]}),
            &Scan {
                messages: &[message],
                ..SCAN
            },
        )
        .is_empty()
    };
    let table: String = ["a", "a b", "a b c"]
        .iter()
        .map(|message| {
            format!(
                "{message}: {:?}\n",
                [of(0, message), of(1, message), of(2, message), of(3, message)]
            )
        })
        .collect();
    expect![[r#"
        a: [false, true, true, false]
        a b: [true, true, false, false]
        a b c: [true, false, false, true]
    "#]]
    .assert_eq(&table);
}

#[test]
fn keys_can_match_whole_words_and_hidden_keys() {
    let mut word = entry("sea", "x {{hidden_key: lamp}}");
    word["extensions"]["match_whole_words"] = json!(true);
    let book = json!({"recursive_scanning": true, "entries": [word, entry("lamp", "y")]});
    assert_eq!(
        ids(
            &book,
            &Scan {
                messages: &["a season"],
                ..SCAN
            }
        ),
        NONE
    );
    assert_eq!(
        ids(
            &book,
            &Scan {
                messages: &["the sea!"],
                ..SCAN
            }
        ),
        [0, 1]
    );
}

#[test]
fn recursion_can_be_excluded_prevented_and_delayed() {
    let extended = |name: &str, mut entry: Value| {
        entry["extensions"][name] = json!(true);
        entry
    };
    let book = json!({"recursive_scanning": true, "entries": [
        entry("a", "b c"),
        extended("exclude_recursion", entry("b", "x")),
        extended("prevent_recursion", entry("c", "d")),
        entry("d", "never active"),
        extended("delay_until_recursion", entry("a", "late")),
    ]});
    assert_eq!(
        ids(
            &book,
            &Scan {
                messages: &["a"],
                ..SCAN
            }
        ),
        [0, 2, 4]
    );
}

#[test]
fn entries_can_stay_active_or_inactive_after_a_match() {
    let book = json!({"entries": [
        entry("a", "@@keep_activate_after_match\nx"),
        entry("a", "@@dont_activate_after_match\ny"),
    ]});
    assert_eq!(
        ids(
            &book,
            &Scan {
                messages: &["a"],
                ..SCAN
            }
        ),
        [0, 1]
    );
    assert_eq!(
        ids(
            &book,
            &Scan {
                messages: &["a"],
                active_before: &[0, 1],
                ..SCAN
            }
        ),
        [0]
    );
    assert_eq!(
        ids(
            &book,
            &Scan {
                messages: &["z"],
                active_before: &[0, 1],
                ..SCAN
            }
        ),
        [0]
    );
}

#[test]
fn malicious_patterns_neither_match_nor_hang() {
    let texts = "a".repeat(50_000);
    for pattern in ["(", "/(?=a)/", "(a*)*b", "a{1000}{1000}", &"(a|b)".repeat(500)] {
        let book = json!({"entries": [with(entry(pattern, "x"), "use_regex", json!(true))]});
        assert_eq!(
            ids(
                &book,
                &Scan {
                    messages: &[&texts],
                    ..SCAN
                }
            ),
            NONE,
            "{pattern}"
        );
    }
}

#[test]
fn entries_are_active_with_their_probability() {
    let mut entry = entry("a", "x");
    entry["extensions"] = json!({"probability": 30, "useProbability": true});
    let book = json!({"entries": [entry]});
    let seeds = (0..1_000).map(|roll| Seeds { roll, pick: 0 });
    let active = seeds.filter(|seeds| {
        !ids(
            &book,
            &Scan {
                messages: &["a"],
                seeds: *seeds,
                ..SCAN
            },
        )
        .is_empty()
    });
    assert!((250..350).contains(&active.count()));
}

#[test]
fn an_invalid_book_is_empty() {
    for book in [
        json!(null),
        json!([]),
        json!({"entries": 3}),
        json!({"entries": [null, 1, {"keys": "a", "content": 7}]}),
    ] {
        assert_eq!(
            ids(
                &book,
                &Scan {
                    messages: &["a"],
                    ..SCAN
                }
            ),
            NONE
        );
    }
    let oversized = json!({"entries": vec![json!({}); ENTRIES_MAX + 1]});
    assert_eq!(Book::read(&oversized).entries.len(), ENTRIES_MAX);
}
