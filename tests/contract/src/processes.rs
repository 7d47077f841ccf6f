//! The processes of the running product, found by the ports that they listen on; what they may be made to suffer, and
//! the memory of the functions. Linux only.

use std::fs;
use std::process::Command;

use crate::product;

/// For each WASM memory V8 reserves all that an index of 32 bits can reach and a guard behind it, and makes the
/// beginning of it writable as the module grows.
const RESERVED_BYTES: u64 = (4 << 30) + (128 << 10);
/// More than a function may have.
const WASM_BYTES_MAX: u64 = 1 << 30;
/// V8 reserves as much for JavaScript's heap, but that begins and ends at a multiple of this, and a WASM memory does
/// not.
const HEAP_ALIGNMENT: u64 = 4 << 30;

/// What the WASM memories of all functions have grown to, in KiB. They never shrink.
#[must_use]
pub fn wasm_kib() -> u64 {
    wasm_memories().iter().sum::<u64>() / 1024
}

/// The sizes of all WASM memories, in bytes: one for each function that has been asked.
#[must_use]
pub fn wasm_memories() -> Vec<u64> {
    runtimes().into_iter().flat_map(memories).collect()
}

/// The processes of the functions' runtime.
///
/// # Panics
/// If nobody listens on the product's port.
#[must_use]
pub fn runtimes() -> Vec<u32> {
    let listener = listener(port(&product().origin)).expect("somebody listens on the product's port");
    // The listener is the runtime's own proxy, or the program that started all of them.
    let root = if name(listener) == "workerd" {
        parent(listener)
    } else {
        listener
    };
    below(root)
        .into_iter()
        .filter(|pid| name(*pid) == "workerd")
        .collect()
}

/// The processes of Postgres: the server and its sessions.
///
/// # Panics
/// If nobody listens on its port.
#[must_use]
pub fn postgres() -> Vec<u32> {
    listening_at(&product().database)
}

/// The process of the scripted model.
///
/// # Panics
/// If nobody listens on its port.
#[must_use]
pub fn model() -> Vec<u32> {
    listening_at(&product().model)
}

fn listening_at(url: &str) -> Vec<u32> {
    let listener = listener(port(url)).unwrap_or_else(|| panic!("nobody listens at {url}"));
    below(listener)
}

/// Processes that accept connections and never answer, until this is dropped.
#[derive(Debug)]
pub struct Frozen(Vec<u32>);

impl Frozen {
    /// Stops these processes.
    #[must_use]
    pub fn new(processes: Vec<u32>) -> Self {
        signal("STOP", &processes);
        Self(processes)
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        signal("CONT", &self.0);
    }
}

/// Kills processes at once; what watches over them starts them again.
pub fn kill(processes: &[u32]) {
    signal("KILL", processes);
}

fn signal(name: &str, processes: &[u32]) {
    for process in processes {
        // One that is gone already is no error.
        let _ = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(process.to_string())
            .status();
    }
}

fn port(url: &str) -> u16 {
    let (_, rest) = url.split_once("://").expect("a URL");
    let authority = rest.split('/').next().unwrap_or_default();
    let (_, port) = authority.rsplit_once(':').expect("a port");
    port.parse().expect("a port")
}

/// What is missing from the end of the reservations of WASM memories. (The writable parts themselves may be one mapping
/// with what lies before them.)
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

/// A process and all that it started.
fn below(root: u32) -> Vec<u32> {
    processes()
        .filter(|pid| ancestors(*pid).any(|one| one == root))
        .collect()
}

fn processes() -> impl Iterator<Item = u32> {
    fs::read_dir("/proc")
        .expect("/proc")
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
    let holds = |pid: &u32| {
        let files = fs::read_dir(format!("/proc/{pid}/fd"))
            .into_iter()
            .flatten()
            .flatten();
        files
            .map(|file| fs::read_link(file.path()).unwrap_or_default())
            .any(|to| to.as_os_str() == socket.as_str())
    };
    // A server's children may hold its socket too.
    processes().filter(holds).min()
}
