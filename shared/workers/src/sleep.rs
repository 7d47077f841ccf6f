//! Timers: one `setTimeout` for all sleeps of an event.
//!
//! workerd keeps about 300 bytes of every cleared timer until its Durable Object ends. A reply waits for its next event or
//! heartbeat some hundred times, each time with a new sleep that is dropped early. With a separate timer for each sleep, a
//! reply would leak 50 KB. Here dropping a sleep removes only its deadline, and the shared timer stays.
//!
//! The SDK's `Delay` does not work: it expects a number as the timer's handle, which is an object with newer compatibility
//! dates.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    rc::{Rc, Weak},
    task::{Context, Poll, Waker},
};

use js_sys::{Date, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// The sleeps of one event. Clones share the timer, which is cleared when the last clone and sleep are dropped.
#[derive(Clone)]
pub(super) struct Sleepers(Rc<Queue>);

struct Queue {
    waiting: RefCell<Vec<Waiting>>,
    next_id: Cell<u64>,
    timer: RefCell<Option<Timer>>,
    /// The callback of the timer.
    fire: Closure<dyn FnMut()>,
}

struct Waiting {
    id: u64,
    /// Milliseconds since 1970.
    deadline_ms: f64,
    waker: Waker,
}

struct Timer {
    deadline_ms: f64,
    handle: JsValue,
}

impl Sleepers {
    pub(super) fn new() -> Self {
        Self(Rc::new_cyclic(|queue: &Weak<Queue>| {
            let queue = queue.clone();
            Queue {
                waiting: RefCell::default(),
                next_id: Cell::default(),
                timer: RefCell::default(),
                fire: Closure::new(move || {
                    if let Some(queue) = queue.upgrade() {
                        queue.wake_due();
                    }
                }),
            }
        }))
    }

    /// A future that is ready `ms` milliseconds after its first poll.
    pub(super) fn sleep(&self, ms: u32) -> Sleep {
        Sleep {
            queue: self.0.clone(),
            ms,
            id: None,
        }
    }
}

impl Queue {
    fn add(&self, ms: u32, waker: Waker) -> u64 {
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(1));
        let deadline_ms = Date::now() + f64::from(ms);
        self.waiting.borrow_mut().push(Waiting {
            id,
            deadline_ms,
            waker,
        });
        self.arm(deadline_ms);
        id
    }

    /// Ensures that the timer fires at this time or earlier.
    fn arm(&self, deadline_ms: f64) {
        let mut timer = self.timer.borrow_mut();
        if timer
            .as_ref()
            .is_some_and(|timer| timer.deadline_ms <= deadline_ms)
        {
            return;
        }
        if let Some(later) = timer.take() {
            later.clear();
        }
        let delay_ms = (deadline_ms - Date::now()).max(0.0);
        *timer = global("setTimeout")
            .and_then(|set| {
                set.call2(&JsValue::UNDEFINED, self.fire.as_ref(), &delay_ms.into())
                    .ok()
            })
            .map(|handle| Timer { deadline_ms, handle });
    }

    fn wake_due(&self) {
        let Some(timer) = self.timer.take() else { return };
        // The runtime's clock can be slightly before the timer's deadline.
        let now_ms = Date::now().max(timer.deadline_ms);
        let (due, waiting): (Vec<_>, Vec<_>) = self
            .waiting
            .take()
            .into_iter()
            .partition(|one| one.deadline_ms <= now_ms);
        let next = waiting.iter().map(|one| one.deadline_ms).reduce(f64::min);
        self.waiting.replace(waiting);
        if let Some(deadline_ms) = next {
            self.arm(deadline_ms);
        }
        for one in due {
            one.waker.wake();
        }
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
    }
}

impl Timer {
    fn clear(self) {
        if let Some(clear) = global("clearTimeout") {
            let _ = clear.call1(&JsValue::UNDEFINED, &self.handle);
        }
    }
}

fn global(name: &str) -> Option<Function> {
    Reflect::get(&js_sys::global(), &name.into())
        .ok()?
        .dyn_into()
        .ok()
}

/// See [`Sleepers::sleep`].
pub(super) struct Sleep {
    queue: Rc<Queue>,
    ms: u32,
    /// Absent before the first poll.
    id: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(id) = self.id else {
            self.id = Some(self.queue.add(self.ms, context.waker().clone()));
            return Poll::Pending;
        };
        let mut waiting = self.queue.waiting.borrow_mut();
        match waiting.iter_mut().find(|one| one.id == id) {
            Some(one) => {
                one.waker.clone_from(context.waker());
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.queue.waiting.borrow_mut().retain(|one| one.id != id);
        }
    }
}
