//! The processes of an instance. All listen on 127.0.0.1 only.

mod database;
mod functions;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::builds::HostTools;
use crate::guard::Stop;
use crate::paths::Paths;
use crate::process::{Lines, Process, Ready};
use crate::settings::Ports;
use crate::setup::Model;

pub use database::migrate;

/// The timeout of a start, for a cold start on a loaded machine.
const READY_WITHIN: Duration = Duration::from_secs(90);

/// An instance of the product.
#[derive(Debug)]
pub struct Instance<'a> {
    pub paths: &'a Paths,
    pub ports: Ports,
    /// Data, logs and process ids.
    pub folder: PathBuf,
}

impl Instance<'_> {
    /// The Clerk emulator.
    pub fn clerk(&self, tools: &HostTools) -> Process {
        let mut command = self.paths.command(&tools.clerk_emulator);
        command.arg("--state").arg(self.folder.join("clerk"));
        command.arg("--npm-root").arg(self.paths.node_modules());
        http_process("clerk-emulator", command, self.ports.clerk(), "/_emulator/health")
    }

    /// The embedded model server.
    pub fn model(&self, model: &Model) -> Process {
        let mut command = self.node("tools/model-server/server.mjs");
        command.arg("--model").arg(&model.file);
        http_process("model", command, self.ports.model(), "/health")
    }

    /// The scripted model of the tests, which replies as instructed in the last message.
    pub fn scripted_model(&self) -> Process {
        let command = self.node("tools/model-server/scripted.mjs");
        http_process("scripted-model", command, self.ports.model(), "/_requests")
    }

    /// The recorder between the functions and the pooler.
    pub fn recorder(&self, program: &Path) -> Process {
        let mut command = self.paths.command(program);
        command
            .arg("--listen")
            .arg(self.ports.recorded_pooler().to_string());
        command
            .arg("--upstream")
            .arg(format!("127.0.0.1:{}", self.ports.pooler()));
        http_process("pg-recorder", command, self.ports.recorder(), "/report")
    }

    fn node(&self, script: &str) -> Command {
        let mut command = self.paths.command("node");
        command.arg(self.paths.root.join(script));
        command
    }
}

fn http_process(name: &'static str, mut command: Command, port: u16, path: &'static str) -> Process {
    command.arg("--port").arg(port.to_string());
    Process {
        name,
        command,
        stop: Stop::Terminate,
        ready: Ready::Http { port, path },
        ready_within: READY_WITHIN,
        lines: Lines::default(),
        watched: false,
    }
}
