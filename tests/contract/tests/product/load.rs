//! Five thousand requests at one function: its memory and its connections stay what they were.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use contract::http::agent;
use contract::{Person, product};
use postgres::{Client, NoTls, SimpleQueryMessage};

const REQUESTS: usize = 5_000;
const CONNECTIONS: usize = 16;
/// Requests before anything is measured: caches fill, each buffer has its largest size.
const WARM_UP: usize = 1_000;
/// Between two measurements.
const STRIDE: usize = 500;
/// Room for one more request at once than the warm-up had. A leak of 100 bytes a request is four times as much.
const WASM_GROWTH_KIB_MAX: u64 = 128;
/// Connections of the functions at the pooler at rest: some that are just being closed.
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

/// Sends so many requests over [`CONNECTIONS`] connections.
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

/// Connections that Postgres has from the pooler.
fn server_connections(database: &mut Client) -> i64 {
    let statement = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    database.query_one(statement, &[]).unwrap().get(0)
}

/// Connections that the pooler has from the functions.
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
fn five_thousand_requests_leave_memory_and_connections_flat() {
    let person = Person::alone();
    // A function has no memory before its first request.
    for path in ONE_OF_EACH {
        let status = person.call("GET", path).send().status;
        assert!(status < 500, "{path}: {status}");
    }
    let mut database = Client::connect(&product().database, NoTls).unwrap();
    let mut measure = || Measured {
        wasm_kib: memory::wasm_kib(),
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

#[cfg(target_os = "linux")]
mod memory {
    //! Memory of the runtime, found by the port that it listens on.

    use std::fs;

    use contract::product;

    /// For each WASM memory V8 reserves all that an index of 32 bits can reach and a guard behind it, and makes
    /// the beginning of it writable as the module grows.
    const RESERVED_BYTES: u64 = (4 << 30) + (128 << 10);
    /// More than a function may have.
    const WASM_BYTES_MAX: u64 = 128 << 20;
    /// V8 reserves as much for JavaScript's heap, but that begins and ends at a multiple of this, and a WASM memory does not.
    const HEAP_ALIGNMENT: u64 = 4 << 30;
    /// One memory for each function.
    const FUNCTIONS: usize = 5;

    /// What the WASM memories of all functions have grown to, in KiB. They never shrink.
    pub fn wasm_kib() -> u64 {
        let port: u16 = product().origin.rsplit_once(':').unwrap().1.parse().unwrap();
        let listener = listener(port).expect("somebody listens on the product's port");
        // The listener is the runtime's own proxy, or the program that started all of them.
        let root = if name(listener) == "workerd" {
            parent(listener)
        } else {
            listener
        };
        let runtimes =
            processes().filter(|pid| name(*pid) == "workerd" && ancestors(*pid).any(|one| one == root));
        let memories: Vec<u64> = runtimes.flat_map(memories).collect();
        assert_eq!(
            memories.len(),
            FUNCTIONS,
            "the functions' WASM memories below process {root}, in bytes: {memories:?}"
        );
        memories.iter().sum::<u64>() / 1024
    }

    /// The sizes of a process's WASM memories, in bytes: what is missing from the end of their reservations. (The
    /// writable parts themselves may be one mapping with what lies before them.)
    fn memories(pid: u32) -> impl Iterator<Item = u64> {
        let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
        let left: Vec<u64> = maps.lines().filter_map(reserved).collect();
        let grown = left
            .into_iter()
            .filter_map(|left| RESERVED_BYTES.checked_sub(left));
        grown.filter(|grown| *grown <= WASM_BYTES_MAX)
    }

    /// The size of a mapping that nobody may touch, where it is not the rest of JavaScript's heap.
    fn reserved(line: &str) -> Option<u64> {
        let (range, rest) = line.split_once(' ')?;
        let (start, end) = range.split_once('-')?;
        let address = |text| u64::from_str_radix(text, 16).ok();
        let (start, end) = (address(start)?, address(end)?);
        (rest.starts_with("---p") && !end.is_multiple_of(HEAP_ALIGNMENT)).then(|| end.saturating_sub(start))
    }

    fn processes() -> impl Iterator<Item = u32> {
        fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
    }

    fn status(pid: u32, field: &str) -> Option<String> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        status
            .lines()
            .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))
            .map(|value| value.trim().to_owned())
    }

    fn name(pid: u32) -> String {
        status(pid, "Name").unwrap_or_default()
    }

    fn parent(pid: u32) -> u32 {
        status(pid, "PPid")
            .and_then(|ppid| ppid.parse().ok())
            .unwrap_or_default()
    }

    fn ancestors(pid: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(pid), |pid| Some(parent(*pid)).filter(|ppid| *ppid > 1))
    }

    fn listener(port: u16) -> Option<u32> {
        let table = ["tcp", "tcp6"]
            .map(|name| fs::read_to_string(format!("/proc/net/{name}")).unwrap_or_default())
            .concat();
        let inode = table.lines().find_map(|line| {
            let fields: Vec<_> = line.split_whitespace().collect();
            let is_ours = fields.get(1)?.ends_with(&format!(":{port:04X}")) && fields.get(3) == Some(&"0A");
            is_ours.then(|| fields.get(9).copied()).flatten()
        })?;
        let socket = format!("socket:[{inode}]");
        processes().find(|pid| {
            let files = fs::read_dir(format!("/proc/{pid}/fd"))
                .into_iter()
                .flatten()
                .flatten();
            files
                .map(|file| fs::read_link(file.path()).unwrap_or_default())
                .any(|to| to.as_os_str() == socket.as_str())
        })
    }
}

#[cfg(not(target_os = "linux"))]
mod memory {
    /// Elsewhere nobody says what a process has mapped; connections are counted all the same.
    pub fn wasm_kib() -> u64 {
        0
    }
}
