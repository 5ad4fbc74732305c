// The engine as a plain Wasm module in JavaScript, as a browser has it: answers a call a line.
import { readFileSync } from "node:fs";
import { serve } from "./serve.mjs";

const module = new WebAssembly.Module(readFileSync(process.argv[2]));
const imports = WebAssembly.Module.imports(module).map((i) => `${i.module}.${i.name}`);
if (imports.length > 0) throw new Error(`the module wants ${imports.join(", ")} of its host`);

serve(() => {
  const { memory, input, call, output } = new WebAssembly.Instance(module).exports;
  return (name, json) => {
    const at = input(name.length + json.length);
    const buffer = new Uint8Array(memory.buffer);
    buffer.set(name, at);
    buffer.set(json, at + name.length);
    const length = call(name.length);
    return Buffer.from(memory.buffer, output(), length);
  };
});
