//! A page that is only a bridge: tests drive it from JavaScript.
#![allow(missing_docs, reason = "only tests see it")]

#[cfg(target_family = "wasm")]
mod probe {
    use std::time::Duration;

    use chartwright_bridge::{Answer, Bridge, Kit, Lane, Options};
    use js_sys::{Array, Promise, Uint8Array};
    use wasm_bindgen::prelude::wasm_bindgen;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::future_to_promise;

    #[wasm_bindgen]
    pub struct Probe(Bridge);

    #[wasm_bindgen]
    impl Probe {
        #[wasm_bindgen(constructor)]
        pub fn new(patience: u32) -> Probe {
            let patience = Duration::from_millis(u64::from(patience));
            Probe(Bridge::new(Options { patience, ..Options::default() }))
        }

        /// Asks; the lane is a number, or `undefined`. The answer is the reply as an object, then its parts.
        pub fn ask(&self, lane: Option<u32>, head: &str, parts: &Array) -> Promise {
            let request = match serde_json::from_str(head) {
                Ok(request) => request,
                Err(error) => return Promise::reject(&error.to_string().into()),
            };
            let parts: Vec<Vec<u8>> =
                parts.iter().filter_map(|part| part.dyn_into::<Uint8Array>().ok()).map(|part| part.to_vec()).collect();
            let asking = match lane {
                Some(lane) => self.0.ask_newest(Lane(lane), request, parts),
                None => self.0.ask(request, parts),
            };
            future_to_promise(async move {
                let Answer { reply, parts } = asking.await;
                let head = serde_json::to_string(&reply).map_err(|error| JsValue::from(error.to_string()))?;
                let answer = Array::of1(&js_sys::JSON::parse(&head)?);
                for part in parts {
                    answer.push(&Uint8Array::from(part.as_slice()));
                }
                Ok(answer.into())
            })
        }

        pub fn start(&self, modules: bool) {
            self.0.start(if modules { Kit::Modules } else { Kit::Charts });
        }

        pub fn cancel(&self) {
            self.0.cancel();
        }

        pub fn kit(&self) -> String {
            format!("{:?}", self.0.kit())
        }

        pub fn state(&self) -> String {
            format!("{:?}", self.0.state())
        }
    }
}
