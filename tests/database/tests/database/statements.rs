//! Every statement as it is sent, against the migrated schema.

use database_tests::schema::{Null, connect, empty};
use edge::db::statements::{CALLER_STATEMENTS, UNATTENDED_STATEMENTS};
use postgres::types::ToSql;
use uuid::Uuid;

const SESSION: &str = "sess_of_nobody";
const CLERK_ID: &str = "user_of_nobody";

/// The parameters of a caller's statement: the caller, and nulls.
fn of_caller(user: &Uuid, count: usize) -> Vec<&(dyn ToSql + Sync)> {
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![user, &SESSION, &CLERK_ID];
    params.resize(count, &Null);
    params
}

#[test]
fn postgres_takes_every_statement() {
    let mut client = connect();
    let mut schema = empty(&mut client);
    for (name, sql) in CALLER_STATEMENTS.iter().chain(UNATTENDED_STATEMENTS) {
        let mut savepoint = schema.transaction().unwrap();
        if let Err(error) = savepoint.prepare(sql) {
            panic!("{name}: {error:?}");
        }
    }
}

#[test]
fn every_statement_of_a_caller_refuses_a_session_that_has_ended_even_where_there_are_no_rows() {
    let mut client = connect();
    let mut schema = empty(&mut client);
    let user = Uuid::from_u128(7);
    let revoked =
        "insert into revoked_sessions (session_id, expires_at) values ($1, now() + interval '1 day')";
    schema.execute(revoked, &[&SESSION]).unwrap();
    for (name, sql) in CALLER_STATEMENTS {
        let mut savepoint = schema.transaction().unwrap();
        let statement = savepoint.prepare(sql).unwrap();
        let params = of_caller(&user, statement.params().len());
        let error = savepoint.query(&statement, &params).expect_err(name);
        assert_eq!(
            error.code().map(|code| code.code()),
            Some("PS401"),
            "{name}: {error}"
        );
    }
}

#[test]
fn every_statement_of_a_caller_answers_one_row_to_somebody_of_whom_nothing_is_stored() {
    let mut client = connect();
    let mut schema = empty(&mut client);
    let user = Uuid::from_u128(7);
    for (name, sql) in CALLER_STATEMENTS {
        let mut savepoint = schema.transaction().unwrap();
        let statement = savepoint.prepare(sql).unwrap();
        let last = statement.columns().last().map(|column| column.name());
        assert_eq!(last, Some("found"), "{name}");
        // An insert of nulls fails on its own grounds.
        let params = of_caller(&user, statement.params().len());
        if let Ok(rows) = savepoint.query(&statement, &params) {
            assert_eq!(rows.len(), 1, "{name}");
        }
    }
}

#[test]
fn every_statement_finds_its_rows_by_an_index() {
    let mut client = connect();
    let mut schema = empty(&mut client);
    // Where an index could serve, Postgres uses it now, however small the table.
    schema.batch_execute("set local enable_seqscan = off").unwrap();
    for (name, sql) in CALLER_STATEMENTS.iter().chain(UNATTENDED_STATEMENTS) {
        let plan = schema
            .simple_query(&format!("explain (generic_plan, costs off) {sql}"))
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let lines = plan.iter().filter_map(|message| match message {
            postgres::SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        let scanned: Vec<_> = lines.filter(|line| line.contains("Seq Scan")).collect();
        assert!(scanned.is_empty(), "{name}: {scanned:?}");
    }
}
