// Long results: 20,000 lines open at once, and the browser finds, selects and copies all of them.

import assert from "node:assert/strict";

import { chart } from "./charts.mjs";
import { test } from "./harness.mjs";
import { dropChart, open, says, setting, tab } from "./view.mjs";

export const OBJECTS = 40;
const LINES = 500;

// ConfigMaps with 20,000 lines altogether.
export const long = () => {
  const data = "{{ range $n := until 494 }}\n  key-{{ $i }}-{{ $n }}: \"value {{ mul $i 1000 | add $n }} of {{ $.Values.name }}\"{{ end }}";
  const object = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: long-{{ $i }}\ndata:\n  name: {{ $.Values.name }}${data}\n`;
  return chart("long", { "all.yaml": `{{ range $i := until ${OBJECTS} }}---\n${object}{{ end }}` }, { "values.yaml": "name: it\n" });
};

// Notes when the engine's answer with a result comes, and when the page has drawn all of it: `came` and `drawn`.
export function timed(page, objects) {
  return page.addInitScript((objects) => {
    globalThis.Worker = class extends Worker {
      constructor(...given) {
        super(...given);
        this.addEventListener("message", ({ data }) => {
          if (typeof data?.head === "string" && data.head.startsWith('{"rendered"')) globalThis.came = performance.now();
        });
      }
    };
    new MutationObserver((_, observer) => {
      if (document.querySelectorAll("article.object .chunk").length < objects) return;
      observer.disconnect();
      // The next frame is the first that shows them; what follows it comes after its paint.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => (globalThis.drawn = performance.now());
        port2.postMessage("");
      });
    }).observe(document, { childList: true, subtree: true });
  }, objects);
}

export const opening = async (page) => {
  await page.waitForFunction(() => globalThis.drawn);
  return page.evaluate(() => globalThis.drawn - globalThis.came);
};

export default function register() {
  test("20,000 lines open in 300 ms", async (it) => {
    const times = [];
    // What else runs on this machine must not decide it.
    for (let attempt = 0; attempt < 4 && !(Math.min(...times) < 300); attempt += 1) {
      const page = await it.context.newPage();
      await timed(page, OBJECTS);
      await open({ page, address: it.address });
      assert.ok(await dropChart(page, "long-1.0.0.tgz", long()));
      times.push(await opening(page));
      await page.close();
    }
    console.log(`        ${times.map((time) => `${Math.round(time)} ms`).join(", ")}`);
    assert.ok(Math.min(...times) < 300, `${times} ms`);
  });

  test("20,000 lines: find, select all, copy", async (it) => {
    await open(it);
    assert.ok(await dropChart(it.page, "long-1.0.0.tgz", long()));
    const count = await it.page.evaluate(() => [...document.querySelectorAll(".objects pre")].map((pre) => pre.textContent).join("").split("\n").length);
    assert.ok(count >= OBJECTS * LINES, `${count} lines`);
    // What is far below is found, and lies where it is shown once it is scrolled to, as browsers do for their own search.
    assert.ok(await it.page.evaluate(() => window.find("value 31700 of it")) === false, "there is no such line");
    assert.ok(await it.page.evaluate(() => window.find("value 31107")), "found");
    const place = await it.page.evaluate(() => {
      const range = getSelection().getRangeAt(0);
      document.querySelector("#result-panel").scrollTop += range.getBoundingClientRect().top - innerHeight / 2;
      return { top: range.getBoundingClientRect().top, height: innerHeight, text: getSelection().toString() };
    });
    assert.equal(place.text, "value 31107");
    assert.ok(place.top > 0 && place.top < place.height, JSON.stringify(place));
    // Line numbers are not text.
    assert.equal(await it.page.evaluate(() => (getSelection().removeAllRanges(), window.find("\n500"))), false);
    await it.page.locator("#result-panel").focus();
    await it.page.keyboard.press("ControlOrMeta+a");
    const selected = await it.page.evaluate(() => getSelection().toString());
    const keys = [...selected.matchAll(/^ {2}key-\d+-\d+: /gm)].length;
    assert.equal(keys, OBJECTS * 494);
    await it.page.keyboard.press("ControlOrMeta+c");
    const copied = await it.page.evaluate(() => navigator.clipboard.readText());
    assert.equal([...copied.matchAll(/^ {2}key-\d+-\d+: "value \d+ of it"$/gm)].length, OBJECTS * 494);
  });

  test("20,000 lines: panes keep their place while values are typed", async (it) => {
    await open(it);
    assert.ok(await dropChart(it.page, "long-1.0.0.tgz", long()));
    const panel = it.page.locator("#result-panel");
    await panel.evaluate((panel) => (panel.scrollTop = 100_000));
    const top = await panel.evaluate((panel) => panel.scrollTop);
    assert.ok(top > 50_000);
    await setting(it.page, "Name").locator("input").fill("other");
    await says(it.page.locator(".objects .code").nth(39), "of other");
    assert.equal(await panel.evaluate((panel) => panel.scrollTop), top);
    await tab(it.page, "Summary");
    await tab(it.page, "Manifests");
    await says(it.page.locator(".objects .code").nth(39), "of other");
  });
}
