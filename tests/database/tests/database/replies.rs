//! The statements of replies.

use database_tests::schema::{connect, empty};
use edge::db::statements::{CALLER_STATEMENTS, UNATTENDED_STATEMENTS};
use postgres::types::ToSql;
use postgres::{Row, Transaction};
use uuid::Uuid;

const SESSION: &str = "sess_1";
const CLERK_ID: &str = "user_1";
const USER: Uuid = Uuid::from_u128(1);
const PERSONA: Uuid = Uuid::from_u128(2);
const TALK: Uuid = Uuid::from_u128(3);
const LOST_AFTER_MS: i64 = 45_000;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x1000 + number)
}

fn statement(all: &[(&'static str, &'static str)], name: &str) -> &'static str {
    all.iter().find(|(one, _)| *one == name).expect("a statement").1
}

/// Inserts a user with a persona and an empty conversation.
fn prepare(schema: &mut Transaction<'_>) {
    let sql = format!(
        "insert into users (id, clerk_id) values ('{USER}', '{CLERK_ID}');
         insert into personas (id, owner_id, name) values ('{PERSONA}', '{USER}', 'Mira');
         insert into persona_versions (persona_id, version_no, card) values ('{PERSONA}', 1, '{{}}');
         insert into conversations (id, user_id, persona_id) values ('{TALK}', '{USER}', '{PERSONA}');"
    );
    schema.batch_execute(&sql).unwrap();
}

fn caller(schema: &mut Transaction<'_>, name: &str, own: &[&(dyn ToSql + Sync)]) -> Row {
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![&USER, &SESSION, &CLERK_ID];
    params.extend(own);
    schema
        .query_one(statement(CALLER_STATEMENTS, name), &params)
        .unwrap()
}

fn unattended(schema: &mut Transaction<'_>, name: &str, params: &[&(dyn ToSql + Sync)]) -> Vec<Row> {
    schema
        .query(statement(UNATTENDED_STATEMENTS, name), params)
        .unwrap()
}

/// Sends a message after `after` and returns the outcome.
fn send(schema: &mut Transaction<'_>, number: u128, after: Option<Uuid>, at_once: i64) -> String {
    let (text, model) = ("Hello", "model");
    let row = caller(
        schema,
        "GENERATIONS_BEGIN",
        &[
            &TALK,
            &id(number),
            &"send",
            &after,
            &Some(id(number + 1)),
            &Some(text),
            &id(number + 2),
            &model,
            &400_i64,
            &1_000_i64,
            &LOST_AFTER_MS,
            &at_once,
        ],
    );
    row.get(0)
}

fn settle(schema: &mut Transaction<'_>, number: u128, status: &str, text: &str) {
    let none = None::<i32>;
    let code = None::<&str>;
    let events = Some("id: 2\nevent: delta\ndata: {}\n\n");
    let _ = unattended(
        schema,
        "GENERATIONS_SETTLE",
        &[
            &USER,
            &id(number),
            &status,
            &text,
            &3_i32,
            &code,
            &none,
            &none,
            &Some(2_i32),
            &events,
        ],
    );
}

fn message(schema: &mut Transaction<'_>, number: u128) -> String {
    let row = schema
        .query_one(
            "select status || ': ' || content from messages where id = $1",
            &[&id(number)],
        )
        .unwrap();
    row.get(0)
}

fn silence(schema: &mut Transaction<'_>, number: u128, seconds: i32) {
    let sql = format!(
        "update generations set heartbeat_at = now() - interval '{seconds} seconds' where id = '{}'",
        id(number)
    );
    assert_eq!(schema.execute(&sql, &[]).unwrap(), 1);
}

fn abandon(schema: &mut Transaction<'_>, number: u128) -> bool {
    let row = caller(schema, "GENERATIONS_ABANDON", &[&id(number), &LOST_AFTER_MS]);
    row.get::<_, Option<bool>>("found").unwrap_or_default()
}

#[test]
fn one_reply_is_running_until_its_heartbeat_is_too_old() {
    let mut client = connect();
    let mut schema = empty(&mut client);
    prepare(&mut schema);
    assert_eq!(send(&mut schema, 10, None, 32), "ok");
    assert_eq!(send(&mut schema, 10, None, 32), "same");
    assert_eq!(send(&mut schema, 20, Some(id(12)), 32), "busy");
    silence(&mut schema, 10, 40);
    assert_eq!(send(&mut schema, 20, Some(id(12)), 32), "busy");
    assert!(!abandon(&mut schema, 10), "it may still be running");
    silence(&mut schema, 10, 46);
    assert_eq!(send(&mut schema, 20, Some(id(12)), 32), "lost");
    assert!(abandon(&mut schema, 10));
    assert_eq!(message(&mut schema, 12), "interrupted: ");
    assert_eq!(send(&mut schema, 20, None, 32), "stale");
    assert_eq!(send(&mut schema, 20, Some(id(12)), 32), "ok");
}

#[test]
fn a_later_ending_replaces_that_of_an_abandoned_reply() {
    let mut client = connect();
    let mut schema = empty(&mut client);
    prepare(&mut schema);
    assert_eq!(send(&mut schema, 10, None, 32), "ok");
    silence(&mut schema, 10, 46);
    assert!(abandon(&mut schema, 10));
    settle(&mut schema, 10, "done", "The whole text.");
    assert_eq!(message(&mut schema, 12), "done: The whole text.");
    settle(&mut schema, 10, "stopped", "The whole");
    assert_eq!(
        message(&mut schema, 12),
        "done: The whole text.",
        "the first ending counts"
    );
}

#[test]
fn a_later_ending_is_ignored_after_the_message_was_continued() {
    let mut client = connect();
    let mut schema = empty(&mut client);
    prepare(&mut schema);
    assert_eq!(send(&mut schema, 10, None, 32), "ok");
    silence(&mut schema, 10, 46);
    assert!(abandon(&mut schema, 10));
    let later = format!(
        "insert into generations (id, conversation_id, user_id, message_id, kind, started_at)
         values ('{}', '{TALK}', '{USER}', '{}', 'continue', now() + interval '1 second')",
        id(20),
        id(12)
    );
    assert_eq!(schema.execute(&later, &[]).unwrap(), 1);
    settle(&mut schema, 10, "done", "The whole text.");
    assert_eq!(message(&mut schema, 12), "interrupted: ");
}

#[test]
fn lost_replies_do_not_count_as_running() {
    let mut client = connect();
    let mut schema = empty(&mut client);
    prepare(&mut schema);
    let other = |heartbeat: &str| {
        format!(
            "with made as (insert into conversations (id, user_id, persona_id)
                 values (gen_random_uuid(), '{USER}', '{PERSONA}') returning id)
             insert into generations (id, conversation_id, user_id, message_id, kind, heartbeat_at)
             select gen_random_uuid(), id, '{USER}', gen_random_uuid(), 'send', now() - interval '{heartbeat}' from made"
        )
    };
    schema.batch_execute(&other("1 second")).unwrap();
    schema.batch_execute(&other("1 hour")).unwrap();
    assert_eq!(send(&mut schema, 10, None, 1), "too_many");
    assert_eq!(send(&mut schema, 10, None, 2), "ok");
}

#[test]
fn readers_in_other_processes_get_the_events_after_their_last_one() {
    let mut client = connect();
    let mut schema = empty(&mut client);
    prepare(&mut schema);
    assert_eq!(send(&mut schema, 10, None, 32), "ok");
    let requested = |schema: &mut Transaction<'_>| -> Option<i32> {
        let rows = unattended(
            schema,
            "REPLY_EVENTS_APPEND",
            &[&USER, &id(10), &1_i32, &1_i32, &"id: 1\n\n"],
        );
        rows[0].get(0)
    };
    assert_eq!(requested(&mut schema), None);
    let _ = caller(&mut schema, "REPLY_EVENTS_ASK_TO_STOP", &[&id(10), &5_i32]);
    let _ = caller(&mut schema, "REPLY_EVENTS_ASK_TO_STOP", &[&id(10), &9_i32]);
    assert_eq!(requested(&mut schema), Some(5), "the first request counts");

    let find = |schema: &mut Transaction<'_>, seen: i32| -> (String, i32, String) {
        let row = caller(schema, "GENERATIONS_FIND", &[&id(10), &seen, &LOST_AFTER_MS]);
        (row.get("status"), row.get("first_seq"), row.get("events"))
    };
    assert_eq!(find(&mut schema, 0), ("running".into(), 1, "id: 1\n\n".into()));
    assert_eq!(find(&mut schema, 1), ("running".into(), 0, String::new()));
    settle(&mut schema, 10, "stopped", "Hello");
    let (status, first, events) = find(&mut schema, 1);
    assert_eq!((status.as_str(), first), ("stopped", 2));
    assert!(events.starts_with("id: 2\n"));
    let _ = unattended(&mut schema, "REPLY_EVENTS_FORGET", &[&USER, &id(10)]);
    assert_eq!(find(&mut schema, 0).2, "");
}

#[test]
fn a_history_ends_with_the_message_that_exceeds_its_bytes() {
    let mut client = connect();
    let mut schema = empty(&mut client);
    prepare(&mut schema);
    let fill = format!(
        "with recursive path as (
             select 1 as n, md5('1')::uuid as id, null::uuid as parent_id
             union all select n + 1, md5((n + 1)::text)::uuid, id from path where n < 10)
         insert into messages (conversation_id, id, parent_id, user_id, role, content)
         select '{TALK}', id, parent_id, '{USER}', 'user', repeat('x', 400) from path;
         update conversations set head_id = md5('10')::uuid"
    );
    schema.batch_execute(&fill).unwrap();
    let head: Uuid = schema
        .query_one("select head_id from conversations", &[])
        .unwrap()
        .get(0);
    let row = caller(
        &mut schema,
        "GENERATIONS_BEGIN",
        &[
            &TALK,
            &id(10),
            &"send",
            &Some(head),
            &Some(id(11)),
            &Some("Hello"),
            &id(12),
            &"model",
            &400_i64,
            &1_000_i64,
            &LOST_AFTER_MS,
            &32_i64,
        ],
    );
    let history: String = row.get("history");
    assert_eq!(history.matches("content").count(), 3, "of 400 bytes each");
}
