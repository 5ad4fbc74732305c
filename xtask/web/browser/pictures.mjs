// Pictures of the page's views, for the manual.
//
// node pictures.mjs SETTING FOLDER
// SETTING is that of page.mjs.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { launch, serve } from "./page/harness.mjs";
import { small } from "./page/png.mjs";
import { VIEWS } from "./page/views.mjs";

const [json, folder] = process.argv.slice(2);
const setting = JSON.parse(json);

// What is shown on a phone and in the dark as well.
const PHONE = ["catalog", "preview", "preview-form", "summary", "changes", "problems", "develop", "operate"];
const DARK = ["catalog", "preview", "changes", "problems", "operate"];
const LOOKS = [
  { suffix: "", names: Object.keys(VIEWS), options: { viewport: { width: 1440, height: 900 } } },
  { suffix: "-phone", names: PHONE, options: { viewport: { width: 390, height: 844 } } },
  { suffix: "-dark", names: DARK, options: { viewport: { width: 1440, height: 900 }, colorScheme: "dark" } },
];

mkdirSync(folder, { recursive: true });
const browser = await launch(setting.chromium);
const server = await serve(setting.chartwright, setting.page, setting.catalog);
for (const { suffix, names, options } of LOOKS) {
  for (const name of names.filter((name) => VIEWS[name].picture !== false)) {
    // Nothing that was opened before is in a picture, and nothing moves in it.
    const context = await browser.newContext({ ...options, reducedMotion: "reduce", serviceWorkers: "block" });
    const page = await context.newPage();
    await page.addInitScript(() => {
      Date.now = () => Date.parse("2026-01-01T00:00:00Z");
      crypto.getRandomValues = (bytes) => bytes.fill(7);
    });
    await VIEWS[name].show({ page, address: server.address });
    await page.evaluate(() => document.fonts.ready);
    const picture = small(await page.screenshot({ animations: "disabled", caret: "hide" }));
    const file = join(folder, `${name}${suffix}.png`);
    writeFileSync(file, picture);
    console.log(`${file} ${Math.round(picture.length / 1024)} KiB`);
    await context.close();
  }
}
await browser.close();
server.stop();
