//! What happens when the core panics after all: it is printed, the page is told once,
//! and nothing in here runs again.

use std::cell::{Cell, RefCell};
use std::panic::{self, PanicHookInfo};

use js_sys::Function;
use wasm_bindgen::JsValue;

thread_local! {
    static PANICKED: Cell<bool> = const { Cell::new(false) };
    static ON_PANIC: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Makes panics readable in the browser's console and known to the page.
pub fn install_hook() {
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        if !PANICKED.replace(true) {
            tell(info);
        }
    }));
}

/// Hands the text of a panic to `callback`.
pub fn report_to(callback: Function) {
    ON_PANIC.replace(Some(callback));
}

/// Whether there has been a panic: the module's memory may be half changed since.
pub fn has_panicked() -> bool {
    PANICKED.get()
}

fn tell(info: &PanicHookInfo) {
    let callback = ON_PANIC.try_with(RefCell::take).ok().flatten();
    if let Some(callback) = callback {
        // It is the page that failed if this fails, and it has been told enough.
        let _ = callback.call1(&JsValue::NULL, &JsValue::from_str(&info.to_string()));
    }
}
