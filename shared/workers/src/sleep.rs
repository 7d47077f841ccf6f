//! A timer based on `setTimeout`.
//!
//! The SDK's `Delay` requires a numeric timer handle, which newer compatibility dates do not return.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

#[derive(Default)]
struct Shared {
    fired: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// A future that is ready after `ms` milliseconds. Dropping it clears the timer.
pub(super) struct Sleep {
    ms: u32,
    shared: Rc<Shared>,
    timer: Option<(JsValue, Closure<dyn FnMut()>)>,
}

impl Sleep {
    pub(super) fn new(ms: u32) -> Self {
        Self {
            ms,
            shared: Rc::default(),
            timer: None,
        }
    }

    fn start(&self) -> Option<(JsValue, Closure<dyn FnMut()>)> {
        let shared = self.shared.clone();
        let fire = Closure::<dyn FnMut()>::new(move || {
            shared.fired.set(true);
            if let Some(waker) = shared.waker.take() {
                waker.wake();
            }
        });
        let handle = global("setTimeout")?
            .call2(&JsValue::UNDEFINED, fire.as_ref(), &self.ms.into())
            .ok()?;
        Some((handle, fire))
    }
}

fn global(name: &str) -> Option<Function> {
    Reflect::get(&js_sys::global(), &name.into())
        .ok()?
        .dyn_into()
        .ok()
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.shared.fired.get() {
            return Poll::Ready(());
        }
        *self.shared.waker.borrow_mut() = Some(context.waker().clone());
        if self.timer.is_none() {
            self.timer = self.start();
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let (Some((handle, _)), false) = (&self.timer, self.shared.fired.get())
            && let Some(clear) = global("clearTimeout")
        {
            let _ = clear.call1(&JsValue::UNDEFINED, handle);
        }
    }
}
