//! A wrong call by our own code, as the exception JavaScript has for it.

use js_sys::{RangeError, TypeError};
use wasm_bindgen::JsValue;

use crate::core::ensemble::RegisterError;

/// What was wrong with a call.
#[derive(Debug, Clone, Copy)]
pub enum Error {
    /// The named value is not of the stated type.
    Type(&'static str, &'static str),
    /// The named number is not in the stated range.
    Range(&'static str, &'static str),
}

impl From<RegisterError> for Error {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::InvalidId => Self::Range("id", "of the form my_plugin.my_algorithm"),
            RegisterError::TooMany => Self::Range("the number of algorithms", "4 at most"),
        }
    }
}

// For `?` in an exported method: wasm-bindgen throws what it becomes.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        match error {
            Error::Type(name, right) => TypeError::new(&sentence(name, right)).into(),
            Error::Range(name, right) => RangeError::new(&sentence(name, right)).into(),
        }
    }
}

fn sentence(name: &str, right: &str) -> String {
    [name, " must be ", right].concat()
}
