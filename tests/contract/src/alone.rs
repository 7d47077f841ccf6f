//! Runs only `site`, on plain workerd. A server of the test replaces the functions, assets and Clerk, and reads and writes
//! raw bytes.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::product::checkout;

/// Settings of a development instance that does not exist.
const VARIABLES: [(&str, &str); 3] = [
    (
        "CLERK_PUBLISHABLE_KEY",
        "pk_test_cGVyc29uYS1sb2NhbC0xLmNsZXJrLmFjY291bnRzLmRldiQ=",
    ),
    ("CLERK_SECRET_KEY", "sk_test_alone"),
    ("CLERK_PROXY_URL", "/__clerk"),
];
const READY_WITHIN: Duration = Duration::from_secs(30);

/// A running `site`. Dropping it stops the process.
#[derive(Debug)]
pub struct Alone {
    /// Its origin.
    pub origin: String,
    requests: Requests,
    process: Child,
    folder: PathBuf,
}

impl Alone {
    /// Starts it with these variables in addition to, or instead of, the default ones. `respond` maps the path of an
    /// outbound request to the raw response; `None` never responds.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start(
        variables: &[(&str, &str)],
        respond: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        let requests = Arc::default();
        let upstream = serve(Arc::clone(&requests), Arc::new(respond));
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
            requests,
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

    /// The outbound requests of `site`, oldest first: the head, and the part of the body that arrived with it.
    ///
    /// # Panics
    /// If the server of the test has panicked.
    #[must_use]
    pub fn requests(&self) -> Vec<Vec<u8>> {
        self.requests.lock().expect("the server runs").clone()
    }

    /// The log of workerd.
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

type Requests = Arc<Mutex<Vec<Vec<u8>>>>;
type Respond = Arc<dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync>;

/// Starts the server of the test and returns its port.
fn serve(requests: Requests, respond: Respond) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (requests, respond) = (Arc::clone(&requests), Arc::clone(&respond));
            thread::spawn(move || handle(stream, &requests, &respond));
        }
    });
    port
}

fn handle(mut stream: TcpStream, requests: &Requests, respond: &Respond) {
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
    requests.lock().expect("a list").push(request);
    match respond(&path) {
        Some(response) => {
            let _ = stream.write_all(&response);
        }
        // Waits until the client closes the connection.
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
