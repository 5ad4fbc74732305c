// What tests do on the page, in the words of a person: open, type, choose, copy.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

// Opens an address of the page, and waits until it is there.
export async function open({ page, address }, path = "") {
  await page.goto(new URL(path, address).href);
  await settled(page);
}

// Opens a module, and waits for its first result.
export async function openModule(it, path) {
  await open(it, path);
  // A busy machine may need more than the time that the page gives a render.
  for (let attempt = 0; !(await rendered(it.page)) && attempt < 3; attempt += 1) {
    if (!/took longer/.test(await it.page.locator("#result-panel").textContent())) return;
    await open(it, path);
  }
}

// Nothing is on its way any more.
export function settled(page) {
  return page.waitForFunction(() => !document.querySelector(".spinner, [aria-busy=true]") && document.querySelector("#title"));
}

const status = (page) => page.locator("footer.status > span").first();

// The engine has answered what was asked last; the page starts a render in the event that makes it necessary.
export async function rendered(page) {
  await page.waitForFunction(() => /^(ready in|does not render)/.test(document.querySelector("footer.status > span")?.textContent ?? ""));
  return (await status(page).textContent()).startsWith("ready");
}

// The text of all objects that are shown, as it is shown.
export function shownText(page) {
  return page.locator(".objects .code").evaluateAll((blocks) =>
    blocks.map((block) => [...block.querySelectorAll("pre")].map((pre) => pre.textContent).join("").replace(/\n*$/, "\n")).join(""),
  );
}

export function tab(page, name) {
  return page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
}

// Writes all of the YAML.
export async function writeYaml(page, text) {
  await tab(page, "YAML");
  await page.locator("#editor").fill(text);
}

export const yaml = (page) => page.locator("#editor").inputValue();

// Chooses an item of one of the menus above the panes.
export async function choose(page, menu, item) {
  await page.locator("details.menu > summary", { hasText: menu }).click();
  await page.locator("details.menu[open] button", { hasText: item }).click();
}

// What a menu's item copies.
export async function copied(page, menu, item) {
  await page.evaluate(() => navigator.clipboard.writeText("nothing was copied"));
  await choose(page, menu, item);
  await page.locator(".toast", { hasText: "Copied" }).last().waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.notEqual(text, "nothing was copied");
  return text;
}

// What a menu's item downloads: name and bytes.
export async function downloaded(page, menu, item) {
  const [download] = await Promise.all([page.waitForEvent("download"), choose(page, menu, item)]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

// Drops files on the page: names and contents.
export async function drop(page, files) {
  const list = Object.entries(files).map(([name, content]) => [name, Buffer.from(content).toString("base64")]);
  const transfer = await page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const [name, base64] of list) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    return transfer;
  }, list);
  await page.dispatchEvent("#main", "dragover", { dataTransfer: transfer });
  await page.dispatchEvent("#main", "drop", { dataTransfer: transfer });
}

// Drops a chart's archive, and waits for its result.
export async function dropChart(page, name, bytes) {
  const before = page.url();
  await drop(page, { [name]: bytes });
  await page.waitForURL((url) => url.href !== before && url.pathname.includes("/opened/"));
  await settled(page);
  return rendered(page);
}

// A busy machine may need more than the time that the page gives a render; what is compiled by then is faster.
export async function patiently(page, shown, file) {
  for (let attempt = 0; !shown && attempt < 4; attempt += 1) {
    await tab(page, "Problems");
    const trouble = await page.locator(".trouble").first().textContent();
    assert.match(trouble, /took longer/, `${file}: ${trouble}`);
    await tab(page, "YAML");
    await page.locator("#editor").press("ControlOrMeta+End");
    await page.keyboard.type("#");
    await says(page.locator("footer.status"), /rendering|ready/);
    shown = await rendered(page);
  }
  assert.ok(shown, `${file} renders`);
}

// The setting of a label in the form.
export function setting(page, label) {
  return page.locator(".setting > .setting-head > .label", { hasText: new RegExp(`^${label}( \\*)?$`) }).first().locator("xpath=../..");
}

// Waits until a text is on the page, and says which was there if it never comes.
export async function says(locator, pattern) {
  const test = pattern instanceof RegExp ? (text) => pattern.test(text) : (text) => text.includes(pattern);
  const end = Date.now() + 15_000;
  let text;
  do {
    text = (await locator.allTextContents().catch(() => [])).join("\n");
    if (test(text)) return text;
    await locator.page().evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  } while (Date.now() < end);
  assert.fail(`it says ${JSON.stringify(text.slice(0, 600))}, not ${pattern}`);
}

// Waits until a value is what it should be.
export async function becomes(read, wanted) {
  const end = Date.now() + 15_000;
  let last;
  do {
    last = await read();
    try {
      assert.deepEqual(last, wanted);
      return;
    } catch {
      await new Promise((done) => setImmediate(done));
    }
  } while (Date.now() < end);
  assert.deepEqual(last, wanted);
}
