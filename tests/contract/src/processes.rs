//! The processes of the running product, found by their ports: suspending and killing them, and the memory of the
//! functions. Linux only.

use std::fs;
use std::process::Command;

use crate::product;

/// V8 reserves the whole 32-bit address range and a guard region for each WASM memory, and makes the start of it writable
/// as the module grows.
const RESERVED_BYTES: u64 = (4 << 30) + (128 << 10);
/// Larger than the memory of any function.
const WASM_BYTES_MAX: u64 = 1 << 30;
/// V8 reserves the same size for the JavaScript heap. Only the heap is aligned to this size.
const HEAP_ALIGNMENT: u64 = 4 << 30;

/// The total size of the functions' WASM memories in KiB. They never shrink.
#[must_use]
pub fn wasm_kib() -> u64 {
    wasm_memories().iter().sum::<u64>() / 1024
}

/// The sizes of all WASM memories in bytes, one for each function that has handled a request.
#[must_use]
pub fn wasm_memories() -> Vec<u64> {
    runtimes().into_iter().flat_map(memories).collect()
}

/// The processes of the functions' runtime.
///
/// # Panics
/// If no process listens on the product's port.
#[must_use]
pub fn runtimes() -> Vec<u32> {
    let listener = listener(port(&product().origin)).expect("a process listens on the product's port");
    // The listener is the runtime's proxy, or the parent of all runtimes.
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
/// If no process listens on its port.
#[must_use]
pub fn postgres() -> Vec<u32> {
    listening_at(&product().database)
}

/// The process of the scripted model.
///
/// # Panics
/// If no process listens on its port.
#[must_use]
pub fn model() -> Vec<u32> {
    listening_at(&product().model)
}

fn listening_at(url: &str) -> Vec<u32> {
    let listener = listener(port(url)).unwrap_or_else(|| panic!("no process listens at {url}"));
    below(listener)
}

/// Suspended processes: they accept connections and never answer, until this is dropped.
#[derive(Debug)]
pub struct Frozen(Vec<u32>);

impl Frozen {
    /// Suspends these processes.
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

/// Kills processes. Their supervisor restarts them.
pub fn kill(processes: &[u32]) {
    signal("KILL", processes);
}

fn signal(name: &str, processes: &[u32]) {
    for process in processes {
        // The process may have ended already.
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

/// The sizes of a process's WASM memories: reservations minus their unused ends. (The writable parts can be merged with
/// the mappings before them.)
fn memories(pid: u32) -> impl Iterator<Item = u64> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
    let left: Vec<u64> = maps.lines().filter_map(reserved).collect();
    let grown = left
        .into_iter()
        .filter_map(|left| RESERVED_BYTES.checked_sub(left));
    grown.filter(|grown| *grown <= WASM_BYTES_MAX)
}

/// The size of an inaccessible mapping that is not part of the JavaScript heap.
fn reserved(line: &str) -> Option<u64> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let address = |text| u64::from_str_radix(text, 16).ok();
    let (start, end) = (address(start)?, address(end)?);
    (rest.starts_with("---p") && !end.is_multiple_of(HEAP_ALIGNMENT)).then(|| end.saturating_sub(start))
}

/// A process and its descendants.
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
    // A server's children can have its socket too.
    processes().filter(holds).min()
}
