//! Encoding errors are 500; an unreachable or silent database is 503.

use std::time::{Duration, Instant};

use contract::{lock::TestLock, product};
use database_tests::host::{NativeHost, address};
use edge::db::{STATEMENT_MS_MAX, column, statements::UnattendedStatement};
use edge::{DatabaseError, Error, Host as _, Unattended};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::task::LocalSet;
use tokio_postgres::types::Type;

fn run<T>(work: impl Future<Output = T>) -> T {
    let _lock = TestLock::shared();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(LocalSet::new().run_until(work))
}

fn status(error: DatabaseError) -> u16 {
    Error::from(error).kind().status()
}

async fn database() -> Unattended {
    let host = NativeHost::new(&product().pooler, &address(&product().pooler));
    Unattended::new(host.connect().await.unwrap())
}

#[test]
fn a_decoding_error_is_500() {
    const TEXT: UnattendedStatement = UnattendedStatement::of_test("select 'text'::text, null::integer");
    run(async {
        let mut db = database().await;
        let rows = db.rows(TEXT, &[]).await.unwrap();
        assert_eq!(status(column::<i32>(&rows[0], 0).unwrap_err()), 500);
        assert_eq!(status(column::<i32>(&rows[0], 1).unwrap_err()), 500);
        assert_eq!(status(column::<i32>(&rows[0], 7).unwrap_err()), 500);
    });
}

#[test]
fn an_encoding_error_is_500() {
    const TAKES: UnattendedStatement = UnattendedStatement::of_test("select $1::text");
    run(async {
        let params: [edge::db::Param<'_>; 1] = [(&1_i32, Type::TEXT)];
        let error = database().await.rows(TAKES, &params).await.unwrap_err();
        assert_eq!(status(error), 500);
    });
}

#[test]
fn a_lost_connection_is_503() {
    const ENDS: UnattendedStatement =
        UnattendedStatement::of_test("select pg_terminate_backend(pg_backend_pid())");
    run(async {
        let mut db = database().await;
        let error = db.rows(ENDS, &[]).await.unwrap_err();
        assert_eq!(status(error), 503);
        // Nothing more is sent on the connection, whatever the pooler does with it.
        let error = db.rows(ENDS, &[]).await.unwrap_err();
        assert!(matches!(error, DatabaseError::Unanswered), "{error}");
    });
}

#[test]
fn a_statement_times_out_and_nothing_is_sent_after_it() {
    const SLEEPS: UnattendedStatement = UnattendedStatement::of_test("select pg_sleep(60)");
    run(async {
        let mut db = database().await;
        let begun = Instant::now();
        let error = db.rows(SLEEPS, &[]).await.unwrap_err();
        assert_eq!(status(error), 503);
        let limit = Duration::from_millis(STATEMENT_MS_MAX.into());
        assert!(
            (limit..limit * 2).contains(&begun.elapsed()),
            "{:?}",
            begun.elapsed()
        );
        let error = db.rows(SLEEPS, &[]).await.unwrap_err();
        assert!(matches!(error, DatabaseError::Unanswered), "{error}");
    });
}

#[test]
fn a_connect_times_out() {
    run(async {
        // The kernel accepts the connection; no process reads from it.
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = silent.local_addr().unwrap().to_string();
        let host = NativeHost::new(&product().pooler, &address);
        let error = host.connect().await.err().unwrap();
        assert!(matches!(error, DatabaseError::Connect(_)), "{error}");
        assert_eq!(status(error), 503);
    });
}
