//! Clients that disconnect, reconnect or repeat a request: there is one reply, and it continues.

use std::thread::sleep;
use std::time::Duration;

use contract::model::{Holding, requests_about};
use contract::talk::follow;
use contract::{Event, Person, new_id};
use postgres::{Client, NoTls};
use serde_json::json;

fn database() -> Client {
    Client::connect(&contract::product().database, NoTls).unwrap()
}

#[test]
fn a_reply_continues_when_its_reader_disconnects() {
    let person = Person::new();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[hold]]");
    let _ = asked.stream.until("one two ");
    let (id, reply) = (asked.id.clone(), asked.reply.clone());
    drop(asked);

    let stored = talk.stored();
    let running = &stored["running"];
    assert_eq!(
        (&running["id"], &running["message_id"]),
        (&json!(id), &json!(reply)),
        "a reload finds it"
    );
    let mut again = follow(&person, &id, None);
    let _ = again.until("one two ");
    holding.release();
    let end = again.rest();
    assert_eq!((end.status(), end.content()), ("done", "one two "));
    assert_eq!(talk.lines(), ["user done: [[hold]]", "assistant done: one two "]);
}

#[test]
fn a_reconnected_reader_gets_the_missing_events_once() {
    let person = Person::new();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[hold]]");
    let mut seen: Vec<Event> = Vec::new();
    while seen.iter().map(Event::text).collect::<String>() != "one two " {
        seen.push(asked.stream.next().unwrap());
    }
    let last = seen.last().unwrap().seq;
    let from_the_middle = follow(&person, &asked.id, Some(last));
    let from_the_start = follow(&person, &asked.id, Some(0));
    holding.release();

    let rest = from_the_middle.rest();
    assert_eq!((rest.events[0].seq, rest.text().as_str()), (last + 1, ""));
    assert_eq!(rest.content(), "one two ");
    let whole = from_the_start.rest();
    assert_eq!((whole.events[0].seq, whole.text().as_str()), (1, "one two "));
    assert_eq!(asked.stream.rest().events, rest.events);
}

#[test]
fn a_reader_of_an_ended_reply_gets_the_end() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    for (question, status, content) in [
        ("[[count 3]]", "done", "1 2 3 "),
        ("[[cut]]", "interrupted", "half of "),
        ("[[filter]]", "refused", "I can"),
    ] {
        let asked = talk.ask(question);
        let id = asked.id.clone();
        let end = asked.stream.rest().end;
        for seen in [None, Some(1), Some(1_000)] {
            let again = follow(&person, &id, seen).rest();
            assert_eq!(
                (again.status(), again.content()),
                (status, content),
                "{question} after {seen:?}"
            );
            assert_eq!(again.end, end);
        }
    }
}

#[test]
fn a_repeated_post_joins_the_reply() {
    let person = Person::new();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let question = format!("[[hold]] {}", new_id());
    let mut asked = talk.ask(&question);
    let _ = asked.stream.until("one two ");
    let mut joined = talk.call(&asked.body).stream();
    let _ = joined.until("one two ");
    holding.release();
    assert_eq!(joined.rest().end, asked.stream.rest().end);

    let late = talk.call(&asked.body).stream().rest();
    assert_eq!((late.status(), late.content()), ("done", "one two "));
    assert_eq!(requests_about(&question).len(), 1, "one request to the model");
    assert_eq!(
        talk.lines(),
        [
            format!("user done: {question}"),
            "assistant done: one two ".into()
        ]
    );
}

#[test]
fn parallel_equal_posts_are_one_reply() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    for _ in 0..5 {
        let question = format!("[[count 5]] {}", new_id());
        let body = talk.send_body(&question);
        let calls = [talk.call(&body), talk.call(&body), talk.call(&body)];
        let ends: Vec<_> = std::thread::scope(|scope| {
            let posts = calls.map(|call| scope.spawn(move || call.stream().rest().end));
            posts.into_iter().map(|post| post.join().unwrap()).collect()
        });
        assert!(
            ends.iter()
                .all(|end| end["status"] == "done" && end["content"] == "1 2 3 4 5 "),
            "{ends:?}"
        );
        assert_eq!(requests_about(&question).len(), 1, "one request to the model");
        talk.head = body["reply_id"].as_str().map(str::to_owned);
    }
    assert_eq!(talk.lines().len(), 10);
}

#[test]
fn after_a_failed_first_post_the_other_equal_posts_get_the_reply() {
    let person = Person::new();
    let talk = person.talk(&json!({ "name": "Mira" }));
    let question = format!("[[slow 15]] {}", new_id());
    let body = talk.send_body(&question);
    // Blocks replies of this conversation until this transaction ends.
    let (mut holder, mut watcher) = (database(), database());
    let holder_pid: i32 = holder.query_one("select pg_backend_pid()", &[]).unwrap().get(0);
    let mut lock = holder.transaction().unwrap();
    let statement = format!("select 1 from conversations where id = '{}' for update", talk.id);
    assert_eq!(lock.execute(&statement, &[]).unwrap(), 1);
    let mut waiting = |least: usize| -> Vec<i32> {
        let statement = "select pid from pg_stat_activity where $1 = any(pg_blocking_pids(pid))";
        let mut pids = Vec::new();
        for _ in 0..30 {
            let rows = watcher.query(statement, &[&holder_pid]).unwrap();
            pids = rows.into_iter().map(|row| row.get(0)).collect();
            if pids.len() >= least {
                break;
            }
            sleep(Duration::from_millis(100));
        }
        pids
    };
    let answers = std::thread::scope(|scope| {
        let post = || scope.spawn(|| talk.call(&body).send());
        let first = post();
        let waiting_first = waiting(1);
        let others = [post(), post()];
        sleep(Duration::from_millis(500));
        let failing = waiting_first.first().copied().unwrap();
        database()
            .execute("select pg_terminate_backend($1)", &[&failing])
            .unwrap();
        let first = first.join().unwrap();
        // One or both of the others wait for the lock.
        assert!(!waiting(2).is_empty());
        lock.rollback().unwrap();
        let others = others.map(|other| other.join().unwrap());
        let _ = first.problem(503, "unavailable");
        others
    });
    let whole: String = (1..=15).map(|n| format!("{n} ")).collect();
    for answer in answers {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let text = answer.text();
        let end = text.lines().rev().find_map(|line| line.strip_prefix("data: "));
        let end: serde_json::Value = serde_json::from_str(end.unwrap()).unwrap();
        assert_eq!(
            (&end["status"], &end["content"]),
            (&json!("done"), &json!(whole)),
            "{text}"
        );
    }
    assert_eq!(talk.lines()[1], format!("assistant done: {whole}"));
    assert_eq!(requests_about(&question).len(), 1, "one request to the model");
}

#[test]
fn only_a_missing_heartbeat_makes_a_reply_lost() {
    let person = Person::new();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let asked = talk.ask("[[count 2]]");
    let (id, reply) = (asked.id.clone(), asked.reply.clone());
    let _ = asked.stream.rest();
    // Marks it as running in an unknown process.
    let mut database = database();
    let mut age = |seconds: i32| {
        let mut run = |statement: &str| {
            let touched = database.execute(statement, &[]).unwrap();
            assert_eq!(touched, 1, "{statement}");
        };
        run(&format!(
            "update generations set status = 'running', ended_at = null, error_code = null, seq = 2,
                 heartbeat_at = now() - interval '{seconds} seconds' where id = '{id}'"
        ));
        run(&format!(
            "update messages set status = 'streaming' where id = '{reply}'"
        ));
    };
    let next = |talk: &contract::Talk<'_>| talk.send_body("[[count 1]]");

    age(20);
    assert_eq!(talk.stored()["running"]["id"], json!(id));
    let _ = talk.post(&next(&talk)).problem(409, "busy");
    assert_eq!(talk.lines()[1], "assistant streaming: 1 2 ");
    let mut followed = follow(&person, &id, Some(2));
    age(50);
    let end = followed.next().unwrap();
    assert_eq!(
        (end.name.as_str(), &end.data["status"], &end.data["content"]),
        ("end", &json!("interrupted"), &json!("1 2 "))
    );

    age(50);
    assert_eq!(talk.stored()["running"], json!(null));
    assert_eq!(talk.lines()[1], "assistant interrupted: 1 2 ");
    assert_eq!(talk.say("[[count 1]]").status(), "done", "no reply is running");
}

#[test]
fn another_users_reply_cannot_be_followed_or_stopped() {
    let person = Person::new();
    let stranger = Person::new();
    let holding = Holding::begin();
    let mut talk = person.talk(&json!({ "name": "Mira" }));
    let mut asked = talk.ask("[[hold]]");
    let _ = asked.stream.until("one two ");
    let events = format!("/api/generations/{}/events", asked.id);
    let _ = stranger.get(&events).problem(404, "not-found");
    let _ = asked.stop(&stranger, 1).problem(404, "not-found");
    let foreign = stranger
        .call("POST", &format!("/api/conversations/{}/generations", talk.id))
        .json(&asked.body);
    let _ = foreign.send().problem(404, "not-found");
    // Requests of another user have no effect on the reply.
    let mut there = follow(&person, &asked.id, None);
    let _ = there.until("one two ");
    holding.release();
    let end = asked.stream.rest().end;
    assert_eq!(
        (&end["status"], &end["content"]),
        (&json!("done"), &json!("one two "))
    );
    assert_eq!(there.rest().end, end);
}

#[test]
fn another_users_conversation_is_not_found() {
    let (person, stranger) = (Person::new(), Person::new());
    let talk = person.talk(&json!({ "name": "Mira" }));
    for conversation in [talk.id.clone(), new_id()] {
        let path = format!("/api/conversations/{conversation}/generations");
        let _ = stranger
            .post(&path, &talk.send_body("x"))
            .problem(404, "not-found");
    }
    assert_eq!(talk.lines().len(), 0);
}
