//! `cargo xtask bench`: what guarding a route costs, as a ratio.
//!
//! Two functions as they are deployed, on plain workerd, without a database: every route that is asked
//! is answered before one is needed. A guarded route and one of the same function that nobody guards
//! are asked in turns on one connection, so that whatever slows the machine slows both. Only the ratio
//! means something, and only beside that of a route against itself.

mod client;
mod figures;
mod server;

use std::time::Duration;

use anyhow::{Result, bail};

use crate::interrupt;
use crate::paths::Paths;
use crate::setup;
use crate::ui::{self, Progress};

use client::{Client, Question};
use figures::{Ratio, median};
use server::{Server, Visitor};

/// Rounds, unless told otherwise.
pub const ROUNDS: u32 = 15;
/// How often a round asks each of the two routes.
const ASKED_IN_A_ROUND: u32 = 100;
/// How often each route is asked before anything is measured: code is compiled, keys are fetched.
const WARM_UP: u32 = 300;

/// A guarded route and one that costs the same but for the guard.
struct Pair {
    name: &'static str,
    guarded: Question,
    open: Question,
}

/// Builds, starts, measures, prints and ends.
pub fn run(rounds: u32) -> Result<()> {
    let paths = Paths::find()?;
    ui::heading("Setting up");
    setup::for_builds(&paths)?;
    ui::heading("Building");
    let server = Server::start(&paths)?;
    let visitor = server.visitor()?;
    ui::heading("Measuring");
    let mut client = Client::connect(server.port())?;
    let mut rows = Vec::new();
    for pair in pairs(&visitor) {
        let mut progress = Progress::start(pair.name);
        let ratio = measure(&mut client, &pair, rounds, &mut progress)?;
        progress.done("");
        rows.push(row(pair.name, &ratio));
    }
    server.end();
    println!("{}", table(&rows, rounds));
    Ok(())
}

fn pairs(visitor: &Visitor) -> Vec<Pair> {
    let document = [
        ("cookie", visitor.cookies.as_str()),
        ("sec-fetch-dest", "document"),
    ];
    let page = || Question::get("/sign-in", 200, &document);
    let bearer = |token: &str| format!("Bearer {token}");
    let api = |path: &str, status, token: &str| {
        Question::get(path, status, &[("authorization", bearer(token).as_str())])
    };
    vec![
        Pair {
            name: "an open page / itself",
            guarded: page(),
            open: page(),
        },
        Pair {
            name: "a page, signed in / an open page",
            guarded: Question::get("/dashboard", 200, &document),
            open: page(),
        },
        // Refused for its parameter, after the guard and before the database.
        Pair {
            name: "API, a token seen before / API, open",
            guarded: api("/api/dashboard/personas?after=x", 400, &visitor.token),
            open: api("/api/dashboard/none?after=x", 404, &visitor.token),
        },
        Pair {
            name: "API, a forged token / API, open",
            guarded: api("/api/dashboard/personas?after=x", 401, &visitor.forged_token()),
            open: api("/api/dashboard/none?after=x", 404, &visitor.forged_token()),
        },
    ]
}

fn measure(client: &mut Client, pair: &Pair, rounds: u32, progress: &mut Progress) -> Result<Ratio> {
    for _ in 0..WARM_UP {
        client.ask(&pair.guarded)?;
        client.ask(&pair.open)?;
    }
    let mut ratios = Vec::new();
    for round in 1..=rounds {
        interrupt::check()?;
        progress.tick(&format!("round {round} of {rounds}"));
        ratios.push(one_round(client, pair)?);
    }
    match Ratio::of(ratios) {
        Some(ratio) => Ok(ratio),
        None => bail!("there is nothing to measure in {rounds} rounds"),
    }
}

/// The median of the guarded route as a multiple of the other's.
fn one_round(client: &mut Client, pair: &Pair) -> Result<f64> {
    let (mut guarded, mut open) = (Vec::new(), Vec::new());
    for turn in 0..ASKED_IN_A_ROUND {
        // Who comes second may find warmer caches: they take turns at that too.
        if turn % 2 == 0 {
            guarded.push(client.ask(&pair.guarded)?);
            open.push(client.ask(&pair.open)?);
        } else {
            open.push(client.ask(&pair.open)?);
            guarded.push(client.ask(&pair.guarded)?);
        }
    }
    let of = |times: Vec<Duration>| median(times.iter().map(Duration::as_secs_f64).collect());
    match (of(guarded), of(open)) {
        (Some(guarded), Some(open)) if open > 0.0 => Ok(guarded / open),
        _ => bail!("the clock of this machine is too coarse for this"),
    }
}

fn row(name: &str, ratio: &Ratio) -> String {
    format!(
        "  {name:<38} {:>5.2}   {:.2} to {:.2}",
        ratio.middle, ratio.lower, ratio.upper
    )
}

fn table(rows: &[String], rounds: u32) -> String {
    let requests = rounds.saturating_mul(ASKED_IN_A_ROUND);
    let heading = format!(
        "  {:<38} {:>5}   {}",
        "guarded / open", "ratio", "half of the rounds"
    );
    format!(
        "\nRatio of median times, {requests} requests to each route of a pair, in turns on one connection:\n\n\
         {heading}\n{}\n\nThe first line says how much of the others is noise.",
        rows.join("\n")
    )
}
