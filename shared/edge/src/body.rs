//! Bodies of requests and responses: read with a size limit, or forwarded.

use std::{any::Any, pin::Pin};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};

use crate::{Error, incoming::Incoming};

/// A body that ended too early.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The connection or the source failed.
    #[error("the body ended early: {0}")]
    Off(String),
    /// It took longer than allowed.
    #[error("the body took too long")]
    TooSlow,
}

/// The chunks of a body as they arrive.
pub type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, Broken>>>>;

/// A stream of the runtime. Its crate can forward such a body without copying it.
///
/// Dropping it cancels the stream at its source. An open stream occupies a connection.
pub trait RuntimeStream: Any {
    /// The chunks as they arrive. Dropping them cancels the stream at its source.
    fn chunks(self: Box<Self>) -> Chunks;
}

/// The body of a request or a response.
#[derive(Default)]
pub enum Body {
    /// No body.
    #[default]
    Empty,
    /// The complete body.
    Whole(Bytes),
    /// A stream of chunks.
    Stream(Chunks),
    /// A stream of the runtime.
    Runtime(Box<dyn RuntimeStream>),
    /// The body of a request, unread.
    Incoming(Incoming),
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body(…)")
    }
}

impl Body {
    /// The chunks of any kind of body.
    pub fn chunks(self) -> Chunks {
        match self {
            Self::Empty => Box::pin(stream::empty()),
            Self::Whole(bytes) => Box::pin(stream::iter([Ok(bytes)])),
            Self::Stream(chunks) => chunks,
            Self::Runtime(stream) => stream.chunks(),
            Self::Incoming(incoming) => incoming.chunks(),
        }
    }

    /// Reads the whole body, at most `bytes_max`.
    ///
    /// # Errors
    /// [`Error::TooLarge`] as soon as the limit is exceeded, [`Error::TooSlow`] if a request's body takes too long,
    /// [`Error::Malformed`] if the body ends early.
    pub async fn read(self, bytes_max: usize) -> Result<Bytes, Error> {
        if let Self::Whole(bytes) = self {
            return if bytes.len() > bytes_max {
                Err(Error::TooLarge { bytes_max })
            } else {
                Ok(bytes)
            };
        }
        let mut chunks = self.chunks();
        let mut whole = BytesMut::new();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|broken| match broken {
                Broken::Off(_) => Error::Malformed("The request's body ended early.".into()),
                Broken::TooSlow => Error::TooSlow,
            })?;
            if whole.len() + chunk.len() > bytes_max {
                return Err(Error::TooLarge { bytes_max });
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::Whole(text.into())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Whole(bytes.into())
    }
}
