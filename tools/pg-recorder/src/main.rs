//! `pg-recorder --port N --upstream HOST:PORT --control N`

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use lexopt::prelude::*;
use pg_recorder::{Recorder, control};
use tokio::net::TcpListener;

const USAGE: &str = "pg-recorder --port N --upstream ADDRESS:PORT --control N";

struct Arguments {
    port: u16,
    upstream: SocketAddr,
    control: u16,
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
    let (mut port, mut upstream, mut control) = (None, None, None);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => port = Some(parser.value()?.parse()?),
            Long("upstream") => upstream = Some(parser.value()?.parse()?),
            Long("control") => control = Some(parser.value()?.parse()?),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Arguments {
        port: port.ok_or("--port is missing")?,
        upstream: upstream.ok_or("--upstream is missing")?,
        control: control.ok_or("--control is missing")?,
    })
}

#[tokio::main(worker_threads = 2)]
async fn run(arguments: &Arguments) -> std::io::Result<()> {
    let recorder = Recorder::new(arguments.upstream);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await?;
    let control = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.control)).await?;
    tokio::try_join!(recorder.clone().serve(listener), async {
        axum::serve(control, control::router(recorder)).await
    })
    .map(drop)
}
