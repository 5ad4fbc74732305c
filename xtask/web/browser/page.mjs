// The page in a real browser: what a person does there works, whatever is opened or breaks, and nothing leaves it.
//
// node page.mjs SETTING [WORD…]
// SETTING is JSON: `page` (the built page), `catalog` (of the sample modules), `modules` (their sources), `sources` (the
// folder with base charts), `charts` (public charts), `chartwright` and `chromium` (programs). Words choose tests.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { run } from "./page/harness.mjs";

const SUBJECTS = [
  "catalog", "samples", "charts-public", "form", "yaml", "result", "limits", "share", "develop", "bad-input", "kept", "operate", "hostile", "long", "keyboard", "narrow",
  "axe", "offline",
];

const [json, ...words] = process.argv.slice(2);
const setting = JSON.parse(json);
const folder = mkdtempSync(join(tmpdir(), "chartwright-page-"));
for (const subject of SUBJECTS) {
  const { default: register } = await import(`./page/${subject}.mjs`);
  await register({ ...setting, folder });
}
let failed;
try {
  failed = await run({ ...setting, folder }, words);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed > 0 ? 1 : 0);
