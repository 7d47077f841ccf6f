//! The guard process stops the programs of xtask when its pipe closes.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use rustix::process::{Pid, test_kill_process_group};

#[test]
fn a_killed_xtask_leaves_no_process_behind() {
    let mut guard = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("__guard")
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut program = Command::new("sh")
        .args(["-c", "sleep 300 & exec sleep 300"])
        .process_group(0)
        .spawn()
        .unwrap();
    let mut pipe = guard.stdin.take().unwrap();
    writeln!(pipe, "start {} term", program.id()).unwrap();
    let group = Pid::from_raw(i32::try_from(program.id()).unwrap()).unwrap();
    assert!(test_kill_process_group(group).is_ok());

    drop(pipe);
    assert!(!program.wait().unwrap().success());
    assert!(guard.wait().unwrap().success());
    assert!(test_kill_process_group(group).is_err());
}
