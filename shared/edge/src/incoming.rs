//! A request's body: read with a time limit, and drained if the handler has not read all of it.
//!
//! workerd resets the connection of a client that is still sending when the response is complete. The client then gets a
//! network error instead of the 413 or 401. So the rest of the body is read and discarded first, within limits.

use std::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::{
    Stream, StreamExt,
    future::{Either, select},
};

use crate::{
    Body, Host, Request,
    body::{Broken, Chunks, RuntimeStream},
};

/// The interval, in milliseconds, of the check that a body still arrives. A body without a new byte since the last check
/// times out.
pub const BODY_CHECK_MS: u32 = 10_000;
/// The number of checks after which a body must be complete: one minute. The largest picture needs 90 KB per second.
pub const BODY_CHECKS_MAX: u32 = 6;
/// The limit of drained bytes: three times the largest picture.
pub const DRAIN_BYTES_MAX: usize = 16 * 1_048_576;
/// The longest time, in milliseconds, that draining delays a response.
pub const DRAIN_MS_MAX: u32 = 5_000;

type Timer = Pin<Box<dyn Future<Output = ()>>>;
/// The part of a body that its handler has not read.
type Rest = Rc<RefCell<Option<Chunks>>>;

/// A request's body that has not been read.
pub struct Incoming {
    stream: Option<Box<dyn RuntimeStream>>,
    timer: Rc<dyn Fn() -> Timer>,
    rest: Rest,
}

impl Incoming {
    /// The runtime's stream, to be forwarded unchanged. The receiver applies the limits.
    pub fn into_runtime(mut self) -> Option<Box<dyn RuntimeStream>> {
        self.stream.take()
    }

    pub(crate) fn chunks(mut self) -> Chunks {
        Box::pin(Timed {
            chunks: self.stream.take().map(|stream| stream.chunks()),
            has_progress: false,
            checks: 0,
            timer: self.timer.clone(),
            running: None,
            rest: self.rest.clone(),
        })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if let Some(stream) = self.stream.take() {
            self.rest.replace(Some(stream.chunks()));
        }
    }
}

/// The chunks of a body under the time limit.
struct Timed {
    /// `None` after the end.
    chunks: Option<Chunks>,
    has_progress: bool,
    checks: u32,
    timer: Rc<dyn Fn() -> Timer>,
    running: Option<Timer>,
    rest: Rest,
}

impl Stream for Timed {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(chunks) = &mut this.chunks else {
            return Poll::Ready(None);
        };
        match chunks.poll_next_unpin(context) {
            Poll::Ready(Some(Ok(chunk))) => {
                this.has_progress = true;
                return Poll::Ready(Some(Ok(chunk)));
            }
            Poll::Ready(end) => {
                this.chunks = None;
                return Poll::Ready(end);
            }
            Poll::Pending => {}
        }
        loop {
            let timer = this.running.get_or_insert_with(|| (this.timer)());
            if timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            this.running = None;
            this.checks = this.checks.saturating_add(1);
            if !this.has_progress || this.checks >= BODY_CHECKS_MAX {
                this.chunks = None;
                return Poll::Ready(Some(Err(Broken::TooSlow)));
            }
            this.has_progress = false;
        }
    }
}

impl Drop for Timed {
    fn drop(&mut self) {
        if let Some(chunks) = self.chunks.take() {
            self.rest.replace(Some(chunks));
        }
    }
}

/// The part of a request's body that its handler has not read.
pub(crate) struct Unread(Rest);

impl Unread {
    /// Applies the time limit to a request's body and keeps the part that its handler does not read.
    pub(crate) fn watch<H: Host>(request: &mut Request, host: &H) -> Self {
        let rest = Rest::default();
        match std::mem::take(request.body_mut()) {
            Body::Runtime(stream) => {
                let host = host.clone();
                *request.body_mut() = Body::Incoming(Incoming {
                    stream: Some(stream),
                    timer: Rc::new(move || Box::pin(host.sleep(BODY_CHECK_MS))),
                    rest: rest.clone(),
                });
            }
            other => *request.body_mut() = other,
        }
        Self(rest)
    }

    /// Reads and discards the rest, up to [`DRAIN_BYTES_MAX`] and [`DRAIN_MS_MAX`].
    pub(crate) async fn drain(self, host: &impl Host) {
        let Some(mut chunks) = self.0.take() else {
            return;
        };
        let drained = async {
            let mut bytes: usize = 0;
            while let Some(Ok(chunk)) = chunks.next().await {
                bytes = bytes.saturating_add(chunk.len());
                if bytes > DRAIN_BYTES_MAX {
                    break;
                }
            }
        };
        if let Either::Right(_) = select(Box::pin(drained), Box::pin(host.sleep(DRAIN_MS_MAX))).await {
            host.log("the rest of the request's body did not arrive in time");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures_util::{FutureExt as _, stream};

    use super::*;
    use crate::{Error, testing::TestHost};

    /// A stream that counts the bytes that were read from it, and pends after its chunks unless it ends.
    struct Source {
        chunks: usize,
        ends: bool,
        read: Rc<Cell<usize>>,
    }

    impl RuntimeStream for Source {
        fn chunks(self: Box<Self>) -> Chunks {
            let read = self.read;
            let chunks = stream::iter(0..self.chunks).map(move |_| {
                read.set(read.get() + 1024);
                Ok(Bytes::from_static(&[0; 1024]))
            });
            if self.ends {
                Box::pin(chunks)
            } else {
                Box::pin(chunks.chain(stream::pending()))
            }
        }
    }

    fn request(chunks: usize, ends: bool, host: &TestHost) -> (Request, Unread, Rc<Cell<usize>>) {
        let read = Rc::new(Cell::new(0));
        let source = Source {
            chunks,
            ends,
            read: read.clone(),
        };
        let mut request = Request::new(Body::Runtime(Box::new(source)));
        let unread = Unread::watch(&mut request, host);
        (request, unread, read)
    }

    #[test]
    fn a_body_that_stops_arriving_times_out() {
        let host = TestHost::whose_timers_elapse();
        let (request, _unread, _) = request(3, false, &host);
        let read = request.into_body().read(1_048_576).now_or_never();
        assert!(matches!(read, Some(Err(Error::TooSlow))));
    }

    #[test]
    fn a_body_within_its_limits_is_read_completely() {
        let host = TestHost::whose_timers_elapse();
        let (request, unread, _) = request(3, true, &host);
        let read = request.into_body().read(3072).now_or_never();
        assert_eq!(read.unwrap().unwrap().len(), 3072);
        assert!(unread.0.take().is_none(), "nothing is left");
    }

    #[test]
    fn the_unread_part_is_drained() {
        let host = TestHost::whose_timers_pend();
        let (request, unread, read) = request(64, true, &host);
        let refused = request.into_body().read(2048).now_or_never();
        assert!(matches!(refused, Some(Err(Error::TooLarge { bytes_max: 2048 }))));
        assert_eq!(read.get(), 3 * 1024);
        assert!(unread.drain(&host).now_or_never().is_some());
        assert_eq!(read.get(), 64 * 1024);
    }

    #[test]
    fn an_unread_body_is_drained_and_a_forwarded_one_is_not() {
        let host = TestHost::whose_timers_pend();
        let (ignored, unread, read) = request(8, true, &host);
        drop(ignored);
        assert!(unread.drain(&host).now_or_never().is_some());
        assert_eq!(read.get(), 8 * 1024);

        let (mut forwarded, unread, read) = request(8, true, &host);
        let Body::Incoming(incoming) = std::mem::take(forwarded.body_mut()) else {
            panic!("it is incoming");
        };
        let _stream = incoming.into_runtime().unwrap();
        assert!(unread.drain(&host).now_or_never().is_some());
        assert_eq!(read.get(), 0);
    }

    #[test]
    fn draining_is_limited() {
        let host = TestHost::whose_timers_pend();
        let (ignored, unread, read) = request(1 << 20, true, &host);
        drop(ignored);
        assert!(unread.drain(&host).now_or_never().is_some());
        assert_eq!(read.get(), DRAIN_BYTES_MAX + 1024);

        let host = TestHost::whose_timers_elapse();
        let (ignored, unread, _) = request(8, false, &host);
        drop(ignored);
        assert!(unread.drain(&host).now_or_never().is_some());
    }
}
