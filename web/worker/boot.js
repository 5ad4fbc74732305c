// What the worker's script ends with: the build puts it behind the glue that wasm-bindgen makes.

let memory;
let panic;

// The engine says here why it panics; the trap comes after it.
globalThis.chartwrightPanicked = (text) => {
  panic ??= text;
};

globalThis.onmessage = async ({ data }) => {
  try {
    if (data.module) {
      memory = (await __wbg_init({ module_or_path: data.module })).memory;
      postMessage({ ready: true });
      return;
    }
    const [head, ...parts] = answer(data.head, data.parts, data.time);
    postMessage({ id: data.id, head, parts }, parts.map((part) => part.buffer));
  } catch (error) {
    if (memory) {
      postMessage({ trap: String(error), panic, memory: memory.buffer.byteLength });
    } else {
      postMessage({ failed: String(error) });
    }
  }
};
