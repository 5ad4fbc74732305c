// How fast the page is, against the figures that it must reach.
//
// node bench.mjs SETTING [json]
// SETTING is that of page.mjs.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { launch, serve } from "./page/harness.mjs";
import { OBJECTS, long, opening, timed } from "./page/long.mjs";
import { dropChart, open, openModule, patiently, settled, tab } from "./page/view.mjs";

const RUNS = 5;
const KEYS = 30;

const [json, format] = process.argv.slice(2);
const setting = JSON.parse(json);
const browser = await launch(setting.chromium);
const server = await serve(setting.chartwright, setting.page, setting.catalog);
const { address } = server;
const rows = [];

const sorted = (times) => [...times].sort((a, b) => a - b);
const at = (times, share) => sorted(times)[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)];
const row = (what, value, limit) => rows.push({ what, ms: Math.round(value * 10) / 10, limit, ok: value < limit });

async function fresh(then) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  try {
    return await then({ page, address });
  } finally {
    await context.close();
  }
}

// In the page: resolves after the paint that follows a condition on the document.
const whenPainted = (page) =>
  page.addInitScript(() => {
    globalThis.painted = (holds) =>
      new Promise((done) => {
        const look = () => {
          if (!holds()) return false;
          observer.disconnect();
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => done(performance.now());
            port2.postMessage("");
          });
          return true;
        };
        const observer = new MutationObserver(look);
        if (!look()) observer.observe(document, { childList: true, subtree: true, characterData: true });
      });
  });

async function loads() {
  const paints = [];
  const modules = [];
  for (let count = 0; count < RUNS; count += 1) {
    paints.push(await fresh(async (it) => {
      await open(it);
      return it.page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
    }));
    modules.push(await fresh(async ({ page }) => {
      await whenPainted(page);
      await page.addInitScript(() => (globalThis.first = painted(() => document.querySelector(".objects pre"))));
      await page.goto(new URL("m/marketplace", address).href);
      return page.evaluate(() => globalThis.first);
    }));
  }
  row("first paint of the catalog", at(paints, 0.5), 500);
  row("first rendered module of six components", at(modules, 0.5), 1500);
}

// Types one character after the other at the end of a text; each gives values that render. The time of a keystroke ends
// with the paint that shows its result.
async function types(it, text, shows) {
  await it.page.evaluate(() => {
    globalThis.tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
  });
  await tab(it.page, "YAML");
  const editor = it.page.locator("#editor");
  await editor.fill(text);
  await it.page.waitForFunction((shown) => [...document.querySelectorAll(".objects .code")].some(({ textContent }) => textContent.includes(shown)), shows);
  await it.page.evaluate(() => (globalThis.tasks.length = 0));
  await editor.press("ControlOrMeta+End");
  const times = [];
  let typed = "";
  for (let key = 0; key < KEYS; key += 1) {
    const letter = String.fromCharCode(97 + (key % 26));
    typed += letter;
    await it.page.evaluate((shown) => {
      const began = new Promise((done) => document.querySelector("#editor").addEventListener("keydown", (event) => done(event.timeStamp), { once: true }));
      const has = () => [...document.querySelectorAll(".objects pre")].some(({ textContent }) => textContent.includes(shown));
      const late = new Promise((_, fail) => setTimeout(() => fail(new Error(`${shown} is not there after a minute`)), 60_000));
      globalThis.key = Promise.race([began.then(async (start) => (await painted(has)) - start), late]);
    }, shows + typed);
    await it.page.keyboard.press(letter);
    times.push(await it.page.evaluate(() => globalThis.key));
  }
  const tasks = await it.page.evaluate(() => globalThis.tasks);
  return { times, task: Math.max(0, ...tasks) };
}

function keys(what, { times, task }, median, high) {
  row(`${what}: keystroke to preview, median`, at(times, 0.5), median);
  row(`${what}: keystroke to preview, 95th percentile`, at(times, 0.95), high);
  // Shorter tasks than 50 ms are not told: 0.
  row(`${what}: longest task while typing`, task, 50.1);
}

await loads();
keys("six components", await fresh(async (it) => {
  await whenPainted(it.page);
  await openModule(it, "m/marketplace");
  return types(it, "portal:\n  config:\n    THEME: bench", "THEME: bench");
}), 50, 120);
const stack = join(setting.charts, "prometheus-community_helm-charts__charts_kube-prometheus-stack.tgz");
if (existsSync(stack)) {
  for (const [what, text, shows] of [
    ["kube-prometheus-stack", "prometheus:\n  prometheusSpec:\n    retention: bench", "retention: \"bench"],
    ["kube-prometheus-stack, all objects", "commonLabels:\n  bench: bench", "bench: bench"],
  ]) {
    const found = await fresh(async (it) => {
      await whenPainted(it.page);
      await open(it);
      await patiently(it.page, await dropChart(it.page, "kube-prometheus-stack.tgz", readFileSync(stack)), what);
      return types(it, text, shows);
    });
    keys(what, found, 400, 400);
  }
} else {
  console.error(`kube-prometheus-stack is not in ${setting.charts}: left out`);
}
const opened = [];
for (let count = 0; count < RUNS; count += 1) {
  opened.push(await fresh(async (it) => {
    await timed(it.page, OBJECTS);
    await open(it);
    await settled(it.page);
    await dropChart(it.page, "long-1.0.0.tgz", long());
    return opening(it.page);
  }));
}
row("20,000 lines: opening, from their result", at(opened, 0.5), 300);
await browser.close();
server.stop();

if (format === "json") {
  console.log(JSON.stringify(rows, null, 2));
} else {
  const width = Math.max(...rows.map(({ what }) => what.length));
  for (const { what, ms, limit, ok } of rows) {
    console.log(`${what.padEnd(width)}  ${ms.toFixed(1).padStart(8)} ms  limit ${String(Math.floor(limit)).padStart(5)} ms  ${ok ? "ok" : "over"}`);
  }
}
