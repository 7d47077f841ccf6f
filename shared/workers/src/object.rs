//! The storage of a Durable Object: SQLite and one alarm.

use std::{rc::Rc, time::Duration};

use edge::Error;
use worker::{SqlStorageValue, durable::State};

/// The storage of one object. The runtime holds back outgoing messages until earlier writes are durable.
pub struct ObjectSql(Rc<State>);

impl ObjectSql {
    /// The storage of the object with this state.
    pub fn new(state: Rc<State>) -> Self {
        Self(state)
    }

    /// Runs one statement. All columns must be texts.
    ///
    /// # Errors
    /// [`Error::Internal`] if SQLite reports an error or a column is not a text.
    pub fn run(&self, statement: &str, parameters: &[&str]) -> Result<Vec<Vec<String>>, Error> {
        let failed = |error: worker::Error| Error::internal(format!("{statement}: {error}"));
        let parameters: Vec<SqlStorageValue> = parameters.iter().map(|&text| text.into()).collect();
        let cursor = self
            .0
            .storage()
            .sql()
            .exec(statement, parameters)
            .map_err(failed)?;
        cursor
            .raw()
            .map(|row| {
                row.map_err(failed)?
                    .into_iter()
                    .map(|value| match value {
                        SqlStorageValue::String(text) => Ok(text),
                        _ => Err(Error::internal(format!("{statement}: a column is not a text"))),
                    })
                    .collect()
            })
            .collect()
    }

    /// Sets, replaces or clears the alarm.
    ///
    /// # Errors
    /// [`Error::Internal`] if the runtime reports an error.
    pub async fn set_alarm(&self, in_ms: Option<u32>) -> Result<(), Error> {
        let storage = self.0.storage();
        match in_ms {
            Some(ms) => storage.set_alarm(Duration::from_millis(ms.into())).await,
            None => storage.delete_alarm().await,
        }
        .map_err(|error| Error::internal(error.to_string()))
    }
}
