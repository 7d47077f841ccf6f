//! Suspends processes with SIGSTOP, and resumes them with SIGCONT.

use std::fs;
use std::process::Command;

/// Processes that are suspended until this is dropped.
#[derive(Debug)]
pub struct Stopped(Vec<u32>);

impl Stopped {
    /// Suspends the process that listens on a local port, and its children.
    ///
    /// # Panics
    /// If no process listens on the port, or the signal cannot be sent.
    #[must_use]
    pub fn listener(port: u16) -> Self {
        let listener = listener(port).expect("a process listens on the port");
        let children = processes().filter(|pid| parent(*pid) == Some(listener));
        let stopped = Self([listener].into_iter().chain(children).collect());
        assert!(stopped.signal("STOP"), "the signal is sent");
        stopped
    }

    fn signal(&self, name: &str) -> bool {
        let pids = self.0.iter().map(ToString::to_string);
        let sent = Command::new("kill").arg(format!("-{name}")).args(pids).status();
        sent.is_ok_and(|status| status.success())
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        self.signal("CONT");
    }
}

fn processes() -> impl Iterator<Item = u32> {
    fs::read_dir("/proc")
        .expect("/proc is there")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

fn parent(pid: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
    line.trim().parse().ok()
}

fn listener(port: u16) -> Option<u32> {
    let table = fs::read_to_string("/proc/net/tcp").ok()?;
    let inode = table.lines().find_map(|line| {
        let fields: Vec<_> = line.split_whitespace().collect();
        let listens = fields.get(1)?.ends_with(&format!(":{port:04X}")) && fields.get(3) == Some(&"0A");
        listens.then(|| fields.get(9).copied()).flatten()
    })?;
    let socket = format!("socket:[{inode}]");
    let holds = |pid: u32| {
        let files = fs::read_dir(format!("/proc/{pid}/fd"))
            .into_iter()
            .flatten()
            .flatten();
        files
            .filter_map(|file| fs::read_link(file.path()).ok())
            .any(|to| to.as_os_str() == socket.as_str())
    };
    // Children inherit the socket. The listener is the process whose parent does not have it.
    processes().find(|pid| holds(*pid) && parent(*pid).is_none_or(|parent| !holds(parent)))
}
