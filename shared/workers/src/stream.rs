//! The runtime's own streams.

use std::cell::Cell;

use bytes::Bytes;
use futures_util::stream;
use js_sys::{
    Reflect, Uint8Array,
    futures::{JsFuture, spawn_local},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ReadableStream, ReadableStreamDefaultReader};

use edge::body::{Broken, Chunks, RuntimeStream};

/// A `ReadableStream` that has no reader yet.
pub(super) struct UnreadStream(pub(super) ReadableStream);

impl RuntimeStream for UnreadStream {
    fn chunks(self: Box<Self>) -> Chunks {
        let Ok(reader) = self.0.get_reader().dyn_into::<ReadableStreamDefaultReader>() else {
            return Box::pin(stream::iter([Err(Broken(
                "the body is being read elsewhere".into(),
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

struct Reader {
    reader: ReadableStreamDefaultReader,
    ended: Cell<bool>,
}

impl Reader {
    async fn read(&self) -> Result<Option<Bytes>, Broken> {
        let broken = |error: JsValue| Broken(format!("{error:?}"));
        let read = JsFuture::from(self.reader.read()).await.map_err(broken)?;
        if Reflect::get(&read, &"done".into()).map_err(broken)?.is_truthy() {
            self.ended.set(true);
            return Ok(None);
        }
        let value = Reflect::get(&read, &"value".into()).map_err(broken)?;
        let bytes = value.dyn_into::<Uint8Array>().map_err(broken)?;
        Ok(Some(bytes.to_vec().into()))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if !self.ended.get() {
            let cancelled = self.reader.cancel();
            // The promise tells whether the source minded; unheard, its rejection would be an error of ours.
            spawn_local(async move {
                let _ = JsFuture::from(cancelled).await;
            });
        }
    }
}
