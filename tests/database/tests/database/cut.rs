//! Results are correct when network segments are split at random.

use std::cell::Cell;
use std::net::Ipv4Addr;

use contract::{lock::TestLock, product};
use database_tests::host::{NativeHost, address};
use edge::db::{column, statements::UnattendedStatement};
use edge::{DatabaseError, Host as _, Unattended};
use futures_util::future::join_all;
use pg_recorder::{Recorder, Report};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;
use tokio_postgres::types::Type;

const CLIENTS: usize = 16;
const STATEMENTS: i32 = 10_000;
const ROWS: i32 = 1_000;
const SEED: u64 = 20_261_126;

/// A thousand rows that depend on the parameter.
const ROWS_OF: UnattendedStatement =
    UnattendedStatement::of_test("select n, n * $1::integer from generate_series(1, 1000) n order by n");

/// A recorder in this process, between the test and the pooler. It runs as long as the runtime.
fn recorder(runtime: &Runtime) -> (Recorder, String) {
    let upstream = address(&product().pooler).parse().unwrap();
    let recorder = Recorder::new(upstream);
    let listener = runtime
        .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(runtime.spawn(recorder.clone().serve(listener)));
    (recorder, address)
}

/// Connects, runs one statement and checks its rows, like a request of the product.
async fn is_correct(host: &NativeHost, factor: i32) -> Result<bool, DatabaseError> {
    let mut db = Unattended::new(host.connect().await?);
    let rows = db.rows(ROWS_OF, &[(&factor, Type::INT4)]).await?;
    let mut expected = (1..=ROWS).map(|n| (n, n * factor));
    for row in &rows {
        if expected.next() != Some((column(row, 0)?, column(row, 1)?)) {
            return Ok(false);
        }
    }
    Ok(expected.next().is_none())
}

#[test]
fn results_are_correct_when_segments_are_split() {
    let _lock = TestLock::shared();
    let proxy = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (recorder, address) = recorder(&proxy);
    recorder.cut(Some(SEED));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let host = NativeHost::new(&product().pooler, &address);
    let (started, correct) = (Cell::new(0), Cell::new(0));
    let client = async || {
        while started.get() < STATEMENTS {
            started.set(started.get() + 1);
            if is_correct(&host, started.get()).await.unwrap() {
                correct.set(correct.get() + 1);
            }
        }
    };
    runtime.block_on(LocalSet::new().run_until(join_all((0..CLIENTS).map(|_| client()))));
    assert_eq!(correct.get(), STATEMENTS);
    let Report {
        connections,
        flights,
        violations,
        ..
    } = recorder.report();
    assert_eq!((connections, flights), (10_000, 10_000));
    assert!(violations.is_empty(), "{violations:?}");
}
