//! SQL files: one statement each, used, and bound to the user if they touch rows of users.

use std::collections::BTreeMap;
use std::fs;

use crate::{files, root, shown};

/// Tables with rows of users, and the column of the user.
const OWNED: [(&str, &str); 6] = [
    ("files", "user_id"),
    ("conversations", "user_id"),
    ("messages", "user_id"),
    ("generations", "user_id"),
    ("reply_events", "user_id"),
    ("personas", "owner_id"),
];

/// The statements of a folder of `shared/edge/src/db/sql`, by file name.
fn statements(folder: &str) -> BTreeMap<String, String> {
    let found = files(&root().join("shared/edge/src/db/sql").join(folder), &[".sql"]);
    assert!(!found.is_empty(), "there are statements");
    found
        .iter()
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(path).unwrap(),
            )
        })
        .collect()
}

/// The words of a statement without its comments.
fn words(statement: &str) -> Vec<String> {
    let code = statement
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join(" ")
        // The admission's row has the same user.
        .replace("(select id from caller)", "$1");
    let spaced: String = code
        .chars()
        .map(|c| {
            if "(),;=".contains(c) {
                format!(" {c} ")
            } else {
                c.to_string()
            }
        })
        .collect();
    spaced.split_whitespace().map(str::to_lowercase).collect()
}

/// The tables (`table as alias`) with rows of users that a statement does not bind to `$1`.
///
/// A persona that is joined to rows of its owner counts as bound.
fn without_owner(statement: &str) -> Vec<String> {
    let words = words(statement);
    let names_owner = |alias: &str, column: &str| {
        let qualified = format!("{alias}.{column}");
        words.windows(3).any(|three| {
            (three[0] == qualified || (alias.is_empty() && three[0] == column))
                && three[1] == "="
                && three[2] == "$1"
        })
    };
    let mut wrong = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some((table, column)) = OWNED.iter().find(|(table, _)| table == word) else {
            continue;
        };
        let before = at.checked_sub(1).map_or("", |at| words[at].as_str());
        let is_joined_persona = *table == "personas" && before == "join";
        if !["from", "join", "update", ","].contains(&before) || is_joined_persona {
            continue;
        }
        let next = words.get(at + 1).map_or("", String::as_str);
        let is_alias =
            next.len() <= 2 && next.chars().all(char::is_alphabetic) && !["on", "as"].contains(&next);
        let alias = if is_alias { next } else { "" };
        if !names_owner(alias, column) {
            wrong.push(format!("{before} {table} {alias}").trim_end().to_owned());
        }
    }
    wrong
}

#[test]
fn a_callers_statement_binds_rows_of_users_to_the_caller() {
    let mut wrong = Vec::new();
    for (name, statement) in statements("caller") {
        wrong.extend(
            without_owner(&statement)
                .into_iter()
                .map(|what| format!("{name}: {what} is not bound to $1")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_statement_without_a_caller_starts_with_its_user_or_says_that_it_has_none() {
    let mut wrong = Vec::new();
    for (name, statement) in statements("unattended") {
        let first = statement.lines().next().unwrap_or_default();
        // Unused files are those of all users.
        if first.starts_with("-- All users.") || first.starts_with("-- No user's rows.") {
            continue;
        }
        // The user's row is found by its id.
        let expected = if name == "users_upsert.sql" {
            "-- $1 id"
        } else {
            "-- $1 user"
        };
        if !first.starts_with(expected) {
            wrong.push(format!("{name} begins with {first:?}, not with {expected:?}"));
        }
        wrong.extend(
            without_owner(&statement)
                .into_iter()
                .map(|what| format!("{name}: {what} is not bound to $1")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_statement_without_its_owner_is_detected() {
    for (statement, expected) in [
        (
            "select 1 from messages m where m.user_id = $1 and m.id = $2",
            None,
        ),
        (
            "update conversations set deleted_at = now() where user_id = $1 and id = $2",
            None,
        ),
        (
            "select 1 from conversations c join personas p on p.id = c.persona_id where c.user_id=$1",
            None,
        ),
        (
            "select 1 from messages m where m.id = $2 -- m.user_id = $1",
            Some("from messages m"),
        ),
        (
            "select 1 from conversations c join messages m on m.id = c.head_id where c.user_id = $1",
            Some("join messages m"),
        ),
        (
            "update personas p set name = $4 where p.id = $2 and p.owner_id = $3",
            Some("update personas p"),
        ),
        ("delete from files where id = $1", Some("from files")),
    ] {
        assert_eq!(
            without_owner(statement).first().map(String::as_str),
            expected,
            "{statement}"
        );
    }
}

#[test]
fn every_statement_is_one_and_is_used() {
    let used = fs::read_to_string(root().join("shared/edge/src/db/statements.rs")).unwrap();
    let mut wrong = Vec::new();
    for (name, statement) in statements("caller").into_iter().chain(statements("unattended")) {
        let step = name.trim_end_matches(".sql");
        if !used.contains(&format!("\"{step}\"")) {
            wrong.push(format!("{name} is not used"));
        }
        if words(&statement).contains(&";".to_owned()) {
            wrong.push(format!(
                "{name} ends or separates statements with `;`: a file is one statement"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sql_is_only_in_sql_files() {
    let mut wrong = Vec::new();
    for folder in ["shared", "functions"] {
        for path in files(&root().join(folder), &[".rs"]) {
            let text = fs::read_to_string(&path).unwrap().to_lowercase();
            for (number, line) in text.lines().enumerate() {
                let begins = [
                    "\"select ",
                    "\"insert into ",
                    "\"update ",
                    "\"delete from ",
                    "\"with ",
                ];
                let is_sql = begins.iter().any(|one| line.contains(one))
                    && [" from ", " set ", " values "]
                        .iter()
                        .any(|one| line.contains(one));
                if is_sql {
                    wrong.push(format!("{}:{}", shown(&path), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
