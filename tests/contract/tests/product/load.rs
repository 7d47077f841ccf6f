//! Five thousand requests at one function: its memory and its connections stay what they were.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use contract::http::agent;
use contract::{Person, product};
use postgres::{Client, NoTls, SimpleQueryMessage};

const REQUESTS: usize = 5_000;
const CONNECTIONS: usize = 16;
/// Requests before anything is measured: caches fill, the runtime compiles what is hot.
const WARM_UP: usize = 1_000;
/// Between two measurements.
const STRIDE: usize = 500;
/// A leak of one connection or one request's buffers would be many times this over the second half.
const GROWTH_KIB_MAX: u64 = 40 * 1024;
/// Sockets that are just being closed.
const CONNECTIONS_SPREAD: i64 = 24;

/// Sends so many requests over [`CONNECTIONS`] connections.
fn send(person: &Person, path: &str, requests: usize) {
    let left = AtomicUsize::new(requests);
    let take = || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
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
    i64::try_from(rows.iter().filter(|row| matches!(row, SimpleQueryMessage::Row(_))).count()).unwrap()
}

#[test]
fn five_thousand_requests_leave_memory_and_connections_flat() {
    let person = Person::alone();
    let mut database = Client::connect(&product().database, NoTls).unwrap();
    send(&person, "/api/me", WARM_UP);
    let mut measured = Vec::new();
    for _ in 0..REQUESTS / STRIDE {
        send(&person, "/api/me", STRIDE);
        measured.push((memory::runtime_kib(), server_connections(&mut database), client_connections()));
    }
    let (first, second) = measured.split_at(measured.len() / 2);
    // Collections come when they like: the least of each half is what is really held.
    let least = |half: &[(u64, i64, i64)]| half.iter().map(|one| one.0).min().unwrap();
    let growth = least(second).saturating_sub(least(first));
    assert!(growth <= GROWTH_KIB_MAX, "memory grew by {growth} KiB over {} requests: {measured:?}", REQUESTS / 2);
    for (half, which) in [(first, "first"), (second, "second")] {
        let most = half.iter().map(|one| one.2).max().unwrap();
        assert!(most <= CONNECTIONS_SPREAD, "{most} clients at the pooler in the {which} half: {measured:?}");
    }
    let most = measured.iter().map(|one| one.1).max().unwrap();
    assert!(most <= 20 + 2, "{most} connections to Postgres, more than the pool has: {measured:?}");
}

#[cfg(target_os = "linux")]
mod memory {
    //! Resident memory of the runtime, found by the port that it listens on.

    use std::fs;

    use contract::product;

    /// All processes of the runtime together, in KiB.
    pub fn runtime_kib() -> u64 {
        let port: u16 = product().origin.rsplit_once(':').unwrap().1.parse().unwrap();
        let listener = listener(port).expect("somebody listens on the product's port");
        // The listener is the runtime's own proxy, or the program that started all of them.
        let root = if name(listener) == "workerd" { parent(listener) } else { listener };
        let runtimes = processes().filter(|pid| name(*pid) == "workerd" && ancestors(*pid).any(|one| one == root));
        let kib: u64 = runtimes.map(resident_kib).sum();
        assert!(kib > 0, "the runtime's processes are found below {root}");
        kib
    }

    fn processes() -> impl Iterator<Item = u32> {
        fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
    }

    fn status(pid: u32, field: &str) -> Option<String> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':')).map(|value| value.trim().to_owned())
    }

    fn name(pid: u32) -> String {
        status(pid, "Name").unwrap_or_default()
    }

    fn parent(pid: u32) -> u32 {
        status(pid, "PPid").and_then(|ppid| ppid.parse().ok()).unwrap_or_default()
    }

    fn ancestors(pid: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(pid), |pid| Some(parent(*pid)).filter(|ppid| *ppid > 1))
    }

    fn resident_kib(pid: u32) -> u64 {
        let value = status(pid, "VmRSS").unwrap_or_default();
        value.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
    }

    fn listener(port: u16) -> Option<u32> {
        let table = ["tcp", "tcp6"].map(|name| fs::read_to_string(format!("/proc/net/{name}")).unwrap_or_default()).concat();
        let inode = table.lines().find_map(|line| {
            let fields: Vec<_> = line.split_whitespace().collect();
            let is_ours = fields.get(1)?.ends_with(&format!(":{port:04X}")) && fields.get(3) == Some(&"0A");
            is_ours.then(|| fields.get(9).copied()).flatten()
        })?;
        let socket = format!("socket:[{inode}]");
        processes().find(|pid| {
            let files = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
            files.map(|file| fs::read_link(file.path()).unwrap_or_default()).any(|to| to.as_os_str() == socket.as_str())
        })
    }
}

#[cfg(not(target_os = "linux"))]
mod memory {
    /// Elsewhere nobody says how much memory a process has; connections are counted all the same.
    pub fn runtime_kib() -> u64 {
        0
    }
}
