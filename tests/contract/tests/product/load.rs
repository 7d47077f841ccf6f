//! Five thousand requests to one function leave its memory and connections constant.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use contract::http::agent;
use contract::{Person, product};
use postgres::{Client, NoTls, SimpleQueryMessage};

const REQUESTS: usize = 5_000;
const CONNECTIONS: usize = 16;
/// Requests before the measurement, which fill caches and buffers.
const WARM_UP: usize = 1_000;
/// Requests between two measurements.
const STRIDE: usize = 500;
/// Allows for one more parallel request than in the warm-up. A leak of 100 bytes per request is four times as much.
const WASM_GROWTH_KIB_MAX: u64 = 128;
/// Connections from the functions to the pooler, including those that are being closed.
const CLIENTS_MAX: i64 = 24;
/// `default_pool_size`, and the connections of migrations and of this test.
const SERVERS_MAX: i64 = 20 + 3;

/// One route of every function.
const ONE_OF_EACH: [&str; 5] = [
    "/",
    "/auth/callback",
    "/api/me",
    "/api/personas/none",
    "/api/conversations/none",
];

/// Sends requests over [`CONNECTIONS`] connections.
fn send(person: &Person, path: &str, requests: usize) {
    let left = AtomicUsize::new(requests);
    let take = || {
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok()
    };
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let agent = agent();
                while take() {
                    let answer = person.call("GET", path).send_by(&agent);
                    assert_eq!(answer.status, 200, "{}", answer.text());
                }
            });
        }
    });
}

/// Connections from the pooler to Postgres.
fn server_connections(database: &mut Client) -> i64 {
    let statement = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    database.query_one(statement, &[]).unwrap().get(0)
}

/// Connections from the functions to the pooler.
fn client_connections() -> i64 {
    let (server, _) = product().pooler.rsplit_once('/').unwrap();
    let mut admin = Client::connect(&format!("{server}/pgbouncer"), NoTls).unwrap();
    let rows = admin.simple_query("show clients").unwrap();
    i64::try_from(
        rows.iter()
            .filter(|row| matches!(row, SimpleQueryMessage::Row(_)))
            .count(),
    )
    .unwrap()
}

#[derive(Debug)]
struct Measured {
    wasm_kib: u64,
    servers: i64,
    clients: i64,
}

#[test]
fn memory_and_connections_stay_constant_under_load() {
    let person = Person::alone();
    // A function has no memory before its first request.
    for path in ONE_OF_EACH {
        let status = person.call("GET", path).send().status;
        assert!(status < 500, "{path}: {status}");
    }
    let mut database = Client::connect(&product().database, NoTls).unwrap();
    let mut measure = || Measured {
        wasm_kib: wasm_kib(),
        servers: server_connections(&mut database),
        clients: client_connections(),
    };
    send(&person, "/api/me", WARM_UP);
    let mut measured = vec![measure()];
    for _ in 0..REQUESTS / STRIDE {
        send(&person, "/api/me", STRIDE);
        measured.push(measure());
    }
    let growth = measured
        .last()
        .unwrap()
        .wasm_kib
        .saturating_sub(measured[0].wasm_kib);
    assert!(
        growth <= WASM_GROWTH_KIB_MAX,
        "WASM memory grew by {growth} KiB: {measured:#?}"
    );
    assert!(
        measured.iter().all(|one| one.clients <= CLIENTS_MAX),
        "connections to the pooler: {measured:#?}"
    );
    assert!(
        measured.iter().all(|one| one.servers <= SERVERS_MAX),
        "connections to Postgres: {measured:#?}"
    );
}

/// The total size of the functions' WASM memories in KiB, one memory for each function.
#[cfg(target_os = "linux")]
fn wasm_kib() -> u64 {
    let memories = contract::processes::wasm_memories();
    assert_eq!(
        memories.len(),
        ONE_OF_EACH.len(),
        "WASM memories, in bytes: {memories:?}"
    );
    contract::processes::wasm_kib()
}

/// Memory is measured on Linux only. Connections are always counted.
#[cfg(not(target_os = "linux"))]
fn wasm_kib() -> u64 {
    0
}
