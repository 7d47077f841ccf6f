//! The programs of an instance and how each is started. All listen on 127.0.0.1 only.

mod database;
mod functions;

use std::path::PathBuf;
use std::time::Duration;

use crate::builds::HostTools;
use crate::guard::Stop;
use crate::part::{Lines, Part, Ready};
use crate::paths::Paths;
use crate::run::Cmd;
use crate::settings::Ports;
use crate::setup::Model;

pub use database::migrate;

/// A cold start on a loaded machine.
const READY_WITHIN: Duration = Duration::from_secs(90);

/// Where one instance lives.
#[derive(Debug)]
pub struct Instance<'a> {
    pub paths: &'a Paths,
    pub ports: Ports,
    /// Data, logs and process numbers.
    pub folder: PathBuf,
}

impl Instance<'_> {
    /// The embedded Clerk.
    pub fn clerk(&self, tools: &HostTools) -> Part {
        let port = self.ports.clerk();
        let command = Cmd::new(&tools.clerk_emulator, &self.paths.root)
            .args(["--port", &port.to_string(), "--state"])
            .arg(self.folder.join("clerk"))
            .arg("--npm-root")
            .arg(self.paths.node_modules());
        self.http_part("clerk-emulator", command, port, "/_emulator/health")
    }

    /// The embedded model server.
    pub fn model(&self, model: &Model) -> Part {
        let port = self.ports.model();
        let command = self
            .node("tools/model-server/server.mjs")
            .args(["--port", &port.to_string(), "--model"])
            .arg(&model.file);
        self.http_part("model", command, port, "/health")
    }

    /// The model of tests: says what it is told to say.
    pub fn scripted_model(&self) -> Part {
        let port = self.ports.model();
        let command = self
            .node("tools/model-server/scripted.mjs")
            .args(["--port", &port.to_string()]);
        self.http_part("scripted-model", command, port, "/_requests")
    }

    fn node(&self, script: &str) -> Cmd {
        Cmd::new("node", &self.paths.root)
            .arg(self.paths.root.join(script))
            .env("PATH", self.paths.search_path())
    }

    fn http_part(&self, name: &'static str, command: Cmd, port: u16, path: &'static str) -> Part {
        let ready = Ready::Http { port, path };
        Part {
            name,
            command,
            stop: Stop::Terminate,
            ready,
            ready_within: READY_WITHIN,
            lines: Lines::default(),
            watched: false,
        }
    }
}
