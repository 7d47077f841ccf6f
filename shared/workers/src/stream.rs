//! Streams of the runtime.

use std::cell::Cell;

use bytes::Bytes;
use futures_util::stream;
use js_sys::{
    Promise, Uint8Array,
    futures::{JsFuture, spawn_local},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableStreamReadResult};

use edge::body::{Broken, Chunks, RuntimeStream};

/// A `ReadableStream` that has no reader yet. Dropping it cancels the stream.
pub(super) struct UnreadStream(Option<ReadableStream>);

impl UnreadStream {
    pub(super) fn new(stream: ReadableStream) -> Self {
        Self(Some(stream))
    }

    /// The stream, to be forwarded.
    pub(super) fn into_inner(mut self) -> Option<ReadableStream> {
        self.0.take()
    }
}

impl Drop for UnreadStream {
    fn drop(&mut self) {
        if let Some(stream) = self.0.take() {
            settle(stream.cancel());
        }
    }
}

impl RuntimeStream for UnreadStream {
    fn chunks(self: Box<Self>) -> Chunks {
        let reader = self
            .into_inner()
            .and_then(|stream| ReadableStreamDefaultReader::new(&stream).ok());
        let Some(reader) = reader else {
            return Box::pin(stream::iter([Err(Broken::Off(
                "the stream already has a reader".into(),
            ))]));
        };
        Box::pin(stream::unfold(
            Some(Reader {
                reader,
                ended: Cell::new(false),
            }),
            async |reader| {
                let reader = reader?;
                match reader.read().await {
                    Ok(Some(chunk)) => Some((Ok(chunk), Some(reader))),
                    Ok(None) => None,
                    Err(broken) => Some((Err(broken), None)),
                }
            },
        ))
    }
}

/// Awaits a cancellation. The runtime logs an unhandled rejection as an error of the function.
fn settle(cancelled: Promise) {
    spawn_local(async move {
        let _ = JsFuture::from(cancelled).await;
    });
}

struct Reader {
    reader: ReadableStreamDefaultReader,
    ended: Cell<bool>,
}

impl Reader {
    async fn read(&self) -> Result<Option<Bytes>, Broken> {
        let broken = |error: JsValue| Broken::Off(format!("{error:?}"));
        let read = JsFuture::from(self.reader.read()).await.map_err(broken)?;
        let read: ReadableStreamReadResult = read.unchecked_into();
        if read.get_done().unwrap_or(false) {
            self.ended.set(true);
            return Ok(None);
        }
        let bytes = read.get_value().dyn_into::<Uint8Array>().map_err(broken)?;
        Ok(Some(bytes.to_vec().into()))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if !self.ended.get() {
            settle(self.reader.cancel());
        }
    }
}
