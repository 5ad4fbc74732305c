await __wbg_init({ module_or_path: new URL("probe.wasm", import.meta.url) });
globalThis.Probe = Probe;
document.title = "ready";
