//! Files that a person drops on the page or chooses: read with their paths, folders too.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileList};

use crate::load::Trouble;

/// Most files of a folder that are read.
const MOST_FILES: usize = 5_000;

/// Folders of version control, of which no chart is made.
const SKIPPED: [&str; 3] = [".git", ".hg", ".svn"];

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

/// Reads what was dropped, sorted by path.
///
/// # Errors
/// There are too many files, or one cannot be read: a part of a folder is another chart.
pub async fn read_drop(dropped: Dropped) -> Result<Vec<DroppedFile>, Trouble> {
    let Dropped { mut entries, plain } = dropped;
    let mut files = Vec::new();
    if entries.is_empty() {
        return match plain {
            Some(plain) => read_list(&plain).await,
            None => Ok(files),
        };
    }
    while let Some(entry) = entries.pop() {
        let path = text(&entry, "fullPath").trim_start_matches('/').to_owned();
        if is_skipped(&path) {
            continue;
        }
        if flag(&entry, "isDirectory") {
            entries.extend(children(&entry).await.ok_or_else(|| unread(&path))?);
        } else {
            let file = entry_file(&entry).await.ok_or_else(|| unread(&path))?;
            files.push(DroppedFile { bytes: bytes(&file).await.ok_or_else(|| unread(&path))?, path });
        }
        if files.len() > MOST_FILES {
            return Err(too_many());
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Reads the files of an input field.
///
/// # Errors
/// As those of [`read_drop`].
pub async fn read_list(list: &FileList) -> Result<Vec<DroppedFile>, Trouble> {
    let path_of = |file: &File| {
        let relative = text(file, "webkitRelativePath");
        if relative.is_empty() { file.name() } else { relative }
    };
    let all = (0..list.length()).filter_map(|index| list.get(index)).map(|file| (path_of(&file), file));
    let all: Vec<(String, File)> = all.filter(|(path, _)| !is_skipped(path)).collect();
    if all.len() > MOST_FILES {
        return Err(too_many());
    }
    let mut files = Vec::new();
    for (path, file) in all {
        files.push(DroppedFile { bytes: bytes(&file).await.ok_or_else(|| unread(&path))?, path });
    }
    Ok(files)
}

/// Whether a path leads into a folder of version control.
fn is_skipped(path: &str) -> bool {
    path.split('/').any(|part| SKIPPED.contains(&part))
}

fn too_many() -> Trouble {
    Trouble::new(format!("the folder has more than {MOST_FILES} files, which this page does not open"))
        .hint("drop the chart's own folder, or render it with `chartwright render`")
}

fn unread(path: &str) -> Trouble {
    Trouble::new(format!("{path} cannot be read")).hint("it may have been moved or deleted; drop it again")
}

async fn bytes(file: &File) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// The entries of a folder. Browsers give them in batches until an empty one.
async fn children(folder: &JsValue) -> Option<Vec<JsValue>> {
    let mut all = Vec::new();
    let reader = call(folder, "createReader", &[])?;
    while all.len() <= MOST_FILES {
        let batch = Array::from(&later(&reader, "readEntries").await?);
        if batch.length() == 0 {
            break;
        }
        all.extend(batch.iter());
    }
    Some(all)
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
