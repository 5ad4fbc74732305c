//! Where the engines are, and their compiled modules.

use std::cell::RefCell;

use js_sys::{Array, Promise, Uint8Array, WebAssembly};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::Response;

use crate::options::Kit;

#[wasm_bindgen]
extern "C" {
    /// What a module knows of itself.
    type ImportMeta;

    /// The address of the page's glue.
    #[wasm_bindgen(method, getter)]
    fn url(this: &ImportMeta) -> String;

    /// The names that the build wrote there: by kit, script and module.
    #[wasm_bindgen(method, getter)]
    fn engine(this: &ImportMeta) -> JsValue;

    #[wasm_bindgen(thread_local_v2, js_namespace = import, js_name = meta)]
    static IMPORT_META: ImportMeta;
}

/// Address of a file beside the page's glue.
fn address(kit: Kit, file: u32) -> Result<String, String> {
    let key = match kit {
        Kit::Charts => "charts",
        Kit::Modules => "modules",
    };
    IMPORT_META.with(|meta| {
        let names = js_sys::Reflect::get(&meta.engine(), &key.into()).map_err(|error| text(&error))?;
        let name = Array::from(&names).get(file).as_string();
        let name = name.ok_or_else(|| format!("the build names no engine for {key}"))?;
        let url = web_sys::Url::new_with_base(&name, &meta.url()).map_err(|error| text(&error))?;
        Ok(url.href())
    })
}

/// The address of an engine's script.
pub(super) fn script(kit: Kit) -> Result<String, String> {
    address(kit, 0)
}

thread_local! {
    /// Compiled modules, or those that are being compiled: neither a worker that starts again nor a second bridge needs
    /// another compilation.
    static COMPILED: RefCell<[Option<Promise>; 2]> = RefCell::default();
}

/// The module of an engine.
pub(super) async fn module(kit: Kit) -> Result<WebAssembly::Module, String> {
    let url = address(kit, 1)?;
    let at = kit as usize;
    let compiled = COMPILED.with_borrow_mut(|all| {
        all[at]
            .get_or_insert_with(|| {
                future_to_promise(async move { compile(&url).await.map(Into::into).map_err(Into::into) })
            })
            .clone()
    });
    match JsFuture::from(compiled).await {
        Ok(module) => Ok(module.unchecked_into()),
        Err(why) => {
            // The next one tries again.
            COMPILED.with_borrow_mut(|all| all[at] = None);
            Err(why.as_string().unwrap_or_else(|| text(&why)))
        }
    }
}

/// Fetches and compiles a module, off the page's thread.
async fn compile(url: &str) -> Result<WebAssembly::Module, String> {
    let response = fetch(url).await?;
    // Servers that do not know the type are common: the whole file is taken then.
    let known = response.headers().get("content-type").ok().flatten().is_some_and(|kind| kind == "application/wasm");
    let compiled = if known {
        WebAssembly::compile_streaming(&Promise::resolve(response.as_ref() as &JsValue))
    } else {
        let bytes = response.array_buffer().map_err(|error| text(&error))?;
        let bytes = JsFuture::from(bytes).await.map_err(|error| text(&error))?;
        WebAssembly::compile(&Uint8Array::new(&bytes))
    };
    let module = JsFuture::from(compiled).await.map_err(|error| text(&error))?;
    module.dyn_into().map_err(|_| format!("{url} is not a module"))
}

async fn fetch(url: &str) -> Result<Response, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let response = JsFuture::from(window.fetch_with_str(url)).await.map_err(|error| text(&error))?;
    let response: Response = response.dyn_into().map_err(|_| format!("{url} has no response"))?;
    if response.ok() { Ok(response) } else { Err(format!("{url}: {}", response.status())) }
}

/// What an exception says.
pub(super) fn text(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{error:?}"),
    }
}
