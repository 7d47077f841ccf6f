//! `site` alone on plain workerd. Whatever it asks (functions, assets, Clerk) is a server of the test, which reads and
//! writes bytes as they are.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::product::checkout;

/// Development, of an instance that does not exist.
const VARIABLES: [(&str, &str); 3] = [
    (
        "CLERK_PUBLISHABLE_KEY",
        "pk_test_cGVyc29uYS1sb2NhbC0xLmNsZXJrLmFjY291bnRzLmRldiQ=",
    ),
    ("CLERK_SECRET_KEY", "sk_test_alone"),
    ("CLERK_PROXY_URL", "/__clerk"),
];
const READY_WITHIN: Duration = Duration::from_secs(30);

/// A running `site`. Dropping it ends it.
#[derive(Debug)]
pub struct Alone {
    /// Where it listens.
    pub origin: String,
    asked: Arc<Mutex<Vec<Vec<u8>>>>,
    process: Child,
    folder: PathBuf,
}

impl Alone {
    /// Starts it with these variables beside, or instead of, the usual ones. `answer` gets the path that `site` asks
    /// for and gives the whole answer; `None` leaves the request unanswered for ever.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start(
        variables: &[(&str, &str)],
        answer: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        let asked = Arc::default();
        let upstream = serve(Arc::clone(&asked), Arc::new(answer));
        let port = free_port();
        let folder = std::env::temp_dir().join(format!("persona-alone-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let build = checkout().join("functions/site/build");
        for file in ["index.js", "index_bg.wasm"] {
            fs::copy(build.join(file), folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        }
        let fapi = format!("http://127.0.0.1:{upstream}");
        let mut all: Vec<(&str, &str)> = VARIABLES.to_vec();
        all.push(("CLERK_FAPI_URL", &fapi));
        all.push(("CLERK_API_URL", &fapi));
        all.retain(|(name, _)| !variables.iter().any(|(other, _)| other == name));
        all.extend(variables);
        let file = folder.join("workerd.capnp");
        fs::write(&file, configuration(port, upstream, &all)).expect("a configuration");
        let workerd = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../node_modules/workerd/bin/workerd"
        );
        let log = fs::File::create(folder.join("log")).expect("a log");
        let process = Command::new(workerd)
            .arg("serve")
            .arg(file)
            .current_dir(&folder)
            .stdout(Stdio::from(log.try_clone().expect("a log")))
            .stderr(log)
            .spawn()
            .expect("workerd starts");
        let alone = Self {
            origin: format!("http://127.0.0.1:{port}"),
            asked,
            process,
            folder,
        };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < READY_WITHIN,
                "workerd does not listen: {}",
                alone.log()
            );
            thread::sleep(Duration::from_millis(20));
        }
        alone
    }

    /// What `site` has asked, oldest first: whole requests, as far as they had arrived with their head.
    ///
    /// # Panics
    /// If the server of the test has panicked.
    #[must_use]
    pub fn asked(&self) -> Vec<Vec<u8>> {
        self.asked.lock().expect("the server lives").clone()
    }

    /// What workerd has logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

type Answer = Arc<dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync>;

/// Answers whatever is asked; returns the port.
fn serve(asked: Arc<Mutex<Vec<Vec<u8>>>>, answer: Answer) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (asked, answer) = (Arc::clone(&asked), Arc::clone(&answer));
            thread::spawn(move || one(stream, &asked, &answer));
        }
    });
    port
}

fn one(mut stream: TcpStream, asked: &Mutex<Vec<Vec<u8>>>, answer: &Answer) {
    let mut request = Vec::new();
    let mut buffer = [0; 65_536];
    while !request.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(read) => request.extend_from_slice(&buffer[..read]),
        }
    }
    let line = String::from_utf8_lossy(&request).into_owned();
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    asked.lock().expect("a list").push(request);
    match answer(&path) {
        Some(answer) => {
            let _ = stream.write_all(&answer);
        }
        // Until the other side gives up.
        None => while stream.read(&mut buffer).is_ok_and(|read| read > 0) {},
    }
}

fn configuration(port: u16, upstream: u16, variables: &[(&str, &str)]) -> String {
    let texts: String = variables
        .iter()
        .map(|(name, value)| format!("(name = \"{name}\", text = \"{value}\"), "))
        .collect();
    let services: String = [
        "AUTH_CALLBACK",
        "DASHBOARD_DATA",
        "PERSONA_CREATE",
        "PERSONA_TALK",
        "ASSETS",
    ]
    .map(|name| format!("(name = \"{name}\", service = \"upstream\"), "))
    .concat();
    format!(
        "using Workerd = import \"/workerd/workerd.capnp\";\n\
         const config :Workerd.Config = (\n\
         sockets = [(name = \"http\", address = \"127.0.0.1:{port}\", http = (), service = \"site\")],\n\
         services = [\n\
         (name = \"site\", worker = (compatibilityDate = \"2026-11-01\", bindings = [{texts}{services}], modules = [\
         (name = \"index.js\", esModule = embed \"index.js\"), \
         (name = \"index_bg.wasm\", wasm = embed \"index_bg.wasm\")])),\n\
         (name = \"upstream\", external = (address = \"127.0.0.1:{upstream}\", http = ())),\n\
         (name = \"internet\", network = (allow = [\"private\", \"local\"]))]);\n"
    )
}
