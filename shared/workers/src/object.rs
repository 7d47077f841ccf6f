//! The storage of a Durable Object: SQLite, and one alarm.

use std::{rc::Rc, time::Duration};

use edge::Error;
use worker::{SqlStorageValue, durable::State};

/// The storage of one object. What is written is kept before anything that follows leaves the object.
pub struct ObjectSql(Rc<State>);

impl ObjectSql {
    /// The storage of the object with this state. Touches nothing.
    pub fn new(state: Rc<State>) -> Self {
        Self(state)
    }

    /// Runs one statement whose columns, if any, are texts.
    ///
    /// # Errors
    /// [`Error::Internal`] where SQLite refuses it or a column is no text.
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
                        _ => Err(Error::internal(format!("{statement}: a column is no text"))),
                    })
                    .collect()
            })
            .collect()
    }

    /// Sets the alarm in place of an earlier one, or clears it.
    ///
    /// # Errors
    /// [`Error::Internal`] where the runtime refuses it.
    pub async fn set_alarm(&self, in_ms: Option<u32>) -> Result<(), Error> {
        let storage = self.0.storage();
        match in_ms {
            Some(ms) => storage.set_alarm(Duration::from_millis(ms.into())).await,
            None => storage.delete_alarm().await,
        }
        .map_err(|error| Error::internal(error.to_string()))
    }
}
