// What all tests of the page share: a browser, a context of its own for each test, and a watch over what no page may
// do: ask another origin, write to the console, throw.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

// A clock and randomness that the native program has as well: `--now` and `--seed`.
export const NOW = "2026-01-01T00:00:00Z";
export const SEED = 7;

// What Chromium and Playwright say themselves: advice for log-in forms, which a form of values is not, and that service
// workers are off.
const USUAL = ["[DOM] Password field is not contained in a form", "Service Worker registration blocked by Playwright"];

const all = [];

// Registers a test. Options are those of a context, and `expect`: patterns of messages that belong to the test. Service
// workers are off unless a test asks for them with `serviceWorkers: "allow"`.
export function test(name, ...rest) {
  const run = rest.pop();
  all.push({ name, options: rest[0] ?? {}, run });
}

// A test that cannot run here is said to be skipped, and why.
export function skip(name, why) {
  all.push({ name, why });
}

// `chartwright serve` on any free port, with further options.
export async function serve(program, page, catalog, more = []) {
  const port = more.includes("--port") ? [] : ["--port", "0"];
  const options = ["serve", "--page", page, "--no-open", ...port, ...(catalog ? ["--catalog", catalog] : []), ...more];
  const child = spawn(program, options, { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("http://")) return { address: line.trim(), stop: () => child.kill() };
  }
  throw new Error("chartwright serve ended");
}

// Runs what is registered; those whose name has one of the words, where words are given.
export async function run(setting, words) {
  const browser = await launch(setting.chromium);
  const server = await serve(setting.chartwright, setting.page, setting.catalog);
  const chosen = all.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  assert.ok(chosen.length > 0, `no test has a name with ${words.join(" or ")}`);
  let failed = 0;
  for (const { name, options, run, why } of chosen) {
    if (why) {
      console.log(`SKIPPED ${name}: ${why}`);
      continue;
    }
    const start = performance.now();
    try {
      await one(browser, { ...setting, address: server.address }, options, run);
      console.log(`ok      ${name} (${Math.round(performance.now() - start)} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n${error.stack}`);
    }
  }
  await browser.close();
  server.stop();
  console.log(`${chosen.length} tests, ${failed} failed`);
  return failed;
}

export function launch(executablePath) {
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

async function one(browser, setting, options, run) {
  const { expect = [], ...more } = options;
  const usual = { viewport: { width: 1440, height: 900 }, permissions: ["clipboard-read", "clipboard-write"], serviceWorkers: "block" };
  const context = await browser.newContext({ ...usual, ...more });
  context.setDefaultTimeout(20_000);
  const complaints = [];
  const watch = (page) => {
    page.on("console", (message) => {
      if (!USUAL.some((text) => message.text().startsWith(text))) complaints.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => complaints.push(`thrown: ${error.stack ?? error}`));
  };
  context.on("page", watch);
  const origins = new Set([new URL(setting.address).origin]);
  context.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && !origins.has(origin)) complaints.push(`request to ${request.url()}`);
  });
  const it = { ...setting, folders: setting, browser, context, origins, complaints, page: await context.newPage() };
  try {
    await run(it);
    const odd = complaints.filter((line) => !expect.some((pattern) => pattern.test(line)));
    assert.deepEqual(odd, []);
  } catch (error) {
    const odd = complaints.slice(0, 5).join("\n  ");
    if (odd && !error.message.includes(odd)) error.stack += `\n  besides, the page said:\n  ${odd}`;
    if (setting.pictures) await it.page.screenshot({ path: `${setting.pictures}/failed.png` }).catch(() => {});
    throw error;
  } finally {
    await context.close();
  }
}

// Makes the page's clock and randomness those of `--now` and `--seed`; before the page is opened.
export function fixed(page) {
  return page.addInitScript(
    ([now, seed]) => {
      Date.now = () => now;
      crypto.getRandomValues = (bytes) => {
        bytes.fill(0);
        bytes[0] = seed;
        return bytes;
      };
      // No facts of a platform, as the native program has none.
      localStorage.setItem("chartwright:platform", "\n".repeat(6));
    },
    [Date.parse(NOW), SEED],
  );
}
