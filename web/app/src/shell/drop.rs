//! Files that a person drops on the page or chooses: read with their paths, folders too.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileList};

/// Most files of a folder that are read.
const MOST_FILES: usize = 5_000;

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DroppedFile {
    /// Its path, with that of the folder that was dropped.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a drop carries, as it must be taken before the first wait: the browser empties the transfer after the event.
#[derive(Debug)]
pub struct Dropped {
    entries: Vec<JsValue>,
    plain: Option<FileList>,
}

impl Dropped {
    /// Takes what a transfer carries.
    pub fn take(transfer: &DataTransfer) -> Dropped {
        let items = transfer.items();
        let entry = |index| {
            let item = items.get(index)?;
            call(&item, "webkitGetAsEntry", &[]).filter(|entry| entry.is_object())
        };
        Dropped { entries: (0..items.length()).filter_map(entry).collect(), plain: transfer.files() }
    }
}

/// Reads what was dropped.
pub async fn read_drop(dropped: Dropped) -> Vec<DroppedFile> {
    let Dropped { mut entries, plain } = dropped;
    let mut files = Vec::new();
    if entries.is_empty() {
        return match plain {
            Some(plain) => read_list(&plain).await,
            None => files,
        };
    }
    while let Some(entry) = entries.pop() {
        if files.len() >= MOST_FILES {
            break;
        }
        if flag(&entry, "isDirectory") {
            entries.extend(children(&entry).await);
        } else if let Some(file) = entry_file(&entry).await {
            let path = text(&entry, "fullPath");
            files.push(DroppedFile { path: path.trim_start_matches('/').to_owned(), bytes: bytes(&file).await });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Reads the files of an input field.
pub async fn read_list(list: &FileList) -> Vec<DroppedFile> {
    let mut files = Vec::new();
    for file in (0..list.length().min(MOST_FILES as u32)).filter_map(|index| list.get(index)) {
        let relative = text(&file, "webkitRelativePath");
        let path = if relative.is_empty() { file.name() } else { relative };
        files.push(DroppedFile { path, bytes: bytes(&file).await });
    }
    files
}

async fn bytes(file: &File) -> Vec<u8> {
    // A file that vanished meanwhile is read as an empty one; what opens it says what is wrong with that.
    match JsFuture::from(file.array_buffer()).await {
        Ok(buffer) => Uint8Array::new(&buffer).to_vec(),
        Err(_) => Vec::new(),
    }
}

/// The entries of a folder. Browsers give them in batches until an empty one.
async fn children(folder: &JsValue) -> Vec<JsValue> {
    let mut all = Vec::new();
    let Some(reader) = call(folder, "createReader", &[]) else { return all };
    while all.len() < MOST_FILES {
        let Some(batch) = later(&reader, "readEntries").await else { break };
        let batch = Array::from(&batch);
        if batch.length() == 0 {
            break;
        }
        all.extend(batch.iter());
    }
    all
}

async fn entry_file(entry: &JsValue) -> Option<File> {
    later(entry, "file").await?.dyn_into().ok()
}

/// Calls a method that answers through callbacks.
async fn later(object: &JsValue, method: &str) -> Option<JsValue> {
    type Callbacks = Rc<RefCell<Option<Closure<dyn FnMut(JsValue)>>>>;
    let kept = Callbacks::default();
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        let done = Closure::once(move |value: JsValue| {
            let _ = resolve.call1(&JsValue::NULL, &value);
        });
        let called = call(object, method, &[done.as_ref(), &reject]);
        *kept.borrow_mut() = Some(done);
        if called.is_none() {
            let _ = reject.call0(&JsValue::NULL);
        }
    });
    let answer = JsFuture::from(promise).await.ok();
    kept.borrow_mut().take();
    answer
}

fn call(object: &JsValue, method: &str, arguments: &[&JsValue]) -> Option<JsValue> {
    let function: Function = Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    let arguments: Array = arguments.iter().copied().collect();
    function.apply(object, &arguments).ok()
}

fn flag(object: &JsValue, name: &str) -> bool {
    Reflect::get(object, &name.into()).is_ok_and(|value| value.is_truthy())
}

fn text(object: &JsValue, name: &str) -> String {
    Reflect::get(object, &name.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}
