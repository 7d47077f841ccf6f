//! A long conversation of the largest messages is read in pages that fit into an isolate's memory.

use contract::{Person, Talk, product};
use postgres::{Client, NoTls};
use serde_json::json;

const MESSAGES: usize = 400;
/// `MESSAGE_CHARS_MAX` of `shared/api`.
const MESSAGE_CHARS_MAX: usize = 16_000;
/// 2 MiB of text, plus JSON.
const PAGE_BYTES_MAX: usize = 2_200_000;
/// An isolate has 128 MB for all its requests.
const WASM_GROWTH_KIB_MAX: u64 = 24 * 1024;

/// Inserts messages of the largest size after the newest one.
fn fill(talk: &Talk<'_>) {
    let mut database = Client::connect(&product().database, NoTls).unwrap();
    let statement = format!(
        "with recursive talk as (select id, user_id, head_id from conversations where id = '{}'),
             path as (
                 select 1 as n, gen_random_uuid() as id, (select head_id from talk) as parent_id
                 union all
                 select n + 1, gen_random_uuid(), id from path where n < {MESSAGES}),
             made as (
                 insert into messages (conversation_id, id, parent_id, user_id, role, content)
                 select talk.id, path.id, path.parent_id, talk.user_id,
                     case path.n % 2 when 1 then 'user' else 'assistant' end, repeat('🗼', {MESSAGE_CHARS_MAX})
                 from path, talk)
         update conversations set head_id = (select id from path where n = {MESSAGES}) where id = '{}'",
        talk.id, talk.id
    );
    assert_eq!(database.execute(&statement, &[]).unwrap(), 1);
}

fn memory_kib() -> u64 {
    #[cfg(target_os = "linux")]
    return contract::processes::wasm_kib();
    #[cfg(not(target_os = "linux"))]
    0
}

#[test]
fn pages_of_a_conversation_are_limited_by_bytes() {
    let person = Person::alone();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    assert_eq!(talk.say("Hello").status(), "done");
    fill(&talk);
    let before = memory_kib();

    let path = format!("/api/conversations/{}", talk.id);
    let (mut read, mut oldest, mut pages) = (0, None::<String>, 0);
    loop {
        let page = match &oldest {
            None => person.get(&path),
            Some(id) => person.get(&format!("{path}?before={id}")),
        };
        assert!(
            page.body.len() <= PAGE_BYTES_MAX,
            "a page of {} bytes",
            page.body.len()
        );
        let page = page.json_of(200);
        let messages = page["messages"].as_array().unwrap();
        read += messages.len();
        pages += 1;
        if oldest.is_none() {
            talk.head = messages
                .last()
                .and_then(|last| last["id"].as_str())
                .map(str::to_owned);
        }
        oldest = messages[0]["id"].as_str().map(str::to_owned);
        if page["has_earlier"] == json!(false) {
            break;
        }
    }
    assert_eq!(read, MESSAGES + 2, "every message is on one of the {pages} pages");

    let reply = talk.say("[[count 3]]");
    assert_eq!((reply.status(), reply.content()), ("done", "1 2 3 "));
    let growth = memory_kib().saturating_sub(before);
    assert!(
        growth <= WASM_GROWTH_KIB_MAX,
        "the functions' memory grew by {growth} KiB"
    );
}
