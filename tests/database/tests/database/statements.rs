//! Every statement against the migrated schema.

use database_tests::schema::{Null, connect, empty};
use edge::db::statements::{CALLER_STATEMENTS, UNATTENDED_STATEMENTS};
use postgres::types::ToSql;
use uuid::Uuid;

const SESSION: &str = "sess_test";
const CLERK_ID: &str = "user_test";

/// The parameters of a caller's statement: the caller, and nulls.
fn of_caller(user: &Uuid, count: usize) -> Vec<&(dyn ToSql + Sync)> {
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![user, &SESSION, &CLERK_ID];
    params.resize(count, &Null);
    params
}

#[test]
fn every_statement_can_be_prepared() {
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
fn every_statement_of_a_caller_rejects_an_ended_session_even_without_rows() {
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
fn every_statement_of_a_caller_returns_one_row_to_a_user_without_data() {
    let mut client = connect();
    let mut schema = empty(&mut client);
    let user = Uuid::from_u128(7);
    for (name, sql) in CALLER_STATEMENTS {
        let mut savepoint = schema.transaction().unwrap();
        let statement = savepoint.prepare(sql).unwrap();
        let last = statement.columns().last().map(|column| column.name());
        assert_eq!(last, Some("found"), "{name}");
        // Inserts of nulls may violate constraints.
        let params = of_caller(&user, statement.params().len());
        if let Ok(rows) = savepoint.query(&statement, &params) {
            assert_eq!(rows.len(), 1, "{name}");
        }
    }
}

#[test]
fn every_statement_uses_indexes() {
    let mut client = connect();
    let mut schema = empty(&mut client);
    // Makes Postgres use an index wherever one can serve, even for small tables.
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
