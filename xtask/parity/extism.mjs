// The engine as an Extism plugin, run by Extism's SDK for JavaScript: answers a call a line.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { serve } from "./serve.mjs";

const [plugin, packages] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${packages}/`));
const { createPlugin } = require("@extism/extism");

serve(async () => {
  const engine = await createPlugin(plugin, { useWasi: false });
  // The SDK takes the whole buffer behind a view: it gets one of its own.
  return async (name, json) => Buffer.from((await engine.call(name.toString(), new Uint8Array(json))).bytes());
});
