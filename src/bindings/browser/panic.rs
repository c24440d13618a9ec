//! What happens when the core panics after all: the page is notified once and does not call
//! the module again. The module's memory may be half changed.

use std::cell::RefCell;
use std::panic::{self, PanicHookInfo};

use js_sys::Function;
use wasm_bindgen::JsValue;

thread_local! {
    static ON_PANIC: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Makes panics known to the page, which says so in the console too; where no page listens, or
/// does not any more, they are in the console alone.
pub fn install_hook() {
    panic::set_hook(Box::new(tell));
}

/// Hands the text of a panic to `callback`.
pub fn report_to(callback: Function) {
    ON_PANIC.replace(Some(callback));
}

fn tell(info: &PanicHookInfo<'_>) {
    let callback = ON_PANIC.try_with(RefCell::take).ok().flatten();
    match callback {
        // It is the page that failed if this fails, and it has been notified.
        Some(callback) => drop(callback.call1(&JsValue::NULL, &info.to_string().into())),
        None => console_error_panic_hook::hook(info),
    }
}
