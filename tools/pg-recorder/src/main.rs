//! `pg-recorder --listen N --upstream ADDRESS:PORT --port N`: records on the first port, reports on the second.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use lexopt::prelude::*;
use pg_recorder::{Recorder, control};
use tokio::net::TcpListener;

const USAGE: &str = "pg-recorder --listen N --upstream ADDRESS:PORT --port N";

struct Arguments {
    listen: u16,
    upstream: SocketAddr,
    port: u16,
}

fn main() -> ExitCode {
    let outcome = arguments()
        .map_err(|error| format!("{error}\n{USAGE}"))
        .and_then(|arguments| run(&arguments).map_err(|error| error.to_string()));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pg-recorder: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Arguments, lexopt::Error> {
    let (mut listen, mut upstream, mut port) = (None, None, None);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("listen") => listen = Some(parser.value()?.parse()?),
            Long("upstream") => upstream = Some(parser.value()?.parse()?),
            Long("port") => port = Some(parser.value()?.parse()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Arguments {
        listen: listen.ok_or("--listen is missing")?,
        upstream: upstream.ok_or("--upstream is missing")?,
        port: port.ok_or("--port is missing")?,
    })
}

#[tokio::main(worker_threads = 2)]
async fn run(arguments: &Arguments) -> std::io::Result<()> {
    let recorder = Recorder::new(arguments.upstream);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.listen)).await?;
    let control = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await?;
    tokio::try_join!(recorder.clone().serve(listener), async {
        axum::serve(control, control::router(recorder)).await
    })
    .map(drop)
}
