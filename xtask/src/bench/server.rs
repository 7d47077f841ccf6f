//! The functions that are measured, on plain workerd, and somebody who is signed in.
//!
//! Not `wrangler dev`: what it puts before the functions costs many times as much as they do.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::client::{Client, Question};
use crate::builds::{self, Profile};
use crate::files::copy_folder;
use crate::guard::Stop;
use crate::instance::Instance;
use crate::paths::Paths;
use crate::probe;
use crate::process::{Lines, Process, Ready};
use crate::settings::{PORTS, Ports, Settings};
use crate::supervisor::Supervisor;

/// The functions: the first answers, and reaches the others by these bindings.
const SITE: &str = "site";
const OTHERS: [(&str, &str); 1] = [("DASHBOARD_DATA", "dashboard-data")];
/// Longer than any run. Seconds.
const TOKEN_LIFE_S: u32 = 3_600;
const READY_WITHIN: Duration = Duration::from_secs(60);

/// Running functions. Dropping it ends them.
pub struct Server<'a> {
    supervisor: Supervisor,
    instance: Instance<'a>,
}

/// Somebody who is signed in.
pub struct Visitor {
    /// A session token.
    pub token: String,
    /// What their browser sends as `Cookie`.
    pub cookies: String,
}

impl Visitor {
    /// The same token under a signature that nobody made.
    pub fn forged_token(&self) -> String {
        let (signed, signature) = self.token.rsplit_once('.').unwrap_or_default();
        let reversed: String = signature.chars().rev().collect();
        // The last letter of a signature of 256 bytes has bits to spare, which must be zero.
        let reversed = reversed.get(1..).unwrap_or_default();
        format!("{signed}.{reversed}A")
    }
}

impl<'a> Server<'a> {
    /// Builds the functions and starts them, with the embedded Clerk beside.
    pub fn start(paths: &'a Paths) -> Result<Self> {
        builds::front_end(paths)?;
        let host = builds::host_tools(paths)?;
        let instance = Instance {
            paths,
            ports: Ports::new(probe::free_ports(PORTS).context("there are no free ports in a row")?)?,
            folder: std::env::temp_dir().join(format!("persona-bench-{}", std::process::id())),
        };
        for name in std::iter::once(SITE).chain(OTHERS.map(|(_, name)| name)) {
            let build = builds::function(paths, name, Profile::Release)?;
            copy_folder(&build, &instance.folder.join(name))?;
        }
        let file = instance.folder.join("workerd.capnp");
        fs::write(&file, configuration(&instance)?)?;
        let mut supervisor = Supervisor::new(&instance.folder)?;
        supervisor.start(instance.clerk(&host))?;
        supervisor.start(workerd(&instance, file))?;
        supervisor.wait_ready()?;
        Ok(Self { supervisor, instance })
    }

    /// Where the site answers.
    pub fn port(&self) -> u16 {
        self.instance.ports.site()
    }

    /// Signs somebody in for as long as a run takes.
    pub fn visitor(&self) -> Result<Visitor> {
        let mut clerk = Client::connect(self.instance.ports.clerk())?;
        let mut ask = |path: &str, body: Value| -> Result<Value> {
            let question = Question::post(path, 200, &body.to_string());
            Ok(serde_json::from_slice(&clerk.body(&question)?)?)
        };
        let origin = self.instance.ports.origin();
        let user = ask("/_emulator/users", json!({}))?;
        let session = ask(
            "/_emulator/sessions",
            json!({"user_id": user.get("id"), "origin": origin}),
        )?;
        let token = ask(
            "/_emulator/tokens",
            json!({"session_id": session.get("session_id"), "origin": origin, "ttl_s": TOKEN_LIFE_S}),
        )?;
        let token = token.get("jwt").and_then(Value::as_str);
        let token = token.context("the Clerk emulator makes no token")?.to_owned();
        let cookies = session.get("cookies").and_then(Value::as_object);
        let cookies = cookies.context("the Clerk emulator sets no cookies")?.iter();
        let cookies: Vec<_> = cookies
            .map(|(name, value)| match value.as_str() {
                Some(value) if !name.starts_with("__session") => format!("{name}={value}"),
                _ => format!("{name}={token}"),
            })
            .collect();
        Ok(Visitor {
            token,
            cookies: cookies.join("; "),
        })
    }

    /// Ends everything and forgets it.
    pub fn end(mut self) {
        self.supervisor.stop();
        let _ = fs::remove_dir_all(&self.instance.folder);
    }
}

fn workerd(instance: &Instance<'_>, configuration: PathBuf) -> Process {
    let mut command = Command::new(instance.paths.node_modules().join("workerd/bin/workerd"));
    command.current_dir(&instance.folder).env_clear();
    command.env("PATH", instance.paths.search_path());
    command.arg("serve").arg(configuration);
    Process {
        name: "workerd",
        command,
        stop: Stop::Terminate,
        ready: Ready::Http {
            port: instance.ports.site(),
            path: "/sign-in",
        },
        ready_within: READY_WITHIN,
        lines: Lines::default(),
        watched: false,
    }
}

/// workerd's configuration: what wrangler makes of each wrangler.toml, as far as it is needed here.
fn configuration(instance: &Instance<'_>) -> Result<String> {
    let variables: String = Settings::embedded()
        .functions_env(instance.ports, "none")
        .iter()
        .map(|(name, value)| format!("(name = {}, text = {}), ", quoted(name), quoted(value)))
        .collect();
    let date = compatibility_date(&fs::read_to_string(instance.paths.root.join("wrangler.toml"))?)?;
    let worker = |name: &str, bindings: &str| {
        let file = |file: &str| quoted(&format!("{name}/{file}"));
        format!(
            "(name = {}, worker = (compatibilityDate = {}, bindings = [{variables}{bindings}], modules = [\
             (name = \"index.js\", esModule = embed {}), (name = \"index_bg.wasm\", wasm = embed {})]))",
            quoted(name),
            quoted(&date),
            file("index.js"),
            file("index_bg.wasm"),
        )
    };
    let bound: String = OTHERS
        .iter()
        .map(|(binding, name)| format!("(name = {}, service = {}), ", quoted(binding), quoted(name)))
        .collect();
    let mut services = vec![worker(
        SITE,
        &format!("{bound}(name = \"ASSETS\", service = \"assets\")"),
    )];
    services.extend(OTHERS.iter().map(|(_, name)| worker(name, "")));
    let assets = instance.paths.root.join("static/dist");
    services.push(format!(
        "(name = \"assets\", disk = (path = {}))",
        quoted(&assets.to_string_lossy())
    ));
    // For the keys, which the embedded Clerk has.
    services.push("(name = \"internet\", network = (allow = [\"private\", \"local\"]))".to_owned());
    let address = quoted(&format!("127.0.0.1:{}", instance.ports.site()));
    Ok(format!(
        "using Workerd = import \"/workerd/workerd.capnp\";\n\
         const config :Workerd.Config = (\n\
         sockets = [(name = \"http\", address = {address}, http = (), service = \"{SITE}\")],\n\
         services = [\n{}\n]);\n",
        services.join(",\n")
    ))
}

/// A text in the notation of Cap'n Proto.
fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{escaped}\"")
}

fn compatibility_date(wrangler: &str) -> Result<String> {
    let date = wrangler.lines().find_map(|line| {
        let value = line
            .strip_prefix("compatibility_date")?
            .trim_start()
            .strip_prefix('=')?;
        Some(value.trim().trim_matches('"').to_owned())
    });
    date.context("wrangler.toml has no compatibility_date")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_token_differs_in_its_signature_alone() {
        let visitor = Visitor {
            token: "a.b.CDEFg".into(),
            cookies: String::new(),
        };
        assert_eq!(visitor.forged_token(), "a.b.FEDCA");
    }

    #[test]
    fn what_configurations_quote_stays_one_text() {
        assert_eq!(quoted("a\"b\\c\nd"), r#""a\"b\\c\nd""#);
        let date = compatibility_date("name = \"x\"\ncompatibility_date = \"2026-11-01\"\n").unwrap();
        assert_eq!(date, "2026-11-01");
    }
}
