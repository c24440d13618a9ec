//! Another plugin's algorithm: a function of the page.

use js_sys::Function;
use wasm_bindgen::JsValue;

use super::convert;
use crate::core::model::{Estimate, Estimator, EstimatorInput, Reason, Remaining};

/// Calls `estimate(samples, phase)`.
pub struct JsAlgorithm {
    estimate: Function,
}

impl JsAlgorithm {
    /// The algorithm that `estimate` is.
    pub fn new(estimate: Function) -> Self {
        Self { estimate }
    }
}

impl Estimator for JsAlgorithm {
    /// A function that throws, or returns no number, has no estimate; its plugin must see to that.
    fn remaining(&self, input: &EstimatorInput) -> Estimate {
        let phase = if input.heating { "heating" } else { "cooling" };
        let samples = convert::samples(input);
        let said = self
            .estimate
            .call2(&JsValue::UNDEFINED, &samples, &JsValue::from_str(phase));
        let seconds = said.ok().and_then(|said| said.as_f64());
        seconds.map(Remaining::bare).ok_or(Reason::Measuring)
    }
}
