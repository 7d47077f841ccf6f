//! The entry point on Cloudflare Workers.

use std::{cell::Cell, rc::Rc};

use edge::Error;
use uuid::Uuid;
use worker::{Context, DurableObject, Env, durable::State};
use workers::{ObjectSql, serve, web_sys};

use crate::{ObjectOwner, ObjectStorage, PostgresOwner};

/// The binding of the Durable Object namespace in `wrangler.toml`.
const OWNERS: &str = "CONVERSATIONS";
/// The variable that selects the owner of replies: `object` (default) or `postgres`, which is for hosts without Durable
/// Objects. On Workers it is used by tests.
const REPLY_OWNER: &str = "REPLY_OWNER";

#[worker::event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> worker::Result<web_sys::Response> {
    let is_owned_by_postgres = env
        .var(REPLY_OWNER)
        .is_ok_and(|owner| owner.to_string() == "postgres");
    serve(request, env, context, async |request, host| {
        if is_owned_by_postgres {
            return crate::route(request, &host, &PostgresOwner::default()).await;
        }
        match crate::owner_of(&request, &host).await? {
            Some(conversation) => host.to_owner(OWNERS, &conversation.to_string(), request).await,
            None => crate::route(request, &host, &PostgresOwner::default()).await,
        }
    })
    .await
}

/// Owns the replies of one conversation, independently of clients.
#[worker::durable_object(alarm)]
pub struct ConversationOwner {
    state: Rc<State>,
    env: Env,
    owner: ObjectOwner<SqlTexts>,
}

impl DurableObject for ConversationOwner {
    fn new(state: State, env: Env) -> Self {
        let state = Rc::new(state);
        Self {
            owner: ObjectOwner::new(SqlTexts {
                sql: ObjectSql::new(state.clone()),
                is_created: Cell::default(),
            }),
            state,
            env,
        }
    }

    async fn fetch(&self, request: worker::Request) -> worker::Result<worker::Response> {
        let owner = self.owner.clone();
        // Clones the JavaScript handle. The runtime's `Request::clone` would copy the body.
        let raw = <web_sys::Request as Clone>::clone(request.inner());
        serve(
            raw,
            self.env.clone(),
            self.state.clone(),
            async |request, host| crate::route(request, &host, &owner).await,
        )
        .await
        .map(Into::into)
    }

    async fn alarm(&self) -> worker::Result<worker::Response> {
        let owner = self.owner.clone();
        workers::run(self.env.clone(), self.state.clone(), async |host| {
            owner.alarm(&host).await;
            Ok(())
        })
        .await;
        worker::Response::empty()
    }
}

/// Texts by key in the object's SQLite database.
struct SqlTexts {
    sql: ObjectSql,
    /// Whether the table exists.
    is_created: Cell<bool>,
}

impl SqlTexts {
    /// Runs a statement. Creates the table first.
    fn run(&self, statement: &str, parameters: &[&str]) -> Result<Vec<Vec<String>>, Error> {
        if !self.is_created.get() {
            self.sql.run(include_str!("sqlite/create.sql"), &[])?;
            self.is_created.set(true);
        }
        self.sql.run(statement, parameters)
    }
}

impl ObjectStorage for SqlTexts {
    fn all(&self) -> Result<Vec<(Uuid, String)>, Error> {
        let rows = self.run(include_str!("sqlite/all.sql"), &[])?;
        rows.into_iter()
            .map(|row| match <[String; 2]>::try_from(row) {
                Ok([id, text]) => Ok((Uuid::try_parse(&id).map_err(Error::internal)?, text)),
                Err(_) => Err(Error::internal("a row of `replies` has two columns")),
            })
            .collect()
    }

    fn put(&self, key: Uuid, text: &str) -> Result<(), Error> {
        self.run(include_str!("sqlite/put.sql"), &[&key.to_string(), text])
            .map(drop)
    }

    fn remove(&self, key: Uuid) -> Result<(), Error> {
        self.run(include_str!("sqlite/remove.sql"), &[&key.to_string()])
            .map(drop)
    }

    async fn set_alarm(&self, in_ms: Option<u32>) -> Result<(), Error> {
        self.sql.set_alarm(in_ms).await
    }
}
