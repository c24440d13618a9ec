//! A wrong call by our own code, as the exception JavaScript has for it.

use js_sys::{RangeError, TypeError};
use wasm_bindgen::JsValue;

/// What was wrong with a call.
#[derive(Debug, Clone, Copy)]
pub enum Error {
    /// An argument is no object where one is needed.
    NoObject,
    /// The named value is of the wrong type, or a name that is not known.
    Type(&'static str),
    /// The named number is not possible.
    Range(&'static str),
}

// For `?` in an exported method: wasm-bindgen throws what it becomes.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        match error {
            Error::NoObject => TypeError::new("the argument must be an object").into(),
            Error::Type(name) => TypeError::new(&["bad type or name: ", name].concat()).into(),
            Error::Range(name) => RangeError::new(&["not possible: ", name].concat()).into(),
        }
    }
}
