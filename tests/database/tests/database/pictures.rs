//! Unused pictures, and no others, are deleted after a day.

use contract::{Person, product};
use database_tests::host::{NativeHost, address};
use database_tests::schema::connect;
use edge::Files as _;
use edge::db::files::key;
use serde_json::{Value, json};
use tokio::runtime::Builder;
use tokio::task::LocalSet;
use uuid::Uuid;

const PICTURE: &[u8] = include_bytes!("../../../contract/fixtures/portrait.png");

fn uploaded(person: &Person) -> Uuid {
    let file = person
        .call("POST", "/api/files")
        .body("image/png", PICTURE)
        .send()
        .json_of(201);
    Uuid::try_parse(file["id"].as_str().unwrap()).unwrap()
}

fn with_avatar(person: &Person, avatar: Uuid) -> Value {
    person.persona(&json!({ "name": "Mira", "avatar_id": avatar }))
}

fn path(persona: &Value) -> String {
    format!("/api/personas/{}", persona["id"].as_str().unwrap())
}

#[test]
fn unused_pictures_are_deleted_after_a_day() {
    let person = Person::alone();
    let [used, replaced, of_deleted, never_used, in_card, young] = [(); 6].map(|()| uploaded(&person));
    let _ = with_avatar(&person, used);
    let persona = with_avatar(&person, replaced);
    let _ = person
        .put(
            &path(&persona),
            &json!({ "card": { "name": "Mira" }, "avatar_id": used }),
        )
        .expect(200);
    let deleted = with_avatar(&person, of_deleted);
    let _ = person.delete(&path(&deleted)).expect(204);

    let mut database = connect();
    let mut change = |statement: &str, ids: &[Uuid]| {
        assert_eq!(database.execute(statement, &[&ids]).unwrap(), ids.len() as u64);
    };
    change(
        "update files set is_in_card = true where id = any ($1)",
        &[in_card],
    );
    let aged =
        "update files set maybe_unused_since = maybe_unused_since - interval '25 hours' where id = any ($1)";
    change(aged, &[used, replaced, of_deleted, never_used, in_card]);

    let host = NativeHost::new(&product().pooler, &address(&product().pooler));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(LocalSet::new().run_until(async {
        for id in [used, replaced, of_deleted, never_used, in_card, young] {
            host.put_file(&key(id), "image/png", PICTURE.into())
                .await
                .unwrap();
        }
        auth_callback::tidy(&host).await.unwrap();
    }));
    let kept = [used, of_deleted, in_card, young];
    let stored: Vec<_> = host.files.borrow().keys().cloned().collect();
    let mut expected = kept.map(key).to_vec();
    expected.sort();
    assert_eq!(stored, expected);
    let rows =
        "select id from files f where f.user_id = (select id from users where clerk_id = $1) order by id";
    let left: Vec<Uuid> = database
        .query(rows, &[&person.id])
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect();
    let mut expected = kept.to_vec();
    expected.sort();
    assert_eq!(left, expected);
}
